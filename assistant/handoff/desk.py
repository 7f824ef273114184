"""The visitor's side of the way to a person: open it, write to and fro, hear of news. Blocking but for `watch`."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import anyio.to_thread

from assistant.errors import InvalidInput
from assistant.handoff.bell import Bell
from assistant.handoff.contact import checked, found_in
from assistant.handoff.hours import HandoffSettings
from assistant.handoff.packet import REASONS, Occasion, Reason, Said, packed
from assistant.person import Help
from assistant.privacy import mask
from assistant.store import Store, handoffs
from assistant.store.handoffs import HandoffRow, MessageRow, Opening
from assistant.wire import from_wire

MAX_TEXT_CHARS = 2000
POLL_SECONDS = 3.0
MOST_AT_ONCE = 100
STAFF, OUTBOX = "staff", "outbox"
"""what a bell rings for beside conversations"""

SiteSettings = Callable[[str], HandoffSettings]


def now_utc() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


class Desk:
    """One for the service. `site_settings` gives the hand-off section of a site by its key."""

    def __init__(
        self, store: Store, site_settings: SiteSettings, *, bell: Bell | None = None, now: Callable[[], datetime] = now_utc,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._store, self._site_settings, self._now, self._poll = store, site_settings, now, poll_seconds
        self.bell = bell or Bell()

    def open(
        self, conversation: str, reason: str, contact: str | None = None, note: str | None = None, attach: bool = True
    ) -> dict[str, Any]:
        """Bring a person in: {id, state, packet}. One under way is given back, with what is new of contact and note.

        Outside the hours of the site it is a message that is left, which needs a contact. Raises InvalidInput.
        """
        site = self._site_of(conversation)
        settings = self._site_settings(site)
        if not settings.enabled:
            raise InvalidInput("这里没有开通人工服务，请联系平台官方客服。")
        if reason not in REASONS:
            raise InvalidInput("转人工的原因写得不对，请刷新页面再试。")
        kept, written = checked(contact), (note or "").strip()
        if len(written) > MAX_TEXT_CHARS:
            raise InvalidInput(f"留言太长了，请缩短到{MAX_TEXT_CHARS}字以内。")
        at = self._now()
        why: Reason = reason if settings.is_open(at) else "offline"  # type: ignore[assignment]
        under_way = self.state(conversation)
        if why == "offline" and kept is None and (under_way is None or under_way["state"] == "closed"):
            raise InvalidInput(f"现在没有人在（{settings.text}），请留下手机号或邮箱，上班后回你。")
        turns = [
            Said(turn.question, [from_wire(event) for event in turn.events], turn.asked_at)
            for turn in self._store.turns(conversation, limit=1000)
        ]
        audience = self._store.read(lambda connection: handoffs.audience(connection, conversation))
        packet = packed(Occasion(site, conversation, why, at, audience, kept, written), turns, attach=attach)
        channels = tuple(channel.name for channel in settings.channels)
        opening = Opening(conversation, why, dict(packet), kept, mask(written), at, channels)
        row = self._store.write(lambda connection: handoffs.open_one(connection, opening))
        self.bell.ring(conversation, STAFF, OUTBOX)
        return {"id": row.id, "state": row.state, "packet": dict(row.packet)}

    def state(self, conversation: str) -> dict[str, Any] | None:
        """{id, state, taken_by} of the latest hand-off; None when there was none."""
        row = self._store.read(lambda connection: handoffs.current(connection, conversation))
        return _told(row)

    def say(self, conversation: str, text: str) -> dict[str, Any]:
        """A message of the visitor: {id, seq, sender, author, text, at}. Raises InvalidInput when nobody is brought in."""
        written = cleaned(text)
        row = self._store.read(lambda connection: handoffs.current(connection, conversation))
        if row is None or row.state == "closed":
            raise InvalidInput("这段对话现在没有人工在接，请先转人工。")
        reach = found_in(written) if row.contact is None else None
        at = self._now()
        message = self._store.write(
            lambda connection: handoffs.say(connection, row, "visitor", "", mask(written), at, contact=reach)
        )
        self.bell.ring(conversation, STAFF)
        return told(message)

    def messages(self, conversation: str, after_seq: int = 0) -> list[dict[str, Any]]:
        """Messages behind `after_seq`, in order, at most a hundred at once."""
        rows = self._store.read(lambda connection: handoffs.said(connection, conversation, after_seq, MOST_AT_ONCE))
        return [told(row) for row in rows]

    def hours(self, site: str) -> dict[str, Any]:
        """{open, text, back}: whether somebody is there, 人工服务：工作日 9:00–18:00, and 周一 9:00 while nobody is."""
        settings, now = self._site_settings(site), self._now()
        there = settings.is_open(now)
        return {"open": there, "text": settings.text, "back": "" if there else settings.back(now)}

    def about(self, conversation: str) -> Help | None:
        """What the engine tells of the people behind a conversation; None when there are none."""
        owner = self._store.owner(conversation)
        if owner is None:
            return None
        settings, at = self._site_settings(owner[0]), self._now()
        if not settings.enabled:
            return None
        return Help(settings.words, settings.is_open(at), settings.back(at), settings.after_misses)

    async def watch(self, conversation: str, after_seq: int = 0) -> AsyncIterator[dict[str, Any]]:
        """News as it comes, for ever: {"type": "handoff" | "message" | "typing", …}; first how things stand."""
        shown: dict[str, Any] | None = None
        with self.bell.listen(conversation) as ear:
            while True:
                state, messages = await anyio.to_thread.run_sync(self._look, conversation, after_seq)
                if state != shown:
                    shown = state
                    yield {"type": "handoff", **(state or {})}
                for message in messages:
                    after_seq = message["seq"]
                    yield {"type": "message", **message}
                for note in ear.notes():
                    yield note
                if len(messages) < MOST_AT_ONCE:
                    await ear.wait(self._poll)

    def _look(self, conversation: str, after_seq: int) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        return self.state(conversation), self.messages(conversation, after_seq)

    def _site_of(self, conversation: str) -> str:
        owner = self._store.owner(conversation)
        if owner is None:
            raise InvalidInput("没有这段对话，请刷新页面再试。")
        return owner[0]


def cleaned(text: str) -> str:
    """A message as it is kept. Raises InvalidInput when it is empty or too long."""
    written = text.strip()
    if not written:
        raise InvalidInput("先写下要说的话再发送。")
    if len(written) > MAX_TEXT_CHARS:
        raise InvalidInput(f"一条消息最多{MAX_TEXT_CHARS}字，请分几条发。")
    return written


def told(row: MessageRow) -> dict[str, Any]:
    """A message as JSON."""
    return {
        "id": row.id, "seq": row.seq, "sender": row.sender, "author": row.author, "text": row.text, "at": row.at.isoformat(),
    }


def _told(row: HandoffRow | None) -> dict[str, Any] | None:
    return None if row is None else {"id": row.id, "state": row.state, "taken_by": row.taken_by}
