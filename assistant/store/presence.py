"""Whether somebody is known at all, and how far a conversation has come. Functions of a connection."""

import sqlalchemy as sa

from assistant.store.schema import turns, visitors


def known(connection: sa.Connection, visitor: str) -> bool:
    """Whether the visitor is there: not erased since their session began."""
    return connection.execute(sa.select(visitors.c.id).where(visitors.c.id == visitor)).scalar_one_or_none() is not None


def last_turn(connection: sa.Connection, conversation: str) -> int:
    """The number of a conversation's last turn, 0 when nothing was asked."""
    found = connection.execute(sa.select(sa.func.max(turns.c.seq)).where(turns.c.conversation == conversation))
    return found.scalar_one() or 0
