"""What stands before every page of the staff: headers, the Origin check of every POST, sizes, and whose login it is."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import InvalidInput

MAX_FORM_BYTES = 65_536
MAX_FIELDS = 20
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FORM = "application/x-www-form-urlencoded"


class Guard:
    """Refuses a POST that no page of ours sent, and gives every answer its headers."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app, self._public = app, public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not headers.get("content-type", "").startswith(("text/css", "text/javascript", "image/")):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        request = Request(scope)
        asking = scope["method"] in ("GET", "HEAD")
        if asking or request.headers.get("origin", "").lower() == own_origin(request, self._public):
            await self._app(scope, receive, with_headers)
        else:
            await PlainTextResponse("这个请求不是从本站的页面发来的。", status_code=403)(scope, receive, with_headers)


def own_origin(request: Request, public_url: str) -> str:
    """Our origin as browsers name it: the setting, else scheme and Host of the request."""
    return public_url or f"{request.url.scheme}://{request.headers.get('host', '').lower()}"


def is_secure(request: Request, public_url: str) -> bool:
    """Whether the browser talks to us over https."""
    return own_origin(request, public_url).startswith("https://")


def cookie_name(*, secure: bool) -> str:
    """Over https the name itself makes browsers insist that the cookie is ours alone."""
    return "__Host-staff" if secure else "staff"


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a form; none of an empty one. Raises InvalidInput when it is no form or too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise InvalidInput("内容太长，请删减后再试。")
    if body and request.headers.get("content-type", "").split(";")[0].strip() != _FORM:
        raise InvalidInput("这个请求不是表单。")
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise InvalidInput("内容太长，请删减后再试。") from None
