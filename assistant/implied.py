"""Inputs that no figure gives: none of a thing, the rest of a whole, the average of two ends, one value all along."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from assistant import phrases
from assistant.assignment import Placed
from assistant.figures import Figure
from assistant.mentions import Mention
from assistant.metrics import COUNT_UNITS, InputValue, Metric

NONE_UNITS = COUNT_UNITS | {"元", "小时"}  # of these there may be none: 没优惠, 没等过客户


@dataclass(frozen=True)
class Average:
    """Two inputs of which a metric takes the average, and the word for it: 期初库存, 期末库存, 平均库存."""

    names: tuple[str, str]
    word: re.Pattern[str]


@cache
def averaged(metric: Metric) -> Average | None:
    """The inputs at the two ends of a period that a metric averages, if it has them."""
    ends = {
        edge: {one.spec.label.removeprefix(edge): one.name for one in metric.fields if one.spec.label.startswith(edge)}
        for edge in ("期初", "期末")
    }
    for what in ends["期初"].keys() & ends["期末"].keys():
        return Average((ends["期初"][what], ends["期末"][what]), re.compile(f"平均的?{re.escape(what)}"))
    return None


def average_changes(
    text: str, changed: Sequence[Figure], metric: Metric, inputs: Mapping[str, InputValue]
) -> tuple[list[Placed], list[Figure]]:
    """平均库存降到80万 changes both ends alike; the figures left are returned second."""
    average = averaged(metric)
    if average is None or not all(isinstance(inputs.get(name), float) for name in average.names):
        return [], list(changed)
    own = [
        figure for figure in changed
        if (named := list(average.word.finditer(text, 0, figure.start))) and not phrases.CLAUSE_END.search(text, named[-1].end(), figure.start)
        and not re.search(r"\d", text[named[-1].end() : figure.start]) and figure.unit in ("元", "")
    ]
    return [Placed(name, (figure,), True, 0.0) for figure in own for name in average.names], [one for one in changed if one not in own]


def fill_average(text: str, stated: Sequence[Figure], metric: Metric, inputs: dict[str, InputValue]) -> None:
    """年初库存110万，年末130万 is an average of the two."""
    ends = [
        next((f for f in stated if f.unit in ("元", "") and edge.search(text[: f.start])), None)
        for edge in (phrases.AT_FIRST, phrases.AT_LAST)
    ]
    first, last = ends
    for one in metric.fields:
        if first is not None and last is not None and one.spec.label.startswith("平均"):
            inputs[one.name] = (first.value + last.value) / 2


def fill_rest(text: str, metric: Metric, inputs: dict[str, InputValue]) -> None:
    """'640 asked, 320 promoters, 192 passives, the rest detractors': the last group follows from the others."""
    if not phrases.THE_REST.search(text):
        return
    for one in metric.fields:
        whole = inputs.get(one.spec.rest_of) if one.spec.rest_of else None
        others = [inputs.get(other.name) for other in metric.fields if other.spec.part_of == one.spec.rest_of and other is not one]
        given = [value for value in others if isinstance(value, float)]
        if one.name not in inputs and isinstance(whole, float) and len(given) == len(others):
            inputs[one.name] = whole - sum(given)


def fill_whole(metric: Metric, inputs: dict[str, InputValue]) -> None:
    """推荐者156，中立84，贬损60: parts that leave nothing over are the whole together."""
    for name in {one.spec.rest_of for one in metric.fields if one.spec.rest_of}:
        parts = [inputs.get(one.name) for one in metric.fields if one.spec.part_of == name]
        given = [value for value in parts if isinstance(value, float)]
        if name not in inputs and len(given) == len(parts):
            inputs[name] = sum(given)


def fill_alike(
    text: str, naming: Mapping[str, Sequence[Mention]], placed: Sequence[Placed], metric: Metric, inputs: dict[str, InputValue]
) -> None:
    """违法系数和自主系数都是1: the figure is what the name before says as well."""
    for one in placed:
        for own in naming[one.field]:
            if not (own.end <= one.figures[0].start and phrases.BOTH_ARE.fullmatch(text[own.end : one.figures[0].start])):
                continue
            for other in metric.fields:
                joined = any(m.end <= own.start and phrases.JOINED.fullmatch(text[m.end : own.start]) for m in naming[other.name])
                if other.kind == "number" and other.name not in inputs and joined:
                    inputs[other.name] = inputs[one.field]


def fill_none(
    text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: dict[str, InputValue]
) -> None:
    """没出过险 says that the claims are none."""
    for one in metric.fields:
        countable = one.kind == "number" and one.spec.unit in NONE_UNITS and one.spec.default is None
        denied = any(
            phrases.NONE_OF.search(text[: mention.start]) and not phrases.HOW_MANY_NOT.search(text[: mention.start])
            for mention in naming[one.name]
        )
        if countable and denied and not one.spec.positive and one.name not in inputs:
            inputs[one.name] = 0.0


def fill_equal_lists(metric: Metric, inputs: dict[str, InputValue]) -> None:
    """'不走一直0.5' beside a list of five means five times 0.5."""
    lists = {one.name: held for one in metric.fields if isinstance(held := inputs.get(one.name), tuple)}
    longest = max((len(held) for held in lists.values()), default=0)
    inputs |= {name: held * longest for name, held in lists.items() if len(held) == 1}
