"""Hand-offs and the messages to and fro. Every function runs in the transaction of the connection it is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from assistant.store.ids import new_id
from assistant.store.schema import conversations, deliveries, handoffs, messages

State = Literal["open", "taken", "closed"]
UNDER_WAY: tuple[State, ...] = ("open", "taken")


@dataclass(frozen=True)
class HandoffRow:
    """One hand-off with the site of its conversation."""

    id: str
    conversation: str
    site: str
    reason: str
    state: State
    packet: Mapping[str, Any]
    contact: str | None
    note: str
    created_at: datetime
    taken_by: str | None
    taken_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class MessageRow:
    """One message between the visitor and the staff; `seq` counts within the conversation."""

    id: str
    conversation: str
    seq: int
    sender: Literal["visitor", "staff"]
    author: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Opening:
    """What a new hand-off is written with. `channels` are the names it is delivered through."""

    conversation: str
    reason: str
    packet: Mapping[str, Any]
    contact: str | None
    note: str
    at: datetime
    channels: Sequence[str] = ()


def open_one(connection: sa.Connection, opening: Opening) -> HandoffRow:
    """A new hand-off with a delivery for every channel, or the one under way with what is new of contact, note and packet."""
    _hold(connection, opening.conversation)
    under_way = current(connection, opening.conversation)
    if under_way is not None and under_way.state != "closed":
        told = {"contact": opening.contact, "note": opening.note, "packet": opening.packet}
        if opening.contact or opening.note:
            kept = {name: value for name, value in told.items() if value}
            connection.execute(handoffs.update().where(handoffs.c.id == under_way.id).values(**kept))
        return _one(connection, under_way.id)
    id = new_id()
    connection.execute(handoffs.insert().values(
        id=id, conversation=opening.conversation, reason=opening.reason, state="open", packet=opening.packet,
        contact=opening.contact, note=opening.note, created_at=opening.at,
    ))
    for channel in opening.channels:
        connection.execute(deliveries.insert().values(
            id=new_id(), handoff=id, channel=channel, key=f"{id}:{channel}", state="due", attempts=0,
            due_at=opening.at, last_error="",
        ))
    _touch(connection, opening.conversation, opening.at, mode="person")
    return _one(connection, id)


def audience(connection: sa.Connection, conversation: str) -> str | None:
    """Whom a conversation is with: merchant, dealer, owner, express."""
    return connection.execute(sa.select(conversations.c.audience).where(conversations.c.id == conversation)).scalar()


def current(connection: sa.Connection, conversation: str) -> HandoffRow | None:
    """The latest hand-off of a conversation, closed or not."""
    newest = handoffs.c.created_at.desc(), handoffs.c.id
    row = connection.execute(_SELECT.where(handoffs.c.conversation == conversation).order_by(*newest).limit(1)).first()
    return _row(row) if row else None


def find(connection: sa.Connection, id: str) -> HandoffRow | None:
    """One hand-off by its id."""
    row = connection.execute(_SELECT.where(handoffs.c.id == id)).first()
    return _row(row) if row else None


def queue(connection: sa.Connection, states: Sequence[State], limit: int) -> list[HandoffRow]:
    """Hand-offs in these states: those under way longest waiting first, closed ones latest first."""
    closed = "closed" in states
    order = handoffs.c.closed_at.desc() if closed else handoffs.c.created_at
    rows = connection.execute(_SELECT.where(handoffs.c.state.in_(states)).order_by(order, handoffs.c.id).limit(limit))
    return [_row(row) for row in rows]


def take(connection: sa.Connection, id: str, name: str, at: datetime, *, over: bool = False) -> bool:
    """Give an open hand-off to somebody, or with `over` one that is taken; False when somebody else was quicker."""
    free = handoffs.c.state.in_(UNDER_WAY) if over else handoffs.c.state == "open"
    return _moved(connection, handoffs.c.id == id, free, state="taken", taken_by=name, taken_at=at)


def release(connection: sa.Connection, id: str, name: str) -> bool:
    """Put back what `name` has taken."""
    mine = handoffs.c.taken_by == name
    return _moved(connection, handoffs.c.id == id, handoffs.c.state == "taken", mine, state="open", taken_by=None, taken_at=None)


def close(connection: sa.Connection, id: str, name: str, at: datetime) -> bool:
    """End one that is open or taken by `name`; from then on the assistant answers again."""
    free = sa.or_(handoffs.c.taken_by.is_(None), handoffs.c.taken_by == name)
    closed = _moved(connection, handoffs.c.id == id, handoffs.c.state.in_(UNDER_WAY), free, state="closed", closed_at=at)
    if closed:
        _touch(connection, _one(connection, id).conversation, at, mode="assistant")
    return closed


def say(
    connection: sa.Connection, handoff: HandoffRow, sender: Literal["visitor", "staff"], author: str, text: str, at: datetime, *,
    contact: str | None = None,
) -> MessageRow:
    """Add a message behind the last one of the conversation; `contact` is kept when none was left before."""
    _hold(connection, handoff.conversation)
    last = sa.select(sa.func.max(messages.c.seq)).where(messages.c.conversation == handoff.conversation)
    seq = (connection.execute(last).scalar() or 0) + 1
    id = new_id()
    connection.execute(messages.insert().values(
        id=id, conversation=handoff.conversation, handoff=handoff.id, seq=seq, sender=sender, author=author, text=text, at=at,
    ))
    _touch(connection, handoff.conversation, at)
    if contact is not None:
        bare = handoffs.c.contact.is_(None)
        connection.execute(handoffs.update().where(handoffs.c.id == handoff.id, bare).values(contact=contact))
    return MessageRow(id, handoff.conversation, seq, sender, author, text, at)


def said(connection: sa.Connection, conversation: str, after: int = 0, limit: int = 200) -> list[MessageRow]:
    """Messages behind `after`, in order."""
    held = messages.c
    chosen = sa.select(held.id, held.conversation, held.seq, held.sender, held.author, held.text, held.at)
    rows = connection.execute(
        chosen.where(held.conversation == conversation, held.seq > after).order_by(held.seq).limit(limit)
    )
    return [MessageRow(*row) for row in rows]


def last_said(connection: sa.Connection, named: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Conversation → (number, sender) of its last message, for those that have one."""
    newest = sa.select(messages.c.conversation, sa.func.max(messages.c.seq).label("seq")).where(
        messages.c.conversation.in_(named)
    ).group_by(messages.c.conversation).subquery()
    joined = messages.join(newest, (messages.c.conversation == newest.c.conversation) & (messages.c.seq == newest.c.seq))
    rows = connection.execute(sa.select(messages.c.conversation, messages.c.seq, messages.c.sender).select_from(joined))
    return {row.conversation: (row.seq, row.sender) for row in rows}


_SELECT = sa.select(
    handoffs.c.id, handoffs.c.conversation, conversations.c.site, handoffs.c.reason, handoffs.c.state, handoffs.c.packet,
    handoffs.c.contact, handoffs.c.note, handoffs.c.created_at, handoffs.c.taken_by, handoffs.c.taken_at, handoffs.c.closed_at,
).join_from(handoffs, conversations, handoffs.c.conversation == conversations.c.id)


def _one(connection: sa.Connection, id: str) -> HandoffRow:
    return _row(connection.execute(_SELECT.where(handoffs.c.id == id)).one())


def _row(found: Any) -> HandoffRow:
    return HandoffRow(*found)


def _moved(connection: sa.Connection, *where: sa.ColumnElement[bool], **values: Any) -> bool:
    return connection.execute(handoffs.update().where(*where).values(**values)).rowcount == 1


def _hold(connection: sa.Connection, conversation: str) -> None:
    """Nobody else adds to this conversation until the transaction ends (SQLite has one writer anyway)."""
    connection.execute(sa.select(conversations.c.id).where(conversations.c.id == conversation).with_for_update())


def _touch(connection: sa.Connection, conversation: str, at: datetime, **values: Any) -> None:
    """Something happened in the conversation: it is kept that much longer."""
    changed = {"updated_at": at, "misses": 0, **values}
    connection.execute(conversations.update().where(conversations.c.id == conversation).values(**changed))
