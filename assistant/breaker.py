"""Keeps a service that does not answer from being asked by everybody in turn."""

import time
from collections.abc import Callable
from typing import Literal

FAILURES = 5  # in a row, until nobody asks any more
REST_SECONDS = 30.0  # until one asks again


class CircuitBreaker:
    """Closed: everybody asks. Open, after failures in a row: nobody does. Half open, after a rest: one does, and decides for all.

    Of one event loop; nothing in it waits.
    """

    def __init__(
        self, failures: int = FAILURES, rest_seconds: float = REST_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._rest, self._clock = failures, rest_seconds, clock
        self._failed = 0
        self._opened: float | None = None
        self._probing = False

    @property
    def state(self) -> Literal["closed", "open", "half-open"]:
        """How it stands."""
        if self._opened is None:
            return "closed"
        return "half-open" if self._clock() - self._opened >= self._rest else "open"

    def allows(self) -> bool:
        """Whether one may ask now. Whoever is allowed says afterwards how it went, by one of the three below."""
        state = self.state
        if state == "half-open" and not self._probing:
            self._probing = True
            return True
        return state == "closed"

    def succeeded(self) -> None:
        """It answered."""
        self._failed, self._opened, self._probing = 0, None, False

    def failed(self) -> None:
        """It did not: too slow, down, refusing."""
        self._failed += 1
        if self._opened is not None or self._failed >= self._most:
            self._opened = self._clock()
        self._probing = False

    def left(self) -> None:
        """Whoever asked went away before it could be told."""
        self._probing = False
