"""The small routes the page's script calls: compute a card again, take a paper as a file, keep a thumb."""

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.drafting import Draft
from assistant.errors import AssistantError, InvalidInput
from assistant.paper import WORD, to_word
from assistant.web.cards import figure, stamp
from assistant.web.contract import Engine, Thumb

MAX_BODY_BYTES = 32_768
MAX_INPUTS = 40
MARKDOWN = "text/markdown; charset=utf-8"

Sent: TypeAlias = float | str | list[float] | dict[str, date] | None
"""an input as the page sends it: {"date": "2026-11-23"} for a day"""


class Recalculation(BaseModel):
    """The figures of one card. Dates come as {"date": "2026-11-23"}, lists as lists."""

    model_config = ConfigDict(extra="forbid")

    metric: str = Field(min_length=1, max_length=80)
    label: str = Field(default="", max_length=200)
    """what the card calls its result; another result is not shown under that name"""
    inputs: dict[str, Sent] = Field(max_length=MAX_INPUTS)
    day: date | None = None


class Taking(BaseModel):
    """A paper as a file: which guide, what it was filled with, and in which form."""

    model_config = ConfigDict(extra="forbid")

    guide: str = Field(min_length=1, max_length=80)
    given: dict[str, dict[str, Sent]] = Field(default_factory=dict, max_length=MAX_INPUTS)
    day: date | None = None
    format: Literal["md", "docx"]


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
            computed = engine.recalculate(asked.metric, _inputs(asked.inputs), asked.day)
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
            given = {id: _inputs(inputs) for id, inputs in taking.given.items()}
            return await anyio.to_thread.run_sync(_file, engine, taking, given)
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


def _file(engine: Engine, taking: Taking, given: Mapping[str, Mapping[str, Any]]) -> Response:
    """The paper, rendered again here: what the page shows is not what is handed out."""
    made: Draft = engine.draft(taking.guide, given, taking.day)
    word = taking.format == "docx"
    content = to_word(made.markdown, made.title) if word else made.markdown.encode()
    name = f"{made.name}.{taking.format}"
    headers = {
        # RFC 5987: the plain name is for those who cannot read the other
        "Content-Disposition": f"attachment; filename=\"{made.guide}.{taking.format}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=WORD if word else MARKDOWN, headers=headers)


def _refusal(error: AssistantError | ValidationError) -> JSONResponse:
    sentence = str(error) if isinstance(error, AssistantError) else "这些数字没有填对，请核对后再试。"
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


def _inputs(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a metric takes: numbers, words, lists as tuples, dates."""
    inputs: dict[str, Any] = {}
    for name, value in raw.items():
        if value is None:
            continue
        numbers = value if isinstance(value, list) else [value]
        if any(isinstance(number, float) and not math.isfinite(number) for number in numbers):
            raise InvalidInput("这些数字没有填对，请核对后再试。")
        if isinstance(value, dict):
            inputs[name] = next(iter(value.values()), None)
        else:
            inputs[name] = tuple(value) if isinstance(value, list) else value
    return inputs
