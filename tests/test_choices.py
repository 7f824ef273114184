"""Inputs that are a row or a column of a table: which one a sentence points at."""

from datetime import date

import pytest

from assistant.choices import choose, measures, possible
from assistant.figures import figures
from assistant.library import Library
from assistant.metrics import registry
from assistant.numerals import fold

PREMIUM = registry()["compulsory_premium"]
NOW = date(2026, 11, 23)


def chosen(tiny: Library, name: str, sentence: str, day: date = NOW) -> tuple[str | None, tuple[str, ...]]:
    text = fold(sentence)
    return choose(PREMIUM.field(name), tiny, day, text, measures(text, figures(text), tiny.vocabulary.measures))


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("家用五座轿车", "family_small"), ("私家车 5座", "family_small"), ("7座家用车", "family_large"),
        ("六座的私家车", "family_large"), ("拉货的货车", "truck"),
    ],
)
def test_words_and_measures_together_point_at_a_row(tiny: Library, sentence: str, key: str) -> None:
    assert chosen(tiny, "vehicle", sentence)[0] == key


@pytest.mark.parametrize(("sentence", "key"), [("我在青海", "A"), ("江苏的车", "B"), ("南京上的牌", "B"), ("按甲方案", "A")])
def test_a_word_of_the_cell_or_the_name_of_the_row_points_at_it(tiny: Library, sentence: str, key: str) -> None:
    assert chosen(tiny, "region", sentence) == (key, (key,))


@pytest.mark.parametrize(
    ("sentence", "key"), [("三年没出险", "clean3"), ("4年没出险", "clean3"), ("去年没出险", "clean1"), ("2年没出险", "clean1"), ("刚买的新车", "new")]
)
def test_a_column_is_chosen_by_what_is_said_of_years(tiny: Library, sentence: str, key: str) -> None:
    assert chosen(tiny, "record", sentence)[0] == key


def test_what_is_not_said_is_left_open_with_all_possibilities(tiny: Library) -> None:
    assert chosen(tiny, "region", "交强险多少钱") == (None, ("A", "B"))
    assert chosen(tiny, "record", "交强险多少钱") == (None, ("clean1", "clean3", "new"))
    assert chosen(tiny, "vehicle", "家用车交强险") == (None, ("family_small", "family_large", "truck"))


def test_two_rows_meant_equally_are_both_offered(tiny: Library) -> None:
    assert chosen(tiny, "region", "海南还是江苏") == (None, ("A", "B"))


def test_before_the_table_began_nothing_is_possible(tiny: Library) -> None:
    day = date(2000, 1, 1)
    assert possible(PREMIUM.field("region"), tiny, day) == ()
    assert possible(PREMIUM.field("record"), tiny, day) == ()
    assert chosen(tiny, "region", "江苏", day) == (None, ())


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("五座家用", {"seats": 5}), ("3年没出险", {"clean_years": 3}), ("去年没出险", {"clean_years": 1}),
        ("三年没出险，去年没出险", {"clean_years": 3}), ("125cc摩托", {"cc": 125}), ("2吨货车", {"tons": 2}), ("随便说说", {}),
    ],
)
def test_measures_are_read_from_units_and_turns_of_phrase(tiny: Library, sentence: str, said: dict[str, float]) -> None:
    text = fold(sentence)
    assert measures(text, figures(text), tiny.vocabulary.measures) == said


@pytest.mark.parametrize(("sentence", "key"), [
    ("西安公司的考斯特12座,非营业", "企业非营业10至20座"), ("12座,非营业,公司的", "企业非营业10至20座"), ("公司名下9座商务车", "企业非营业6至10座"),
    ("保险公司说我5座车", "家用6座以下"), ("出租车公司的5座车", "出租租赁6座以下"), ("公司客运大巴30座", "公路客运20至36座"),
    ("单位事业编的7座公车", "机关非营业6至10座"),
])
def test_a_company_is_the_owner_of_a_vehicle_only_where_it_is_said_to_be(library: Library, sentence: str, key: str) -> None:
    text = fold(sentence)
    said = measures(text, figures(text), library.vocabulary.measures)
    assert choose(PREMIUM.field("vehicle"), library, NOW, text, said)[0] == key


@pytest.mark.parametrize(("sentence", "years"), [
    ("2020年8月江苏上年没责任事故", 1), ("2023年续保，上年没出险", 1), ("连续3年没出险", 3), ("两年没有责任事故", 2),
])
def test_the_year_of_a_date_is_no_number_of_years(library: Library, sentence: str, years: int) -> None:
    text = fold(sentence)
    assert measures(text, figures(text), library.vocabulary.measures)["clean_years"] == years
