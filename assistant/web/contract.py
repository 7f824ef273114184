"""What the page needs from the engine, and nothing more."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, Protocol

from assistant.answer import Calculated, Event
from assistant.drafting import Draft

Thumb = Literal["up", "down"]
AUDIENCES = ("merchant", "dealer", "owner", "express")


class Engine(Protocol):
    """The one object behind every screen. Errors meant for people are AssistantError."""

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
