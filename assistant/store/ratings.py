"""A thumb for one turn. A function of a connection."""

from datetime import datetime

import sqlalchemy as sa

from assistant.store.notes import keep_thumb
from assistant.store.schema import turns


def rate(connection: sa.Connection, conversation: str, turn: str, thumb: str, reason: str, now: datetime) -> bool:
    """Keep the thumb beside the turn's question; False when the conversation has no such turn."""
    question = connection.execute(
        sa.select(turns.c.question).where(turns.c.id == turn, turns.c.conversation == conversation)
    ).scalar_one_or_none()
    if question is None:
        return False
    keep_thumb(connection, conversation, question, thumb, reason, turn, now)
    return True
