"""A piece: one answer or passage of a person's own file, with a title, the questions it answers and its place in the file."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

TITLE_CHARACTERS = 160  # a longer title is cut; the questions are kept whole
STEP = " › "
PREFIX = "own-"  # no rule or topic of the knowledge begins like this
ID_DIGITS = 16


@dataclass(frozen=True)
class Part:
    """What a file says in one place, whatever the file is called."""

    path: tuple[str, ...]
    """the headings above it, outermost first, its own question last; empty where there is none"""
    questions: tuple[str, ...]
    text: str
    place: str


@dataclass(frozen=True)
class Piece:
    """A part of a named file. Fits `generation.searchable.Searchable`."""

    id: str
    title: str
    questions: tuple[str, ...]
    text: str
    file: str
    place: str

    @property
    def answered(self) -> bool:
        """False where the file asks a question and says nothing to it."""
        return bool(self.text)


def identify(parts: Iterable[Part], file: str) -> list[Piece]:
    """Parts as pieces of `file`. An id depends on file, title and how many pieces of that title came before, on nothing else."""
    seen: Counter[str] = Counter()
    pieces = []
    for part in parts:
        title = _shown(STEP.join(part.path) or PurePosixPath(file).stem)
        seen[title] += 1
        digest = hashlib.sha256(f"{file}\0{title}\0{seen[title]}".encode()).hexdigest()[:ID_DIGITS]
        pieces.append(Piece(PREFIX + digest, title, part.questions, part.text, file, part.place))
    return pieces


def _shown(title: str) -> str:
    title = " ".join(title.split())
    return title if len(title) <= TITLE_CHARACTERS else title[: TITLE_CHARACTERS - 1] + "…"
