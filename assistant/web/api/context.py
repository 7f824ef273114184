"""What the routes work with, and who is speaking: the session of a request, checked against the site and its origins."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, cast

import anyio.to_thread
from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from assistant.settings import Settings
from assistant.sites import Site, Sites
from assistant.store import Store
from assistant.tokens import TokenRefused, Tokens
from assistant.web.contract import Desk, Engine
from assistant.web.guarding.origin import belongs, refusal
from assistant.web.guarding.rates import Rates, address_of
from assistant.web.measures import Measures
from assistant.web.problems import Problem

MOST_STREAMS = 8
"""answers and watches open at once for one visitor: a few tabs, not a flood"""
ID = r"^[A-Za-z0-9_-]{1,64}$"
ConversationId = Annotated[str, Path(pattern=ID, description="对话的编号")]
TurnId = Annotated[str, Path(pattern=ID, description="一问一答的编号")]
_bearer = HTTPBearer(auto_error=False, scheme_name="session", description="POST /sessions 返回的 token")


@dataclass(frozen=True)
class Context:
    """Everything behind the routes. Without a desk nobody can be brought in."""

    engine: Engine
    store: Store
    sites: Sites
    tokens: Tokens
    rates: Rates
    measures: Measures
    settings: Settings
    desk: Desk | None = None
    streams: Counter[str] = field(default_factory=Counter)

    def check_streams(self, visitor: str) -> None:
        """Raises Problem 429 when the visitor has as many streams open as one may."""
        if self.streams[visitor] >= MOST_STREAMS:
            self.measures.limited("streams")
            raise Problem(429, "limit", "同时打开的对话太多了，请关掉几个再试。", {"Retry-After": "5"})

    @asynccontextmanager
    async def streaming(self, visitor: str) -> AsyncIterator[None]:
        """Count a stream of the visitor while it is open."""
        self.streams[visitor] += 1
        self.measures.open_streams.inc()
        try:
            yield
        finally:
            self.measures.open_streams.dec()
            self.streams[visitor] -= 1
            if not self.streams[visitor]:
                del self.streams[visitor]


@dataclass(frozen=True)
class Visit:
    """A visitor on a site."""

    site: Site
    visitor: str


def context(request: Request) -> Context:
    """The context of the application that serves the request."""
    return cast(Context, request.app.state.context)


Kit = Annotated[Context, Depends(context)]


async def visit(
    request: Request, kit: Kit, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Visit:
    """Who speaks. Raises Problem 401 without a good token, 403 when it is used from another site's page, 429."""
    if credentials is None:
        raise Problem(401, "token", "请先打开会话（POST /api/v1/sessions）。", {"WWW-Authenticate": "Bearer"})
    try:
        session = kit.tokens.read(credentials.credentials)
    except TokenRefused as error:
        raise Problem(401, "token", str(error), {"WWW-Authenticate": "Bearer"}) from error
    site = kit.sites.get(session.site)
    if site is None:
        raise Problem(401, "token", "这个站点已经停用，请重新打开对话。", {"WWW-Authenticate": "Bearer"})
    check_origin(request, kit, site)
    await kit.rates.request(site, address_of(request.scope))
    return Visit(site, session.visitor)


def check_origin(request: Request, kit: Context, site: Site) -> None:
    """Raises Problem 403 unless the page that asks may act for this site."""
    origin = request.headers.get("origin", "").lower()
    if not belongs(origin, site, request.scope, kit.settings.public_url):
        raise refusal(origin)


Visiting = Annotated[Visit, Depends(visit)]


@dataclass(frozen=True)
class Talk:
    """A visitor's own conversation."""

    conversation: str
    site: Site
    visitor: str


async def talk(conversation: ConversationId, kit: Kit, visiting: Visiting) -> Talk:
    """The conversation of the path. Raises Problem 404 when there is none, or it is somebody else's: both look alike."""
    await own(kit, visiting, conversation)
    return Talk(conversation, visiting.site, visiting.visitor)


async def own(kit: Context, visiting: Visit, conversation: str) -> None:
    """Raises Problem 404 unless the conversation is this visitor's on this site."""
    owner = await anyio.to_thread.run_sync(kit.store.owner, conversation)
    if owner != (visiting.site.key, visiting.visitor):
        raise Problem(404, "conversation", "没有这段对话，它可能已经删除。")


Talking = Annotated[Talk, Depends(talk)]
