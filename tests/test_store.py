"""Conversations in memory, bounded; feedback and gaps in a file that outlives the process."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import SetupError
from assistant.store import MOST_CONVERSATIONS, MOST_EXCHANGES, Store
from assistant.understanding import Exchange, Understood


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "data")
    yield made
    made.close()


def exchange(question: str) -> Exchange:
    return Exchange(question, Understood())


def test_a_conversation_is_recalled_in_order_and_apart_from_others(store: Store) -> None:
    for question in ("一", "二"):
        store.remember("a", exchange(question))
    store.remember("b", exchange("三"))
    assert [one.question for one in store.recall("a")] == ["一", "二"]
    assert [one.question for one in store.recall("b")] == ["三"]
    assert store.recall("c") == ()


def test_only_the_last_exchanges_are_kept(store: Store) -> None:
    for number in range(MOST_EXCHANGES + 5):
        store.remember("a", exchange(str(number)))
    held = store.recall("a")
    assert len(held) == MOST_EXCHANGES
    assert held[-1].question == str(MOST_EXCHANGES + 4)


def test_the_conversation_longest_silent_is_forgotten_first(store: Store) -> None:
    for number in range(MOST_CONVERSATIONS):
        store.remember(str(number), exchange("x"))
    store.remember("0", exchange("again"))
    store.remember("new", exchange("x"))
    assert store.recall("1") == ()
    assert len(store.recall("0")) == 2
    assert len(store.recall("new")) == 1


def test_a_forgotten_conversation_is_gone(store: Store) -> None:
    store.remember("a", exchange("一"))
    store.forget("a")
    store.forget("never there")
    assert store.recall("a") == ()


def test_feedback_and_gaps_outlive_the_process(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.feedback("a", "问一", "down", "数不对")
    first.feedback("a", "问二", "up", "")
    first.unanswered("天气'); DROP TABLE unanswered;--", "scope")
    first.remember("a", exchange("一"))
    first.close()
    second = Store(tmp_path)
    assert second.thumbs() == [("问一", "down", "数不对"), ("问二", "up", "")]
    assert second.gaps() == [("天气'); DROP TABLE unanswered;--", "scope")]
    assert second.recall("a") == ()
    second.close()


def test_threads_write_side_by_side(store: Store) -> None:
    def write(name: int) -> None:
        for number in range(10):
            store.remember(f"c{name}", exchange(str(number)))
            store.unanswered(f"{name}-{number}", "weak")

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.gaps()) == 40
    assert all(len(store.recall(f"c{name}")) == 10 for name in range(4))


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SetupError, match="ASSISTANT_DATA_DIR"):
        Store(tmp_path / "file")


def test_a_data_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "assistant.sqlite3").write_bytes(b"this is not a database, only some text" * 50)
    with pytest.raises(SetupError, match="ASSISTANT_DATA_DIR"):
        Store(tmp_path)
