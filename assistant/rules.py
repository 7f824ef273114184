"""Rules: a few named numbers by day, a sentence that tells them, how they grade a value.

Old versions are never overwritten, so every day has exactly one version: the latest that began on or before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from assistant.schema import Area, Audience, Confidence, Strict
from assistant.validity import EARLIER, Day, Since, SinceKey, day_or_value
from assistant.wording import Value, fill, slots

Level = Literal["ok", "watch", "breach"]
Number: TypeAlias = float | date

_RESERVED = ("text", "brief", "ended", "word", "sources", "confidence")


class Version(Strict):
    """What a rule says from one day on."""

    numbers: dict[str, Annotated[Number, BeforeValidator(day_or_value)]] = Field(default_factory=dict)
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


class Grade(Strict):
    """One step of a scale, best first: a value that reaches the number named `at` has this level and word."""

    at: str | None = None
    level: Level
    word: str
    inclusive: bool = True


class Example(Strict):
    """A worked example that the tests hold: `value` graded on `day` has this level, or a number has this value."""

    day: Day
    value: float | None = None
    level: Level | None = None
    word: str | None = None
    number: str | None = None
    equals: Annotated[Number, BeforeValidator(day_or_value)] | None = None


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
    meant_by: tuple[str, ...] = ()
    """words that say that this line is asked about, where several rules grade one metric"""
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
