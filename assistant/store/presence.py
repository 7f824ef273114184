"""Whether somebody is known at all. A function of a connection."""

import sqlalchemy as sa

from assistant.store.schema import visitors


def known(connection: sa.Connection, visitor: str) -> bool:
    """Whether the visitor is there: not erased since their session began."""
    return connection.execute(sa.select(visitors.c.id).where(visitors.c.id == visitor)).scalar_one_or_none() is not None
