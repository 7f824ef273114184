"""The bench of the guard says what it measured."""

from assistant.bench_guard import run
from assistant.settings import Settings


def test_the_cost_of_a_sentence_is_told() -> None:
    said: list[str] = []
    run(Settings(), said.append)
    assert "每句中位" in said[0]
