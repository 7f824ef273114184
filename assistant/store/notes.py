"""What editors learn from: thumbs, and questions nobody could answer. Functions of a connection."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from assistant.errors import InvalidInput
from assistant.privacy import mask
from assistant.store.conversations import OWN_PAGE
from assistant.store.ids import new_id
from assistant.store.schema import conversations, feedback, turns, unanswered


def keep_thumb(
    connection: sa.Connection, conversation: str, question: str, thumb: str, reason: str, turn: str | None, now: datetime
) -> None:
    """Keep a thumb; a later one for the same turn takes its place. Raises InvalidInput for a turn of another conversation."""
    if turn is not None:
        whose = connection.execute(sa.select(turns.c.conversation).where(turns.c.id == turn)).scalar_one_or_none()
        if whose != conversation:
            raise InvalidInput("没有找到这一轮回答，请刷新页面再试。")
        connection.execute(feedback.delete().where(feedback.c.turn == turn))
    connection.execute(feedback.insert().values(
        id=new_id(), turn=turn, conversation=conversation, question=mask(question), thumb=thumb, reason=mask(reason), at=now,
    ))


def keep_gap(connection: sa.Connection, question: str, reason: str, conversation: str | None, now: datetime) -> None:
    """Keep a question that was declined."""
    site: Any = OWN_PAGE
    if conversation is not None:
        site = connection.execute(sa.select(conversations.c.site).where(conversations.c.id == conversation)).scalar_one_or_none()
        conversation = conversation if site else None
    connection.execute(unanswered.insert().values(
        id=new_id(), at=now, site=site or OWN_PAGE, conversation=conversation, question=mask(question), reason=reason,
    ))


def gaps(connection: sa.Connection) -> list[tuple[str, str]]:
    """(question, reason) of declined questions, oldest first."""
    rows = connection.execute(sa.select(unanswered.c.question, unanswered.c.reason).order_by(unanswered.c.at, unanswered.c.id))
    return [(row.question, row.reason) for row in rows]


def thumbs(connection: sa.Connection) -> list[tuple[str, str, str]]:
    """(question, thumb, reason) of all feedback, oldest first."""
    rows = connection.execute(
        sa.select(feedback.c.question, feedback.c.thumb, feedback.c.reason).order_by(feedback.c.at, feedback.c.id)
    )
    return [(row.question, row.thumb, row.reason) for row in rows]
