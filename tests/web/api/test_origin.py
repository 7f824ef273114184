"""Where requests come from: every route of the description refuses a missing and a foreign Origin; CORS for the sites alone."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.web.app import create_app

from .conftest import FOREIGN, OTHER, OWN, SHOP, Api

PAGE_ROUTES = ("/api/recalculate", "/api/draft", "/api/feedback")


def described(http: httpx.Client) -> list[tuple[str, str]]:
    """(method, path) of every route of the description."""
    paths = http.get("/api/v1/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, operations in paths.items() for method in operations]


def test_every_route_refuses_a_missing_and_a_foreign_origin(api: Api, http: httpx.Client) -> None:
    routes = described(http)
    assert len(routes) >= 18
    assert {method for method, _ in routes} == {"GET", "POST", "DELETE"}
    api.ask()
    for method, path in routes:
        url = path.replace("{conversation}", api.conversation).replace("{turn}", "t")
        for origin in (None, "", "null", FOREIGN, f"{SHOP}.evil.example", f"{SHOP}:8443", "https://shop.example@evil.example"):
            reply = api.send(method, url, headers={"Origin": origin}, **({"json": {}} if method == "POST" else {}))
            assert (reply.status_code, reply.json()["error"]["code"]) == (403, "origin"), (method, path, origin)
            assert "access-control-allow-origin" not in reply.headers
    assert len(api.post(f"/conversations/{api.conversation}/history").json()["turns"]) == 1


def test_every_route_but_the_first_refuses_the_page_of_another_site(api: Api, http: httpx.Client) -> None:
    for method, path in described(http):
        if path == "/sessions":
            continue
        url = path.replace("{conversation}", api.conversation).replace("{turn}", "t")
        reply = api.send(method, url, headers={"Origin": OTHER}, **({"json": {}} if method == "POST" else {}))
        assert reply.status_code == 403, (method, path)


@pytest.mark.parametrize("path", PAGE_ROUTES)
@pytest.mark.parametrize("origin", [None, "null", FOREIGN, SHOP])
def test_the_routes_of_our_own_page_are_for_it_alone(http: httpx.Client, path: str, origin: str | None) -> None:
    reply = http.post(path, json={}, headers={"Origin": origin} if origin else {})
    assert reply.status_code == 403
    assert isinstance(reply.json()["error"], str)
    assert http.post(path, json={}, headers={"Origin": OWN}).status_code == 422


def test_two_origins_are_none(api: Api) -> None:
    reply = api.http.post("/api/v1/sessions", json={"site": "shop"}, headers=[("Origin", SHOP), ("Origin", FOREIGN)])
    assert reply.status_code == 403


@pytest.mark.parametrize(("origin", "status"), [(SHOP, 204), (OTHER, 204), (OWN, 204), (FOREIGN, 403), (None, 403)])
def test_a_browser_asks_before_it_sends(http: httpx.Client, origin: str | None, status: int) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    reply = http.options("/api/v1/conversations", headers={**asked, **({"Origin": origin} if origin else {})})
    assert reply.status_code == status
    if status == 204:
        assert reply.headers["access-control-allow-origin"] == origin
        assert "DELETE" in reply.headers["access-control-allow-methods"]
        assert "Authorization" in reply.headers["access-control-allow-headers"]
        assert reply.headers["vary"] == "Origin"
    else:
        assert "access-control-allow-origin" not in reply.headers
    assert "access-control-allow-credentials" not in reply.headers


def test_a_public_address_counts_and_the_host_header_does_not(engine: Engine, settings: Settings) -> None:
    """A name that was pointed at this machine (DNS rebinding) is not ours because a browser says so."""
    told: dict[str, Any] = {"public_url": "https://help.example"}
    http = TestClient(create_app(engine, settings.model_copy(update=told)), base_url="http://rebound.example")
    for origin, status in (("https://help.example", 201), ("http://rebound.example", 403)):
        assert http.post("/api/v1/sessions", json={"site": "shop"}, headers={"Origin": origin}).status_code == status


def test_pages_and_descriptions_need_no_origin(http: httpx.Client) -> None:
    for path in ("/", "/healthz", "/metrics", "/api/v1/openapi.json", "/api/v1/docs", "/look/ui.css"):
        assert http.get(path).status_code == 200, path
    assert http.get("/api/v1/nothing").status_code == 403
    assert http.get("/api/v1/nothing", headers={"Origin": OWN}).json()["error"]["code"] == "path"


@pytest.mark.parametrize("wrong", ["help.example", "https://help.example/path", "ftp://help.example", "https://me@help.example"])
def test_a_public_address_is_an_origin(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        Settings(data_dir=tmp_path, public_url=wrong)
