"""A thumb for an answer, with a reason when it is down."""

from datetime import UTC, datetime
from functools import partial

import anyio.to_thread
from fastapi import APIRouter
from starlette.responses import Response

from assistant.store.ratings import rate
from assistant.web.api.context import Kit, Talking, TurnId
from assistant.web.api.models import ThumbGiven
from assistant.web.api.refusals import ALWAYS, told
from assistant.web.problems import Problem

router = APIRouter(tags=["问答"])


@router.post(
    "/conversations/{conversation}/turns/{turn}/feedback", status_code=204, responses=told(*ALWAYS, 404), summary="评价回答",
)
async def thumb(talking: Talking, turn: TurnId, given: ThumbGiven, kit: Kit) -> Response:
    """Nothing to say but thanks."""
    job = partial(
        rate, conversation=talking.conversation, turn=turn, thumb=given.thumb, reason=given.reason, now=datetime.now(UTC)
    )
    if not await anyio.to_thread.run_sync(kit.store.write, job):
        raise Problem(404, "turn", "没有这一问，它可能已经删除。")
    return Response(status_code=204)
