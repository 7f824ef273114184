"""Where a request comes from. A request without an Origin, or from a page that is on no list, is refused, whatever its method."""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.sites import Site, Sites
from assistant.web.problems import Problem, answer

API = "/api/v1/"
PAGE = "/api/"
"""the routes of our own page's script; no other origin has any business there"""
DESCRIPTIONS = (f"{API}openapi.json", f"{API}docs")
"""say what the API is, hold nothing of anybody, and are read by a browser that sends no Origin"""
CORS = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept",
    "Access-Control-Max-Age": "600",
}


def own_origin(scope: Scope, public_url: str) -> str:
    """Our origin as the browser of this request sees it."""
    if public_url:
        return public_url
    return f"{scope.get('scheme', 'http')}://{Headers(scope=scope).get('host', '')}".lower()


def refusal(origin: str) -> Problem:
    """What is said to a request whose Origin is not on the list."""
    said = "这个网址没有被允许使用助手。" if origin else "请求里没有说明来自哪个网址（Origin），不能处理。"
    return Problem(403, "origin", said)


def belongs(origin: str, site: Site, scope: Scope, public_url: str) -> bool:
    """Whether a request with this Origin may act for the site: our own pages may for all, others for their own."""
    return origin == own_origin(scope, public_url) or origin in site.origins


class OriginGuard:
    """Refuses by Origin before anything else runs, and answers CORS for the sites' origins only."""

    def __init__(self, app: ASGIApp, sites: Sites, public_url: str) -> None:
        self._app, self._sites, self._public_url = app, sites, public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(PAGE) or path in DESCRIPTIONS:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "").lower()
        if len(headers.getlist("origin")) > 1:
            origin = ""  # which one counts is anybody's guess
        own = origin == own_origin(scope, self._public_url)
        if not path.startswith(API):
            refused = JSONResponse({"error": str(refusal(origin))}, 403)
            await (self._app if own else refused)(scope, receive, send)
        elif not own and not self._sites.allows(origin):
            await answer(refusal(origin))(scope, receive, send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204, headers={**CORS, **_named(origin)})(scope, receive, send)
        else:
            await self._app(scope, receive, _opened(send, origin))


def _named(origin: str) -> Mapping[str, str]:
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


def _opened(send: Send, origin: str) -> Send:
    """Sends with the headers that let a page of that origin read the answer."""

    async def opened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_named(origin))
            headers["Access-Control-Expose-Headers"] = "Retry-After, Content-Disposition"
        await send(message)

    return opened
