"""The other side of a part: 24 closed by the platform of 960 says that 936 were not; 'how many may be late' asks for it."""

import re
from collections.abc import Mapping, Sequence

from assistant import phrases
from assistant.assignment import Placed
from assistant.figures import fold
from assistant.mentions import Mention
from assistant.metrics import Field, InputValue, Metric

_ASKED = re.compile(r"(?:几|多少)[^，。；,;0-9]{0,4}$")


def asked_outside(text: str, fields: Sequence[Field], naming: Mapping[str, Sequence[Mention]]) -> Field | None:
    """The part whose counterpart is asked for: 最多允许几单没按时 asks for what is not on time."""
    for one in fields:
        names = {fold(name) for name in one.spec.others}
        for mention in naming[one.name]:
            asked = _ASKED.search(text[: mention.start]) or phrases.ASKED_OF.match(text[mention.end :])
            if mention.name in names and asked:
                return one
    return None


def complement(text: str, metric: Metric, placed: Sequence[Placed], inputs: dict[str, InputValue]) -> None:
    """Turn what was given as the counterpart into the part: '12480 due, 312 not picked up in time' means 12168 were."""
    for one in placed:
        field = metric.field(one.field)
        whole = inputs.get(str(field.spec.part_of)) if field.spec.part_of else None
        value = inputs[one.field]
        if len(one.figures) != 1 or not isinstance(whole, float) or not isinstance(value, float):
            continue
        if metric.worse != "lower" and not field.spec.others:
            continue
        start, end = one.figures[0].start, one.figures[0].end
        clause = phrases.CLAUSE_END.split(text[:start])[-1]
        stop = phrases.CLAUSE_END.search(text, end)
        around = clause + text[start : stop.start() if stop else len(text)]
        others, own = set(field.spec.others), {field.spec.label, *field.spec.aliases}
        longest_first = sorted(others | own, key=len, reverse=True)  # 没准时交 is no 准时交, 没超时 no 超时
        said = set(re.findall("|".join(map(re.escape, longest_first)), around))
        if (said & others and not said & own) or (phrases.NOT_DONE.search(clause) and phrases.THE_REST.search(text)):
            if value <= whole:
                inputs[one.field] = whole - value
            else:
                del inputs[one.field]  # more are outside than there are: neither is known
