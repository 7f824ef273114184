"""A model may have things computed, but only of what the person said."""

from datetime import date

import pytest

from assistant.errors import AssistantError
from assistant.library import Library
from assistant.toolbox import Toolbox

from .conftest import MakeTurn

FIGURES = {"liable_refunds": 7, "paid_suborders": 12000}


@pytest.fixture
def tools(tiny: Library, make_turn: MakeTurn) -> Toolbox:
    """Figures are told, but no metric is named that they would be computed for."""
    turn, plain = make_turn("最近一共12000单，里面7单出了事，怎么办，压到0.02%呢", "topic/dispute_advice")
    return Toolbox(tiny, turn, plain)


def test_the_persons_figures_are_computed(tools: Toolbox) -> None:
    found = tools.compute("dispute_refund_rate", FIGURES)
    assert found.value == pytest.approx(7 / 12000)


@pytest.mark.parametrize(
    ("id", "inputs", "why"),
    [
        ("dispute_refund_rate", {"liable_refunds": 8, "paid_suborders": 12000}, "不是对方说的数"),
        ("dispute_refund_rate", {"liable_refunds": 7, "paid_suborders": 7}, "已用在别处"),
        ("dispute_refund_rate", {"liable_refunds": 7}, "还差"),
        ("dispute_refund_rate", {"liable_refunds": 12000, "paid_suborders": 7}, "超过了"),
        ("dispute_refund_rate", {**FIGURES, "more": 1}, "没有叫 more"),
        ("dispute_refund_rate", {"liable_refunds": "7", "paid_suborders": 12000}, "没有说清|应填"),
        ("invented", FIGURES, "invented"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(tools: Toolbox, id: str, inputs: dict[str, object], why: str) -> None:
    with pytest.raises(AssistantError, match=why):
        tools.compute(id, inputs)


def test_what_is_computed_already_is_not_computed_otherwise(tiny: Library, make_turn: MakeTurn) -> None:
    turn, plain = make_turn("成交12000单，判责7笔，纠纷退款率多少，另外还有3单")
    with pytest.raises(AssistantError, match="已经算好"):
        Toolbox(tiny, turn, plain).compute("dispute_refund_rate", {"liable_refunds": 3, "paid_suborders": 12000})


def test_a_figure_stays_what_our_reader_took_it_for(tiny: Library, make_turn: MakeTurn) -> None:
    turn, _ = make_turn("判责7笔，去年有3笔，成交12000笔，纠纷退款率多少")
    with pytest.raises(AssistantError, match="读到的是"):
        Toolbox(tiny, turn, []).compute("dispute_refund_rate", {"liable_refunds": 3, "paid_suborders": 12000})


def test_a_target_must_be_said_too(tools: Toolbox) -> None:
    needed = tools.solve("dispute_refund_rate", {"liable_refunds": 7}, "paid_suborders", 0.0002)[0]
    assert "35,000" in needed.said or needed.value == 35000
    with pytest.raises(AssistantError, match="目标"):
        tools.solve("dispute_refund_rate", {"liable_refunds": 7}, "paid_suborders", 0.0003)


def test_figures_of_earlier_questions_count(tiny: Library, make_turn: MakeTurn) -> None:
    turn, plain = make_turn("那7笔算不算高", earlier=("一共12000单",))
    assert Toolbox(tiny, turn, plain).compute("dispute_refund_rate", FIGURES).value == pytest.approx(7 / 12000)


def test_documents_are_read_as_of_the_day_and_no_others(tools: Toolbox) -> None:
    assert tools.look_up("【rule/dispute_line】").current is False
    assert tools.turn.understanding.day == date(2026, 11, 23)
    with pytest.raises(AssistantError, match="rule/invented"):
        tools.look_up("rule/invented")
