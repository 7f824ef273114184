"""What the widget costs a page, in a real browser: bytes on the wire, requests before it is opened, time from click to use."""

import shutil
import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.apart import served
from assistant.errors import SetupError
from assistant.settings import Settings

LOADER_BYTES, OPEN_BYTES, REQUESTS_BEFORE, OPEN_MS = 3 * 1000, 35 * 1000, 0, 300.0
RUNS = 5
WIDTH, HEIGHT = 1280, 800
LAUNCHER = (WIDTH - 74, HEIGHT - 50)
"""a point on the button"""
SITE = "bench"
SITES = 'sites:\n  bench:\n    name: 测速\n    origins: ["{origin}"]\n'
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
_MARKS = """
const now = () => performance.timeOrigin + performance.now();
addEventListener("pointerdown", () => { window.clicked = now(); }, true);
if (location.pathname.endsWith("/panel")) new MutationObserver(() => {
  const drawn = document.querySelector(".hello button") && document.activeElement === document.getElementById("text");
  if (drawn) window.usable ??= now();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
"""usable: the first screen is drawn and the caret stands in the box"""
Say = Callable[[str], None]


@dataclass(frozen=True)
class Opened:
    """One visit with an empty cache."""

    loader: int
    before: int
    bytes: int
    requests: int
    answer_bytes: int
    ms: float


def run(settings: Settings, say: Say, runs: int = RUNS) -> bool:
    """Measure and print; whether every bar was reached. Raises SetupError without a browser."""
    with TemporaryDirectory() as folder, _host() as host:
        origin = f"http://127.0.0.1:{host.server_port}"
        with served(settings, Path(folder), SITES.format(origin=origin)) as address, _browser() as browser:
            host.RequestHandlerClass.ours = address  # type: ignore[attr-defined]
            visits = [_visit(browser, origin, address) for _ in range(runs)]
    first = visits[0]
    ms = statistics.median(visit.ms for visit in visits)
    bars = [
        (f"启动脚本 loader.js：{first.loader:,} 字节（gzip）", LOADER_BYTES, first.loader),
        (f"第一次打开一共：{first.bytes:,} 字节，{first.requests}个请求", OPEN_BYTES, first.bytes),
        (f"打开之前的请求（loader.js 之外）：{first.before}个", REQUESTS_BEFORE, first.before),
        (f"点击到可用：{ms:.0f} ms（{runs}次的中位数，最长 {max(visit.ms for visit in visits):.0f} ms）", OPEN_MS, ms),
    ]
    for told, bar, measured in bars:
        say(f"{told}，要求 ≤ {bar:,.0f}：{'达到' if measured <= bar else '没有达到'}")
    say(f"开始打字后再取（排版和过滤 Markdown）：{first.answer_bytes:,} 字节，合计 {first.bytes + first.answer_bytes:,} 字节")
    return all(measured <= bar for _, bar, measured in bars)


def _visit(browser: Any, host: str, address: str) -> Opened:
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN")
    context.add_init_script(_MARKS)
    asked: list[Any] = []
    context.on("request", lambda request: asked.append(request) if request.url.startswith(address) else None)
    page = context.new_page()
    page.goto(host)
    page.wait_for_load_state("networkidle")
    before = len(asked)
    with page.expect_event("framenavigated", lambda frame: "/widget/panel" in frame.url) as opening:
        page.mouse.click(*LAUNCHER)
    panel = opening.value
    panel.wait_for_selector(".hello button")
    page.wait_for_timeout(300)
    opened = list(asked)
    ms = panel.evaluate("window.usable") - page.evaluate("window.clicked")
    page.keyboard.type("问")
    page.wait_for_timeout(1000)
    loader = _bytes(opened[:1])
    measured = Opened(loader, before - 1, _bytes(opened), len(opened), _bytes(asked[len(opened):]), ms)
    context.close()
    return measured


def _bytes(requests: list[Any]) -> int:
    return sum(request.sizes()["responseBodySize"] for request in requests)


@contextmanager
def _browser() -> Iterator[Any]:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise SetupError("测挂件要用浏览器，请先运行 make setup 装上 playwright。") from None
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome") or playwright.chromium.executable_path
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as error:
            raise SetupError("没有找到能用的浏览器，请安装 chromium，或运行 playwright install chromium。") from error
        yield browser
        browser.close()


class _Shop(BaseHTTPRequestHandler):
    """Somebody else's page, as strict as pages get."""

    ours = ""

    def do_GET(self) -> None:
        """The same page at any address."""
        body = (
            f'<!doctype html><title>shop</title><script src="{self.ours}/widget/loader.js" data-site="{SITE}" async></script><h1>shop</h1>'
        ).encode()
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", f"default-src 'none'; script-src {self.ours}; frame-src {self.ours}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def _host() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
