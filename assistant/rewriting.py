"""A question our own rules of conversation are unsure of, said more clearly by a model, and read again by our own reader.

The model's words are never shown and never believed: a rewritten question counts only if its numbers are the person's own and something
comes of it that did not come of the first.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol

from assistant.answer import Asked, Calculated, Declined, Done, Event, Turn
from assistant.briefing import NOTHING, earlier
from assistant.errors import AssistantError, ModelFailed
from assistant.figures import fold
from assistant.prompts import Prompt, load
from assistant.stated import Numbers, stated, typed

log = logging.getLogger(__name__)

LONGEST = 200
KEPT = 0.5
"""share of the question's characters that must stand in the new one, or it is another question"""
MOST_METRICS = 6
Compose = Callable[[Turn], Sequence[Event]]
ReadAgain = Callable[[str], Awaitable[Turn]]


class Rewriter(Protocol):
    """Sees whether a turn is better understood in other words."""

    async def __call__(self, turn: Turn, again: ReadAgain) -> Turn:
        """The turn, or what `again` reads in a clearer question."""
        ...


class Rewrite(Protocol):
    """One call of a model. Raises ModelFailed."""

    async def __call__(self, prompt: Prompt, conversation: str) -> str:
        """The whole text."""
        ...


class Rewriting:
    """Rewrites where the composer would ask back or finds nothing, although there are figures or an earlier question."""

    def __init__(self, rewrite: Rewrite, compose: Compose, enough: float) -> None:
        """`compose` gives the composer's answer; `enough` is the confidence below which documents are no evidence."""
        self._rewrite, self._compose, self._enough = rewrite, compose, enough

    async def __call__(self, turn: Turn, again: ReadAgain) -> Turn:
        """See Rewriter. Whatever goes wrong, the turn stays as our own rules read it."""
        if not (turn.understanding.figures or turn.earlier):
            return turn  # nothing a model could see that our rules do not: no answer need be composed to know it
        plain = self._compose(turn)
        if not unsure(plain):
            return turn
        metrics = dict.fromkeys(
            (*(reading.metric.label for reading in turn.understanding.readings), *(one.title for one in turn.documents))
        )
        listed = "\n".join(f"- {name}" for name in list(metrics)[:MOST_METRICS]) or NOTHING
        try:
            prompt = load("rewrite", question=turn.question, earlier=earlier(turn), metrics=listed)
            text = await self._rewrite(prompt, turn.conversation)
            question = clearer(turn, text)
            if question is None:
                return turn
            read = replace(await again(question), question=turn.question, earlier=turn.earlier)
        except ModelFailed:
            return turn
        except AssistantError:
            log.info("a rewritten question could not be read")
            return turn
        return read if self._better(plain, self._compose(read), read) else turn

    def _better(self, plain: Sequence[Event], anew: Sequence[Event], read: Turn) -> bool:
        """Whether something comes of the new question: a value, or where nothing was found, evidence."""
        if any(isinstance(event, Calculated) and not event.aside for event in anew):
            return True
        answered = any(isinstance(event, Done) and event.status == "answered" for event in anew)
        return answered and any(isinstance(event, Declined) for event in plain) and read.confidence >= self._enough


def unsure(plain: Sequence[Event]) -> bool:
    """Whether the rules of conversation are at their end: asked back, or nothing found."""
    return any(isinstance(event, Asked) or (isinstance(event, Declined) and event.reason == "weak") for event in plain)


def clearer(turn: Turn, text: str) -> str | None:
    """The rewritten question, if it is one: a line with the person's own numbers, all those of the question, and most of its words."""
    question = text.strip().strip("“”\"「」")
    if not question or len(question) > LONGEST or "\n" in question or fold(question) == fold(turn.question):
        return None
    mine = Numbers(number for said in (turn.question, *turn.earlier) for number in typed(said))
    if not all(mine.hold(number) for number in stated(question)):
        return None
    new = Numbers(typed(question))
    if not all(new.hold(number) for number in stated(turn.question)):
        return None
    words = [character for character in fold(turn.question) if character.isalnum()]
    kept = sum(character in fold(question) for character in words)
    return question if words and kept >= KEPT * len(words) else None
