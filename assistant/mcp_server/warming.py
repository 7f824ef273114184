"""The tools, made in a thread, so that the server answers before anything heavy is loaded."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.mcp_server.tools import Tools

log = logging.getLogger(__name__)


class Warming:
    """Holds the tools that are being made."""

    def __init__(self, make: "Callable[[], Tools]") -> None:
        """`make` imports and builds; it is called once, by the thread."""
        self._make = make
        self._made: Future[Tools] = Future()
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)

    def start(self) -> None:
        """Begin; further calls do nothing."""
        if self._thread.ident is None:
            self._thread.start()

    async def tools(self) -> "Tools":
        """The tools with their knowledge read; those that search wait for the index themselves.

        Raises what making them raised: an AssistantError when a person can mend it.
        """
        return await asyncio.shield(asyncio.wrap_future(self._made))  # who stops waiting takes them from nobody else

    def _run(self) -> None:
        try:
            tools = self._make()
        except Exception as error:
            log.exception("the tools could not be made")
            self._made.set_exception(error)
            return
        self._made.set_result(tools)
        tools.engine.prepare()
        if tools.engine.failure is not None:
            log.error("%s", tools.engine.failure)
