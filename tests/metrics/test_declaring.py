"""A function becomes a metric: its signature is its form, its documentation its formula."""

import re
from collections.abc import Mapping
from itertools import combinations
from typing import Annotated

import pytest

from assistant.metrics import Input, Metric, metric

from .figures import METRICS, named


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
