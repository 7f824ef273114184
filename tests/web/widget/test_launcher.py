"""The launcher on a host page of another origin under a strict policy: what it asks for, how it looks, what a page can tell it."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from .conftest import PHONE, Service, Visit, until

QUESTION = "近30天1.2万单，判责退款7笔，会影响报名活动吗"


def test_nothing_is_asked_for_before_the_first_open(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    shop.page.wait_for_load_state("networkidle")
    assert [url for url in shop.requests if url.startswith(service.address)] == [f"{service.address}/widget/loader.js"]
    assert shop.page.locator("iframe").count() == 0
    shop.open()
    assert any("/widget/panel?" in url for url in shop.requests)


def test_the_host_page_cannot_look_in_and_keeps_its_globals(visit: Callable[..., Visit]) -> None:
    shop = visit(roots=False)
    assert shop.page.evaluate("document.body.lastElementChild.shadowRoot") is None
    ours = "Object.keys(window).filter((name) => /after-?sales|widget|marked|purify/i.test(name))"
    assert shop.page.evaluate(ours) == ["AfterSales"]


def test_keyboard_alone_opens_asks_and_closes(visit: Callable[..., Visit]) -> None:
    shop = visit()
    page = shop.page
    for _ in range(5):  # past whatever else can be focused on the page
        page.keyboard.press("Tab")
        if shop.launcher.evaluate("button => button.getRootNode().activeElement === button"):
            break
    expect(shop.launcher).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    panel = shop.ready()
    expect(panel.locator("#text")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(panel.locator(".fig")).to_have_text("0.0583%")
    page.keyboard.press("Escape")
    expect(shop.launcher).to_be_visible()
    assert shop.launcher.evaluate("button => button.getRootNode().activeElement === button")
    expect(shop.launcher).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Space")
    expect(panel.locator(".fig")).to_be_visible()
    expect(panel.locator("#text")).to_be_focused()


def test_escape_closes_the_menu_before_the_panel(visit: Callable[..., Visit]) -> None:
    shop = visit()
    panel = shop.open()
    panel.locator("#more").click()
    expect(panel.get_by_role("button", name="新对话")).to_be_visible()
    shop.page.keyboard.press("Escape")
    expect(panel.locator("#menu")).to_be_hidden()
    expect(shop.launcher).to_be_hidden()
    shop.page.keyboard.press("Escape")
    expect(shop.launcher).to_be_visible()


def test_attributes_of_the_snippet(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit(service.page(
        data_color="#ffd400", data_position="left", data_lang="en", data_offset="40 60", data_mode="dark", data_greeting="Refund judged?",
        data_greeting_after="0",
    ))
    expect(shop.launcher).to_have_text(re.compile("Ask us"))
    box = shop.launcher.bounding_box()
    assert box
    assert box["x"] == 40
    assert round(box["y"] + box["height"]) == 800 - 60
    look = shop.launcher.evaluate("one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]")
    assert look == ["rgb(255, 212, 0)", "rgb(0, 0, 0)"]
    expect(shop.page.locator(".hi")).to_contain_text("Refund judged?")
    panel = shop.open()
    assert panel.evaluate("document.documentElement.lang") == "en"
    expect(panel.locator("#text")).to_have_attribute("placeholder", re.compile("Chinese"))
    assert panel.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    assert panel.evaluate("getComputedStyle(document.getElementById('send')).backgroundColor") == "rgb(255, 212, 0)"


def test_a_greeting_is_closed_once_and_for_all(visit: Callable[..., Visit], service: Service) -> None:
    address = service.page(data_greeting="退款被判责了？", data_greeting_after="0")
    shop = visit(address)
    hello = shop.page.locator(".hi")
    expect(hello).to_have_role("status")
    hello.get_by_role("button", name="关闭问候").click()
    expect(hello).to_have_count(0)
    shop.page.reload()
    expect(shop.launcher).to_be_visible()
    shop.page.wait_for_timeout(100)
    expect(hello).to_have_count(0)

    other = visit(address)
    other.page.locator(".hi").get_by_text("退款被判责了").click()
    other.ready()
    expect(other.page.locator(".hi")).to_have_count(0)


def test_the_page_can_open_ask_and_listen(visit: Callable[..., Visit]) -> None:
    shop = visit()
    page = shop.page
    page.evaluate("""() => {
        window.heard = [];
        for (const event of ["ready", "open", "close", "message", "unread"])
            AfterSales.on(event, (detail) => heard.push([event, detail?.sender ?? detail ?? null]));
        AfterSales.ask("近30天1.2万单，判责退款7笔");
    }""")
    panel = shop.ready()
    expect(panel.locator(".fig")).to_have_text("0.0583%")
    until(page, "heard.some(([event]) => event === 'message')")
    page.evaluate("AfterSales.close()")
    expect(shop.launcher).to_be_visible()
    page.evaluate("AfterSales.open()")
    expect(shop.launcher).to_be_hidden()
    heard = page.evaluate("heard")
    assert [event for event, _ in heard if event != "unread"] == ["open", "ready", "message", "close", "open"]
    assert ["message", "assistant"] in heard


def test_what_comes_while_closed_is_counted_until_it_is_opened(visit: Callable[..., Visit]) -> None:
    shop = visit()
    page = shop.page
    page.evaluate("window.counts = []; AfterSales.on('unread', (count) => counts.push(count))")
    panel = shop.open()
    shop.ask("近30天1.2万单，判责退款7笔")
    page.evaluate("AfterSales.close()")
    # not a moment between: the panel itself has not heard yet that it is closed
    panel.evaluate("""() => {
        for (const text of ["一", "二"]) parent.postMessage({ type: "message", data: { sender: "staff", text } }, "*");
    }""")
    expect(page.locator(".launch b")).to_have_text("2")
    expect(shop.launcher).to_have_accessible_name("问售后 (2条未读)")
    shop.launcher.click()
    page.evaluate("AfterSales.close()")
    expect(page.locator(".launch b")).to_be_hidden()
    counts = page.evaluate("counts")
    assert [count for count, before in zip(counts, [None, *counts], strict=False) if count != before] == [0, 1, 2, 0]


def test_what_was_said_before_the_launcher_came_is_not_lost(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    early = "window.AfterSales = [['on', 'ready', () => { window.readied = true; }], ['ask', '真实体验分九项各占多少权重']]"
    shop.page.add_init_script(early)
    shop.page.reload()
    expect(shop.ready().locator(".say")).to_have_text("答不了：九项的权重没有公开来源。")
    assert shop.page.evaluate("window.readied")


def test_an_answer_that_comes_while_closed_is_counted(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    panel = shop.open()
    service.engine.pause = 0.1
    try:
        panel.locator("#text").fill(QUESTION)
        panel.locator("#text").press("Enter")
        expect(panel.locator(".ans")).to_have_count(1)
        shop.page.keyboard.press("Escape")
        expect(shop.page.locator(".launch b")).to_have_text("1")
    finally:
        service.engine.pause = 0.0
    expect(shop.launcher).to_have_attribute("aria-label", "问售后 (1条未读)")
    shop.launcher.click()
    shop.page.evaluate("AfterSales.close()")
    expect(shop.page.locator(".launch b")).to_be_hidden()


def test_on_a_phone_the_panel_is_the_screen(visit: Callable[..., Visit]) -> None:
    shop = visit(size=PHONE, has_touch=True, is_mobile=True)
    panel = shop.open()
    frame = shop.page.locator("iframe").bounding_box()
    assert frame == {"x": 0, "y": 0, "width": 390, "height": 844}
    shop.ask(QUESTION)
    shop.ask("小剐蹭走保险划算，还是自费")
    assert panel.evaluate("document.documentElement.scrollWidth") == 390
    small = panel.evaluate("""[...document.querySelectorAll("button, input, textarea, summary")]
        .filter((one) => one.checkVisibility() && !one.matches(".ref, .opt, #file") && one.getBoundingClientRect().height < 44)
        .map((one) => one.outerHTML.slice(0, 80))""")
    assert small == []
    assert panel.evaluate("parseFloat(getComputedStyle(document.getElementById('text')).fontSize)") >= 16  # else iOS zooms in
