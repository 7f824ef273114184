"""Cases told in several turns, or in the one before, are compared under the names they were told with."""

import pytest

from assistant.library import Library
from assistant.reading import Reader

from .talks import labels, talk, values, words

A, B = "A店成交子订单2200 成功退款154 退款率", "B店 3100 退了186"
MONTHS = ("京东上个月 售后服务单168 已完成订单商品5600件 退换货返修率", "这个月 服务单150 件数6000")
DAYS = ("前天发货5400 及时揽收4914 揽收及时率多少", "昨天 5000件 及时4650")


@pytest.mark.parametrize("question", ["哪家高？高多少个百分点", "哪个店更低，差多少", "谁高，差多少"])
def test_the_cases_of_one_question_are_compared(library: Library, reader: Reader, question: str) -> None:
    told = talk(library, reader, "两个淘宝店 A店成交2500判责5笔 B店成交4000判责6笔 纠纷退款率分别多少", question)
    assert values(told) == [0.002, 0.0015]
    assert "B店比A店低0.05个百分点" in words(told)


@pytest.mark.parametrize(("turns", "question", "names", "said"), [
    ((A, B), "谁的退款率高 分别多少", ("A店", "B店"), "最高的是A店"),
    ((A, B, "B店退款应该是310"), "哪家退款率高", ("A店", "B店"), "最高的是B店"),
    (DAYS, "哪天好 分别多少", ("前天", "昨天"), "最高的是昨天"),
    (MONTHS, "比上个月升了还是降了 两个月各多少", ("上个月", "这个月"), "这个月比上个月低0.5个百分点"),
    (("10月到期480台 续保336台 续保率", "11月 到期500 续保365"), "比10月高了还是低了", ("10月", "11月"), "11月比10月高3个百分点"),
])
def test_cases_keep_their_names(
    library: Library, reader: Reader, turns: tuple[str, ...], question: str, names: tuple[str, str], said: str
) -> None:
    told = talk(library, reader, *turns, question)
    assert [label.partition("：")[0] for label in labels(told)] == list(names)
    assert said in words(told)


def test_all_of_three_are_compared(library: Library, reader: Reader) -> None:
    told = talk(library, reader, A, B, "C店 2000 退了200", "哪家退款率最高")
    assert values(told) == [0.07, 0.06, 0.1]
    assert "最高的是C店" in words(told)


def test_the_one_named_is_compared_with_the_last(library: Library, reader: Reader) -> None:
    turns = ("9月到期480台 续保360台 续保率", "10月 到期500 续保365", "11月 到期500 续保350")
    told = talk(library, reader, *turns, "比9月高了还是低了")
    assert values(told) == [0.75, 0.7]
    assert "11月比9月低5个百分点" in words(told)


def test_a_case_nothing_was_told_of_is_not_compared(library: Library, reader: Reader) -> None:
    assert values(talk(library, reader, A, B, "A店和C店哪家退款率高")) != [0.07, 0.06]


def test_two_alike_are_alike(library: Library, reader: Reader) -> None:
    told = talk(library, reader, "9月到期480台 续保336台 续保率", "10月 到期500 续保350", "升了还是降了")
    assert "10月和9月一样" in words(told)
