"""Nothing told of one shop is taken over for another of which nothing was told yet."""

import pytest

from assistant.answer import Asked
from assistant.library import Library
from assistant.reading import Reader

from .talks import talk, values, words

OURS = "天猫纠纷6笔,4千笔成交,纠纷退款率多少"


@pytest.mark.parametrize("question", ["隔壁店9笔,8千笔成交,他家呢", "另一家店9笔，8000笔成交，那家呢", "乙店成交8000判责9，它呢"])
def test_somebody_else_has_figures_of_their_own(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, OURS, question)) == [9 / 8000]


@pytest.mark.parametrize("question", ["隔壁店有8千笔成交,他家呢", "B店8000笔成交，纠纷退款率呢"])
def test_what_is_not_told_of_them_is_asked_for(library: Library, reader: Reader, question: str) -> None:
    told = talk(library, reader, OURS, question)
    assert values(told) == []
    assert any(isinstance(event, Asked) for event in told)
    assert "判商家责任且生效的退款笔数" in words(told)


def test_figures_in_no_known_order_are_given_to_nothing(library: Library, reader: Reader) -> None:
    told = talk(library, reader, "总工单600，返修30单，一次修好率", "隔壁店45单，900单，他家呢")
    assert values(told) == []
    assert "隔壁店的一次修好率" in words(told)


@pytest.mark.parametrize("question", ["要是成交8000单呢", "我店判责应该是9笔", "再多3笔呢"])
def test_ones_own_figures_still_go_on(library: Library, reader: Reader, question: str) -> None:
    assert values(talk(library, reader, OURS, question))[0] in (6 / 8000, 9 / 4000)
