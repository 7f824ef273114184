"""A question for one cell of a table: '家用七座的基础保费', '甘肃没出险一年打几折'."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.choices import choose, measures
from assistant.library import Library
from assistant.metrics import Field, Input, InputValue
from assistant.tables import Cell, Table
from assistant.understanding import Understanding


@dataclass(frozen=True)
class Looked:
    """The cell or row meant, in words."""

    table: Table
    where: str
    said: str


def looked_up(library: Library, understanding: Understanding) -> Looked | None:
    """The cell of a table that the question names; None when it names none or its row cannot be told."""
    if understanding.wants_formula:
        return None
    given: Mapping[str, InputValue] = understanding.readings[0].inputs if understanding.readings else {}
    for table in library.tables.values():
        if table.asked(understanding.text, understanding.day):
            found = _cell(library, table, understanding, given)
            if found is not None:
                return found
    return None


def _cell(
    library: Library, table: Table, understanding: Understanding, given: Mapping[str, InputValue]
) -> Looked | None:
    found = table.on(understanding.day)
    if found is None:
        return None
    rows = found[1]
    row = _key(library, table, understanding, given, tuple(rows), column=False)
    if row is None or rows[row] is None:
        return None
    cell = rows[row]
    if not isinstance(cell, dict):
        return Looked(table, _named(table, row), table.say(cell))
    column = _key(library, table, understanding, given, tuple(cell), column=True)
    if column is None:
        return Looked(table, _named(table, row), table.say(cell))
    value: Cell = cell[column]
    return Looked(table, f"{_named(table, row)}，{_named(table, column)}", table.say(value))


def _named(table: Table, key: str) -> str:
    name = table.name(key)
    return name if name != key or not key.lstrip("-").isdigit() else f"{table.row_label}{key}"


def _key(
    library: Library, table: Table, understanding: Understanding, given: Mapping[str, InputValue], keys: tuple[str, ...],
    *, column: bool,
) -> str | None:
    known = next((value for value in given.values() if isinstance(value, str) and value in keys), None)
    if known is not None:
        return known
    said = measures(understanding.text, understanding.figures, library.vocabulary.measures)
    axis = Field("axis", "choice", Input(table.row_label, "", choice=table.id, column=column))
    key, _ = choose(axis, library, understanding.day, understanding.text, said)
    return key
