"""Computed tables: worked out by hand here, open where a figure is not known."""

from collections.abc import Mapping
from datetime import date

import pytest

from assistant.library import Library
from assistant.metrics import InputValue
from assistant.sheets import SHEETS

NOW = date(2026, 11, 23)
LINE = "＿＿＿＿"


def rows(library: Library, name: str, given: Mapping[str, Mapping[str, InputValue]]) -> list[list[str]]:
    lines = SHEETS[name].draw(library, given, NOW).split("\n")
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def test_one_claim_is_counted_renewal_by_renewal(library: Library) -> None:
    _, _, *told = rows(library, "renewals", {"claim_extra_premium": {"base_x_autonomous": 4000.0, "clean_years": 4.0}})
    assert told == [
        ["第1次", "0.7", "0.5", "800元", "800元"], ["第2次", "0.7", "0.5", "800元", "1,600元"],
        ["第3次", "0.7", "0.5", "800元", "2,400元"], ["第4次", "0.6", "0.5", "400元", "2,800元"],
        ["第5次", "0.5", "0.5", "0元", "2,800元"],
    ]


@pytest.mark.parametrize(("inputs", "first"), [
    ({}, ["第1次", LINE, LINE, LINE, LINE]), ({"clean_years": 1.0}, ["第1次", "1", "0.8", LINE, LINE]),
    ({"base_x_autonomous": 4000.0}, ["第1次", LINE, LINE, LINE, LINE]),
])
def test_what_is_not_known_of_a_claim_stays_open(library: Library, inputs: dict[str, float], first: list[str]) -> None:
    told = rows(library, "renewals", {"claim_extra_premium": inputs})
    assert told[2] == first
    assert len(told) == 7


def test_every_period_has_its_share_of_the_target(library: Library) -> None:
    given = {"target_vs_best": {"target": 120.0, "history": (80.0, 102.0)}}
    assert rows(library, "history", given)[2:] == [["第1期", "80", "66.67%", ""], ["第2期", "102", "85%", ""]]
    assert rows(library, "history", {"target_vs_best": {"history": (80.0,)}})[2] == ["第1期", "80", LINE, ""]
    assert [row[1] for row in rows(library, "history", {})[2:]] == [LINE] * 6


def test_three_tiers_with_the_lift_each_needs(library: Library) -> None:
    given: dict[str, dict[str, InputValue]] = {"target_vs_best": {"target": 120.0, "history": (80.0, 100.0, 120.0)}, "kpi_lift": {"actual": 60.0}}
    assert rows(library, "tiers", given)[2:] == [
        ["可达", "历史平均", "100", "不用提", "40", ""], ["冲刺", "历史最好", "120", "20%", "60", ""],
        ["原目标", "上面给的数", "120", "20%", "60", ""],
    ]
    assert [row[2:5] for row in rows(library, "tiers", {})[2:]] == [[LINE] * 3] * 3


def test_every_sheet_names_metrics_that_exist(library: Library) -> None:
    for sheet in SHEETS.values():
        assert set(sheet.metrics) <= set(library.metrics)
