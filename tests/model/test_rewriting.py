"""A model may put a question clearer; it counts only with the person's own numbers, and only if something comes of it."""

from collections.abc import Callable

import pytest

from assistant.answer import Calculated, Turn
from assistant.composer import Composer
from assistant.errors import ModelFailed
from assistant.library import Library
from assistant.prompts import Prompt
from assistant.rewriting import Rewriting, clearer

from .conftest import MakeTurn

QUESTION = "我那个单子7个被判了，总的12000，多不多"
CLEAR = "判责7笔，总的成交12000笔，纠纷退款率多少，多不多"


class Writer:
    """Says one thing, and keeps what it was told."""

    def __init__(self, text: str) -> None:
        self.text, self.prompts = text, list[Prompt]()

    async def __call__(self, prompt: Prompt, conversation: str) -> str:
        """One call."""
        self.prompts.append(prompt)
        if not self.text:
            raise ModelFailed("没有回答。", "timeout")
        return self.text


@pytest.fixture
def rewritten(tiny: Library, make_turn: MakeTurn) -> Callable[..., object]:
    """(turn, what it is read as when the writer says so, the writer)."""
    composer = Composer(tiny, 0.5)

    async def run(text: str, question: str = QUESTION, confidence: float = 0.2) -> tuple[Turn, Turn, Writer]:
        turn, _ = make_turn(question, "topic/dispute_advice", confidence=confidence)
        writer = Writer(text)

        async def again(clear: str) -> Turn:
            return make_turn(clear, "topic/dispute_advice", confidence=confidence)[0]

        return turn, await Rewriting(writer, lambda one: list(composer.events(one)), 0.5)(turn, again), writer

    return run


async def test_a_clearer_question_is_read_by_our_own_reader(rewritten: Callable[..., object], tiny: Library) -> None:
    _, read, writer = await rewritten(CLEAR)  # type: ignore[misc]
    assert read.question == QUESTION
    (found,) = [event for event in Composer(tiny, 0.5).events(read) if isinstance(event, Calculated)]
    assert found.value == pytest.approx(7 / 12000)
    assert QUESTION in writer.prompts[0].message


@pytest.mark.parametrize(
    "text",
    [
        "", "判责8笔，总的成交12000笔，纠纷退款率多少，多不多", "判责7笔，纠纷退款率多少", "七天无理由从哪天算", QUESTION,
        f"{CLEAR}\n另外", "长" * 300, "纠纷退款率是0.06%，判责7笔，成交12000笔，我那个单子多不多",
    ],
)
async def test_anything_else_leaves_the_turn_as_it_was(rewritten: Callable[..., object], text: str) -> None:
    turn, read, _ = await rewritten(text)  # type: ignore[misc]
    assert read is turn


async def test_a_question_our_rules_answer_is_not_rewritten(rewritten: Callable[..., object]) -> None:
    turn, read, writer = await rewritten(CLEAR, "判责7笔，成交12000笔，纠纷退款率多少")  # type: ignore[misc]
    assert read is turn
    assert not writer.prompts


def test_quotes_around_a_question_are_taken_off(make_turn: MakeTurn) -> None:
    assert clearer(make_turn(QUESTION)[0], f"“{CLEAR}”") == CLEAR
