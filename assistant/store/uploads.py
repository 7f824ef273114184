"""Files people sent: which there are. The files themselves go when their conversation goes. Functions of a connection."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from assistant.store.ids import new_id
from assistant.store.schema import uploads


@dataclass(frozen=True)
class Received:
    """A file taken in. `name` is what people see, `path` where it lies, `size` in bytes."""

    name: str
    type: str
    size: int
    sha256: str
    path: Path


def count(connection: sa.Connection, conversation: str) -> int:
    """How many files a conversation has."""
    found = connection.execute(sa.select(sa.func.count()).select_from(uploads).where(uploads.c.conversation == conversation))
    return int(found.scalar_one())


def add(connection: sa.Connection, conversation: str, file: Received, now: datetime) -> str:
    """Keep that a file was sent and return its id."""
    id = new_id()
    connection.execute(uploads.insert().values(
        id=id, conversation=conversation, name=file.name, type=file.type, size=file.size, sha256=file.sha256,
        path=str(file.path), at=now,
    ))
    return id
