"""A span for every call of a chat model, whoever makes it: LangChain tells, OpenTelemetry's GenAI names are used."""

import json
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGeneration, LLMResult

from assistant import tracing

_PROVIDERS = {"azure": "azure.ai.openai", "google_genai": "gcp.gemini", "google_vertexai": "gcp.vertex_ai", "bedrock": "aws.bedrock"}


class ChatSpans(AsyncCallbackHandler):
    """To be given to a model among its `callbacks`. While nothing is traced it is passed over."""

    run_inline = True  # in the task that asks: what is current there is the parent

    def __init__(self) -> None:
        self._open: dict[UUID, tuple[tracing.Span, float]] = {}
        self._spoke: set[UUID] = set()

    @property
    def ignore_chat_model(self) -> bool:
        """Whether to be passed over when a call begins."""
        return not tracing.on()

    @property
    def ignore_llm(self) -> bool:
        """Whether to be passed over meanwhile: nothing was begun."""
        return not self._open

    async def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], *, run_id: UUID, metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """A call begins."""
        known = metadata or {}
        provider, name = str(known.get("ls_provider", "")), str(known.get("ls_model_name", ""))
        span = tracing.span(f"{tracing.CHAT} {name}".rstrip(), {
            tracing.OPERATION: tracing.CHAT, "gen_ai.provider.name": _PROVIDERS.get(provider, provider) or None,
            "gen_ai.request.model": name or None, "gen_ai.request.temperature": known.get("ls_temperature"),
            "gen_ai.input.messages": tracing.words(_written(messages[0])),
        })
        self._open[run_id] = span, time.perf_counter()

    async def on_llm_new_token(self, token: Any, *, run_id: UUID, **kwargs: Any) -> None:
        """It speaks; the first time says how long one waits."""
        if run_id in self._open and run_id not in self._spoke:
            span, started = self._open[run_id]
            self._spoke.add(run_id)
            span.note({"gen_ai.request.stream": True, "gen_ai.response.time_to_first_chunk": time.perf_counter() - started})

    async def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """It is done."""
        if span := self._closed(run_id):
            _note_answer(span, response)
            span.end()

    async def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: Any) -> None:
        """It failed, or was not waited for any longer; what it cost until then may be known all the same."""
        if span := self._closed(run_id):
            if isinstance(response := kwargs.get("response"), LLMResult):
                _note_answer(span, response)
            span.failed(error if isinstance(error, Exception) else "cancelled")
            span.end()

    def _closed(self, run_id: UUID) -> tracing.Span | None:
        self._spoke.discard(run_id)
        return self._open.pop(run_id, (None, 0.0))[0]


def _note_answer(span: tracing.Span, response: LLMResult) -> None:
    answer = next((one.message for group in response.generations for one in group if isinstance(one, ChatGeneration)), None)
    if answer is None:
        return
    used = getattr(answer, "usage_metadata", None) or {}
    reason = answer.response_metadata.get("finish_reason") or answer.response_metadata.get("done_reason")
    span.note({
        tracing.PROMPT_TOKENS: used.get("input_tokens"), tracing.COMPLETION_TOKENS: used.get("output_tokens"),
        "gen_ai.response.model": answer.response_metadata.get("model_name"), "gen_ai.response.finish_reasons": [reason] if reason else None,
        "gen_ai.output.messages": tracing.words(_written([answer])),
    })


def _written(messages: Sequence[BaseMessage]) -> str:
    roles = {"human": "user", "ai": "assistant"}
    told = [{"role": roles.get(one.type, one.type), "parts": [{"type": "text", "content": one.text}]} for one in messages]
    return json.dumps(told, ensure_ascii=False)
