"""Commas between digits: of a list they part figures, of one number they group its digits."""

import pytest

from assistant.figures import figures


@pytest.mark.parametrize(("text", "values"), [
    ("分别是92,88,95,101,97,90,99,104", [92, 88, 95, 101, 97, 90, 99, 104]),
    ("完成102,98,110,95,105", [102, 98, 110, 95, 105]),
    ("做了120,115,130,108,99,125台", [120, 115, 130, 108, 99, 125]),
    ("成交1,250,判责3单", [1250, 3]),
    ("产值1,234,567元", [1_234_567]),
    ("收入125,000,000元", [125_000_000]),
    ("总台次1,250,98台返修", [1250, 98]),
])
def test_a_row_of_figures_is_no_number(text: str, values: list[float]) -> None:
    assert [figure.value for figure in figures(text)] == values


@pytest.mark.parametrize(("text", "found"), [
    ("产值84w台次700", [(840_000, ""), (700, "")]), ("产值84万台次是700", [(840_000, ""), (700, "")]),
    ("84台次", [(84, "台次")]), ("总1250台次675台次定保", [(1250, "台次"), (675, "台次")]),
    ("业务量60万 网点有9个快递员", [(600_000, ""), (9, "个")]),
])
def test_a_word_between_two_figures_names_the_next_one(text: str, found: list[tuple[float, str]]) -> None:
    assert [(figure.value, figure.unit) for figure in figures(text)] == found
