"""Killed again and again under load: every question that was acknowledged is there, every answer is whole or not there at all."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from assistant.answer import markdown
from assistant.store import Store
from assistant.store.schema import calculations, citations, turns
from assistant.wire import from_wire

from ..databases import Databases
from .load import LEFT_EARLY, QUESTIONS

KILLS = {"sqlite": 20, "postgresql": 10}
MOST_LINES = 100
UNFINISHED = {"interrupted", "stopped"}


@pytest.fixture
def loader() -> Iterator["subprocess.Popen[str]"]:
    """The process that forks those to be killed."""
    program = [sys.executable, "-m", "tests.store.load"]
    process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.communicate(timeout=30)


def killed(loader: "subprocess.Popen[str]", url: str, seed: int) -> tuple[dict[str, tuple[str, int]], set[str]]:
    """Kill the load at a moment drawn by the seed. Turn → its conversation and question as acknowledged, and the turns that were done."""
    assert loader.stdin is not None
    assert loader.stdout is not None
    dice = random.Random(seed)
    moment = dice.randint(1, MOST_LINES)
    loader.stdin.write(f"{url} {seed}\n")
    loader.stdin.flush()
    accepted: dict[str, tuple[str, int]] = {}
    done: set[str] = set()
    pid = 0
    for number, line in enumerate(loader.stdout):
        match line.split():
            case ["pid", id]:
                pid = int(id)
            case ["accepted", turn, conversation, question]:
                accepted[turn] = (conversation, int(question))
            case ["done", turn]:
                done.add(turn)
            case ["ended"]:
                break
        if pid and number >= moment:
            time.sleep(dice.random() / 200)  # anywhere between two lines
            os.kill(pid, signal.SIGKILL)
            pid, moment = 0, sys.maxsize
    return accepted, done


def kept(store: Store) -> Mapping[str, Mapping[str, Any]]:
    """Turn → everything that is kept of it."""
    def all_rows(connection: sa.Connection) -> dict[str, dict[str, Any]]:
        found = {row["id"]: dict(row) | {"computed": [], "cited": []} for row in connection.execute(sa.select(turns)).mappings()}
        for row in connection.execute(sa.select(calculations).order_by(calculations.c.position)).mappings():
            found[row["turn"]]["computed"].append((row["metric"], row["inputs"], row["value"]))
        for row in connection.execute(sa.select(citations).order_by(citations.c.position)).mappings():
            found[row["turn"]]["cited"].append((row["document"], row["quote"]))
        return found

    return store.read(all_rows)


def whole(turn: Mapping[str, Any]) -> bool:
    """Whether text and rows are what the events say."""
    events = [from_wire(event) for event in turn["events"]]
    computed = [(event["metric"], event["inputs"], event["value"]) for event in turn["events"] if event["type"] == "calculated"]
    cited = [(part["id"], part["quote"]) for event in turn["events"] if event["type"] == "cited" for part in event["citations"]]
    return turn["text"] == markdown(events) and turn["computed"] == computed and turn["cited"] == cited


def left(url: str) -> None:
    """Wait until the server has noticed that its client is gone."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    others = sa.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :ours AND pid <> pg_backend_pid()")
    with engine.connect() as connection:
        ours = {"ours": connection.scalar(sa.text("SHOW application_name"))}
        while connection.scalar(others, ours):
            connection.rollback()
            time.sleep(0.005)


@pytest.mark.xdist_group("kill")
def test_killed_under_load_nothing_acknowledged_is_lost_and_nothing_is_half(
    loader: "subprocess.Popen[str]", fresh: Databases, kind: str
) -> None:
    url = fresh.new()
    acknowledged: dict[str, tuple[str, int]] = {}
    finished: set[str] = set()
    for seed in range(KILLS[kind]):
        accepted, done = killed(loader, url, seed)
        assert accepted, "it was killed under load"
        acknowledged |= accepted
        finished |= done
        if kind == "postgresql":
            left(url)
        store = Store(url)
        store.mark_interrupted()
        found = kept(store)
        store.close()
        for turn, (conversation, question) in acknowledged.items():
            assert (found[turn]["conversation"], found[turn]["question"]) == (conversation, QUESTIONS[question])
        for turn in finished:
            assert found[turn]["status"] not in UNFINISHED
        for turn in found.values():
            assert whole(turn)
            if turn["status"] == "interrupted":
                assert (turn["events"], turn["text"], turn["understood"]) == ([], "", None)
            elif turn["status"] != "stopped":
                assert turn["events"][-1]["type"] == "done"
                assert turn["understood"] is not None
        numbers = defaultdict(list)
        for turn in found.values():
            numbers[turn["conversation"]].append(turn["seq"])
        assert all(sorted(seen) == list(range(1, len(seen) + 1)) for seen in numbers.values())
    statuses = {turn["status"] for turn in found.values()}
    assert statuses == {"answered", "asked", "declined", "interrupted", "stopped"}, "all of it happened"
    assert len(finished) > KILLS[kind] * LEFT_EARLY
