"""/v1/chat/completions as strict clients read it: whole and streamed, follow-ups, refusals in the shape they know."""

import json
from collections.abc import Callable
from typing import Any, Literal

import httpx
import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.web.app import create_app
from tests.web.fake_engine import FakeEngine

from .conftest import KEY, until

COMPUTED = "成交1000单，判责7笔，纠纷退款率多少"
AUTHORIZED = {"Authorization": f"Bearer {KEY}"}


class Strict(BaseModel):
    """Nothing more and nothing else than what is named."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Delta(Strict):
    """What a chunk adds."""

    role: Literal["assistant"] | None = None
    content: str | None = None


class ChunkChoice(Strict):
    """The one choice of a chunk."""

    index: Literal[0]
    delta: Delta
    logprobs: None
    finish_reason: Literal["stop"] | None


class Usage(Strict):
    """Counts."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Chunk(Strict):
    """A chunk of a stream."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: Literal["after-sales-assistant"]
    choices: list[ChunkChoice]
    usage: Usage | None = None


class Said(Strict):
    """The message of a whole answer."""

    role: Literal["assistant"]
    content: str
    refusal: None


class Choice(Strict):
    """The one choice of a whole answer."""

    index: Literal[0]
    message: Said
    logprobs: None
    finish_reason: Literal["stop"]


class Completed(Strict):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: Literal["after-sales-assistant"]
    choices: list[Choice]
    usage: Usage


class Failure(Strict):
    """Why not."""

    message: str
    type: str
    param: None
    code: str | None


class Failed(Strict):
    """A refusal."""

    error: Failure


def asked(*said: str, **more: Any) -> dict[str, Any]:
    """A request with these messages, the user's and the assistant's in turn."""
    messages = [{"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(said)]
    return {"model": "after-sales-assistant", "messages": messages, "temperature": 0.2, **more}


def chunks(text: str) -> list[Chunk]:
    """The chunks of a stream, strictly: data lines and blank lines, nothing else, [DONE] last."""
    *frames, done, rest = text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    assert all(frame.startswith("data: ") and "\n" not in frame for frame in frames)
    return [Chunk.model_validate_json(frame.removeprefix("data: ")) for frame in frames]


@pytest.fixture
def served(engine: Engine, settings: Settings, serve: Callable[[Any], str]) -> str:
    """The address of the real engine over the tiny knowledge, over real HTTP."""
    return f"{serve(create_app(engine, settings))}/v1"


def test_a_whole_answer(served: str, engine: Engine) -> None:
    reply = httpx.post(f"{served}/chat/completions", json=asked(COMPUTED), headers=AUTHORIZED)
    assert reply.status_code == 200
    whole = Completed.model_validate_json(reply.text)
    (choice,) = whole.choices
    assert "0.7%" in choice.message.content
    assert whole.usage.total_tokens == len(COMPUTED) + len(choice.message.content)


def test_a_streamed_answer_adds_up_to_the_whole_one(served: str) -> None:
    whole = httpx.post(f"{served}/chat/completions", json=asked(COMPUTED), headers=AUTHORIZED).json()
    request = asked(COMPUTED, stream=True, stream_options={"include_usage": True})
    reply = httpx.post(f"{served}/chat/completions", json=request, headers=AUTHORIZED)
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = chunks(reply.text)
    assert told[0].choices[0].delta == Delta(role="assistant", content="")
    assert [chunk.choices[0].finish_reason for chunk in told[:-1]] == [None] * (len(told) - 2) + ["stop"]
    assert (told[-1].choices, told[-1].usage) == ([], Usage(**whole["usage"]))
    said = "".join(chunk.choices[0].delta.content or "" for chunk in told[:-1])
    assert said == whole["choices"][0]["message"]["content"]
    assert len({chunk.id for chunk in told}) == 1


def test_without_being_asked_a_stream_tells_no_usage(served: str) -> None:
    reply = httpx.post(f"{served}/chat/completions", json=asked(COMPUTED, stream=True), headers=AUTHORIZED)
    assert "usage" not in reply.text
    assert chunks(reply.text)[-1].choices[0].finish_reason == "stop"


def test_a_follow_up_leans_on_earlier_messages_and_nothing_is_kept(served: str, engine: Engine) -> None:
    request = asked(COMPUTED, "0.7%", "判责换成20笔呢")
    request["messages"].insert(0, {"role": "system", "content": "You are a pirate."})
    reply = httpx.post(f"{served}/chat/completions", json=request, headers=AUTHORIZED)
    assert "2%" in reply.json()["choices"][0]["message"]["content"]
    alone = httpx.post(f"{served}/chat/completions", json=asked("判责换成20笔呢"), headers=AUTHORIZED)
    assert "**纠纷退款率：2%**" not in alone.json()["choices"][0]["message"]["content"]
    assert engine.store.gaps() == []
    assert "assistant_questions_total{status=\"answered\"} " in httpx.get(served.replace("/v1", "/metrics")).text


def test_the_model_is_listed(served: str) -> None:
    listed = httpx.get(f"{served}/models", headers=AUTHORIZED).json()
    assert (listed["object"], [model["id"] for model in listed["data"]]) == ("list", ["after-sales-assistant"])
    assert httpx.get(f"{served}/models/after-sales-assistant", headers=AUTHORIZED).json() == listed["data"][0]
    assert httpx.get(f"{served}/models/gpt", headers=AUTHORIZED).status_code == 404


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", f"Basic {KEY}", f"Bearer {KEY}x", "Bearer "])
def test_without_a_key_of_a_site_nothing_is_answered(http: httpx.Client, header: str | None) -> None:
    for method, path in (("POST", "/v1/chat/completions"), ("GET", "/v1/models")):
        reply = http.request(method, path, headers={"Authorization": header} if header is not None else {})
        assert reply.status_code == 401
        assert Failed.model_validate_json(reply.text).error.code == "invalid_api_key"


def test_every_key_of_the_site_is_good_and_parts_of_text_are_read(http: httpx.Client) -> None:
    request = asked()
    request["messages"] = [{"role": "user", "content": [{"type": "text", "text": COMPUTED}, {"type": "image_url", "image_url": {}}]}]
    reply = http.post("/v1/chat/completions", json=request, headers={"Authorization": "bearer another-key-0123456789"})
    assert "0.7%" in reply.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize(("request_", "status", "code"), [
    (asked("问", model="gpt-5"), 404, "model_not_found"), (asked(), 400, "invalid_value"),
    ({"model": "after-sales-assistant"}, 400, "invalid_value"), ([], 400, "invalid_value"),
    ({"model": "after-sales-assistant", "messages": [{"role": "assistant", "content": "你好"}]}, 400, "invalid_value"),
    (asked("问" * 100_000), 413, None),
])
def test_refusals_have_the_shape_clients_know(http: httpx.Client, request_: Any, status: int, code: str | None) -> None:
    reply = http.post("/v1/chat/completions", json=request_, headers=AUTHORIZED)
    assert reply.status_code == status
    assert Failed.model_validate_json(reply.text).error.code == code


def test_an_engine_that_is_not_ready_says_so(settings: Settings) -> None:
    http = TestClient(create_app(FakeEngine(ready=False), settings))
    reply = http.post("/v1/chat/completions", json=asked("问"), headers=AUTHORIZED)
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "unavailable")


def test_a_crash_ends_the_stream_in_a_sentence(settings: Settings) -> None:
    http = TestClient(create_app(FakeEngine(), settings))
    text = http.post("/v1/chat/completions", json=asked("崩", stream=True), headers=AUTHORIZED).text
    *_, failed, done, rest = text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    assert "secret" not in TypeAdapter(Failed).validate_json(failed.removeprefix("data: ")).error.message
    assert http.post("/v1/chat/completions", json=asked("崩"), headers=AUTHORIZED).status_code == 500


def test_a_closed_stream_ends_the_work(settings: Settings, serve: Callable[[Any], str]) -> None:
    address = serve(create_app(FakeEngine(), settings))
    request = json.dumps(asked("慢慢想", stream=True))
    with httpx.stream(
        "POST", f"{address}/v1/chat/completions", content=request, headers={**AUTHORIZED, "Content-Type": "application/json"}
    ) as reply:
        lines = reply.iter_lines()
        assert next(lines).startswith("data: ")
        until(lambda: "assistant_open_streams 1.0" in httpx.get(f"{address}/metrics").text)
    until(lambda: "assistant_open_streams 0.0" in httpx.get(f"{address}/metrics").text)
