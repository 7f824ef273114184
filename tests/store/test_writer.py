"""Writes are gathered: few commits for many, one that fails takes no other with it, and nobody is told too early."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from assistant.errors import StoreUnavailable
from assistant.store import Store
from assistant.store.database import connect, writing
from assistant.store.schema import unanswered
from assistant.store.writer import Writer

from .conftest import Open


def held(store: Store) -> threading.Event:
    """Keep the writer busy until the event is set, so that what is written meanwhile piles up."""
    begun, go_on = threading.Event(), threading.Event()

    def wait(connection: sa.Connection) -> None:
        begun.set()
        go_on.wait(30)

    threading.Thread(target=store.write, args=(wait,)).start()
    begun.wait(30)
    return go_on


def piled_up(writer: Writer, number: int) -> None:
    """Wait until so many writes are pending."""
    while writer._pending.qsize() < number:
        time.sleep(0.001)


def test_many_questions_at_once_cost_few_commits(store: Store) -> None:
    commits = []
    sa.event.listen(store._engine, "commit", lambda connection: commits.append(1))
    go_on = held(store)
    with ThreadPoolExecutor(250) as pool:
        asked = [pool.submit(store.accept, f"c{number}", "问") for number in range(250)]
        piled_up(store._writer, 250)
        go_on.set()
        turns = {one.result() for one in asked}
    assert len(turns) == 250
    assert len(commits) == 2, "the one that was waited for, and one for all"
    assert all(len(store.turns(f"c{number}")) == 1 for number in range(0, 250, 50))


def test_a_write_that_fails_takes_none_of_the_others_with_it(store: Store) -> None:
    go_on = held(store)

    def half(connection: sa.Connection) -> None:
        connection.execute(unanswered.insert().values(id="half", at=sa.null(), site="", question="", reason=""))

    def begun(connection: sa.Connection) -> None:
        connection.execute(sa.text("UPDATE conversations SET site = 'spoilt'"))
        raise KeyError("ours")

    with ThreadPoolExecutor(6) as pool:
        before = pool.submit(store.accept, "a", "问")
        broken = [pool.submit(store.write, half), pool.submit(store.write, begun)]
        after = pool.submit(store.accept, "b", "问")
        go_on.set()
        assert before.result()
        assert after.result()
        for one, kind in zip(broken, (sa.exc.IntegrityError, KeyError), strict=True):
            with pytest.raises(kind):
                one.result()
    assert [store.owner(name) for name in ("a", "b")] == [("page", None), ("page", None)]


def test_a_write_alone_that_fails_leaves_nothing(store: Store) -> None:
    def half(connection: sa.Connection) -> None:
        connection.execute(unanswered.insert().values(id="half", at=datetime.now(UTC), site="", question="", reason=""))
        raise KeyError("ours")

    with pytest.raises(KeyError):
        store.write(half)
    assert store.gaps() == []
    assert store.accept("c", "问")


def test_who_waits_is_told_after_the_commit(store: Store, url: str, opened: Open) -> None:
    other = opened(url)
    for number in range(20):
        turn = store.accept("c", str(number))
        assert other.turns("c")[-1].id == turn


def test_a_closing_store_finishes_what_was_begun_and_takes_no_more(store: Store, url: str, opened: Open) -> None:
    go_on = held(store)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(store.accept, "c", str(number)) for number in range(8)]
        piled_up(store._writer, 8)
        closing = threading.Thread(target=store.close)
        closing.start()
        go_on.set()
        assert len({one.result() for one in asked}) == 8
        closing.join()
    with pytest.raises(RuntimeError, match="closed"):
        store.accept("c", "too late")
    store.close()
    assert len(opened(url).turns("c")) == 8


def test_a_commit_that_fails_is_told_to_everybody_who_waited(url: str, kind: str) -> None:
    """A reference may hang in the air until the commit, where the database then refuses all of them."""
    engine = connect(url)
    with engine.begin() as connection:
        late = "REFERENCES conversations (id) DEFERRABLE INITIALLY DEFERRED"
        connection.execute(sa.text(f"CREATE TABLE late (conversation varchar(64) {late})"))
    writer = Writer(writing(engine))
    begun, go_on = threading.Event(), threading.Event()
    with ThreadPoolExecutor(3) as pool:
        waiting = pool.submit(writer.run, lambda connection: (begun.set(), go_on.wait(30)))
        begun.wait(30)
        all_of_them = [
            pool.submit(writer.run, lambda connection: connection.execute(sa.text("INSERT INTO late VALUES ('nowhere')"))),
            pool.submit(writer.run, lambda connection: connection.execute(sa.text("INSERT INTO late VALUES (NULL)"))),
        ]
        piled_up(writer, 2)
        go_on.set()
        waiting.result()
        for one in all_of_them:
            with pytest.raises(sa.exc.IntegrityError):
                one.result()
    assert writer.run(lambda connection: connection.scalar(sa.text("SELECT count(*) FROM late"))) == 0
    writer.close()
    engine.dispose()


def test_a_database_that_goes_away_is_a_sentence_and_comes_back(store: Store, url: str, kind: str) -> None:
    if kind == "postgresql":
        end_all = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND application_name = current_setting('application_name')"
        )
        engine = sa.create_engine(url)

        def cut_off(connection: sa.Connection) -> None:
            with engine.begin() as killer:
                killer.execute(end_all)
            connection.execute(sa.text("SELECT 1"))

        with pytest.raises(StoreUnavailable, match=r"。$"):
            store.write(cut_off)
        engine.dispose()
    else:
        with pytest.raises(StoreUnavailable, match=r"。$"):
            store.write(lambda connection: connection.execute(sa.text("SELECT * FROM nowhere")))
    assert store.accept("c", "问")
