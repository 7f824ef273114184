"""The engine and its store: accepted first, done only when kept, stopped when nobody listens any more, remembered after a restart."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import pytest

from assistant.answer import Accepted, Calculated, Declined, Done, Event, Text, Turn
from assistant.composer import Composer
from assistant.engine import READERS, Engine
from assistant.errors import IndexUnavailable
from assistant.library import Library
from assistant.reading import Reader
from assistant.screening import MAX_QUESTION_CHARS
from assistant.search import Found
from assistant.store import Store
from assistant.wire import from_wire

from ..conftest import TODAY, FixedSearch
from .conftest import Open
from .test_turns import rows
from .test_writer import held, piled_up

QUESTION = "成交1000单，判责7笔，纠纷退款率多少"
MakeOver = Callable[..., Engine]


@pytest.fixture
def over(tiny: Library) -> MakeOver:
    """An engine over a store, with the real reader and composer and a search that finds what it is told to."""

    def make(store: Store, search: FixedSearch | None = None, answerer: Any = None, ready: bool = True) -> Engine:
        found = search or FixedSearch(("topic/dispute_advice",), 1.0)
        made = Engine(tiny, Reader(tiny), answerer or Composer(tiny, 0.5), store, lambda: found, lambda: TODAY)
        if ready:
            made.prepare()
        return made

    return make


async def collected(stream: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in stream]


class Slow(FixedSearch):
    """A search that goes on only when it is told to."""

    def __init__(self) -> None:
        super().__init__(("topic/dispute_advice",), 1.0)
        self.go_on, self.begun, self.number = threading.Event(), threading.Event(), 0

    def find(self, question: str, limit: int = 8, **more: Any) -> Found:
        """The same documents for every question, after a while; at once for the first, which only warms up."""
        self.number += 1
        if self.number > 1:
            self.begun.set()
            self.go_on.wait(30)
        return super().find(question, limit, **more)


async def test_accepted_comes_first_and_the_question_is_on_disk_by_then(store: Store, url: str, opened: Open, over: MakeOver) -> None:
    other, events = opened(url), []
    async for event in over(store).ask("c", QUESTION, audience="merchant"):
        events.append(event)
        (row,) = other.turns("c")
        assert row.status == ("answered" if isinstance(event, Done) else "accepted")
    assert events[0] == Accepted(row.id)
    assert [isinstance(event, Done) for event in events] == [False] * (len(events) - 1) + [True]
    (row,) = other.turns("c")
    assert [from_wire(event) for event in row.events] == events[1:]
    assert (len(rows(other, "calculations")), row.question) == (1, QUESTION)


async def test_a_follow_up_after_a_restart_still_leans_on_what_was_said(store: Store, url: str, opened: Open, over: MakeOver) -> None:
    await collected(over(store).ask("c", QUESTION))
    store.close()
    again = opened(url)
    events = await collected(over(again).ask("c", "判责换成20笔呢"))
    assert next(event.value for event in events if isinstance(event, Calculated)) == 0.02
    later = await collected(over(opened(url)).ask("c", "上面那个怎么办"))
    assert any(isinstance(event, Text) and "先回留言" in event.markdown for event in later)


async def test_a_masked_number_in_the_history_is_not_read_as_a_figure(store: Store, url: str, opened: Open, over: MakeOver) -> None:
    await collected(over(store).ask("c", "我的电话138 1234 5678，判责7笔，纠纷退款率多少"))
    events = await collected(over(opened(url)).ask("c", "成交1000单"))
    assert [event.value for event in events if isinstance(event, Calculated)] == [0.007]


async def test_a_closed_stream_is_kept_as_far_as_it_came(store: Store, over: MakeOver) -> None:
    stream = over(store).ask("c", QUESTION)
    told: list[Event] = []
    async for event in stream:
        told.append(event)
        if isinstance(event, Calculated):
            break
    await stream.aclose()  # type: ignore[attr-defined]
    (row,) = store.turns("c")
    assert row.status == "stopped"
    assert [from_wire(event) for event in row.events] == told[1:]
    assert len(rows(store, "calculations")) == 1
    assert store.recall("c") == ()


async def test_a_stream_closed_at_its_first_event_gives_up_reading(store: Store, over: MakeOver) -> None:
    search = Slow()
    engine = over(store, search)
    streams = [engine.ask(f"c{number}", "怎么少被判责") for number in range(READERS + 4)]
    for stream in streams:
        assert isinstance(await anext(stream), Accepted)
    for stream in streams:
        await stream.aclose()  # type: ignore[attr-defined]
    search.go_on.set()
    await collected(engine.ask("last", "怎么少被判责"))
    assert search.number <= 1 + READERS + 1, "those that waited for a reader were never read"
    assert {row.status for number in range(READERS + 4) for row in store.turns(f"c{number}")} == {"stopped"}


@pytest.mark.parametrize("how", ["scope", "task"])
async def test_a_cancelled_task_ends_at_once_and_is_kept_as_stopped(store: Store, over: MakeOver, how: str) -> None:
    search = Slow()
    engine = over(store, search)
    if how == "scope":
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(collected, engine.ask("c", "怎么少被判责"))
            await anyio.to_thread.run_sync(search.begun.wait)
            tasks.cancel_scope.cancel()
    else:
        task = asyncio.create_task(collected(engine.ask("c", "怎么少被判责")))  # type: ignore[arg-type]
        await anyio.to_thread.run_sync(search.begun.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    (row,) = store.turns("c")
    assert (row.status, row.events, row.text) == ("stopped", (), "")
    search.go_on.set()


@pytest.mark.parametrize("how", ["scope", "task"])
async def test_whoever_is_cancelled_while_the_answer_is_being_kept_leaves_no_half_answer(store: Store, over: MakeOver, how: str) -> None:
    busy: list[threading.Event] = []

    async def answer(turn: Turn) -> AsyncIterator[Event]:
        yield Text("说", "say")
        busy.append(await anyio.to_thread.run_sync(held, store))
        yield Done("answered")

    def until_it_is_being_kept() -> None:
        while not busy:
            time.sleep(0.001)
        piled_up(store._writer, 1)

    stream = over(store, answerer=answer).ask("c", "怎么少被判责")
    if how == "scope":
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(collected, stream)
            await anyio.to_thread.run_sync(until_it_is_being_kept)
            tasks.cancel_scope.cancel()
            busy[0].set()
    else:
        task = asyncio.create_task(collected(stream))  # type: ignore[arg-type]
        await anyio.to_thread.run_sync(until_it_is_being_kept)
        task.cancel()
        busy[0].set()
        with pytest.raises(asyncio.CancelledError):
            await task
    (row,) = store.turns("c")
    assert (row.status, [event["type"] for event in row.events]) == ("answered", ["text", "done"])


async def test_a_failure_is_kept_as_failed(store: Store, over: MakeOver) -> None:
    async def broken(turn: Turn) -> AsyncIterator[Event]:
        yield Text("说", "say")
        raise KeyError("ours")

    with pytest.raises(KeyError):
        await collected(over(store, answerer=broken).ask("c", "怎么少被判责"))
    (row,) = store.turns("c")
    assert (row.status, row.text) == ("failed", "说")

    class NoIndex(FixedSearch):
        def find(self, question: str, limit: int = 8, **_: Any) -> Found:
            raise IndexUnavailable("还没有检索索引。")

    with pytest.raises(IndexUnavailable):
        await collected(over(store, NoIndex((), 0.0)).ask("d", "怎么少被判责"))
    assert [row.status for row in store.turns("d")] == ["failed"]


async def test_a_question_that_cannot_be_taken_is_not_kept(store: Store, over: MakeOver) -> None:
    for question in ("", "？？", "x" * (MAX_QUESTION_CHARS + 1)):
        events = await collected(over(store).ask("c", question))
        assert isinstance(events[0], Declined)
        assert isinstance(events[-1], Done)
    assert rows(store, "turns") == rows(store, "conversations") == rows(store, "unanswered") == []


async def test_a_question_asked_before_the_index_is_there_is_accepted_at_once(store: Store, over: MakeOver) -> None:
    engine = over(store, ready=False)
    stream = engine.ask("c", QUESTION)
    assert isinstance(await anext(stream), Accepted)
    preparing = threading.Thread(target=engine.prepare)
    preparing.start()
    assert isinstance((await collected(stream))[-1], Done)
    preparing.join()


async def test_a_hundred_conversations_at_once_are_all_kept(store: Store, over: MakeOver) -> None:
    engine, answers = over(store), {}

    async def ask(number: int) -> None:
        answers[number] = await collected(engine.ask(f"c{number}", f"成交1000单，判责{number}笔，纠纷退款率多少"))

    async with anyio.create_task_group() as tasks:
        for number in range(1, 101):
            tasks.start_soon(ask, number)
    for number, events in answers.items():
        (row,) = store.turns(f"c{number}")
        assert [from_wire(event) for event in row.events] == events[1:]
        assert next(event.value for event in events if isinstance(event, Calculated)) == number / 1000
