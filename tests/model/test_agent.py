"""What a model says becomes pieces, whatever is wrong with it becomes ModelFailed, and leaving it ends its request."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, cast

import anyio
import anyio.to_thread
import pytest
from langchain_core.callbacks import AsyncCallbackHandler

from assistant.agent import MOST_CALLS, model_answerer
from assistant.answer import Event, Turn
from assistant.briefing import readable
from assistant.errors import ModelFailed
from assistant.library import Library
from assistant.models import chat_model
from assistant.pieces import Computed, Finished, ModelAnswerer, ModelPiece, Read, Said, Used
from assistant.scripted import Call, Fail, HangUp, Raw, Say, Scripted, Step, Wait
from assistant.settings import Settings

from .conftest import KEY, MakeTurn

FIGURES = {"liable_refunds": 7, "paid_suborders": 12000}
SOON = 1.0


@pytest.fixture
def answerer(model_settings: Settings, tiny: Library) -> ModelAnswerer:
    """The agent over the scripted server."""
    return model_answerer(chat_model(model_settings), tiny)


@pytest.fixture
def asked(make_turn: MakeTurn) -> tuple[Turn, list[Event]]:
    """A question with figures that the composer does not compute."""
    return make_turn("最近一共12000单，里面7单出了事，怎么办", "topic/dispute_advice", "topic/seven_days")


async def pieces(answerer: ModelAnswerer, asked: tuple[Turn, Sequence[Event]]) -> list[ModelPiece]:
    found = []
    async for piece in answerer(*asked, texts(asked[0])):
        found.append(piece)
        if isinstance(piece, Finished):
            piece.go_on.set()
    return found


def texts(turn: Turn) -> dict[str, str]:
    return {document.id: readable(document) for document in turn.documents}


def text(found: list[ModelPiece]) -> str:
    return "".join(piece.chunk for piece in found if isinstance(piece, Said))


async def test_text_comes_in_pieces_and_is_counted(answerer: ModelAnswerer, asked: Any, server: Scripted) -> None:
    server.script = lambda _: [Say("<think>3%？</think>先和解。【topic/dispute_advice】", every=0.005)]
    found = await pieces(answerer, asked)
    assert text(found) == "先和解。【topic/dispute_advice】"
    assert sum(isinstance(piece, Said) for piece in found) > 3
    (used,) = [piece for piece in found if isinstance(piece, Used)]
    assert used.prompt_tokens > 100
    assert used.completion_tokens > 0


LAST = json.dumps({
    "id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m",
    "choices": [{"index": 0, "delta": {"content": "。"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 70, "completion_tokens": 9, "total_tokens": 79},
})


@pytest.mark.parametrize("small", [False, True])
async def test_an_answer_is_complete_before_its_request_is_put_away(
    model_settings: Settings, tiny: Library, asked: Any, server: Scripted, small: bool
) -> None:
    server.script = lambda _: [Say("先和解"), Raw(f"data: {LAST}\n\n".encode()), Wait(10)]
    answerer = model_answerer(chat_model(model_settings), tiny, small=small)
    found = answerer(*asked, texts(asked[0]))
    async with aclosing(cast(Any, found)):
        told = [piece async for piece in until_finished(found)]
        assert server.requests[0].open
    await _ended(server)
    assert text(told) == "先和解。"
    assert Used(70, 9) in told


async def until_finished(found: AsyncIterator[ModelPiece]) -> AsyncIterator[ModelPiece]:
    async for piece in found:
        yield piece
        if isinstance(piece, Finished):
            return


async def test_what_puts_a_request_away_waits_for_a_word(model_settings: Settings, tiny: Library, asked: Any, server: Scripted) -> None:
    ended = Ended()
    model = chat_model(model_settings)
    model.callbacks = [ended]
    at_the_end = []
    async for piece in model_answerer(model, tiny)(*asked, texts(asked[0])):
        if isinstance(piece, Finished):
            await asyncio.sleep(0.1)
            at_the_end.append(ended.runs)
            piece.go_on.set()
    assert (at_the_end, ended.runs) == ([0], 1)


class Ended(AsyncCallbackHandler):
    """Counts the calls that are over."""

    runs = 0

    async def on_llm_end(self, *_: Any, **__: Any) -> None:
        """One more."""
        self.runs += 1


async def test_an_answer_that_uses_tools_is_complete_once(answerer: ModelAnswerer, asked: Any, server: Scripted) -> None:
    server.script = lambda body: [Say("好了。")] if body["messages"][-1]["role"] == "tool" else [Say("看看"), Call("look_up", {"id": "rule/x"})]
    found = await pieces(answerer, asked)
    assert [place for place, piece in enumerate(found) if isinstance(piece, Finished)] == [len(found) - 1]
    assert text(found) == "看看好了。"


async def test_the_model_is_given_documents_with_markers_and_forms(answerer: ModelAnswerer, asked: Any, server: Scripted) -> None:
    await pieces(answerer, asked)
    (request,) = server.requests
    assert asked[0].question in request.prompt
    assert "【topic/dispute_advice】" in request.prompt
    assert "liable_refunds" in request.prompt
    assert "[^" not in request.prompt
    assert {tool["function"]["name"] for tool in request.body["tools"]} == {"compute", "solve", "look_up"}
    assert "runtime" not in str(request.body["tools"])


async def test_tools_are_run_and_their_findings_are_ours(answerer: ModelAnswerer, asked: Any, server: Scripted) -> None:
    def script(body: Any) -> list[Step]:
        tried = sum(message["role"] == "tool" for message in body["messages"])
        return [
            [Call("compute", {"metric": "dispute_refund_rate", "inputs": FIGURES})], [Call("look_up", {"id": "rule/dispute_line"})], [Say("好了。")],
        ][tried]  # type: ignore[return-value]

    server.script = script
    found = await pieces(answerer, asked)
    (computed,) = [piece.finding for piece in found if isinstance(piece, Computed)]
    assert computed.value == pytest.approx(7 / 12000)
    assert [piece.id for piece in found if isinstance(piece, Read)] == ["rule/dispute_line"]
    assert text(found) == "好了。"
    assert len([piece for piece in found if isinstance(piece, Used)]) == 3
    assert computed.said in server.requests[1].prompt


async def test_a_refused_tool_is_told_in_a_sentence(answerer: ModelAnswerer, asked: Any, server: Scripted) -> None:
    invented = Call("compute", {"metric": "dispute_refund_rate", "inputs": {"liable_refunds": 99, "paid_suborders": 12000}})
    server.script = lambda body: [Say("还差数。")] if body["messages"][-1]["role"] == "tool" else [invented]
    found = await pieces(answerer, asked)
    assert not [piece for piece in found if isinstance(piece, Computed)]
    assert "不是对方说的数" in server.requests[1].prompt


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([Fail(429)], "quota"), ([Fail(500)], "status"), ([Fail(401, f"Incorrect API key {KEY}")], "key"), ([HangUp()], "connection"),
        ([Say("先和解"), HangUp()], "broken"), ([Raw(b"data: {broken\n\n")], "broken"), ([Raw(b"nonsense")], "broken"), ([], "broken"),
        ([Say("")], "broken"), ([Say("<think>只想不说")], "broken"), ([Call("look_up", {"id": "rule/x"})], "loop"),
        ([Call("compute", "{broken")], "loop"), ([Call("invented", {})], "loop"), ([Say("一直说。" * 2000, size=500)], "loop"),
    ],
)
async def test_whatever_is_wrong_is_a_failed_model(
    answerer: ModelAnswerer, asked: Any, server: Scripted, steps: list[Step], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.script = lambda _: steps
    with caplog.at_level(logging.DEBUG), pytest.raises(ModelFailed) as failure:
        await pieces(answerer, asked)
    assert failure.value.reason == reason
    assert len(server.requests) <= MOST_CALLS
    assert KEY not in caplog.text + str(failure.value)
    assert KEY in server.requests[0].headers


async def test_a_server_that_is_not_there_is_a_failed_model(asked: Any, tiny: Library) -> None:
    nobody = model_answerer(chat_model(Settings(model="openai:x", model_base_url="http://127.0.0.1:9")), tiny)
    with pytest.raises(ModelFailed) as failure:
        await pieces(nobody, asked)
    assert failure.value.reason == "connection"


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("steps", [[Wait(30)], [Say("一二三四五六七八九十" * 3), Wait(30)]], ids=["silent", "speaking"])
async def test_cancelling_ends_the_request(
    model_settings: Settings, tiny: Library, asked: Any, server: Scripted, steps: list[Step], small: bool
) -> None:
    server.script = lambda _: steps
    task = asyncio.create_task(pieces(model_answerer(chat_model(model_settings), tiny, small=small), asked))
    await anyio.to_thread.run_sync(server.wait_for_request)
    await asyncio.sleep(0.1)
    left = time.monotonic()
    task.cancel()
    await _ended(server)
    assert server.requests[0].cancelled - left < SOON
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("small", [False, True])
async def test_closing_the_stream_ends_the_request(
    model_settings: Settings, tiny: Library, asked: Any, server: Scripted, small: bool
) -> None:
    server.script = lambda _: [Say("一二三四五六七八九十"), Wait(30)]
    async with aclosing(cast(Any, model_answerer(chat_model(model_settings), tiny, small=small)(*asked, texts(asked[0])))) as stream:
        async for piece in stream:
            if isinstance(piece, Said):
                break
        left = time.monotonic()
    await _ended(server)
    assert server.requests[0].cancelled - left < SOON


async def _ended(server: Scripted) -> None:
    await anyio.to_thread.run_sync(server.requests[0].over.wait, 10)
    assert not server.requests[0].open


async def test_a_small_model_only_phrases(model_settings: Settings, tiny: Library, asked: Any, server: Scripted) -> None:
    small = model_answerer(chat_model(model_settings), tiny, small=True)
    server.script = lambda _: [Say("先和解掉。")]
    assert text(await pieces(small, asked)) == "先和解掉。"
    (request,) = server.requests
    assert "tools" not in request.body
    assert "先把能和解的和解掉" in request.prompt


def test_one_model_serves_one_loop_after_another(answerer: ModelAnswerer, asked: Any) -> None:
    for _ in range(2):
        assert text(asyncio.run(pieces(answerer, asked))) == "先把能和解的和解掉。"
