"""What was and what is, more and less: not to be exchanged."""

from collections.abc import Iterable

import pytest

from assistant.stated import stated
from assistant.turns import Turns

CHANGE = Turns.of(["改后是880元，原来是1,040元，少160元。"], ["1,040元"], [("", "880元")], past=False)
RULE = Turns.of(
    ["淘宝网缺货按实付的30%赔付，最低5元。", "旧口径写20天，已不适用。"], ["缺货：10%，5元"], [("2022-07-18 起", "缺货：30%，5元")], past=False,
)
THEN = Turns.of(["有责任时最多赔12.2万元。"], ["最多赔12.2万元。"], [], past=True)


def exchanged(turns: Turns, told: str) -> str:
    return turns.exchanged(told, list(stated(told)))


@pytest.mark.parametrize(("turns", "told"), [
    (CHANGE, "改后是1,040元，原来是880元。"), (CHANGE, "从880元涨到1,040元。"), (CHANGE, "比原来多160元。"), (CHANGE, "现在是1,040元。"),
    (RULE, "从30%降到10%。"), (RULE, "现在仍按10%赔付。"), (RULE, "2022-07-18起按10%赔付。"), (RULE, "海外件现在按20天。"),
    (THEN, "现在最多赔12.2万元。"),
])
def test_what_is_exchanged_is_seen(turns: Turns, told: str) -> None:
    assert exchanged(turns, told)


@pytest.mark.parametrize(("turns", "told"), [
    (CHANGE, "从1,040元降到880元，省160元。"), (CHANGE, "原来是1,040元。"), (CHANGE, "改后880元，少了160元。"),
    (RULE, "2022-07-18起从10%提到30%。"), (RULE, "最低5元，以前也是5元。"), (RULE, "以前按10%，现在不再用。"), (RULE, "目前按30%赔付。"),
    (THEN, "当时最多赔12.2万元。"), (THEN, "现在这个12.2万元的限额已经停用。"),
])
def test_what_is_told_as_it_is_stands(turns: Turns, told: str) -> None:
    assert not exchanged(turns, told)


def test_a_number_told_as_what_it_is_needs_no_other_words() -> None:
    def vouched(turns: Turns, told: str) -> Iterable[str]:
        found = list(stated(told))
        return [told[one.start : one.end] for one in found if one.start in turns.vouched(told, found)]

    assert vouched(RULE, "从10%提到30%，最低5元。") == ["10%", "30%"]
    assert vouched(RULE, "从30%到10%。") == []
    assert vouched(THEN, "之前是12.2万元。") == [], "nothing changed"
