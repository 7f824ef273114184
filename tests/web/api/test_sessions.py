"""Who may open a session, what they get, and whose conversation it is."""

import time
from typing import Any

import httpx
import jwt
import pytest

from .conftest import FOREIGN, IDENTITY, OTHER, OWN, SHOP, Api


def identity(subject: str = "u1", secret: str = IDENTITY, **claims: Any) -> str:
    """What the shop's server signs for its logged-in visitor."""
    return jwt.encode({"aud": "assistant:shop", "sub": subject, "exp": int(time.time()) + 600, **claims}, secret, "HS256")


def test_a_session_brings_all_the_widget_draws(http: httpx.Client) -> None:
    api = Api(http)
    reply = api.open()
    assert reply.status_code == 201
    assert reply.headers["access-control-allow-origin"] == SHOP
    opened = reply.json()
    assert opened["site"] == {
        "key": "shop", "name": "箱满仓", "audience": "dealer", "greeting": "你好", "handoff": True,
        "theme": {"color": "#2d4a88", "position": "right", "mode": "auto"},
        "hours": {"open": True, "text": "人工服务：工作日 9:00–18:00", "back": ""}, "starters": opened["site"]["starters"],
    }
    assert opened["expires_in"] == 3600
    assert opened["checked_on"] == "2026-11-23"
    assert (opened["turns"], opened["messages"], opened["handoff"]) == ([], [], None)


def test_who_comes_again_finds_the_conversation(api: Api) -> None:
    api.ask()
    first = api.opened
    again = api.open(visitor=first["visitor"], conversation=first["conversation"]).json()
    assert again["conversation"] == first["conversation"]
    assert again["visitor"] == first["visitor"]
    assert [turn["question"] for turn in again["turns"]] == ["纠纷退款率怎么算"]


def test_a_strangers_conversation_is_not_opened(api: Api, http: httpx.Client) -> None:
    api.ask()
    stranger = Api(http)
    opened = stranger.open(conversation=api.conversation).json()
    assert opened["conversation"] != api.conversation
    assert opened["turns"] == []
    unknown = Api(http).open(visitor="made-up", conversation="made-up").json()
    assert unknown["visitor"] != "made-up"


def test_a_visitor_of_one_site_is_a_stranger_on_another(api: Api, http: httpx.Client) -> None:
    other = Api(http, origin=OTHER, site="other")
    opened = other.open(visitor=api.opened["visitor"], conversation=api.conversation).json()
    assert opened["visitor"] != api.opened["visitor"]
    assert opened["conversation"] != api.conversation
    assert opened["site"]["handoff"] is False


def test_who_the_site_vouches_for_is_the_same_on_every_device(http: httpx.Client) -> None:
    here, there, somebody = Api(http), Api(http), Api(http)
    assert here.open(identity=identity()).json()["visitor"] is None
    here.ask()
    opened = there.open(identity=identity(), conversation=here.conversation).json()
    assert [turn["question"] for turn in opened["turns"]] == ["纠纷退款率怎么算"]
    assert somebody.open(identity=identity("u2"), conversation=here.conversation).json()["turns"] == []


@pytest.mark.parametrize("token", [
    identity(exp=int(time.time()) - 60), identity(aud="assistant:other"), identity(secret="x" * 40), "nonsense",
    identity(exp=int(time.time()) + 3 * 24 * 3600),
], ids=["expired", "other site", "other secret", "nonsense", "too long"])
def test_an_identity_that_cannot_be_trusted_opens_nothing(http: httpx.Client, token: str) -> None:
    reply = Api(http).open(identity=token)
    assert reply.status_code == 401
    assert reply.json()["error"]["code"] == "identity"


@pytest.mark.parametrize(("origin", "site", "status"), [
    (SHOP, "shop", 201), (OWN, "shop", 201), (OWN, "page", 201), (OTHER, "shop", 403), (FOREIGN, "shop", 403),
    (SHOP, "page", 403), ("null", "shop", 403), (None, "shop", 403), (SHOP, "nowhere", 404), (f"{SHOP}.evil.example", "shop", 403),
    ("http://shop.example", "shop", 403),
])
def test_only_the_sites_own_pages_open_its_sessions(http: httpx.Client, origin: str | None, site: str, status: int) -> None:
    reply = http.post("/api/v1/sessions", json={"site": site}, headers={"Origin": origin} if origin else {})
    assert reply.status_code == status


def test_a_token_is_good_for_its_sites_pages_only(api: Api) -> None:
    path = f"/conversations/{api.conversation}/history"
    assert api.post(path).status_code == 200
    refused = api.post(path, headers={"Origin": OTHER})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "origin")


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x.y.z", "Basic abc", "Bearer \xe9"])
def test_without_a_good_token_nothing_is_told(api: Api, token: str) -> None:
    reply = api.post("/conversations", headers={"Authorization": token.encode("latin-1")})
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "token")
    assert reply.headers["www-authenticate"] == "Bearer"


def test_a_tampered_token_is_refused(api: Api) -> None:
    head, body, signature = api.opened["token"].split(".")
    for token in (f"{head}.{body}.{signature[::-1]}", f"{head}.{body}x.{signature}"):
        assert api.post("/conversations", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_long_conversation_is_opened_at_its_end(api: Api) -> None:
    for number in range(53):
        assert api.ask(f"第{number + 1}问").status_code == 200
    opened = api.open(visitor=api.opened["visitor"], conversation=api.conversation).json()
    assert [turn["seq"] for turn in opened["turns"]] == list(range(4, 54))
