"""What models were asked for: calls, tokens and cost by day, site and model. Functions of a connection."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from assistant.store.schema import usage

COUNTED = ("calls", "prompt_tokens", "completion_tokens", "cost")


@dataclass(frozen=True)
class UsageRow:
    """What one site used of one model on one day (UTC). `cost` is in the currency the prices are given in."""

    day: date
    site: str
    model: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    cost: float


def count(connection: sa.Connection, row: UsageRow) -> None:
    """Add to what was used; several processes may do so at once."""
    insert = postgresql.insert(usage) if connection.dialect.name == "postgresql" else sqlite.insert(usage)
    given = {name: getattr(row, name) for name in ("day", "site", "model", *COUNTED)}
    connection.execute(insert.values(given).on_conflict_do_update(
        index_elements=[usage.c.day, usage.c.site, usage.c.model],
        set_={name: usage.c[name] + insert.excluded[name] for name in COUNTED},
    ))


def tokens(connection: sa.Connection, day: date, site: str) -> int:
    """The tokens a site used on a day, of all models."""
    used = sa.func.sum(usage.c.prompt_tokens + usage.c.completion_tokens)
    return int(connection.scalar(sa.select(used).where(usage.c.day == day, usage.c.site == site)) or 0)


def listed(connection: sa.Connection, since: date) -> list[UsageRow]:
    """Everything used since a day, oldest first."""
    rows = connection.execute(
        sa.select(usage).where(usage.c.day >= since).order_by(usage.c.day, usage.c.site, usage.c.model)
    )
    return [UsageRow(**row) for row in rows.mappings()]
