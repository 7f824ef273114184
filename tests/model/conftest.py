"""A turn to answer, and a model served by a scripted server over real HTTP."""

from collections.abc import Callable, Iterator

import pytest

from assistant.answer import Event, Turn
from assistant.composer import Composer
from assistant.library import Library
from assistant.reading import Reader
from assistant.scripted import Say, Scripted, scripted
from assistant.settings import Settings
from assistant.understanding import Exchange, Understood
from tests.conftest import TODAY

KEY = "sk-never-to-be-seen-0123456789"


@pytest.fixture
def server() -> Iterator[Scripted]:
    """A server that says one harmless sentence until it is told otherwise."""
    with scripted(lambda _: [Say("先把能和解的和解掉。")]) as served:
        yield served


@pytest.fixture
def model_settings(server: Scripted) -> Settings:
    """Settings that use it."""
    return Settings(
        model="openai:scripted", model_base_url=server.address, model_api_key=KEY, model_first_token_seconds=1, model_turn_seconds=4,
    )


MakeTurn = Callable[..., tuple[Turn, list[Event]]]


@pytest.fixture
def make_turn(tiny: Library) -> MakeTurn:
    """A turn over the tiny knowledge, and the composer's answer to it."""
    reader, composer = Reader(tiny), Composer(tiny, 0.5)

    def make(question: str, *ids: str, earlier: tuple[str, ...] = (), confidence: float = 1.0) -> tuple[Turn, list[Event]]:
        understanding = reader.read(question, TODAY, tuple(Exchange(text, Understood()) for text in earlier))
        documents = tiny.on(understanding.day)
        turn = Turn(question, understanding, tuple(documents[id] for id in ids), confidence, TODAY, earlier=earlier)
        return turn, list(composer.events(turn))

    return make
