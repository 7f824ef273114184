"""Wakes those who wait for news of something, in this process; other processes see it when they look for themselves."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any

MOST_NOTES = 20


class Ear:
    """One who waits. `notes` are what was said along with the ringing and is kept nowhere."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()
        self._notes: deque[dict[str, Any]] = deque(maxlen=MOST_NOTES)

    async def wait(self, seconds: float) -> None:
        """Until it rings, at most so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()

    def notes(self) -> list[dict[str, Any]]:
        """What has been said since the last look."""
        held = list(self._notes)
        self._notes.clear()
        return held

    def ring(self, note: dict[str, Any] | None) -> None:
        """From any thread."""
        with suppress(RuntimeError):  # its loop has just been closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._hear, note)

    def _hear(self, note: dict[str, Any] | None) -> None:
        if note is not None:
            self._notes.append(note)
        self._rung.set()


class Bell:
    """Names → those who wait for them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ears: dict[str, set[Ear]] = {}

    @contextmanager
    def listen(self, *names: str) -> Iterator[Ear]:
        """Wait for any of `names` while the context is open; inside a running event loop."""
        ear = Ear()
        with self._lock:
            for name in names:
                self._ears.setdefault(name, set()).add(ear)
        try:
            yield ear
        finally:
            with self._lock:
                for name in names:
                    self._ears[name].discard(ear)
                    if not self._ears[name]:
                        del self._ears[name]

    def ring(self, *names: str, note: dict[str, Any] | None = None) -> None:
        """Wake those who wait for any of `names`; from any thread."""
        with self._lock:
            woken = {ear for name in names for ear in self._ears.get(name, ())}
        for ear in woken:
            ear.ring(note)
