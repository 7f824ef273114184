"""The pages behind the login: the queue, one hand-off, and what is done with it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.errors import AssistantError, InvalidInput
from assistant.handoff.office import Office, Opened, Queue
from assistant.web.staff.entry import Entry
from assistant.web.staff.guard import form
from assistant.web.staff.looks import Looks

Handler = Callable[[Request], Awaitable[Response]]


class Rooms:
    """Each method is a route. Forms work without the script; with it a fragment comes back instead of a whole page."""

    def __init__(self, office: Office, entry: Entry, looks: Looks) -> None:
        self._office, self._entry, self._looks = office, entry, looks

    def inside(self, handler: Callable[[Request, str], Awaitable[Response]]) -> Handler:
        """The handler for whoever is logged in; everybody else is led to the door."""

        async def guarded(request: Request) -> Response:
            name = await self._entry.name(request)
            if name is None:
                return self._door(request)
            try:
                return await handler(request, name)
            except AssistantError as error:
                if _wants_piece(request):
                    return HTMLResponse(self._looks.piece("_problem.html", problem=str(error)), 409)
                queue = await anyio.to_thread.run_sync(self._office.queue, name)
                status = 404 if request.method == "GET" else 409
                return self._looks.page("queue.html", status, name=name, queue=queue, at="", problem=str(error))

        return guarded

    async def queue(self, request: Request, name: str) -> Response:
        """What waits."""
        queue = await anyio.to_thread.run_sync(self._office.queue, name)
        return self._looks.page("queue.html", name=name, queue=queue, at="", problem="")

    async def handoff(self, request: Request, name: str) -> Response:
        """One hand-off with everything that belongs to it."""
        opened, queue = await anyio.to_thread.run_sync(self._both, request.path_params["id"], name)
        return self._looks.page(
            "handoff.html", name=name, queue=queue, opened=opened, row=opened.row, at=opened.row.id, problem="",
            items=in_order(opened), last=opened.messages[-1].seq if opened.messages else 0,
        )

    async def act(self, request: Request, name: str) -> Response:
        """Take, take over, release or close."""
        id, act = request.path_params["id"], request.path_params["act"]
        acts: dict[str, Callable[[], None]] = {
            "take": lambda: self._office.take(id, name),
            "over": lambda: self._office.take(id, name, over=True),
            "release": lambda: self._office.release(id, name),
            "close": lambda: self._office.close(id, name),
        }
        if act not in acts:
            raise InvalidInput("没有这个操作。")
        await anyio.to_thread.run_sync(acts[act])
        return RedirectResponse("/staff/" if act in ("release", "close") else f"/staff/handoffs/{id}", 303)

    async def reply(self, request: Request, name: str) -> Response:
        """Write to the visitor."""
        id, given = request.path_params["id"], await form(request)
        await anyio.to_thread.run_sync(self._office.reply, id, name, given.get("text", ""))
        return Response(status_code=204) if _wants_piece(request) else RedirectResponse(f"/staff/handoffs/{id}", 303)

    async def typing(self, request: Request, name: str) -> Response:
        """Tell the visitor that a reply is being written."""
        await anyio.to_thread.run_sync(self._office.typing, request.path_params["id"], name)
        return Response(status_code=204)

    async def again(self, request: Request, name: str) -> Response:
        """Try a failed delivery again."""
        await anyio.to_thread.run_sync(self._office.again, request.path_params["id"])
        return RedirectResponse("/staff/", 303)

    def _both(self, id: str, name: str) -> tuple[Opened, Queue]:
        return self._office.look(id), self._office.queue(name)

    def _door(self, request: Request) -> Response:
        if _wants_piece(request):
            return Response(status_code=401)
        if request.method == "GET" and request.headers.get("sec-fetch-site") == "cross-site":
            # a strict cookie stays away when a link of a chat or a mail leads here; asking once more from here brings it
            return self._looks.page("again.html", address=request.url.path)
        target = request.url.path if request.method == "GET" else ""
        return RedirectResponse(f"/staff/login?next={target}" if target.startswith("/staff/handoffs/") else "/staff/login", 303)


def _wants_piece(request: Request) -> bool:
    """Whether the page's script asks, which puts the answer into the page itself."""
    return request.headers.get("x-piece") == "1"


def in_order(opened: Opened) -> list[dict[str, Any]]:
    """Turns, the moment of the hand-off and messages, as they came about."""
    items: list[tuple[datetime, dict[str, Any]]] = [(turn.asked_at, {"turn": turn}) for turn in opened.turns]
    items.append((opened.row.created_at, {}))
    items += [(message.at, {"message": message}) for message in opened.messages]
    return [item for _, item in sorted(items, key=lambda one: one[0])]


def shown(looks: Looks, opened: Opened | None, queue: Queue, name: str) -> dict[str, Any]:
    """The parts of a page that change by themselves, by the id of their place."""
    at = opened.row.id if opened else ""
    parts = {"queue": looks.piece("_queue.html", queue=queue, at=at, name=name)}
    if opened is not None:
        parts["state"] = looks.piece("_state.html", row=opened.row, name=name)
        parts["reply"] = looks.piece("_reply.html", row=opened.row, name=name)
        parts["sent"] = looks.piece("_sent.html", opened=opened)
    return parts
