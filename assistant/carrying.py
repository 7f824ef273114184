"""What a question takes over from earlier turns: which turn it goes on from, shared inputs, the last result, a month."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant import phrases
from assistant.assignment import Placed, unit_price, value_of
from assistant.days import Day
from assistant.errors import AssistantError
from assistant.figures import Figure, fold
from assistant.library import Library
from assistant.mentions import Mention
from assistant.metrics import Field, InputValue, Metric
from assistant.understanding import Exchange, Understood

_BARE_DAY = re.compile(r"\d{1,2}[号日]")
_LEVELS = ("级", "level")


def going_on_from(text: str, history: Sequence[Exchange]) -> Sequence[Exchange]:
    """The earlier turns a folded text goes on from: all, or those up to the one it returns to.

    '回到最开始那个' means the first turn about what was spoken of last, before anything was changed.
    """
    if history and phrases.RETURNING.search(text):
        subjects = [place for place, one in enumerate(history) if one.understood.metric and one.understood.inputs]
        others = [place for place in subjects if history[place].understood.metric != history[-1].understood.metric]
        earlier = others or [place for place in subjects if place < len(history) - 1] or subjects
        return history[: earlier[-1] + 1] if subjects else history
    if not history or not phrases.BACK_TO_FIRST.search(text):
        return history
    metric = history[-1].understood.metric
    for place, exchange in enumerate(history):
        if metric and exchange.understood.metric == metric and not exchange.understood.open:
            return history[: place + 1]
    return history


def carried_over(
    library: Library, metric: Metric, last: Understood, day: date, missing: Sequence[Field]
) -> dict[str, InputValue]:
    """Missing inputs of another metric that the turn before gave or computed: 毛利 of 吸收率 serves 单台毛利 as well."""
    before = library.metrics.get(last.metric or "")
    if before is None or before.id == metric.id:
        return {}
    taken: dict[str, InputValue] = {}
    result = result_of(library, before, last.inputs, day)
    for one in missing:
        same = next((other for other in before.fields if _same(one, other) and other.name in last.inputs), None)
        if same is not None:
            taken[one.name] = last.inputs[same.name]
        elif result is not None and _is_result(one, before):
            taken[one.name] = (result,) if one.kind == "many" else result
    return taken


def added(metric: Metric, text: str, found: Sequence[Figure], mentions: Sequence[Mention], held: Mapping[str, InputValue]) -> dict[str, InputValue]:
    """What is to be added to a result that left it out so far: 交强险那边还要多交190，加上. Only an input that is spoken of."""
    if len(found) != 1 or not held or not phrases.ADD_IN.search(text) or "每" in text:
        return {}  # 每年多交38 is no amount in all
    open_ones = [
        one for one in metric.fields
        if one.kind == "number" and one.spec.default is not None and held.get(one.name, one.spec.default) == one.spec.default
        and unit_price(found[0], one) is not None and any(len(m.name) > 1 and m.name in fold(one.spec.label) for m in mentions)
    ]
    return {one.name: value_of(one, Placed(one.name, (found[0],), True, 0.0)) for one in open_ones} if len(open_ones) == 1 else {}


def in_month_of(days: Sequence[Day], last: Understood | None) -> tuple[Day, ...]:
    """'要是9号签收的呢' means the month of the day the turn before spoke of."""
    spoken = next((value for value in last.inputs.values() if isinstance(value, date)), None) if last else None
    if spoken is None:
        return tuple(days)
    return tuple(_moved(day, spoken) if _BARE_DAY.fullmatch(day.raw) else day for day in days)


def _moved(day: Day, spoken: date) -> Day:
    try:
        meant = spoken.replace(day=day.first.day)
    except ValueError:
        return day
    return replace(day, first=meant, last=meant)


def _same(one: Field, other: Field) -> bool:
    if one.kind != other.kind or one.spec.unit != other.spec.unit:
        return False
    return one.name == other.name or one.spec.label == other.spec.label or other.spec.label in one.spec.aliases


def _is_result(one: Field, before: Metric) -> bool:
    units = {one.spec.unit, before.unit}
    named = one.spec.label == before.label or before.label in one.spec.aliases
    return one.kind in ("number", "many") and named and (len(units) == 1 or units <= set(_LEVELS))


def result_of(library: Library, metric: Metric, inputs: Mapping[str, InputValue], day: date) -> float | None:
    """The value of complete inputs as a number; None when something is missing, refused or no number."""
    if any(one.name not in inputs and one.spec.default is None for one in metric.fields):
        return None
    try:
        value = metric.compute(inputs, library.numbers(day))
    except AssistantError:
        return None
    return None if isinstance(value, bool | date | str) else float(value)
