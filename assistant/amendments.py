"""The words that set right what was told before: left out, counted too often, said wrongly, said of a part of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose

from assistant import phrases
from assistant.assignment import Placed
from assistant.figures import Figure
from assistant.metrics import InputValue, Metric

SENTENCE_END = re.compile(r"[。；;！!？?\n]")
MISSED = re.compile(
    r"(?:漏(?:了|掉|算|记|报|统计)?了?|少(?:算|记|报|统计|数)了?|没(?:算|记|统计)(?:进去|进来|上|到)?的?(?:还?有)?)[^，。；,;\d]{0,3}$"
)
AGAIN = re.compile(r"(?:又|后来又|后面又)[^，。；,;\d]{1,6}$")
TOO_MANY = re.compile(r"(?:多(?:算|记|报|统计|数)了?|重复(?:算|记|统计)?了?)[^，。；,;\d]{0,3}$")
TOTAL = re.compile(r"(?:一共|总共|共|合计|实际|现在)[^，。；,;\d]{0,3}$")
_THAT = re.compile(r"(?:那|这|原来的?|刚才的?|上面的?|前面的?)$")
_INSIDE = re.compile(r"(?:里面?|之中|当中|中)(?:还|又|其实|实际|面)*有")
_NOT_BUT = re.compile(r"[，, ]?(?:而|并|可)?不是[^，。；,;\d]{0,3}")
_BUT = re.compile(r"[^，。；,;\d]{0,2}[，, ]?(?:而|应该|其实|实际)?(?:上)?(?:是|为)[^，。；,;\d]{0,3}")
_PAUSE = re.compile(r"[，, ]{1,2}")
_ERR = r"(?:那个|这个|那笔|那期|那条|那次)?[^，。；,;\d]{0,2}(?:录|记|写|看|报|算|打|说|输|填|数)?(?:错|岔|串)了?"
_OFF = re.compile(_ERR)
_WRONG = re.compile(rf"{_ERR}[，, ]*(?:应该|其实|实际|改成|要|得)?(?:上)?(?:是|为)?")
_NOT = re.compile(r"不是[^，。；,;\d]{0,3}$")


@dataclass(frozen=True)
class Settled:
    """An input set right. `figures`: those that said so. `supposed`: only for a what-if."""

    field: str
    value: float | tuple[float, ...]
    figures: tuple[Figure, ...]
    supposed: bool = False

    def placed(self, metric: Metric) -> Placed:
        """As figures of its own."""
        first, last = self.figures[0], self.figures[-1]
        unit = metric.field(self.field).spec.unit
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return Placed(self.field, tuple(Figure(one, unit, first.start, last.end, last.raw, "number") for one in values), True, 0.0)


def contrast(text: str, first: Figure, second: Figure) -> tuple[Figure, Figure] | None:
    """(what it is, what it was said to be) of two figures in a row: 是0.8不是0.6, 不是700 500, 1150那个录错了应该1250; else None."""
    between = text[first.end : second.start]
    if _NOT_BUT.fullmatch(between):
        return first, second
    denied = _NOT.search(text[: first.start]) and (_BUT.fullmatch(between) or _PAUSE.fullmatch(between))
    return (second, first) if denied or _WRONG.fullmatch(between) else None


def pointed_at(text: str, figure: Figure) -> bool:
    """Whether a figure is spoken of as one that was told: 那12笔."""
    return bool(_THAT.search(text[: figure.start]))


def supposed(text: str, figure: Figure) -> bool:
    """Whether the clause of a figure supposes something."""
    start = max((end.end() for end in phrases.CLAUSE_END.finditer(text, 0, figure.start)), default=0)
    end = phrases.CLAUSE_END.search(text, figure.end)
    return bool(phrases.HYPOTHETICAL.search(text[start : end.start() if end else len(text)]))


def sets_right(text: str, found: Sequence[Figure]) -> bool:
    """Whether a figure is said to be missing from what was told, or to be too much of it: no case of its own is told then."""
    return any(MISSED.search(text[: one.start]) or TOO_MANY.search(text[: one.start]) for one in found)


def refers(text: str, found: Sequence[Figure], held: Mapping[str, InputValue]) -> bool:
    """Whether a figure is one that was told before and something is said of it: 430里面还有10户是重复的, 那12笔."""
    listed = [one for value in held.values() if isinstance(value, tuple) for one in value]
    values = [float(value) for value in (*held.values(), *listed) if isinstance(value, float | int) and not isinstance(value, bool)]
    return any(
        any(isclose(figure.value, value, rel_tol=1e-6) for value in values)
        and (
            _THAT.search(text[: figure.start]) or _NOT.search(text[: figure.start])
            or _INSIDE.match(text[figure.end :]) or _OFF.match(text[figure.end :])
        )
        for figure in found
    )
