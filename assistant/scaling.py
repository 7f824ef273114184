"""Changes by a share or a factor: 毛利涨10%, 罚款砍掉一半, 纠纷翻倍、成团涨一半; of one input, of several, of an average."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant import phrases
from assistant.assignment import Placed
from assistant.figures import Figure
from assistant.implied import averaged
from assistant.mentions import Mention
from assistant.metrics import InputValue, Metric

_FACTORS = ((phrases.HALF, 0.5), (phrases.HALF_MORE, 1.5), (phrases.DOUBLE, 2.0))
TWO = 2
_ALL_TWO = re.compile(r"(?:[，,。；; ]|如果|要是|假如|假设|这|那)(?:[俩两]个?)(?:都|均|全)(?:能|给)?$")
_BOTH = re.compile(r"(?:这)?(?:[俩两]个?)?(?:都|均|全|各|一起|同时)")


@dataclass(frozen=True)
class _Step:
    """A change read: where it stands, by what, and the inputs it means."""

    start: int
    end: int
    factor: float
    names: tuple[str, ...]
    figure: Figure | None = None


def scaled(
    text: str, found: Sequence[Figure], metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: dict[str, InputValue],
    told: frozenset[str],
) -> list[Placed]:
    """The inputs that change by a factor, applied to `inputs`. `told`: inputs whose new value is told besides (只剩63)."""
    placed = []
    for step in (*_factors(text, metric, naming, inputs), *_shares(text, found, metric, naming, inputs)):
        for name in step.names:
            value = inputs[name]
            assert isinstance(value, float | int)
            if step.figure is None and name in told:
                continue
            inputs[name] = value * step.factor
            unit, raw = metric.field(name).spec.unit, text[step.start : step.end]
            figure = step.figure or Figure(value * step.factor, unit, step.start, step.end, raw, "number")
            placed.append(Placed(name, (figure,), True, 0.0))
    return placed


def shares(
    text: str, found: Sequence[Figure], metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: Mapping[str, InputValue]
) -> frozenset[Figure]:
    """The figures that say by what share an input changes: no values themselves."""
    return frozenset(step.figure for step in _shares(text, found, metric, naming, inputs) if step.figure is not None)


def _factors(
    text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: Mapping[str, InputValue]
) -> Iterator[_Step]:
    """罚款砍掉一半, 单量翻一倍: each changes the input named last before it, and behind the change before."""
    if not phrases.HYPOTHETICAL.search(text):
        return
    start = 0
    for match, factor in sorted(((match, factor) for words, factor in _FACTORS for match in words.finditer(text)), key=lambda one: one[0].start()):
        numbers = tuple(one.name for one in metric.fields if isinstance(inputs.get(one.name), float))
        behind = [name for name in numbers if any(m.start == match.end() for m in naming.get(name, ()))]
        if _ALL_TWO.search(text[: match.start()]):  # 要是两个都翻倍
            names = numbers if len(numbers) == len(metric.fields) == TWO else ()
        elif behind:
            names = tuple(behind[:1])  # 少一半判责
        else:
            names = _named_last(text, start, match.start() + 1, match.end(), metric, naming, inputs)
        if names:
            yield _Step(match.start(), match.end(), factor, names)
        start = match.end()


def _shares(
    text: str, found: Sequence[Figure], metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: Mapping[str, InputValue]
) -> Iterator[_Step]:
    """毛利涨10%, 台次掉一成: the amount or count named right before changes by that share of itself."""
    amounts = {one.name: naming[one.name] for one in metric.fields if one.spec.unit != "ratio"}
    for figure in found:
        if figure.unit != "ratio" or figure.kind != "ratio":
            continue
        before = text[: figure.start]
        rises, falls = phrases.RISES.search(before), phrases.FALLS.search(before)
        verb = rises or falls
        if verb is None:
            continue
        start = max((end.end() for end in phrases.CLAUSE_END.finditer(before)), default=0)
        names = _named_last(text, start, verb.start(), verb.start(), metric, amounts, inputs)
        if names:
            yield _Step(figure.start, figure.end, 1 + (figure.value if rises else -figure.value), names, figure)


def _named_last(
    text: str, start: int, stop: int, end: int, metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: Mapping[str, InputValue]
) -> tuple[str, ...]:
    """The inputs that have a value and are named last between `start` and `stop`, or inside the words of change up to `end`."""
    named: list[tuple[int, int, tuple[str, ...]]] = [
        (m.end, m.start, (name,)) for name, mentions in naming.items() for m in mentions
        if m.start >= start and (m.end <= stop or m.start >= stop - 1) and m.end <= end and isinstance(inputs.get(name), float)
    ]
    average = averaged(metric)
    if average is not None and all(isinstance(inputs.get(name), float) for name in average.names):
        named += [(m.end(), m.start(), average.names) for m in average.word.finditer(text, start, stop)]
    if not named:
        return ()
    last, first, names = max(named)
    if _BOTH.match(text[last:]):  # 罚款和派费都翻倍
        for other in sorted(named, reverse=True):
            if phrases.JOINED.fullmatch(text[other[0] : first]):
                first, names = other[1], (*other[2], *names)
    return names
