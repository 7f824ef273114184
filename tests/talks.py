"""Whole conversations without the search: what the last turn says after those before."""

from collections.abc import Sequence

from assistant.answer import Asked, Calculated, Event, Text, Turn
from assistant.composer import Composer
from assistant.library import Library
from assistant.reading import Reader
from assistant.remembering import understood
from assistant.understanding import Exchange

from .readings import NOW


def talk(library: Library, reader: Reader, *questions: str) -> list[Event]:
    """The events of the last question."""
    history: list[Exchange] = []
    told: list[Event] = []
    for question in questions:
        turn = Turn(question, reader.read(question, NOW, history), (), 0.0, NOW)
        told = list(Composer(library, 0.5).events(turn))
        history.append(Exchange(question, understood(turn, told)))
    return told


def values(told: Sequence[Event]) -> list[object]:
    """The values that are told for themselves."""
    return [event.value for event in told if isinstance(event, Calculated) and not event.aside]


def labels(told: Sequence[Event]) -> list[str]:
    return [event.label for event in told if isinstance(event, Calculated) and not event.aside]


def words(told: Sequence[Event]) -> str:
    return "\n".join(event.text if isinstance(event, Asked) else event.markdown for event in told if isinstance(event, Asked | Text))
