"""What an answer relies on is numbered in the order it is first used, with the sentence it stands behind."""

from datetime import date

import pytest

from assistant.citing import Citations
from assistant.library import Library

NOW = date(2026, 11, 23)


@pytest.fixture
def citations(tiny: Library) -> Citations:
    return Citations(tiny, dict(tiny.on(NOW)))


def test_a_document_is_cited_once_with_all_that_proves_it(citations: Citations) -> None:
    assert [citations.document(id) for id in ("rule/dispute_refund_rate", "rule/wage_deduction", "rule/dispute_refund_rate")] == [1, 2, 1]
    first = citations.cited[0]
    assert (first.id, first.title, first.source) == ("rule/dispute_refund_rate", "纠纷退款率的口径", "测试部《测试条例》")
    assert (first.address, first.period, first.confidence) == ("https://example.org/law", "2017-04-07 起", "high")
    assert first.quote == "近30天判责退款笔数÷近30天成交笔数。"


def test_marks_become_numbers_of_the_sources(citations: Citations) -> None:
    assert citations.number("甲说。[^law] 乙说。[^page]丙又说。[^law]") == "甲说。[1] 乙说。[2]丙又说。[1]"
    assert [(one.id, one.quote) for one in citations.cited] == [("source/law", "甲说。"), ("source/page", "乙说。")]
    assert citations.cited[1].title == "一篇转述"


def test_a_mark_of_a_source_already_cited_points_there(citations: Citations) -> None:
    citations.document("rule/dispute_refund_rate")
    assert citations.number("看近30天。[^law]") == "看近30天。[1]"
    assert len(citations.cited) == 1


def test_two_marks_of_one_citation_are_shown_once(citations: Citations) -> None:
    citations.document("topic/dispute_advice")
    assert citations.number("先和解。[^law][^page]") == "先和解。[1]"


def test_the_quote_of_a_mark_is_its_own_sentence(citations: Citations) -> None:
    citations.number("第一句。**第二句**要看清。[^law]\n- 第三件事[^page]")
    assert [one.quote for one in citations.cited] == ["第二句要看清。", "第三件事"]


def test_text_without_marks_stays_as_it_is(citations: Citations) -> None:
    assert citations.number("没有来源 [1] 的话") == "没有来源 [1] 的话"
    assert citations.cited == []


def test_a_topic_is_proved_by_the_rules_it_borrows_from(tiny: Library, citations: Citations) -> None:
    documents = tiny.on(NOW)
    citations.rules_of(documents["topic/seven_days"])
    citations.rules_of(documents["topic/inner_line"])
    assert [one.id for one in citations.cited] == ["rule/no_reason_return_days", "topic/inner_line"]


def test_a_time_line_quotes_all_versions_shown(tiny: Library, citations: Citations) -> None:
    rule = tiny.rules["dispute_line"]
    assert citations.timeline(rule, [(dated, dated.period) for dated in rule.timeline[:2]]) == 1
    assert "1%" in citations.cited[0].quote
    assert "0.5%" in citations.cited[0].quote


def test_a_number_no_citation_holds_is_covered_by_its_topic(tiny: Library, citations: Citations) -> None:
    topic = tiny.on(NOW)["topic/dispute_advice"]
    citations.cover(topic, "没有数字的话。")
    assert citations.cited == []
    citations.cover(topic, "先做这个。可以打12315问。再做那个。[^law]")
    assert [one.id for one in citations.cited] == ["topic/dispute_advice"]
    assert "12315" in citations.cited[0].quote
    assert "再做那个" not in citations.cited[0].quote


def test_a_number_already_proved_needs_no_cover(tiny: Library, citations: Citations) -> None:
    citations.document("rule/dispute_refund_rate")
    citations.cover(tiny.on(NOW)["topic/dispute_advice"], "看近30天。[1]")
    assert len(citations.cited) == 1
