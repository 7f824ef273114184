"""The assistant behind the interface many chat programs speak: /v1/chat/completions and /v1/models.

A site's API key is its identity; nothing of a conversation is kept, the program sends all of it each time.
"""

import hmac
import json
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from hashlib import sha256
from typing import Annotated, Any, Literal, cast

import anyio.to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from assistant.answer import Cited, Event, as_json, markdown, sources
from assistant.errors import AssistantError
from assistant.sites import Site
from assistant.store import IN_MEMORY, Store
from assistant.store.ids import new_id
from assistant.web.api.context import Context, Kit
from assistant.web.api.stream import EventStream, collected
from assistant.web.guarding.crashes import CrashLog
from assistant.web.guarding.sizes import BodyLimit
from assistant.web.problems import Problem

log = logging.getLogger(__name__)

MODEL = "after-sales-assistant"
LARGEST_BODY = 256 * 1024
MOST_REPLAYED = 12
FAILED = "这次没有答上来，请稍后再试。"
_TYPES = {401: "invalid_request_error", 404: "invalid_request_error", 429: "requests", 500: "server_error", 503: "server_error"}


class Part(BaseModel):
    """A piece of a message; only text is read."""

    type: str
    text: str | None = None


class Message(BaseModel):
    """One message of the conversation. What the user said counts, the rest is context for models only."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream tells besides the answer."""

    include_usage: bool | None = False


class Completion(BaseModel):
    """A request. Parameters that steer a model have nothing to steer here and are ignored."""

    model: str = Field(max_length=200)
    messages: list[Message] = Field(min_length=1, max_length=500)
    stream: bool | None = False
    stream_options: StreamOptions | None = None

    def questions(self) -> list[str]:
        """What the user asked, oldest first."""
        return [message.text for message in self.messages if message.role == "user" and message.text.strip()]


def create(kit: Context) -> ASGIApp:
    """The application, to be mounted under /v1."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.context = kit
    memory = Store(IN_MEMORY)
    _install_refusals(app)

    @app.get("/models")
    async def models(site: Keyed) -> dict[str, Any]:
        return {"object": "list", "data": [_MODEL_TOLD]}

    @app.get("/models/{name}")
    async def model(name: str, site: Keyed) -> dict[str, Any]:
        _check_model(name)
        return _MODEL_TOLD

    @app.post("/chat/completions")
    async def complete(request: Request, asked: Completion, site: Keyed, kit: Kit) -> Response:
        _check_model(asked.model)
        questions = asked.questions()
        if not questions:
            raise Problem(400, "invalid_value", "messages 里要有一条 role 为 user 的文字。")
        await kit.rates.program(site)
        if not kit.engine.ready:
            raise Problem(503, "unavailable", "检索还没有准备好，请稍后再试。", {"Retry-After": "5"})
        stream = _events(kit, site, questions, memory)
        head = {"id": f"chatcmpl-{secrets.token_urlsafe(18)}", "created": int(time.time()), "model": MODEL}
        if asked.stream:
            usage = asked.stream_options is not None and bool(asked.stream_options.include_usage)
            return EventStream(_chunks(stream, head, questions, usage))
        return JSONResponse(_whole(await collected(request.receive, stream), head, questions))

    return BodyLimit(CrashLog(app), _told(413, "内容太大。", None), LARGEST_BODY, {})


_MODEL_TOLD = {"id": MODEL, "object": "model", "created": 1767225600, "owned_by": "after-sales-assistant"}


async def _keyed(request: Request, kit: Kit) -> Site:
    """The site whose API key the request carries; all keys are compared, each in the same time."""
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    given = sha256(key.strip().encode()).digest()
    found: Site | None = None
    for site in kit.sites.by_key.values():
        for known in site.api_keys:
            if hmac.compare_digest(given, sha256(known.encode()).digest()):
                found = site
    if kind.lower() != "bearer" or found is None:
        raise Problem(401, "invalid_api_key", "API 密钥不对。")
    return found


Keyed = Annotated[Site, Depends(_keyed)]


def _check_model(name: str) -> None:
    if name != MODEL:
        raise Problem(404, "model_not_found", f"没有这个模型，请用 {MODEL}。")


async def _events(kit: Context, site: Site, questions: list[str], memory: Store) -> AsyncGenerator[Event]:
    """The events of the last question, after the earlier ones were read again in a conversation that is in memory only."""
    conversation = new_id()
    engine = kit.engine.keeping_in(memory)

    def ask(question: str) -> AsyncGenerator[Event]:
        return cast(AsyncGenerator[Event], engine.ask(conversation, question, audience=site.audience))

    try:
        for earlier in questions[-MOST_REPLAYED - 1 : -1]:
            async with aclosing(ask(earlier)) as replayed:
                async for _ in replayed:
                    pass
        async with (
            kit.streaming(conversation), aclosing(ask(questions[-1])) as stream, aclosing(kit.measures.answered(stream)) as measured,
        ):
            async for event in measured:
                yield event
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(memory.forget, conversation)


def _whole(events: list[Event], head: dict[str, Any], questions: list[str]) -> dict[str, Any]:
    text = "\n\n".join(_pieces(events))
    choice = {
        "index": 0, "message": {"role": "assistant", "content": text, "refusal": None}, "logprobs": None, "finish_reason": "stop",
    }
    return {**head, "object": "chat.completion", "choices": [choice], "usage": _usage(questions, text)}


async def _chunks(
    stream: AsyncGenerator[Event], head: dict[str, Any], questions: list[str], usage: bool
) -> AsyncGenerator[bytes]:
    def chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _data({**head, "object": "chat.completion.chunk", "choices": [choice], **({"usage": None} if usage else {})})

    said = ""
    yield chunk({"role": "assistant", "content": ""})
    async with aclosing(stream):
        try:
            async for event in stream:
                for piece in _pieces([event]):
                    added = f"\n\n{piece}" if said else piece
                    said += added
                    yield chunk({"content": added})
        except Exception as error:
            if not isinstance(error, AssistantError):
                log.exception("an answer failed")
            told = str(error) if isinstance(error, AssistantError) else FAILED
            yield _data(_refusal(told, "server_error", "failed"))
        else:
            yield chunk({}, "stop")
            if usage:
                yield _data({**head, "object": "chat.completion.chunk", "choices": [], "usage": _usage(questions, said)})
    yield b"data: [DONE]\n\n"


def _pieces(events: list[Event]) -> Iterator[str]:
    """What is said, in order; the sources are told as a list where they come."""
    for event in events:
        text = markdown([event])
        if isinstance(event, Cited) and event.citations:
            text = f"依据\n{sources(as_json([event])['citations'])}"
        if text:
            yield text


def _usage(questions: list[str], text: str) -> dict[str, int]:
    """There are no tokens here: characters are counted, so that a program that adds them up has something to add."""
    asked = sum(map(len, questions))
    return {"prompt_tokens": asked, "completion_tokens": len(text), "total_tokens": asked + len(text)}


def _data(told: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(told, ensure_ascii=False, separators=(',', ':'))}\n\n".encode("utf-8", "replace")


def _refusal(sentence: str, kind: str, code: str | None) -> dict[str, Any]:
    return {"error": {"message": sentence, "type": kind, "param": None, "code": code}}


def _told(status: int, sentence: str, code: str | None, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(_refusal(sentence, _TYPES.get(status, "invalid_request_error"), code), status, headers)


def _install_refusals(app: FastAPI) -> None:
    @app.exception_handler(AssistantError)
    async def refused(request: Request, error: AssistantError) -> JSONResponse:
        if isinstance(error, Problem):
            return _told(error.status, str(error), "rate_limit_exceeded" if error.status == 429 else error.code, error.headers)
        return _told(503, str(error), "unavailable")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        field = ".".join(str(part) for part in error.errors()[0]["loc"][1:])
        return _told(400, f"{field or '请求'} 填得不对。", "invalid_value")

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> JSONResponse:
        return _told(error.status_code, "内容太大。" if error.status_code == 413 else "没有这个地址。", None)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        return _told(500, FAILED, "failed")
