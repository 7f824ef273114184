"""Server-sent events: one frame an event, a comment while nothing happens, and an end at once when nobody listens."""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import date
from typing import Any, TypeVar

import anyio
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

KEEP_ALIVE_SECONDS = 15.0
MEDIA_TYPE = "text/event-stream"
_COMMENT = b": \n\n"
Item = TypeVar("Item")
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def gone(receive: Receive) -> None:
    """Return when the connection has closed, or sends more than it may."""
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    except HTTPException:
        return


async def collected(receive: Receive, stream: AsyncGenerator[Item]) -> list[Item]:
    """All that a stream yields. A connection that closes meanwhile ends the work, and what came so far is returned."""
    items: list[Item] = []
    failure: Exception | None = None

    async def leave() -> None:
        await gone(receive)
        group.cancel_scope.cancel()

    async with anyio.create_task_group() as group, aclosing(stream):
        group.start_soon(leave)
        try:
            async for item in stream:
                items.append(item)
        except Exception as error:  # raised below, outside of the group, so that it is not wrapped
            failure = error
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure
    return items


def frame(kind: str, data: Mapping[str, Any], id: str = "") -> bytes:
    """One event as it goes over the line."""
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_day)
    head = f"id: {id}\n" if id else ""
    return f"{head}event: {kind}\ndata: {told}\n\n".encode("utf-8", "replace")


def _day(value: Any) -> str:
    if isinstance(value, date):  # and moments
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be told")


class EventStream(Response):
    """Streams frames. When the connection closes, the generator is closed at once, not at its next frame."""

    media_type = MEDIA_TYPE

    def __init__(
        self, frames: AsyncGenerator[bytes], keep_alive: float = KEEP_ALIVE_SECONDS, media_type: str = MEDIA_TYPE
    ) -> None:
        self.media_type, self.status_code, self.background = media_type, 200, None
        self._frames, self._keep_alive = frames, keep_alive
        self._sent_at = 0.0
        self.init_headers(HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the frames end or the connection does."""
        sending = anyio.Lock()  # a comment may not fall into the middle of a frame

        async def tell(body: bytes) -> None:
            async with sending:
                await send({"type": "http.response.body", "body": body, "more_body": True})
                self._sent_at = anyio.current_time()

        async def watch() -> None:
            await gone(receive)
            group.cancel_scope.cancel()

        async def keep_alive() -> None:
            while True:
                idle = anyio.current_time() - self._sent_at
                if idle >= self._keep_alive:
                    await tell(_COMMENT)
                    idle = 0.0
                await anyio.sleep(self._keep_alive - idle)

        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(watch)
                await tell(b"")
                group.start_soon(keep_alive)
                async for body in self._frames:
                    await tell(body)
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await self._frames.aclose()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
