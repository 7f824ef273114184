"""Which figure is which input: names beside it and units decide, all figures at once."""

from itertools import permutations

import pytest

from assistant.assignment import LEAVE_OUT, Placed, assign, unit_price
from assistant.figures import Figure, figures
from assistant.mentions import Names
from assistant.metrics import Field, Input, Metric, registry
from assistant.numerals import fold

METRICS = registry()


def placed(id: str, sentence: str) -> list[Placed]:
    """The figures of a sentence given to the inputs of one metric."""
    one, text = METRICS[id], fold(sentence)
    naming = {
        field.name: Names({fold(word): [field.name] for word in (field.spec.label, *field.spec.aliases)}).find(text)
        for field in one.fields
    }
    return assign(text, figures(text), one, naming)


def given(id: str, sentence: str) -> dict[str, tuple[float, ...]]:
    return {one.field: tuple(figure.value for figure in one.figures) for one in placed(id, sentence)}


@pytest.mark.parametrize("order", list(permutations(["售后毛利256万", "全店费用320万"])))
def test_the_order_of_the_parts_does_not_matter(order: tuple[str, ...]) -> None:
    assert given("absorption_rate", "，".join(order)) == {"service_gross_profit": (2.56e6,), "total_opex": (3.2e6,)}


def test_a_figure_goes_to_the_name_beside_it_even_when_units_agree() -> None:
    assert given("jd_dispute_rate", "商责11单，双方责任4单，申诉通过3单，下单9800单") == {
        "merchant_liable": (11,), "both_liable": (4,), "appeal_ok": (3,), "orders": (9800,),
    }


def test_a_name_may_stand_behind_its_figure() -> None:
    assert given("dispute_refund_rate", "有7单判责，1200单成交") == {"liable_refunds": (7,), "paid_suborders": (1200,)}


def test_a_figure_of_another_kind_is_left_out() -> None:
    assert given("dispute_refund_rate", "成交1200单，判责7单，赔了300元，占25%，修了3天") == {
        "liable_refunds": (7,), "paid_suborders": (1200,),
    }


def test_a_row_of_figures_fills_a_list() -> None:
    assert given("refund_duration", "分别用了3小时、12小时、26小时") == {"durations_hours": (3, 12, 26)}
    assert given("claim_cost_over_years", "走保险0.7、0.7、0.6，不走0.5，基准保费3200元") == {
        "ncd_with": (0.7, 0.7, 0.6), "ncd_without": (0.5,), "base_x_autonomous": (3200,),
    }


def test_a_figure_that_only_its_unit_speaks_for_is_marked() -> None:
    by_field = {one.field: one.named for one in placed("revenue_per_visit", "产值80万，还有640台次")}
    assert by_field["output"]
    alone = placed("labor_fee", "一共1.5工时")
    assert [one.field for one in alone] == ["std_hours"]


def test_no_figures_and_no_number_inputs_give_nothing() -> None:
    assert given("dispute_refund_rate", "纠纷退款率怎么算") == {}
    assert given("no_reason_return_deadline", "30天") == {}


def test_what_is_placed_costs_less_than_leaving_it_out() -> None:
    for one in placed("jd_dispute_rate", "商责11单，双方责任4单，申诉通过3单，下单9800单，另外5个"):
        assert one.price < LEAVE_OUT


def figure(value: float, unit: str, kind: str = "count") -> Figure:
    return Figure(value, unit, 0, 1, "", kind)


@pytest.mark.parametrize(
    ("seen", "unit", "fits"),
    [
        (figure(7, "笔"), "笔", True),
        (figure(7, "单"), "笔", True),
        (figure(7, "", "number"), "笔", True),
        (figure(7, "元", "money"), "笔", False),
        (figure(0.07, "ratio", "ratio"), "笔", False),
        (figure(0.07, "ratio", "ratio"), "ratio", True),
        (figure(0.5, "", "number"), "ratio", True),
        (figure(50, "", "number"), "ratio", False),
        (figure(280, "元", "money"), "元/工时", True),
        (figure(30, "天", "window"), "天", False),
        (figure(30, "天", "approx"), "天", False),
        (figure(3, "天", "range"), "天", False),
        (figure(3, "天", "duration"), "小时", True),
        (figure(3, "小时", "duration"), "天", False),
        (figure(1.5, "", "number"), "level", False),
        (figure(-3, "", "number"), "level", True),
    ],
)
def test_a_unit_decides_what_a_figure_can_be(seen: Figure, unit: str, fits: bool) -> None:
    assert (unit_price(seen, Field("x", "number", Input("某数", unit))) is not None) is fits


def test_the_same_unit_is_cheaper_than_a_related_one() -> None:
    field = Field("x", "number", Input("笔数", "笔"))
    prices = [unit_price(figure(7, unit), field) for unit in ("笔", "", "单")]
    assert prices[0] == 0
    assert all(price is not None and price > 0 for price in prices[1:])


def test_every_number_input_accepts_a_figure_of_its_own_unit() -> None:
    def own(one: Metric) -> list[Field]:
        return [field for field in one.fields if field.kind in ("number", "many") and field.spec.unit]

    assert all(unit_price(figure(1, field.spec.unit), field) == 0 for one in METRICS.values() for field in own(one))
