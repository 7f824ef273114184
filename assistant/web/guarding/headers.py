"""Security headers on every answer; who may frame the widget's panel is said per site."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.sites import Site

_FRAMES = "frame-ancestors 'self'"
HEADERS = {
    # Gradio starts from inline scripts and builds templates at run time, hence the two unsafe words; nothing may
    # come from or go to another origin, and no other site may frame the page
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        f"object-src 'none'; base-uri 'self'; form-action 'self'; {_FRAMES}"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_PANEL = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; "
)


def frame_headers(site: Site) -> Mapping[str, str]:
    """The headers of the widget's panel for a site: it alone, and we ourselves, may frame it; only our files run in it."""
    return {"Content-Security-Policy": f"{_PANEL}{' '.join([_FRAMES, *site.origins])}"}


class SecurityHeaders:
    """Adds the headers to every answer without buffering streams; an answer that says otherwise keeps its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; add headers when the answer starts."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
