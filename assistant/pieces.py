"""What a model's answer is made of while it is being written, before anything of it is checked or shown."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from assistant.answer import Calculated, Event, Turn
from assistant.library import Document


@dataclass(frozen=True)
class Said:
    """A piece of text as it came: part of a word, of a marker, of a number."""

    chunk: str


@dataclass(frozen=True)
class Computed:
    """A value the model had computed by a tool. It is ours: as good as one the composer tells."""

    finding: Calculated


@dataclass(frozen=True)
class Looked:
    """A document the model looked up by a tool; from here on it may be quoted and cited."""

    document: Document


@dataclass(frozen=True)
class Used:
    """Tokens of one call; zero where the server does not say. Comes after each call, also after one whose text was broken off."""

    model: str
    prompt: int
    completion: int


Piece: TypeAlias = Said | Computed | Looked | Used


class ModelAnswerer(Protocol):
    """Writes the words of an answer. Raises ModelFailed, and nothing else, for whatever is wrong with the model."""

    def __call__(self, turn: Turn, plain: Sequence[Event]) -> AsyncIterator[Piece]:
        """The pieces for one turn; `plain` is what the composer answers. Closing the stream ends the request."""
        ...
