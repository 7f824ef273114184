"""Guides: papers a person can take away, each one Markdown file with slots for rules and for the person's own figures."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, model_validator

from assistant.files import build, split_front_matter
from assistant.schema import Area, Audience, Confidence, Strict
from assistant.validity import Day
from assistant.wording import slots

LINE = "＿＿＿＿"  # a place to be filled in by hand
SHEET, VALUE, GIVEN, CLOCK, BLANK, TODAY = "sheet", "value", "given", "clock", "blank", "today"
KINDS = (SHEET, VALUE, GIVEN, CLOCK, BLANK)


class Slot(NamedTuple):
    """A place in a paper that is no number of a rule: `{{given.target_vs_best.target}}`, `{{sheet.tiers}}`, `{{today}}`."""

    kind: str
    name: str
    input: str = ""

    @classmethod
    def read(cls, written: str) -> "Slot | None":
        """The slot a name in braces stands for; None when it borrows a number of a rule."""
        if written == TODAY:
            return cls(TODAY, "")
        kind, _, rest = written.partition(".")
        if kind not in KINDS:
            return None
        name, _, one = rest.partition(".")
        return cls(kind, name, one)


class Guide(Strict):
    """One paper: how people ask for it, what it is about, which computed values it shows, and its text with slots."""

    id: str
    title: str
    area: Area
    audience: tuple[Audience, ...] = Field(min_length=1)
    platforms: tuple[str, ...] = ()
    questions: tuple[str, ...] = Field(min_length=12)
    """ways to ask for the paper; the first is the one suggested"""
    topics: tuple[str, ...] = Field(min_length=1)
    """topics under whose answers the paper is offered"""
    metrics: tuple[str, ...] = ()
    """metrics whose values it shows when their inputs are known"""
    feeds: dict[str, str] = Field(default_factory=dict)
    """input (`metric.input`) → the metric of this guide whose value it is, or the other input that is the same thing"""
    blanks: dict[str, str] = Field(default_factory=dict)
    """name → what is to be written there by hand"""
    sources: tuple[str, ...] = Field(min_length=1)
    confidence: Confidence
    checked_on: Day
    review_by: Day | None = None
    """as in a rule"""
    differs_from: dict[str, str] = Field(default_factory=dict)
    """as in a rule"""
    say: str = Field(min_length=1)
    """the first paragraph: what is said in the chat"""
    paper: str = Field(min_length=1)

    @model_validator(mode="after")
    def said_without_figures_of_the_person(self) -> "Guide":
        """What is said in the chat is read by the search as well, so it borrows from rules only."""
        for written in slots(f"{self.title}\n{self.say}"):
            if Slot.read(written) is not None:
                raise ValueError(f"标题和第一段只能借用规则里的数，不能用 {{{{{written}}}}}")
        return self

    @property
    def prose(self) -> str:
        """Everything a person reads, unfilled."""
        return f"{self.title}\n{self.say}\n{self.paper}"

    @property
    def slots(self) -> Iterator[Slot]:
        """The slots of the paper, those that borrow from rules left out."""
        return (slot for written in slots(self.paper) if (slot := Slot.read(written)) is not None)


def read_guide(path: Path) -> Guide:
    """A guide file: front matter, the paragraph for the chat, the paper. Raises KnowledgeError naming file and field."""
    front, body = split_front_matter(path)
    say, _, paper = body.strip().partition("\n\n")
    return build(Guide, path, front, id=path.stem, say=say.strip(), paper=paper.strip())
