"""A visitor's conversations: listed, rated, deleted, and all of it erased."""

import httpx
import pytest

from assistant.engine import Engine

from .conftest import QUESTION, Api


def test_conversations_are_listed_by_their_first_question(api: Api) -> None:
    assert api.send("GET", "/conversations").json() == []
    api.ask()
    first = api.conversation
    second = api.post("/conversations", {"audience": "owner"}).json()["conversation"]
    api.post(f"/conversations/{second}/turns", {"question": "第二段的问题"})
    listed = api.send("GET", "/conversations").json()
    assert [(one["id"], one["title"]) for one in listed] == [(second, "第二段的问题"), (first, QUESTION)]
    assert all(one["started_at"] <= one["updated_at"] for one in listed)


@pytest.mark.parametrize("by_post", [False, True])
def test_a_conversation_is_deleted(api: Api, engine: Engine, by_post: bool) -> None:
    api.ask()
    path = f"/conversations/{api.conversation}"
    reply = api.post(f"{path}/forget") if by_post else api.send("DELETE", path)
    assert (reply.status_code, reply.content) == (204, b"")
    assert api.post(f"{path}/history").status_code == 404
    assert api.ask().status_code == 404
    assert engine.store.owner(api.conversation) is None


@pytest.mark.parametrize("by_post", [False, True])
def test_a_visitor_is_erased(api: Api, http: httpx.Client, engine: Engine, by_post: bool) -> None:
    api.ask()
    somebody = Api(http)
    somebody.open()
    somebody.ask()
    counts = (api.post("/visitor/erase") if by_post else api.send("DELETE", "/visitor")).json()
    assert (counts["conversations"], counts["turns"]) == (1, 1)
    assert engine.store.owner(api.conversation) is None
    assert len(somebody.post(f"/conversations/{somebody.conversation}/history").json()["turns"]) == 1
    # the token is still good, but nobody is behind it any more
    assert api.post("/conversations").status_code == 401
    assert api.ask().status_code == 404
    reopened = api.open(visitor=api.opened["visitor"]).json()
    assert reopened["turns"] == []
    assert api.ask().status_code == 200


def test_an_answer_is_rated_and_the_last_word_counts(api: Api, engine: Engine) -> None:
    turn = api.ask().json()["turn"]
    path = f"/conversations/{api.conversation}/turns/{turn}/feedback"
    assert api.post(path, {"thumb": "up"}).status_code == 204
    assert api.post(path, {"thumb": "down", "reason": "打 13812345678 没人接"}).status_code == 204
    assert engine.store.thumbs() == [(QUESTION, "down", "打 138****5678 没人接")]
    (kept,) = api.post(f"/conversations/{api.conversation}/history").json()["turns"]
    assert kept["thumb"] == "down"


def test_what_is_no_rating_is_refused(api: Api, http: httpx.Client) -> None:
    turn = api.ask().json()["turn"]
    path = f"/conversations/{api.conversation}/turns"
    assert api.post(f"{path}/{turn}/feedback", {"thumb": "sideways"}).status_code == 422
    assert api.post(f"{path}/none/feedback", {"thumb": "up"}).status_code == 404
    stranger = Api(http)
    stranger.open()
    stranger.ask()
    assert stranger.post(f"{path}/{turn}/feedback", {"thumb": "up"}).status_code == 404
    assert stranger.post(f"/conversations/{stranger.conversation}/turns/{turn}/feedback", {"thumb": "up"}).status_code == 404
