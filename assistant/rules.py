"""Dated numbers: rules (a few named numbers, a sentence, how to grade a value) and look-up tables.

Old versions are never overwritten, so every day has exactly one version: the latest that began on or before it.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from assistant.schema import Area, Audience, Confidence, Strict
from assistant.wording import Value, fill, say, slots

Level = Literal["ok", "watch", "breach"]

EARLIER = "earlier"  # a version whose beginning is not known
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
_RESERVED = ("text", "brief", "ended", "word", "sources", "confidence")


@dataclass(frozen=True, order=True)
class Since:
    """The day something begins, with the precision its source gives: 2016, 2018-10 or 2024-02-19."""

    day: date
    written: str

    @classmethod
    def parse(cls, text: object) -> "Since":
        """Read 'earlier', '2016', '2018-10' or '2024-02-19'. Raises ValueError for anything else."""
        written = str(text)
        if written == EARLIER:
            return cls(date.min, EARLIER)
        found = _DAY.match(written)
        if not found:
            raise ValueError(f"日期「{written}」应写成 2024-02-19、2018-10、2016 或 earlier")
        year, month, day = (int(part) if part else 1 for part in found.groups())
        return cls(date(year, month, day), written)

    def __str__(self) -> str:
        return "起始日不详" if self.written == EARLIER else self.written


def last_day(text: object) -> date:
    """The last day that '2018', '2018-07' or '2018-07-26' covers, for the end of a validity."""
    since = Since.parse(text)
    parts = since.written.split("-")
    if len(parts) == 1:
        return date(since.day.year, 12, 31)
    if len(parts) == 2:
        return since.day.replace(day=calendar.monthrange(since.day.year, since.day.month)[1])
    return since.day


Day = Annotated[date, BeforeValidator(lambda raw: Since.parse(raw).day)]
"""A day as it stands in a file: 2024-02-19; a month or a year is its first day."""

Number: TypeAlias = float | date


def _number(raw: object) -> object:
    if isinstance(raw, str) and _DAY.match(raw):
        return Since.parse(raw).day
    return raw


class Version(Strict):
    """What a rule says from one day on."""

    numbers: dict[str, Annotated[Number, BeforeValidator(_number)]] = Field(default_factory=dict)
    text: str | None = None
    brief: str | None = None
    ended: bool = False
    word: str = ""
    """the stamp of a value once the rule has ended: 不影响报名"""
    sources: tuple[str, ...] | None = None
    confidence: Confidence | None = None

    @model_validator(mode="before")
    @classmethod
    def split(cls, raw: Any) -> Any:
        """`{pass: 4.2, text: …}` in the file is numbers and reserved words side by side."""
        if not isinstance(raw, Mapping) or "numbers" in raw:
            return raw
        reserved = {key: value for key, value in raw.items() if key in _RESERVED}
        return {**reserved, "numbers": {key: value for key, value in raw.items() if key not in _RESERVED}}


class Grade(Strict):
    """One step of a scale, best first: a value that reaches the number named `at` has this level and word."""

    at: str | None = None
    level: Level
    word: str
    inclusive: bool = True


class Match(Strict):
    """How words and measures in a question point at a row or a column of a table: all given conditions must hold."""

    words: tuple[str, ...] = ()
    measures: dict[str, tuple[float | None, float | None]] = Field(default_factory=dict)
    """measure name → [from, below): `seats: [null, 6]` is under six seats."""


@dataclass(frozen=True)
class Dated:
    """One version of a rule on a time line."""

    since: Since
    until: date | None
    version: Version
    successor: Since | None = None

    @property
    def period(self) -> str:
        """How the validity is worded: '2024-02-19 起', '2018-07-26 止'."""
        if self.until is None or self.successor is None:
            return self.began
        exact = self.successor.written == self.successor.day.isoformat()
        # a change known only to the month or year ends nothing on a certain day
        return f"{self.until.isoformat()} 止" if exact else f"{self.successor} 前"

    @property
    def span(self) -> str:
        """From when to when a version that is over held: '2017-04-07 至 2018-07-26'; only the end when the beginning is unknown."""
        if self.until is None or self.successor is None or self.since.written == EARLIER:
            return self.period
        return f"{self.since} 至 {self.period.removesuffix(' 止')}"

    @property
    def began(self) -> str:
        """The beginning alone: '2024-02-19 起'."""
        return "起始日不详" if self.since.written == EARLIER else f"{self.since} 起"


def _dated(versions: Mapping[Since, Version]) -> tuple[Dated, ...]:
    """Versions in order with the day each one ends: the day before the next begins."""
    ordered = sorted(versions.items())
    successors = [since for since, _ in ordered[1:]]
    return tuple(
        Dated(since, successor.day - timedelta(days=1) if successor else None, version, successor)
        for (since, version), successor in zip(ordered, [*successors, None], strict=True)
    )


SinceKey = Annotated[Since, BeforeValidator(lambda raw: raw if isinstance(raw, Since) else Since.parse(raw))]


class Example(Strict):
    """A worked example that the tests hold: `value` graded on `day` has this level, or a number has this value."""

    day: Day
    value: float | None = None
    level: Level | None = None
    word: str | None = None
    number: str | None = None
    equals: Annotated[Number, BeforeValidator(_number)] | None = None


class Rule(Strict):
    """A rule file. `text` states it with {{number}} slots; `grades` judge a value of `metric`."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    id: str
    label: str
    area: Area
    audience: tuple[Audience, ...] = ()
    platforms: tuple[str, ...] = ()
    defines: str | None = None
    metric: str | None = None
    worse: Literal["higher", "lower"] | None = None
    grades: tuple[Grade, ...] = ()
    units: dict[str, str] = Field(default_factory=dict)
    versions: dict[SinceKey, Version] = Field(min_length=1)
    text: str = ""
    brief: str = ""
    tag: str = ""
    dated_only: bool = False
    """in a definition: true when today's version is not certain, so that only a day the question names is computed for"""
    event: bool = False
    """true when each version is something that happened on its day: a later one does not end it"""
    advice: dict[Level, str] = Field(default_factory=dict)
    questions: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)
    confidence: Confidence
    checked_on: Day
    note: str = ""
    topic: str = ""
    """the topic that tells this rule: a question for either finds both as one"""
    improve: str = ""
    """in a definition: the topic whose acts say how to better the value"""
    review_by: Day | None = None
    """the day it is due for review, when that is not what knowledge/review.yaml says for its kind"""
    differs_from: dict[str, str] = Field(default_factory=dict)
    """id of another file that gives other numbers for the same thing → why both stand"""
    examples: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def consistent(self) -> "Rule":
        """Every number has a unit, every slot a number, and a graded rule says which way is worse."""
        for since, version in self.versions.items():
            if version.ended:
                continue
            unknown = set(version.numbers) - set(self.units)
            missing = set(self.units) - set(version.numbers)
            if unknown or missing:
                raise ValueError(f"versions.{since.written}: 数字与 units 不一致 {sorted(unknown | missing)}")
            for template in (version.text or self.text, version.brief or self.brief):
                for name in slots(template):
                    if name not in self.units and name not in ("since", "until"):
                        raise ValueError(f"text: 没有名为 {name} 的数字")
                    if name == "until" and since == max(self.versions):
                        raise ValueError(f"versions.{since.written}: 还没有结束，不能写 {{{{until}}}}")
            if not (version.text or self.text):
                raise ValueError(f"versions.{since.written}: 缺少 text")
        if self.grades:
            if not self.metric or not self.worse:
                raise ValueError("grades: 需要同时写 metric 和 worse")
            for step in self.grades:
                if step.at is not None and step.at not in self.units:
                    raise ValueError(f"grades: 没有名为 {step.at} 的数字")
            if self.grades[-1].at is not None or any(step.at is None for step in self.grades[:-1]):
                raise ValueError("grades: 只有最后一级不写 at")
        return self

    @cached_property
    def timeline(self) -> tuple[Dated, ...]:
        """All versions, oldest first."""
        return _dated(self.versions)

    def on(self, day: date) -> Dated | None:
        """The version valid on `day`, or None when the rule had not begun."""
        return next((dated for dated in reversed(self.timeline) if dated.since.day <= day), None)

    def numbers(self, day: date) -> Mapping[str, Number]:
        """The named numbers valid on `day`; empty when the rule had not begun or had ended."""
        dated = self.on(day)
        return {} if dated is None or dated.version.ended else dated.version.numbers

    def grade(self, value: float, day: date) -> Grade | None:
        """The step `value` reaches on `day`; None when nothing is graded then. An ended rule lets every value pass."""
        dated = self.on(day)
        if dated is not None and dated.version.ended and dated.version.word:
            return Grade(level="ok", word=dated.version.word)
        numbers = self.numbers(day)
        if not self.grades or not numbers:
            return None
        sign = 1 if self.worse == "lower" else -1
        for step in self.grades:
            if step.at is None:
                return step
            line = numbers[step.at]
            if isinstance(line, date):
                continue
            # a computed ratio such as 0.1 + 0.2 must not miss its line by a rounding error
            distance = round(sign * (value - line), 12)
            if distance > 0 or (step.inclusive and distance == 0):
                return step
        return None

    def render(self, dated: Dated) -> str:
        """The sentence of one version, numbers filled in."""
        return self._fill(dated.version.text or self.text, dated)

    def render_brief(self, dated: Dated) -> str:
        """The short form of one version for a time line; the label when the file gives none."""
        return self._fill(dated.version.brief or self.brief or self.label, dated)

    def _fill(self, template: str, dated: Dated) -> str:
        return fill(template, lambda name: self.lookup(name, dated))

    def lookup(self, name: str, dated: Dated) -> tuple[Value, str]:
        """(value, unit) of a number of one version; `since` and `until` are its days. KeyError if unknown."""
        if name == "since":
            return str(dated.since), "date"
        if name == "until":
            if dated.until is None:
                raise KeyError(name)
            return dated.until, "date"
        numbers = dated.version.numbers
        if dated.version.ended:  # an ended rule is still spoken of with the numbers it last had
            earlier = [old.version.numbers for old in self.timeline if old.since < dated.since and not old.version.ended]
            numbers = {**(earlier[-1] if earlier else {}), **numbers}
        if name not in numbers:
            raise KeyError(f"{self.id}.{name}")
        return numbers[name], self.units[name]


Cell: TypeAlias = float | tuple[str, ...] | tuple[float, ...] | dict[str, float | None] | None


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
