"""Too many and too large: what is refused, how it is told, and that others are not hit by it."""

import json
from collections.abc import Iterator

import httpx
import pytest

from assistant.errors import SetupError
from assistant.sites import Limits, Site
from assistant.web.guarding.rates import Rates, address_of
from assistant.web.problems import Problem

from .conftest import KEY, PLENTY, QUESTION, SHOP, Api


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> dict[str, int]:
    """Plenty of all but one."""
    return PLENTY | getattr(request, "param", {})


def few(**limits: int) -> pytest.MarkDecorator:
    """These limits for the shop."""
    return pytest.mark.parametrize("limits", [limits], indirect=True)


def refused(reply: httpx.Response, words: str) -> None:
    """Too many, in a sentence, with the time to wait."""
    assert reply.status_code == 429
    assert reply.json()["error"]["code"] == "limit"
    assert words in reply.json()["error"]["message"]
    assert 1 <= int(reply.headers["retry-after"]) <= 24 * 3600
    assert "Retry-After" in reply.headers["access-control-expose-headers"]


@few(questions_per_minute=2)
def test_a_visitor_asks_so_often_a_minute(api: Api, http: httpx.Client) -> None:
    assert [api.ask().status_code for _ in range(2)] == [200, 200]
    refused(api.ask(), "问得太快了")
    somebody = Api(http)
    somebody.open()
    assert somebody.ask().status_code == 200
    assert 'assistant_limited_total{limit="visitor_minute"} 1.0' in http.get("/metrics").text


@few(questions_per_day=2)
def test_a_visitor_asks_so_often_a_day(api: Api) -> None:
    assert [api.ask().status_code for _ in range(2)] == [200, 200]
    refused(api.ask(), "今天问得太多了")


@few(site_questions_per_minute=2)
def test_a_site_takes_so_many_questions(api: Api, http: httpx.Client) -> None:
    assert api.ask().status_code == 200
    somebody = Api(http)
    somebody.open()
    assert somebody.ask().status_code == 200
    refused(api.ask(), "现在问的人太多了")
    program = http.post(
        "/v1/chat/completions", headers={"Authorization": f"Bearer {KEY}"},
        json={"model": "after-sales-assistant", "messages": [{"role": "user", "content": QUESTION}]},
    )
    assert (program.status_code, program.json()["error"]["code"]) == (429, "rate_limit_exceeded")
    assert int(program.headers["retry-after"]) >= 1


@few(sessions_per_minute=2)
def test_an_address_opens_so_many_sessions(http: httpx.Client) -> None:
    api = Api(http)
    assert [api.open().status_code for _ in range(2)] == [201, 201]
    refused(api.open(), "打开得太频繁了")


@few(address_requests_per_minute=3)
def test_an_address_sends_so_many_requests_of_any_kind(api: Api) -> None:
    path = f"/conversations/{api.conversation}/history"
    assert [api.post(path).status_code for _ in range(3)] == [200] * 3
    refused(api.send("GET", "/conversations"), "请求太频繁了")


@few(questions_per_minute=1)
def test_messages_hand_offs_and_files_count_like_questions(api: Api) -> None:
    path = f"/conversations/{api.conversation}"
    assert api.post(f"{path}/handoff", {"reason": "asked"}).status_code == 201
    refused(api.post(f"{path}/messages", {"text": "在吗"}), "问得太快了")
    refused(api.send("POST", "/uploads", data={"conversation": api.conversation}, files={"file": ("a.txt", b"a")}), "问得太快了")


def test_an_address_is_a_household() -> None:
    assert address_of({"client": ("203.0.113.7", 1)}) == "203.0.113.7"
    assert address_of({"client": ("2001:db8:1:2:3::4", 1)}) == address_of({"client": ("2001:db8:1:2:ffff::9", 1)})
    assert address_of({"client": ("2001:db8:1:3::4", 1)}) != address_of({"client": ("2001:db8:1:2::4", 1)})
    assert address_of({"client": ("testclient", 1)}) == "testclient"
    assert address_of({}) == ""


async def test_counts_that_cannot_be_reached_refuse_nobody(caplog: pytest.LogCaptureFixture) -> None:
    rates = Rates("redis://127.0.0.1:1/0")
    site = Site(key="shop", name="店", limits=Limits(sessions_per_minute=1))
    for _ in range(3):
        await rates.session(site, "203.0.113.7")
    assert "cannot be reached" in caplog.text


async def test_counts_in_memory_are_kept_apart_by_site_and_visitor() -> None:
    rates = Rates("memory://")
    shop, other = (Site(key=key, name="店", limits=Limits(questions_per_minute=1)) for key in ("shop", "other"))
    await rates.question(shop, "v")
    await rates.question(other, "v")
    await rates.question(shop, "w")
    with pytest.raises(Problem):
        await rates.question(shop, "v")


@pytest.mark.parametrize("url", ["nonsense", "gopher://x", ""])
def test_an_address_of_counts_that_is_none_is_told(url: str) -> None:
    with pytest.raises(SetupError, match="ASSISTANT_LIMITS_URL"):
        Rates(url)


def test_a_large_body_is_refused_before_it_is_read(api: Api) -> None:
    path = f"/conversations/{api.conversation}/turns"
    reply = api.send("POST", path, content=json.dumps({"question": "问" * 70_000}), headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["error"]) == (413, {"code": "size", "message": "内容太大，请删减后再试。"})


def test_a_body_that_never_says_its_size_is_counted_as_it_comes(api: Api) -> None:
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 10_000
            yield b" " * 10_000

    reply = api.send("POST", "/sessions", content=pieces(), headers={"Content-Type": "application/json"})
    assert reply.status_code == 413
    assert reply.headers["access-control-allow-origin"] == SHOP
