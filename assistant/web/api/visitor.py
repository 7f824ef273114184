"""A visitor's conversations: begin one, list them, delete one, delete everything."""

from functools import partial
from typing import Any

import anyio.to_thread
from fastapi import APIRouter
from starlette.responses import Response

from assistant.store.ids import new_id
from assistant.store.presence import known
from assistant.web.api.context import Context, Kit, Talking, Visit, Visiting
from assistant.web.api.models import Begin, Begun, ConversationTold, Erased
from assistant.web.api.refusals import ALWAYS, told
from assistant.web.problems import Problem

router = APIRouter(tags=["对话与我的数据"])
_ERASING = "这位访客的全部对话、计算、评价、留言和文件都删掉，不能恢复；之后要用请重新打开会话。"


@router.post(
    "/conversations", status_code=201, response_model=Begun, responses=told(*ALWAYS), summary="开一段新对话",
)
async def begin(asked: Begin, visiting: Visiting, kit: Kit) -> dict[str, str]:
    """Its id."""
    audience = asked.audience or visiting.site.audience
    return {"conversation": await anyio.to_thread.run_sync(_begin, kit, visiting, audience)}


@router.get(
    "/conversations", response_model=list[ConversationTold], responses=told(*ALWAYS), summary="我的对话",
)
async def conversations(visiting: Visiting, kit: Kit) -> list[dict[str, Any]]:
    """Those in which something was asked, the last first."""
    rows = await anyio.to_thread.run_sync(kit.store.conversations, visiting.visitor)
    return [
        {"id": row.id, "started_at": row.started_at, "updated_at": row.updated_at, "title": row.title} for row in rows
    ]


@router.delete("/conversations/{conversation}", status_code=204, responses=told(*ALWAYS, 404), summary="删除一段对话")
async def delete(talking: Talking, kit: Kit) -> Response:
    """Nothing is left of it."""
    await anyio.to_thread.run_sync(kit.engine.forget, talking.conversation)
    return Response(status_code=204)


@router.post(
    "/conversations/{conversation}/forget", status_code=204, responses=told(*ALWAYS, 404), summary="删除一段对话（POST）",
)
async def delete_by_post(talking: Talking, kit: Kit) -> Response:
    """The same for browsers."""
    return await delete(talking, kit)


@router.delete("/visitor", response_model=Erased, responses=told(*ALWAYS), summary="删除我的数据", description=_ERASING)
async def erase(visiting: Visiting, kit: Kit) -> dict[str, int]:
    """What was deleted."""
    return dict(await anyio.to_thread.run_sync(kit.store.erase, visiting.visitor))


@router.post(
    "/visitor/erase", response_model=Erased, responses=told(*ALWAYS), summary="删除我的数据（POST）", description=_ERASING,
)
async def erase_by_post(visiting: Visiting, kit: Kit) -> dict[str, int]:
    """The same for browsers."""
    return await erase(visiting, kit)


def _begin(kit: Context, visiting: Visit, audience: str) -> str:
    if not kit.store.read(partial(known, visitor=visiting.visitor)):
        raise Problem(401, "token", "这位访客的数据已经删除，请重新打开对话。", {"WWW-Authenticate": "Bearer"})
    conversation = new_id()
    kit.store.open(conversation, visiting.site.key, visiting.visitor, audience)
    return conversation
