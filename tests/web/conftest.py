"""A served page per test on its own port, and one real browser for all of them."""

import json
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize

from assistant.settings import Settings
from assistant.web.app import create_app

from .fake_engine import FakeEngine

WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
START_SECONDS = 120  # the first import of the page on a busy machine


@dataclass
class Service:
    """A running page and the engine behind it."""

    address: str
    engine: FakeEngine


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def engine() -> FakeEngine:
    """The engine the service of this test talks to."""
    return FakeEngine()


@pytest.fixture
def service(engine: FakeEngine, tmp_path: Path) -> Iterator[Service]:
    """The page, served for this test."""
    port = _free_port()
    app = create_app(engine, Settings(port=port, data_dir=tmp_path))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    wait_for_page(address)
    yield Service(address, engine)
    server.should_exit = True
    thread.join()


def wait_for_page(address: str) -> None:
    """Until the page is open."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as reply:
                if json.load(reply)["page"]:
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("the page did not open")


@pytest.fixture
def open_page(browser: Browser, service: Service) -> Iterator[Callable[..., Page]]:
    """Opens the page of this test. Afterwards: nothing was asked of another host, no script failed."""
    contexts, asked, failures = [], [], []

    def opened(size: ViewportSize = WIDE) -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN", color_scheme="light")
        contexts.append(context)
        context.on("request", lambda request: asked.append(request.url))
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda said: failures.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(service.address)
        page.wait_for_selector("#box textarea")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert failures == []
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} <= {"127.0.0.1"}
