"""A part of a bill that gets another price: 机油4升每升90 … 如果机油换成65一升的."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant import phrases
from assistant.assignment import Placed
from assistant.figures import Figure
from assistant.metrics import Metric
from assistant.roles import Role

_EACH = re.compile(r"(?:元|块钱?)?(?:[一每]|/)(?:个|件|片|条|只|台|套|桶|瓶|对|根|块|升|斤|公斤)|(?:元|块钱?)?的?单价")
_UNIT_PRICE = re.compile(r"(?:单价|每(?:个|件|片|条|只|台|套|桶|瓶|对|根|块|升|斤|公斤))[^，。；,;\d]{0,4}$")
_SWAPPED = re.compile(r"(?:换|改|变|降|涨|调|用)(?:成|到|为|用|了)?(?:[每一](?:个|件|片|条|只|台|套|桶|瓶|对|根|块|升|斤|公斤)|单价)?$")
_NOUN = re.compile(r"[一-龥]{2,6}$")


def repriced(
    text: str, changed: Sequence[Figure], typed: Sequence[Figure], placed: Sequence[Placed], metric: Metric, roles: Mapping[Figure, Role],
) -> tuple[list[Placed], frozenset[str], list[Figure]]:
    """(lists with the new price in them, lists whose part cannot be told, the changes left).

    `typed`: the figures as they were typed, before a number and its price became one amount.
    """
    bills = [one for one in placed if metric.field(one.field).kind == "many" and metric.field(one.field).spec.unit == "元"]
    found: list[Placed] = []
    doubtful: set[str] = set()
    left: list[Figure] = []
    for figure in changed:
        each = bool(_EACH.match(text[figure.end :]) or _UNIT_PRICE.search(text[: figure.start]))
        clause = text[max((end.end() for end in phrases.CLAUSE_END.finditer(text, 0, figure.start)), default=0) : figure.start]
        parts = [
            (bill, part) for bill in bills for part in bill.figures
            if (noun := _noun(text, part)) and noun in _behind(clause, text, figure, part)
        ]
        if not bills or roles[figure] != "new" or figure.unit not in ("元", "") or not _SWAPPED.search(clause) or not (each or parts):
            left.append(figure)
            continue
        bill, part = parts[0] if len(parts) == 1 else (None, None)
        inside = [one for one in typed if part is not None and part.start <= one.start and one.end <= part.end]
        count = next((one.value for one in inside if one.unit not in ("元", "")), 1.0)
        if bill is None or part is None or (len(inside) > 1) != each:
            doubtful |= {one.field for one in bills}
            continue
        new = replace(figure, value=count * figure.value, unit="元")
        found.append(replace(bill, figures=tuple(new if one is part else one for one in bill.figures), named=True))
    return found, frozenset(doubtful), left


def _noun(text: str, part: Figure) -> str:
    """The word in front of an amount: what was bought."""
    noun = _NOUN.search(text[: part.start])
    return noun[0] if noun else ""


def _behind(clause: str, text: str, figure: Figure, part: Figure) -> str:
    """The words of the change itself, where the amount stands in the same clause."""
    return clause if part.end <= figure.start - len(clause) else text[part.end : figure.start]
