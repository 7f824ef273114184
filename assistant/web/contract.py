"""What the page and the API need from the engine and from the people's desk, and nothing more."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, Protocol

from assistant.answer import Calculated, Event
from assistant.drafting import Draft
from assistant.store import Store

Thumb = Literal["up", "down"]
AUDIENCES = ("merchant", "dealer", "owner", "express")


class Engine(Protocol):
    """The one object behind every screen. Errors meant for people are AssistantError."""

    @property
    def store(self) -> Store:
        """Where conversations are kept."""
        ...

    @property
    def ready(self) -> bool:
        """False while the index is still being prepared."""
        ...

    @property
    def starters(self) -> Mapping[str, Sequence[str]]:
        """Audience → questions for the first screen."""
        ...

    @property
    def checked_on(self) -> date:
        """The day the knowledge was last checked."""
        ...

    def ask(self, conversation_id: str, question: str, *, audience: str | None = None) -> AsyncIterator[Event]:
        """Answer one question, waiting until the engine is ready; the last event is Done."""
        ...

    def keeping_in(self, store: Store) -> "Engine":
        """The same engine with its conversations kept in another store. Of a ready engine only."""
        ...

    def recalculate(self, metric: str, inputs: dict[str, Any], day: date | None) -> Calculated:
        """Compute a metric again for changed inputs. Raises AssistantError with a sentence."""
        ...

    def draft(self, guide: str, given: Mapping[str, Mapping[str, Any]], day: date | None) -> Draft:
        """Fill a paper again from what it was filled with. Raises AssistantError with a sentence."""
        ...

    def feedback(self, conversation_id: str, question: str, thumb: Thumb, reason: str = "") -> None:
        """Keep a thumb for an answer."""
        ...

    def forget(self, conversation_id: str) -> None:
        """Drop what was remembered of a conversation."""
        ...


class Desk(Protocol):
    """Where people are brought in. All but `watch` block briefly; errors meant for people are AssistantError."""

    def open(self, conversation: str, reason: str, contact: str | None, note: str, attach: bool) -> dict[str, Any]:
        """Hand a conversation over: {id, state, packet}. `attach` hands over the conversation itself too."""
        ...

    def state(self, conversation: str) -> dict[str, Any] | None:
        """{id, state, taken_by} of the hand-off under way or last ended, None when there was none."""
        ...

    def say(self, conversation: str, text: str) -> dict[str, Any]:
        """Keep a message of the visitor: {id, seq, sender, author, text, at}."""
        ...

    def messages(self, conversation: str, after_seq: int) -> list[dict[str, Any]]:
        """The messages behind `after_seq`, oldest first."""
        ...

    def hours(self, site: str) -> dict[str, Any]:
        """{open, text}: whether somebody is there now, and the line that tells when."""
        ...

    def watch(self, conversation: str, after_seq: int) -> AsyncIterator[dict[str, Any]]:
        """What happens from now on, each with its "type": message, handoff or typing. Never ends by itself."""
        ...
