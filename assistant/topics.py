"""Advice topics: one Markdown file each, front matter and four parts of prose, whose numbers are all borrowed from rules."""

from datetime import date
from pathlib import Path

from pydantic import Field, field_validator

from assistant.files import build, split_front_matter
from assistant.schema import Area, Audience, Confidence, Strict
from assistant.validity import Day, Since, last_day

ACTS_HEADING = "## 接下来做什么"
NOTE_HEADING = "## 注意"


class Topic(Strict):
    """One advice topic: front matter and four parts of prose. Numbers only as {{rule.number}}."""

    id: str
    title: str
    area: Area
    audience: tuple[Audience, ...] = Field(min_length=1)
    platforms: tuple[str, ...] = ()
    questions: tuple[str, ...] = Field(min_length=5)
    metrics: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    timeline: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)
    confidence: Confidence
    valid_from: str = ""
    valid_to: str = ""
    within: tuple[str, ...] = ()
    """numbers of rules (`rule.number`): how long and how far from its beginning a thing may be for this topic to hold"""
    unknown: bool = False
    """true when the answer is that no reliable source states it: answered as a decline that helps"""
    checked_on: Day
    review_by: Day | None = None
    """as in a rule"""
    differs_from: dict[str, str] = Field(default_factory=dict)
    """as in a rule"""
    next: tuple[str, ...] = ()
    say: str = Field(min_length=1)
    body: str = ""
    acts: str = ""
    note: str = ""

    @field_validator("valid_from", "valid_to", mode="before")
    @classmethod
    def readable(cls, raw: object) -> str:
        """Validity is written like a version: 2024-02-19, 2018-10 or 2016."""
        if raw not in ("", None):
            Since.parse(raw)
        return "" if raw is None else str(raw)

    @property
    def prose(self) -> str:
        """Everything a person reads, unfilled."""
        return "\n".join((self.say, self.body, self.acts, self.note))

    def holds_on(self, day: date) -> bool:
        """Whether the topic is valid on `day`."""
        begun = not self.valid_from or Since.parse(self.valid_from).day <= day
        return begun and (not self.valid_to or day <= last_day(self.valid_to))


def read_topic(path: Path) -> Topic:
    """A topic file. Raises KnowledgeError naming file and field."""
    front, body = split_front_matter(path)
    return build(Topic, path, front, id=path.stem, **split_prose(body))


def split_prose(body: str) -> dict[str, str]:
    """The four parts of a topic: first paragraph, the rest, the acts and the note."""
    parts = {"say": "", "body": "", "acts": "", "note": ""}
    section = "body"
    for line in body.strip().split("\n"):
        if line.strip() == ACTS_HEADING:
            section = "acts"
        elif line.strip() == NOTE_HEADING:
            section = "note"
        else:
            parts[section] += line + "\n"
    parts["say"], _, parts["body"] = parts["body"].strip().partition("\n\n")
    return {name: text.strip() for name, text in parts.items()}
