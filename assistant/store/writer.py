"""One thread gathers pending writes into one transaction: many acceptances at once cost a handful of writes to disk.

While one transaction is being committed, the next writes pile up, and all of them go into the following one. Each then has a savepoint of its
own, so one that fails takes none of the others with it. Whoever waits is told after the commit, never before.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from typing import Any, TypeVar

import sqlalchemy as sa

MOST_AT_ONCE = 512
Result = TypeVar("Result")


class Writer:
    """Runs functions of a connection, one after another, in one thread."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._pending: queue.SimpleQueue[tuple[Callable[[sa.Connection], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()  # nothing is queued behind the end
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    def run(self, write: Callable[[sa.Connection], Result]) -> Result:
        """The result of `write`, once it is committed. Raises what it raised, or why nothing could be committed."""
        told: Future[Result] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._pending.put((write, told))
        return told.result()

    def close(self) -> None:
        """Finish what is pending, then end."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._pending.put(None)
        self._thread.join()

    def _work(self) -> None:
        ended = False
        while not ended:
            gathered = [self._pending.get()]
            while len(gathered) < MOST_AT_ONCE and not self._pending.empty():
                gathered.append(self._pending.get())
            ended = gathered[-1] is None
            writes = [one for one in gathered if one is not None]
            if writes:
                self._commit(writes)

    def _commit(self, writes: list[tuple[Callable[[sa.Connection], Any], "Future[Any]"]]) -> None:
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._engine.begin() as connection:
                for write, told in writes:
                    try:
                        # alone, a write needs no savepoint: the transaction is its own
                        with connection.begin_nested() if len(writes) > 1 else nullcontext():
                            outcomes.append((told, write(connection), None))
                    except Exception as error:
                        if connection.invalidated or len(writes) == 1:
                            raise
                        outcomes.append((told, None, error))
        except BaseException as error:  # whatever it was: nothing is committed, and nobody may wait for ever
            outcomes = [(told, None, error) for _, told in writes]
        for told, result, failure in outcomes:
            if failure is None:
                told.set_result(result)
            else:
                told.set_exception(failure)
