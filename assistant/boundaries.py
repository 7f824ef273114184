"""Kinds of questions that are declined in code: knowledge/boundaries.yaml."""

import re
from functools import cached_property
from typing import Literal

from pydantic import Field

from assistant.schema import Pattern, Strict


class Boundary(Strict):
    """A kind of question that is declined in code, before any search."""

    id: str
    reason: Literal["scope", "unsafe", "unknown", "promise"]
    any_of: tuple[Pattern, ...] = Field(min_length=1)
    """regular expressions; one must be found"""
    none_of: tuple[Pattern, ...] = ()
    """regular expressions; none may be found"""
    say: str
    help: tuple[str, ...] = ()
    """questions that can be answered instead"""

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], ...], ...]:
        return tuple(re.compile(pattern) for pattern in self.any_of), tuple(re.compile(pattern) for pattern in self.none_of)

    def stops(self, text: str) -> bool:
        """Whether a folded question crosses it."""
        any_of, none_of = self._patterns
        return any(pattern.search(text) for pattern in any_of) and not any(pattern.search(text) for pattern in none_of)
