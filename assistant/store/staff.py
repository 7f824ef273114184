"""Accounts of the staff and their logins. Each function runs in its caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assistant.store.schema import staff, staff_logins


@dataclass(frozen=True)
class StaffRow:
    """One account."""

    name: str
    password_hash: str
    created_at: datetime
    disabled: bool


def account(connection: sa.Connection, name: str) -> StaffRow | None:
    """One account by its name."""
    row = connection.execute(_SELECT.where(staff.c.name == name)).first()
    return StaffRow(*row) if row else None


def accounts(connection: sa.Connection) -> list[StaffRow]:
    """All accounts, oldest first."""
    return [StaffRow(*row) for row in connection.execute(_SELECT.order_by(staff.c.created_at, staff.c.name))]


def put(connection: sa.Connection, name: str, password_hash: str, now: datetime) -> bool:
    """Make an account, or give one a new password, which ends its logins. True when it is new."""
    if account(connection, name) is None:
        connection.execute(staff.insert().values(name=name, password_hash=password_hash, created_at=now, disabled=False))
        return True
    rehash(connection, name, password_hash)
    connection.execute(staff.update().where(staff.c.name == name).values(disabled=False))
    end_all(connection, name)
    return False


def rehash(connection: sa.Connection, name: str, password_hash: str) -> None:
    """Keep the same password under newer parameters."""
    connection.execute(staff.update().where(staff.c.name == name).values(password_hash=password_hash))


def disable(connection: sa.Connection, name: str) -> bool:
    """Shut an account and end its logins; False when there is none."""
    end_all(connection, name)
    return connection.execute(staff.update().where(staff.c.name == name).values(disabled=True)).rowcount == 1


def begin(connection: sa.Connection, token_hash: str, name: str, now: datetime, until: datetime) -> None:
    """Keep a login; those that have run out are swept away."""
    connection.execute(staff_logins.delete().where(staff_logins.c.expires_at <= now))
    connection.execute(staff_logins.insert().values(token_hash=token_hash, staff=name, created_at=now, expires_at=until))


def whose(connection: sa.Connection, token_hash: str, now: datetime) -> str | None:
    """The name behind a login that still holds; None when it ran out, was ended or the account is shut."""
    joined = staff_logins.join(staff, staff.c.name == staff_logins.c.staff)
    holds = (staff_logins.c.token_hash == token_hash) & (staff_logins.c.expires_at > now) & staff.c.disabled.is_(False)
    return connection.execute(sa.select(staff.c.name).select_from(joined).where(holds)).scalar()


def end(connection: sa.Connection, token_hash: str) -> None:
    """End one login."""
    connection.execute(staff_logins.delete().where(staff_logins.c.token_hash == token_hash))


def end_all(connection: sa.Connection, name: str) -> None:
    """End all logins of an account."""
    connection.execute(staff_logins.delete().where(staff_logins.c.staff == name))


_SELECT = sa.select(staff.c.name, staff.c.password_hash, staff.c.created_at, staff.c.disabled)
