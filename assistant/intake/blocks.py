"""What every format is first read into: headings, lines and tables in the order of the file."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

HEADING_CHARACTERS = 100  # what is longer is a paragraph, however it is styled
COLUMNS = 100  # of a table; further ones are layout gone wrong
_SPACES = re.compile(r"[^\S\n]+")


class Unfit(Exception):
    """A file cannot be taken in. `str` says why and what to do, without the name of the file."""


@dataclass(frozen=True)
class Heading:
    """A heading; 0 is the title of the file, 1–6 are real headings, more are lines that read like one (see `asked`)."""

    text: str
    level: int
    place: str
    asks: bool = False
    """true where it is a question and what follows is its answer"""


@dataclass(frozen=True)
class Line:
    """One line of text."""

    text: str
    place: str
    gap: bool = True
    """true where it begins a paragraph"""


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    cells: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Table:
    """Rows with the place each stands at."""

    rows: tuple[Row, ...]


Block: TypeAlias = Heading | Line | Table


def tidy(text: str) -> str:
    """One space for many, none at the ends; line breaks stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return "\n".join(line.strip() for line in _SPACES.sub(" ", text).split("\n")).strip()


def lines(text: str, place: str, gap: bool = True) -> list[Line]:
    """A text as lines, empty ones left out; the one after an empty one begins a paragraph."""
    found: list[Line] = []
    for line in tidy(text).split("\n"):
        if line:
            found.append(Line(line, place, gap))
        gap = not line
    return found


def heading(text: str, level: int, place: str) -> list[Block]:
    """A heading, or plain lines when it is too long to be one."""
    flat = " ".join(text.split())
    if not flat:
        return []
    return [Heading(flat, level, place)] if len(flat) <= HEADING_CHARACTERS else list(lines(text, place))


def texts(blocks: Iterable[Block]) -> Iterable[str]:
    """Every text of the blocks, cell by cell."""
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield from row.cells
        else:
            yield block.text


def reworded(block: Block, change: Callable[[str], str]) -> Block:
    """The block with every text changed."""
    if isinstance(block, Table):
        return Table(tuple(replace(row, cells=tuple(map(change, row.cells))) for row in block.rows))
    return replace(block, text=change(block.text))
