"""Numbers as they stand in a text: days, and amounts with their scale. For the test that each of them comes from somewhere."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import cn2an

NEXT_TO_NOTHING = Decimal("1e-9")  # relative
# what is no number: citation marks, numbers of a list or of the rows of a form, the name 4S
_NO_NUMBER = re.compile(r"\[\d+\]|^\s*\d{1,2}[.、)](?!\d)|^\| *第\d+[期次年] *(?=\|)|4S", re.M | re.I)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_Y, _M, _D = r"(?:19|20)\d\d", r"1[0-2]|0?[1-9]", r"3[01]|[12]\d|0?[1-9]"
_DAYS = re.compile(
    rf"(?<![\d.])(?P<y>{_Y})[年./-](?P<m>{_M})[月./-](?P<d>{_D})(?!\d)"
    rf"|(?<![\d.])(?P<y2>{_Y})[年-](?P<m2>{_M})(?:月|(?![\d.%]))"
    rf"|(?<![\d.])(?P<m3>{_M})月(?P<d3>{_D})[日号]"
    rf"|(?<![\d.])(?P<y4>{_Y})(?=年(?!龄)|[)〕\]]| [起前止])"
)
_SCALES = {
    "%": "0.01", "个百分点": "0.01", "‰": "0.001", "成": "0.1", "k": "1e3", "千": "1e3", "w": "1e4", "万": "1e4", "亿": "1e8",
    "百万分之": "1", "百分之": "0.01", "千分之": "0.001", "万分之": "0.0001", None: "1",
}
_PART, _SCALE = r"(?P<part>百万分之|百分之|千分之|万分之)?", r"(?P<scale>%|个百分点|‰|亿|万|[wk](?![a-z])|千(?![米克])|成(?![交团本]))?"
_AMOUNT = re.compile(rf"{_PART}(?P<sign>(?<![0-9A-Za-z)%])-|负)?(?P<digits>\d+(?:\.\d+)?)(?:{_SCALE})", re.I)
_HAN = re.compile(rf"{_PART}(?P<digits>[零〇一二两三四五六七八九十百千万亿点]+)(?P<half>个?半)?(?:{_SCALE})")
_COUNT = r"\d+|[一二两三四五六七八九十]+"
_TWO_PARTS = re.compile(rf"(?P<years>{_COUNT})年零?(?P<months>{_COUNT})个月|(?P<ten>\d+)[万w](?P<rest>\d)(?!\d)")
_AND_A_HALF = re.compile(rf"(?P<whole>{_COUNT})(?:年|个?小时|个?月|天)半")
_NOT_ONE = re.compile(r"一[个笔单件台次]都?[没未不无]")


@dataclass(frozen=True)
class Told:
    """A day as far as it is named, or an amount and how exactly it is written."""

    raw: str
    day: tuple[int | None, int | None, int | None] | None = None
    amount: Decimal = Decimal(0)
    step: Decimal = Decimal(0)

    def same(self, other: "Told") -> bool:
        """The very number: a month holds for a day of it, an amount in any notation."""
        if self.day and other.day:
            return all(mine is None or mine == theirs for mine, theirs in zip(self.day, other.day, strict=True))
        close = abs(self.amount - other.amount) <= NEXT_TO_NOTHING * max(1, abs(self.amount))
        return not (self.day or other.day) and close

    def rounds(self, other: "Told") -> bool:
        """This number as a person is shown the other: rounded, a fall by its size."""
        apart = abs(abs(self.amount) - abs(other.amount))
        return self.same(other) or (not (self.day or other.day) and apart <= self.step / 2 + NEXT_TO_NOTHING)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", _NO_NUMBER.sub(" ", text)).replace("−", "-")
    while (shorter := _THOUSANDS.sub("", text)) != text:
        text = shorter
    return text


def _times(found: re.Match[str]) -> Decimal:
    return Decimal(_SCALES[found["part"]]) * Decimal(_SCALES[found["scale"] and found["scale"].lower()])


def in_digits(text: str) -> Iterator[Told]:
    """Every number written with digits."""
    text = _plain(text)
    for found in _DAYS.finditer(text):
        year, month, day = (next((int(found[name]) for name in names if found[name]), None) for names in (
            ("y", "y2", "y4"), ("m", "m2", "m3"), ("d", "d3"),
        ))
        yield Told(found[0], (year, month, day))
    for found in _AMOUNT.finditer(_DAYS.sub(lambda day: "\0" * len(day[0]), text)):
        written = Decimal(found["digits"])
        exponent = written.as_tuple().exponent
        assert isinstance(exponent, int)
        yield Told(
            found[0], amount=(-written if found["sign"] else written) * _times(found), step=Decimal(1).scaleb(exponent) * _times(found)
        )


@cache
def in_any_way(text: str) -> tuple[Told, ...]:
    """Numbers in digits, in Chinese numerals as another library reads them, in two parts (3年2个月, 8万6, 4年半), and 一个没过."""
    return tuple(_in_any_way(text))


def _in_any_way(text: str) -> Iterator[Told]:
    yield from in_digits(text)
    for found in _HAN.finditer(_plain(text)):
        with suppress(ValueError):
            amount = _han(found["digits"]) + (Decimal("0.5") if found["half"] else 0)
            yield Told(found[0], amount=amount * _times(found))
    for found in _TWO_PARTS.finditer(_plain(text)):
        if found["ten"]:
            yield Told(found[0], amount=Decimal(found["ten"]) * 10_000 + Decimal(found["rest"]) * 1000)
        else:
            yield Told(found[0], amount=(_han(found["years"]) + _han(found["months"]) / 12).quantize(Decimal("0.01")))
    for found in _AND_A_HALF.finditer(_plain(text)):
        yield Told(found[0], amount=_han(found["whole"]) + Decimal("0.5"))
    yield from (Told(found[0]) for found in _NOT_ONE.finditer(text))


def _han(written: str) -> Decimal:
    return Decimal(str(cn2an.cn2an(written.replace("两", "二").replace("〇", "零"), "smart")))


def computed(value: Any, unit: str = "") -> Iterator[Told]:
    """The numbers of a calculation: its value in its unit, or its inputs."""
    if isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from computed(part)
    elif isinstance(value, str):
        yield from in_digits(value)
    elif isinstance(value, float | int) and not isinstance(value, bool):
        yield Told(str(value), amount=Decimal(str(value)) * Decimal(_SCALES["%"] if unit == "%" else 1))
