"""Working backwards: the value of one input that just meets a target, for any metric that rises or falls with it."""

import math
from typing import Annotated

import pytest
from hypothesis import given, settings, strategies as st

from assistant.errors import InvalidInput, KnowledgeError
from assistant.metrics import Field, Input, Metric, metric, registry
from assistant.solving import solve

from .metrics.figures import knowledge, sound

METRICS = registry()
FRACTIONS = [
    (one, one.field(name)) for one in METRICS.values() if one.fraction and one.worse for name in one.fraction
]


def nothing(name: str) -> dict[str, float]:
    """No fraction borrows a number."""
    raise KnowledgeError(name)


def named(part: object) -> str | None:
    return part.id if isinstance(part, Metric) else part.name if isinstance(part, Field) else None


def meets(one: Metric, value: float, target: float) -> bool:
    close = math.isclose(value, target, rel_tol=1e-9)
    return close or (value <= target if one.worse == "higher" else value >= target)


@pytest.mark.parametrize(("one", "field"), FRACTIONS, ids=named)
@settings(max_examples=20)
@given(data=st.data())
def test_the_solution_meets_the_target_and_one_step_less_does_not(one: Metric, field: Field, data: st.DataObject) -> None:
    above, below = (one.field(name) for name in one.fraction or ())
    whole = data.draw(st.integers(10, 500), "whole")
    part = data.draw(st.integers(2, whole), "part")
    goal_part = data.draw(st.integers(1, whole), "part of the target")
    inputs = {above.name: float(part), below.name: float(whole)}
    target = one.compute({above.name: float(goal_part), below.name: float(whole)}, nothing)
    assert isinstance(target, float)
    if target <= 0 and field is below:
        return  # no denominator reaches it

    solution = solve(one, inputs, field.name, target, nothing)

    def value(x: float) -> float:
        computed = one.function(**(inputs | {field.name: x}))
        assert isinstance(computed, float)
        return computed

    needed = solution.needed
    step = 1.0 if field.whole else max(needed, 1.0) * 1e-3
    neighbours = [value(x) for x in (needed - step, needed + step) if x > 0 or field is above]
    worst = (max if one.worse == "higher" else min)(neighbours)
    assert meets(one, value(needed), target)
    assert not meets(one, worst, target)
    assert not field.whole or needed == int(needed)


@pytest.mark.parametrize(("one", "field"), FRACTIONS, ids=named)
def test_a_target_that_is_the_present_value_is_met_and_changes_nothing(one: Metric, field: Field) -> None:
    above, below = (one.field(name) for name in one.fraction or ())
    inputs = {above.name: 30.0, below.name: 120.0}
    target = one.compute(inputs, nothing)
    solution = solve(one, inputs, field.name, float(target), nothing)  # type: ignore[arg-type]
    assert (solution.needed, solution.now, solution.met, solution.gap) == (inputs[field.name], inputs[field.name], True, 0)


def test_how_many_more_orders_bring_a_rate_down() -> None:
    solution = solve(METRICS["dispute_refund_rate"], {"liable_refunds": 20.0, "paid_suborders": 640.0}, "paid_suborders", 0.02, nothing)
    assert (solution.needed, solution.gap, solution.met, solution.upward) == (1000, 360, False, True)


def test_a_count_is_rounded_to_the_side_that_meets_the_target() -> None:
    rate = METRICS["dispute_refund_rate"]
    inputs = {"liable_refunds": 7.0, "paid_suborders": 1000.0}
    assert solve(rate, inputs, "paid_suborders", 0.003, nothing).needed == 2334
    assert solve(rate, inputs, "liable_refunds", 0.0025, nothing).needed == 2
    fixed = METRICS["first_time_fix_rate"]
    assert solve(fixed, {"rework": 9.0, "total": 85.0}, "rework", 0.95, nothing).needed == 4


def test_what_is_already_reached_needs_no_step() -> None:
    solution = solve(METRICS["dispute_refund_rate"], {"liable_refunds": 3.0, "paid_suborders": 2000.0}, "paid_suborders", 0.005, nothing)
    assert (solution.met, solution.gap, solution.needed) == (True, 0, 600)


def test_money_is_exact_and_not_rounded_to_whole_yuan() -> None:
    solution = solve(
        METRICS["absorption_rate"], {"service_gross_profit": 182e4, "total_opex": 260.5e4}, "service_gross_profit", 1.0, nothing
    )
    assert solution.needed == 2_605_000
    assert solution.gap == pytest.approx(785_000)


def test_an_input_that_is_not_known_yet_can_be_solved_for() -> None:
    solution = solve(METRICS["dispute_refund_rate"], {"paid_suborders": 9000.0}, "liable_refunds", 0.001, nothing)
    assert (solution.needed, solution.now, solution.met, solution.gap) == (9, None, False, 0)


def test_a_loss_can_be_turned_into_the_profit_needed() -> None:
    solution = solve(METRICS["absorption_rate"], {"service_gross_profit": -50.0, "total_opex": 200.0}, "service_gross_profit", 0.5, nothing)
    assert (solution.needed, solution.gap) == (100, 150)


@pytest.mark.parametrize(
    ("id", "inputs", "name", "target"),
    [
        ("dispute_refund_rate", {"liable_refunds": 0.0, "paid_suborders": 100.0}, "paid_suborders", 0.01),
        ("parts_turnover_days", {"turnover": 5.0}, "turnover", 0.0),
        ("first_time_fix_rate", {"rework": 5.0, "total": 100.0}, "total", 1.0),
        ("kpi_daily_needed", {"target": 100.0, "actual": 200.0, "days_left": 10.0}, "days_left", 5.0),
        ("claim_net_gain", {"repair_cost": 1000.0, "extra_premium": 400.0}, "extra_premium", 5000.0),
    ],
)
def test_what_cannot_be_reached_is_a_sentence(id: str, inputs: dict[str, float], name: str, target: float) -> None:
    with pytest.raises(InvalidInput, match=r"(到不了|没法倒推).*。$"):
        solve(METRICS[id], inputs, name, target, nothing)


def test_figures_beyond_all_reason_are_told_as_out_of_reach() -> None:
    huge = {"bad": 1e308, "volume": 1e308}
    with pytest.raises(InvalidInput, match=r"到不了这个目标。$"):
        solve(METRICS["express_damage_rate"], huge, "volume", 1e-9, nothing)


def test_numbers_borrowed_from_rules_are_used() -> None:
    @metric("加价", "元", worse="higher")
    def marked_up(
        cost: Annotated[float, Input("成本", "元")], *, markup: dict[str, float]
    ) -> float:
        """成本 × 倍数。"""
        return cost * markup["times"]

    assert solve(marked_up, {"cost": 10.0}, "cost", 45.0, lambda _: {"times": 1.5}).needed == 30


def test_a_default_stands_in_for_an_input_not_given() -> None:
    solution = solve(METRICS["labor_fee"], {"rate": 280.0}, "std_hours", 560.0, nothing)
    assert solution.needed == 2


# every metric that is a number, every input that is one


INPUTS = [
    (one, field) for one in METRICS.values() if one.unit not in ("date", "bool") for field in one.fields if field.kind == "number"
]


@pytest.mark.parametrize(("one", "field"), INPUTS, ids=named)
@settings(max_examples=15)
@given(data=st.data())
def test_solving_undoes_computing(one: Metric, field: Field, data: st.DataObject) -> None:
    given = sound(one)
    size = given[field.name]
    assert isinstance(size, float)
    share = data.draw(st.integers(1, 40), "tenths of the present figure") / 10
    goal = max(1.0, float(round(size * share))) if field.whole else size * share

    def value(x: float) -> float | None:
        try:
            return float(one.compute(given | {field.name: x}, knowledge))  # type: ignore[arg-type]
        except InvalidInput:
            return None

    target, now = value(goal), value(size)
    if target is None or now is None or math.isclose(target, now, rel_tol=1e-9):
        return  # such figures are refused, or the value does not hang on the input here
    solution = solve(one, given, field.name, target, knowledge)
    reached = value(solution.needed)
    assert solution.now == size
    assert not solution.met or meets(one, now, target)
    assert reached is not None
    if field.whole:
        assert solution.needed == int(solution.needed)
        assert meets(one, reached, target)
    else:
        assert reached == pytest.approx(target, rel=1e-6)
