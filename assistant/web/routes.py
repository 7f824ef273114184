"""The small routes the page's script calls: compute a card again, take a paper as a file, keep a thumb."""

import json
from datetime import date
from typing import Any

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import AssistantError, InvalidInput
from assistant.web.cards import figure, stamp
from assistant.web.contract import Engine, Thumb
from assistant.web.filling import MOST_INPUTS, UNREADABLE, Format, Sent, inputs, paper

MAX_BODY_BYTES = 32_768


class Recalculation(BaseModel):
    """The figures of one card. Dates come as {"date": "2026-11-23"}, lists as lists."""

    model_config = ConfigDict(extra="forbid")

    metric: str = Field(min_length=1, max_length=80)
    label: str = Field(default="", max_length=200)
    """what the card calls its result; another result is not shown under that name"""
    inputs: dict[str, Sent] = Field(max_length=MOST_INPUTS)
    day: date | None = None


class Taking(BaseModel):
    """A paper as a file: which guide, what it was filled with, and in which form."""

    model_config = ConfigDict(extra="forbid")

    guide: str = Field(min_length=1, max_length=80)
    given: dict[str, dict[str, Sent]] = Field(default_factory=dict, max_length=MOST_INPUTS)
    day: date | None = None
    format: Format


class Feedback(BaseModel):
    """A thumb for one answer."""

    model_config = ConfigDict(extra="forbid")

    conversation: str = Field(min_length=1, max_length=80)
    question: str = Field(min_length=1, max_length=8_000)
    thumb: Thumb
    reason: str = Field(default="", max_length=2_000)


def routes(engine: Engine) -> APIRouter:
    """The routes, bound to one engine."""
    router = APIRouter(prefix="/api")

    @router.post("/recalculate")
    async def recalculate(request: Request) -> JSONResponse:
        try:
            asked = Recalculation.model_validate(await _json(request))
            computed = engine.recalculate(asked.metric, inputs(asked.inputs), asked.day)
            if asked.label and computed.label != asked.label:
                raise InvalidInput("这个结果不能直接改数，请按新数重新回答。")
        except (AssistantError, ValidationError) as error:
            return _refusal(error)
        mark = stamp(computed.verdict, computed.verdict_word)
        return JSONResponse({"said": computed.said, "figure": figure(computed.said), "stamp": mark})

    @router.post("/draft")
    async def draft(request: Request) -> Response:
        try:
            taking = Taking.model_validate(await _json(request))
            return await anyio.to_thread.run_sync(paper, engine, taking.guide, taking.given, taking.day, taking.format)
        except (AssistantError, ValidationError) as error:
            return _refusal(error)

    @router.post("/feedback")
    async def feedback(request: Request) -> JSONResponse:
        try:
            given = Feedback.model_validate(await _json(request))
            await anyio.to_thread.run_sync(
                engine.feedback, given.conversation, given.question, given.thumb, given.reason
            )
        except (AssistantError, ValidationError) as error:
            return _refusal(error)
        return JSONResponse({"kept": True})

    return router


def _refusal(error: AssistantError | ValidationError) -> JSONResponse:
    sentence = str(error) if isinstance(error, AssistantError) else UNREADABLE
    return JSONResponse({"error": sentence}, status_code=422)


async def _json(request: Request) -> Any:
    """The body as JSON. Only application/json is read, so no plain form of another site can post here."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise InvalidInput("请求应为 JSON。")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise InvalidInput("内容太长，请删减后再试。")
    try:
        return json.loads(body)
    except ValueError:
        raise InvalidInput("请求应为 JSON。") from None
