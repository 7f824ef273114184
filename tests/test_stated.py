"""Numbers a text states: read in every notation, held against others by amount and unit."""

from decimal import Decimal

import pytest

from assistant.stated import Numbers, computed, meant, stated, typed


@pytest.mark.parametrize(("text", "amount", "kind"), [
    ("1,200笔", "1200", "笔"), ("0.5%", "0.005", "ratio"), ("千分之5", "0.005", "ratio"), ("5‰", "0.005", "ratio"), ("百分之五", "0.05", "ratio"),
    ("百万分之12", "12", "ppm"), ("七天", "7", "天"),
    ("7日", "7", "天"), ("十五个工作日", "15", "工作日"),
    ("两笔", "2", "笔"), ("2万元", "20000", "元"),
    ("半年", "0.5", "年"), ("一个半月", "1.5", "个月"), ("3个半月", "3.5", "个月"), ("三点五倍", "3.5", "倍"), ("１２小时", "12", "小时"),
    ("𝟓天", "5", "天"), ("第七条", "7", ""), ("二十五", "25", ""), ("三分之一", str(Decimal(1) / 3), "ratio"), ("-7‰", "-0.007", "ratio"),
    ("一成", "0.1", "ratio"), ("4.2分", "4.2", "分"),
])
def test_a_number_is_read_with_its_unit(text: str, amount: str, kind: str) -> None:
    (number,) = stated(f"共{text}。")
    assert (number.amount, number.kind, number.day) == (Decimal(amount), kind, None)


@pytest.mark.parametrize(("text", "day"), [
    ("2026年11月23日", (2026, 11, 23)), ("2026-11-23", (2026, 11, 23)), ("2026/11/23", (2026, 11, 23)), ("11月23日", (None, 11, 23)),
    ("2026年11月", (2026, 11, None)), ("2017年版", (2017, None, None)),
])
def test_a_day_is_read_as_far_as_it_is_named(text: str, day: tuple[int | None, ...]) -> None:
    assert [number.day for number in stated(f"从{text}起")] == [day]


@pytest.mark.parametrize("text", [
    "1. 先看\n2. 再看[3]", "4S店", "统一处理，一般三包",
    "万一不行，千万别急", "第二步看一笔订单", "两点建议", "十分重要", "双十一", "没有数", "五星", "两三个人", "要五个数",
])
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert stated(text) == []


def test_a_number_whose_value_cannot_be_read_is_held_by_the_same_words_alone() -> None:
    (vague,) = stated("大约七八天")
    assert not Numbers(meant("七天、八天")).hold(vague)
    assert Numbers(meant("要七八天")).hold(vague)


@pytest.mark.parametrize(("known", "told", "held"), [
    ("7笔", "7单", True), ("7", "7天", True), ("7天", "7", True), ("7天", "7个工作日", False), ("30笔", "30天", False), ("0.5%", "千分之五", True),
    ("0.5%", "5%", False), ("2026-11-23", "11月23日", True), ("2026年11月", "2026-11-23", False), ("8万6", "86000", True), ("12000", "1.2万", True),
    ("判责7，100单", "100单", True), ("一个没过", "0个", True), ("4年半", "4.5年", True),
])
def test_numbers_hold_for_the_same_amount_of_no_other_unit(known: str, told: str, held: bool) -> None:
    assert all(Numbers(meant(known)).hold(number) for number in stated(told)) is held


@pytest.mark.parametrize(("told", "held"), [
    ("0.583%", True), ("0.5833%", True), ("0.58%", True), ("0.6%", False), ("1%", False), ("0.59%", False), ("千分之5.83", True), ("0.583天", False),
])
def test_a_calculated_value_holds_for_what_it_is_when_rounded_but_not_roughly(told: str, held: bool) -> None:
    assert Numbers((), computed(0.0058333, "ratio")).hold(stated(told)[0]) is held


@pytest.mark.parametrize(("told", "held"), [("7笔", True), ("7元", True), ("7", True), ("1000单", True), ("7天", False), ("700%", False)])
def test_what_a_person_types_without_a_unit_is_no_length_of_time_and_no_rate(told: str, held: bool) -> None:
    assert Numbers(typed("判责七，成交1000")).hold(stated(told)[0]) is held


def test_numerals_that_count_nothing_prove_nothing() -> None:
    assert not Numbers(meant("分三步，有两种办法，统一处理")).hold(stated("2天")[0])
    assert not Numbers(meant("分三步，有两种办法，统一处理")).hold(stated("300%")[0])
