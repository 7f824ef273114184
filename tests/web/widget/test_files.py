"""How the widget's files are served, what they weigh, and that the pinned libraries are the ones they should be."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.sites import Site, Sites, Theme
from assistant.web import widget_routes
from assistant.web.guarding.headers import SecurityHeaders

FOLDER = Path(widget_routes.__file__).parent / "widget"
SHOP = "https://shop.example"
MOST_LOADER_BYTES = 3 * 1000


@pytest.fixture
def client() -> TestClient:
    """The routes alone, with one site."""
    app = FastAPI()
    shop = Site(key="shop", name="箱满仓", origins=(SHOP,), theme=Theme(color="#123", mode="dark"))
    app.include_router(widget_routes.widget_routes(Sites({"shop": shop}), ""))
    app.add_middleware(SecurityHeaders)
    return TestClient(app)


def given(html: str) -> dict[str, object]:
    """What the panel's page carries for its script."""
    found = re.search(r'id="given">(.*?)</script>', html)
    assert found
    return dict(json.loads(found[1]))


def test_the_panel_is_framed_by_its_site_alone(client: TestClient) -> None:
    page = client.get("/widget/panel?site=shop")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert f"frame-ancestors 'self' {SHOP};" in policy + ";"
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert given(page.text) == {
        "site": "shop", "origins": ["http://testserver", SHOP], "brand": {"color": "#112233", "on": "#fff"}, "identified": False,
    }
    assert 'data-mode="dark"' in page.text
    assert 'lang="zh-CN"' in page.text
    assert "{{" not in page.text


def test_what_the_address_says_is_never_taken_as_html(client: TestClient) -> None:
    page = client.get("/widget/panel", params={"site": "shop", "lang": '"><script>', "color": "</script>", "mode": '"><b>', "identified": "1"})
    assert page.text.count("<script") == 2
    assert given(page.text)["brand"] == {"color": "#112233", "on": "#fff"}
    assert given(page.text)["identified"] is True
    assert given(client.get("/widget/panel?site=shop&color=%23FFD400").text)["brand"] == {"color": "#FFD400", "on": "#000"}


def test_an_unknown_site_is_told_in_a_sentence(client: TestClient) -> None:
    page = client.get("/widget/panel?site=nobody")
    assert page.status_code == 404
    assert "没有这个站点，请核对嵌入代码里的 data-site。" in page.text
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "<script" not in page.text


def test_files_are_kept_by_content_and_the_launcher_for_minutes(client: TestClient) -> None:
    loader = client.get("/widget/loader.js", headers={"accept-encoding": "gzip"})
    assert loader.headers["cache-control"] == "public, max-age=300"
    assert loader.headers["cross-origin-resource-policy"] == "cross-origin"
    assert loader.headers["content-encoding"] == "gzip"
    assert client.get("/widget/loader.js", headers={"if-none-match": loader.headers["etag"]}).status_code == 304
    plain = client.get("/widget/loader.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == loader.text == (FOLDER / "loader.js").read_text(encoding="utf-8")

    version = widget_routes.version()
    panel = client.get(f"/widget/panel.js?v={version}")
    assert "immutable" in panel.headers["cache-control"]
    assert client.get("/widget/panel.js?v=old").headers["cache-control"] == "no-cache"
    imported = re.findall(r'(?:from|import)\s*\(?"(\./[^"]+)"', panel.text)
    assert imported
    for address in imported:
        assert address.endswith(f"?v={version}")
        assert client.get("/widget/" + address).status_code == 200
    assert client.get("/widget/panel?site=shop").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["panel.html", "demo.html", "../app.py", "%2e%2e/app.py", "vendor/SHA256SUMS", "vendor/LICENSE-marked.md", ""])
def test_nothing_else_is_handed_out(client: TestClient, path: str) -> None:
    assert client.get(f"/widget/{path}").status_code == 404


def test_the_demo_is_a_strict_host(client: TestClient) -> None:
    page = client.get("/demo")
    assert "script-src 'self'; style-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "style=" not in page.text
    assert 'src="widget/loader.js" data-site="page"' in page.text  # no site called demo in this file


def test_the_launcher_is_light() -> None:
    assert len(gzip.compress((FOLDER / "loader.js").read_bytes(), 9)) <= MOST_LOADER_BYTES


def test_the_pinned_libraries_are_unchanged() -> None:
    sums = [line.split() for line in (FOLDER / "vendor" / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in sums} == {"marked.min.js", "purify.min.js", "LICENSE-marked.md"}
    for digest, name in sums:
        assert hashlib.sha256((FOLDER / "vendor" / name).read_bytes()).hexdigest() == digest, name


def test_own_modules_make_no_html_of_strings() -> None:
    for path in FOLDER.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.on\w+ ?= ", source), path.name


def test_every_word_is_there_in_both_languages_and_used() -> None:
    words = (FOLDER / "words.js").read_text(encoding="utf-8")
    known = dict(re.findall(r"^  (\w+): (\[.*\]),$", words, re.MULTILINE))
    for name, pair in known.items():
        chinese, english = json.loads(pair)
        assert re.findall(r"\{\w+\}", chinese) == re.findall(r"\{\w+\}", english), name
        assert not re.search(r"[\u4e00-\u9fff]", english), name
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js") if path.name != "words.js")
    assert [name for name in known if f'"{name}"' not in code] == []
