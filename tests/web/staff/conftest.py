"""The staff's pages served for one test, over a store of its own, with a visitor's desk beside them."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page, ViewportSize
from starlette.applications import Starlette
from starlette.routing import Mount

from assistant.handoff.accounts import Accounts
from assistant.handoff.desk import Desk
from assistant.handoff.hours import HandoffSettings
from assistant.handoff.office import Office
from assistant.store import Store
from assistant.web.staff.app import staff_app

from ...databases import Databases
from ..conftest import _free_port

PASSWORD = "correct horse battery"
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
SETTINGS = HandoffSettings(hours={"mon-sun": "0:00-24:00"})
START_SECONDS = 30


@dataclass
class Served:
    """The running pages and what lies behind them."""

    address: str
    store: Store
    desk: Desk
    office: Office
    accounts: Accounts


@pytest.fixture
def served(databases: Databases) -> Iterator[Served]:
    """The pages on a port of their own; 周敏 and 李雷 may log in."""
    store = Store(databases.new())
    desk = Desk(store, lambda _: SETTINGS, poll_seconds=0.2)
    office = Office(store, desk.bell)
    accounts = Accounts(store, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    for name in ("周敏", "李雷"):
        accounts.put(name, PASSWORD)
    port = _free_port()
    app = Starlette(routes=[Mount("/staff", staff_app(office, accounts, lambda _: SETTINGS))])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < end:
        time.sleep(0.01)
    yield Served(f"http://127.0.0.1:{port}", store, desk, office, accounts)
    server.should_exit = True
    thread.join()
    store.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Iterator[OpenPage]:
    """Opens a page of the staff, logged in or not. Afterwards: no other host was asked, no script failed, the policy held."""
    contexts, asked, failures = [], [], []

    def opened(path: str = "/staff/", *, name: str = "", size: ViewportSize = WIDE, scheme: str = "light") -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN", color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        if name:
            token = served.accounts.login(name, PASSWORD)
            context.add_cookies([{
                "name": "staff", "value": str(token), "url": served.address, "httpOnly": True, "sameSite": "Strict",
            }])
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda said: failures.append(said.text) if said.type == "error" and "Failed to load" not in said.text else None)
        page.on("dialog", lambda dialog: failures.append(f"dialog: {dialog.message}"))
        page.goto(served.address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert failures == []
    assert all(url.startswith((served.address, "data:")) for url in asked)
