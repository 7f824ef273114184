"""Listens to a model in the time it has, and lets go of it at any moment."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from assistant.errors import AssistantError
from assistant.pieces import Finished, ModelPiece, Said, Sent, Used, about

log = logging.getLogger(__name__)

WAITING = 64  # pieces a model may be ahead of us
LETTING_GO = 1.0  # seconds a model has to let go of its request
Trouble = Literal["", "slow", "down", "loop"]


@dataclass(frozen=True)
class Limits:
    """How long a model may take, and how much it may say."""

    first_token_seconds: float = 8.0
    turn_seconds: float = 30.0
    most_characters: int = 6000


class Listening:
    """The pieces of one answer. The model runs in a task of its own, begun at once."""

    def __init__(self, pieces: AsyncIterator[ModelPiece], limits: Limits) -> None:
        self.trouble: Trouble = ""
        """why the pieces ended, empty when the model had no more to say: too slow, failing, endless"""
        self.error = ""
        """class of what the model raised"""
        self._finished: Finished | None = None
        self.first_token_seconds: float | None = None
        self.calls = 0
        self._used, self._said = Used(0, 0), 0
        self._sent, self._told = 0, 0
        """of the call under way: tokens sent, about, and characters said"""
        self._limits, self._started = limits, time.perf_counter()
        self._queue: asyncio.Queue[ModelPiece | None] = asyncio.Queue(WAITING)
        self._task = asyncio.create_task(self._pump(pieces))

    @property
    def finished(self) -> bool:
        """Whether the model said so itself. What comes behind is waited for on closing, and nothing in it counts."""
        return self._finished is not None

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.perf_counter() - self._started

    @property
    def used(self) -> Used:
        """The tokens counted by the endpoint, and about those of a call that it has not counted: they are paid for as well."""
        return self._used + Used(self._sent, about(self._told))

    async def __aiter__(self) -> AsyncIterator[ModelPiece]:
        """What the model says and computes; what it used is kept here."""
        while (piece := await self._next()) is not None:
            if isinstance(piece, Sent):
                self._sent = piece.tokens
                continue
            if isinstance(piece, Used):
                self._used += piece
                self._sent = self._told = 0
                self.calls += 1
                continue
            if isinstance(piece, Finished):
                return
            if self.first_token_seconds is None:
                self.first_token_seconds = self.seconds
            if isinstance(piece, Said):
                self._said += len(piece.chunk)
                self._told += len(piece.chunk)
                if self._said > self._limits.most_characters:
                    self.trouble = "loop"
                    return
            yield piece

    async def close(self) -> None:
        """Let go of the model. One that is finished may first put its request away, so that the next finds the connection open."""
        if self._finished is not None:
            self._finished.go_on.set()
            await asyncio.wait({self._task}, timeout=LETTING_GO)
        self._task.cancel()
        await asyncio.wait({self._task}, timeout=LETTING_GO)

    async def _next(self) -> ModelPiece | None:
        longest = self._limits.turn_seconds
        if self.first_token_seconds is None:
            longest = min(longest, self._limits.first_token_seconds)
        try:
            async with asyncio.timeout(max(0.0, longest - self.seconds)):
                piece = await self._queue.get()
        except TimeoutError:
            self.trouble = "slow"
            return None
        if piece is None and self.error:
            self.trouble = "down"
        return piece

    async def _pump(self, pieces: AsyncIterator[ModelPiece]) -> None:
        try:
            async for piece in pieces:
                if self._finished is None:
                    self._finished = piece if isinstance(piece, Finished) else None
                    await self._queue.put(piece)
        except Exception as error:  # whatever it is, there is another answer
            self._failed(error)
        finally:
            close: Any = getattr(pieces, "aclose", None)
            if close is not None:
                with suppress(Exception):
                    await close()
        await self._queue.put(None)

    def _failed(self, error: Exception) -> None:
        if self.finished:
            log.info("a model's request could not be put away: %s", type(error).__name__)
            return
        self.error = type(error).__name__
        if isinstance(error, AssistantError):
            log.warning("这一问没用上模型：%s", error)
        else:
            log.warning("the model failed: %s", self.error, exc_info=error)
