"""Turns: a question as it is accepted, and what became of it. Functions of a connection; the store runs them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from assistant.answer import Accepted, Declined, Done, Event, markdown
from assistant.privacy import mask
from assistant.store import conversations
from assistant.store.ids import new_id
from assistant.store.schema import calculations, citations, conversations as talks, feedback, turns, unanswered
from assistant.understanding import Exchange, Understood
from assistant.wire import to_wire, understood_from_wire, understood_to_wire

MOST_EXCHANGES = 12
Ended = Literal["stopped", "failed"]
_OPEN = ("accepted", "interrupted")
"""states of a turn that may still get its answer; another process that starts calls the turns of this one interrupted"""

# what every turn needs is put together once: that takes longer than to execute it
_last = sa.select(sa.func.coalesce(sa.func.max(turns.c.seq), 0)).where(turns.c.conversation == sa.bindparam("within"))
_ACCEPT = turns.insert().values(seq=_last.scalar_subquery() + 1)
_ANSWER = (
    turns.update().where(turns.c.id == sa.bindparam("turn"), turns.c.status.in_(_OPEN)).returning(turns.c.conversation)
)
_RECALL = (
    sa.select(turns.c.question, turns.c.understood)
    .where(turns.c.conversation == sa.bindparam("conversation"), turns.c.understood.is_not(None))
    .order_by(turns.c.seq.desc()).limit(MOST_EXCHANGES)
)


@dataclass(frozen=True)
class TurnRow:
    """A turn as it is kept. `events` are in the notation of `assistant.wire`, without the one that told of its acceptance."""

    id: str
    seq: int
    question: str
    status: str
    text: str
    events: tuple[Mapping[str, Any], ...]
    asked_at: datetime
    answered_at: datetime | None = None
    thumb: str | None = None


def accept(
    connection: sa.Connection, turn: str, conversation: str, question: str, audience: str | None, now: datetime
) -> None:
    """Keep a question, making its conversation when it is not there."""
    # the conversation's row is locked by this, so that no two turns of it get one number
    conversations.touch(connection, conversation, audience, now)
    connection.execute(_ACCEPT, {
        "within": conversation, "id": turn, "conversation": conversation, "question": mask(question), "status": "accepted",
        "events": [], "asked_at": now,
    })


def record(
    connection: sa.Connection, turn: str, events: Sequence[Event], understood: Understood | None,
    masked: Callable[[str], str], now: datetime, missed: bool,
) -> None:
    """Keep a whole answer. Nothing happens when the turn was erased meanwhile, or stopped.

    `missed`: it left the person where they were; such answers in a row are counted.
    """
    done = next(event for event in reversed(events) if isinstance(event, Done))
    about = None if understood is None else understood_to_wire(replace(understood, text=mask(understood.text)))
    conversation = _answer(connection, turn, events, masked, status=done.status, ms=done.ms, understood=about, answered_at=now)
    if conversation is None:
        return
    misses = talks.c.misses + 1 if missed else 0
    site = connection.execute(
        talks.update().where(talks.c.id == conversation).values(misses=misses, updated_at=now).returning(talks.c.site)
    ).scalar_one()
    for event in events:
        if isinstance(event, Declined):
            question = sa.select(turns.c.question).where(turns.c.id == turn).scalar_subquery()
            connection.execute(unanswered.insert().values(
                id=new_id(), at=now, site=site, conversation=conversation, question=question, reason=event.reason,
            ))


def stop(
    connection: sa.Connection, turn: str, status: Ended, events: Sequence[Event], masked: Callable[[str], str], now: datetime
) -> None:
    """Keep how far an answer came."""
    _answer(connection, turn, events, masked, status=status, answered_at=now)


def recall(connection: sa.Connection, conversation: str) -> tuple[Exchange, ...]:
    """What the last answered turns were about, oldest first."""
    rows = connection.execute(_RECALL, {"conversation": conversation}).all()
    return tuple(Exchange(row.question, understood_from_wire(row.understood)) for row in reversed(rows))


def listed(connection: sa.Connection, conversation: str, after_seq: int, limit: int) -> list[TurnRow]:
    """The turns of a conversation behind one of them, oldest first."""
    thumb = (
        sa.select(feedback.c.thumb).where(feedback.c.turn == turns.c.id).order_by(feedback.c.at.desc()).limit(1).scalar_subquery()
    )
    found = connection.execute(
        sa.select(turns, thumb.label("thumb")).where(turns.c.conversation == conversation, turns.c.seq > after_seq)
        .order_by(turns.c.seq).limit(limit)
    )
    return [
        TurnRow(
            row.id, row.seq, row.question, row.status, row.text, tuple(row.events), row.asked_at, row.answered_at, row.thumb,
        )
        for row in found
    ]


def mark_interrupted(connection: sa.Connection) -> int:
    """What was being answered when a process died will not be answered any more."""
    return connection.execute(turns.update().where(turns.c.status == "accepted").values(status="interrupted")).rowcount


def _answer(
    connection: sa.Connection, turn: str, events: Sequence[Event], masked: Callable[[str], str], **values: Any
) -> str | None:
    """Write what was answered and return the conversation, None when the turn is gone or has its answer already."""
    told = [event for event in events if not isinstance(event, Accepted)]
    wires = [_masked(to_wire(event), masked) for event in told]
    answered = {"turn": turn, "events": wires, "text": masked(markdown(told)), **values}
    conversation: str | None = connection.execute(_ANSWER, answered).scalar_one_or_none()
    if conversation is None:
        return None
    computed = [wire for wire in wires if wire["type"] == "calculated"]
    if computed:
        names = ("metric", "label", "inputs", "value", "unit", "verdict", "rule")
        connection.execute(calculations.insert(), [
            {"id": new_id(), "turn": turn, "position": place, **{name: wire[name] for name in names}}
            for place, wire in enumerate(computed)
        ])
    cited = [part for wire in wires if wire["type"] == "cited" for part in wire["citations"]]
    if cited:
        connection.execute(citations.insert(), [
            {**part, "id": new_id(), "turn": turn, "position": place, "document": part["id"]} for place, part in enumerate(cited)
        ])
    return conversation


def _masked(data: Any, masked: Callable[[str], str]) -> Any:
    """The same object with every text in it masked."""
    if isinstance(data, str):
        return masked(data)
    if isinstance(data, list):
        return [_masked(part, masked) for part in data]
    if isinstance(data, dict):
        return {name: _masked(part, masked) for name, part in data.items()}
    return data
