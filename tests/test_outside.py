"""What a whole holds besides its part: told instead of it, or asked for."""

from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from assistant.answer import Calculated, Turn
from assistant.composer import Composer
from assistant.library import Library
from assistant.reading import Reader
from assistant.understanding import Reading

NOW = date(2026, 11, 23)


def best(reader: Reader, question: str) -> Reading:
    return reader.read(question, NOW).readings[0]


def values(library: Library, question: str) -> list[Calculated]:
    turn = Turn(question, Reader(library).read(question, NOW), (), 0.0, NOW)
    return [event for event in Composer(library, 0.5).events(turn) if isinstance(event, Calculated)]


@pytest.mark.parametrize(
    ("question", "metric", "part", "value"),
    [
        ("店铺完结退款960笔，小二介入完结24笔，退款自主完结率多少", "self_close_rate", "self_closed", 936),
        ("店铺完结退款960笔，平台完结24笔，其余都是自主完结的，自主完结率", "self_close_rate", "self_closed", 936),
        ("应揽收3200单，没揽收88单，48小时揽收率多少", "pickup_48h", "picked_48h", 3112),
        ("应揽收3200单，其中88单没揽收，48小时揽收率多少", "pickup_48h", "picked_48h", 3112),
        ("交车1000台，30台没准时交，准时交车率多少", "on_time_delivery_rate", "on_time", 970),
        ("到期保单500台，没续上120台，续保率", "renewal_rate", "renewed", 380),
    ],
)
def test_the_rest_of_a_whole_says_what_the_part_is(reader: Reader, question: str, metric: str, part: str, value: float) -> None:
    read = best(reader, question)
    assert (read.metric.id, read.inputs[part], read.complete) == (metric, value, True)


@pytest.mark.parametrize(
    ("question", "part", "value"),
    [
        ("店铺完结退款960笔，自主完结936笔，退款自主完结率多少", "self_closed", 936),
        ("应揽收3200单，已揽收3112单，48小时揽收率多少", "picked_48h", 3112),
        ("交车1000台，准时交车970台，准时交车率多少", "on_time", 970),
        ("成交1000笔，判责7笔没处理，纠纷退款率多少", "liable_refunds", 7),  # a bad part is counted as it is
    ],
)
def test_a_part_told_by_its_own_name_stays(reader: Reader, question: str, part: str, value: float) -> None:
    assert best(reader, question).inputs[part] == value


@settings(max_examples=60)
@given(whole=st.integers(50, 5000), late=st.integers(2, 40))
def test_both_ways_of_telling_give_the_same_rate(reader: Reader, whole: int, late: int) -> None:
    one = best(reader, f"应揽收{whole}单，没揽收{late}单，48小时揽收率多少")
    other = best(reader, f"应揽收{whole}单，已揽收{whole - late}单，48小时揽收率多少")
    assert dict(one.inputs) == dict(other.inputs)


@pytest.mark.parametrize(
    "question",
    ["应揽收3200单，48小时揽收率不低于98%，最多允许几单没按时揽收", "应揽收3200单，48小时揽收率不低于98%，没揽收的最多允许几单"],
)
def test_how_many_may_stay_outside_is_asked_for(library: Library, reader: Reader, question: str) -> None:
    goal = best(reader, question).goal
    assert goal is not None
    assert (goal.field, goal.rest, goal.target) == ("picked_48h", True, 0.98)
    assert [one.value for one in values(library, question)] == [64, 3136]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("应揽收3200单，48小时揽收率不低于98%，至少几单按时揽收", "picked_48h"),
        ("淘宝成交9000单，纠纷退款率不超过千分之一，最多还能出几单纠纷", "liable_refunds"),
    ],
)
def test_the_part_itself_is_asked_for_by_its_own_name(reader: Reader, question: str, field: str) -> None:
    goal = best(reader, question).goal
    assert goal is not None
    assert (goal.field, goal.rest) == (field, False)


@settings(max_examples=60)
@given(whole=st.integers(20, 9000), percent=st.integers(50, 99))
def test_as_many_as_told_may_stay_outside_and_not_one_more(library: Library, whole: int, percent: int) -> None:
    outside, inside = values(library, f"店铺完结退款{whole}笔，自主完结率要保住{percent}%，最多允许小二介入完结几笔")
    assert float(outside.value) + float(inside.value) == whole
    assert 100 * float(inside.value) >= percent * whole
    assert 100 * (float(inside.value) - 1) < percent * whole
