"""sites.yaml: what is read, what is refused, and how that is said."""

from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.settings import HOME
from assistant.sites import OWN, Sites


def read(tmp_path: Path, text: str) -> Sites:
    """The sites of a file with this text."""
    path = tmp_path / "sites.yaml"
    path.write_text(text, encoding="utf-8")
    return Sites.read(path)


def test_the_file_that_comes_with_it_holds_the_demo_site() -> None:
    sites = Sites.read(HOME / "sites.yaml")
    demo = sites.by_key["demo"]
    assert (demo.key, demo.name, demo.audience, demo.origins) == ("demo", "演示店铺", "merchant", ())
    assert demo.limits.questions_per_minute == 20
    assert demo.handoff.hours == {"mon-fri": "9:00-18:00"}
    assert (demo.identity_secret, demo.api_keys) == ("", ())


def test_without_a_file_there_is_only_our_own_page(tmp_path: Path) -> None:
    sites = Sites.read(tmp_path / "none.yaml")
    assert list(sites.by_key) == [OWN]
    assert not sites.allows("https://shop.example")


def test_our_own_page_stands_beside_the_sites_of_the_file(tmp_path: Path) -> None:
    sites = read(tmp_path, 'sites: {shop: {name: 店, origins: ["https://Shop.example:8443"]}}')
    assert set(sites.by_key) == {OWN, "shop"}
    assert sites.allows("https://shop.example:8443")
    assert sites.get("other") is None


@pytest.mark.parametrize(("text", "place"), [
    ("sites: {shop: {}}", "sites.shop.name"),
    ("sites: {shop: {name: 店, orgins: []}}", "sites.shop.orgins"),
    ('sites: {shop: {name: 店, origins: ["shop.example"]}}', "sites.shop.origins.0"),
    ('sites: {shop: {name: 店, origins: ["https://shop.example/"]}}', "sites.shop.origins.0"),
    ('sites: {shop: {name: 店, origins: ["https://*.example"]}}', "sites.shop.origins.0"),
    ('sites: {shop: {name: 店, origins: ["https://me@shop.example"]}}', "sites.shop.origins.0"),
    ('sites: {shop: {name: 店, theme: {color: "red;}"}}}', "sites.shop.theme.color"),
    ("sites: {shop: {name: 店, audience: everyone}}", "sites.shop.audience"),
    ("sites: {shop: {name: 店, limits: {questions_per_minute: 0}}}", "sites.shop.limits.questions_per_minute"),
    ("sites: {shop: {name: 店, handoff: {timezone: Mars/Olympus}}}", "sites.shop.handoff.timezone"),
    ('sites: {shop: {name: 店, handoff: {hours: {mon-fri: "18:00-9:00"}}}}', "sites.shop.handoff.hours"),
    ('sites: {shop: {name: 店, handoff: {hours: {montag: "9:00-18:00"}}}}', "sites.shop.handoff.hours"),
    ("sites: {shop: {name: 店}, shop: {name: 店}}", "第 1 行"),
    ("sites: [shop]", "sites"),
    ("shop: {name: 店}", "sites"),
    ("sites: {Shop!: {name: 店}}", "Shop!"),
])
def test_a_mistake_is_told_with_file_and_field(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(AssistantError) as told:
        read(tmp_path, text)
    assert str(told.value).startswith("站点文件 sites.yaml")
    assert place in str(told.value)


def test_secrets_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_IDENTITY", "i" * 32)
    monkeypatch.setenv("SHOP_KEYS", f"{'a' * 20}, {'b' * 20},")
    site = read(tmp_path, "sites: {shop: {name: 店, identity_secret_env: SHOP_IDENTITY, api_keys_env: SHOP_KEYS}}").by_key["shop"]
    assert (site.identity_secret, site.api_keys) == ("i" * 32, ("a" * 20, "b" * 20))
    assert "aaaa" not in repr(site)


@pytest.mark.parametrize(("field", "value"), [
    ("identity_secret_env", ""), ("identity_secret_env", "short"), ("api_keys_env", ""), ("api_keys_env", "short"),
])
def test_a_secret_that_is_missing_or_short_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str, value: str
) -> None:
    monkeypatch.setenv("SHOP_SECRET", value)
    with pytest.raises(AssistantError, match="SHOP_SECRET") as told:
        read(tmp_path, f"sites: {{shop: {{name: 店, {field}: SHOP_SECRET}}}}")
    assert "short" not in str(told.value)
