"""The API around a real engine over the tiny knowledge, in process or served; two sites of two origins."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web.app import create_app
from tests.conftest import MakeEngine

from .fake_desk import FakeDesk

OWN = "http://testserver"
SHOP, OTHER, FOREIGN = "https://shop.example", "https://other.example", "https://evil.example"
KEY = "key-of-the-shop-0123456789"
IDENTITY = "identity-secret-of-the-shop-0123456789"
SITES = f"""
sites:
  shop:
    name: 箱满仓
    origins: ["{SHOP}"]
    audience: dealer
    greeting: 你好
    identity_secret_env: SHOP_IDENTITY
    api_keys_env: SHOP_KEYS
    limits: {{LIMITS}}
  other:
    name: 别家
    origins: ["{OTHER}"]
    handoff: {{enabled: false}}
"""
PLENTY = dict.fromkeys((
    "questions_per_minute", "questions_per_day", "site_questions_per_minute", "sessions_per_minute",
    "address_requests_per_minute",
), 100_000)
QUESTION = "纠纷退款率怎么算"


@dataclass
class Api:
    """A client of one site's page, and the session it has opened."""

    http: httpx.Client
    origin: str = SHOP
    site: str = "shop"
    base: str = "/api/v1"
    opened: dict[str, Any] = field(default_factory=dict)

    def open(self, **more: Any) -> httpx.Response:
        """Open a session and keep it."""
        reply = self.send("POST", "/sessions", json={"site": self.site, **more})
        if reply.status_code == 201:
            self.opened = reply.json()
        return reply

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A request with Origin and token, unless other headers are given."""
        headers = {"Origin": self.origin, **({"Authorization": f"Bearer {self.opened['token']}"} if self.opened else {})}
        headers |= more.pop("headers", {})
        return self.http.request(method, self.base + path, headers={k: v for k, v in headers.items() if v is not None}, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        """A POST with a JSON body."""
        return self.send("POST", path, json={} if json is None else json, **more)

    @property
    def conversation(self) -> str:
        """The conversation of the session."""
        return str(self.opened["conversation"])

    def ask(self, question: str = QUESTION, **more: Any) -> httpx.Response:
        """Ask in the session's conversation."""
        return self.post(f"/conversations/{self.conversation}/turns", {"question": question}, **more)


@pytest.fixture
def limits() -> dict[str, int]:
    """The limits of the shop; a test that has other ones overrides this."""
    return PLENTY


@pytest.fixture
def settings(tmp_path: Path, limits: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of the test's own folder."""
    monkeypatch.setenv("SHOP_IDENTITY", IDENTITY)
    monkeypatch.setenv("SHOP_KEYS", f"{KEY},another-key-0123456789")
    path = tmp_path / "sites.yaml"
    path.write_text(SITES.replace("LIMITS", json.dumps(limits)[1:-1]), encoding="utf-8")
    return Settings(data_dir=tmp_path / "data", sites_file=path, max_upload_bytes=100_000)


@pytest.fixture
def engine(make_engine: MakeEngine) -> Any:
    """A real engine that finds one topic of the tiny knowledge."""
    return make_engine("topic/dispute_advice")


@pytest.fixture
def desk() -> FakeDesk:
    """The desk of the test."""
    return FakeDesk()


@pytest.fixture
def app(engine: Any, settings: Settings, desk: FakeDesk) -> Any:
    """The whole service."""
    return create_app(engine, settings, desk=desk)


@pytest.fixture
def http(app: Any) -> httpx.Client:
    """In process; the page is never opened."""
    return TestClient(app)


@pytest.fixture
def api(http: httpx.Client) -> Api:
    """The shop's page with a session."""
    made = Api(http)
    assert made.open().status_code == 201
    return made


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serves applications over real HTTP; gives their address."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def served(app: Any) -> str:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = int(listener.getsockname()[1])
        # the page is not opened: nothing here needs it
        config = uvicorn.Config(app, port=port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread))
        until(lambda: server.started)
        return f"http://127.0.0.1:{port}"

    yield served
    for server, thread in running:
        server.should_exit = True
        thread.join()


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that happens in another thread."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def events(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(id, event, data) of every frame of a stream; comments are left out."""
    frames = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if fields:
            frames.append((fields.get("id", ""), fields["event"], json.loads(fields["data"])))
    return frames
