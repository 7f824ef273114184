"""How many tokens a site may use in a day, and what they cost."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime

from assistant.errors import AssistantError
from assistant.pieces import Used
from assistant.store import OWN_PAGE, Store
from assistant.store.usage import UsageRow

log = logging.getLogger(__name__)
MILLION = 1_000_000


def _today() -> date:
    return datetime.now(UTC).date()


class Budget:
    """Counts what a model is asked for in the store, so that all processes and days to come know of it. Calls block.

    A day is a day of UTC. Turns that are under way at the same time may together go beyond the limit by what they use.
    """

    def __init__(
        self, store: Store, model: str, tokens_per_day: int = 0, prices: tuple[float, float] = (0.0, 0.0),
        today: Callable[[], date] = _today,
    ) -> None:
        """`tokens_per_day`: of one site, 0 for no limit; `prices`: of a million tokens in, and out."""
        self._store, self._model, self._limit, self._prices, self._today = store, model, tokens_per_day, prices, today

    @property
    def limited(self) -> bool:
        """Whether there is a limit at all: without one there is nothing to look up before a call."""
        return self._limit > 0

    def left(self, conversation: str) -> bool:
        """Whether the site of a conversation may still ask today. Without a store that answers there is no limit to hold to: it may."""
        if not self.limited:
            return True
        try:
            return self._store.tokens_used(self._today(), self._site(conversation)) < self._limit
        except AssistantError:
            log.warning("what models were asked for cannot be read", exc_info=True)
            return True

    def spend(self, conversation: str, used: Used, calls: int = 1) -> float:
        """Count what a turn used for the site of its conversation; its cost."""
        into, out = self._prices
        cost = (used.prompt_tokens * into + used.completion_tokens * out) / MILLION
        try:
            self._store.count_usage(UsageRow(
                self._today(), self._site(conversation), self._model, calls, used.prompt_tokens, used.completion_tokens, cost,
            ))
        except AssistantError:
            log.warning("what a model was asked for could not be counted", exc_info=True)
        return cost

    def _site(self, conversation: str) -> str:
        owner = self._store.owner(conversation) if conversation else None
        return owner[0] if owner else OWN_PAGE
