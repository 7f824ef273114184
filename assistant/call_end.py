"""Sees from the chunks of a model's call that the answer is complete, and keeps what only puts the call away until the answer is told.

Merging the chunks, draining the connection and ending the graph take as long as the composer; none of it changes a word of the answer.
"""

import asyncio
from typing import Any
from uuid import UUID

from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, GenerationChunk

from assistant.pieces import WAITS_SECONDS, Used, about


class CallEnd:
    """Watches the chunks of one call."""

    def __init__(self, asked: int) -> None:
        """`asked`: characters that were sent."""
        self._asked, self._told = asked, 0
        self._used: Used | None = None
        self._reason = self._says_why = self._tools = False

    def feed(self, message: AIMessage) -> Used | None:
        """What the call took, with the chunk behind which nothing follows. None before it, and when tools are wanted or a server was cut off."""
        if not isinstance(message, AIMessageChunk):
            return None
        self._told += len(message.text)
        self._tools = self._tools or bool(message.tool_call_chunks)
        self._reason = self._reason or bool(message.response_metadata.get("finish_reason"))
        self._says_why = self._says_why or says_why(message)
        if message.usage_metadata:
            self._used = used(message, self._asked)
        last = message.chunk_position == "last"  # the library's own, where a server counts nothing
        ended = (self._reason and self._used is not None) or (last and (self._reason or not self._says_why))
        if self._tools or not ended:
            return None
        return self._used or Used(about(self._asked), about(self._told))


class Pause(AsyncCallbackHandler):
    """Holds a model's call behind the last chunk of an answer; the chunk itself is passed on."""

    def __init__(self, asked: int) -> None:
        self.go_on = asyncio.Event()
        self._asked = asked
        self._calls: dict[UUID, CallEnd] = {}

    async def on_llm_new_token(
        self, token: str | list[str | dict[str, Any]], *, chunk: GenerationChunk | ChatGenerationChunk | None = None, run_id: UUID,
        parent_run_id: UUID | None = None, tags: list[str] | None = None, **kwargs: Any,
    ) -> None:
        """Called by LangChain, which waits for it."""
        message = chunk.message if isinstance(chunk, ChatGenerationChunk) else None
        if isinstance(message, AIMessageChunk) and self._calls.setdefault(run_id, CallEnd(self._asked)).feed(message):
            await let_go(self.go_on)


async def let_go(go_on: asyncio.Event) -> None:
    """Wait until it is set, a second at most."""
    try:
        async with asyncio.timeout(WAITS_SECONDS):
            await go_on.wait()
    except TimeoutError:
        go_on.set()


def used(message: AIMessage, asked: int) -> Used:
    """The tokens of one call as the server counts them, else about as many as its characters make."""
    if counted := message.usage_metadata:
        return Used(counted["input_tokens"], counted["output_tokens"])
    return Used(about(asked), about(len(message.text)))


def says_why(message: AIMessage) -> bool:
    """Whether the server that spoke is of a kind that tells why it stopped, when it spoke to the end."""
    return bool(message.response_metadata.get("model_provider") == "openai")
