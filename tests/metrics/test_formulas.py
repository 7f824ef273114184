"""Every formula gives the value worked out by hand."""

from datetime import date
from typing import Any

import pytest

from assistant.errors import InvalidInput
from assistant.metrics.claims import factors

from .figures import METRICS, knowledge

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
    ("fraud_damages", {"price": 80}, {"times": 3, "minimum": 500}, 500), ("fraud_damages", {"price": 600}, {"times": 3, "minimum": 500}, 1800),
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
