"""Getting in and out, and what stands before every page."""

from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher
from httpx import Response
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from assistant.handoff.accounts import Accounts
from assistant.handoff.bell import Bell
from assistant.handoff.office import Office
from assistant.store import Store
from assistant.web.staff.app import staff_app

from ...databases import Databases
from .conftest import PASSWORD, SETTINGS

HERE = "http://desk.test"
FROM_HERE = {"Origin": HERE}
RIGHT = {"name": "周敏", "password": PASSWORD}

Pages = Callable[..., TestClient]


@pytest.fixture
def store(databases: Databases) -> Store:
    return Store(databases.new())


@pytest.fixture
def pages(store: Store) -> Iterator[Pages]:
    """Clients of the pages without a server between; each a browser of its own."""
    accounts = Accounts(store, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts.put("周敏", PASSWORD)
    clients: list[TestClient] = []
    apps: dict[str, Starlette] = {}

    def opened(public_url: str = "", address: str = "10.0.0.1") -> TestClient:
        if public_url not in apps:
            inside = staff_app(Office(store, Bell()), accounts, lambda _: SETTINGS, public_url=public_url)
            apps[public_url] = Starlette(routes=[Mount("/staff", inside)])
        clients.append(TestClient(apps[public_url], public_url or HERE, client=(address, 1), follow_redirects=False))
        return clients[-1]

    yield opened
    for client in clients:
        client.close()
    store.close()


def enter(client: TestClient, **given: str) -> Response:
    return client.post("/staff/login", data={**RIGHT, **given}, headers={"Origin": str(client.base_url).rstrip("/")})


def test_in_and_out(pages: Pages) -> None:
    client = pages()
    assert (client.get("/staff/")).headers["location"] == "/staff/login"
    entered = enter(client)
    assert (entered.status_code, entered.headers["location"]) == (303, "/staff/")
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith("staff=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    inside = client.get("/staff/")
    assert inside.status_code == 200
    assert "周敏" in inside.text
    assert (client.get("/staff/login")).headers["location"] == "/staff/"
    left = client.post("/staff/logout", data={}, headers=FROM_HERE)
    assert left.headers["location"] == "/staff/login"
    assert (client.get("/staff/")).status_code == 303


def test_a_cookie_that_was_copied_ends_with_the_login(pages: Pages) -> None:
    client, thief = pages(), pages()
    enter(client)
    thief.cookies.set("staff", client.cookies["staff"])
    assert (thief.get("/staff/")).status_code == 200
    client.post("/staff/logout", data={}, headers=FROM_HERE)
    assert (thief.get("/staff/")).status_code == 303


def test_leaving_everywhere(pages: Pages) -> None:
    here, there = pages(), pages()
    enter(here)
    enter(there)
    here.post("/staff/logout", data={"everywhere": "1"}, headers=FROM_HERE)
    assert (there.get("/staff/")).status_code == 303


def test_over_https_the_cookie_goes_nowhere_else(pages: Pages) -> None:
    client = pages("https://desk.example.com")
    cookie = (enter(client)).headers["set-cookie"]
    assert cookie.startswith("__Host-staff=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert (client.get("/staff/")).status_code == 200


def test_a_wrong_password_and_an_unknown_name_look_alike(pages: Pages) -> None:
    wrong, unknown = enter(pages(), password="wrong horse battery"), enter(pages(), name="nobody")
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text.replace("周敏", "nobody") == unknown.text
    assert "set-cookie" not in wrong.headers


def test_whoever_tries_too_often_has_to_wait(pages: Pages) -> None:
    client = pages(address="10.0.0.9")
    for _ in range(5):
        assert (enter(client, password="wrong horse battery")).status_code == 403
    assert (enter(client)).status_code == 429  # also with the right one
    assert (enter(pages(address="10.0.0.10"))).status_code == 303  # nobody is locked out by somebody else


def test_many_names_from_one_address(pages: Pages) -> None:
    client = pages(address="10.0.0.9")
    told = [(enter(client, name=f"name{n}")).status_code for n in range(31)]
    assert told == [403] * 30 + [429]


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://desk.test.evil"}])
@pytest.mark.parametrize("path", ["login", "logout", "handoffs/x/take", "handoffs/x/reply", "deliveries/x/again"])
def test_no_other_page_can_post_here(pages: Pages, path: str, headers: dict[str, str]) -> None:
    client = pages()
    enter(client)
    assert (client.post(f"/staff/{path}", data=RIGHT, headers=headers)).status_code == 403
    assert (client.get("/staff/")).status_code == 200  # still logged in


@pytest.mark.parametrize("target", [
    "https://evil.example/", "//evil.example/", "/staff/handoffs/../../x", "/staff/handoffs/a?b", "javascript:alert(1)", "/staff/handoffs/",
])
def test_the_way_back_leads_to_no_other_site(pages: Pages, target: str) -> None:
    client = pages()
    shown = client.get("/staff/login", params={"next": target})
    assert 'name="next" value="/staff/"' in shown.text
    assert (enter(client, next=target)).headers["location"] == "/staff/"


def test_the_way_back_leads_to_the_handoff(pages: Pages) -> None:
    client = pages()
    led = (client.get("/staff/handoffs/abc-1_2")).headers["location"]
    assert led == "/staff/login?next=/staff/handoffs/abc-1_2"
    assert 'value="/staff/handoffs/abc-1_2"' in (client.get(led)).text
    assert (enter(client, next="/staff/handoffs/abc-1_2")).headers["location"] == "/staff/handoffs/abc-1_2"


def test_a_link_in_a_chat_is_opened_once_more_from_here(pages: Pages) -> None:
    led = pages().get("/staff/handoffs/abc", headers={"Sec-Fetch-Site": "cross-site"})
    assert led.status_code == 200
    assert '<meta http-equiv="refresh" content="0; url=/staff/handoffs/abc">' in led.text


@pytest.mark.parametrize("path", ["login", "", "own/staff.js", "look/ui.css", "nothing", "handoffs/x"])
def test_every_answer_has_its_headers(pages: Pages, path: str) -> None:
    headers = (pages().get(f"/staff/{path}")).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_are_not_kept_by_caches(pages: Pages) -> None:
    assert (pages().get("/staff/login")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("content", "kind"), [
    ("name=" + "x" * 70_000, "application/x-www-form-urlencoded"), ("&".join(f"a{n}=1" for n in range(50)), "application/x-www-form-urlencoded"),
    ('{"name": "周敏"}', "application/json"),
])
def test_what_is_no_form_of_ours_is_refused(pages: Pages, content: str, kind: str) -> None:
    answer = pages().post("/staff/login", content=content, headers={**FROM_HERE, "Content-Type": kind})
    assert answer.status_code == 400


def test_without_a_login_nothing_is_told(pages: Pages) -> None:
    client = pages()
    for path in ("handoffs/x", ""):
        assert (client.get(f"/staff/{path}")).status_code == 303
    assert client.get("/staff/live").text == "event: gone\ndata: {}\n\n"  # a stream cannot be led to the door, the page can
    for path in ("handoffs/x/take", "handoffs/x/reply", "handoffs/x/typing", "deliveries/x/again"):
        assert (client.post(f"/staff/{path}", data={}, headers=FROM_HERE)).status_code == 303
        piece = client.post(f"/staff/{path}", data={}, headers={**FROM_HERE, "X-Piece": "1"})
        assert piece.status_code == 401
