"""How far the next better line is, what single change reaches it, and when the cases of today no longer count."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from assistant.answer import Calculated, Turn
from assistant.composer import Composer
from assistant.library import Library
from assistant.reading import Reader
from assistant.rules import Rule

NOW, THEN = date(2026, 11, 23), date(2021, 5, 5)
LEVELS = ["ok", "watch", "breach"]


def told(library: Library, question: str, day: date, today: date | None = None) -> list[Calculated]:
    """The value first, then what is told in passing."""
    turn = Turn(question, Reader(library).read(question, day), (), 0.0, today or day)
    return [event for event in Composer(library, 0.5).events(turn) if isinstance(event, Calculated)]


def rank(rule: Rule, value: float, day: date) -> int:
    """Which step of the rule a value is on, the best being 0."""
    grade = rule.grade(value, day)
    assert grade is not None
    return rule.grades.index(grade)


def test_the_line_the_distance_and_both_changes_are_told(tiny: Library) -> None:
    value, apart, fewer, more, gone = told(tiny, "成交1000单，判责7笔，纠纷退款率多少", THEN)
    assert (value.value, value.verdict_word, value.aside) == (0.007, "接近红线", False)
    assert (apart.label, apart.said) == ("离“合格”的线0.5%还差", "0.2个百分点")
    assert (fewer.value, "最多" in fewer.label, "判商家责任" in fewer.label) == (5, True, True)
    assert (more.value, "要到" in more.label, more.unit) == (1400, True, "笔")
    assert (gone.value, gone.unit) == (THEN + timedelta(days=30), "date")
    assert all(one.aside for one in (apart, fewer, more, gone))


def test_a_step_that_begins_beyond_its_line_is_reached_by_one_more(tiny: Library) -> None:
    apart, fewer, more = told(tiny, "成交1000单，判责20笔，纠纷退款率多少", THEN)[1:4]
    assert (apart.said, fewer.value, more.value) == ("1个百分点", 9, 2001)


def test_money_needed_is_told_and_nobody_is_advised_to_do_less_business(tiny: Library) -> None:
    changes = told(tiny, "售后毛利70万，全店费用100万，零服吸收率多少", THEN)[1:]
    assert [one.said for one in changes] == ["30个百分点", "100万元"]
    assert not any("全店运营费用要到" in one.label or "全店运营费用最多" in one.label for one in changes)


@pytest.mark.parametrize(
    "question",
    ["成交1000单，判责5笔，纠纷退款率多少", "成交1000单，判责0笔，纠纷退款率多少", "售后毛利120万，全店费用100万，零服吸收率多少"],
)
def test_the_best_step_has_no_gap(tiny: Library, question: str) -> None:
    (value,) = told(tiny, question, THEN)
    assert value.verdict == "ok"


def test_a_value_without_grades_has_no_gap(tiny: Library) -> None:
    (value,) = told(tiny, "占用108工位小时、10个工位、每天开12小时，工位利用率多少", THEN)
    assert value.verdict is None


def test_an_ended_rule_has_no_gap(tiny: Library) -> None:
    (value,) = told(tiny, "成交1000单，判责30笔，纠纷退款率多少", NOW)
    assert (value.verdict, value.verdict_word) == ("ok", "不再考核")


def test_two_cases_are_compared_with_each_other_and_not_with_the_line(tiny: Library) -> None:
    values = told(tiny, "甲店成交1000单判责7单，乙店成交2000单判责16单，纠纷退款率各多少", THEN)
    assert [one.aside for one in values] == [False, False]


# what counts today leaves the window


def test_a_past_day_has_no_window_that_rolls(tiny: Library) -> None:
    assert "date" in {one.unit for one in told(tiny, "成交1000单，判责7笔，纠纷退款率多少", THEN)}
    assert "date" not in {one.unit for one in told(tiny, "成交1000单，判责7笔，纠纷退款率多少", THEN, today=NOW)}
    assert "date" not in {one.unit for one in told(tiny, "2019年5月5日，成交1000单，判责15笔，纠纷退款率多少", THEN)}


def test_what_is_better_the_more_there_is_of_it_rolls_out_of_nothing(tiny: Library) -> None:
    assert "date" not in {one.unit for one in told(tiny, "售后毛利70万，全店费用100万，零服吸收率多少", THEN)}


def test_a_target_not_reached_tells_the_window_and_one_reached_does_not(tiny: Library) -> None:
    missed = told(tiny, "判责7笔，成交1000单，纠纷退款率要降到千分之五还差多少单成交", THEN)
    assert THEN + timedelta(days=30) in [one.value for one in missed]
    reached = told(tiny, "判责3笔，成交1000单，纠纷退款率要降到千分之五还差多少单成交", THEN)
    assert "date" not in {one.unit for one in reached}


# the counts told are the very ones


@settings(max_examples=80)
@given(liable=st.integers(1, 300), orders=st.integers(301, 9000))
def test_at_the_count_told_the_next_step_is_reached_and_one_before_it_is_not(tiny: Library, liable: int, orders: int) -> None:
    rule = tiny.rules["dispute_line"]
    value, *more = told(tiny, f"成交{orders}单，判责{liable}笔，纠纷退款率多少", THEN)
    place = rank(rule, liable / orders, THEN)
    assert value.verdict == rule.grades[place].level
    changes = [one for one in more if "倒推" in one.formula]
    if place == 0:
        assert changes == []
    for one in changes:
        count = float(one.value)
        if one.label.endswith("最多"):
            reached, before = count / orders, (count + 1) / orders
        else:
            reached, before = liable / count, liable / (count - 1)
        assert rank(rule, reached, THEN) < place
        assert rank(rule, before, THEN) == place


@settings(max_examples=60)
@given(late=st.integers(1, 900), signed=st.integers(901, 9000))
def test_what_should_grow_is_told_with_the_least_that_is_enough(library: Library, late: int, signed: int) -> None:
    value, *more = told(library, f"应签收{signed}票，标准时间内签收{signed - late}票，快递时效达成率多少", NOW)
    rule = library.rules["on_time_sample"]
    place = rank(rule, float(value.value), NOW)
    needed = [float(one.value) for one in more if one.label.endswith("要到")]
    assert len(needed) == (rule.grades[place].level != "ok")
    for count in needed:
        assert rank(rule, count / signed, NOW) < place
        assert rank(rule, (count - 1) / signed, NOW) == place


@pytest.mark.parametrize("repairs", [1, 2, 3, 4])
def test_a_test_not_met_tells_how_many_more_would_meet_it(library: Library, repairs: int) -> None:
    value, more = told(library, f"2024年买的车，同一问题修了{repairs}次，能换车吗", NOW)
    assert value.value is False
    assert (repairs + float(more.value), more.unit) == (5, "次"), "more than four repairs"
    met = told(library, f"2024年买的车，同一问题修了{repairs + int(float(more.value))}次，能换车吗", NOW)
    assert [one.value for one in met] == [True]
