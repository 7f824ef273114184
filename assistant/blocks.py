"""Sentences as they are released, gathered to blocks of Markdown: prose sentence by sentence, a list or a table as a whole."""

import re
from collections.abc import Iterator

_ITEM = re.compile(r"\s*(?:[-*+•] |\||\d{1,2}[.、)]|[①-⑳]|#{1,6} |>)")
_HEADING = re.compile(r"\s*#{1,6} ")


class Blocks:
    """Takes released strings (each with the blanks behind it) and gives blocks without blanks around them."""

    def __init__(self) -> None:
        self._gathered = ""

    def feed(self, released: str) -> Iterator[str]:
        """The blocks that are whole now."""
        open_line = bool(self._gathered) and not self._gathered.endswith("\n")
        item = bool(_ITEM.match(released))
        if self._gathered and not open_line and (not item or _HEADING.match(self._gathered)):
            yield from self.finish()
        if self._gathered or item:
            self._gathered += released
        elif block := released.strip():
            yield block

    def finish(self) -> Iterator[str]:
        """What is left."""
        if block := self._gathered.strip():
            yield block
        self._gathered = ""


def is_prose(block: str) -> bool:
    """Whether a block is a sentence, neither list nor table nor heading."""
    return not _ITEM.match(block)
