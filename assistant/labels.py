"""The names of values as a sentence may call them: a number told as the value of a name has to be that value."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.answer import Calculated, InputShown
from assistant.stated import Numbers, Stated, computed, narrowed, stated

_IS = re.compile(
    r"[\s*_`（(]*(?:目前|现在|当前|大?约|大概|算下来|算出来|计算结果)*"
    r"(?:是|为|=|:|达到了?|等于|约)[\s*_`]*(?:大?约|大概|正好|只有|已经?)*[\s*_`]*"
)
_BESIDE = re.compile(r"[\s*_`]*[:=是为]?[\s*_`]*")
_LINE = re.compile(r"[\s*_`]*(?:及?以[上下内]|的?(?:这条)?线|的?(?:标准|门槛|要求|目标|上限|下限)|才|[才就]算)")
SUPPOSED = re.compile(r"不到|不足|少于|多于|将近|如果|假如|要是|假设|若|目标|即使|哪怕|想|改[为成到]|降到|升到|提[高升]到|低于|高于|超过")
"""what is told of another value than the one that came out"""


@dataclass(frozen=True)
class Labelled:
    """What goes by one name."""

    calculations: tuple[Calculated, ...]
    proves: Numbers
    given: bool = False
    """whether it is a figure something was calculated from, told beside its name"""

    def below(self, number: Stated) -> bool:
        """Whether the values are below zero and the number, told as theirs, is not."""
        values = [one.value for one in self.calculations]
        return bool(values) and number.amount > 0 and all(isinstance(value, int | float) and value < 0 for value in values)


def labels(calculations: Iterable[Calculated]) -> dict[str, Labelled]:
    """Name of a value, as a sentence may call it → the calculations of that name; longer names first."""
    named: dict[str, list[Calculated]] = {}
    for one in calculations:
        named.setdefault(narrowed(one.label), []).append(one)
    labelled = {label: Labelled(tuple(held), values(held)) for label, held in named.items()}
    given: dict[str, list[InputShown]] = {}
    for one in calculations:
        for shown in one.shown:
            given.setdefault(narrowed(shown.label), []).append(shown)
    labelled |= {label: Labelled((), values(held), given=True) for label, held in given.items() if label not in labelled}
    return dict(sorted(((label, held) for label, held in labelled.items() if label), key=lambda pair: -len(pair[0])))


def values(held: Iterable[Calculated | InputShown]) -> Numbers:
    """The values as numbers: as they are told, and as they are."""
    return Numbers((number for one in held for number in stated(one.said)), (
        number for one in held for number in computed(one.value, one.unit)
    ))


def fits(one: Calculated, number: Stated) -> bool:
    """Whether a number is of the unit of a calculation."""
    value = next(iter(computed(one.value, one.unit)), None)
    if value is None or number.vague or (value.day is None) != (number.day is None):
        return False
    return value.kind == number.kind or not number.kind


def misnamed(text: str, number: Stated, labels: Mapping[str, Labelled]) -> bool:
    """Whether the number is told as the value of a calculation that came to another."""
    if number.end == 0 or _LINE.match(text, number.end) or SUPPOSED.search(text, 0, number.start):
        return False
    plain = narrowed(text)
    before = plain[: number.start]
    if any(plain.startswith(label, number.start) for label in labels):
        return False  # it begins a name
    for label, named in labels.items():
        place = before.rfind(label)
        if place < 0:
            continue
        if (_BESIDE if named.given else _IS).fullmatch(before, place + len(label)):
            return not named.proves.hold(number) or named.below(number)
        if named.below(number) and place + len(label) == number.start:
            return True
    return False
