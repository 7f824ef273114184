"""A crash of ours is logged and answered; the connection of whoever asked lives on."""

import logging

from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger(__name__)


class CrashLog:
    """Ends what an application raises after it has answered its 500, so that the server need not hang up."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through."""
        try:
            await self._app(scope, receive, send)
        except Exception:
            log.exception("a request failed")
