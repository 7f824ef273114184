"""Security headers, and who may frame what."""

import httpx

from assistant.sites import Site
from assistant.web.guarding.headers import frame_headers

from .conftest import SHOP, Api


def test_answers_of_the_api_carry_the_headers(api: Api) -> None:
    for reply in (api.ask(), api.post("/conversations", headers={"Origin": None}), api.http.get("/metrics"), api.http.get("/v1/models")):
        assert "frame-ancestors 'self'" in reply.headers["content-security-policy"]
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"


def test_a_stream_carries_them_too(api: Api) -> None:
    reply = api.ask(headers={"Accept": "text/event-stream"})
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_the_panel_is_framed_by_its_site_alone() -> None:
    policy = frame_headers(Site(key="shop", name="店", origins=(SHOP, "https://m.shop.example")))["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {SHOP} https://m.shop.example" in policy
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert frame_headers(Site(key="s", name="店"))["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_other_pages_are_framed_by_nobody_else(http: httpx.Client) -> None:
    assert http.get("/").headers["content-security-policy"].endswith("frame-ancestors 'self'")
