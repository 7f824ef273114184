"""Conversations: whose they are, which a visitor has, and how one goes for good. Functions of a connection."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from assistant.store.schema import conversations, feedback, handoffs, messages, turns, unanswered, uploads

OWN_PAGE = "page"
"""the site of conversations that no site's widget opened: our own page's"""
_BELOW = {"turns": turns, "feedback": feedback, "unanswered": unanswered, "handoffs": handoffs, "messages": messages, "uploads": uploads}
"""what is counted when conversations go"""


@dataclass(frozen=True)
class ConversationRow:
    """A conversation in a visitor's list. `title` is its first question, masked."""

    id: str
    site: str
    started_at: datetime
    updated_at: datetime
    title: str


def insert(dialect: str, table: sa.Table) -> Any:
    """An INSERT that can say what happens when the row is there; both databases write it alike."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _touching(dialect: str) -> Any:
    made = insert(dialect, conversations)
    return made.on_conflict_do_update(index_elements=["id"], set_={"updated_at": made.excluded.updated_at})


def touch(connection: sa.Connection, conversation: str, audience: str | None, now: datetime) -> None:
    """Note that something happened in a conversation, making it when it is not there."""
    connection.execute(_touching(connection.dialect.name), {
        "id": conversation, "site": OWN_PAGE, "audience": audience, "created_at": now, "updated_at": now,
    })


def open(
    connection: sa.Connection, conversation: str, site: str, visitor: str | None, audience: str | None, now: datetime
) -> None:
    """Make a conversation of a site; one that is there stays whose it is."""
    made = insert(connection.dialect.name, conversations).values(
        id=conversation, site=site, visitor=visitor, audience=audience, created_at=now, updated_at=now,
    )
    connection.execute(made.on_conflict_do_nothing(index_elements=["id"]))


def owner(connection: sa.Connection, conversation: str) -> tuple[str, str | None] | None:
    """(site, visitor) of a conversation, None when there is no such."""
    row = connection.execute(
        sa.select(conversations.c.site, conversations.c.visitor).where(conversations.c.id == conversation)
    ).one_or_none()
    return None if row is None else (row.site, row.visitor)


def misses(connection: sa.Connection, conversation: str) -> int:
    """How many answers in a row left the person where they were."""
    return connection.execute(sa.select(conversations.c.misses).where(conversations.c.id == conversation)).scalar() or 0


def listed(connection: sa.Connection, visitor: str, limit: int) -> list[ConversationRow]:
    """A visitor's conversations in which something was asked, the latest first."""
    first = sa.select(turns.c.question).where(turns.c.conversation == conversations.c.id).order_by(turns.c.seq).limit(1).scalar_subquery()
    found = connection.execute(
        sa.select(conversations, first.label("title")).where(conversations.c.visitor == visitor, first.is_not(None))
        .order_by(conversations.c.updated_at.desc(), conversations.c.id).limit(limit)
    )
    return [ConversationRow(row.id, row.site, row.created_at, row.updated_at, row.title) for row in found]


def remove(connection: sa.Connection, which: sa.ColumnElement[bool]) -> Mapping[str, int]:
    """Delete conversations with all that hangs on them, files that were sent included; how many rows of each went."""
    ids = connection.execute(sa.select(conversations.c.id).where(which)).scalars().all()
    counts = Counter({"conversations": len(ids), **dict.fromkeys(_BELOW, 0)})
    for start in range(0, len(ids), 500):  # a statement takes a limited number of values
        some = ids[start : start + 500]
        for name, table in _BELOW.items():
            counts[name] += connection.execute(
                sa.select(sa.func.count()).select_from(table).where(table.c.conversation.in_(some))
            ).scalar_one()
        # files first: should this end half way, the rows still lead to what is left
        for path in connection.execute(sa.select(uploads.c.path).where(uploads.c.conversation.in_(some))).scalars():
            Path(path).unlink(missing_ok=True)
        connection.execute(feedback.delete().where(feedback.c.conversation.in_(some)))
        connection.execute(conversations.delete().where(conversations.c.id.in_(some)))
    return counts
