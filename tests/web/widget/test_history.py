"""Conversations that last: across reloads, pages and tabs, without storage, and until the visitor wants them gone."""

from collections.abc import Callable

from playwright.sync_api import expect

from .conftest import Service, Visit
from .test_answers import QUESTION, conversation

NO_STORAGE = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"


def test_a_reload_and_another_page_keep_the_conversation(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    shop.open()
    shop.ask(QUESTION).get_by_role("button", name="有用").click()
    shop.ask("真实体验分九项各占多少权重")
    shop.page.reload()
    panel = shop.open()
    expect(panel.locator(".ask")).to_have_text([QUESTION, "真实体验分九项各占多少权重"])
    first = panel.locator(".ans").first
    expect(first.locator(".fig")).to_have_text("0.0583%")
    expect(first.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "true")
    first.locator("[name=liable_refunds]").fill("24")
    expect(first.locator(".fig")).to_have_text("0.2%")
    shop.page.goto(f"{service.host}/two")
    expect(shop.open().locator(".ask")).to_have_count(2)


def test_a_second_tab_sees_what_the_first_does(visit: Callable[..., Visit]) -> None:
    first = visit()
    first.open()
    first.ask(QUESTION)
    second = visit(context=first.page.context)
    panel = second.open()
    expect(panel.locator(".fig")).to_have_text("0.0583%")
    first.ask("真实体验分九项各占多少权重")
    expect(panel.locator(".say")).to_have_text("答不了：九项的权重没有公开来源。")
    second.ask("走保险还是自费")
    expect(first.panel.locator(".ask")).to_have_count(3)
    expect(first.panel.locator(".ans[aria-busy=true]")).to_have_count(0)

    panel.locator("#more").click()
    panel.get_by_role("button", name="新对话").click()
    expect(panel.locator(".hello")).to_be_visible()
    expect(first.panel.locator(".hello")).to_be_visible()


def test_a_new_conversation_and_erasing_everything(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    panel = shop.open()
    shop.ask(QUESTION)
    old = conversation(panel)
    panel.locator("#more").click()
    panel.get_by_role("button", name="新对话").click()
    expect(panel.locator(".hello")).to_be_visible()
    assert conversation(panel) != old
    shop.ask("走保险还是自费")

    panel.locator("#more").click()
    panel.get_by_role("button", name="删除我的数据").click()
    card = panel.get_by_role("group", name="全部删除")
    expect(card.get_by_role("button", name="全部删除")).to_be_focused()
    card.get_by_role("button", name="先不用").click()
    expect(card).to_have_count(0)
    assert service.engine.store.turns(old)
    panel.locator("#more").click()
    panel.get_by_role("button", name="删除我的数据").click()
    panel.get_by_role("group", name="全部删除").get_by_role("button", name="全部删除").click()
    expect(panel.locator(".hello")).to_be_visible()
    expect(panel.locator("#status")).to_have_text("已全部删除。")
    assert service.engine.store.turns(old) == []
    shop.ask(QUESTION)  # and one can go on


def test_a_turn_that_was_interrupted_is_offered_again(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    panel = shop.open()
    service.engine.store.accept(conversation(panel), QUESTION)
    service.engine.store.mark_interrupted()  # as at the start of a service whose last one died
    shop.page.reload()
    panel = shop.open()
    expect(panel.get_by_text("上次没有答完。")).to_be_visible()
    panel.get_by_role("button", name="再问一次").click()
    expect(panel.locator(".fig")).to_have_text("0.0583%")


def test_nothing_typed_is_lost_without_a_network(visit: Callable[..., Visit]) -> None:
    shop = visit()
    panel = shop.open()
    shop.ask("真实体验分九项各占多少权重")
    shop.page.context.set_offline(True)
    answer = shop.ask(QUESTION)
    expect(answer.get_by_role("alert")).to_contain_text("网络断了")
    panel.locator("#text").fill("写到一半")
    shop.page.context.set_offline(False)
    shop.page.reload()
    panel = shop.open()
    expect(panel.locator("#text")).to_have_value("写到一半")
    panel.locator("#text").fill("")
    shop.page.context.set_offline(True)
    shop.ask(QUESTION)
    shop.page.context.set_offline(False)
    panel.get_by_role("button", name="再问一次").click()
    expect(panel.locator(".fig")).to_have_text("0.0583%")


def test_a_question_that_was_not_sent_is_in_the_box_after_a_reload(visit: Callable[..., Visit]) -> None:
    shop = visit()
    shop.open()
    shop.ask("真实体验分九项各占多少权重")
    shop.page.context.set_offline(True)
    shop.ask(QUESTION)
    shop.page.context.set_offline(False)
    shop.page.reload()
    expect(shop.open().locator("#text")).to_have_value(QUESTION)


def test_without_storage_it_works_for_as_long_as_the_page_lives(visit: Callable[..., Visit]) -> None:
    shop = visit()
    shop.page.add_init_script(NO_STORAGE)
    shop.page.reload()
    shop.open()
    expect(shop.ask(QUESTION).locator(".fig")).to_have_text("0.0583%")
    expect(shop.ask("走保险还是自费").locator(".fig")).to_have_text("自费省1,000元")


def test_a_token_that_no_longer_holds_is_renewed(visit: Callable[..., Visit]) -> None:
    shop = visit()
    panel = shop.open()
    panel.evaluate("import('./service.js' + document.querySelector('script[type=module]').src.replace(/.*\\?/, '?'))"
                   ".then(({ session }) => { session.token = 'stale.stale.stale'; })")
    expect(shop.ask(QUESTION).locator(".fig")).to_have_text("0.0583%")


def test_a_network_that_fails_before_the_first_question_is_no_end(visit: Callable[..., Visit]) -> None:
    shop = visit()
    panel = shop.open()
    shop.page.context.set_offline(True)
    panel.locator("#text").fill(QUESTION)
    panel.locator("#text").press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("网络断了")
    shop.page.context.set_offline(False)
    panel.get_by_role("button", name="再问一次").click()
    expect(panel.locator(".fig")).to_have_text("0.0583%")
    expect(panel.locator(".ask")).to_have_count(1)
