"""What has been said in a conversation, as the API tells it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from assistant.store import TurnRow
from assistant.store.presence import last_turn
from assistant.web.api.context import Context
from assistant.web.api.models import Since
from assistant.web.contract import Desk

NOBODY = {"open": False, "text": "", "back": ""}
MOST_AT_ONCE = 50


def turn(row: TurnRow) -> dict[str, Any]:
    """One turn of the store as a Turn of the API."""
    return {
        "id": row.id, "seq": row.seq, "question": row.question, "status": row.status,
        "events": list(row.events), "asked_at": row.asked_at, "thumb": row.thumb,
    }


def history(kit: Context, conversation: str, since: Since) -> dict[str, Any]:
    """The turns and messages behind a point; reads the database."""
    rows: Sequence[TurnRow] = kit.store.turns(conversation, since.after, since.limit)
    return {"turns": [turn(row) for row in rows], "messages": messages(kit.desk, conversation, since.after_message)}


def latest(kit: Context, conversation: str) -> dict[str, Any]:
    """The end of a conversation: its last turns, and all messages."""
    last = kit.store.read(partial(last_turn, conversation=conversation))
    return history(kit, conversation, Since(after=max(0, last - MOST_AT_ONCE), limit=MOST_AT_ONCE))


def messages(desk: Desk | None, conversation: str, after: int) -> list[dict[str, Any]]:
    """The messages to and from a person behind `after`."""
    return desk.messages(conversation, after) if desk is not None else []


def hours(desk: Desk | None, site: str) -> dict[str, Any]:
    """Whether a person is there; nobody is without a desk."""
    return desk.hours(site) if desk is not None else NOBODY


def state(desk: Desk | None, conversation: str) -> dict[str, Any] | None:
    """The hand-off of a conversation."""
    return desk.state(conversation) if desk is not None else None
