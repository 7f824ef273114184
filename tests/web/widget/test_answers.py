"""What an answer offers in the panel: figures to edit, sources to open, questions to go on with, files to take."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from docx import Document
from playwright.sync_api import Frame, expect

from .conftest import Service, Visit, happens

QUESTION = "近30天1.2万单，判责退款7笔，会影响报名活动吗"


def conversation(panel: Frame) -> str:
    """The id this browser keeps."""
    return str(panel.evaluate("JSON.parse(localStorage['after-sales:shop']).conversation"))


def test_the_first_screen_and_a_question_from_it(visit: Callable[..., Visit]) -> None:
    panel = visit().open()
    expect(panel.locator(".hello h2")).to_have_text("报上你的数，先看结果，再看依据。")
    expect(panel.locator(".hello p")).to_have_text("退款被判责了？报上笔数和成交单数。")
    panel.get_by_role("button", name="近30天1.2万单").click()
    expect(panel.locator(".ask")).to_have_text(QUESTION)
    expect(panel.locator(".fig")).to_have_text("0.0583%")
    expect(panel.locator(".hello")).to_have_count(0)


def test_result_card_rules_and_sources(visit: Callable[..., Visit]) -> None:
    shop = visit()
    panel = shop.open()
    answer = shop.ask(QUESTION)
    expect(answer.locator(".res .v.ok")).to_have_text("不影响报名")
    expect(answer.locator(".res .md")).to_contain_text("改看店铺综合体验分")
    expect(answer.locator(".card .cf")).to_have_text("规则原文")
    expect(answer.locator(".frac .fld").first).to_have_value("7")
    expect(answer.locator(".frac .fld").last).to_have_value("12,000")
    expect(panel.locator("#live")).to_contain_text("0.0583%不影响报名")

    acts, grounds = answer.locator(".more").all()
    expect(acts.locator("strong").first).to_be_hidden()
    acts.locator("summary").click()
    expect(acts.locator("li strong").first).to_have_text("先看体验分够不够4.2。")
    expect(grounds.locator("summary").first).to_contain_text("现行规则与依据（4条）")
    expect(grounds).not_to_have_attribute("open", "")
    answer.locator(".res .ref").click()  # [2]
    expect(grounds.locator(".time .off s").first).to_have_text("天猫：售后服务综合指标排名≤90%")
    second = grounds.locator(".src li").nth(1)
    expect(second.locator("mark")).to_have_text("报名改看店铺综合体验分，不低于4.2")
    expect(second.locator("summary")).to_be_focused()
    link = grounds.locator(".src a")
    expect(link).to_have_count(1)  # javascript: and nothing are no addresses
    assert link.evaluate("one => [one.href, one.target, one.rel]") == ["https://example.com/53", "_blank", "noopener noreferrer nofollow"]


def test_editing_a_figure_computes_again(visit: Callable[..., Visit]) -> None:
    shop = visit()
    shop.open()
    answer = shop.ask(QUESTION)
    refunds = answer.locator("[name=liable_refunds]")
    refunds.fill("24")
    expect(answer.locator(".fig")).to_have_text("0.2%")
    expect(answer.locator(".res .v.bad")).to_have_text("偏高")
    expect(answer.get_by_text("数字改过了")).to_be_visible()
    refunds.fill("2.4万")
    expect(answer.get_by_role("alert")).to_have_text("判责退款超过了成交，不合理，请核对。")
    expect(answer.locator(".fig")).to_have_text("—")
    refunds.fill("１２")
    expect(answer.locator(".fig")).to_have_text("0.1%")
    answer.get_by_role("button", name="按新数重新回答").click()
    expect(shop.panel.locator(".ask").last).to_have_text("纠纷退款率：判卖家责且生效的退款１２笔，支付宝成交（子订单）12,000笔")


def test_suggestions_thumbs_and_copy(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    panel = shop.open()
    answer = shop.ask(QUESTION)
    answer.get_by_role("button", name="复制答案").click()
    expect(answer.locator(".told")).to_have_text("已复制")
    expect(panel.locator("#live")).to_have_text("已复制")
    box = panel.locator("#text")
    box.press("ControlOrMeta+V")
    copied = box.input_value()
    box.fill("")
    assert "**纠纷退款率：0.0583%**（不影响报名）" in copied
    assert "[1] 纠纷退款率的口径" in copied

    answer.get_by_role("button", name="没用").click()
    expect(answer.get_by_role("button", name="没用")).to_have_attribute("aria-pressed", "true")
    reason = answer.get_by_label("哪里不对")
    expect(reason).to_be_focused()
    reason.fill("天猫不是这样")
    reason.press("Enter")
    expect(reason).to_be_hidden()
    answer.get_by_role("button", name="有用").click()
    expect(answer.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "true")
    expect(answer.get_by_role("button", name="没用")).to_have_attribute("aria-pressed", "false")
    (turn,) = service.engine.store.turns(conversation(panel))
    assert turn.thumb == "up"

    answer.get_by_role("button", name="判责不服怎么申诉").click()
    expect(panel.locator(".ask").last).to_have_text("判责不服怎么申诉")
    expect(panel.locator(".fig")).to_have_count(2)


def test_a_missing_figure_is_asked_for_in_the_formula(visit: Callable[..., Visit]) -> None:
    shop = visit()
    shop.open()
    answer = shop.ask("这个月售后毛利42万，零服吸收率多少")
    expect(answer.locator(".say")).to_have_text("还差一个数：全店运营费用。")
    read, missing = answer.locator(".frac .fld").all()
    expect(read).to_have_value("420,000")
    expect(answer.get_by_text("从你的话里读到")).to_be_visible()
    missing.fill("60万")
    missing.press("Enter")
    expect(shop.panel.locator(".ask").last).to_have_text("零服吸收率：售后毛利420,000元，全店运营费用60万元")


def test_refused_and_declined_say_why_and_help_on(visit: Callable[..., Visit]) -> None:
    shop = visit()
    shop.open()
    refused = shop.ask("近30天成交80单，判责退款120笔")
    expect(refused.locator(".v.warn")).to_have_text("先核对数字")
    expect(refused.locator(".say")).to_have_text("判责退款120笔多过成交80笔，算不出来。")
    declined = shop.ask("真实体验分九项各占多少权重")
    expect(declined.locator(".opt")).to_have_count(3)
    expect(declined.get_by_role("button", name="转人工")).to_be_visible()
    expect(declined.get_by_text("手机号会打码")).to_be_visible()


def test_tables_notes_and_several_cards(visit: Callable[..., Visit]) -> None:
    shop = visit()
    shop.open()
    conflict = shop.ask("淘宝延迟发货要赔多少")
    expect(conflict.locator("tbody tr")).to_have_count(4)
    expect(conflict.locator("td .ref").first).to_have_text("[1]")
    expect(conflict.locator(".note strong")).to_have_text("两边平台不同。")
    assert [child.evaluate("one => one.tagName") for child in conflict.locator(".more > div > *").all()] == ["OL"]
    assert conflict.locator(".more > div").evaluate("one => one.childNodes.length") == 1  # no stray text where no time line is
    several = shop.ask("走保险还是自费")
    expect(several.locator(".fig")).to_have_text("自费省1,000元")
    expect(several.locator(".card").last.locator("output")).to_have_text("800元")
    expect(several.locator(".card").last.locator(".v.warn")).to_have_text("要留意")
    expect(several.locator(".over")).to_have_count(0)  # no fraction, no bar


def test_a_paper_can_be_taken_as_a_file(visit: Callable[..., Visit], tmp_path: Path) -> None:
    shop = visit()
    shop.open()
    answer = shop.ask("帮我写一份申诉说明")
    answer.get_by_text("预览全文").click()
    expect(answer.locator(".paper td").last).to_have_text("2026-11-26（还剩1天）")
    with shop.page.expect_download() as word:
        answer.get_by_role("button", name="下载 Word").click()
    assert word.value.suggested_filename == "淘宝、天猫判责申诉说明-2026-11-25.docx"
    word.value.save_as(tmp_path / "paper.docx")
    assert "签收拆包录像" in "".join(one.text for one in Document(BytesIO((tmp_path / "paper.docx").read_bytes())).paragraphs)
    expect(answer.locator(".paper")).to_contain_text("已下载")
    with shop.page.expect_download() as markdown:
        answer.get_by_role("button", name="下载 Markdown").click()
    assert markdown.value.suggested_filename.endswith(".md")


def test_stopping_leaves_what_was_there_and_reaches_the_engine(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit()
    panel = shop.open()
    before = service.engine.closed_early
    panel.locator("#text").fill("慢慢算")
    panel.locator("#text").press("Enter")
    expect(panel.locator(".ans")).to_have_attribute("aria-busy", "true")
    expect(panel.get_by_text("读到成交12,000单")).to_be_visible()
    panel.locator("#text").fill("写到一半的下一问")
    panel.locator("#send").click()
    expect(panel.get_by_text("已停止。")).to_be_visible()
    expect(panel.locator("#text")).to_have_value("写到一半的下一问")
    happens(lambda: service.engine.closed_early == before + 1)
    (turn,) = service.engine.store.turns(conversation(panel))
    assert turn.status == "stopped"


def test_who_chose_the_words_is_said(visit: Callable[..., Visit]) -> None:
    shop = visit()
    panel = shop.open()
    shop.ask("worded:先把能和解的和解掉。")
    expect(panel.get_by_text("文字由模型组织并逐句核对")).to_be_visible()
    shop.ask(QUESTION)
    expect(panel.get_by_text("由规则库直接计算，未经模型改写")).to_be_visible()


def test_a_crash_is_a_sentence_and_can_be_asked_again(visit: Callable[..., Visit]) -> None:
    shop = visit()
    panel = shop.open()
    answer = shop.ask("崩了吗")
    expect(answer.get_by_role("alert")).to_contain_text("请稍后再试")
    assert "secret detail" not in panel.content()
    answer.get_by_role("button", name="再问一次").click()
    expect(panel.locator(".ask")).to_have_count(2)


def test_english_words_around_chinese_answers(visit: Callable[..., Visit], service: Service) -> None:
    shop = visit(service.page(data_lang="en"))
    panel = shop.open()
    expect(panel.locator(".hello h2")).to_have_text("Give your figures. See the result, then the grounds.")
    answer = shop.ask(QUESTION)
    expect(answer.locator(".cf")).to_have_text("Rule text")
    expect(answer.locator(".more").last).to_contain_text("Rules and sources (4)")
    expect(answer.locator(".fig")).to_have_text("0.0583%")
