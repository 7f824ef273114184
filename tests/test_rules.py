"""Dated numbers: one version a day, a value graded by the day's lines, sentences with every number filled in."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from assistant.library import Library
from assistant.rules import Rule, Version
from assistant.tables import Table
from assistant.validity import Since, last_day

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
LEVELS = ["ok", "watch", "breach"]


def rule(**more: Any) -> Rule:
    """A rule of the tests: two lines that change once."""
    return Rule(**{  # type: ignore[arg-type]
        "id": "lines", "label": "甲乙两条线", "area": "kpi", "metric": "refund_rate", "worse": "higher",
        "units": {"watch": "ratio", "breach": "ratio"},
        "versions": {"2020-01-01": {"watch": 0.1, "breach": 0.3}, "2022-07": {"watch": 0.05, "breach": 0.2}},
        "grades": [
            {"at": "watch", "level": "ok", "word": "好"}, {"at": "breach", "level": "watch", "word": "中"},
            {"level": "breach", "word": "差"},
        ],
        "text": "超过{{watch}}留意，超过{{breach}}超线（{{since}}起）", "sources": ["law"], "confidence": "high",
        "checked_on": "2026-11-23", **more,
    })


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2018-02", date(2018, 2, 1), date(2018, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-19", date(2024, 2, 19), date(2024, 2, 19)),
        (2016, date(2016, 1, 1), date(2016, 12, 31)),
    ],
)
def test_a_beginning_may_be_known_to_the_day_month_or_year(written: object, first: date, last: date) -> None:
    assert Since.parse(written).day == first
    assert last_day(written) == last
    assert str(Since.parse(written)) == str(written)


@pytest.mark.parametrize("written", ["", "去年", "2024/02/19", "24-02-19", "2024-02-30", "2024-13", "2024-2-9", None])
def test_anything_else_is_no_beginning(written: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text is pydantic's or the calendar's
        Since.parse(written)


def test_an_unknown_beginning_lies_before_everything() -> None:
    assert Since.parse("earlier") < Since.parse("1000")
    assert str(Since.parse("earlier")) == "起始日不详"


@given(st.sets(DAYS, min_size=1, max_size=6), DAYS, st.booleans())
def test_each_day_has_exactly_one_version(starts: set[date], day: date, unknown_start: bool) -> None:
    versions = {start.isoformat(): {"watch": 0.1, "breach": 0.3} for start in starts}
    if unknown_start:
        versions["earlier"] = {"watch": 0.1, "breach": 0.3}
    made = rule(versions=versions)
    valid = [
        dated for dated in made.timeline
        if dated.since.day <= day and (dated.until is None or day <= dated.until)
    ]
    assert len(valid) == (unknown_start or day >= min(starts))
    assert [made.on(day)] == (valid or [None])


def test_a_version_ends_the_day_before_the_next_begins() -> None:
    first, second = rule().timeline
    assert (first.until, second.until) == (date(2022, 6, 30), None)
    assert rule().numbers(date(2022, 6, 30))["watch"] == 0.1
    assert rule().numbers(date(2022, 7, 1))["watch"] == 0.05
    assert rule().numbers(date(2019, 12, 31)) == {}


def test_an_end_is_told_only_as_exactly_as_it_is_known() -> None:
    first, second = rule().timeline
    assert first.period == "2022-07 前"
    assert second.period == "2022-07 起"
    exact = rule(versions={"earlier": {"watch": 0.1, "breach": 0.3}, "2022-07-05": {"watch": 0.1, "breach": 0.2}})
    assert [dated.period for dated in exact.timeline] == ["2022-07-04 止", "2022-07-05 起"]
    assert exact.timeline[0].began == "起始日不详"


lines = st.lists(st.floats(0.001, 1), min_size=2, max_size=2, unique=True).map(sorted)
values = st.floats(0, 1.2)


@given(lines, values, values, st.booleans(), st.sampled_from(["higher", "lower"]))
def test_a_worse_value_never_gets_a_better_grade(
    pair: list[float], one: float, other: float, inclusive: bool, worse: str
) -> None:
    best, next_best = pair if worse == "higher" else reversed(pair)
    made = rule(
        worse=worse, versions={"2020": {"watch": best, "breach": next_best}},
        grades=[
            {"at": "watch", "level": "ok", "word": "好", "inclusive": inclusive},
            {"at": "breach", "level": "watch", "word": "中", "inclusive": inclusive}, {"level": "breach", "word": "差"},
        ],
    )
    better, lesser = sorted((one, other), reverse=worse == "lower")
    grades = [made.grade(value, date(2024, 1, 1)) for value in (better, lesser)]
    ranks = [LEVELS.index(grade.level) for grade in grades if grade]
    assert len(ranks) == 2
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(("worse", "inclusive", "word"), [
    ("higher", True, "好"), ("higher", False, "中"), ("lower", True, "好"), ("lower", False, "中"),
])
def test_the_line_itself_belongs_to_the_better_step_only_when_inclusive(worse: str, inclusive: bool, word: str) -> None:
    made = rule(
        worse=worse, versions={"2020": {"watch": 0.3, "breach": 0.6 if worse == "higher" else 0.1}},
        grades=[
            {"at": "watch", "level": "ok", "word": "好", "inclusive": inclusive},
            {"at": "breach", "level": "watch", "word": "中"}, {"level": "breach", "word": "差"},
        ],
    )
    graded = made.grade(0.1 + 0.2, date(2024, 1, 1))  # a rounding error above 0.3
    assert graded is not None
    assert graded.word == word


def test_a_value_is_graded_by_the_lines_of_its_day() -> None:
    graded = [rule().grade(0.25, day) for day in (date(2019, 5, 5), date(2021, 5, 5), date(2023, 5, 5))]
    assert [grade and grade.word for grade in graded] == [None, "中", "差"]


def test_after_the_end_every_value_passes_with_the_word_of_the_end() -> None:
    made = rule(versions={"2020": {"watch": 0.1, "breach": 0.3}, "2025": {"ended": True, "text": "停用", "word": "不再考核"}})
    graded = made.grade(0.9, date(2026, 1, 1))
    assert graded is not None
    assert (graded.level, graded.word) == ("ok", "不再考核")
    assert made.numbers(date(2026, 1, 1)) == {}


def test_an_end_without_a_word_grades_nothing() -> None:
    made = rule(versions={"2020": {"watch": 0.1, "breach": 0.3}, "2025": {"ended": True, "text": "停用"}})
    assert made.grade(0.9, date(2026, 1, 1)) is None


@given(st.floats(0.0001, 1), st.floats(0.0001, 1), st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_a_rendered_sentence_holds_no_slot(watch: float, breach: float, since: date) -> None:
    made = rule(
        versions={"earlier": {"watch": watch, "breach": breach}, since.isoformat(): {"watch": breach, "breach": watch},
                  "2031": {"ended": True, "text": "{{since}}停用，原来是{{watch}}"}},
        brief="线 {{watch|bare}}，自{{since}}",
    )
    for dated in made.timeline:
        for text in (made.render(dated), made.render_brief(dated)):
            assert "{{" not in text
            assert "}}" not in text
            assert "0001-01-01" not in text, "an unknown beginning is no day"


def test_the_sentence_of_a_version_is_filled_with_its_own_numbers() -> None:
    first, second = rule().timeline
    assert rule().render(first) == "超过10%留意，超过30%超线（2020-01-01起）"
    assert rule().render(second).startswith("超过5%留意，超过20%超线（2022-07")
    assert rule().render_brief(first) == "甲乙两条线"


def test_an_ended_rule_is_told_with_the_numbers_it_last_had() -> None:
    made = rule(versions={"2020": {"watch": 0.1, "breach": 0.3}, "2025": {"ended": True, "text": "原来{{watch}}的线停用"}})
    assert made.render(made.timeline[-1]) == "原来10%的线停用"


def test_a_number_may_be_a_day() -> None:
    made = rule(
        units={"deadline": "date"}, versions={"2020": {"deadline": "2018-07-26"}}, text="{{deadline}}为止", grades=[], metric=None,
    )
    assert made.render(made.timeline[0]) == "2018-07-26为止"
    assert made.numbers(date(2021, 1, 1)) == {"deadline": date(2018, 7, 26)}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"versions": {"2020": {"watch": 0.1}}}, "breach"),
        ({"versions": {"2020": {"watch": 0.1, "breach": 0.3, "third": 0.5}}}, "third"),
        ({"text": "超过{{brech}}超线"}, "brech"),
        ({"brief": "{{nothing}}"}, "nothing"),
        ({"text": ""}, "text"),
        ({"metric": None}, "metric"),
        ({"worse": None}, "worse"),
        ({"grades": [{"at": "third", "level": "ok", "word": "好"}, {"level": "breach", "word": "差"}]}, "third"),
        ({"grades": [{"at": "watch", "level": "ok", "word": "好"}]}, "at"),
        ({"grades": [{"level": "breach", "word": "差"}, {"at": "watch", "level": "ok", "word": "好"}]}, "at"),
        ({"versions": {}}, "versions"),
        ({"versions": {"someday": {"watch": 0.1, "breach": 0.3}}}, "someday"),
        ({"sources": []}, "sources"),
        ({"area": "cooking"}, "area"),
        ({"audiance": ["merchant"]}, "audiance"),
        ({"versions": {"2020": {"watch": "很多", "breach": 0.3}}}, "watch"),
    ],
)
def test_an_inconsistent_rule_is_refused_by_name(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        rule(**wrong)


def test_numbers_and_reserved_words_stand_side_by_side() -> None:
    version = Version.model_validate({"pass": 4.2, "text": "甲", "confidence": "low"})
    assert (dict(version.numbers), version.text, version.confidence) == ({"pass": 4.2}, "甲", "low")


def table(**more: Any) -> Table:
    """A table of the tests: rows that change once."""
    return Table(**{  # type: ignore[arg-type]
        "id": "rows", "label": "表", "area": "kpi", "unit": "元", "row_label": "行",
        "versions": {"2010": {"a": 1, "b_c": [2.0, 3.0]}, "2020-06-01": {"a": 5}}, "text": "一张表", "sources": ["law"],
        "confidence": "high", "checked_on": "2026-11-23", **more,
    })


@given(DAYS)
def test_a_table_too_has_one_version_a_day(day: date) -> None:
    found = table().on(day)
    if day < date(2010, 1, 1):
        assert found is None
    else:
        assert found is not None
        assert found[1]["a"] == (5 if day >= date(2020, 6, 1) else 1)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (950.0, "950元"), (None, "未查到"), ((2.0, 3.0), "2元–3元"), (("海南", "青海"), "海南、青海"),
        ({"one": 1.0, "two": None}, "第一 1元，two 未查到"),
    ],
)
def test_every_kind_of_cell_has_a_wording(cell: Any, said: str) -> None:
    assert table(column_names={"one": "第一"}).say(cell) == said


def test_rows_are_called_by_their_names(tiny: Library) -> None:
    assert tiny.tables["compulsory_base_premium"].name("truck") == "货车"
    assert table().name("b_c") == "b c"


def test_the_day_before_a_change_still_has_the_old_numbers(tiny: Library) -> None:
    window = tiny.rules["dispute_refund_rate"]
    change = date(2017, 4, 7)
    assert [window.numbers(day)["window"] for day in (change - timedelta(days=1), change)] == [28, 30]
