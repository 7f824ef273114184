"""Every formula: right for sound figures, a Chinese sentence for figures that cannot be right, and never anything else."""

import math
import re
from collections.abc import Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given, settings, strategies as st

from assistant.errors import InvalidInput
from assistant.library import Library
from assistant.metrics import Field, Input, InputValue, Metric, metric, registry
from assistant.metrics.claims import factors

METRICS = registry()
LIBRARY = Library.read(Path(__file__).resolve().parent.parent / "knowledge")
SENTENCE = re.compile(r"[\u4e00-\u9fff].*[。！？]$", re.S)
PARTS = [(one, field) for one in METRICS.values() for field in one.fields if field.spec.part_of]
WHOLES = [(one, field) for one in METRICS.values() for field in one.fields if field.spec.positive]
NUMBERS = [(one, field) for one in METRICS.values() for field in one.fields if field.kind in ("number", "many")]
TOPS = [(one, field) for one, field in NUMBERS if field.spec.maximum is not None]


def named(pair: object) -> str | None:
    return f"{pair.id}" if isinstance(pair, Metric) else pair.name if isinstance(pair, Field) else None


def knowledge(name: str) -> Mapping[str, Any]:
    """The last numbers a rule had, the last rows of a table: some rules are no longer in force today."""
    if name in LIBRARY.tables:
        return max(LIBRARY.tables[name].versions.items())[1]
    return [dated.version.numbers for dated in LIBRARY.rules[name].timeline if not dated.version.ended][-1]


def sound(one: Metric) -> dict[str, InputValue]:
    """Figures that fit together: parts of ten in wholes of a hundred."""
    def value(field: Field) -> InputValue:
        if field.kind == "date":
            return date(2026, 11, 2)
        if field.kind == "choice":
            return keys(field)[0]
        if field.name == "min_wage":
            return 10.0  # a wage at the minimum leaves nothing to deduct
        if field.name == "excluded_hours":
            return 0.0  # of several visits nothing can be taken off as a whole
        small = field.spec.unit in ("ratio", "factor") or (field.spec.maximum or 100) <= 5
        number = 0.5 if small else 10.0 if field.spec.part_of else 100.0
        if field.spec.unit in ("级", "次"):
            number = 1.0
        return (number, number) if field.kind == "many" else number

    return {field.name: value(field) for field in one.fields}


def keys(field: Field) -> list[str]:
    """The values a choice may take."""
    rows = knowledge(str(field.spec.choice))
    if not field.spec.column:
        return list(rows)
    return list(next(cell for cell in rows.values() if isinstance(cell, dict)))


def refusal(one: Metric, inputs: Mapping[str, InputValue]) -> str:
    """The sentence in which figures are refused."""
    with pytest.raises(InvalidInput) as told:
        one.compute(inputs, knowledge)
    assert SENTENCE.search(str(told.value))
    return str(told.value)


VALUES: list[tuple[str, dict[str, Any], float | bool | date]] = [
    ("dispute_refund_rate", {"liable_refunds": 7, "paid_suborders": 1200}, 7 / 1200),
    ("refund_rate", {"refunded": 139, "suborders": 2780}, 0.05),
    ("quality_refund_rate", {"quality_refunds": 12, "suborders": 800}, 0.015),
    ("shop_experience_score", {"score": 4.2}, 4.2),
    ("pickup_48h", {"picked_48h": 3112, "shipped_due": 3200}, 0.9725),
    ("delay_compensation", {"paid": 100, "rate": 0.1, "lo": 3, "hi": 100}, 10),
    ("delay_compensation", {"paid": 10, "rate": 0.1, "lo": 3, "hi": 100}, 3),
    ("delay_compensation", {"paid": 5000, "rate": 0.1, "lo": 3, "hi": 100}, 100),
    ("self_close_rate", {"self_closed": 512, "all_closed": 640}, 0.8),
    ("refund_duration", {"durations_hours": (3.0, 12.0, 2.5, 26.0, 8.5)}, 10.4),
    ("refund_duration_weighted", {"h_only": 10, "n_only": 30, "h_return": 50, "n_return": 10}, 20),
    ("refund_only_share", {"n_only": 30, "n_self_closed": 120}, 0.25),
    ("pdd_dispute_rate", {"liable_refunds": 54, "grouped_orders": 36000}, 0.0015),
    ("pdd_reply_3min", {"consult": 200, "not_replied_3min": 30}, 0.85),
    ("jd_dispute_rate", {"merchant_liable": 11, "both_liable": 4, "appeal_ok": 3, "orders": 9800}, 12 / 9800),
    ("jd_service_hours", {"audit_hours": 30, "wait_customer_hours": 12, "handle_hours": 20}, 38),
    ("jd_return_repair_rate", {"service_orders": 25, "completed_items": 1000}, 0.025),
    ("douyin_week_score", {"scores": (80.0, 90.0)}, 85),
    ("net_output", {"bill_total": 11800, "discount": 500, "vat": 0.13}, 10000),
    ("revenue_per_visit", {"output": 744000, "ro_count": 620}, 1200),
    ("gross_profit_per_visit", {"service_gross_profit": -6400, "ro_count": 640}, -10),
    ("gross_margin", {"revenue": 500, "cost": 300}, 0.4),
    ("absorption_rate", {"service_gross_profit": 2560000, "total_opex": 3200000}, 0.8),
    ("absorption_rate_nada", {"service_gross_profit": 90, "total_opex": 150, "vehicle_variable_selling": 50}, 0.9),
    ("churn_6m", {"base_customers": 860, "returned_within_6m": 688}, 0.2),
    ("return_rate_6m", {"base_customers": 860, "returned_within_6m": 688}, 0.8),
    ("retention_rate", {"end_active": 1000, "new_customers": 200, "start_active": 1000}, 0.8),
    ("nps", {"promoters": 236, "detractors": 60, "total": 400}, 44),
    ("csi", {"scores": (90.0, 80.0), "weights": (0.6, 0.2)}, 87.5),
    ("first_time_fix_rate", {"rework": 5, "total": 80}, 0.9375),
    ("bay_utilization", {"occupied_hours": 81, "bays": 12, "open_hours": 9}, 0.75),
    ("bay_turnover", {"daily_ro": 54, "bays": 18}, 3),
    ("parts_turnover", {"annual_cogs": 900, "begin_inv": 100, "end_inv": 200}, 6),
    ("parts_turnover_days", {"turnover": 10}, 36.5),
    ("vehicle_carry_cost", {"cost": 100000, "annual_rate": 0.073, "days": 50}, 1000),
    ("labor_fee", {"std_hours": 1.5, "rate": 280, "complexity": 1.2}, 504),
    ("labor_fee", {"std_hours": 2, "rate": 100}, 200),
    ("repair_total", {"labor_fees": (100.0, 50.0), "part_prices": (300.0,)}, 450),
    ("parts_markup", {"price": 300, "cost": 200}, 0.5),
    ("parts_to_car_ratio", {"parts_sum": 600000, "car_price": 200000}, 300),
    ("warranty_repair_days", {"hours": (25,)}, 2),
    ("warranty_repair_days", {"hours": (50, 26, 73)}, 9),
    ("warranty_repair_days", {"hours": (60,), "excluded_hours": 12}, 2),
    ("commercial_premium", {"pure_risk": 2100, "expense_ratio": 0.25, "ncd": 0.5, "violation": 1, "autonomous": 0.85}, 1190),
    ("claim_cost_over_years", {"base_x_autonomous": 3200, "ncd_with": (0.7, 0.7, 0.7, 0.6, 0.5), "ncd_without": (0.5,)}, 2240),
    ("claim_net_gain", {"repair_cost": 3000, "extra_premium": 2240}, 760),
    ("autonomous_factor_change", {"new": 0.5, "old": 0.625}, -0.2),
    ("express_complaint_ppm", {"complaints": 9, "volume": 3_000_000}, 3),
    ("express_fine_per_piece", {"fines": 300, "volume": 6000}, 0.05),
    ("contract_penalty_excess", {"loss": 32000, "penalty": 50000}, 0.5625),
    ("kpi_achievement", {"actual": 90, "target": 120}, 0.75),
    ("kpi_lift", {"actual": 100, "target": 130}, 0.3),
    ("kpi_daily_needed", {"target": 300, "actual": 200, "days_left": 10}, 10),
    ("kpi_daily_needed", {"target": 200, "actual": 300, "days_left": 10}, 0),
    ("kpi_people_needed", {"target": 300, "actual": 0, "days_left": 10, "per_person_daily": 10}, 3),
    ("kpi_people_needed", {"target": 301, "actual": 0, "days_left": 10, "per_person_daily": 10}, 4),
    ("target_vs_average", {"target": 120, "history": (80.0, 100.0, 120.0)}, 1.2),
    ("target_vs_best", {"target": 120, "history": (80.0, 100.0, 150.0)}, 0.8),
]


@pytest.mark.parametrize(("id", "inputs", "expected"), VALUES)
def test_a_formula_gives_the_value_worked_out_by_hand(id: str, inputs: dict[str, Any], expected: float) -> None:
    assert METRICS[id].compute(inputs, knowledge) == pytest.approx(expected)


BORROWED: list[tuple[str, dict[str, Any], dict[str, Any], object]] = [
    ("complaint_accept_deadline", {"received": date(2026, 3, 6)}, {"accept": 2}, date(2026, 3, 10)),
    ("complaint_mediation_deadline", {"accepted": date(2026, 3, 2)}, {"mediate": 6}, date(2026, 3, 10)),
    ("report_check_deadline", {"reported": date(2026, 3, 7)}, {"check": 1}, date(2026, 3, 9)),
    ("dispute_appeal_deadline", {"judged": date(2026, 11, 23)}, {"appeal": 72}, date(2026, 11, 26)),
    ("dispute_rolloff_day", {"effective": date(2026, 11, 2)}, {"window": 28}, date(2026, 11, 30)),
    ("postal_appeal_start", {"complained": date(2026, 11, 1)}, {"company_days": 7}, date(2026, 11, 9)),
    ("postal_answer_deadline", {"appealed": date(2026, 11, 1)}, {"reply_days": 30}, date(2026, 12, 1)),
    ("labor_arbitration_deadline", {"known": date(2026, 10, 8)}, {"years": 1}, date(2027, 10, 8)),
    ("labor_arbitration_deadline", {"known": date(2024, 2, 29)}, {"years": 1}, date(2025, 2, 28)),
    ("sanbao_term_end", {"started": date(2024, 3, 5)}, {"term_years": 2}, date(2026, 3, 5)),
    ("sanbao_fix_end", {"started": date(2024, 2, 29)}, {"fix_years": 3}, date(2027, 2, 28)),
    ("sanbao_fix_end", {"started": date(2024, 2, 29)}, {"fix_years": 4}, date(2028, 2, 29)),
    ("sanbao_seven_days_end", {"started": date(2026, 11, 20)}, {"days": 7}, date(2026, 11, 27)),
    ("sanbao_sixty_days_end", {"started": date(2026, 11, 20)}, {"days": 60}, date(2027, 1, 19)),
    (
        "repair_guarantee_end", {"released": date(2026, 11, 1), "kind": "second"},
        {"full_days": 100, "second_days": 30, "small_days": 10}, date(2026, 12, 1),
    ),
    ("no_reason_return_deadline", {"sign_date": date(2026, 10, 28)}, {"days": 7}, date(2026, 11, 4)),
    ("wage_deduction_cap", {"wage": 2600, "min_wage": 2360}, {"share": 0.2}, 240),
    ("wage_deduction_cap", {"wage": 5000, "min_wage": 2300}, {"share": 0.2}, 1000),
    ("wage_deduction_cap", {"wage": 2000, "min_wage": 2300}, {"share": 0.2}, 0),
    ("warranty_use_fee", {"car_price": 168000, "km": 9500, "n": 0.005}, {"per": 1000, "cap": 0.005}, 7980),
    ("warranty_use_fee", {"car_price": 100000, "km": 1000, "n": 0.9}, {"per": 1000, "cap": 0.005}, 500),
    ("warranty_backup_vehicle", {"single_repair_days": 3}, {"free_days": 5}, 0),
    ("warranty_reply_deadline", {"request_date": date(2026, 11, 20)}, {"reply": 3, "settle": 5}, date(2026, 11, 25)),
    ("compulsory_property_excess", {"damage": 5000}, {"property": 2000}, 3000),
    ("vehicle_tax_late_fee", {"tax": 400, "days": 10}, {"daily": 0.0005}, 2),
    (
        "labor_severance", {"years": 3.25, "avg_wage_12m": 6000},
        {"year_months": 1, "short_months": 0.5, "short_below": 0.5, "illegal_multiple": 2}, 21000,
    ),
    (
        "labor_severance", {"years": 3.5, "avg_wage_12m": 6000},
        {"year_months": 1, "short_months": 0.5, "short_below": 0.5, "illegal_multiple": 2}, 24000,
    ),
    (
        "labor_illegal_dismissal_pay", {"years": 4, "avg_wage_12m": 6000},
        {"year_months": 1, "short_months": 0.5, "short_below": 0.5, "illegal_multiple": 2}, 48000,
    ),
]


@pytest.mark.parametrize(("id", "inputs", "numbers", "expected"), BORROWED)
def test_a_formula_uses_the_numbers_of_its_rule(
    id: str, inputs: dict[str, Any], numbers: dict[str, Any], expected: object
) -> None:
    assert METRICS[id].borrowed
    value = METRICS[id].compute(inputs, lambda _: numbers)
    assert value == expected if isinstance(expected, date) else value == pytest.approx(expected)


def test_a_premium_is_the_base_of_the_vehicle_times_the_rate_of_region_and_record() -> None:
    rows: dict[str, dict[str, Any]] = {
        "compulsory_base_premium": {"small": 950}, "compulsory_region": {"A": ("西藏",), "E": ("湖北",)},
        "compulsory_float": {"A": {"clean": -0.5}, "E": {"clean": -0.3}},
    }
    one = METRICS["compulsory_premium"]
    premiums = [
        one.compute({"vehicle": "small", "region": region, "record": "clean"}, rows.__getitem__) for region in ("A", "E", "西藏")
    ]
    assert premiums == pytest.approx([475, 665, 475])


def test_the_no_claims_level_counts_claims_against_years() -> None:
    numbers = {"best_years": 5, "best": -5, "worst": 5, "window": 3}
    one = METRICS["ncd_level"]

    def level(claims: float, years: float, clean: float = 0) -> object:
        return one.compute({"claims_3y": claims, "insured_years": years, "clean_years": clean}, lambda _: numbers)

    assert [level(1, 3), level(2, 1), level(9, 1), level(0, 2), level(0, 9, 6), level(0, 9, 4)] == [-2, 1, 5, -2, -5, -3]
    with pytest.raises(InvalidInput, match="连续没有赔款"):
        level(0, 9)


NCD = {"-4": 0.5, "-3": 0.6, "-2": 0.7, "-1": 0.8, "0": 1.0, "1": 1.2}


@pytest.mark.parametrize(
    ("clean_years", "paths", "times"),
    [
        (4, [(0.7, 0.5), (0.7, 0.5), (0.7, 0.5), (0.6, 0.5), (0.5, 0.5)], 0.7),
        (9, [(0.7, 0.5), (0.7, 0.5), (0.7, 0.5), (0.6, 0.5), (0.5, 0.5)], 0.7),
        (1, [(1.0, 0.8), (0.8, 0.7), (0.7, 0.6), (0.6, 0.5), (0.5, 0.5)], 0.5),
        (0.4, [(1.0, 0.8), (0.8, 0.7), (0.7, 0.6), (0.6, 0.5), (0.5, 0.5)], 0.5),
    ],
)
def test_one_claim_is_paid_for_until_its_record_has_left_the_window(
    clean_years: float, paths: list[tuple[float, float]], times: float
) -> None:
    rule = {"window": 3, "best_years": 4, "best": -4, "worst": 5}
    assert factors(clean_years, 5, rule, NCD) == paths
    rules: dict[str, dict[str, Any]] = {"ncd_level": rule, "ncd_2020": NCD, "one_claim_path": {"renewals": 5}}
    value = METRICS["claim_extra_premium"].compute({"base_x_autonomous": 4000, "clean_years": clean_years}, rules.__getitem__)
    assert value == pytest.approx(4000 * times)


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


@pytest.mark.parametrize("one", METRICS.values(), ids=named)
def test_a_metric_can_be_shown_and_read(one: Metric) -> None:
    assert re.search(r"[\u4e00-\u9fff]", one.formula)
    assert one.fields
    for field in one.fields:
        assert field.spec.label
        assert field.spec.part_of is None or one.field(field.spec.part_of).name != field.name
    for first, second in combinations(one.fields, 2):
        shared = {first.spec.label, *first.spec.aliases} & {second.spec.label, *second.spec.aliases}
        # 仅退款 names both a number of cases and their hours: the unit tells which
        assert not shared or first.spec.unit != second.spec.unit, f"{shared} names two inputs of {one.id}"


def test_a_fraction_is_drawn_only_for_one_figure_over_another() -> None:
    assert METRICS["dispute_refund_rate"].fraction == ("liable_refunds", "paid_suborders")
    assert METRICS["first_time_fix_rate"].fraction == ("rework", "total")
    assert METRICS["absorption_rate"].fraction == ("service_gross_profit", "total_opex")
    assert METRICS["nps"].fraction is None
    assert METRICS["claim_net_gain"].fraction is None


def test_a_field_says_its_values_in_words() -> None:
    durations = METRICS["refund_duration"].field("durations_hours")
    assert durations.say((3.0, 2.5)) == "3小时、2.5小时"
    assert METRICS["compulsory_premium"].field("region").say("西藏") == "西藏"
    assert METRICS["dispute_refund_rate"].field("paid_suborders").whole
    assert not METRICS["absorption_rate"].field("total_opex").whole
    with pytest.raises(KeyError):
        METRICS["nps"].field("nobody")


def test_a_parameter_without_a_description_is_a_mistake_of_the_programmer() -> None:
    @metric("没说清", "元")
    def unclear(amount: float) -> float:
        """随便。"""
        return amount

    with pytest.raises(TypeError, match=r"unclear\.amount"):
        _ = unclear.fields


def test_a_function_becomes_a_metric_with_its_signature() -> None:
    @metric("测试率", "ratio", aliases=("试率",), worse="higher")
    def trial(
        part: Annotated[float, Input("部分", "笔", part_of="whole")],
        whole: Annotated[float, Input("全部", "笔", positive=True)],
        shift: Annotated[float, Input("修正", "factor", default=1)],
        *,
        some_rule: Mapping[str, float],
    ) -> float:
        """部分 ÷ 全部 × 修正 × 规则数。

        More is not shown.
        """
        return part / whole * shift * some_rule["times"]

    assert (trial.id, trial.formula, trial.borrowed) == ("trial", "部分 ÷ 全部 × 修正 × 规则数", ("some_rule",))
    assert [field.name for field in trial.fields] == ["part", "whole", "shift"]
    assert trial.compute({"part": 1.0, "whole": 4.0}, lambda _: {"times": 2.0}) == 0.5
