"""The whole service around a fake engine and a real store, and a host page on another origin that allows next to nothing."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Frame, Page, ViewportSize, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from assistant.settings import Settings
from assistant.sites import Sites
from assistant.store import Store
from assistant.web.app import create_app

from .one_person import OnePerson
from .wider_engine import WiderEngine

WIDE, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
PATIENCE_MS = 10_000
OPEN_ROOTS = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (how) { return attach.call(this, { ...how, mode: "open" }); };
"""
"""so that a test can look into the launcher; one test looks without"""
SITES = """
sites:
  shop:
    name: 箱满仓
    origins: ["{host}"]
    greeting: 退款被判责了？报上笔数和成交单数。
    limits: {{questions_per_minute: 10000, questions_per_day: 10000, site_questions_per_minute: 10000,
              sessions_per_minute: 10000, address_requests_per_minute: 100000}}
    identity_secret_env: WIDGET_IDENTITY
"""
IDENTITY_SECRET = "identity-secret-of-the-shop-0123456789"


@dataclass
class Service:
    """The service, the host page's server, and what stands behind them. `foreign` is a page on no list."""

    address: str
    host: str
    foreign: str
    engine: WiderEngine
    desk: OnePerson
    app: Any

    def page(self, **attributes: str) -> str:
        """Address of a host page whose snippet has these attributes: page(data_lang="en")."""
        return self.host + "/?" + urlencode({name.replace("_", "-"): value for name, value in attributes.items()})


class Served:
    """An application on a port of its own."""

    def __init__(self, app: Any) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = int(listener.getsockname()[1])
        self.app = app

    def start(self) -> None:
        """Serve until stopped. The chat page is not opened: nothing here needs it."""
        config = uvicorn.Config(self.app, port=self.port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        end = time.monotonic() + 30
        while not self._server.started:
            assert time.monotonic() < end, "it did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One for a file of tests; each test comes as a new visitor."""
    folder = tmp_path_factory.mktemp("widget")
    host = Served(None)
    ours = Served(None)
    address, origin = f"http://127.0.0.1:{ours.port}", f"http://127.0.0.1:{host.port}"
    host.app = _host_page(address)
    sites = folder / "sites.yaml"
    sites.write_text(SITES.format(host=origin), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WIDGET_IDENTITY", IDENTITY_SECRET)
        store = Store(f"sqlite:///{folder / 'assistant.sqlite3'}")
        engine, desk = WiderEngine(store=store), OnePerson()
        settings = Settings(data_dir=folder, sites_file=sites, port=ours.port)
        ours.app = create_app(engine, settings, Sites.read(sites), desk)
        host.start()
        ours.start()
        yield Service(address, origin, f"http://localhost:{host.port}", engine, desk, ours.app)
        host.stop()
        ours.stop()
        store.close()


def _host_page(ours: str) -> Starlette:
    policy = f"default-src 'none'; script-src {ours}; style-src 'none'; frame-src {ours}; base-uri 'none'; form-action 'none'"

    async def page(request: Request) -> HTMLResponse:
        given = {"data-site": "shop", **request.query_params}
        attributes = " ".join(f'{name}="{escape(value)}"' for name, value in given.items())
        html = (
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>箱满仓</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f'<script src="{ours}/widget/loader.js" {attributes} async></script></head>'
            "<body><main><h1>箱满仓</h1><p><a href='/two'>下一页</a></p></main></body></html>"
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    return Starlette(routes=[Route("/", page), Route("/two", page)])


def until(page: Page | Frame, true: str) -> None:
    """Wait for an expression. Playwright's own waiting builds functions from text, which the host's policy forbids."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not page.evaluate(true):
        assert time.monotonic() < end, true
        page.wait_for_timeout(20)


def happens(true: Callable[[], bool]) -> None:
    """Wait for something on the other side."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@dataclass
class Visit:
    """A host page in a browser of its own, and the widget on it."""

    page: Page
    requests: list[str]

    @property
    def launcher(self) -> Any:
        """The button."""
        return self.page.locator(".launch")

    @property
    def panel(self) -> Frame:
        """The chat's own frame, once it is there."""
        frame = next(frame for frame in self.page.frames if "/widget/panel" in frame.url)
        assert isinstance(frame, Frame)
        return frame

    def open(self) -> Frame:
        """Click the launcher and wait until the panel can be used."""
        self.launcher.click()
        return self.ready()

    def ready(self) -> Frame:
        """The panel once its first screen or its history is drawn."""
        expect(self.page.frame_locator("iframe").locator("#log > *").first).to_be_visible()
        return self.panel

    def ask(self, question: str) -> Any:
        """Type and send; gives the last answer once it is whole."""
        box = self.panel.locator("#text")
        before = self.panel.locator(".ans").count()
        box.fill(question)
        box.press("Enter")
        answer = self.panel.locator(".ans").nth(before)
        expect(answer).to_have_attribute("aria-busy", "false")
        return answer


@pytest.fixture
def visit(browser: Browser, service: Service) -> Iterator[Callable[..., Visit]]:
    """Opens host pages. Afterwards: no script failed, no policy was broken, and nothing was asked of a third host."""
    contexts: list[BrowserContext] = []
    failures: list[str] = []
    asked: list[str] = []

    def visited(
        address: str = "", size: ViewportSize = WIDE, context: BrowserContext | None = None, roots: bool = True, **how: Any
    ) -> Visit:
        if context is None:
            context = browser.new_context(viewport=size, locale=how.pop("locale", "zh-CN"), **how)
            contexts.append(context)
            context.set_default_timeout(PATIENCE_MS)
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            if roots:
                context.add_init_script(OPEN_ROOTS)
            context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda said: failures.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(address or service.host)
        until(page, "!!window.AfterSales?.open")
        return Visit(page, requests)

    yield visited
    for context in contexts:
        context.close()
    assert failures == []
    known = (service.address, service.host, service.foreign, "blob:", "data:")
    assert [url for url in asked if not url.startswith(known)] == []


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """A busy machine may take its time; nothing here is measured."""
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)
