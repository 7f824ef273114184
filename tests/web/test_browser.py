"""The page in a real browser: what a person does, and what they see."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document
from playwright.sync_api import Page, expect

from assistant.store.schema import conversations, visitors as known

from .conftest import PHONE, Service

# Gradio itself uses pandas in ways that pandas has announced to drop
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
QUESTION = "近30天1.2万单，判责退款7笔，会影响报名活动吗"


def ask(page: Page, question: str) -> None:
    """Type into the box and press Enter."""
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")


def test_first_screen(open_page: Callable[..., Page]) -> None:
    page = open_page()
    expect(page.locator("h1")).to_have_text("售后参谋")
    expect(page.locator(".dir button")).to_have_count(6)
    expect(page.locator(".key dt")).to_have_text(["规则原文", "推算", "待核实"])
    expect(page.locator("#note")).to_contain_text("2026-11-23")
    expect(page.locator("#chat")).to_be_hidden()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.locator("footer:visible").count() == 0


def test_question_answer_and_everything_on_it(open_page: Callable[..., Page], service: Service) -> None:
    page = open_page()
    page.get_by_role("radio", name="4S店").check()
    ask(page, QUESTION)
    answer = page.locator(".ans")
    expect(answer.locator(".fig")).to_have_text("0.0583%")
    expect(answer.locator(".res .v")).to_have_text("不影响报名")
    expect(answer.locator(".foot")).to_contain_text("由规则库直接计算，未经模型改写")
    expect(page.locator("#first")).to_be_hidden()
    assert service.engine.asked == [(QUESTION, "dealer")]

    card, rail = answer.locator(".card").bounding_box(), answer.locator(".rail").bounding_box()
    assert card
    assert rail
    assert rail["x"] > card["x"] + card["width"]  # sources stand in the margin when there is room

    answer.locator("[name=liable_refunds]").fill("24")
    expect(answer.locator("output")).to_have_text("0.2%")
    expect(answer.locator(".fig")).to_have_text("0.2%")
    expect(answer.locator(".res .v")).to_have_text("偏高")
    expect(answer.locator(".stale")).to_be_visible()
    answer.locator("[name=liable_refunds]").fill("2.4万")
    expect(answer.locator(".problem")).to_have_text("判责退款超过了成交，不合理，请核对。")
    expect(answer.locator("output")).to_have_text("—")

    expect(answer.locator("#a1-s3 blockquote")).to_be_hidden()
    answer.get_by_text("[3]", exact=True).first.click()
    expect(answer.locator("#a1-s3 mark")).to_be_visible()

    answer.locator(".do-up").click()
    expect(answer.locator(".said")).to_have_text("已记下")
    assert service.engine.thumbs == [(QUESTION, "up")]
    answer.locator(".do-copy").click()
    expect(answer.locator(".said")).to_have_text("已复制")
    assert "**纠纷退款率：0.0583%**" in page.evaluate("navigator.clipboard.readText()")

    answer.get_by_text("判责不服怎么申诉").click()
    expect(page.locator(".ask")).to_have_text([QUESTION, "判责不服怎么申诉"])
    expect(page.locator(".ans .foot")).to_have_count(2)


def test_phone_has_no_sideways_scroll(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    questions = ("淘宝延迟发货要赔多少", "小剐蹭走保险划算，还是自费", "这个月售后毛利42万，零服吸收率多少", QUESTION)
    for question in questions:
        ask(page, question)
        expect(page.locator(".ask").last).to_have_text(question)
        expect(page.locator(".ans.busy")).to_have_count(0)
        expect(page.locator("#box .submit-button")).to_be_visible()
    expect(page.locator(".ans .foot")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    card, rail = page.locator(".card").last.bounding_box(), page.locator(".rail").last.bounding_box()
    assert card
    assert rail
    assert rail["y"] > card["y"] + card["height"]


def test_missing_figure_is_filled_in_the_form(open_page: Callable[..., Page], service: Service) -> None:
    page = open_page()
    ask(page, "这个月售后毛利42万，零服吸收率多少")
    expect(page.locator("[name=aftersales_gross_profit]")).to_have_value("420,000")
    page.fill("[name=operating_expense]", "30万")
    page.click(".do-calculate")
    expect(page.locator(".ask").last).to_have_text("零服吸收率：售后毛利420,000元，全店运营费用30万元")
    expect(page.locator(".ans .foot")).to_have_count(2)


def taken(page: Page, button: str) -> tuple[str, bytes]:
    """Name and content of the file a button hands out, pressed by keyboard."""
    with page.expect_download() as coming:
        page.locator(button).press("Enter")
    return coming.value.suggested_filename, Path(str(coming.value.path())).read_bytes()


def test_a_paper_is_looked_at_and_taken_as_both_files(open_page: Callable[..., Page], service: Service) -> None:
    page = open_page()
    ask(page, "帮我写一份申诉说明")
    card = page.locator(".card.paper")
    expect(card.locator("h3")).to_have_text("淘宝/天猫判责申诉说明")
    expect(page.locator(".ans .foot")).to_be_visible()
    expect(card.locator(".md")).to_be_hidden()
    card.locator("summary").press("Enter")
    expect(card.locator(".md td").last).to_have_text("2026-11-26（还剩1天）")
    expect(card.locator(".md")).to_contain_text("☐ 签收拆包录像")

    name, content = taken(page, ".do-take-markdown")
    assert name == "淘宝、天猫判责申诉说明-2026-11-25.md"
    assert "2026-11-23起算" in content.decode()
    expect(page.locator(".said")).to_have_text("已下载")
    name, content = taken(page, ".do-take-word")
    assert name == "淘宝、天猫判责申诉说明-2026-11-25.docx"
    assert "☐ 签收拆包录像，一镜到底[4]" in [one.text for one in Document(BytesIO(content)).paragraphs]
    assert [given for _, given, _ in service.engine.taken] == [{"dispute_appeal_deadline": {"judged": date(2026, 11, 23)}}] * 2

    page.click("#tongue")
    expect(card.locator(".do-take-word")).to_have_text("Download Word")


def test_a_paper_that_cannot_be_made_says_why(open_page: Callable[..., Page]) -> None:
    page = open_page(PHONE)
    ask(page, "帮我写一份申诉说明")
    expect(page.locator(".ans .foot")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.locator(".card.paper summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for button in (".do-take-word", ".do-take-markdown"):
        box = page.locator(button).bounding_box()
        assert box
        assert box["height"] >= 44
    page.evaluate("document.querySelector('.card.paper > .data').textContent = JSON.stringify({guide: 'gone', given: {}})")
    page.click(".do-take-word")
    expect(page.locator(".card.paper .problem")).to_have_text("没有这份文书，请刷新页面再试。")


def test_stop_keeps_what_came_and_reaches_the_engine(open_page: Callable[..., Page], service: Service) -> None:
    page = open_page()
    ask(page, "慢慢想")
    expect(page.locator(".ans[aria-busy=true]")).to_contain_text("核对2024-02-19起的报名规则")
    page.click("#box .stop-button")
    expect(page.locator(".ans")).to_contain_text("已停止")
    expect(page.locator("#box .submit-button")).to_be_visible()
    expect(page.locator(".ans[aria-busy=false]")).to_have_count(1)
    ask(page, QUESTION)
    expect(page.locator(".fig")).to_have_text("0.0583%")
    assert service.engine.closed_early == 1


def test_a_reload_brings_the_conversation_back_and_a_new_one_begins_empty(open_page: Callable[..., Page], service: Service) -> None:
    page = open_page()
    ask(page, QUESTION)
    expect(page.locator(".foot")).to_be_visible()
    ask(page, "慢慢想")
    expect(page.locator(".ans[aria-busy=true]")).to_contain_text("核对2024-02-19起的报名规则")
    page.click("#box .stop-button")
    expect(page.locator(".ans").last).to_contain_text("已停止")
    page.reload()
    expect(page.locator(".ask")).to_have_text([QUESTION, "慢慢想"])
    expect(page.locator(".fig")).to_have_text("0.0583%")
    expect(page.locator(".ans").last).to_contain_text("已停止")
    expect(page.locator("#first")).to_be_hidden()
    ask(page, "淘宝延迟发货要赔多少")
    expect(page.locator(".ask")).to_have_count(3)
    expect(page.locator(".ans .foot")).to_have_count(3)

    page.click("#new")
    expect(page.locator("#first")).to_be_visible()
    expect(page.locator(".ask")).to_have_count(0)
    page.reload()
    expect(page.locator("#first")).to_be_visible()
    ask(page, QUESTION)
    expect(page.locator(".foot")).to_have_count(1)
    talks, visitors = (
        service.engine.store.read(lambda connection, table=table: list(connection.execute(sa.select(table))))
        for table in (conversations, known)
    )
    assert len(talks) == 2
    assert len(visitors) == 1
    assert {talk.visitor for talk in talks} == {visitors[0].id}


def test_two_visitors_do_not_see_each_other(open_page: Callable[..., Page], service: Service) -> None:
    one, other = open_page(), open_page()
    ask(one, QUESTION)
    ask(other, "淘宝延迟发货要赔多少")
    expect(one.locator(".ans .foot")).to_have_count(1)
    expect(other.locator(".ask")).to_have_text(["淘宝延迟发货要赔多少"])
    other.click("#new")
    expect(other.locator("#first")).to_be_visible()
    one.reload()
    expect(one.locator(".ask")).to_have_text([QUESTION])
    assert len(service.engine.store.read(lambda connection: list(connection.execute(sa.select(known))))) == 2


def test_language_and_dark_redraw_and_are_kept(open_page: Callable[..., Page]) -> None:
    page = open_page()
    ask(page, QUESTION)
    expect(page.locator(".card .h")).to_have_text("怎么算的")
    language = page.evaluate("localStorage['assistant-language']")
    page.click("#tongue")
    expect(page.locator(".card .h")).to_have_text("How it is worked out")
    expect(page.locator("#role")).to_contain_text("Car owner")
    page.wait_for_function("before => localStorage['assistant-language'] !== before", arg=language)  # Gradio keeps it last
    page.click("#dark")
    page.reload()
    expect(page.locator(".key dt").first).to_have_text("Rule text")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
    expect(page.locator("#box textarea")).to_have_attribute("placeholder", "Ask with your figures, in Chinese")


@pytest.mark.parametrize("evil", ["<script>window.hit=1</script><img src=x onerror='window.hit=1'>"])
def test_script_stays_text_and_a_crash_is_one_sentence(open_page: Callable[..., Page], evil: str) -> None:
    page = open_page()
    ask(page, evil)
    expect(page.locator(".ask")).to_have_text(evil)
    expect(page.locator(".say")).to_have_text(f"你问的是 {evil}")
    expect(page.locator(".foot")).to_be_visible()
    assert page.evaluate("window.hit") is None
    assert page.locator("#chat img, #chat script").count() == 0

    ask(page, "崩")
    expect(page.locator("#chat [role=alert]:visible")).to_contain_text("这次没有答上来")
    assert "secret detail" not in page.content()


def test_question_waits_for_the_index(open_page: Callable[..., Page], service: Service) -> None:
    service.engine.ready = False
    page = open_page()
    ask(page, QUESTION)
    expect(page.locator(".ans")).to_contain_text("正在准备索引")
    service.engine.ready = True
    expect(page.locator(".fig")).to_have_text("0.0583%")
