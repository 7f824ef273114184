"""The figures of a paper: each beside a word that names it, over all that was said."""

from datetime import date

import pytest

from assistant.gathering import gathered, told
from assistant.library import Library
from assistant.reading import Reader
from assistant.understanding import Exchange, Understood

NOW = date(2026, 11, 25)


@pytest.mark.parametrize(("guide", "text", "expected"), [
    ("dispute_appeal_statement", "昨天小二判我责任，写份申诉", {"dispute_appeal_deadline": {"judged": date(2026, 11, 24)}}),
    ("dispute_appeal_statement", "申诉截止哪天，11月23日", {"dispute_appeal_deadline": {"judged": date(2026, 11, 23)}}),
    ("dispute_appeal_statement", "11月23日发的货，帮我写份申诉", {}),
    (
        "claim_or_self_pay_account", "修车1800元，四年没出险，基准保费4000",
        {"claim_extra_premium": {"clean_years": 4.0, "base_x_autonomous": 4000.0}, "claim_net_gain": {"repair_cost": 1800.0}},
    ),
    ("claim_or_self_pay_account", "修车1800元，列个账", {"claim_net_gain": {"repair_cost": 1800.0}}),
    (
        # a month's fines are not the penalty of one contract
        "fine_objection_letter", "派费18万，总部罚款3.2万，实际损失两万",
        {
            "express_fine_share": {"delivery_income": 180_000.0, "fines": 32_000.0},
            "contract_penalty_excess": {"loss": 20_000.0},
        },
    ),
    (
        "complaint_12315_letter", "11月10日签收，商家11月18日收到退货一直不退钱",
        {
            "no_reason_return_deadline": {"sign_date": date(2026, 11, 10)},
            "refund_deadline": {"received_date": date(2026, 11, 18)},
        },
    ),
    ("complaint_12315_letter", "11月10日签收的", {"no_reason_return_deadline": {"sign_date": date(2026, 11, 10)}}),
    (
        "wage_deduction_objection", "工资5000，最低工资2300，11月10日发现被扣",
        {"wage_deduction_cap": {"wage": 5000.0, "min_wage": 2300.0}, "labor_arbitration_deadline": {"known": date(2026, 11, 10)}},
    ),
])
def test_a_figure_belongs_to_the_word_beside_it(
    library: Library, reader: Reader, guide: str, text: str, expected: dict[str, dict[str, object]]
) -> None:
    assert told(reader, library.guides[guide], text, NOW) == expected


def test_each_day_is_one_thing(library: Library, reader: Reader) -> None:
    text = "2025年3月5日提的车，跑了9500公里，11月20日提出退车"
    found = told(reader, library.guides["sanbao_request_letter"], text, NOW)
    assert {found[id]["started"] for id in ("sanbao_term_end", "sanbao_seven_days_end", "sanbao_sixty_days_end")} == {date(2025, 3, 5)}
    assert {found[id]["request_date"] for id in ("warranty_reply_deadline", "warranty_settle_deadline")} == {date(2026, 11, 20)}
    assert found["warranty_use_fee"] == {"km": 9500.0}


def test_the_first_of_a_row_is_no_figure_of_its_own(library: Library, reader: Reader) -> None:
    found = told(reader, library.guides["target_negotiation_sheet"], "目标120台，过去六个月做了80、100、90", NOW)
    assert found["target_vs_best"] == {"target": 120.0, "history": (80.0, 100.0, 90.0)}
    assert "actual" not in found["kpi_lift"]


def test_earlier_words_count_until_a_later_one_says_otherwise(library: Library, reader: Reader) -> None:
    guide = library.guides["claim_or_self_pay_account"]
    history = [
        Exchange("修车1800元划算吗", Understood()),
        Exchange("四年没出险，基准保费4000", Understood("claim_extra_premium", {"base_x_autonomous": 4200.0, "clean_years": 4.0})),
    ]
    found = gathered(reader, guide, "修车要2500元，列个账单", NOW, history)
    assert found["claim_net_gain"] == {"repair_cost": 2500.0}
    assert found["claim_extra_premium"] == {"clean_years": 4.0, "base_x_autonomous": 4200.0}, "as it was computed"


def test_a_metric_of_another_paper_fills_nothing(library: Library, reader: Reader) -> None:
    history = [Exchange("那再多200单呢", Understood("dispute_refund_rate", {"liable_refunds": 7.0, "paid_suborders": 1200.0}))]
    found = gathered(reader, library.guides["dispute_appeal_statement"], "写份申诉说明", NOW, history)
    assert found == {"dispute_appeal_deadline": {}, "dispute_rolloff_day": {}}
