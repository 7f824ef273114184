"""Look-up tables by day: rows of numbers, words or ranges, and how a question points at one of them."""

from datetime import date
from typing import TypeAlias

from pydantic import ConfigDict, Field

from assistant.numerals import fold
from assistant.schema import Area, Audience, Confidence, Strict
from assistant.validity import Day, Since, SinceKey
from assistant.wording import Value, say

Cell: TypeAlias = float | tuple[str, ...] | tuple[float, ...] | dict[str, float | None] | None


class Match(Strict):
    """How words and measures in a question point at a row or a column of a table: all given conditions must hold."""

    words: tuple[str, ...] = ()
    measures: dict[str, tuple[float | None, float | None]] = Field(default_factory=dict)
    """measure name → [from, below): `seats: [null, 6]` is under six seats."""


class Table(Strict):
    """A dated look-up table. A row is a number, a list of words, a [low, high] range, or numbers by column."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    id: str
    label: str
    area: Area
    audience: tuple[Audience, ...] = ()
    unit: str
    row_label: str
    column_label: str = ""
    row_names: dict[str, str] = Field(default_factory=dict)
    column_names: dict[str, str] = Field(default_factory=dict)
    versions: dict[SinceKey, dict[str, Cell]] = Field(min_length=1)
    match: dict[str, tuple[Match, ...]] = Field(default_factory=dict)
    text: str
    topic: str = ""
    """the topic that tells this table: a question for either finds both as one"""
    asked_as: tuple[str, ...] = ()
    """words by which people ask for a cell of the table itself, not for what is computed from it; all words of one are needed"""
    until: Day | None = None
    """the day another table took over: from then on it is told only to those who ask for it by the words of `former`"""
    former: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)
    confidence: Confidence
    checked_on: Day
    note: str = ""
    review_by: Day | None = None
    """as in a rule"""
    differs_from: dict[str, str] = Field(default_factory=dict)
    """as in a rule"""

    def on(self, day: date) -> tuple[Since, dict[str, Cell]] | None:
        """(since, rows) valid on `day`, or None when the table had not begun."""
        begun = [since for since in self.versions if since.day <= day]
        return (max(begun), self.versions[max(begun)]) if begun else None

    def words(self) -> set[str]:
        """The words that point at a row or a column."""
        found = {word for matches in self.match.values() for match in matches for word in match.words}
        cells = (cell for rows in self.versions.values() for cell in rows.values() if isinstance(cell, tuple))
        return found | {word for cell in cells for word in cell if isinstance(word, str)}

    def asked(self, text: str, day: date) -> bool:
        """Whether a folded question on that day asks for a cell of this table."""
        over = self.until is not None and day >= self.until and not any(word in text for word in self.former)
        return not over and any(all(word in text for word in fold(name).split()) for name in self.asked_as)

    def lookup(self, name: str, day: date) -> tuple[Value, str]:
        """(value, unit) of the cell `row` or `row.column` on `day`, or of `since`; a range or a list is worded already.

        Before the first version, that one tells. KeyError if unknown or empty.
        """
        since, rows = self.on(day) or min(self.versions.items())
        if name == "since":
            return str(since), "date"
        row, _, column = (name, "", "") if name in rows else name.partition(".")
        cell = rows.get(row)
        if isinstance(cell, dict) and column:
            cell = cell.get(column)
        elif column:
            cell = None
        if cell is None:
            raise KeyError(f"{self.id}.{name}")
        return (cell, self.unit) if isinstance(cell, float) else (self.say(cell), self.unit)

    def name(self, key: str) -> str:
        """What people call a row or a column."""
        return self.row_names.get(key) or self.column_names.get(key) or key.replace("_", " ")

    def say(self, cell: Cell) -> str:
        """One cell in words."""
        if cell is None:
            return "未查到"
        if isinstance(cell, dict):
            return "，".join(f"{self.name(key)} {self.say(value)}" for key, value in cell.items())
        if isinstance(cell, tuple):
            if all(isinstance(part, float) for part in cell):
                return "–".join(say(part, self.unit) for part in cell)
            return "、".join(str(part) for part in cell)
        return say(cell, self.unit)
