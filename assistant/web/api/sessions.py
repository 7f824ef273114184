"""Open a session: who comes, on which site, and what has been said so far."""

from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request

from assistant.sites import Site
from assistant.tokens import Session, TokenRefused, identity
from assistant.web.api.context import Context, Kit, check_origin
from assistant.web.api.history import hours, latest, state
from assistant.web.api.models import Opened, Opening
from assistant.web.api.refusals import told
from assistant.web.entering import enter, resume
from assistant.web.guarding.rates import address_of
from assistant.web.problems import Problem

router = APIRouter(tags=["会话"])


@router.post(
    "/sessions", status_code=201, response_model=Opened, responses=told(401, 403, 404, 413, 422, 429), summary="打开会话",
    description="带上次的访客密钥和对话编号，就接着原来的对话；返回的 token 只在这个站点有效，过期后再来这里换。",
)
async def open_session(request: Request, asked: Opening, kit: Kit) -> dict[str, Any]:
    """A token, and all the widget needs to draw itself."""
    site = kit.sites.get(asked.site)
    if site is None:
        raise Problem(404, "site", "没有这个站点，请检查嵌入代码里的站点名。")
    check_origin(request, kit, site)
    await kit.rates.session(site, address_of(request.scope))
    return await anyio.to_thread.run_sync(_open, kit, site, asked)


def _open(kit: Context, site: Site, asked: Opening) -> dict[str, Any]:
    audience = asked.audience or site.audience
    secret: str | None = None
    if asked.identity is not None:
        # the host site vouches anew each time: its visitors get no secret that would do without it
        visitor = _vouched(kit, site, asked.identity)
        conversation = resume(kit.store, site.key, visitor, asked.conversation, audience)
    else:
        entered = enter(kit.store, site.key, asked.visitor, asked.conversation, audience)
        visitor, secret, conversation = entered.visitor, entered.secret, entered.conversation
    return {
        "token": kit.tokens.issue(Session(site.key, visitor)), "expires_in": kit.tokens.seconds, "visitor": secret,
        "conversation": conversation, "checked_on": kit.engine.checked_on, "site": _told(kit, site, audience),
        "handoff": state(kit.desk, conversation), **latest(kit, conversation),
    }


def _vouched(kit: Context, site: Site, token: str) -> str:
    try:
        return kit.store.visitor_by_subject(site.key, identity(token, site.key, site.identity_secret))
    except TokenRefused as error:
        raise Problem(401, "identity", str(error)) from error


def _told(kit: Context, site: Site, audience: str) -> dict[str, Any]:
    return {
        "key": site.key, "name": site.name, "audience": audience, "theme": site.theme.model_dump(),
        "greeting": site.greeting, "starters": list(kit.engine.starters.get(audience, ())),
        "hours": hours(kit.desk, site.key), "handoff": kit.desk is not None and site.handoff.enabled,
    }
