"""A person reached from the panel: handed over with what is known, there and back, and a form when nobody is in."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Frame, expect

from .conftest import Service, Visit
from .test_answers import QUESTION, conversation


@pytest.fixture(autouse=True)
def somebody_is_in(service: Service) -> Iterator[None]:
    """As on a working day."""
    service.desk.there = True
    yield
    service.desk.there = True


def hand_over(panel: Frame) -> None:
    """By the button in the header, with the question whether one is sure."""
    panel.locator("#person").click()
    panel.get_by_role("group", name="转人工").get_by_role("button", name="转人工").click()
    expect(panel.locator(".packet")).to_be_visible()


def test_there_and_back(visit: Callable[..., Visit], service: Service) -> None:
    shop, desk = visit(), service.desk
    shop.page.evaluate("window.states = []; AfterSales.on('handoff', ({ state, who }) => states.push([state, who]))")
    panel = shop.open()
    shop.ask(QUESTION)
    hand_over(panel)
    talk = conversation(panel)
    assert desk.opened[-1] == {"conversation": talk, "reason": "asked", "contact": None, "note": "", "attach": True}
    expect(panel.locator(".packet li")).to_have_count(4)
    expect(panel.locator("#status")).to_have_text("正在等人接手")
    expect(panel.locator("#text")).to_have_attribute("placeholder", "写给人工客服")

    desk.take(talk)
    expect(panel.locator(".mid")).to_contain_text("周敏")
    expect(panel.locator("#status")).to_have_text("周敏，在线")
    panel.locator("#text").fill("有两笔我不服")
    with shop.page.expect_response(lambda reply: reply.url.endswith("/messages")):
        panel.locator("#text").press("Enter")
    expect(panel.locator(".ask").last).to_have_text("有两笔我不服")
    desk.type()
    expect(panel.get_by_text("正在回复")).to_be_visible()
    desk.reply(talk, "<b>资料</b>我都看到了")
    expect(panel.locator(".talk")).to_have_text("周敏：<b>资料</b>我都看到了")
    expect(panel.locator("#live")).to_contain_text("资料")
    expect(panel.get_by_text("正在回复")).to_have_count(0)
    assert [message["text"] for message in desk.messages(talk, 0)] == ["有两笔我不服", "<b>资料</b>我都看到了"]
    expect(panel.locator(".ask")).to_have_count(2)  # one's own message comes by the watch too, and is not shown twice

    desk.close(talk)
    expect(panel.locator(".mid").last).to_contain_text("人工服务已结束")
    expect(shop.ask("真实体验分九项各占多少权重").locator(".say")).to_be_visible()
    assert shop.page.evaluate("states") == [["open", None], ["taken", "周敏"], ["closed", "周敏"]]


def test_a_reply_after_a_reload_or_a_cut_line_is_there(visit: Callable[..., Visit], service: Service) -> None:
    shop, desk = visit(), service.desk
    panel = shop.open()
    hand_over(panel)
    talk = conversation(panel)
    desk.take(talk)
    desk.reply(talk, "第一句")
    expect(panel.locator(".talk")).to_have_count(1)
    shop.page.reload()
    panel = shop.open()
    expect(panel.locator(".talk")).to_have_text("周敏：第一句")
    expect(panel.locator("#status")).to_have_text("周敏，在线")
    desk.cut += 1
    desk.reply(talk, "第二句")
    expect(panel.locator(".talk")).to_have_text(["周敏：第一句", "周敏：第二句"])
    expect(panel.locator(".mid")).to_have_count(0)  # nobody has taken over anew
    shop.page.keyboard.press("Escape")
    expect(shop.launcher).to_be_visible()  # what comes from here on, comes while it is closed
    desk.reply(talk, "第三句")
    expect(shop.page.locator(".launch b")).to_have_text("1")


def test_a_message_that_did_not_arrive_can_be_sent_again(visit: Callable[..., Visit], service: Service) -> None:
    shop, desk = visit(), service.desk
    panel = shop.open()
    hand_over(panel)
    desk.take(conversation(panel))
    expect(panel.locator("#status")).to_have_text("周敏，在线")
    shop.page.context.set_offline(True)
    panel.locator("#text").fill("在吗")
    panel.locator("#text").press("Enter")
    expect(panel.get_by_role("alert")).to_be_visible()
    shop.page.context.set_offline(False)
    with shop.page.expect_response(lambda reply: reply.url.endswith("/messages")):
        panel.get_by_role("button", name="没有送到").click()
    expect(panel.get_by_role("alert")).to_have_count(0)
    expect(panel.locator(".ask")).to_have_text("在吗")
    assert [message["text"] for message in desk.messages(conversation(panel), 0)] == ["在吗"]


def test_an_answer_that_cannot_help_leads_to_a_person(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    panel = shop.open()
    shop.ask("真实体验分九项各占多少权重").get_by_role("button", name="转人工").click()
    expect(panel.locator(".packet")).to_be_visible()
    assert service.desk.opened[-1]["reason"] == "declined"


def test_asking_for_a_person_in_words_offers_one(visit: Callable[..., Visit]) -> None:
    shop = visit()
    shop.open()
    expect(shop.ask("我要人工").get_by_role("button", name="转人工")).to_be_visible()


def test_nobody_is_in(visit: Callable[..., Visit], service: Service) -> None:
    service.desk.there = False
    shop = visit()
    panel = shop.open()
    shop.ask("有两笔判责我不服，想申诉")
    panel.locator("#person").click()
    form = panel.locator("form.ans")
    expect(form).to_contain_text("人工已下班，留个联系方式。")
    expect(form).to_contain_text("今天 13:30 上班后回你。")
    expect(panel.locator("#status")).to_have_text("人工服务：工作日 9:00–18:00")
    expect(form.get_by_label("手机或邮箱")).to_be_focused()
    expect(form.get_by_label("想问什么")).to_have_value("有两笔判责我不服，想申诉")
    form.get_by_role("button", name="提交留言").click()
    expect(form.get_by_role("alert")).to_have_text("请写下手机号或邮箱，不然没法回你。")
    form.get_by_label("手机或邮箱").fill("shop@example.com")
    form.get_by_label("附上这段对话和计算").uncheck()
    form.get_by_role("button", name="提交留言").click()
    expect(panel.locator(".packet")).to_contain_text("留言收到了。今天 13:30 上班后回你。")
    assert service.desk.opened[-1] == {
        "conversation": conversation(panel), "reason": "offline", "contact": "shop@example.com", "note": "有两笔判责我不服，想申诉",
        "attach": False,
    }
    expect(shop.ask(QUESTION).locator(".fig")).to_have_text("0.0583%")  # figures are worked out at any hour

    service.desk.take(conversation(panel))
    service.desk.reply(conversation(panel), "早上好")
    expect(panel.locator(".talk")).to_have_text("周敏：早上好")
    expect(panel.locator("#text")).to_have_attribute("placeholder", "写给人工客服")


def test_a_file_is_sent_or_refused_in_a_sentence(visit: Callable[..., Visit]) -> None:
    panel = visit().open()
    panel.locator("#file").set_input_files({"name": "订单.csv", "mimeType": "text/csv", "buffer": "订单号,金额\n001,12\n".encode()})
    expect(panel.locator(".ask")).to_have_text("订单.csv")
    panel.locator("#file").set_input_files({"name": "x.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    expect(panel.get_by_role("alert")).to_contain_text("只收")
