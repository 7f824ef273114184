"""A guide filled in: values where figures are known, lines where not, sources numbered at the end."""

from datetime import date
from pathlib import Path

import pytest

from assistant.drafting import Draft, clock, draft, file_name
from assistant.errors import InvalidInput
from assistant.library import Library
from assistant.sheets import Given

from .guide_files import GUIDE, with_guide

NOW = date(2026, 11, 23)
SIGNED: Given = {"no_reason_return_deadline": {"sign_date": date(2026, 11, 20)}}
LINE = "＿＿＿＿"


@pytest.fixture
def library(tiny_folder: Path) -> Library:
    """The tiny knowledge with one guide."""
    return with_guide(tiny_folder)


def filled(library: Library, given: Given, *, day: date = NOW, today: date = NOW) -> Draft:
    return draft(library, library.guides["return_paper"], given, day, today)


def cells(made: Draft) -> dict[str, str]:
    rows = [line.strip("| ").split(" | ") for line in made.markdown.split("\n") if line.startswith("|")]
    return {row[0]: row[1] for row in rows if len(row) == 2}


def test_without_figures_every_place_is_a_line(library: Library) -> None:
    made = filled(library, {})
    assert [cells(made)[name] for name in ("签收", "最后日", "最多可扣", "纠纷退款率")] == [LINE] * 4
    assert made.findings == ()
    assert made.missing == (
        "签收日期", "当月工资", "当地最低工资标准", "判商家责任且生效的退款笔数", "支付宝成交子订单数",
    )
    assert "{{" not in made.markdown


def test_figures_are_computed_and_shown_as_given(library: Library) -> None:
    made = filled(library, {**SIGNED, "wage_deduction_cap": {"wage": 5000.0, "min_wage": 2300.0}})
    assert cells(made)["签收"] == "2026-11-20"
    assert cells(made)["最后日"] == "2026-11-27（还剩4天）"
    assert cells(made)["最多可扣"] == "1,000元"
    assert [finding.metric for finding in made.findings] == ["no_reason_return_deadline", "wage_deduction_cap"]
    assert made.missing == ("判商家责任且生效的退款笔数", "支付宝成交子订单数")


def test_half_of_the_figures_compute_nothing(library: Library) -> None:
    made = filled(library, {"wage_deduction_cap": {"wage": 5000.0}})
    assert cells(made)["最多可扣"] == LINE
    assert "当月工资" not in made.missing
    assert "当地最低工资标准" in made.missing


@pytest.mark.parametrize(("last", "said"), [
    (date(2026, 11, 28), "2026-11-28（还剩3天）"), (date(2026, 11, 25), "2026-11-25（今天到期）"),
    (date(2026, 11, 23), "2026-11-23（已过2天）"),
])
def test_a_clock_counts_from_today(last: date, said: str) -> None:
    assert clock(last, date(2026, 11, 25)) == said


def test_the_day_of_the_rules_is_not_the_day_of_the_clock(library: Library) -> None:
    wages: Given = {"dispute_refund_rate": {"liable_refunds": 7.0, "paid_suborders": 1000.0}}
    then = filled(library, wages, day=date(2021, 5, 5))
    assert then.findings[0].verdict == "watch"
    assert "日期：2026-11-23" in then.markdown
    assert filled(library, wages).findings[0].verdict_word == "不再考核"


def test_a_blank_says_what_belongs_there_unless_it_is_said_already(library: Library) -> None:
    markdown = filled(library, {}).markdown
    assert f"姓名：{LINE}\n" in markdown
    assert f"本人在{LINE}（店铺）购买。日期：2026-11-23" in markdown


def test_sources_are_numbered_and_listed_with_title_period_and_day(library: Library) -> None:
    made = filled(library, SIGNED)
    body, grounds = made.markdown.split("## 依据")
    assert "内。[1]" in body
    assert "这么说。[2]" in body
    lines = [line for line in grounds.split("\n") if line.startswith("- ")]
    assert lines == [
        "- [1] 七日无理由的天数（2014-03-15 起）：测试部《测试条例》。规则原文，2026-11-23核对",
        "- [2] 某站：一篇转述。待核实，2026-11-23核对",
    ]
    assert [citation.id for citation in made.citations] == ["rule/no_reason_return_days", "source/page"]
    assert made.say == "说明写好了，7天内提交。[1]"


def test_a_graded_value_brings_its_rule_among_the_sources(library: Library) -> None:
    made = filled(library, {"dispute_refund_rate": {"liable_refunds": 7.0, "paid_suborders": 1000.0}}, day=date(2021, 5, 5))
    assert {"rule/dispute_refund_rate", "rule/dispute_line"} <= {citation.id for citation in made.citations}


def test_figures_that_cannot_be_right_are_refused(library: Library) -> None:
    with pytest.raises(InvalidInput, match="超过了"):
        filled(library, {"dispute_refund_rate": {"liable_refunds": 9.0, "paid_suborders": 3.0}})
    with pytest.raises(InvalidInput, match="日期"):
        filled(library, {"no_reason_return_deadline": {"sign_date": "soon"}})


def test_what_no_metric_of_the_guide_has_is_left_out(library: Library) -> None:
    made = filled(library, {"nps": {"total": 1.0}, "wage_deduction_cap": {"colour": "red"}})  # type: ignore[dict-item]
    assert made.findings == ()


def test_an_input_is_fed_by_the_value_of_another_metric(tiny_folder: Path) -> None:
    text = GUIDE.replace("wage_deduction_cap, dispute", "wage_deduction_cap, claim_net_gain, dispute").replace(
        "blanks:", "feeds: {claim_net_gain.extra_premium: wage_deduction_cap}\nblanks:"
    ).replace("| 最多可扣 |", "| 净省 | {{value.claim_net_gain}} |\n| 最多可扣 |")
    library = with_guide(tiny_folder, text)
    wages: dict[str, float] = {"wage": 5000.0, "min_wage": 2300.0}
    made = filled(library, {"wage_deduction_cap": wages, "claim_net_gain": {"repair_cost": 1500.0}})
    assert cells(made)["净省"] == "500元"
    assert "走保险往后多交的保费" not in filled(library, {}).missing, "it is computed, so nobody is asked for it"
    told: Given = {"wage_deduction_cap": wages, "claim_net_gain": {"repair_cost": 1500.0, "extra_premium": 100.0}}
    assert cells(filled(library, told))["净省"] == "1,400元", "what was told counts more"


def test_a_rule_that_says_nothing_for_the_day_leaves_its_place_open(library: Library) -> None:
    made = filled(library, SIGNED, day=date(2010, 1, 1))
    assert cells(made)["最后日"] == LINE
    assert cells(made)["签收"] == "2026-11-20"


def test_a_choice_must_be_one_of_the_table(library: Library, tiny_folder: Path) -> None:
    text = GUIDE.replace("metrics: [", "metrics: [compulsory_premium, ")
    text = text.replace("| 最多可扣 |", "| 车 | {{given.compulsory_premium.vehicle}} |\n| 最多可扣 |")
    made = filled(with_guide(tiny_folder, text), {"compulsory_premium": {"vehicle": "truck"}})
    assert cells(made)["车"] == "货车"
    with pytest.raises(InvalidInput, match="车辆类别"):
        filled(with_guide(tiny_folder, text), {"compulsory_premium": {"vehicle": "<script>"}})


def test_a_file_name_is_one_that_every_system_takes(library: Library) -> None:
    assert filled(library, {}).name == "退货、扣款、说明-2026-11-23"
    assert file_name('a\\b:c*?"<>|d', NOW) == "a、b、c、d-2026-11-23"
