"""A model words the answer, the composer stands behind it: what the model cannot do, or cannot prove, the composer tells in the same turn.

The composer's answer is made first and held (`worded`). Where there is nothing to word (it declined, asked, wrote a paper) no model is
called. Who makes a model's pieces keeps to the protocol `pieces.ModelAnswerer`.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, cast

from assistant.answer import Answerer, Declined, Done, Drafted, Event, Refused, Text, Turn
from assistant.breaker import CircuitBreaker
from assistant.budget import Budget
from assistant.guard import Caught
from assistant.library import Library
from assistant.listening import Limits, Listening
from assistant.owned import Owned
from assistant.pieces import ModelAnswerer, Used
from assistant.worded import Worded

__all__ = ["Budget", "CircuitBreaker", "Limits", "Outcome", "with_fallback"]
log = logging.getLogger(__name__)

NOTHING_USED = Used(0, 0)
Why = Literal["", "facts", "budget", "resting", "slow", "down", "loop", "guard", "nothing", "left"]


@dataclass(frozen=True)
class Outcome:
    """How the model did in one turn: for traces, measures and evaluation; the person sees nothing of it."""

    why: Why
    """why the composer's words were told; empty when the model's were. Not called: facts (nothing to word), budget, resting (it failed
    too often of late). Called: slow, down, loop, guard (caught too often), nothing (of it was left). left: the person went away"""
    seconds: float = 0.0
    first_token_seconds: float | None = None
    caught: tuple[Caught, ...] = ()
    released: int = 0
    """blocks of the model's that were told"""
    calls: int = 0
    used: Used = NOTHING_USED
    cost: float = 0.0
    error: str = ""
    """class of what the model raised"""


def with_fallback(
    model: ModelAnswerer, composer: Answerer, library: Library, limits: Limits, breaker: CircuitBreaker, budget: Budget, *,
    enough: float, watch: Callable[[Turn, Outcome], None] = lambda turn, outcome: None,
) -> Answerer:
    """An answerer that words what `composer` answers with a model, and is never worse than it.

    `enough`: the confidence below which documents are no evidence; `watch` is told how each turn went.
    """
    owned, orders = Owned(library, enough), [re.compile(pattern) for pattern in library.vocabulary.instructions]

    async def answer(turn: Turn) -> AsyncIterator[Event]:
        plain = [event async for event in composer(turn)]
        why = await _hindered(turn, plain, breaker, budget)
        if why:
            watch(turn, Outcome(why))
            for event in plain:
                yield event
            return
        worded = Worded(turn, plain, library, owned, orders)
        listening = Listening(model(turn, plain, worded.documents), limits)
        why = "left"  # until it is known better
        try:
            for event in worded.before:
                yield event
            # the async iterator of a class is a generator here, to be closed when no more is wanted
            async with aclosing(cast(Any, aiter(listening))) as pieces:
                async for piece in pieces:
                    for event in worded.take(piece):
                        yield event
                    if worded.enough:
                        break
            if not listening.finished:
                await listening.close()
            rest = worded.end(well=not listening.trouble and not worded.enough)
            why = _why(worded, listening)
            for event in rest:
                yield event
        finally:
            await asyncio.shield(asyncio.ensure_future(_settled(turn, why, worded, listening, breaker, budget, watch)))

    return answer


async def _hindered(turn: Turn, plain: Sequence[Event], breaker: CircuitBreaker, budget: Budget) -> Why:
    """Why the model is not called; empty when it is."""
    told = plain[-1] == Done("answered") and any(isinstance(event, Text) for event in plain)
    if not told or any(isinstance(event, Declined | Refused | Drafted) for event in plain):
        return "facts"
    if budget.limited and not await asyncio.to_thread(budget.left, turn.conversation):
        return "budget"
    return "" if breaker.allows() else "resting"


def _why(worded: Worded, listening: Listening) -> Why:
    if listening.trouble:
        return listening.trouble
    if worded.enough:
        return "guard"
    return "" if worded.released else "nothing"


async def _settled(
    turn: Turn, why: Why, worded: Worded, listening: Listening, breaker: CircuitBreaker, budget: Budget,
    watch: Callable[[Turn, Outcome], None],
) -> None:
    """Let go of the model, and count what it did and used; also when the person went away in the middle."""
    if why == "left":
        breaker.left()
    elif why in ("slow", "down"):
        breaker.failed()
    else:
        breaker.succeeded()
    await listening.close()
    caught = tuple(worded.guard.caught)
    for one in caught:
        log.info("the guard %s a sentence of the model: %s", "mended" if one.instead else "dropped", one.why)
    if why:
        log.info("the composer's words were told: %s", why)
    cost = await asyncio.to_thread(budget.spend, turn.conversation, listening.used, max(1, listening.calls))
    watch(turn, Outcome(
        why, listening.seconds, listening.first_token_seconds, caught, worded.released, max(1, listening.calls), listening.used, cost,
        listening.error,
    ))
