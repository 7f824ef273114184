"""News for a page of the staff as server-sent events: parts that changed, as HTML, and messages as they come."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import StreamingResponse

from assistant.errors import InvalidInput
from assistant.handoff.desk import STAFF
from assistant.handoff.office import Office, Opened, Queue
from assistant.web.staff.entry import Entry
from assistant.web.staff.looks import Looks
from assistant.web.staff.rooms import shown

LOOK_SECONDS = 5.0


class Live:
    """One stream for each open page; it ends when the page or its login does."""

    def __init__(self, office: Office, entry: Entry, looks: Looks, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._office, self._entry, self._looks, self._seconds = office, entry, looks, look_seconds

    async def stream(self, request: Request) -> StreamingResponse:
        """`at`: the hand-off on the page, if there is one; `after`: the number of its last message there.

        Whoever is not logged in is told that the page is gone: a stream sent on to the door instead would be opened again and again.
        """
        at, after = request.query_params.get("at", ""), request.query_params.get("after", "0")
        name = await self._entry.name(request)
        stream = self._news(request, name, at, int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    async def _news(self, request: Request, name: str | None, at: str, after: int) -> AsyncIterator[str]:
        if name is not None:
            with suppress(InvalidInput):  # the hand-off was erased by its visitor; "gone" says so
                async with aclosing(self._while_there(request, name, at, after)) as pieces:
                    async for piece in pieces:
                        yield piece
        yield _event("gone", {})

    async def _while_there(self, request: Request, name: str, at: str, after: int) -> AsyncGenerator[str, None]:
        told: dict[str, str] = {}
        names = [STAFF]
        if at:
            names.append((await anyio.to_thread.run_sync(self._office.look, at)).row.conversation)
        with self._office.bell.listen(*names) as ear:
            while await self._entry.name(request) == name:
                opened, queue = await anyio.to_thread.run_sync(self._look, at, name)
                for part, html in shown(self._looks, opened, queue, name).items():
                    if told.get(part) != html:
                        told[part] = html
                        yield _event("part", {"id": part, "html": html})
                for message in opened.messages if opened else ():
                    if message.seq > after:
                        after = message.seq
                        html = self._looks.piece("_message.html", message=message, site=opened.row.site if opened else "")
                        yield _event("message", {"seq": after, "html": html})
                yield ": still here\n\n"
                await ear.wait(self._seconds)

    def _look(self, at: str, name: str) -> tuple[Opened | None, Queue]:
        return self._office.look(at) if at else None, self._office.queue(name)


def _event(kind: str, data: dict[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
