"""Ask, and read what was asked before."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any, cast

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from assistant.answer import Accepted, Event, as_json
from assistant.errors import AssistantError
from assistant.web.api.context import Context, Kit, Talk, Talking
from assistant.web.api.history import history
from assistant.web.api.models import Answer, History, Question, Since
from assistant.web.api.refusals import ALWAYS, FAILED, told
from assistant.web.api.stream import MEDIA_TYPE, EventStream, collected, frame
from assistant.wire import to_wire

log = logging.getLogger(__name__)
router = APIRouter(tags=["问答"])
_ASKING = (
    "Accept 里有 text/event-stream 时逐个事件流出（accepted 是第一个，收到它时问题已经落盘；done 是最后一个；出错是 error），"
    "否则等答完一次返回。连接一断，计算就停。"
)


@router.post(
    "/conversations/{conversation}/turns", response_model=Answer, summary="提问", description=_ASKING,
    responses={**told(*ALWAYS, 404, 503), 200: {"content": {MEDIA_TYPE: {}}, "description": "答案"}},
)
async def ask(request: Request, talking: Talking, asked: Question, kit: Kit) -> Response:
    """The answer, as a stream or whole."""
    await kit.rates.question(talking.site, talking.visitor)
    kit.check_streams(talking.visitor)
    audience = asked.audience or talking.site.audience
    stream = _events(kit, talking, asked.question, audience)
    if MEDIA_TYPE in request.headers.get("accept", ""):
        return EventStream(_frames(stream))
    return await _whole(request, stream, talking.conversation)


@router.get(
    "/conversations/{conversation}/turns", response_model=History, responses=told(*ALWAYS, 404), summary="对话里说过的",
)
async def turns(talking: Talking, since: Annotated[Since, Query()], kit: Kit) -> dict[str, Any]:
    """Turns and messages behind a point."""
    return await anyio.to_thread.run_sync(history, kit, talking.conversation, since)


@router.post(
    "/conversations/{conversation}/history", response_model=History, responses=told(*ALWAYS, 404), summary="对话里说过的（POST）",
    description="与 GET /conversations/{conversation}/turns 相同；浏览器同源的 GET 不带 Origin，所以有这个。",
)
async def turns_by_post(talking: Talking, since: Since, kit: Kit) -> dict[str, Any]:
    """The same for browsers."""
    return await anyio.to_thread.run_sync(history, kit, talking.conversation, since)


async def _events(kit: Context, talking: Talk, question: str, audience: str) -> AsyncGenerator[Event]:
    """The engine's events, counted, within the visitor's share of streams. Closing it closes the engine's stream."""
    async with kit.streaming(talking.visitor):
        stream = cast(AsyncGenerator[Event], kit.engine.ask(talking.conversation, question, audience=audience))
        async with aclosing(stream), aclosing(kit.measures.answered(stream)) as measured:
            async for event in measured:
                yield event


async def _frames(stream: AsyncGenerator[Event]) -> AsyncGenerator[bytes]:
    turn, count = "", 0
    async with aclosing(stream):
        try:
            async for event in stream:
                if isinstance(event, Accepted):
                    turn = event.turn
                count += 1
                data = to_wire(event)
                yield frame(data["type"], data, f"{turn}-{count}")
        except AssistantError as error:
            yield frame("error", {"message": str(error)})
        except Exception:
            log.exception("an answer failed")
            yield frame("error", {"message": FAILED})


async def _whole(request: Request, stream: AsyncGenerator[Event], conversation: str) -> Response:
    events = await collected(request.receive, stream)
    turn = next((event.turn for event in events if isinstance(event, Accepted)), "")
    told_whole = {**as_json(events), "turn": turn, "conversation": conversation, "events": [to_wire(event) for event in events]}
    return JSONResponse(told_whole, headers={"Cache-Control": "no-store"})
