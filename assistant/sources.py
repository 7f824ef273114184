"""The sources relied on: knowledge/sources.yaml."""

from typing import Literal

from pydantic import model_validator

from assistant.schema import Confidence, Strict
from assistant.validity import Day


class Source(Strict):
    """A page or a law relied on; a page whose title is not known says what it is about."""

    title: str = ""
    about: str = ""
    address: str = ""
    publisher: str = ""
    kind: Literal["law", "official", "media", "industry", "forum", "derived"]
    confidence: Confidence
    checked_on: Day

    @model_validator(mode="after")
    def named_somehow(self) -> "Source":
        """A source without a title says what the page is about."""
        if not (self.title or self.about):
            raise ValueError("title 或 about 至少写一个")
        return self

    @property
    def named(self) -> str:
        """How the source is named to a person."""
        return f"{self.publisher}《{self.title}》" if self.title else f"{self.publisher}：{self.about}"
