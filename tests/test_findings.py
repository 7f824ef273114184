"""A reading becomes a value with its proof, a grade of the day, or what is needed for a target."""

from datetime import date

import pytest

from assistant.errors import InvalidInput, NotInForce
from assistant.findings import compute, judge, shown, solved
from assistant.library import Library
from assistant.reading import Reader
from assistant.understanding import Reading

NOW, THEN = date(2026, 11, 23), date(2021, 5, 5)
FIGURES = {"liable_refunds": 7.0, "paid_suborders": 1000.0}


def reading(tiny: Library, question: str) -> Reading:
    return Reader(tiny).read(question, THEN).readings[0]


def test_a_value_comes_with_formula_inputs_period_and_confidence(tiny: Library) -> None:
    found = compute(tiny, tiny.metrics["dispute_refund_rate"], FIGURES, THEN, None)
    assert (found.value, found.said, found.unit, found.day) == (0.007, "0.7%", "ratio", THEN)
    assert "÷" in found.formula
    assert (found.period, found.confidence) == ("近30天 · 2017-04-07 起", "high")
    assert found.fraction == ("liable_refunds", "paid_suborders")
    assert [(one.name, one.value, one.said) for one in found.shown] == [
        ("liable_refunds", 7.0, "7笔"), ("paid_suborders", 1000.0, "1,000笔"),
    ]


def test_the_window_is_that_of_the_day(tiny: Library) -> None:
    found = compute(tiny, tiny.metrics["dispute_refund_rate"], FIGURES, date(2016, 6, 1), None)
    assert found.period.startswith("近28天")


@pytest.mark.parametrize(
    ("day", "verdict", "word"),
    [
        (date(2017, 1, 1), None, ""), (date(2019, 5, 5), "ok", "合格"), (THEN, "watch", "接近红线"), (NOW, "ok", "不再考核"),
    ],
)
def test_the_grade_is_that_of_the_day(tiny: Library, day: date, verdict: str | None, word: str) -> None:
    found = compute(tiny, tiny.metrics["dispute_refund_rate"], FIGURES, day, None)
    assert (found.verdict, found.verdict_word, found.rule) == (verdict, word, "rule/dispute_line" if verdict else None)


def test_a_rule_of_another_platform_does_not_judge(tiny: Library) -> None:
    metric = tiny.metrics["dispute_refund_rate"]
    assert judge(tiny, metric, 0.5, THEN, "京东") is None
    judged = judge(tiny, metric, 0.5, THEN, "淘宝")
    assert judged is not None
    assert judged[1].level == "breach"


def test_a_day_is_not_graded(tiny: Library) -> None:
    assert judge(tiny, tiny.metrics["dispute_refund_rate"], NOW, THEN, None) is None


def test_a_metric_without_a_definition_is_our_own_sum(tiny: Library) -> None:
    found = compute(tiny, tiny.metrics["nps"], {"promoters": 5.0, "detractors": 1.0, "total": 10.0}, NOW, None)
    assert (found.value, found.period, found.confidence, found.verdict) == (40, "", "calc", None)


def test_defaults_are_shown_and_counted(tiny: Library) -> None:
    found = compute(tiny, tiny.metrics["labor_fee"], {"std_hours": 2.0, "rate": 100.0}, NOW, None)
    assert found.value == 200
    assert found.inputs["complexity"] == 1


def test_what_cannot_be_right_or_has_no_numbers_is_refused(tiny: Library) -> None:
    with pytest.raises(InvalidInput):
        compute(tiny, tiny.metrics["dispute_refund_rate"], {"liable_refunds": 7.0, "paid_suborders": 0.0}, NOW, None)
    with pytest.raises(NotInForce, match="2010-01-01那时的没有可靠来源"):
        compute(tiny, tiny.metrics["no_reason_return_deadline"], {"sign_date": date(2010, 1, 1)}, date(2010, 1, 1), None)


def test_an_input_is_shown_with_its_wording_or_empty(tiny: Library) -> None:
    field = tiny.metrics["compulsory_premium"].field("vehicle")
    assert (shown(tiny, field, "truck").said, shown(tiny, field, "truck").editable) == ("货车", False)
    empty = shown(tiny, tiny.metrics["nps"].field("total"), None)
    assert (empty.value, empty.said, empty.editable) == (None, "", True)


def test_a_goal_gives_what_is_needed_and_what_is_missing(tiny: Library) -> None:
    one = reading(tiny, "判责7笔，成交1000单，纠纷退款率要降到千分之五还差多少单成交")
    solution, found = solved(tiny, one, 0.005, THEN)
    assert (solution.needed, solution.gap) == (1400, 400)
    assert {finding.value for finding in found} == {1400, 400}
    assert found[0].value == 400, "what was asked comes first"
    assert all(finding.unit == "笔" for finding in found)
    assert found[0].inputs["target"] == 0.005
    assert [one.name for one in found[0].shown][-1] == "target"


def test_a_limit_says_how_many_at_most_and_how_many_are_left(tiny: Library) -> None:
    one = reading(tiny, "成交9000单，判责4单，纠纷退款率不超过千分之一，最多还能出几单纠纷")
    _, found = solved(tiny, one, 0.001, THEN)
    assert [finding.value for finding in found] == [9, 5]


def test_a_limit_already_passed_says_how_many_are_too_many(tiny: Library) -> None:
    one = reading(tiny, "成交9000单，判责12单，纠纷退款率不超过千分之一，最多还能出几单纠纷")
    solution, found = solved(tiny, one, 0.001, THEN)
    assert not solution.met
    assert [finding.value for finding in found] == [9, 3]
    assert "减少" in found[1].label


def test_a_goal_without_an_input_to_change_is_a_sentence(tiny: Library) -> None:
    one = reading(tiny, "判责7笔，成交1000单，纠纷退款率")
    with pytest.raises(InvalidInput, match="想改哪个数"):
        solved(tiny, one, 0.005, THEN)
