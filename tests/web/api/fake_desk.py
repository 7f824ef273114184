"""A desk with one patient person, for tests: what is said is answered, a watch tells what is there and then waits."""

from collections.abc import AsyncIterator
from typing import Any

import anyio

from assistant.errors import InvalidInput


class FakeDesk:
    """Keeps everything in memory."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, str, str | None, str, bool]] = []
        self.said: dict[str, list[dict[str, Any]]] = {}
        self.endless = False
        self.left = 0

    def open(self, conversation: str, reason: str, contact: str | None, note: str, attach: bool) -> dict[str, Any]:
        """Hand over, once."""
        if self.state(conversation):
            raise InvalidInput("已经转给人工了。")
        self.opened.append((conversation, reason, contact, note, attach))
        return {"id": f"h-{conversation}", "state": "open", "packet": {"note": note, "reason": reason}}

    def state(self, conversation: str) -> dict[str, Any] | None:
        """Open once it was opened."""
        if any(conversation == opened[0] for opened in self.opened):
            return {"id": f"h-{conversation}", "state": "open", "taken_by": None}
        return None

    def say(self, conversation: str, text: str) -> dict[str, Any]:
        """Keep it, and answer."""
        if not self.state(conversation):
            raise InvalidInput("还没有转人工。")
        said = self.said.setdefault(conversation, [])
        for sender, author, words in (("visitor", "", text), ("staff", "周敏", f"收到：{text}")):
            seq = len(said) + 1
            said.append({
                "id": f"m{seq}", "seq": seq, "sender": sender, "author": author, "text": words, "at": "2026-11-23T09:00:00Z",
            })
        return said[-2]

    def messages(self, conversation: str, after_seq: int) -> list[dict[str, Any]]:
        """What is behind a number."""
        return [message for message in self.said.get(conversation, []) if message["seq"] > after_seq]

    def hours(self, site: str) -> dict[str, Any]:
        """Always there."""
        return {"open": True, "text": "人工服务：工作日 9:00–18:00"}

    async def watch(self, conversation: str, after_seq: int) -> AsyncIterator[dict[str, Any]]:
        """What is there; then it ends, or waits when it is endless."""
        try:
            for message in self.messages(conversation, after_seq):
                yield {"type": "message", **message}
            yield {"type": "handoff", "id": "h1", "state": "taken", "taken_by": "周敏"}
            if self.endless:
                await anyio.sleep_forever()
        finally:
            self.left += 1
