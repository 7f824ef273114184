"""Asking and reading back: the same events in a stream, whole, and in the history; an end at once when nobody listens."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx
import pytest
import uvicorn

from assistant.answer import Done, Event
from assistant.service import configured
from assistant.settings import Settings
from assistant.web.api.stream import EventStream, frame
from assistant.web.app import create_app
from assistant.wire import from_wire
from tests.web.fake_engine import FakeEngine

from .conftest import QUESTION, SHOP, Api, events, until

COMPUTED = "成交1000单，判责7笔，纠纷退款率多少"
STREAM = {"Accept": "text/event-stream"}


def test_an_answer_comes_whole(api: Api) -> None:
    reply = api.ask(COMPUTED)
    assert reply.status_code == 200
    answer = reply.json()
    assert answer["calculations"][0]["value"] == 0.007
    assert answer["status"] == "answered"
    assert answer["conversation"] == api.conversation
    assert answer["events"][0] == {"type": "accepted", "turn": answer["turn"]}
    assert answer["events"][-1]["type"] == "done"
    assert reply.headers["cache-control"] == "no-store"


def test_an_answer_comes_as_a_stream_of_the_same_events(api: Api) -> None:
    reply = api.ask(COMPUTED, headers=STREAM)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-accel-buffering"] == "no"
    assert reply.headers["access-control-allow-origin"] == SHOP
    told = events(reply.text)
    turn = told[0][2]["turn"]
    assert [id for id, _, _ in told] == [f"{turn}-{place}" for place in range(1, len(told) + 1)]
    assert [kind for _, kind, _ in told] == [data["type"] for _, _, data in told]
    assert told[0][1] == "accepted"
    made: list[Event] = [from_wire(data) for _, _, data in told]
    assert isinstance(made[-1], Done)


def test_what_was_answered_is_read_back(api: Api) -> None:
    streamed = [data for _, _, data in events(api.ask(COMPUTED, headers=STREAM).text)]
    (turn,) = api.post(f"/conversations/{api.conversation}/history").json()["turns"]
    assert (turn["question"], turn["status"], turn["seq"], turn["thumb"]) == (COMPUTED, "answered", 1, None)
    assert turn["id"] == streamed[0]["turn"]
    assert turn["events"] == streamed[1:]  # all but its acceptance


def test_a_follow_up_leans_on_what_was_said(api: Api) -> None:
    api.ask(COMPUTED)
    assert api.ask("判责换成20笔呢").json()["calculations"][0]["value"] == 0.02


def test_history_goes_on_from_where_it_was(api: Api) -> None:
    for _ in range(3):
        api.ask()
    path = f"/conversations/{api.conversation}"
    assert [turn["seq"] for turn in api.send("GET", f"{path}/turns?after=1").json()["turns"]] == [2, 3]
    assert [turn["seq"] for turn in api.post(f"{path}/history", {"after": 1, "limit": 1}).json()["turns"]] == [2]
    assert api.send("GET", f"{path}/turns?after=-1").status_code == 422
    assert api.send("GET", f"{path}/turns?limit=1000").status_code == 422


def test_another_visitors_conversation_is_not_there(api: Api, http: httpx.Client) -> None:
    api.ask()
    stranger = Api(http)
    stranger.open()
    path = f"/conversations/{api.conversation}"
    replies = [
        stranger.post(f"{path}/turns", {"question": QUESTION}), stranger.send("GET", f"{path}/turns"),
        stranger.post(f"{path}/history"), stranger.send("DELETE", path), stranger.post(f"{path}/forget"),
        stranger.post("/conversations/none/history"),
    ]
    assert [reply.status_code for reply in replies] == [404] * 6
    assert len({reply.text for reply in replies}) == 1, "what is not theirs and what is not there look alike"
    assert len(api.post(f"{path}/history").json()["turns"]) == 1


@pytest.mark.parametrize(("body", "words"), [
    ({}, "还差 question"), ({"question": ""}, "question 不能空着"), ({"question": "  "}, "question 不能空着"),
    ({"question": "问" * 2001}, "最多2000字"), ({"question": 1}, "question 填得不对"), ({"question": "问", "more": 1}, "不认识的字段"),
    ({"question": "问", "audience": "everyone"}, "audience"), ([], "JSON"), ({"question": "\ud800"}, "question"),
])
def test_what_is_no_question_is_told_in_a_sentence(api: Api, body: Any, words: str) -> None:
    reply = api.post(f"/conversations/{api.conversation}/turns", body) if body != {"question": "\ud800"} else api.send(
        "POST", f"/conversations/{api.conversation}/turns", content=b'{"question": "\\ud800"}',
        headers={"Content-Type": "application/json"},
    )
    assert reply.status_code == 422
    assert words in reply.json()["error"]["message"]


def test_a_question_without_words_is_declined(api: Api) -> None:
    assert api.ask("？？？").json()["status"] == "declined"


@pytest.fixture
def slow(settings: Settings, serve: Callable[[Any], str]) -> Iterator[tuple[FakeEngine, Api]]:
    """The shop's page over real HTTP, before an engine that may never end."""
    engine = FakeEngine()
    with httpx.Client(base_url=serve(create_app(engine, settings)), timeout=20) as client:
        api = Api(client)
        api.open()
        yield engine, api
    engine.store.close()


def test_a_closed_stream_ends_the_work_at_once(slow: tuple[FakeEngine, Api]) -> None:
    engine, api = slow
    url = f"/api/v1/conversations/{api.conversation}/turns"
    headers = {"Origin": SHOP, "Authorization": f"Bearer {api.opened['token']}", **STREAM}
    with api.http.stream("POST", url, json={"question": "慢慢想"}, headers=headers) as reply:
        lines = reply.iter_lines()
        assert any("accepted" in line for line in lines)
        assert engine.closed_early == 0
    until(lambda: engine.closed_early == 1)
    metrics = api.http.get("/metrics").text
    assert 'assistant_questions_total{status="stopped"} 1.0' in metrics
    assert "assistant_open_streams 0.0" in metrics
    (turn,) = api.post(f"/conversations/{api.conversation}/history").json()["turns"]
    assert turn["status"] == "stopped"


def test_a_closed_connection_ends_a_whole_answer_too(slow: tuple[FakeEngine, Api]) -> None:
    engine, api = slow

    async def leave() -> None:
        headers = {"Origin": SHOP, "Authorization": f"Bearer {api.opened['token']}"}
        url = f"{api.http.base_url}/api/v1/conversations/{api.conversation}/turns"
        async with httpx.AsyncClient(timeout=20) as client, anyio.create_task_group() as group:
            group.start_soon(lambda: client.post(url, json={"question": "慢慢想"}, headers=headers))
            while not engine.asked:  # noqa: ASYNC110, the server runs in a thread
                await anyio.sleep(0.01)
            group.cancel_scope.cancel()

    anyio.run(leave)
    until(lambda: engine.closed_early == 1)


def test_a_crash_is_one_sentence(slow: tuple[FakeEngine, Api]) -> None:
    _, api = slow
    (_, kind, data), = events(api.ask("崩", headers=STREAM).text)
    assert (kind, list(data)) == ("error", ["message"])
    assert "secret" not in data["message"]
    reply = api.ask("崩")
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "failed")
    assert "secret" not in reply.text


def test_a_refusal_within_a_stream_is_told_as_its_error(slow: tuple[FakeEngine, Api]) -> None:
    _, api = slow
    (_, kind, data), = events(api.ask("问" * 501, headers=STREAM).text)
    assert (kind, data) == ("error", {"message": "问题太长，请缩短到500字以内再问。"})
    assert api.ask("问" * 501).json()["error"]["code"] == "refused"


def test_too_many_open_streams_of_one_visitor_are_refused(slow: tuple[FakeEngine, Api]) -> None:
    engine, api = slow
    url = f"{api.http.base_url}/api/v1/conversations/{api.conversation}/turns"
    headers = {"Origin": SHOP, "Authorization": f"Bearer {api.opened['token']}", **STREAM}

    async def many() -> int:
        async with httpx.AsyncClient(timeout=20) as client, anyio.create_task_group() as group:
            for _ in range(8):
                opened = anyio.Event()

                async def hold(opened: anyio.Event) -> None:
                    async with client.stream("POST", url, json={"question": "慢慢想"}, headers=headers) as reply:
                        opened.set()
                        async for _ in reply.aiter_lines():
                            pass

                group.start_soon(hold, opened)
                await opened.wait()
            status = (await client.post(url, json={"question": QUESTION}, headers=headers)).status_code
            group.cancel_scope.cancel()
        return status

    assert anyio.run(many) == 429
    until(lambda: engine.closed_early == 8)


def test_a_silent_stream_is_kept_alive() -> None:
    """Comments come while nothing happens, never inside a frame."""
    sent: list[bytes] = []

    async def run() -> None:
        async def frames() -> Any:
            yield frame("working", {"text": "一"})
            await anyio.sleep(0.2)
            yield frame("done", {})

        async def receive() -> Any:
            await anyio.sleep_forever()

        async def send(message: Any) -> None:
            sent.append(message.get("body", b""))

        await EventStream(frames(), keep_alive=0.03)({"type": "http"}, receive, send)

    anyio.run(run)
    text = b"".join(sent).decode()
    assert text.count(": \n\n") >= 2
    assert [kind for _, kind, _ in events(text)] == ["working", "done"]


def test_a_frame_is_one_event_whatever_is_in_it() -> None:
    said = frame("text", {"markdown": "a\n\nevent: done\ndata: x\r\n\ud800"}, "t-1").decode()
    assert said.count("\n\n") == 1
    ((id, kind, data),) = events(said)
    assert (id, kind) == ("t-1", "text")
    assert data["markdown"].startswith("a\n\nevent: done")


def test_a_service_told_to_stop_ends_the_streams_that_are_open(settings: Settings) -> None:
    engine = FakeEngine()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    config = configured(create_app(engine, settings), settings.model_copy(update={"port": port}))
    config.lifespan = "off"
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        api = Api(client)
        api.open()
        url = f"/api/v1/conversations/{api.conversation}/turns"
        headers = {"Origin": SHOP, "Authorization": f"Bearer {api.opened['token']}", **STREAM}
        with client.stream("POST", url, json={"question": "慢慢想"}, headers=headers) as reply:
            lines = reply.iter_lines()
            assert any("accepted" in line for line in lines)
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()
    assert engine.closed_early == 1
    (turn,) = engine.store.turns(api.conversation)
    assert turn.status == "stopped"
