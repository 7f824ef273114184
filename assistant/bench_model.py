"""What our code adds to a model's own time: a turn, a sentence in the guard, and 200 answers streamed at once by one process.

The model is a scripted server in a process of its own. It says the composer's answer back, a few characters at a time, and tells how long
each of its answers took; all above that is ours. Every question is asked without the model and with it, one after the other: a processor
that waited for a slow model, or for nobody, computes the next answer at half its speed either way.
"""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any

from assistant.answer import Done, Text
from assistant.bench import questions
from assistant.build import build
from assistant.engine import WARMING, Engine
from assistant.errors import SetupError
from assistant.scripted import Say as Speak, Step, scripted
from assistant.settings import Settings

TURNS = 40
PEOPLE = 200
PIECE = 3
QUICK_SECONDS, USUAL_SECONDS = 0.005, 0.05
"""between two pieces: so quick that nothing cools down, and like a model people use"""
TOLD_SECONDS = 0.05
"""until the server has told how long its answer took"""
TURN_BAR_MS, SENTENCE_BAR_MS = 15.0, 1.0
_PLAIN = re.compile(r"# 没有模型时的答案[^\n]*\n(.*)\Z", re.S)
Say = Callable[[str], None]


@dataclass
class Heard:
    """One answer: ms until all of it was there and until its first words, how it ended, what went wrong."""

    whole: float = 0.0
    first: float = 0.0
    status: str = ""
    errors: list[str] = field(default_factory=list)


def run(settings: Settings, say: Say, turns: int = TURNS, people: int = PEOPLE) -> bool:
    """Print the figures. Whether the bars were reached."""
    with _served() as server:
        asked = settings.model_copy(update={
            "model": "openai:scripted", "model_base_url": server.address, "model_first_token_seconds": 60.0, "model_turn_seconds": 300.0,
        })
        with_model, without = build(asked, keep=False), build(settings.model_copy(update={"model": ""}), keep=False)
        with_model.prepare()
        without.prepare()
        if with_model.failure is not None:
            raise with_model.failure
        some = questions(with_model.library, max(turns, people))
        return asyncio.run(_measured(with_model, without, server, some, turns, people, say))


async def _measured(
    with_model: Engine, without: Engine, server: "_Server", some: list[str], turns: int, people: int, say: Say
) -> bool:
    for engine in (with_model, without):
        await _ask(engine, WARMING, "warm")
    plain, ours, added = [], [], []
    for number, question in enumerate(some[:turns]):
        before = len(server.times)
        alone = await _ask(without, question, f"p{number}")
        heard = await _ask(with_model, question, f"m{number}")
        await asyncio.sleep(TOLD_SECONDS)
        if len(server.times) > before:  # a decline asks no model
            plain.append(alone.whole)
            ours.append(heard.whole - sum(server.times[before:]))
            added.append(ours[-1] - plain[-1])
    say(
        f"{len(ours)}问问了模型，减去模型自己的时间：p50 {_at(ours, 50):.1f} ms，p95 {_at(ours, 95):.1f} ms；"
        f"不带模型：p50 {_at(plain, 50):.1f} ms，p95 {_at(plain, 95):.1f} ms"
    )
    say(f"比不带模型多：p50 {_at(added, 50):.1f} ms，p95 {_at(added, 95):.1f} ms（不高于 {TURN_BAR_MS:g}）")
    sentence = _guarded(with_model, some)
    say(f"守卫每句：{sentence:.2f} ms（不高于 {SENTENCE_BAR_MS:g}）")
    server.talk(USUAL_SECONDS)
    before, started = len(server.times), time.perf_counter()
    crowd = await asyncio.gather(*(_ask(with_model, some[number], f"c{number}") for number in range(people)))
    lasted = time.perf_counter() - started
    errors = [error for heard in crowd for error in heard.errors]
    done = sum(heard.status != "" for heard in crowd)
    say(
        f"{people}人同时问：{done}个答完，{len(server.times) - before}次问了模型，共{lasted:.1f}秒；"
        f"首句 p95 {_at([heard.first for heard in crowd], 95):.0f} ms，整答 p95 {_at([heard.whole for heard in crowd], 95):.0f} ms，"
        f"模型自己 p95 {_at(server.times[before:], 95):.0f} ms；错误{len(errors)}次{f' {errors[0]}' if errors else ''}"
    )
    return bool(added) and _at(added, 50) <= TURN_BAR_MS and sentence <= SENTENCE_BAR_MS and done == people and not errors


async def _ask(engine: Engine, question: str, conversation: str) -> Heard:
    heard, started = Heard(), time.perf_counter()
    try:
        async for event in engine.ask(conversation, question):
            if isinstance(event, Text) and not heard.first:
                heard.first = (time.perf_counter() - started) * 1000
            if isinstance(event, Done):
                heard.status, heard.whole = event.status, (time.perf_counter() - started) * 1000
    except Exception as error:
        heard.errors.append(repr(error))
    return heard


def _guarded(engine: Engine, some: list[str]) -> float:
    """Milliseconds a sentence takes in the guard, over the documents the questions find."""
    from assistant.evidence import Evidence
    from assistant.guard import Guard

    spent, count = 0.0, 0
    for question in some[:TURNS]:
        turn, _ = engine.consult(question)
        documents = {document.id: document.text for document in turn.documents}
        evidence = Evidence.of(question, (), (), documents)
        for document in turn.documents[:2]:
            guard, started = Guard(evidence), time.perf_counter()
            told = [*guard.feed(f"{document.say}【{document.id}】"), *guard.finish()]
            spent += time.perf_counter() - started
            count += len(told) + len(guard.caught)
    return spent * 1000 / max(1, count)


@dataclass
class _Server:
    address: str = ""
    times: list[float] = field(default_factory=list)
    """ms from a request to the last byte of its answer, in the order they ended"""
    told: IO[str] | None = None

    def talk(self, every: float) -> None:
        """So many seconds between two pieces from now on."""
        print(every, file=self.told, flush=True)


@contextmanager
def _served() -> Iterator[_Server]:
    """The scripted server in a process of its own, so that its work is not taken for ours."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.bench_model"], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=dict(os.environ),
    )
    assert process.stdout is not None
    made = _Server(process.stdout.readline().strip(), told=process.stdin)
    if not made.address:
        raise SetupError("模型的替身没有起来。")

    def listen() -> None:
        for line in process.stdout or ():
            made.times.append(float(line))

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield made
    finally:
        process.terminate()
        process.wait(timeout=10)


def _echo(body: Mapping[str, Any], every: float) -> list[Step]:
    """The composer's answer as it stands in the prompt."""
    found = _PLAIN.search(str(body["messages"][-1]["content"]))
    return [Speak(found[1] if found else "好。", PIECE, every)]


def _serve() -> None:
    with scripted(lambda body: _echo(body, QUICK_SECONDS)) as served:
        print(served.address, flush=True)  # for the process that started this one

        def slower() -> None:
            for line in sys.stdin:
                served.script = partial(_echo, every=float(line))

        threading.Thread(target=slower, daemon=True).start()
        seen = 0
        while True:
            time.sleep(0.002)
            while seen < len(served.requests) and not served.requests[seen].open:
                print(served.requests[seen].seconds * 1000, flush=True)
                seen += 1


def _at(times: list[float], percentile: int) -> float:
    ordered = sorted(times) or [0.0]
    return ordered[max(0, -(-len(ordered) * percentile // 100) - 1)]


if __name__ == "__main__":
    _serve()
