"""All metrics, with the numbers they borrow and figures that fit together."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from assistant.library import Library
from assistant.metrics import Field, InputValue, Metric, registry

from ..conftest import KNOWLEDGE

METRICS = registry()
LIBRARY = Library.read(KNOWLEDGE)


def named(pair: object) -> str | None:
    return f"{pair.id}" if isinstance(pair, Metric) else pair.name if isinstance(pair, Field) else None


def knowledge(name: str) -> Mapping[str, Any]:
    """The last numbers a rule had, the last rows of a table: some rules are no longer in force today."""
    if name in LIBRARY.tables:
        return max(LIBRARY.tables[name].versions.items())[1]
    return [dated.version.numbers for dated in LIBRARY.rules[name].timeline if not dated.version.ended][-1]


def sound(one: Metric) -> dict[str, InputValue]:
    """Figures that fit together: parts of ten in wholes of a hundred."""
    def value(field: Field) -> InputValue:
        if field.kind == "date":
            return date(2026, 11, 2)
        if field.kind == "choice":
            return keys(field)[0]
        if field.name == "min_wage":
            return 10.0  # a wage at the minimum leaves nothing to deduct
        if field.name == "excluded_hours":
            return 0.0  # of several visits nothing can be taken off as a whole
        small = field.spec.unit in ("ratio", "factor") or (field.spec.maximum or 100) <= 5
        number = 0.5 if small else 10.0 if field.spec.part_of else 100.0
        if field.spec.unit in ("级", "次"):
            number = 1.0
        return (number, number) if field.kind == "many" else number

    return {field.name: value(field) for field in one.fields}


def keys(field: Field) -> list[str]:
    """The values a choice may take."""
    rows = knowledge(str(field.spec.choice))
    if not field.spec.column:
        return list(rows)
    return list(next(cell for cell in rows.values() if isinstance(cell, dict)))
