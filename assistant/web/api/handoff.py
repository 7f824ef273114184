"""Bring a person in, talk to them, and hear of what they write."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, cast

import anyio.to_thread
from fastapi import APIRouter, Query
from starlette.responses import Response

from assistant.sites import Site
from assistant.web.api.context import Context, Kit, Talking
from assistant.web.api.history import hours, state
from assistant.web.api.models import After, HandoffAsked, HandoffNow, HandoffOpened, Message, Saying
from assistant.web.api.refusals import ALWAYS, told
from assistant.web.api.stream import MEDIA_TYPE, EventStream, frame
from assistant.web.contract import Desk
from assistant.web.problems import Problem

router = APIRouter(tags=["人工"])
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {}}, "description": "message、handoff、typing 事件"}
}


def _desk(kit: Context, site: Site) -> Desk:
    if kit.desk is None or not site.handoff.enabled:
        raise Problem(409, "handoff", "这个站点没有开通人工。")
    return kit.desk


@router.post(
    "/conversations/{conversation}/handoff", status_code=201, response_model=HandoffOpened,
    responses=told(*ALWAYS, 404, 409), summary="转人工",
    description="把问题、算过的数、引用的规则和对话整理好交给人；packet 是转过去的内容，原样给访客看。下班时间就是留言。",
)
async def hand_over(talking: Talking, asked: HandoffAsked, kit: Kit) -> dict[str, Any]:
    """What was handed over."""
    desk = _desk(kit, talking.site)
    await kit.rates.question(talking.site, talking.visitor)

    def opened() -> dict[str, Any]:
        made = desk.open(talking.conversation, asked.reason, asked.contact, asked.note, asked.attach)
        return {"handoff": made, "hours": desk.hours(talking.site.key), "packet": made["packet"]}

    answer = await anyio.to_thread.run_sync(opened)
    kit.measures.handed_off(asked.reason)
    return answer


@router.get(
    "/conversations/{conversation}/handoff", response_model=HandoffNow, responses=told(*ALWAYS, 404), summary="人工的状态",
)
async def handoff_now(talking: Talking, kit: Kit) -> dict[str, Any]:
    """Where the hand-off stands."""
    return await anyio.to_thread.run_sync(
        lambda: {"handoff": state(kit.desk, talking.conversation), "hours": hours(kit.desk, talking.site.key)}
    )


@router.post(
    "/conversations/{conversation}/messages", status_code=201, response_model=Message, responses=told(*ALWAYS, 404, 409),
    summary="对人工说",
)
async def say(talking: Talking, asked: Saying, kit: Kit) -> dict[str, Any]:
    """The message as it was kept."""
    desk = _desk(kit, talking.site)
    await kit.rates.question(talking.site, talking.visitor)
    return await anyio.to_thread.run_sync(desk.say, talking.conversation, asked.text)


@router.post(
    "/conversations/{conversation}/watch", response_class=Response, responses={**told(*ALWAYS, 404, 409), **_STREAM},
    summary="等人工的消息", description="SSE，一直开着：message 是新消息，handoff 是接手或结束，typing 是对方正在写；每15秒一条注释保活。",
)
async def watch(talking: Talking, after: After, kit: Kit) -> Response:
    """The stream."""
    desk = _desk(kit, talking.site)
    kit.check_streams(talking.visitor)
    return EventStream(_frames(kit, talking.visitor, desk.watch(talking.conversation, after.after_message)))


@router.get(
    "/conversations/{conversation}/watch", response_class=Response, responses={**told(*ALWAYS, 404, 409), **_STREAM},
    summary="等人工的消息（GET）",
)
async def watch_by_get(talking: Talking, after: Annotated[After, Query()], kit: Kit) -> Response:
    """The same."""
    return await watch(talking, after, kit)


async def _frames(kit: Context, visitor: str, told: AsyncIterator[dict[str, Any]]) -> AsyncGenerator[bytes]:
    async with kit.streaming(visitor), aclosing(cast(AsyncGenerator[dict[str, Any]], told)) as stream:
        async for event in stream:
            data = {name: value for name, value in event.items() if name != "type"}
            yield frame(event["type"], data, f"m{event['seq']}" if "seq" in event else "")
