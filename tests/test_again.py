"""The value of before wanted once more: the same, on another day, for another target, under another condition."""

from datetime import date

import pytest

from assistant.library import Library
from assistant.reading import Reader

from .talks import talk, values

SIGNED = "11月10号签收，七天无理由最晚哪天退"
LATE = "淘宝网2022年6月的单子，实付80块，延迟发货要赔多少"
DUE = "这个月到期480台，续保336台，续保率"
LIABLE = "基准保费×自主系数=2600 走保险后五年NCD 0.7 0.7 0.7 0.6 0.5 不走都是0.5 走一次多掏多少"
SEVEN = "四川的家用7座，上一年没责任事故，交强险要交多少"


@pytest.mark.parametrize("question", ["知道了，那我这个最后一天到底是几号", "好的，所以截止到几号", "那我最晚到底哪天", "所以我到底几号之前要退"])
def test_a_last_day_is_told_again(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, SIGNED, "运费谁出啊", question)) == [date(2026, 11, 17)]


@pytest.mark.parametrize("question", ["运费谁出啊", "那商家最晚几号发货", "所以几号退款到账", "一般最晚几号"])
def test_another_question_does_not_tell_it_again(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, SIGNED, question)) == []


@pytest.mark.parametrize("question", ["换成2022年9月的单呢", "2022年9月的单呢", "要是2022年9月下的单呢", "如果是2022年9月的订单呢"])
def test_another_day_has_its_own_rule(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, LATE, question)) == [5]


@pytest.mark.parametrize(("question", "more"), [("八成呢", 48), ("要是85%呢", 72), ("那90%呢", 96)])
def test_another_target_is_solved_for_the_same_input(library: Library, reader: Reader, question: str, more: float) -> None:
    assert values(talk(library, reader, DUE, "要做到75%还差几台", question))[0] == more


def test_a_limit_stays_a_limit(library: Library, reader: Reader) -> None:
    told = talk(library, reader, "淘宝成交8000单，判责10单，纠纷退款率压到千分之一最多几单", "千分之二呢")
    assert values(told)[0] == 16


@pytest.mark.parametrize("question", ["想降到15% 得拉回来几户", "压到15%要挽回多少户", "降到15%得找回来几户"])
def test_who_is_brought_back_is_lost_no_more(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, "有效基盘5000户，超12个月没来的900户，流失率", question))[0] == 150


@pytest.mark.parametrize("question", ["要是公司属于违法解除的呢", "如果算违法解除呢", "那违法辞退呢"])
def test_what_is_supposed_has_a_value_of_its_own(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, "干了3年4个月，前12个月平均工资6500，公司正常解除，经济补偿多少", question)) == [45500]


@pytest.mark.parametrize("question", ["这水平怎么样", "这个水平咋样", "我这成绩怎么样"])
def test_a_value_told_piece_by_piece_is_graded(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, "一次修好率 总工单1250", "返修100单", question)) == [0.92]


@pytest.mark.parametrize("question", ["交强险那边还要一共多交190，加上", "交强险也多交了190，加进去", "把交强险多的190算上"])
def test_what_was_left_out_is_added(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, LIABLE, question)) == pytest.approx([2010])


def test_so_much_a_year_is_no_amount_in_all(library: Library, reader: Reader) -> None:
    assert values(talk(library, reader, LIABLE, "交强险每年还多交38，加上")) == []


@pytest.mark.parametrize("question", ["那分3个月扣，最多一共能扣多少", "扣半年总共最多能扣多少", "4个月加起来最多扣多少"])
def test_what_holds_for_a_month_is_not_told_for_several(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, "工资4800，最低工资2100，造成损失，每月最多扣多少", question)) == []


# rows of tables


@pytest.mark.parametrize("question", ["那我这车要是满三年没有呢", "满三年没有的话呢", "那要是三年都没出险呢"])
def test_another_row_after_a_question_in_between(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, SEVEN, "说错了，是连续两年没有", "A1到A6这几档能叠加吗", question)) == [770]


def test_a_row_set_right_stays_when_something_else_changes(library: Library, reader: Reader) -> None:
    told = talk(library, reader, "江苏家用5座，上一年没有责任事故，交强险保费", "错了，是连续三年没有", "如果是7座呢")
    assert values(told) == [770]


# the day of another event


@pytest.mark.parametrize("question", [
    "后来11月20号跟他们达成了赔偿协议，钱最晚几号到", "11月20号签了赔偿协议，最晚哪天打款",
    "后来11月20号谈妥了，钱最晚几号到账",
])
def test_the_day_of_another_event_is_not_that_of_the_first(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, "理赔材料11月5号交齐，保险公司最晚啥时候核定", question)) == [date(2026, 11, 30)]


def test_the_day_of_an_unknown_event_is_none_of_it(library: Library, reader: Reader) -> None:
    assert values(talk(library, reader, "理赔材料11月5号交齐，最晚哪天核定", "11月21号起诉到法院了，最晚哪天判下来")) == []


@pytest.mark.parametrize("question", ["要是12号才交齐呢", "那12号的呢", "说错了是12号，最晚哪天"])
def test_another_day_of_the_same_event_is(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, "理赔材料11月5号交齐，最晚哪天核定", question)) == [date(2026, 12, 12)]


# two compensations that a rule adds


@pytest.mark.parametrize("question", ["先延迟后来又缺货 两样叠加一共赔多少", "后来还缺货了，延迟和缺货加起来赔多少", "先延迟后缺货，叠加赔多少"])
def test_two_compensations_are_added_where_a_rule_says_so(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, "淘宝网2022年8月的订单 实付260 延迟发货赔买家多少", question))[0] == 91


def test_they_are_not_added_before_that_rule(library: Library, reader: Reader) -> None:
    assert values(talk(library, reader, LATE, "先延迟后来又缺货 两样叠加一共赔多少")) == []


def test_words_are_read_for_each_day_anew(library: Library, reader: Reader) -> None:
    told = ("青海，家用五座，三年都没有责任事故，现在交强险交多少", "那放在2019年呢", "2020年9月25号起保的呢")
    assert [values(talk(library, reader, *told[: turns + 1])) for turns in range(3)] == [[475], [665], [475]]


def test_a_row_set_right_stays_on_another_day(library: Library, reader: Reader) -> None:
    told = ("青海，家用五座，上一年没有责任事故，交强险交多少", "错了，是连续三年没有", "那放在2019年呢")
    assert values(talk(library, reader, *told)) == [665]
