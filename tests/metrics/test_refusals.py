"""Any figures: a value where they are sound, a Chinese sentence where they cannot be right, and never anything else."""

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from assistant.errors import InvalidInput
from assistant.metrics import Field, InputValue, Metric

from .figures import METRICS, keys, knowledge, named, sound

SENTENCE = re.compile(r"[\u4e00-\u9fff].*[。！？]$", re.S)
PARTS = [(one, field) for one in METRICS.values() for field in one.fields if field.spec.part_of]
WHOLES = [(one, field) for one in METRICS.values() for field in one.fields if field.spec.positive]
NUMBERS = [(one, field) for one in METRICS.values() for field in one.fields if field.kind in ("number", "many")]
TOPS = [(one, field) for one, field in NUMBERS if field.spec.maximum is not None]


def refusal(one: Metric, inputs: Mapping[str, InputValue]) -> str:
    """The sentence in which figures are refused."""
    with pytest.raises(InvalidInput) as told:
        one.compute(inputs, knowledge)
    assert SENTENCE.search(str(told.value))
    return str(told.value)


numbers = st.one_of(
    st.sampled_from([0.0, -1.0, 1.0, 0.5, 5.0, 100.0]),
    st.integers(-1000, 10**9).map(float),
    st.integers(-(10**6), 10**9).map(lambda n: n / 1000),
)


def any_value(field: Field) -> st.SearchStrategy[InputValue]:
    if field.kind == "date":
        return st.dates(date(1950, 1, 1), date(2100, 1, 1))
    if field.kind == "choice":
        return st.sampled_from(keys(field))
    return st.lists(numbers, max_size=4).map(tuple) if field.kind == "many" else numbers


@pytest.mark.parametrize("one", METRICS.values(), ids=named)
@settings(max_examples=60)
@given(data=st.data())
def test_any_figures_give_a_finite_value_or_a_sentence(one: Metric, data: st.DataObject) -> None:
    inputs = {field.name: data.draw(any_value(field), field.name) for field in one.fields}
    told, value = "", None
    try:
        value = one.compute(inputs, knowledge)
    except InvalidInput as refused:
        told = str(refused)
    assert SENTENCE.search(told) or isinstance(value, date | bool) or (value is not None and math.isfinite(value))


SHARES = [
    one for one in METRICS.values()
    if one.unit == "ratio" and len(one.fields) == 2 and any(field.spec.part_of for field in one.fields)
] + [METRICS["jd_dispute_rate"], METRICS["bay_utilization"]]


@pytest.mark.parametrize("one", SHARES, ids=named)
@settings(max_examples=60)
@given(data=st.data())
def test_a_part_of_a_whole_is_a_share(one: Metric, data: st.DataObject) -> None:
    inputs = {field.name: data.draw(st.integers(0, 10**7).map(float), field.name) for field in one.fields}
    try:
        value = one.compute(inputs, knowledge)
    except InvalidInput:
        return
    assert isinstance(value, float)
    assert 0 <= value <= 1


def test_most_rates_are_shares() -> None:
    assert len(SHARES) >= 25


@pytest.mark.parametrize("one", METRICS.values(), ids=named)
def test_sound_figures_are_computed(one: Metric) -> None:
    assert one.compute(sound(one), knowledge) is not None


@pytest.mark.parametrize(("one", "field"), PARTS, ids=named)
def test_a_part_above_its_whole_is_refused_naming_both(one: Metric, field: Field) -> None:
    whole = one.field(str(field.spec.part_of))
    inputs = sound(one) | {field.name: 90.0, whole.name: 80.0}
    said = refusal(one, inputs)
    assert field.spec.label in said
    assert whole.spec.label in said


@pytest.mark.parametrize(("one", "field"), WHOLES, ids=named)
def test_a_zero_denominator_is_refused_by_name(one: Metric, field: Field) -> None:
    zero: InputValue = (1.0, 0.0) if field.kind == "many" else 0.0
    assert field.spec.label in refusal(one, sound(one) | {field.name: zero})


@pytest.mark.parametrize(("one", "field"), NUMBERS, ids=named)
def test_a_negative_figure_is_refused_by_name_where_it_makes_no_sense(one: Metric, field: Field) -> None:
    negative: InputValue = (-1.0, 1.0) if field.kind == "many" else -1.0
    inputs = sound(one) | {field.name: negative}
    if field.spec.signed:
        one.check(inputs)
    else:
        said = refusal(one, inputs)
        assert field.spec.label in said
        assert "负" in said


@pytest.mark.parametrize(("one", "field"), TOPS, ids=named)
def test_a_figure_above_the_possible_is_refused_by_name(one: Metric, field: Field) -> None:
    above = float(field.spec.maximum or 0) * 1.5
    assert field.spec.label in refusal(one, sound(one) | {field.name: (above, above) if field.kind == "many" else above})


@pytest.mark.parametrize(
    ("id", "inputs", "word"),
    [
        ("nps", {"promoters": 60, "detractors": 50, "total": 100}, "总人数"),
        ("jd_dispute_rate", {"merchant_liable": 1, "both_liable": 1, "appeal_ok": 3, "orders": 100}, "申诉"),
        ("jd_dispute_rate", {"merchant_liable": 90, "both_liable": 20, "appeal_ok": 3, "orders": 100}, "下单"),
        ("bay_utilization", {"occupied_hours": 100, "bays": 5, "open_hours": 9}, "工位"),
        ("csi", {"scores": (90.0, 80.0), "weights": (1.0,)}, "权重"),
        ("csi", {"scores": (90.0,), "weights": (0.0,)}, "CSI"),
        ("claim_cost_over_years", {"base_x_autonomous": 1, "ncd_with": (1.0, 1.0), "ncd_without": (1.0, 1.0, 1.0)}, "年"),
        ("delay_compensation", {"paid": 1, "rate": 0.1, "lo": 9, "hi": 5}, "最低"),
        ("absorption_rate_nada", {"service_gross_profit": 1, "total_opex": 5, "vehicle_variable_selling": 5}, "分母"),
        ("parts_turnover", {"annual_cogs": 1, "begin_inv": 0, "end_inv": 0}, "分母"),
        ("ncd_factor", {"level": 9}, "9级"),
        ("commercial_premium", {"pure_risk": 1, "expense_ratio": 1, "ncd": 1, "violation": 1, "autonomous": 1}, "分母"),
        ("refund_duration", {"durations_hours": ()}, "退款"),
        ("target_vs_best", {"target": 10, "history": ()}, "往期"),
    ],
)
def test_figures_that_contradict_each_other_are_refused(id: str, inputs: dict[str, Any], word: str) -> None:
    assert word in refusal(METRICS[id], inputs)


@pytest.mark.parametrize(
    ("id", "inputs"),
    [
        ("refund_deadline", {"received_date": date(9999, 12, 31)}),
        ("labor_arbitration_deadline", {"known": date(9999, 12, 31)}),
        ("labor_fee", {"std_hours": 1e308, "rate": 1e308, "complexity": 1.0}),
    ],
)
def test_figures_beyond_all_reason_are_refused(id: str, inputs: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=r"大得不合理.*。$"):
        METRICS[id].compute(inputs, knowledge)


def test_missing_figures_are_no_contradiction() -> None:
    METRICS["dispute_refund_rate"].check({"liable_refunds": 7.0})


def test_the_zero_denominator_is_told_before_its_consequence() -> None:
    assert "分母" in refusal(METRICS["dispute_refund_rate"], {"liable_refunds": 1.0, "paid_suborders": 0.0})
