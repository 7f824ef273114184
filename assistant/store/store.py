"""The store: every write is gathered with others and durable when the call returns, every read sees all that was told to be kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import TypeVar

import sqlalchemy as sa

from assistant.answer import Event
from assistant.errors import StoreUnavailable
from assistant.privacy import echoes, secrets_in
from assistant.store import conversations, notes, retention, turns, usage, visitors
from assistant.store.conversations import ConversationRow
from assistant.store.database import connect, in_memory, overwrite_log, writing
from assistant.store.ids import new_id
from assistant.store.schema import conversations as talks
from assistant.store.turns import Ended, TurnRow
from assistant.store.usage import UsageRow
from assistant.store.writer import Writer
from assistant.understanding import Exchange

Result = TypeVar("Result")
IN_MEMORY = "sqlite://"
"""the address of a store that keeps nothing"""


class Store:
    """Conversations, feedback and gaps in a database. Calls block and may come from any thread.

    Texts of people are masked before they are written (`assistant.privacy`). Calls raise StoreUnavailable, a sentence, while the database
    cannot be used.
    """

    def __init__(self, url: str) -> None:
        """Open the database of a SQLAlchemy URL, bringing its tables up to date. Raises SetupError when it cannot be used."""
        self._engine = connect(url)
        self._writer = Writer(writing(self._engine))
        self._private: dict[str, Callable[[str], str]] = {}
        """turn under way → masks what its question held; only of questions that held something"""

    def write(self, job: Callable[[sa.Connection], Result]) -> Result:
        """Run a function of a connection that writes, and return its result once it is committed."""
        try:
            return self._writer.run(job)
        except sa.exc.OperationalError as error:
            raise StoreUnavailable("现在存不下对话，请稍后再试。") from error

    def read(self, job: Callable[[sa.Connection], Result]) -> Result:
        """Run a function of a connection that reads."""
        try:
            if in_memory(self._engine):
                return self._writer.run(job)  # one connection for all: nobody reads while somebody writes
            with self._engine.connect() as connection:
                return job(connection)
        except sa.exc.OperationalError as error:
            raise StoreUnavailable("现在读不到对话，请稍后再试。") from error

    def accept(self, conversation: str, question: str, *, audience: str | None = None) -> str:
        """Keep a question and return the id of its turn. The conversation is made when it is not there."""
        turn = new_id()
        if secrets_in(question):
            self._private[turn] = echoes(question)
        self.write(partial(
            turns.accept, turn=turn, conversation=conversation, question=question, audience=audience, now=_now(),
        ))
        return turn

    def record(self, turn: str, events: Sequence[Event], exchange: Exchange | None, missed: bool = False) -> None:
        """Keep a whole answer, the last event of which is Done: all of it or nothing.

        `missed`: it left the person where they were; such answers in a row are counted.
        """
        understood = exchange.understood if exchange is not None else None
        masked = self._private.get(turn, str)
        self.write(partial(
            turns.record, turn=turn, events=tuple(events), understood=understood, masked=masked, now=_now(), missed=missed,
        ))
        self._private.pop(turn, None)

    def stop(self, turn: str, status: Ended, events: Sequence[Event]) -> None:
        """Keep how far an answer came that was stopped or failed."""
        masked = self._private.get(turn, str)
        self.write(partial(turns.stop, turn=turn, status=status, events=tuple(events), masked=masked, now=_now()))
        self._private.pop(turn, None)

    def recall(self, conversation: str) -> tuple[Exchange, ...]:
        """What the last turns were about, oldest first."""
        return self.read(partial(turns.recall, conversation=conversation))

    def turns(self, conversation: str, after_seq: int = 0, limit: int = 50) -> list[TurnRow]:
        """The turns behind number `after_seq`, oldest first."""
        return self.read(partial(turns.listed, conversation=conversation, after_seq=after_seq, limit=limit))

    def misses(self, conversation: str) -> int:
        """How many answers in a row left the person where they were."""
        return self.read(partial(conversations.misses, conversation=conversation))

    def mark_interrupted(self) -> int:
        """To be called when a service starts: what a dead process left unanswered is marked so. Returns how many turns."""
        return self.write(turns.mark_interrupted)

    def open(self, conversation: str, site: str, visitor: str | None = None, audience: str | None = None) -> None:
        """Make a conversation of a site; one that is there stays whose it is."""
        self.write(partial(
            conversations.open, conversation=conversation, site=site, visitor=visitor, audience=audience, now=_now(),
        ))

    def owner(self, conversation: str) -> tuple[str, str | None] | None:
        """(site, visitor) of a conversation, None when there is no such."""
        return self.read(partial(conversations.owner, conversation=conversation))

    def conversations(self, visitor: str, limit: int = 50) -> list[ConversationRow]:
        """A visitor's conversations in which something was asked, the latest first."""
        return self.read(partial(conversations.listed, visitor=visitor, limit=limit))

    def visitor_by_secret(self, site: str, secret: str) -> str | None:
        """The visitor who holds this secret of this site."""
        return self.write(partial(visitors.by_secret, site=site, secret=secret, now=_now()))

    def visitor_by_subject(self, site: str, subject: str) -> str:
        """The visitor a site vouches for under this name, made when they come for the first time."""
        return self.write(partial(visitors.by_subject, site=site, subject=subject, now=_now()))

    def new_visitor(self, site: str) -> tuple[str, str]:
        """(id, secret) of a new visitor; only a hash of the secret is kept."""
        return self.write(partial(visitors.new, site=site, now=_now()))

    def forget(self, conversation: str) -> Mapping[str, int]:
        """Delete a conversation with everything in it; how many rows of each kind went."""
        return self._erased(partial(conversations.remove, which=talks.c.id == conversation))

    def erase(self, visitor: str) -> Mapping[str, int]:
        """Delete a visitor with everything that is theirs; how many rows of each kind went."""
        return self._erased(partial(visitors.erase, visitor=visitor))

    def purge(self, before: datetime) -> Mapping[str, int]:
        """Delete what was last touched before a moment (aware of its zone); how many rows of each kind went."""
        return self._erased(partial(retention.purge, before=before, now=_now()))

    def feedback(self, conversation: str, question: str, thumb: str, reason: str, turn: str | None = None) -> None:
        """Keep a thumb ('up' or 'down') with its reason. Raises InvalidInput for a turn of another conversation."""
        self.write(partial(
            notes.keep_thumb, conversation=conversation, question=question, thumb=thumb, reason=reason, turn=turn, now=_now(),
        ))

    def unanswered(self, question: str, reason: str, conversation: str | None = None) -> None:
        """Keep a question nobody could answer; those of declined turns are kept by `record`."""
        self.write(partial(notes.keep_gap, question=question, reason=reason, conversation=conversation, now=_now()))

    def gaps(self) -> list[tuple[str, str]]:
        """(question, reason) of declined questions, oldest first."""
        return self.read(notes.gaps)

    def thumbs(self) -> list[tuple[str, str, str]]:
        """(question, thumb, reason) of all feedback, oldest first."""
        return self.read(notes.thumbs)

    def count_usage(self, row: UsageRow) -> None:
        """Add to what a site used of a model on a day."""
        self.write(partial(usage.count, row=row))

    def tokens_used(self, day: date, site: str) -> int:
        """The tokens a site used on a day, of all models."""
        return self.read(partial(usage.tokens, day=day, site=site))

    def usage(self, since: date) -> list[UsageRow]:
        """What was used since a day, by day, site and model, oldest first."""
        return self.read(partial(usage.listed, since=since))

    def close(self) -> None:
        """Finish pending writes and release the database."""
        self._writer.close()
        self._engine.dispose()

    def _erased(self, job: Callable[[sa.Connection], Mapping[str, int]]) -> Mapping[str, int]:
        gone = self.write(job)
        if any(gone.values()):
            overwrite_log(self._engine)
        return gone


def _now() -> datetime:
    return datetime.now(UTC)
