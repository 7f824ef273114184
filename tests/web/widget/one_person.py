"""A desk with one person whom the test plays: takes over, types, replies, leaves."""

import threading
from collections.abc import AsyncIterator
from typing import Any

import anyio

from assistant.errors import InvalidInput

NAME = "周敏"


class OnePerson:
    """Everything in memory; `there` says whether somebody is in."""

    def __init__(self) -> None:
        self.there = True
        self.opened: list[dict[str, Any]] = []
        self._told: dict[str, list[dict[str, Any]]] = {}
        self._states: dict[str, dict[str, Any]] = {}
        self._typing = 0
        self._lock = threading.Lock()
        self.watching = 0
        self.cut = 0
        """a higher number ends every watch under way"""

    def open(self, conversation: str, reason: str, contact: str | None, note: str, attach: bool) -> dict[str, Any]:
        """Hand over."""
        self.opened.append({"conversation": conversation, "reason": reason, "contact": contact, "note": note, "attach": attach})
        if not self.there and not contact:
            raise InvalidInput("请留下手机号或邮箱。")
        self._states[conversation] = {"id": f"h-{conversation}", "state": "open", "taken_by": None}
        shown = ["问题与对话原文", "7÷12,000＝0.0583%", "引用的4条规则与资料", "手机号、车牌、证件号已打码"]
        return {**self._states[conversation], "packet": {"shown": shown}}

    def take(self, conversation: str) -> None:
        """The person takes over."""
        self._states[conversation] = {**self._states[conversation], "state": "taken", "taken_by": NAME}

    def close(self, conversation: str) -> None:
        """The person is done."""
        self._states[conversation] = {**self._states[conversation], "state": "closed"}

    def type(self) -> None:
        """The person begins to write."""
        self._typing += 1

    def reply(self, conversation: str, text: str) -> None:
        """The person writes."""
        self._add(conversation, "staff", NAME, text)

    def say(self, conversation: str, text: str) -> dict[str, Any]:
        """The visitor writes."""
        if self._states.get(conversation, {}).get("state") not in ("open", "taken"):
            raise InvalidInput("这段对话现在没有人工在接，请先转人工。")
        return self._add(conversation, "visitor", "", text)

    def _add(self, conversation: str, sender: str, author: str, text: str) -> dict[str, Any]:
        with self._lock:
            told = self._told.setdefault(conversation, [])
            seq = len(told) + 1
            told.append({
                "id": f"m-{conversation}-{seq}", "seq": seq, "sender": sender, "author": author, "text": text,
                "at": f"2099-11-23T09:00:{seq:02}+00:00",
            })
            return told[-1]

    def state(self, conversation: str) -> dict[str, Any] | None:
        """Where it stands."""
        return self._states.get(conversation)

    def messages(self, conversation: str, after_seq: int) -> list[dict[str, Any]]:
        """What is behind a number."""
        return [message for message in self._told.get(conversation, []) if message["seq"] > after_seq]

    def hours(self, site: str) -> dict[str, Any]:
        """In or not."""
        return {"open": self.there, "text": "人工服务：工作日 9:00–18:00", "back": "" if self.there else "今天 13:30"}

    async def watch(self, conversation: str, after_seq: int) -> AsyncIterator[dict[str, Any]]:
        """News as it comes."""
        shown: dict[str, Any] | None = None
        typing, cut = self._typing, self.cut
        self.watching += 1
        try:
            while cut == self.cut:
                if self.state(conversation) != shown:
                    shown = self.state(conversation)
                    yield {"type": "handoff", **(shown or {})}
                for message in self.messages(conversation, after_seq):
                    after_seq = message["seq"]
                    yield {"type": "message", **message}
                if self._typing > typing:
                    typing = self._typing
                    yield {"type": "typing", "author": NAME}
                await anyio.sleep(0.02)
        finally:
            self.watching -= 1
