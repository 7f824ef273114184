"""A model speaks in the page; whoever stops it or closes the page ends the request to the model."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from assistant.build import with_model
from assistant.composer import Composer
from assistant.library import Library
from assistant.scripted import Request, Say, Scripted, Wait, scripted
from assistant.settings import Settings
from assistant.web.app import create_app
from tests.conftest import MakeEngine

from .conftest import wait_for_page

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
SOON = 1.0


@pytest.fixture
def speaking() -> Iterator[Scripted]:
    """A model that says two sentences and then thinks for long."""
    with scripted(lambda _: [Say("先把能和解的和解掉。再传凭证。"), Wait(30)]) as model:
        yield model


@pytest.fixture
def address(make_engine: MakeEngine, tiny: Library, tmp_path: Path, speaking: Scripted) -> Iterator[str]:
    """The page, with that model."""
    engine = make_engine("topic/dispute_advice")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    chosen = Settings(
        port=port, data_dir=tmp_path, model="openai:scripted", model_base_url=speaking.address, model_first_token_seconds=20,
        model_turn_seconds=20,
    )
    engine.answerer, _ = with_model(chosen, tiny, Composer(tiny, 0.5), engine.store, lambda turn, outcome: None)
    server = uvicorn.Server(uvicorn.Config(create_app(engine, chosen), port=port, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for_page(f"http://127.0.0.1:{port}")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def stopped(page: Page) -> None:
    page.click("#box .stop-button")


def closed(page: Page) -> None:
    page.close()


def left(page: Page) -> None:
    page.goto("about:blank")


@pytest.mark.parametrize("leave", [stopped, closed, left])
def test_the_request_ends_with_the_interest_in_it(
    browser: Browser, address: str, speaking: Scripted, leave: Callable[[Page], None]
) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(address)
    page.fill("#box textarea", "成交12000笔，判责7笔，纠纷退款率多少")
    page.press("#box textarea", "Enter")
    expect(page.locator(".ans")).to_contain_text("先把能和解的和解掉。")
    (request,) = speaking.requests
    assert request.open
    gone = time.monotonic()
    leave(page)
    assert ended(request) - gone < SOON
    page.close()


def ended(request: Request) -> float:
    """When the client hung up."""
    assert request.over.wait(20)
    assert request.cancelled
    return request.cancelled
