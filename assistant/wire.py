"""Events as plain JSON and back, without loss: what is streamed to a browser and what is kept of a turn.

An event is an object of its own fields with its `type`: {"type": "working", "text": "…"}. A day is {"date": "2026-11-23"}, a number JSON
does not know is {"float": "inf"}, a tuple is a list. Fields that are missing take their defaults and fields unknown here are left out, so
that what an older or a newer version wrote can be read.
"""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

from assistant.answer import (
    Accepted,
    Asked,
    Calculated,
    Citation,
    Cited,
    Declined,
    Done,
    Drafted,
    Event,
    InputShown,
    Offered,
    Refused,
    Ruled,
    RuleRow,
    Suggested,
    Text,
    Working,
)
from assistant.understanding import Understood

TYPES: Mapping[str, type[Event]] = {
    kind.__name__.lower(): kind
    for kind in (
        Accepted, Working, Text, Calculated, Ruled, Asked, Refused, Declined, Drafted, Cited, Suggested, Offered, Done,
    )
}
_PARTS: Mapping[str, type[InputShown | RuleRow | Citation]] = {"shown": InputShown, "rows": RuleRow, "citations": Citation}
"""fields that hold a tuple of parts"""
_DEPTHS = {"inputs": 1, "previous": 1, "given": 2, "also": 2}
"""fields that are mappings, by how many deep: {"date": …} in them is an input of that name, no day"""
Held = TypeVar("Held", bound=Event | InputShown | RuleRow | Citation | Understood)


def to_wire(event: Event) -> dict[str, Any]:
    """One event as an object that `json.dumps` takes."""
    return {"type": type(event).__name__.lower(), **_fields(event)}


def from_wire(data: Mapping[str, Any]) -> Event:
    """The event of such an object. Raises ValueError for a type that is none, TypeError when a needed field is missing."""
    kind = TYPES.get(str(data.get("type")))
    if kind is None:
        raise ValueError(f"no event is called {data.get('type')!r}")
    return _made(kind, data)


def understood_to_wire(understood: Understood) -> dict[str, Any]:
    """What a turn was about as an object that `json.dumps` takes."""
    return _fields(understood)


def understood_from_wire(data: Mapping[str, Any]) -> Understood:
    """What a turn was about, from such an object."""
    return _made(Understood, data)


def value_to_wire(value: Any) -> Any:
    """A value, an input, or a mapping of them."""
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, Mapping):
        return {str(name): value_to_wire(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [value_to_wire(part) for part in value]
    if is_dataclass(value):
        return _fields(value)
    return value


def value_from_wire(data: Any) -> Any:
    """A value or an input; lists come back as the tuples they were."""
    if isinstance(data, list):
        return tuple(value_from_wire(part) for part in data)
    if isinstance(data, dict):
        return float(data["float"]) if "float" in data else date.fromisoformat(data["date"])
    return data


def _fields(held: Any) -> dict[str, Any]:
    return {field.name: value_to_wire(getattr(held, field.name)) for field in fields(held)}


def _made(kind: type[Held], data: Mapping[str, Any]) -> Held:
    given = {field.name: _field(field.name, data[field.name]) for field in fields(kind) if field.name in data}
    return kind(**given)


def _field(name: str, data: Any) -> Any:
    if name in _PARTS:
        return tuple(_made(_PARTS[name], part) for part in data)
    return _mapping(data, _DEPTHS.get(name, 0))


def _mapping(data: Any, depth: int) -> Any:
    if depth == 0:
        return value_from_wire(data)
    return {name: _mapping(part, depth - 1) for name, part in data.items()}
