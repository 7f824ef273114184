"""What a page sends back is counted again: a metric for changed inputs, a paper from what it was filled with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from assistant.answer import Calculated
from assistant.drafting import Draft, draft
from assistant.errors import InvalidInput
from assistant.findings import compute
from assistant.library import Library
from assistant.metrics import Field, InputValue


def recalculate(library: Library, metric: str, inputs: Mapping[str, Any], day: date) -> Calculated:
    """The metric of that id by the rules of `day`. Raises AssistantError, a sentence, when it or an input is unknown or does not fit."""
    found = library.metrics.get(metric)
    if found is None:
        raise InvalidInput("没有这个指标，请刷新页面再试。")
    given: dict[str, InputValue] = {}
    for one in found.fields:
        value = inputs.get(one.name, one.spec.default)
        if value is None:
            raise InvalidInput(f"还差{one.spec.label}。")
        given[one.name] = _typed(one, value)
    return compute(library, found, given, day, None)


def refill(library: Library, guide: str, given: Mapping[str, Mapping[str, Any]], day: date, today: date) -> Draft:
    """The paper of that id by the rules of `day`; `given`: metric → input → value. Raises AssistantError, a sentence, as above."""
    held = library.guides.get(guide)
    if held is None:
        raise InvalidInput("没有这份文书，请刷新页面再试。")
    typed = {
        id: {one.name: _typed(one, given[id][one.name]) for one in library.metrics[id].fields if one.name in given[id]}
        for id in held.metrics if id in given
    }
    return draft(library, held, typed, day, today)


def _typed(one: Field, value: Any) -> InputValue:
    """A value as JSON gives it, as the metric takes it; what does not fit is refused by the metric's own check."""
    if isinstance(value, list):
        return tuple(value)
    if one.kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value  # type: ignore[no-any-return]
