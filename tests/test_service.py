"""The service as people meet it: the real process, the real knowledge, a real browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

START_SECONDS = 120


@pytest.fixture
def address(index_dir: Path, tmp_path: Path) -> Iterator[str]:
    """A served assistant on a port of its own."""
    shutil.copytree(index_dir, tmp_path / "index")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = os.environ | {
        "ASSISTANT_PORT": str(port), "ASSISTANT_INDEX_DIR": str(tmp_path / "index"),
        "ASSISTANT_DATA_DIR": str(tmp_path / "data"), "ASSISTANT_LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen([sys.executable, "-m", "assistant", "serve"], env=environment)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in (0, -signal.SIGTERM)


def _wait(address: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer")


def test_a_merchant_asks_and_sees_rate_rule_sources_and_next_questions(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.fill("#box textarea", "我店近30天1.2万单，小二判我责任的退款有7笔，纠纷退款率多少，会影响报名活动吗")
    page.press("#box textarea", "Enter")
    answer = page.locator(".ans").last
    expect(answer.locator(".fig")).to_have_text("0.0583%", timeout=20_000)
    expect(answer.locator(".res .v")).to_have_text("不影响报名")
    expect(answer.locator(".time")).to_contain_text("2024-02-19 起")
    expect(answer.locator(".time .off").first).to_contain_text("已停用")
    expect(answer.locator(".src li").first).to_contain_text("纠纷退款率的口径")
    assert answer.locator(".opt").count() >= 2
    answer.locator("[name=liable_refunds]").fill("24")
    expect(answer.locator("output")).to_have_text("0.2%")
    page.close()
