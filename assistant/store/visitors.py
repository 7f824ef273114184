"""Visitors of a site, known by a secret their browser holds or by a name the site vouches for. Functions of a connection."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from assistant.store.conversations import insert, remove
from assistant.store.ids import hashed, new_id, new_secret
from assistant.store.schema import conversations, visitors


def by_secret(connection: sa.Connection, site: str, secret: str, now: datetime) -> str | None:
    """The visitor who holds this secret of this site, None when nobody does."""
    known = visitors.c.secret_hash == hashed(secret), visitors.c.site == site
    return connection.execute(visitors.update().where(*known).values(seen_at=now).returning(visitors.c.id)).scalar_one_or_none()


def by_subject(connection: sa.Connection, site: str, subject: str, now: datetime) -> str:
    """The visitor a site vouches for under this name, made when they come for the first time."""
    made = insert(connection.dialect.name, visitors).values(
        id=new_id(), site=site, secret_hash=hashed(new_secret()), subject=subject, created_at=now, seen_at=now,
    )
    known = made.on_conflict_do_update(index_elements=["site", "subject"], set_={"seen_at": now})
    return str(connection.execute(known.returning(visitors.c.id)).scalar_one())


def new(connection: sa.Connection, site: str, now: datetime) -> tuple[str, str]:
    """(id, secret) of a visitor nobody knows yet. The secret is told this once."""
    id, secret = new_id(), new_secret()
    connection.execute(visitors.insert().values(id=id, site=site, secret_hash=hashed(secret), created_at=now, seen_at=now))
    return id, secret


def erase(connection: sa.Connection, visitor: str) -> Mapping[str, int]:
    """Delete a visitor with everything that is theirs; how many rows of each kind went."""
    counts = remove(connection, conversations.c.visitor == visitor)
    gone = connection.execute(visitors.delete().where(visitors.c.id == visitor)).rowcount
    return {"visitors": gone, **counts}
