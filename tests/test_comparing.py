"""What changed between two days, told from the versions of a rule or a table."""

from datetime import date

from assistant.comparing import changes
from assistant.days import mentions
from assistant.library import Library
from assistant.numerals import fold

TODAY = date(2026, 11, 23)


def told(library: Library, document: str, question: str, day: date | None = None) -> list[tuple[str, str, str]]:
    days = mentions(fold(question), TODAY)
    found = changes(library, library.on(TODAY)[document], days, day or TODAY, day is not None, TODAY)
    return [(one.on, one.earlier, one.later) for one in found]


def test_the_last_change_is_told_when_no_day_is_named(library: Library) -> None:
    (first, *_) = told(library, "rule/expense_cap", "附加费用率改了什么")
    assert first[0] == "2020-09-19"
    assert "35%" in first[1]
    assert "25%" in first[2]


def test_a_month_in_which_something_changed_is_compared_with_what_was_before(library: Library) -> None:
    (first, *_) = told(library, "rule/taobao_shipped_refund", "2022年8月从几天改成几天", date(2022, 8, 31))
    assert first[0] == "2022-08-10"
    assert "3天" in first[1]
    assert "2天" in first[2]


def test_nothing_changed_between_two_days_of_one_version(library: Library) -> None:
    assert told(library, "rule/expense_cap", "2022年1月1日和2023年1月1日比改了什么", date(2022, 1, 1)) == []


def test_two_days_far_apart_hold_changes_of_the_next_findings_too(library: Library) -> None:
    question = "天猫售后指标2016年和2018年10月比改了什么"
    days = mentions(fold(question), TODAY)
    documents = library.on(TODAY)
    first, *others = (
        documents[id] for id in ("topic/duration_split_2017", "rule/aftersale_rank", "rule/expense_cap", "topic/aftersale_back_to_90")
    )
    found = changes(library, first, days, date(2018, 10, 31), True, TODAY, others)
    assert [one.document for one in found[:2]] == ["rule/refund_duration", "rule/aftersale_rank"]
    assert found[1].on == "2018-07-27"
    assert "停用" in found[1].later
    assert "rule/expense_cap" not in {one.document for one in found}, "another field"
