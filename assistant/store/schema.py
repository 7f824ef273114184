"""The tables, the same on SQLite and PostgreSQL. What changes here needs a migration; a test compares the two."""

import re
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL, and half a surrogate pair is no UTF-8
ID = 64  # longest id; ours have 22 characters, those a page makes up may be longer
MODEL = 128  # longest name of a model that is told apart


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time, always in UTC and aware of it; SQLite itself knows no time zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuses naive times with a ValueError: nobody knows what they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be kept")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """In UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(sa.types.TypeDecorator[str]):
    """Text as people type it; what no database takes is left out."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Without NUL and halves of surrogate pairs."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """`text` without NUL and halves of surrogate pairs."""
    return _UNSTORABLE.sub("", text)


# names of constraints are the same on every database, so that a later migration can name them
metadata = sa.MetaData(naming_convention={
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s",
})


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(ID), primary_key=True)


def _below(table: str, *, name: str = "", optional: bool = False, key: str = "id", index: bool = True) -> sa.Column[str]:
    """A reference to a row above; the row goes when the one above goes."""
    above = sa.ForeignKey(f"{table}.{key}", ondelete="CASCADE")
    return sa.Column(name or table.removesuffix("s"), sa.String(ID), above, nullable=optional, index=index)


def _column(name: str, kind: Any, *, optional: bool = False, default: Any = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=optional, default=default)


def _json(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=optional)


visitors = sa.Table(
    "visitors", metadata,
    _id(), _column("site", sa.String(ID)), sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    _column("subject", Words, optional=True), _column("created_at", Moment), _column("seen_at", Moment),
    sa.UniqueConstraint("site", "subject"),
)
conversations = sa.Table(
    "conversations", metadata,
    _id(), _column("site", sa.String(ID)), _below("visitors", optional=True), _column("audience", sa.String(ID), optional=True),
    _column("created_at", Moment), sa.Column("updated_at", Moment, nullable=False, index=True),
    _column("mode", sa.String(16), default="assistant"), _column("misses", sa.Integer, default=0),
)
turns = sa.Table(
    "turns", metadata,
    _id(), _below("conversations", index=False), _column("seq", sa.Integer), _column("question", Words),
    sa.Column("status", sa.String(16), nullable=False, index=True), _column("text", Words, default=""),
    _json("events"), _json("understood", optional=True), _column("ms", sa.Float, default=0),
    _column("asked_at", Moment), _column("answered_at", Moment, optional=True),
    sa.UniqueConstraint("conversation", "seq"),
)
calculations = sa.Table(
    "calculations", metadata,
    _id(), _below("turns"), _column("position", sa.Integer), _column("metric", Words), _column("label", Words),
    _json("inputs"), _json("value"), _column("unit", Words), _column("verdict", sa.String(16), optional=True),
    _column("rule", Words, optional=True),
)
citations = sa.Table(
    "citations", metadata,
    _id(), _below("turns"), _column("position", sa.Integer), _column("document", Words), _column("title", Words),
    _column("source", Words), _column("quote", Words), _column("address", Words), _column("period", Words),
    _column("confidence", Words),
)
feedback = sa.Table(
    "feedback", metadata,
    _id(), _below("turns", optional=True), sa.Column("conversation", sa.String(ID), nullable=False, index=True),
    _column("question", Words), _column("thumb", sa.String(4)), _column("reason", Words),
    sa.Column("at", Moment, nullable=False, index=True),
)
unanswered = sa.Table(
    "unanswered", metadata,
    _id(), sa.Column("at", Moment, nullable=False, index=True), _column("site", sa.String(ID)),
    _below("conversations", optional=True), _column("question", Words), _column("reason", sa.String(16)),
)
handoffs = sa.Table(
    "handoffs", metadata,
    _id(), _below("conversations"), _column("reason", sa.String(16)),
    sa.Column("state", sa.String(16), nullable=False, index=True), _json("packet"), _column("contact", Words, optional=True),
    _column("note", Words, default=""), _column("created_at", Moment), _column("taken_by", Words, optional=True),
    _column("taken_at", Moment, optional=True), _column("closed_at", Moment, optional=True),
)
messages = sa.Table(
    "messages", metadata,
    _id(), _below("conversations", index=False), _below("handoffs"), _column("seq", sa.Integer),
    _column("sender", sa.String(16)), _column("author", Words), _column("text", Words), _column("at", Moment),
    sa.UniqueConstraint("conversation", "seq"),
)
deliveries = sa.Table(
    "deliveries", metadata,
    _id(), _below("handoffs"), _column("channel", Words), sa.Column("key", Words, nullable=False, unique=True),
    _column("state", sa.String(16)), _column("attempts", sa.Integer, default=0), _column("due_at", Moment),
    _column("locked_until", Moment, optional=True), _column("last_error", Words, default=""),
    _column("sent_at", Moment, optional=True), sa.Index(None, "state", "due_at"),
)
uploads = sa.Table(
    "uploads", metadata,
    _id(), _below("conversations"), _column("name", Words), _column("type", Words), _column("size", sa.BigInteger),
    _column("sha256", sa.String(64)), _column("path", Words), _column("at", Moment),
)
staff = sa.Table(
    "staff", metadata,
    sa.Column("name", sa.String(ID), primary_key=True), _column("password_hash", Words), _column("created_at", Moment),
    _column("disabled", sa.Boolean, default=False),
)
staff_logins = sa.Table(
    "staff_logins", metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True), _below("staff", key="name"), _column("created_at", Moment),
    sa.Column("expires_at", Moment, nullable=False, index=True),
)
usage = sa.Table(
    "usage", metadata,
    sa.Column("day", sa.Date, primary_key=True), sa.Column("site", sa.String(ID), primary_key=True),
    sa.Column("model", sa.String(MODEL), primary_key=True),
    _column("calls", sa.BigInteger), _column("prompt_tokens", sa.BigInteger), _column("completion_tokens", sa.BigInteger),
    _column("cost", sa.Float),
)
