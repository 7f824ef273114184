"""What is kept: the running conversations (in memory, bounded), feedback and questions nobody could answer (SQLite)."""

from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import sqlalchemy as sa

from assistant.errors import SetupError
from assistant.understanding import Exchange

MOST_CONVERSATIONS = 10_000
MOST_EXCHANGES = 12

_metadata = sa.MetaData()
_feedback = sa.Table(
    "feedback", _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("thumb", sa.String(4), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)
_unanswered = sa.Table(
    "unanswered", _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("reason", sa.String(16), nullable=False),
)


class Store:
    """Conversations live in memory; what must outlast a restart goes to a SQLite file."""

    def __init__(self, folder: Path | None) -> None:
        """Create the file on first use; without a folder all is in memory. Raises SetupError when the folder cannot be written."""
        try:
            if folder is None:
                self._engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool, connect_args={"check_same_thread": False})
            else:
                folder.mkdir(parents=True, exist_ok=True)
                self._engine = sa.create_engine(f"sqlite:///{folder / 'assistant.sqlite3'}")
            with self._engine.begin() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            _metadata.create_all(self._engine)
        except (OSError, sa.exc.SQLAlchemyError) as error:
            raise SetupError(f"数据文件夹 {folder} 写不进去，请检查它是不是文件夹、有没有写权限，或改 ASSISTANT_DATA_DIR。") from error
        self._conversations: OrderedDict[str, tuple[Exchange, ...]] = OrderedDict()
        self._lock = Lock()

    def recall(self, conversation: str) -> tuple[Exchange, ...]:
        """The last exchanges of a conversation, oldest first."""
        with self._lock:
            return self._conversations.get(conversation, ())

    def remember(self, conversation: str, exchange: Exchange) -> None:
        """Append an exchange; the oldest conversations are forgotten beyond the bound."""
        with self._lock:
            held = (*self._conversations.pop(conversation, ()), exchange)[-MOST_EXCHANGES:]
            self._conversations[conversation] = held
            while len(self._conversations) > MOST_CONVERSATIONS:
                self._conversations.popitem(last=False)

    def forget(self, conversation: str) -> None:
        """Drop what is remembered of a conversation."""
        with self._lock:
            self._conversations.pop(conversation, None)

    def feedback(self, conversation: str, question: str, thumb: str, reason: str) -> None:
        """Keep a thumb ('up' or 'down') with its reason."""
        self._insert(_feedback, conversation=conversation, question=question, thumb=thumb, reason=reason)

    def unanswered(self, question: str, reason: str) -> None:
        """Keep a question that was declined, so that an editor sees the gap."""
        self._insert(_unanswered, question=question, reason=reason)

    def gaps(self) -> list[tuple[str, str]]:
        """(question, reason) of declined questions, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_unanswered.c.question, _unanswered.c.reason).order_by(_unanswered.c.id))
            return [(row.question, row.reason) for row in rows]

    def thumbs(self) -> list[tuple[str, str, str]]:
        """(question, thumb, reason) of all feedback, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                sa.select(_feedback.c.question, _feedback.c.thumb, _feedback.c.reason).order_by(_feedback.c.id)
            )
            return [(row.question, row.thumb, row.reason) for row in rows]

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()

    def _insert(self, table: sa.Table, **values: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(table.insert().values(at=datetime.now(UTC), **values))
