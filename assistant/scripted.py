"""An OpenAI-compatible server that says what it is told to, over real HTTP on this machine: for the bench of the model and for tests.

It counts what is asked of it and notices when a client hangs up.
"""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Say:
    """Text, sent in pieces of so many characters, each so many seconds after the one before."""

    text: str
    size: int = 3
    every: float = 0.0


@dataclass(frozen=True)
class Call:
    """A tool called. `arguments` may be text that is no JSON."""

    tool: str
    arguments: Mapping[str, Any] | str


@dataclass(frozen=True)
class Wait:
    """Nothing for a while."""

    seconds: float


@dataclass(frozen=True)
class Raw:
    """Bytes as they are, in the middle of the stream."""

    data: bytes


@dataclass(frozen=True)
class Fail:
    """An HTTP error instead of an answer."""

    status: int
    text: str = "error"


@dataclass(frozen=True)
class HangUp:
    """The connection is cut."""


Step: TypeAlias = Say | Call | Wait | Raw | Fail | HangUp
Script: TypeAlias = Callable[[Mapping[str, Any]], Sequence[Step]]
"""a request's body → what is answered"""


@dataclass
class Request:
    """A request as it came, and how it ended: `cancelled` is when the client hung up, by `time.monotonic`."""

    body: Mapping[str, Any]
    headers: str
    begun: float
    ended: float = 0.0
    cancelled: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def open(self) -> bool:
        """Whether it is still being answered."""
        return not self.over.is_set()

    @property
    def seconds(self) -> float:
        """How long the answer took, when it is over."""
        return self.ended - self.begun

    @property
    def prompt(self) -> str:
        """All that was sent for the model to read."""
        return "\n".join(str(message.get("content") or "") for message in self.body["messages"])


class Gone(Exception):
    """The client hung up."""


@dataclass
class Scripted:
    """The server. `script` may be replaced at any time."""

    script: Script
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    _asked: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """What to set as base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def wait_for_request(self, seconds: float = 10) -> None:
        """Until something was asked."""
        self._asked.wait(seconds)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        request: Request | None = None
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = int(next(line for line in head.split("\r\n") if line.lower().startswith("content-length")).split(":")[1])
            request = Request(json.loads(await reader.readexactly(length)), head, time.monotonic())
            self.requests.append(request)
            self._asked.set()
            await _Reply(reader, writer, request.body).send(self.script(request.body))
        except (Gone, ConnectionError, asyncio.IncompleteReadError):
            if request is not None:
                request.cancelled = time.monotonic()
        finally:
            if request is not None:
                request.ended = time.monotonic()
                request.over.set()
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


class _Reply:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: Mapping[str, Any]) -> None:
        self._writer, self._body, self._begun = writer, body, False
        self._gone = asyncio.ensure_future(reader.read())  # ends when the client hangs up
        self._said = 0

    async def send(self, steps: Sequence[Step]) -> None:
        try:
            if not self._body.get("stream"):
                await self._whole(steps)
                return
            for step in steps:
                if await self._step(step):
                    return
            await self._end("tool_calls" if any(isinstance(step, Call) for step in steps) else "stop")
        finally:
            self._gone.cancel()

    async def _step(self, step: Step) -> bool:
        """Whether this was the last."""
        match step:
            case Say(text, size, every):
                for place in range(0, len(text), size):
                    await self._wait(every)
                    await self._delta({"content": text[place : place + size]})
                self._said += len(text)
            case Call(tool, arguments):
                written = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
                function = {"name": tool, "arguments": written}
                await self._delta({"tool_calls": [{"index": 0, "id": f"call-{time.monotonic_ns()}", "type": "function", "function": function}]})
            case Wait(seconds):
                await self._wait(seconds)
            case Raw(data):
                await self._write(data)
            case Fail(status, text):
                await self._error(status, text)
                return True
            case HangUp():
                self._writer.transport.abort()
                return True
        return False

    async def _whole(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if isinstance(step, Fail):
                await self._error(step.status, step.text)
                return
            if isinstance(step, Wait):
                await self._wait(step.seconds)
        text = "".join(step.text for step in steps if isinstance(step, Say))
        whole = {**self._object("chat.completion"), "usage": self._usage(len(text)), "choices": [
            {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"},
        ]}
        await self._json(200, whole)

    async def _error(self, status: int, text: str) -> None:
        await self._json(status, {"error": {"message": text, "type": "error", "code": status}})

    async def _json(self, status: int, data: Any) -> None:
        body = json.dumps(data).encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self._begun = True
        await self._write(head.encode() + body)

    async def _delta(self, delta: Mapping[str, Any]) -> None:
        await self._data({**self._object("chat.completion.chunk"), "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})

    async def _end(self, reason: str) -> None:
        last = {**self._object("chat.completion.chunk"), "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}
        await self._data(last)
        await self._data({**self._object("chat.completion.chunk"), "choices": [], "usage": self._usage(self._said)})
        await self._write(b"data: [DONE]\n\n")

    async def _data(self, data: Any) -> None:
        await self._write(f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode())

    async def _wait(self, seconds: float) -> None:
        if seconds:
            await asyncio.wait({self._gone}, timeout=seconds)
        if self._gone.done():
            raise Gone

    async def _write(self, data: bytes) -> None:
        if not self._begun:
            self._begun = True
            self._writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        if self._gone.done():
            raise Gone
        self._writer.write(data)
        await self._writer.drain()

    def _object(self, kind: str) -> dict[str, Any]:
        return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": str(self._body.get("model"))}

    def _usage(self, said: int) -> dict[str, int]:
        asked = sum(len(str(message.get("content") or "")) for message in self._body["messages"])
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


@contextmanager
def scripted(script: Script) -> Iterator[Scripted]:
    """The server, in a thread of its own, for as long as the block runs."""
    made, up, loop = Scripted(script), threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(made.answer, "127.0.0.1", 0, backlog=1024)
        made.port = int(server.sockets[0].getsockname()[1])
        up.set()
        await stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    up.wait()
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
