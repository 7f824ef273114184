"""A number is known by the words it stands among."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.contexts import Placed, belongs, placed
from assistant.library import Library

LIMITS = "交强险死亡伤残最多赔18万元，医疗费用最多赔18,000元，财产损失最多赔2,000元（2020-09-19起）。"
TIMES = "介入单2小时内响应并和解，判责单72小时内申诉；揽收预警从48小时提前到24小时。"


def one(text: str, place: int = 0) -> Placed:
    return placed(text)[place]


@pytest.mark.parametrize(("known", "told"), [
    (LIMITS, "医疗费用这一项封顶18,000元。"), (LIMITS, "人没了最多赔18万元，伤残一样。"), (LIMITS, "财产损失只赔2,000元。"),
    (TIMES, "判责以后72小时之内要申诉。"), (TIMES, "平台介入了，2小时内就要响应。"),
])
def test_a_number_told_of_the_same_belongs(known: str, told: str) -> None:
    assert belongs(one(told), placed(known))


@pytest.mark.parametrize(("known", "told"), [
    (LIMITS, "财产损失最多赔18万元。"), (LIMITS, "医疗费用封顶2,000元。"), (TIMES, "判责单2小时内申诉。"), (TIMES, "介入单72小时内响应。"),
    (LIMITS, "18,000元。"), (LIMITS, "你要在18000以前处理。"), (TIMES, "每个订单必须在72个小时里面寄送出去。"),
])
def test_a_number_told_of_something_else_does_not(known: str, told: str) -> None:
    assert not belongs(one(told), placed(known))


def test_where_nothing_tells_it_belongs() -> None:
    assert belongs(one("一共99单。"), placed(TIMES)), "no such number is known"
    assert belongs(one("只有72小时。"), placed("申诉要在72小时内提交。")), "too little is said"


def test_a_number_says_what_it_is_itself_and_not_its_neighbour() -> None:
    first, second = placed("准时率95%，返修率3%。")
    assert "准时" in first.near
    assert "准时" not in second.near
    assert {"返修", "修率"} <= second.near
    assert first.around == second.around


def test_marks_and_full_width_signs_change_nothing() -> None:
    assert [place.near for place in placed("医疗（上限）：18,000元[1]。")] == [place.near for place in placed("医疗(上限):18,000元。")]


def test_most_numbers_of_the_knowledge_are_seen_where_they_belong(library: Library) -> None:
    """A topic was written apart from the rules whose numbers it takes: its sentences stand for a model's."""
    documents = library.on(date(2026, 11, 23))
    right, exchanged = [], []
    for topic in documents.values():
        known = [place for id in topic.borrowed if f"rule/{id}" in documents for place in placed(documents[f"rule/{id}"].text)]
        for place in placed(topic.text):
            if not place.number.kind or not any(other.number.amount == place.number.amount for other in known):
                continue
            right.append(belongs(place, known))
            others = {other.number.amount: other.number for other in known if other.number.kind == place.number.kind}
            exchanged += [belongs(replace(place, number=number), known) for amount, number in others.items() if amount != place.number.amount]
    assert len(right) > 300
    assert sum(right) > 0.9 * len(right)
    assert sum(exchanged) < 0.4 * len(exchanged)
