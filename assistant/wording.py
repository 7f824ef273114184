"""How numbers and dates are worded for people. Nothing else in the project formats a number.

A unit is the word printed after the number (元, 笔, 小时, 元/台次 …) or one of the special names:
`ratio` (a decimal, worded as a percentage), `ppm` (already per million), `factor` (a bare number),
`level` (a signed grade), `date` and `bool`.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

SPECIAL_UNITS = ("ratio", "ppm", "factor", "level", "date", "bool")
WAN = 10_000

Value: TypeAlias = float | int | bool | date | str

_SLOT = re.compile(r"\{\{\s*([^{}|]+?)\s*(?:\|\s*(\w+)\s*)?\}\}")


def plain(value: float, decimals: int) -> str:
    """1234.50 → '1,234.5': thousands separators, at most `decimals` places, no trailing zeros, never '-0'."""
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def percent(ratio: float) -> str:
    """0.04 → '4%'; small ratios keep three significant digits, so 0.00058333 → '0.0583%'."""
    value = ratio * 100
    size = abs(value)
    if size >= 10:
        decimals = 2
    elif size >= 0.1 or size == 0:
        decimals = 3
    else:
        decimals = 2 - math.floor(math.log10(size))
    return plain(value, decimals) + "%"


def money(value: float) -> str:
    """950 → '950元'; 200000 → '20万元'; 780500 → '780,500元'."""
    if abs(value) >= 10 * WAN and value % 1000 == 0:
        return plain(value / WAN, 1) + "万元"
    return plain(value, 2) + "元"


def say(value: Value, unit: str) -> str:
    """A number with its unit, as a person reads it: say(0.04, 'ratio') → '4%', say(30, '天') → '30天'."""
    if isinstance(value, str):
        return value  # a day known only to its month or year is worded already
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or unit == "bool":
        return "是" if value else "否"
    if unit == "ratio":
        return percent(value)
    if unit == "ppm":
        return "百万分之" + plain(value, 2)
    if unit == "factor":
        return plain(value, 4)
    if unit == "level":
        return plain(value, 0)
    if unit == "元":
        return money(value)
    return plain(value, _decimals(value)) + unit


def _decimals(value: float) -> int:
    """Two, or as many as three significant digits take: a parcel's share of a fine is 0.0325元, not 0.03."""
    size = abs(value)
    return 2 if size >= 1 or size == 0 else 2 - math.floor(math.log10(size))


def count_in_words(count: int) -> str:
    """A small count as people write it before a measure word: 1 → '一', 2 → '两'."""
    return "零一两三四五六七八九十"[count] if 0 <= count <= 10 else str(count)


def fill(template: str, lookup: Callable[[str], tuple[Value, str]]) -> str:
    """Replace every {{name}} by its worded value; {{name|bare}} leaves the unit out, {{name|year}} gives the year of a day.

    `lookup` returns (value, unit) and raises KeyError for a name it does not know.
    """

    def replace(found: re.Match[str]) -> str:
        value, unit = lookup(found.group(1))
        if found.group(2) == "year" and isinstance(value, date):
            return f"{value.year}年"
        if found.group(2) == "bare" and not isinstance(value, date | str):
            return plain(value * 100 if unit == "ratio" else value, 4)
        return say(value, unit)

    return _SLOT.sub(replace, template)


def slots(template: str) -> list[str]:
    """The names a template borrows, in order."""
    return [found.group(1) for found in _SLOT.finditer(template)]
