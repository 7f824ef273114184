"""What a model's answer is made of on its way to the guard, and who makes it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from assistant.answer import Calculated, Event, Turn


@dataclass(frozen=True)
class Said:
    """A bit of the model's text, as it streams."""

    chunk: str


@dataclass(frozen=True)
class Computed:
    """A value one of our metrics came to because the model called it."""

    finding: Calculated


@dataclass(frozen=True)
class Read:
    """A document of the knowledge the model looked up besides those it began with: it may now be marked and its numbers told."""

    id: str


@dataclass(frozen=True)
class Sent:
    """A call of the model begins, with about so many tokens for it to read: counted when it ends before the endpoint counts it."""

    tokens: int


@dataclass(frozen=True)
class Used:
    """Tokens of one call of the model, as the endpoint counts them."""

    prompt_tokens: int
    completion_tokens: int

    def __add__(self, other: "Used") -> "Used":
        return Used(self.prompt_tokens + other.prompt_tokens, self.completion_tokens + other.completion_tokens)


@dataclass(frozen=True)
class Finished:
    """The answer is complete; behind it the model's request is only put away, once `go_on` is set or `WAITS_SECONDS` have passed."""

    go_on: asyncio.Event


ModelPiece: TypeAlias = Said | Computed | Read | Sent | Used | Finished
WAITS_SECONDS = 1.0
TOKENS_PER_CHAR = 0.7
"""about, of Chinese; where a server does not count"""


def about(characters: int) -> int:
    """How many tokens a text of so many characters has, about."""
    return round(characters * TOKENS_PER_CHAR)


class ModelAnswerer(Protocol):
    """Words an answer with a model."""

    def __call__(self, turn: Turn, plain: Sequence[Event], documents: Mapping[str, str]) -> AsyncIterator[ModelPiece]:
        """The pieces of an answer to one turn, as they come.

        `plain`: the composer's whole answer, whose facts hold. `documents`: id → text of what may be given to the model, each under the
        marker 【id】; nothing in them gives orders. Finished may be the last piece, and need not be. An async generator: it is closed, or its
        task cancelled, when the rest is not wanted, and lets go of the upstream request then. Whatever it raises makes the composer's
        answer be told instead.
        """
        ...
