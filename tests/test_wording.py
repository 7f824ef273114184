"""Numbers are worded as people write them, and what is written can be read back."""

import re
from datetime import date

import pytest
from hypothesis import assume, given, strategies as st

from assistant.wording import count_in_words, fill, percent, plain, say, slots

amounts = st.floats(-1e12, 1e12, allow_nan=False)
UNITS = ["ratio", "ppm", "factor", "level", "元", "笔", "元/台次", "小时", "%"]


def read_back(text: str) -> float:
    """The number a person would read in a worded value."""
    found = re.search(r"-?[\d,]+(?:\.\d+)?", text)
    assert found is not None, text
    return float(found[0].replace(",", ""))


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.04, "ratio", "4%"),
        (0.0005833333, "ratio", "0.0583%"),
        (7 / 12000, "ratio", "0.0583%"),
        (1, "ratio", "100%"),
        (0, "ratio", "0%"),
        (-0.015, "ratio", "-1.5%"),
        (0.123456, "ratio", "12.35%"),
        (5.5, "ppm", "百万分之5.5"),
        (0.7225, "factor", "0.7225"),
        (-4, "level", "-4"),
        (950, "元", "950元"),
        (1234.5, "元", "1,234.5元"),
        (200_000, "元", "20万元"),
        (780_500, "元", "780,500元"),
        (-260_000, "元", "-26万元"),
        (99_000, "元", "99,000元"),
        (30, "天", "30天"),
        (1200, "元/台次", "1,200元/台次"),
        (True, "bool", "是"),
        (False, "bool", "否"),
        (date(2024, 2, 19), "date", "2024-02-19"),
    ],
)
def test_each_unit_has_its_wording(value: float | bool | date, unit: str, said: str) -> None:
    assert say(value, unit) == said


@given(amounts, st.integers(0, 6))
def test_a_plain_number_reads_back_within_its_rounding(value: float, decimals: int) -> None:
    text = plain(value, decimals)
    assert abs(read_back(text) - value) <= 0.5 * 10**-decimals + abs(value) * 1e-12
    assert "." not in text or not text.endswith(("0", "."))


@given(st.floats(-100, 100).filter(lambda ratio: ratio == 0 or abs(ratio) > 1e-12))
def test_a_percentage_keeps_three_digits_and_two_places(ratio: float) -> None:
    shown, meant = read_back(percent(ratio)), ratio * 100
    assert abs(shown - meant) <= abs(meant) * 0.00501
    assert abs(shown - meant) <= 0.00501


@given(amounts)
def test_money_reads_back_to_the_cent(value: float) -> None:
    text = say(value, "元")
    shown = read_back(text) * (10_000 if text.endswith("万元") else 1)
    assert text.endswith("元")
    assert abs(shown - value) <= 0.005 + abs(value) * 1e-12


@given(st.integers(-10_000_000, 10_000_000).map(lambda n: n * 1000))
def test_round_amounts_lose_nothing_when_worded_in_wan(value: int) -> None:
    text = say(value, "元")
    assume(text.endswith("万元"))
    assert round(read_back(text) * 10_000) == value
    assert abs(value) >= 100_000


@given(amounts, st.sampled_from(UNITS))
def test_no_wording_shows_a_minus_zero_or_an_exponent(value: float, unit: str) -> None:
    text = say(value, unit)
    assert not re.search(r"-0(?![.\d])", text)
    assert not re.search(r"\de[+-]?\d|inf|nan", text)
    assert not re.search(r"-0\.0*(?!\d)", text)


@pytest.mark.parametrize("unit", UNITS)
def test_values_that_round_to_nothing_are_plain_zero(unit: str) -> None:
    assert read_back(say(-0.0, unit)) == 0
    assert "-" not in say(-0.0, unit)


@pytest.mark.parametrize(("count", "word"), [(0, "零"), (1, "一"), (2, "两"), (10, "十"), (11, "11")])
def test_small_counts_are_words(count: int, word: str) -> None:
    assert count_in_words(count) == word


def test_a_template_borrows_worded_values() -> None:
    known = {"line": (0.04, "ratio"), "day": (date(2024, 2, 19), "date"), "days": (30, "天")}
    text = fill("到{{line}}算超，{{ days }}内，{{line|bare}}，{{day}}起，{{day|bare}}起，{{day|year}}", known.__getitem__)
    assert text == "到4%算超，30天内，4，2024-02-19起，2024-02-19起，2024年"


def test_a_template_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError, match="nothing"):
        fill("{{nothing}}", {}.__getitem__)


@given(st.lists(st.from_regex(r"[a-z_]{1,8}(\.[a-z]{1,4})?", fullmatch=True), max_size=5))
def test_the_borrowed_names_are_listed_in_order(names: list[str]) -> None:
    assert slots("，".join(f"前{{{{{name}}}}}后" for name in names)) == names
