"""The fake engine over a real store: every turn is accepted, kept and can be recalled, as the real engine does it."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import cast

import anyio

from assistant.answer import Accepted, Done, Event, Offered, Text
from assistant.store import Store
from tests.web.fake_engine import FakeEngine


class KeptEngine(FakeEngine):
    """`offline` makes it fail before a question is kept."""

    def __init__(self, store: Store, *, pause: float = 0.0) -> None:
        super().__init__(pause=pause)
        self.store = store

    async def ask(self, conversation_id: str, question: str, *, audience: str | None = None) -> AsyncIterator[Event]:
        """As the fake engine answers, kept."""
        turn = self.store.accept(conversation_id, question, audience=audience)
        told: list[Event] = []
        ended = False
        stream = cast(AsyncGenerator[Event], self._answer(conversation_id, question, audience))
        try:
            yield Accepted(turn)
            async for event in stream:
                told.append(event)
                if isinstance(event, Done):
                    self.store.record(turn, told, None)
                    ended = True
                yield event
        except Exception:
            ended = True
            self.store.stop(turn, "failed", told)
            raise
        finally:
            await stream.aclose()
            if not ended:
                with anyio.CancelScope(shield=True):
                    self.store.stop(turn, "stopped", told)

    async def _answer(self, conversation_id: str, question: str, audience: str | None) -> AsyncIterator[Event]:
        if "人工" in question:
            for event in (Text("可以，点下面的按钮就转给人工。", "say"), Offered("asked"), Done("answered")):
                yield event
            return
        if question.startswith("markdown:"):
            for event in (Text(question.removeprefix("markdown:")), Done("answered")):
                yield event
            return
        async for event in super().ask(conversation_id, question, audience=audience):
            yield event

    def forget(self, conversation_id: str) -> None:
        """Delete it."""
        self.store.forget(conversation_id)
