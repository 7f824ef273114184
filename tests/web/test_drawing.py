"""Every event drawn, and nothing a person or a document wrote becoming markup."""

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest

from assistant.answer import (
    Asked,
    Calculated,
    Citation,
    Cited,
    Declined,
    Done,
    Drafted,
    Event,
    InputShown,
    Refused,
    Ruled,
    RuleRow,
    Suggested,
    Text,
    Working,
)
from assistant.web import drawing, hello, markup
from assistant.web.cards import figure, printed_unit
from assistant.web.words import EN, WORDS, ZH, Words

from .fake_engine import ACTS, ASKED, DECLINED, DRAFTED, INSURANCE, MAIN, NEXT, REFUSED, RULES, SOURCES, rate

EVIL = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>&'


def draw(*events: Event, words: Words = ZH, **state: Any) -> str:
    """One answer."""
    return drawing.answer(events, words, key="a1", conversation="c", asked="问", **state)


def carried(html: str) -> list[dict[str, Any]]:
    """What the page's script reads from an answer, in order."""
    return [json.loads(unescape(found)) for found in re.findall(r'<div class="data" hidden>(.*?)</div>', html)]


def test_whole_answer_stands_in_order_on_one_line() -> None:
    html = draw(*MAIN)
    order = [
        "纠纷退款率</p>", "怎么算的", "现在看哪条规则", "接下来做什么", "依据", "再来3笔判责会怎样", "未经模型改写",
    ]
    places = [html.index(part) for part in order]
    assert places == sorted(places)
    assert "\n" not in html  # a blank line would end the HTML block inside a chat message
    assert "busy" not in html


def test_figure_and_sentence_are_never_both_large() -> None:
    with_figure, without = draw(rate(7, 12000), Text("一句", "say")), draw(Text("一句", "say"))
    assert 'class="fig"' in with_figure
    assert 'class="say"' not in with_figure
    assert 'class="say">一句' in without


@pytest.mark.parametrize(("said", "drawn"), [
    ("0.058%", "0.058%"), ("1,000元", "1,000<small>元</small>"), ("20万元", "20<small>万元</small>"), ("是", "是"),
    ("2026-11-24", "2026-11-24"), ("-23.1%", "-23.1%"),
    ("还差600单", '<small class="pre">还差</small>600<small>单</small>'),
    ("1,066.67元/台次", "1,066.67<small>元/台次</small>"), ("<b>", "&lt;b&gt;"),
])
def test_figure_sets_the_unit_small(said: str, drawn: str) -> None:
    assert figure(said) == drawn


def test_card_is_a_fraction_with_fields() -> None:
    html = draw(rate(7, 12000))
    assert html.index('name="liable_refunds"') < html.index('name="paid_suborders"')
    assert 'value="12,000"' in html
    assert 'class="frac over"' in html
    assert "§" not in html  # the mark is drawn by the style, the word stands in the text
    assert "规则原文" in html


def test_a_fraction_that_is_only_part_of_the_formula_is_no_equation() -> None:
    """100 over 640 is not 84.38 %: the formula is written out instead."""
    html = draw(replace(rate(7, 12000), formula="1 － 返修工单 ÷ 总工单"))
    assert "frac over" not in html
    assert "1 － 返修工单 ÷ 总工单" in html


def test_fraction_puts_the_numerator_on_top() -> None:
    event = rate(7, 12000)
    html = draw(replace(event, shown=event.shown[::-1]))
    assert html.index('name="liable_refunds"') < html.index('name="paid_suborders"')


def test_card_carries_what_has_no_field() -> None:
    given = {"a": 1.0, "kind": "小车", "days": (1.0, 2.0), "since": date(2024, 2, 19), "open": True}
    kind = InputShown("kind", "车型", "", "小车", "小车", editable=False)
    event = Calculated(
        "m", "值", given, 2.0, "元", "2元", shown=(InputShown("a", "甲", "ratio", 0.05, "5%"), kind),
        day=date(2026, 1, 2),
    )
    html = draw(event)
    card = carried(html)[1]
    assert card == {
        "label": "值", "metric": "m", "day": "2026-01-02",
        "fixed": {"kind": "小车", "days": [1.0, 2.0], "since": {"date": "2024-02-19"}, "open": True},
    }
    assert 'value="5"><b class="unit">%</b>' in html
    assert 'class="given">小车' in html


def test_card_without_fields_offers_no_editing() -> None:
    html = draw(Calculated("m", "值", {}, True, "bool", "是", formula="甲÷乙"))
    assert "<input" not in html
    assert ZH.recompute not in html
    assert "甲÷乙" in html


@pytest.mark.parametrize(("level", "word"), [
    ("high", "规则原文"), ("medium", "单一来源"), ("low", "待核实"), ("calc", "推算"),
])
def test_confidence_is_a_word(level: str, word: str) -> None:
    assert word in draw(replace(rate(1, 2), confidence=level))


@pytest.mark.parametrize(("verdict", "look"), [("ok", "v ok"), ("watch", "v warn"), ("breach", "v bad")])
def test_stamp_has_icon_and_word(verdict: Any, look: str) -> None:
    html = draw(replace(rate(1, 2), verdict=verdict, verdict_word="某词"))
    assert re.search(rf'class="{look}"><span class="i i-\w+" aria-hidden="true"></span>某词', html)


def test_second_calculation_carries_its_own_label_and_stamp() -> None:
    html = draw(*INSURANCE)
    assert html.count('class="fig"') == 1
    assert '<h3 class="h">第一年多付</h3>' in html
    assert html.index("要留意") > html.index("第一年多付")


def test_inputs_that_may_not_be_edited_are_shown_as_text() -> None:
    given = rate(7, 12000)
    goal = replace(given, label="还差成交", shown=tuple(replace(one, editable=False) for one in given.shown))
    assert draw(given).count("<input") == 2
    assert draw(goal).count("<input") == 0
    assert "12,000" in draw(goal)


def test_value_told_in_passing_gets_a_line_and_no_card() -> None:
    html = draw(rate(7, 12000), replace(rate(9, 12000), label="改动前的纠纷退款率", aside=True))
    assert html.count('class="card calc') == 1
    assert "改动前的纠纷退款率" in html


def test_time_line_strikes_what_ended() -> None:
    html = draw(RULES)
    assert html.count('<li class="off">') == 2
    assert "<b>报名线</b> · 单一来源" in html
    assert html.count('<span class="b">已停用</span>') == 2


def test_sources_open_at_the_first_and_markers_lead_to_them() -> None:
    html = draw(Text("见[2]和[10]", "say"), SOURCES)
    assert html.count("<details open>") == 1
    assert '<a class="ref" href="#a1-s2">[2]</a>' in html
    assert 'id="a1-s2"' in html
    assert "「<mark>报名改看店铺综合体验分，不低于4.2</mark>」" in html
    assert 'href="https://example.com/53"' in html
    assert "javascript:" not in html


def test_form_marks_the_first_missing_figure() -> None:
    html = draw(*ASKED)
    assert html.count("wanted") == 1
    assert re.search(r'wanted"[^>]*name="operating_expense"', html)
    assert "从你的话里读到" in html
    assert 'value="420,000"' in html


def test_a_paper_is_folded_away_and_carries_what_it_was_filled_with() -> None:
    html = draw(*DRAFTED)
    card = html[html.index('<section class="card paper"'):]
    assert carried(card)[0] == {
        "guide": "appeal", "given": {"dispute_appeal_deadline": {"judged": {"date": "2026-11-23"}}}, "day": "2026-11-25",
        "name": "淘宝、天猫判责申诉说明-2026-11-25",
    }
    assert '<details class="peek"><summary>' in card
    assert card.count("淘宝/天猫判责申诉说明") == 1, "the title is not told again in the preview"
    assert '<a class="ref" href="#a1-s4">[4]</a>' in card
    assert (ZH.take_word in card, ZH.take_markdown in card) == (True, True)
    assert EN.take_word in draw(*DRAFTED, words=EN)


def test_refused_and_declined_lead_with_the_sentence() -> None:
    assert "先核对数字" in draw(*REFUSED)
    html = draw(*DECLINED)
    assert '<p class="say">答不了：九项的权重没有公开来源。</p>' in html
    assert html.count('class="opt do-ask"') == 3
    assert "未经模型改写" not in html


def test_steps_while_working() -> None:
    first = draw(busy=True)
    assert ZH.working in first
    assert "do-stop" in first
    assert "tools" not in first
    later = draw(Working("读到甲"), Working("核对乙"), busy=True)
    assert "i-check" in later.split("读到甲")[0]
    assert "sk1" in later
    drawn = draw(Working("读到甲"), rate(1, 2), busy=True)
    assert "sk1" not in drawn
    assert "do-stop" in drawn


def test_error_is_one_sentence_with_a_way_on() -> None:
    html = draw(problem="连不上。")
    assert 'role="alert"' in html
    assert "连不上。" in html
    assert "do-retry" in html
    assert "do-up" not in html


def test_stopped_says_so() -> None:
    assert ZH.stopped in draw(Working("读"), stopped=True)


def test_copy_gets_the_markdown() -> None:
    data = carried(draw(*MAIN))[0]
    assert data["conversation"] == "c"
    assert data["question"] == "问"
    assert data["markdown"].startswith("**纠纷退款率：0.0583%**")


def test_nothing_written_by_others_becomes_markup() -> None:
    shown = InputShown(EVIL, EVIL, EVIL, 1.0, EVIL, EVIL)
    missing = InputShown(EVIL, EVIL, EVIL, None, EVIL, EVIL)
    citation = Citation(EVIL, EVIL, EVIL, EVIL, f"https://a.b/{EVIL}", EVIL, EVIL)
    everything: list[Event] = [
        Working(EVIL), Text(EVIL, "say"), Text(EVIL), Text(EVIL, "acts"), Text(EVIL, "note"),
        Calculated(
            EVIL, EVIL, {EVIL: EVIL}, 1.0, EVIL, EVIL, "ok", EVIL, EVIL, EVIL, EVIL, EVIL,
            (shown, replace(shown, value=EVIL)), None, EVIL,
        ),
        Ruled((RuleRow(EVIL, EVIL, EVIL, True), RuleRow(EVIL, EVIL, EVIL, False))),
        Asked(EVIL, EVIL, EVIL, (shown, missing), EVIL),
        Refused(EVIL), Declined(EVIL, EVIL), Drafted(EVIL, EVIL, f"# {EVIL}\n\n{EVIL}", {EVIL: {EVIL: EVIL}}, date(2026, 1, 2), EVIL),
        Cited((citation,)), Suggested((EVIL,)), Done("answered"),
    ]
    drawn = [draw(*everything), draw(*everything, busy=True), draw(problem=EVIL), drawing.question(EVIL)]
    drawn.append(draw(*(event for event in everything if not isinstance(event, Calculated))))
    drawn.append(hello.first_screen(ZH, {"merchant": [EVIL]}))
    for html in drawn:
        assert "<script" not in html
        assert "<img" not in html
        tags = re.findall(r"<[^>]*>", html)
        assert not [tag for tag in tags if re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tag))]


@pytest.mark.parametrize(("markdown", "html"), [
    ("**先核对。**再申诉", "<p><strong>先核对。</strong>再申诉</p>"),
    (
        "[官网](https://a.cn/?x=1&y=2)",
        '<p><a href="https://a.cn/?x=1&amp;y=2" target="_blank" rel="noopener noreferrer nofollow">官网</a></p>',
    ),
    ("[点我](javascript:alert(1))", "<p>[点我](javascript:alert(1))</p>"),
    ("[点我](data:text/html,x)", "<p>[点我](data:text/html,x)</p>"),
    ("<b>粗</b>", "<p>&lt;b&gt;粗&lt;/b&gt;</p>"),
    ("一\n二", "<p>一<br>二</p>"),
    ("一\n\n二", "<p>一</p><p>二</p>"),
    ("- 甲\n- 乙[1]", '<ul class="dash"><li>甲</li><li>乙<a class="ref" href="#k-s1">[1]</a></li></ul>'),
    ("## 标题", '<h4 class="h">标题</h4>'),
    ("~~旧~~", "<p><s>旧</s></p>"),
    ("一\n\n---\n\n二", "<p>一</p><hr><p>二</p>"),
    ("`码` ![图](https://a.b/c.png)", None),
    ("**没完", "<p>**没完</p>"),
])
def test_markdown_is_limited(markdown: str, html: str | None) -> None:
    drawn = markup.block(markdown, "k")
    assert html is None or drawn == html
    assert "<img" not in drawn
    assert "<code" not in drawn


def test_table_scrolls_by_itself() -> None:
    drawn = markup.block("| 甲 | 乙 |\n| --- | --- |\n| 1 | [2] |", "k")
    assert drawn.startswith('<div class="wide"><table>')
    assert "#k-s2" in drawn


def test_units_of_fields() -> None:
    assert [printed_unit(unit) for unit in ("ratio", "元", "factor", "ppm")] == ["%", "元", "", "ppm"]


def test_interface_words_are_complete_in_both_languages() -> None:
    for words in WORDS.values():
        for name in Words.__dataclass_fields__:
            assert getattr(words, name), f"{words.language}.{name}"
    assert EN.how in draw(rate(1, 2), words=EN)
    assert ACTS.markdown.split("。", maxsplit=1)[0][4:] in draw(ACTS, words=EN)
    assert NEXT.questions[0] in draw(NEXT, words=EN)


def test_who_chose_the_words_is_said() -> None:
    assert ZH.direct_calculation in draw(*MAIN)
    told = draw(*(replace(event, worded=True) if isinstance(event, Text) else event for event in MAIN))
    assert ZH.worded in told
    assert "未经模型改写" not in told


def test_the_step_under_way_is_the_one_there_is() -> None:
    assert ZH.working in draw(busy=True)
    assert ZH.writing in draw(Text("先和解。", "say"), busy=True)
