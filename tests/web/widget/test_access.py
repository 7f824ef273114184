"""axe finds nothing, in light and dark, wide and on a phone, closed and open; motion can be switched off."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .conftest import PHONE, WIDE, Service, Visit
from .test_answers import QUESTION

OPTIONS = {"resultTypes": ["violations"], "iframes": False}


def violations(where: Any) -> list[str]:
    """What axe finds, as lines."""
    found = Axe().run(where, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1280", "390"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Callable[..., Visit], service: Service, size: Any, scheme: str) -> None:
    shop = visit(service.page(data_greeting="退款被判责了？", data_greeting_after="0"), size=size, color_scheme=scheme)
    expect(shop.page.locator(".hi")).to_be_visible()
    assert violations(shop.page) == []
    panel = shop.open()
    assert violations(panel) == []
    for question in (QUESTION, "真实体验分九项各占多少权重", "这个月售后毛利42万，零服吸收率多少", "淘宝延迟发货要赔多少", "帮我写一份申诉说明"):
        shop.ask(question)
    panel.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    panel.get_by_role("button", name="没用").first.click()
    assert violations(panel) == []
    assert violations(shop.page) == []


def test_axe_finds_nothing_with_a_person_and_in_the_forms(visit: Callable[..., Visit], service: Service) -> None:
    shop, desk = visit(), service.desk
    panel = shop.open()
    panel.locator("#more").click()
    assert violations(panel) == []
    panel.get_by_role("button", name="删除我的数据").click()
    panel.locator("#person").click()
    expect(panel.get_by_role("group")).to_have_count(2)
    assert violations(panel) == []
    panel.get_by_role("group", name="转人工").get_by_role("button", name="转人工").click()
    expect(panel.locator(".packet")).to_be_visible()
    talk = panel.evaluate("JSON.parse(localStorage['after-sales:shop']).conversation")
    desk.take(talk)
    desk.reply(talk, "资料我都看到了")
    expect(panel.locator(".talk")).to_be_visible()
    assert violations(panel) == []
    desk.close(talk)
    expect(panel.locator("#text")).to_have_attribute("placeholder", "报上数字，直接问")
    desk.there = False
    try:
        shop.page.reload()
        panel = shop.open()
        panel.locator("#person").click()
        expect(panel.locator("form.ans")).to_be_visible()
        assert violations(panel) == []
    finally:
        desk.there = True


def test_motion_is_left_out_when_it_is_unwanted(visit: Callable[..., Visit]) -> None:
    shop = visit(reduced_motion="reduce")
    panel = shop.open()
    assert shop.page.locator(".shell").evaluate("one => getComputedStyle(one).animationName") == "none"
    panel.locator("#text").fill("慢慢算")
    panel.locator("#text").press("Enter")
    expect(panel.locator(".dots i").first).to_have_css("animation-name", "none")


def test_an_answer_under_way_is_busy_and_told_once_it_is_whole(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    panel = shop.open()
    service.engine.pause = 0.05
    try:
        panel.locator("#text").fill(QUESTION)
        panel.locator("#text").press("Enter")
        expect(panel.locator(".ans")).to_have_attribute("aria-busy", "true")
        assert panel.locator("#live").text_content() == ""
        expect(panel.locator(".ans")).to_have_attribute("aria-busy", "false")
    finally:
        service.engine.pause = 0.0
    expect(panel.locator("#live")).to_contain_text("淘宝活动报名")
    assert panel.locator("[role=status], [aria-live=polite]").count() == 1
