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
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from assistant.store import Store
from assistant.store.schema import conversations, turns

START_SECONDS = 120


@dataclass
class Served:
    """A running service, what it logs, and its database."""

    address: str
    log: Path
    database: str


@pytest.fixture
def served(index_dir: Path, tmp_path: Path) -> Iterator[Served]:
    """A served assistant on a port of its own; a question was under way when it was last killed, another was asked long ago."""
    shutil.copytree(index_dir, tmp_path / "index")
    database = f"sqlite:///{tmp_path / 'data' / 'assistant.sqlite3'}"
    store = Store(database)
    for conversation in ("killed", "old"):
        store.accept(conversation, "问")
    long_ago = datetime.now(UTC) - timedelta(days=31)
    store.write(lambda connection: connection.execute(
        conversations.update().where(conversations.c.id == "old").values(updated_at=long_ago)
    ))
    store.close()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = os.environ | {
        "ASSISTANT_PORT": str(port), "ASSISTANT_INDEX_DIR": str(tmp_path / "index"),
        "ASSISTANT_DATA_DIR": str(tmp_path / "data"), "ASSISTANT_LOG_LEVEL": "INFO", "ASSISTANT_RETENTION_DAYS": "30",
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "assistant", "serve"], env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz")
        yield Served(f"http://127.0.0.1:{port}", tmp_path / "log", database)
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


def test_a_merchant_asks_and_sees_rate_rule_sources_and_next_questions(served: Served, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{served.address}/?tel=13812345678")
    page.fill("#box textarea", "我店近30天1.2万单，小二判我责任的退款有7笔，纠纷退款率多少，会影响报名活动吗，我的电话13812345678")
    page.press("#box textarea", "Enter")
    answer = page.locator(".ans").last
    expect(answer.locator(".fig")).to_have_text("0.0583%", timeout=20_000)
    expect(answer.locator(".res .v")).to_have_text("不影响报名")
    expect(answer.locator(".time")).to_contain_text("2024-02-19 起")
    expect(answer.locator(".time .off").first).to_contain_text("已停用")
    expect(answer.locator(".src li").first).to_contain_text("纠纷退款率的口径")
    expect(answer.locator(".foot .opt").nth(1)).to_be_visible()
    answer.locator("[name=liable_refunds]").fill("24")
    expect(answer.locator("output")).to_have_text("0.2%")
    page.close()

    store = Store(served.database)
    (kept,) = store.read(lambda connection: connection.execute(sa.select(turns).where(turns.c.conversation != "killed")).all())
    assert (kept.status, kept.question[-15:]) == ("answered", "我的电话138****5678")
    assert [row.status for row in store.turns("killed")] == ["interrupted"]
    assert store.owner("old") is None, "kept too long"
    store.close()
    logged = served.log.read_text(encoding="utf-8")
    assert "138****5678" in logged
    assert "13812345678" not in logged
