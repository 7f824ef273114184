"""A span for every call of a model: who was asked, what it took, how it ended."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from assistant import tracing
from assistant.chat_spans import ChatSpans


class Speaking(BaseChatModel):
    """Says two words, then stops, fails or never goes on."""

    model_name: str = "speaking"
    end: str = "stop"

    @property
    def _llm_type(self) -> str:
        return "speaking"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    async def _astream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: AsyncCallbackManagerForLLMRun | None = None, **_: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for word in ("退款", "判责"):
            yield ChatGenerationChunk(message=AIMessageChunk(word))
        if self.end == "fail":
            raise ConnectionError(messages[0].text)
        if self.end == "hang":
            await asyncio.Event().wait()
        used = {"input_tokens": 12, "output_tokens": 2, "total_tokens": 14}
        yield ChatGenerationChunk(message=AIMessageChunk("", usage_metadata=used, response_metadata={"finish_reason": "stop"}))


async def heard(model: BaseChatModel) -> list[str]:
    return [chunk.text async for chunk in model.astream([HumanMessage("成交1000单")])]


async def test_a_call_is_a_span_below_what_is_current() -> None:
    with tracing.collected() as taken:
        with tracing.span("whole"):
            assert "".join(await heard(Speaking(callbacks=[ChatSpans()]))) == "退款判责"
        chat, whole = taken()
    facts = dict(chat.attributes or {})
    assert (chat.name, chat.parent) == ("chat speaking", whole.context)
    assert facts.pop("gen_ai.response.time_to_first_chunk") >= 0  # type: ignore[operator]
    assert facts == {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "speaking", "gen_ai.request.model": "speaking", "gen_ai.request.stream": True,
        "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 2, "gen_ai.response.finish_reasons": ("stop",),
    }


async def test_a_call_that_fails_tells_the_kind_only() -> None:
    with tracing.collected() as taken:
        with pytest.raises(ConnectionError):
            await heard(Speaking(callbacks=[ChatSpans()], end="fail"))
        (chat,) = taken()
    assert (chat.attributes or {})["error.type"] == "ConnectionError"
    assert "成交" not in str(json.loads(chat.to_json()))


async def test_a_call_that_is_given_up_ends() -> None:
    with tracing.collected() as taken:
        call = asyncio.create_task(heard(Speaking(callbacks=[ChatSpans()], end="hang")))
        await asyncio.sleep(0.05)
        call.cancel()
        await asyncio.wait({call})
        (chat,) = taken()
    assert (chat.attributes or {})["error.type"] == "cancelled"


async def test_the_words_are_there_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with tracing.sending("console", texts=True):
        await heard(Speaking(callbacks=[ChatSpans()]))
    said = capsys.readouterr().err
    assert '"role": "user"' in said
    assert "成交1000单" in said
    assert "退款判责" in said


async def test_nothing_is_noted_while_nothing_is_traced() -> None:
    spans = ChatSpans()
    assert "".join(await heard(Speaking(callbacks=[spans]))) == "退款判责"
    assert spans.ignore_chat_model
    assert spans.ignore_llm
