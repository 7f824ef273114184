"""What a program filled into the form of a metric, as the metric takes it: typed, complete, nothing unknown."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from assistant.choices import choose, possible
from assistant.errors import InvalidInput
from assistant.figures import fold
from assistant.library import Library
from assistant.metrics import Field, InputValue, Metric

FEW_CHOICES = 12


def filled(
    library: Library, metric: Metric, given: Mapping[str, Any], day: date, without: str | None = None
) -> dict[str, InputValue]:
    """What was filled in as the metric takes it: a date, the key of a choice, several numbers as a tuple.

    Raises InvalidInput with a sentence that names what is missing or unknown. `without`: the input that may be left out.
    """
    unknown = [name for name in given if name not in {one.name for one in metric.fields}]
    if unknown:
        raise InvalidInput(f"{metric.label}没有叫 {'、'.join(unknown)} 的输入，它的输入是：{_named(metric.fields)}。")
    missing = [one for one in metric.fields if one.name not in given and one.spec.default is None and one.name != without]
    if missing:
        raise InvalidInput(f"算{metric.label}还差：{_named(missing)}。请补上再调用，不要自己编。")
    return {one.name: _read(library, one, given[one.name], day) for one in metric.fields if one.name in given}


def choices(library: Library, one: Field, day: date) -> dict[str, str]:
    """Key → name of what a choice can be on `day`; nothing for other inputs."""
    if one.kind != "choice":
        return {}
    table = library.tables[str(one.spec.choice)]
    return {key: table.name(key) for key in possible(one, library, day)}


def _read(library: Library, one: Field, value: Any, day: date) -> InputValue:
    if one.kind == "many":
        return tuple(value) if isinstance(value, list) else (value,)
    if one.kind == "date":
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise InvalidInput(f"{one.name}（{one.spec.label}）应写成 2026-11-23 这样的日期，现在是「{value}」。") from None
    if one.kind == "choice":
        return _key(library, one, value, day)
    return value  # type: ignore[no-any-return]  # what is no number is refused by the metric's own check


def _key(library: Library, one: Field, value: Any, day: date) -> str:
    """The key of a choice, given as key, by name or in words that point at it: 北京 for A."""
    listed = choices(library, one, day)
    said = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if said in listed:
        return said
    if found := next((key for key, name in listed.items() if name == said), None) or choose(one, library, day, fold(said), {})[0]:
        return found
    shown = "、".join(key if key == name else f"{key}（{name}）" for key, name in list(listed.items())[:FEW_CHOICES])
    more = f"等{len(listed)}个" if len(listed) > FEW_CHOICES else ""
    raise InvalidInput(f"{one.name}（{one.spec.label}）没有「{said}」这一项，可以填：{shown}{more}。")


def _named(fields: Iterable[Field]) -> str:
    return "、".join(
        f"{one.name}（{'，'.join(part for part in (one.spec.label, one.spec.unit) if part)}）" for one in fields
    )
