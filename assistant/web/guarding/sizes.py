"""How large a request may be, counted while it comes in, so that nothing large is ever held."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOO_LARGE = 413


class BodyLimit:
    """Refuses a request that says it is too large, and ends one that grows beyond its limit.

    The limit is `usual` bytes, or those of its path (as seen below the mount); `refused` answers the former.
    """

    def __init__(self, app: ASGIApp, refused: ASGIApp, usual: int, by_path: Mapping[str, int]) -> None:
        self._app, self._refused, self._usual, self._by_path = app, refused, usual, by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, counting."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        most = self._by_path.get(path, self._usual)
        told = Headers(scope=scope).get("content-length", "")
        if told.isdecimal() and int(told) > most:
            await self._refused(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            # told as an HTTPException: whoever reads the body lets it through to the handler that words it
            if received > most:
                raise HTTPException(TOO_LARGE)
            return message

        await self._app(scope, counted, send)
