"""250 people at once, over HTTP: how long until the first event and the last, while each asks, reads and thinks."""

import asyncio
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.bench import questions
from assistant.errors import SetupError
from assistant.library import Library
from assistant.settings import Settings

PEOPLE = 250
THINK_SECONDS = (4.0, 12.0)
"""between an answer and the next question; real people take longer"""
LASTING_SECONDS = 24.0
BAR_MS = 500.0
START_SECONDS = 120
SITE = "bench"
SITES = """sites:
  bench:
    name: 压测
    limits: {questions_per_minute: 100000, questions_per_day: 100000, site_questions_per_minute: 100000,
             sessions_per_minute: 100000, address_requests_per_minute: 100000}
"""
Say = Callable[[str], None]


@dataclass
class Times:
    """Milliseconds from sending a question, and what went wrong."""

    first: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def told(self, name: str) -> str:
        """One line of figures."""
        if not self.done:
            return f"{name}：没有一问答完；错误{len(self.errors)}次 {self.errors[:1]}"
        return (
            f"{name}：{len(self.done)}问，首个事件 p50 {_at(self.first, 50):.0f} ms，p95 {_at(self.first, 95):.0f} ms；"
            f"整答 p50 {_at(self.done, 50):.0f} ms，p95 {_at(self.done, 95):.0f} ms；错误{len(self.errors)}次"
            f"{f' {self.errors[0]}' if self.errors else ''}"
        )


class Person:
    """One visitor with one connection that stays open, and one conversation."""

    def __init__(self, port: int, chooser: random.Random, asked: list[str]) -> None:
        self._port, self._chooser, self._asked = port, chooser, asked
        self._token = self._conversation = ""

    async def open(self) -> None:
        """Connect and open a session."""
        await self._connect()
        body = b"".join([part async for part in self._post("/sessions", {"site": SITE})])
        opened = json.loads(body)
        self._token, self._conversation = opened["token"], opened["conversation"]

    async def ask(self, times: Times) -> None:
        """Ask one question and read its events to the last."""
        started = time.perf_counter()
        first = 0.0
        received = b""
        try:
            if self._reader.at_eof():  # the server hung up meanwhile: a browser connects again, too
                await self._connect()
            path = f"/conversations/{self._conversation}/turns"
            async for part in self._post(path, {"question": self._chooser.choice(self._asked)}):
                received += part
                if not first and b"event: accepted" in received:
                    first = (time.perf_counter() - started) * 1000
        except (OSError, ValueError, asyncio.IncompleteReadError) as error:
            times.errors.append(repr(error))
            return
        if not first or b"event: done" not in received:
            times.errors.append(received[-300:].decode("utf-8", "replace"))
            return
        times.first.append(first)
        times.done.append((time.perf_counter() - started) * 1000)

    async def _connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def talk(self, until: float, times: Times) -> None:
        """Ask, read and think until the time is up."""
        await asyncio.sleep(self._chooser.uniform(0, THINK_SECONDS[1]))  # not all at the same moment
        while time.perf_counter() < until:
            await self.ask(times)
            await asyncio.sleep(self._chooser.uniform(*THINK_SECONDS))

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    async def _post(self, path: str, data: dict[str, str]) -> AsyncIterator[bytes]:
        """Send JSON and yield the body as it comes. Raises ValueError for an answer that is no success."""
        body = json.dumps(data, ensure_ascii=False).encode()
        head = (
            f"POST /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nOrigin: http://127.0.0.1:{self._port}\r\n"
            f"Authorization: Bearer {self._token}\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        await self._writer.drain()
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if answer.split(" ", 2)[1] not in ("200", "201"):
            raise ValueError(answer.partition("\r\n")[0])
        if "transfer-encoding: chunked" not in answer:
            yield await self._reader.readexactly(int(answer.partition("content-length: ")[2].partition("\r\n")[0]))
            return
        while size := int(await self._reader.readline(), 16):
            yield await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)


def run(settings: Settings, say: Say, people: int = PEOPLE, lasting: float = LASTING_SECONDS) -> bool:
    """Serve the real engine in a process of its own and print the figures. Whether the bar was reached."""
    asked = questions(Library.read(settings.knowledge_dir), 500)
    with TemporaryDirectory() as folder, _served(settings, Path(folder)) as port:
        talked, burst = asyncio.run(_measure(port, people, lasting, asked))
    low, high = THINK_SECONDS
    say(talked.told(f"{people}段对话同时开着，各自隔{low:.0f}–{high:.0f}秒问一句，{lasting:.0f}秒"))
    say(burst.told(f"{people}人同一刻一起问"))
    reached = bool(talked.first) and _at(talked.first, 95) <= BAR_MS and not talked.errors and not burst.errors
    say(f"首个事件 p95 ≤ {BAR_MS:.0f} ms 且没有错误：{'达到' if reached else '没有达到'}")
    return reached


async def _measure(port: int, people: int, lasting: float, asked: list[str]) -> tuple[Times, Times]:
    everybody = [Person(port, random.Random(number), asked) for number in range(people)]
    for start in range(0, people, 25):
        await asyncio.gather(*(person.open() for person in everybody[start : start + 25]))
    talked, burst = Times(), Times()
    end = time.perf_counter() + lasting
    await asyncio.gather(*(person.talk(end, talked) for person in everybody))
    await asyncio.gather(*(person.ask(burst) for person in everybody))
    for person in everybody:
        person.close()
    return talked, burst


@contextmanager
def _served(settings: Settings, folder: Path) -> Iterator[int]:
    """The service in a process of its own, ready; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    sites = folder / "sites.yaml"
    sites.write_text(SITES, encoding="utf-8")
    environment = os.environ | {
        "ASSISTANT_PORT": str(port), "ASSISTANT_INDEX_DIR": str(settings.index_dir), "ASSISTANT_DATA_DIR": str(folder / "data"),
        "ASSISTANT_DOCUMENTS_DIR": str(folder / "none"), "ASSISTANT_SITES_FILE": str(sites), "ASSISTANT_LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen([sys.executable, "-m", "assistant", "serve"], env=environment)
    try:
        asyncio.run(_ready(port, process))
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


async def _ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.perf_counter() + START_SECONDS
    while time.perf_counter() < end and process.poll() is None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            status = await reader.readline()
            writer.close()
            if b" 200 " in status:
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise SetupError("服务没有起来，请先运行 assistant serve 看看哪里不对。")


def _at(times: list[float], percentile: int) -> float:
    if percentile == 50:
        return statistics.median(times)
    ordered = sorted(times)
    return ordered[max(0, -(-len(ordered) * percentile // 100) - 1)]
