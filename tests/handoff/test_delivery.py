"""Retried, never duplicated, never lost: the outbox against a receiver that fails in every way, and processes that die."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant.errors import InvalidInput
from assistant.handoff.bell import Bell
from assistant.handoff.delivery import AT_ONCE, LEASE_SECONDS, LONGEST_PAUSE, MOST_ATTEMPTS, Courier
from assistant.handoff.desk import Desk
from assistant.handoff.office import Office
from assistant.handoff.sending import PostOffice, Sender
from assistant.store import Store, deliveries, handoffs, schema
from assistant.store.deliveries import DeliveryRow
from assistant.store.handoffs import Opening

from .conftest import NOON, Clock, Receiver, Sites

ROOT = Path(__file__).parent.parent.parent
OK = (200, {}, b'{"errcode":0}')
HOOK = {"kind": "webhook", "url_env": "HOOK"}
ROBOT = {"kind": "wecom", "url_env": "HOOK"}


@pytest.fixture
def desk(store: Store, sites: Sites, clock: Clock) -> Desk:
    return Desk(store, sites, now=clock)


@pytest.fixture
async def sender(receiver: Receiver) -> AsyncIterator[Sender]:
    made = Sender({"HOOK": f"{receiver.address}/send?key=secret-key"}, PostOffice())
    yield made
    await made.close()


@pytest.fixture
def courier(store: Store, sites: Sites, sender: Sender, clock: Clock) -> Courier:
    return Courier(store, sites, sender, Bell(), link=lambda id: f"https://desk.example.com/staff/handoffs/{id}", now=clock)


def outbox(store: Store, handoff: str) -> list[DeliveryRow]:
    return store.read(lambda connection: deliveries.of(connection, [handoff]))


async def test_a_handoff_is_delivered_once(
    desk: Desk, courier: Courier, receiver: Receiver, sites: Sites, talk: str, store: Store
) -> None:
    sites.use(channels=[HOOK])
    id = desk.open(talk, "asked")["id"]
    assert await courier.round() == 1
    assert await courier.round() == 0
    (got,) = receiver.got
    assert got.json["packet"]["figures"][0]["equation"] == "7÷12,000＝0.0583%"
    assert got.json["link"] == f"https://desk.example.com/staff/handoffs/{id}"
    assert [(row.state, row.attempts, row.last_error) for row in outbox(store, id)] == [("sent", 1, "")]


@pytest.mark.parametrize(("channel", "answer", "told", "least"), [
    (HOOK, (500, {}, b"boom"), "HTTP 500", 0), (HOOK, (429, {"Retry-After": "90"}, b""), "HTTP 429", 90),
    (HOOK, (503, {"Retry-After": "tomorrow"}, b""), "HTTP 503", 0), (HOOK, "cut", "连不上对方", 0),
    (HOOK, (307, {"Location": "http://127.0.0.1:9/elsewhere"}, b""), "HTTP 307", 0),
    (ROBOT, (200, {}, b'{"errcode":93000,"errmsg":"invalid webhook url"}'), "errcode 93000", 0),
    (ROBOT, (200, {}, b'{"errcode":45009,"errmsg":"freq out of limit"}'), "errcode 45009", 60),
    (ROBOT, (200, {}, b"<html>login</html>"), "读不懂", 0), (ROBOT, (200, {}, b'["errcode"]'), "读不懂", 0),
])
async def test_what_was_not_taken_is_tried_again_later(
    desk: Desk, courier: Courier, receiver: Receiver, sites: Sites, talk: str, store: Store, clock: Clock,
    channel: dict[str, Any], answer: Any, told: str, least: int, caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="assistant")
    sites.use(channels=[channel])
    id = desk.open(talk, "asked")["id"]
    receiver.plan = [answer]
    await courier.round()
    (row,) = outbox(store, id)
    assert (row.state, row.attempts) == ("due", 1)
    assert told in row.last_error
    assert row.due_at >= clock.moment + timedelta(seconds=least or 3)
    assert "secret-key" not in row.last_error + caplog.text
    assert await courier.round() == 0  # not before its time
    clock.moment = row.due_at
    await courier.round()
    assert [row.state for row in outbox(store, id)] == ["sent"]
    assert len(receiver.got) == 2
    if channel == HOOK:
        assert len(set(receiver.keys)) == 1


async def test_a_receiver_that_says_nothing_is_not_waited_for(
    desk: Desk, receiver: Receiver, sites: Sites, talk: str, store: Store, clock: Clock
) -> None:
    sites.use(channels=[HOOK])
    id = desk.open(talk, "asked")["id"]
    receiver.otherwise = "hang"
    impatient = Sender({"HOOK": receiver.address}, PostOffice(), longest=0.3)
    await Courier(store, sites, impatient, Bell(), now=clock).round()
    await impatient.close()
    assert [(row.state, row.last_error) for row in outbox(store, id)] == [("due", "Webhook在0.3秒内没有答复。")]


async def test_the_pauses_grow_and_in_the_end_it_waits_for_a_person(
    desk: Desk, courier: Courier, receiver: Receiver, sites: Sites, talk: str, store: Store, clock: Clock
) -> None:
    sites.use(channels=[HOOK])
    id = desk.open(talk, "asked")["id"]
    receiver.otherwise = (500, {}, b"")
    pauses = []
    for _ in range(MOST_ATTEMPTS):
        assert await courier.round() == 1
        (row,) = outbox(store, id)
        pauses.append((row.due_at - clock.moment).total_seconds())
        clock.moment = max(row.due_at, clock.moment)
    assert row.state == "failed"
    assert pauses[-2] > 1000 > 10 > pauses[0] > 0
    assert max(pauses) <= LONGEST_PAUSE
    office = Office(store, Bell(), now=clock)
    assert [one.id for one in office.queue("周敏").failed] == [row.id]
    assert office.queue("周敏").open[0].undelivered
    clock.moment += timedelta(days=9)
    assert await courier.round() == 0
    office.again(row.id)
    receiver.otherwise = OK
    await courier.round()
    assert [one.state for one in outbox(store, id)] == ["sent"]
    assert len(set(receiver.keys)) == 1
    with pytest.raises(InvalidInput):
        office.again(row.id)


async def test_one_channel_that_fails_holds_up_no_other(
    desk: Desk, courier: Courier, receiver: Receiver, sites: Sites, talk: str, store: Store
) -> None:
    sites.use(channels=[HOOK, {"kind": "wecom", "url_env": "NOWHERE"}, {"kind": "mail", "to": "desk@example.com"}])
    id = desk.open(talk, "asked")["id"]
    await courier.round()
    told = {row.channel: (row.state, row.last_error) for row in outbox(store, id)}
    assert told["webhook:HOOK"] == ("sent", "")
    assert told["wecom:NOWHERE"] == ("due", "环境变量 NOWHERE 没有设置，不知道发到哪里。")
    assert "ASSISTANT_SMTP_HOST" in told["mail:desk@example.com"][1]


async def test_a_channel_or_site_that_was_taken_out_is_told(
    desk: Desk, courier: Courier, sites: Sites, talk: str, store: Store
) -> None:
    sites.use(channels=[HOOK])
    id = desk.open(talk, "asked")["id"]
    sites.use(channels=[])
    await courier.round()
    assert [row.last_error for row in outbox(store, id)] == ["站点配置里已经没有这个渠道。"]


async def test_two_couriers_never_send_one_row_twice(
    desk: Desk, receiver: Receiver, sites: Sites, store: Store, clock: Clock, url: str, sender: Sender
) -> None:
    sites.use(channels=[HOOK])
    for n in range(3 * AT_ONCE):
        store.open(f"c{n}", "demo")
        desk.open(f"c{n}", "asked")
    other = Store(url)
    couriers = [Courier(held, sites, sender, Bell(), now=clock) for held in (store, other, store)]

    async def empty(courier: Courier) -> None:
        # a round may find what is due taken by another at that very moment: that is no end
        while len(set(receiver.keys)) < 3 * AT_ONCE:
            await courier.round()

    async with asyncio.timeout(60):
        await asyncio.gather(*(empty(courier) for courier in couriers))
    other.close()
    assert len(receiver.keys) == len(set(receiver.keys)) == 3 * AT_ONCE


async def test_a_late_answer_does_not_undo_what_another_process_found(
    desk: Desk, sites: Sites, talk: str, store: Store, clock: Clock
) -> None:
    sites.use(channels=[HOOK])
    id = desk.open(talk, "asked")["id"]

    def lease() -> list[DeliveryRow]:
        until = clock.moment + timedelta(seconds=LEASE_SECONDS)
        return store.write(lambda connection: deliveries.lease(connection, clock.moment, until, 9))

    (first,) = lease()
    assert lease() == []
    clock.moment += timedelta(seconds=LEASE_SECONDS)
    (second,) = lease()
    assert store.write(lambda connection: deliveries.sent(connection, second, clock.moment))
    assert not store.write(lambda connection: deliveries.missed(connection, first, "late", clock.moment))
    assert [row.state for row in outbox(store, id)] == ["sent"]


async def test_the_bell_wakes_the_courier(
    store: Store, sites: Sites, sender: Sender, receiver: Receiver, clock: Clock, talk: str
) -> None:
    sites.use(channels=[HOOK])
    desk = Desk(store, sites, now=clock)
    running = asyncio.create_task(Courier(store, sites, sender, desk.bell, now=clock).run())
    await asyncio.sleep(0)
    desk.open(talk, "asked")
    assert await asyncio.to_thread(receiver.answered.acquire, timeout=20)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert logging.getLogger("httpx").getEffectiveLevel() == logging.WARNING  # at INFO it writes whole addresses


@contextmanager
def a_process(url: str, receiver: Receiver) -> Iterator["subprocess.Popen[bytes]"]:
    environ = {**os.environ, "HOOK": f"{receiver.address}/send"}
    process = subprocess.Popen([sys.executable, "-m", "tests.handoff.courier_process", url], cwd=ROOT, env=environ)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


async def test_killed_while_sending_it_is_sent_again_with_the_same_key(
    desk: Desk, courier: Courier, receiver: Receiver, sites: Sites, talk: str, store: Store, clock: Clock, url: str
) -> None:
    sites.use(channels=[HOOK])
    id = desk.open(talk, "asked")["id"]
    receiver.plan = ["hang"]
    with a_process(url, receiver):
        assert await asyncio.to_thread(receiver.arrived.acquire, timeout=60)
    assert await courier.round() == 0  # still leased: perhaps that process lives
    clock.moment += timedelta(seconds=LEASE_SECONDS)
    assert await courier.round() == 1
    assert [(row.state, row.attempts) for row in outbox(store, id)] == [("sent", 2)]
    assert len(receiver.keys) == 2
    assert len(set(receiver.keys)) == 1


async def test_killed_between_sending_and_marking_a_receiver_can_tell_the_double(
    desk: Desk, courier: Courier, receiver: Receiver, sites: Sites, talk: str, store: Store, clock: Clock, url: str
) -> None:
    sites.use(channels=[HOOK])
    id = desk.open(talk, "asked")["id"]
    receiver.plan = ["late"]
    marked, go_on = threading.Event(), threading.Event()

    def hold(connection: sa.Connection) -> None:
        connection.execute(sa.update(schema.deliveries).values(last_error=""))
        marked.set()
        go_on.wait(60)

    with a_process(url, receiver):
        assert await asyncio.to_thread(receiver.arrived.acquire, timeout=60)
        holding = asyncio.create_task(asyncio.to_thread(store.write, hold))  # the row cannot be marked now
        assert await asyncio.to_thread(marked.wait, 20)
        receiver.let_go.set()
        assert await asyncio.to_thread(receiver.answered.acquire, timeout=20)
    go_on.set()
    await holding
    assert [row.state for row in outbox(store, id)] == ["due"]
    clock.moment += timedelta(seconds=LEASE_SECONDS)
    await courier.round()
    assert await courier.round() == 0
    assert [row.state for row in outbox(store, id)] == ["sent"]
    assert len(receiver.keys) == 2
    assert len(set(receiver.keys)) == 1


def test_a_handoff_that_is_not_kept_has_no_delivery(desk: Desk, talk: str, store: Store) -> None:
    """Both are one transaction: what fails after the first write leaves nothing."""
    opening = Opening(talk, "asked", {}, None, "", NOON, ("webhook:HOOK", "webhook:HOOK"))  # the same key twice
    with pytest.raises(sa.exc.IntegrityError):
        store.write(lambda connection: handoffs.open_one(connection, opening))
    assert desk.state(talk) is None
    assert store.read(lambda connection: connection.execute(sa.select(sa.func.count()).select_from(schema.deliveries)).scalar()) == 0
