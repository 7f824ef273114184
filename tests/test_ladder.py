"""What may be asked for depends on how old the car is: the topic told is the one whose stretch covers the age."""

from datetime import date

import pytest

from assistant.answer import Turn
from assistant.library import Library
from assistant.picking import picked
from assistant.reading import Reader

TODAY = date(2026, 11, 23)
FIRST, SECOND, TERM, LONGEST = (
    "topic/sanbao_first_days", "topic/sanbao_first_two_months", "topic/sanbao_return_conditions", "topic/sanbao_how_long",
)


def told(library: Library, reader: Reader, question: str, *found: str) -> str:
    documents = library.on(TODAY)
    turn = Turn(question, reader.read(question, TODAY), tuple(documents[id] for id in found), 1.0, TODAY)
    return picked(library, turn).id


@pytest.mark.parametrize(("question", "expected"), [
    ("新车提了四十来天跑了2500km，变速箱里主要零件坏了，能要求啥", SECOND),
    ("提车一个半月发动机坏了，能退吗", SECOND),
    ("新车买了20天跑了3500公里，变速箱内部件坏了", TERM),
    ("新车提了三个月跑了8000公里发动机坏了，能换车吗", TERM),
    ("车买了两年半变速箱坏了，能退吗", LONGEST),
    ("车开了四年发动机坏了，三包管吗", LONGEST),
])
def test_an_age_past_the_stretch_of_a_topic_leads_to_the_next(library: Library, reader: Reader, question: str, expected: str) -> None:
    assert told(library, reader, question, FIRST, SECOND) == expected


def test_just_over_the_distance_is_past_it(library: Library, reader: Reader) -> None:
    assert told(library, reader, "超过5万公里但没到两年，能退车吗", TERM) == LONGEST
    assert told(library, reader, "跑了5万公里，没到两年，能退车吗", TERM) == TERM


@pytest.mark.parametrize("question", [
    "提车第五天变速箱坏了能退吗", "新车提了三天跑了200公里发动机要换", "刚提车就要换变速箱，能退吗", "新车在店里修了20天还没好，能退吗",
])
def test_an_age_within_it_or_no_age_changes_nothing(library: Library, reader: Reader, question: str) -> None:
    assert told(library, reader, question, FIRST, SECOND) == FIRST


def test_a_rule_found_first_stands_for_the_topic_that_tells_it(library: Library, reader: Reader) -> None:
    assert told(library, reader, "提车两个月发动机坏了，能退吗", "rule/sanbao_seven_days") == SECOND


def test_a_topic_without_a_stretch_is_told_at_any_age(library: Library, reader: Reader) -> None:
    assert told(library, reader, "车开了六年，在外面保养影响三包吗", "topic/sanbao_service_elsewhere") == "topic/sanbao_service_elsewhere"
