"""What is kept too long goes. A function of a connection."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from assistant.store.conversations import remove
from assistant.store.schema import conversations, feedback, staff_logins, unanswered, visitors


def purge(connection: sa.Connection, before: datetime, now: datetime) -> Mapping[str, int]:
    """Delete what was last touched before a moment; how many rows of each kind went.

    A conversation goes as a whole or not at all; a visitor goes when none is left of theirs.
    """
    counts = {**remove(connection, conversations.c.updated_at < before)}
    for name, table in (("feedback", feedback), ("unanswered", unanswered)):
        counts[name] += connection.execute(table.delete().where(table.c.at < before)).rowcount
    holding = sa.exists().where(conversations.c.visitor == visitors.c.id)
    counts["visitors"] = connection.execute(visitors.delete().where(visitors.c.seen_at < before, ~holding)).rowcount
    connection.execute(staff_logins.delete().where(staff_logins.c.expires_at < now))
    return counts
