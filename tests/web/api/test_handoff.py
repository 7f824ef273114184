"""Bringing a person in: handed over, talked to, watched; with sentences where it cannot be."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.web.app import create_app

from .conftest import OTHER, SHOP, Api, events, until
from .fake_desk import FakeDesk


def test_a_conversation_is_handed_over(api: Api, desk: FakeDesk) -> None:
    path = f"/conversations/{api.conversation}"
    assert api.send("GET", f"{path}/handoff").json()["handoff"] is None
    reply = api.post(f"{path}/handoff", {"reason": "offline", "contact": "138", "note": "急", "attach": False})
    assert reply.status_code == 201
    told = reply.json()
    assert told["handoff"] == {"id": f"h-{api.conversation}", "state": "open", "taken_by": None}
    assert told["packet"] == {"note": "急", "reason": "offline"}
    assert told["hours"]["open"] is True
    assert desk.opened == [(api.conversation, "offline", "138", "急", False)]
    assert api.send("GET", f"{path}/handoff").json()["handoff"]["state"] == "open"
    assert 'assistant_handoffs_total{reason="offline"} 1.0' in api.http.get("/metrics").text
    again = api.post(f"{path}/handoff", {"reason": "asked"})
    assert (again.status_code, again.json()["error"]["message"]) == (422, "已经转给人工了。")


def test_messages_go_there_and_come_back(api: Api) -> None:
    path = f"/conversations/{api.conversation}"
    assert api.post(f"{path}/messages", {"text": "在吗"}).status_code == 422
    api.post(f"{path}/handoff", {"reason": "asked"})
    said = api.post(f"{path}/messages", {"text": " 在吗 "})
    assert (said.status_code, said.json()["text"], said.json()["seq"]) == (201, "在吗", 1)
    history = api.post(f"{path}/history", {"after_message": 1}).json()
    assert [message["text"] for message in history["messages"]] == ["收到：在吗"]
    opened = api.open(visitor=api.opened["visitor"], conversation=api.conversation).json()
    assert len(opened["messages"]) == 2
    assert opened["handoff"]["state"] == "open"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_happens_is_watched(api: Api, method: str) -> None:
    path = f"/conversations/{api.conversation}"
    api.post(f"{path}/handoff", {"reason": "asked"})
    api.post(f"{path}/messages", {"text": "在吗"})
    after: dict[str, Any] = {"params": {"after_message": 1}} if method == "GET" else {"json": {"after_message": 1}}
    reply = api.send(method, f"{path}/watch", **after)
    assert reply.headers["content-type"].startswith("text/event-stream")
    (first_id, first, message), (_, second, state) = events(reply.text)
    assert (first_id, first, message["text"], second, state["taken_by"]) == ("m2", "message", "收到：在吗", "handoff", "周敏")


def test_who_stops_watching_is_let_go(engine: Engine, settings: Settings, desk: FakeDesk, serve: Callable[[Any], str]) -> None:
    desk.endless = True
    with httpx.Client(base_url=serve(create_app(engine, settings, desk=desk)), timeout=20) as client:
        api = Api(client)
        api.open()
        headers = {"Origin": SHOP, "Authorization": f"Bearer {api.opened['token']}"}
        with client.stream("POST", f"/api/v1/conversations/{api.conversation}/watch", json={}, headers=headers) as reply:
            lines = reply.iter_lines()
            assert any("taken" in line for line in lines)
            assert desk.left == 0
        until(lambda: desk.left == 1)


@pytest.mark.parametrize("body", [
    {}, {"reason": "bored"}, {"reason": "asked", "contact": "1" * 201}, {"reason": "asked", "note": "问" * 2001},
    {"reason": "asked", "attach": "perhaps"},
])
def test_a_hand_off_that_is_wrongly_filled_is_told(api: Api, body: dict[str, Any]) -> None:
    assert api.post(f"/conversations/{api.conversation}/handoff", body).status_code == 422


def test_where_no_people_are_it_is_said(http: httpx.Client, engine: Engine, settings: Settings) -> None:
    other = Api(http, origin=OTHER, site="other")
    deskless = Api(TestClient(create_app(engine, settings)))
    for api in (other, deskless):
        assert api.open().json()["site"]["handoff"] is False
        path = f"/conversations/{api.conversation}"
        for reply in (
            api.post(f"{path}/handoff", {"reason": "asked"}), api.post(f"{path}/messages", {"text": "在吗"}), api.post(f"{path}/watch"),
        ):
            assert (reply.status_code, reply.json()["error"]["code"]) == (409, "handoff")
        assert api.send("GET", f"{path}/handoff").json()["handoff"] is None


def test_somebody_elses_hand_off_is_not_there(api: Api, http: httpx.Client) -> None:
    stranger = Api(http)
    stranger.open()
    path = f"/conversations/{api.conversation}"
    for reply in (
        stranger.post(f"{path}/handoff", {"reason": "asked"}), stranger.send("GET", f"{path}/handoff"),
        stranger.post(f"{path}/messages", {"text": "在吗"}), stranger.post(f"{path}/watch"), stranger.send("GET", f"{path}/watch"),
    ):
        assert reply.status_code == 404
