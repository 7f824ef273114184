"""The fake engine with answers of two more kinds: a person is offered, and Markdown of the test's own."""

from collections.abc import AsyncIterator

from assistant.answer import Accepted, Done, Event, Offered, Text
from tests.web.fake_engine import FakeEngine

OFFERED: list[Event] = [Text("可以，点下面的按钮就转给人工。", "say"), Offered("asked"), Done("answered")]
MARKDOWN, WORDED = "markdown:", "worded:"


class WiderEngine(FakeEngine):
    """Answers 「人工」 with an offer, and a question that begins with `markdown:` or `worded:` with what stands behind it."""

    async def ask(self, conversation_id: str, question: str, *, audience: str | None = None) -> AsyncIterator[Event]:
        """Yield the answer that fits."""
        own: list[Event] = OFFERED if "人工" in question else []
        if question.startswith(MARKDOWN):
            own = [Text(question.removeprefix(MARKDOWN)), Done("answered")]
        if question.startswith(WORDED):
            own = [Text(question.removeprefix(WORDED), "say", worded=True), Done("answered")]
        if not own:
            async for event in super().ask(conversation_id, question, audience=audience):
                yield event
            return
        turn = self.store.accept(conversation_id, question, audience=audience)
        yield Accepted(turn)
        self.store.record(turn, own, None)
        for event in own:
            yield event
