"""The outbox of hand-offs: one row a channel, leased while it is being sent. Each function runs in its caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assistant.store.schema import deliveries


@dataclass(frozen=True)
class DeliveryRow:
    """One hand-off on its way through one channel. `attempts` grows with every lease and tells one lease from the next."""

    id: str
    handoff: str
    channel: str
    key: str
    state: str
    attempts: int
    due_at: datetime
    last_error: str
    sent_at: datetime | None


def lease(connection: sa.Connection, now: datetime, until: datetime, limit: int) -> list[DeliveryRow]:
    """Take up to `limit` due rows until a moment; nobody else gets them before it has passed."""
    free = sa.or_(deliveries.c.locked_until.is_(None), deliveries.c.locked_until <= now)
    due = sa.and_(deliveries.c.state == "due", deliveries.c.due_at <= now, free)
    # rows that another process is just taking are skipped, not waited for (SQLite has one writer anyway)
    chosen = sa.select(deliveries.c.id).where(due).order_by(deliveries.c.due_at).limit(limit).with_for_update(skip_locked=True)
    ids = list(connection.execute(chosen).scalars())
    if not ids:
        return []
    taken = deliveries.update().where(deliveries.c.id.in_(ids))
    connection.execute(taken.values(locked_until=until, attempts=deliveries.c.attempts + 1))
    rows = connection.execute(_SELECT.where(deliveries.c.id.in_(ids)).order_by(deliveries.c.due_at))
    return [DeliveryRow(*row) for row in rows]


def sent(connection: sa.Connection, row: DeliveryRow, at: datetime) -> bool:
    """Mark as sent; False when the lease has run out and somebody else has the row."""
    return _ended(connection, row, state="sent", sent_at=at, last_error="")


def missed(connection: sa.Connection, row: DeliveryRow, error: str, again: datetime | None) -> bool:
    """Mark an attempt as failed: due again at a moment, or failed for good until somebody tries again."""
    if again is None:
        return _ended(connection, row, state="failed", last_error=error)
    return _ended(connection, row, state="due", due_at=again, last_error=error)


def again(connection: sa.Connection, id: str, now: datetime) -> bool:
    """Make a failed one due again; False when it is not failed."""
    failed = deliveries.update().where(deliveries.c.id == id, deliveries.c.state == "failed")
    return connection.execute(failed.values(state="due", due_at=now, locked_until=None)).rowcount == 1


def of(connection: sa.Connection, handoffs: Sequence[str]) -> list[DeliveryRow]:
    """The deliveries of these hand-offs."""
    rows = connection.execute(_SELECT.where(deliveries.c.handoff.in_(handoffs)).order_by(deliveries.c.channel))
    return [DeliveryRow(*row) for row in rows]


def failed(connection: sa.Connection, limit: int) -> list[DeliveryRow]:
    """Those given up for now, latest first."""
    rows = connection.execute(_SELECT.where(deliveries.c.state == "failed").order_by(deliveries.c.due_at.desc()).limit(limit))
    return [DeliveryRow(*row) for row in rows]


_SELECT = sa.select(
    deliveries.c.id, deliveries.c.handoff, deliveries.c.channel, deliveries.c.key, deliveries.c.state, deliveries.c.attempts,
    deliveries.c.due_at, deliveries.c.last_error, deliveries.c.sent_at,
)


def _ended(connection: sa.Connection, row: DeliveryRow, **values: object) -> bool:
    held = deliveries.update().where(
        deliveries.c.id == row.id, deliveries.c.attempts == row.attempts, deliveries.c.state == "due"
    )
    return connection.execute(held.values(locked_until=None, **values)).rowcount == 1
