"""Conversations to hand over, and a receiver of messages that can fail in all the ways receivers do. On every database."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from assistant.answer import Calculated, Citation, Cited, Done, Event, InputShown, Offered, Suggested, Text
from assistant.handoff.hours import HandoffSettings
from assistant.store import Store
from assistant.understanding import Exchange, Understood

from ..store.conftest import fresh, opened, pytest_generate_tests, store, url

__all__ = ["fresh", "opened", "pytest_generate_tests", "store", "url"]

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Shanghai
NIGHT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 22:00
QUESTION = "近30天1.2万单，判责退款7笔，电话13812345678，会影响报名活动吗"
RATE = Calculated(
    "dispute_refund_rate", "纠纷退款率", {"liable_refunds": 7.0, "paid_suborders": 12000.0}, 7 / 12000, "ratio", "0.0583%",
    "ok", "不影响报名", "taobao_dispute_gate", "判责退款÷成交子订单", "近30天 · 2017-04-07 起", "high",
    (
        InputShown("liable_refunds", "判责退款", "笔", 7.0, "7笔"),
        InputShown("paid_suborders", "支付宝成交", "笔", 12000.0, "12,000笔"),
    ),
    ("liable_refunds", "paid_suborders"), day=date(2026, 11, 23),
)
ANSWER: list[Event] = [
    RATE, Text("现在看店铺综合体验分。[1]", "say"), Text("- **先看体验分。**够不够4.2\n- 72小时内申诉[1]", "acts"),
    Cited((Citation("rule/gate", "营销活动规范", "淘宝规则", "体验分不低于4.2", "https://example.com/1", "2024-02-19 起", "high"),)),
    Suggested(("再来3笔会怎样",)), Done("answered", 12.0),
]
WISH: list[Event] = [Text("可以转人工。", "say"), Offered("asked"), Done("answered")]


@pytest.fixture
def talk(store: Store) -> str:
    """A conversation of the site `demo`: a question with its answer, then the wish for a person."""
    store.open("talk", "demo", None, "merchant")
    first = store.accept("talk", QUESTION)
    store.record(first, ANSWER, Exchange(QUESTION, Understood("dispute_refund_rate")))
    store.record(store.accept("talk", "有两笔我不服，想找人看看"), WISH, None)
    return "talk"


@dataclass
class Received:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers with `plan`, one entry a request, then with `otherwise`.

    An entry is (status, headers, body); 'hang' says nothing, 'cut' hangs up, 'late' answers as `otherwise` once it is let go.
    """

    address: str = ""
    plan: list[Any] = field(default_factory=list)
    otherwise: Any = (200, {}, b'{"errcode":0,"errmsg":"ok"}')
    got: list[Received] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    answered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def keys(self) -> list[str]:
        return [one.headers["idempotency-key"] for one in self.got]


class Crowded(ThreadingHTTPServer):
    """Takes as many at once as come: with the usual five that wait, a connection may be cut on a busy machine."""

    request_queue_size = 128


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A real HTTP server on a port of its own."""
    held = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            held.got.append(Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            answer = held.plan.pop(0) if held.plan else held.otherwise
            held.arrived.release()
            if answer == "hang":
                held.let_go.wait(30)
                return
            if answer == "cut":
                self.connection.close()
                return
            if answer == "late":
                held.let_go.wait(30)
                answer = held.otherwise
            status, headers, content = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            held.answered.release()

        def log_message(self, *_: Any) -> None:
            pass

    server = Crowded(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that was killed is no news
    held.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield held
    held.let_go.set()
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Sites:
    """What the site file would say of `demo`."""

    settings: HandoffSettings = field(default_factory=HandoffSettings)

    def __call__(self, key: str) -> HandoffSettings:
        return {"demo": self.settings, "page": HandoffSettings(enabled=False)}[key]

    def use(self, **given: Any) -> None:
        """Write the section anew."""
        self.settings = HandoffSettings.model_validate(given)


@pytest.fixture
def sites() -> Sites:
    """The usual hours, no channels."""
    return Sites()


@dataclass
class Clock:
    """A time that moves only when it is told to."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    """Noon of a working day."""
    return Clock()
