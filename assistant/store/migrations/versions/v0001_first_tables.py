"""All tables of the service; feedback and unanswered questions of the version before are taken over, masked."""

import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from assistant.privacy import mask

revision = "0001"
down_revision = None

ID, TEXT, MOMENT, JSON = sa.String(64), sa.Text(), sa.DateTime(timezone=True), sa.JSON()
_BEFORE = ("feedback", "unanswered")


def upgrade() -> None:
    """Make the tables, then move what an earlier version kept in two of its own."""
    kept = _taken_out()
    _visitors()
    _conversations()
    _turns()
    _notes()
    _handoffs()
    _staff()
    for name, rows in kept.items():
        if rows:
            op.bulk_insert(sa.table(name, *[sa.column(column) for column in rows[0]]), rows)


def _taken_out() -> Mapping[str, list[dict[str, Any]]]:
    """Rows of the earlier tables as they fit the new ones; the earlier tables are gone afterwards."""
    connection = op.get_bind()
    there = sa.inspect(connection).get_table_names()
    kept: dict[str, list[dict[str, Any]]] = {}
    for name in _BEFORE:
        if name not in there:
            continue
        # times are moved as they are written, the columns keep their kind
        rows = connection.execute(sa.text(f"SELECT * FROM {name} ORDER BY id")).mappings().all()  # noqa: S608 - a name of ours
        more: dict[str, Any] = {"turn": None} if name == "feedback" else {"site": "page", "conversation": None}
        kept[name] = [
            {**more, **row, "id": f"{row['id']:08d}-{secrets.token_urlsafe(9)}", "question": mask(row["question"])} for row in rows
        ]
        op.drop_table(name)
    for row in kept.get("feedback", ()):
        row["reason"] = mask(row["reason"])
    return kept


def _visitors() -> None:
    op.create_table(
        "visitors", _id(), _column("site", ID), _column("secret_hash", ID), _column("subject", TEXT, nullable=True),
        _column("created_at", MOMENT), _column("seen_at", MOMENT),
        sa.UniqueConstraint("secret_hash"), sa.UniqueConstraint("site", "subject"),
    )


def _conversations() -> None:
    op.create_table(
        "conversations", _id(), _column("site", ID), _below("visitor", nullable=True), _column("audience", ID, nullable=True),
        _column("created_at", MOMENT), _column("updated_at", MOMENT),
        _column("mode", sa.String(16)), _column("misses", sa.Integer()),
    )
    _index("conversations", "updated_at")
    _index("conversations", "visitor")


def _turns() -> None:
    op.create_table(
        "turns", _id(), _below("conversation"), _column("seq", sa.Integer()), _column("question", TEXT),
        _column("status", sa.String(16)), _column("text", TEXT), _column("events", JSON),
        _column("understood", JSON, nullable=True), _column("ms", sa.Float()),
        _column("asked_at", MOMENT), _column("answered_at", MOMENT, nullable=True),
        sa.UniqueConstraint("conversation", "seq"),
    )
    _index("turns", "status")
    op.create_table(
        "calculations", _id(), _below("turn"), _column("position", sa.Integer()), _column("metric", TEXT), _column("label", TEXT),
        _column("inputs", JSON), _column("value", JSON), _column("unit", TEXT), _column("verdict", sa.String(16), nullable=True),
        _column("rule", TEXT, nullable=True),
    )
    _index("calculations", "turn")
    words = ("document", "title", "source", "quote", "address", "period", "confidence")
    op.create_table(
        "citations", _id(), _below("turn"), _column("position", sa.Integer()), *[_column(name, TEXT) for name in words],
    )
    _index("citations", "turn")


def _notes() -> None:
    op.create_table(
        "feedback", _id(), _below("turn", nullable=True), _column("conversation", ID), _column("question", TEXT),
        _column("thumb", sa.String(4)), _column("reason", TEXT), _column("at", MOMENT),
    )
    _index("feedback", "at")
    _index("feedback", "conversation")
    _index("feedback", "turn")
    op.create_table(
        "unanswered", _id(), _column("at", MOMENT), _column("site", ID), _below("conversation", nullable=True),
        _column("question", TEXT), _column("reason", sa.String(16)),
    )
    _index("unanswered", "at")
    _index("unanswered", "conversation")


def _handoffs() -> None:
    op.create_table(
        "handoffs", _id(), _below("conversation"), _column("reason", sa.String(16)), _column("state", sa.String(16)),
        _column("packet", JSON), _column("contact", TEXT, nullable=True), _column("note", TEXT),
        _column("created_at", MOMENT), _column("taken_by", TEXT, nullable=True), _column("taken_at", MOMENT, nullable=True),
        _column("closed_at", MOMENT, nullable=True),
    )
    _index("handoffs", "conversation")
    _index("handoffs", "state")
    op.create_table(
        "messages", _id(), _below("conversation"), _below("handoff"), _column("seq", sa.Integer()),
        _column("sender", sa.String(16)), _column("author", TEXT), _column("text", TEXT), _column("at", MOMENT),
        sa.UniqueConstraint("conversation", "seq"),
    )
    _index("messages", "handoff")
    op.create_table(
        "deliveries", _id(), _below("handoff"), _column("channel", TEXT), _column("key", TEXT), _column("state", sa.String(16)),
        _column("attempts", sa.Integer()), _column("due_at", MOMENT),
        _column("locked_until", MOMENT, nullable=True), _column("last_error", TEXT),
        _column("sent_at", MOMENT, nullable=True), sa.UniqueConstraint("key"),
    )
    _index("deliveries", "handoff")
    _index("deliveries", "state", "due_at")
    op.create_table(
        "uploads", _id(), _below("conversation"), _column("name", TEXT), _column("type", TEXT), _column("size", sa.BigInteger()),
        _column("sha256", ID), _column("path", TEXT), _column("at", MOMENT),
    )
    _index("uploads", "conversation")


def _staff() -> None:
    op.create_table(
        "staff", sa.Column("name", ID, primary_key=True), _column("password_hash", TEXT), _column("created_at", MOMENT),
        _column("disabled", sa.Boolean()),
    )
    op.create_table(
        "staff_logins", sa.Column("token_hash", ID, primary_key=True),
        sa.Column("staff", ID, sa.ForeignKey("staff.name", ondelete="CASCADE"), nullable=False),
        _column("created_at", MOMENT), _column("expires_at", MOMENT),
    )
    _index("staff_logins", "expires_at")
    _index("staff_logins", "staff")


def _id() -> sa.Column[Any]:
    return sa.Column("id", ID, primary_key=True)


def _column(name: str, kind: Any, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable)


def _below(above: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(above, ID, sa.ForeignKey(f"{above}s.id", ondelete="CASCADE"), nullable=nullable)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
