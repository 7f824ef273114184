"""Numbers as a text states them: days, and amounts with scale, unit and how exactly they are written.

`figures` reads what a person types and guesses what they mean; this reads what is told to them and misses nothing that could be taken for a
fact. Positions are those of the text given: no character is added or removed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from assistant.numerals import numeral

ROUGHEST = Decimal("0.01")  # a rounded value may be this far from the exact one, relatively: 0.58% for 0.583%, but not 0.6%
SIGNIFICANT = 12  # digits by which two amounts are told apart
_NARROW = {0xFF01 + step: 0x21 + step for step in range(94)} | {0x3000: 0x20, 0x2212: 0x2D, 0x2013: 0x2D}
_ODD_DIGIT = re.compile(r"[^\x00-\x7F\u2460-\u2473\u3400-\u9FFF]")
_NO_NUMBER = re.compile(r"\[\d{1,3}\]|4[sS](?![A-Za-z])")
_ITEM = re.compile(r"^[\s>*#_]*\d{1,2}[.、)](?!\d)", re.M)
_Y, _M, _D = r"(?:19|20)\d\d", r"1[0-2]|0?[1-9]", r"3[01]|[12]\d|0?[1-9]"
_DAYS = re.compile(
    rf"(?<![\d.])(?P<y>{_Y})[年./-](?P<m>{_M})[月./-](?P<d>{_D})(?!\d)[日号]?"
    rf"|(?<![\d.])(?P<y2>{_Y})[年-](?P<m2>{_M})(?:月|(?![\d.%]))"
    rf"|(?<![\d.])(?P<m3>{_M})月(?P<d3>{_D})[日号]"
    rf"|(?<![\d.])(?P<y4>{_Y})(?=年(?!龄)|[)〕\]]| [起前止])"
)
_PARTS = {"百万分之": "1", "十万分之": "1e-5", "万分之": "1e-4", "千分之": "1e-3", "百分之": "0.01"}
_SCALES = {
    "%": "0.01", "个百分点": "0.01", "‰": "0.001", "成": "0.1", "k": "1e3", "千": "1e3", "w": "1e4", "万": "1e4", "亿": "1e8",
}
_PART = rf"(?P<part>{'|'.join(_PARTS)})?"
_SCALE = r"(?P<scale>%|个百分点|‰|亿|万|[wkWK](?![A-Za-z])|千(?![米克])|成(?![交团本功立为员]))?"
_UNITS = {
    "工作日": "个?工作日", "小时": "个?(?:小时|钟头)", "分钟": "分钟", "个月": "个(?P<half>半)?月", "月": "月",
    "天": "天|日(?![均常期程])", "年": "年(?!龄)",
    "周": "周(?!转)|个?星期|个?礼拜", "元": "元|块(?!儿)|人民币",
    "倍": "倍", "折": "折(?!叠|损|旧)", "公里": "公里|千米|km",
    "分": "分(?![钟之成期类别开析享])", "笔": "笔|单(?![价号证位独])|台次|台(?!账)|件|次(?!日)|人次|人(?![民均工])|户|辆|票|张",
}
_UNIT = rf"(?: ?(?:{'|'.join(f'(?P<u{number}>{words})' for number, words in enumerate(_UNITS.values()))}))?"
_KINDS = tuple(_UNITS)
_TO = "元分天日月年笔单倍折时钟里周件票台次户辆张"  # behind one of these a dash leads to the end of a range: 300元-540元
_AMOUNT = re.compile(
    rf"{_PART}(?P<sign>(?<![0-9A-Za-z)%{_TO}])-|负)?(?P<digits>\d+(?:,\d{{3}}(?!\d))*(?:\.\d+)?) ?{_SCALE}{_UNIT}"
)
_FRACTION = re.compile(r"(?P<whole>[二三四五六七八九十]|\d{1,3})分之(?P<piece>[一二三四五六七八九十]|\d{1,3})(?!\d)")
_HAN = re.compile(rf"{_PART}(?P<digits>[零〇○一二两三四五六七八九十百千万亿点廿卅半]+){_SCALE}{_UNIT}")
_IDIOM = re.compile(r"万一|千万|一一|百万|半点|一半|十万")
_MEASURED = frozenset(_KINDS) - {"笔", "分", "月"}
UNSAID = ("笔", "元", "分", "公里")
"""units people leave out"""
_COUNT = r"(?:\d+|[一二两三四五六七八九十]+)"
_TWO_PARTS = re.compile(rf"(?P<years>{_COUNT})年零?(?P<months>{_COUNT})个月|(?P<ten>\d+)[万w](?P<rest>\d)(?!\d)")
_AND_A_HALF = re.compile(rf"(?P<whole>{_COUNT})(?P<unit>年|个?小时|个?月|天)半")
_NOT_ONE = re.compile(r"一[个笔单件台次]都?[没未不无]")


@dataclass(frozen=True, slots=True)
class Stated:
    """One number at [start, end) of a text. A day as far as it is named (year, month, day), or an amount; ratios are decimals.

    `step` is one unit of the last digit written; `kind` names the unit (元, 天, 工作日, 笔 for all counts, ratio …), empty when there is none.
    """

    start: int
    end: int
    amount: Decimal = Decimal(0)
    step: Decimal = Decimal(0)
    kind: str = ""
    day: tuple[int | None, int | None, int | None] | None = None
    vague: str = ""
    """the words, where they state a number that cannot be read exactly: 七八天"""


class Numbers:
    """A set of numbers that others are held against."""

    def __init__(self, known: Iterable[Stated] = (), computed: Iterable[Stated] = ()) -> None:
        """`known` numbers hold for the very same, `computed` ones also for what they are when rounded."""
        self._kinds: dict[Decimal, set[str]] = {}
        self._days: set[tuple[int | None, int | None, int | None]] = set()
        self._computed: list[Stated] = []
        self._vague: set[str] = set()
        self.add(known)
        for number in computed:
            self._add(number)
            if number.day is None:
                self._computed.append(number)

    def add(self, known: Iterable[Stated]) -> None:
        """Hold more numbers, for the very same."""
        for number in known:
            self._add(number)

    def hold(self, number: Stated) -> bool:
        """Whether the number is one of them: the same amount, of no other unit; a day as far as it is named."""
        if number.vague:
            return number.vague in self._vague
        if number.day is not None:
            return number.day in self._days
        kinds = self._kinds.get(_key(number.amount))
        if kinds is not None and (not number.kind or number.kind in kinds or "" in kinds):
            return True
        return any(rounds(number, exact) for exact in self._computed)

    def _add(self, number: Stated) -> None:
        if number.vague:
            self._vague.add(number.vague)
        elif number.day is not None:
            year, month, day = number.day
            self._days |= {number.day, (year, None, None), (year, month, None), (None, month, day)} - {(None, None, None)}
        else:
            self._kinds.setdefault(_key(number.amount), set()).add(number.kind)


def rounds(number: Stated, exact: Stated) -> bool:
    """Whether `number` is the exact one as a person is told it: rounded, a fall by its size."""
    if number.day or exact.day or number.vague or not (number.kind == exact.kind or not number.kind or not exact.kind):
        return False
    size = abs(exact.amount)
    apart = abs(abs(number.amount) - size)
    return apart <= max(Decimal("1e-9") * max(size, Decimal(1)), min(number.step / 2, ROUGHEST * size))


def stated(text: str, *, at_line_start: bool = True) -> list[Stated]:
    """Every number a text states, in order. Left out are citation marks, numbers of a list, and numerals that count nothing (一个, 统一)."""
    plain = narrowed(text)
    plain = _NO_NUMBER.sub(_blank, plain)
    if at_line_start:
        plain = _ITEM.sub(_blank, plain)
    elif "\n" in plain:
        first, rest = plain.split("\n", 1)
        plain = f"{first}\n{_ITEM.sub(_blank, rest)}"
    return sorted(_stated(plain), key=lambda number: number.start)


def meant(text: str) -> Iterator[Stated]:
    """The same for a text that others are held against: also what its numbers come to (3年2个月, 8万6, 一个没过)."""
    plain = narrowed(text)
    yield from stated(text)
    if "，" in text:  # 判责7，100单 is no seven thousand
        yield from stated(text.replace("，", "、"))
    for found in _TWO_PARTS.finditer(plain):
        span = found.span()
        if found["ten"]:
            yield Stated(*span, Decimal(found["ten"]) * 10_000 + Decimal(found["rest"]) * 1000)
        elif (years := numeral(found["years"])) is not None and (months := numeral(found["months"])) is not None:
            yield Stated(*span, (years + months / 12).quantize(Decimal("0.01")), kind="年")
    for found in _AND_A_HALF.finditer(plain):
        if (whole := numeral(found["whole"])) is not None:
            yield Stated(*found.span(), whole + Decimal("0.5"), kind=kind_of(found["unit"]))
    yield from (Stated(*found.span()) for found in _NOT_ONE.finditer(plain))


def typed(text: str) -> Iterator[Stated]:
    """The same for what a person types, who leaves units out: 判责七，成交一千. Such a number counts something, or is an amount of money."""
    plain = narrowed(text)
    for number in (*meant(text), *(one for found in _HAN.finditer(plain) for one in _han(plain, found, any_numeral=True))):
        if number.kind or number.day or number.vague:
            yield number
        else:
            yield from (replace(number, kind=kind) for kind in UNSAID)


def computed(value: Any, unit: str = "") -> Iterator[Stated]:
    """The numbers of a calculation: a value in its unit, or its inputs."""
    if isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from computed(part)
    elif isinstance(value, str):
        yield from stated(value)
    elif isinstance(value, date):
        yield Stated(0, 0, day=(value.year, value.month, value.day))
    elif isinstance(value, float | int) and not isinstance(value, bool):
        yield Stated(0, 0, Decimal(str(value)) * (ROUGHEST if unit == "%" else 1), kind=kind_of(unit))


def kind_of(unit: str) -> str:
    """The kind of a unit as metrics and rules name it; empty for a bare number."""
    if unit in ("ratio", "%"):
        return "ratio"
    if unit == "ppm":
        return "ppm"
    found = _AMOUNT.match(f"1{unit}") if unit and unit not in ("factor", "level", "date", "bool") else None
    return _unit(found) if found else ""


def narrowed(text: str) -> str:
    """One character for each: half-width signs, and digits of any script as 0-9."""
    text = text.translate(_NARROW)
    return text if text.isascii() else _ODD_DIGIT.sub(lambda found: str(unicodedata.digit(found[0], found[0])), text)


def _stated(plain: str) -> Iterator[Stated]:
    for found in _FRACTION.finditer(plain):
        whole, piece = numeral(found["whole"]), numeral(found["piece"])
        if whole and piece is not None:
            yield Stated(*found.span(), piece / whole, kind="ratio")
    for found in _DAYS.finditer(plain):
        year, month, day = (next((int(found[name]) for name in names if found[name]), None) for names in (
            ("y", "y2", "y4"), ("m", "m2", "m3"), ("d", "d3"),
        ))
        yield Stated(*found.span(), day=(year, month, day))
    rest = _DAYS.sub(lambda found: "\0" * len(found[0]), plain)
    for found in _AMOUNT.finditer(rest):
        written = Decimal(found["digits"].replace(",", ""))
        times, exponent = _times(found), written.as_tuple().exponent
        assert isinstance(exponent, int)
        written += Decimal("0.5") if found["half"] else 0
        yield Stated(*found.span(), (-written if found["sign"] else written) * times, Decimal(1).scaleb(exponent) * times, _kind(found))
    rest = _AMOUNT.sub(_blank, _FRACTION.sub(_blank, rest))
    for found in _HAN.finditer(rest):
        yield from _han(rest, found)


def _han(plain: str, found: re.Match[str], *, any_numeral: bool = False) -> Iterator[Stated]:
    """A number in Chinese numerals; of the many that count nothing only those asked for with `any_numeral`."""
    written, kind = found["digits"].strip("点"), _kind(found)
    before = plain[found.start() - 1 : found.start()] if found.start() else ""
    half = written.endswith("半") or bool(found["half"])
    digits = written.rstrip("半")
    if not written or (before == "双" and digits == "十一"):
        return
    counted = kind in _MEASURED or bool(found["part"]) or (kind == "ratio" and digits != "")
    if not any_numeral and (
        (digits == "" and not (half and kind in _MEASURED))
        or (len(digits) == 1 and not _single(digits, kind, before, plain[found.end() : found.end() + 1], counted))
        or (_IDIOM.fullmatch(digits) and not kind and not found["part"])
    ):
        return
    value = numeral(digits) if digits else Decimal(0)
    if value is not None:
        yield Stated(*found.span(), (value + (Decimal("0.5") if half else 0)) * _times(found), kind=kind)
    elif counted and not any_numeral:
        yield Stated(*found.span(), kind=kind, vague=found[0])


def _single(digit: str, kind: str, before: str, after: str, counted: bool) -> bool:
    """Whether one numeral alone states a number: 七天, 两笔, 第七条; but not 一笔, 第二步, 统一."""
    if before == "第":
        return kind == "" and after in ("条", "章")
    if kind == "元":
        return True
    return counted or (kind == "笔" and digit not in "一百千万亿")


def _times(found: re.Match[str]) -> Decimal:
    scale = found["scale"]
    return Decimal(_PARTS[found["part"]] if found["part"] else 1) * Decimal(_SCALES[scale.lower()] if scale else 1)


def _kind(found: re.Match[str]) -> str:
    if found["part"]:
        return "ppm" if found["part"] == "百万分之" else "ratio"
    if found["scale"] in ("%", "个百分点", "‰", "成"):
        return "ratio"
    return _unit(found)


def _unit(found: re.Match[str]) -> str:
    name = found.lastgroup or ""
    return _KINDS[int(name[1:])] if name[0] == "u" and name[1:].isdigit() else ""


def _key(amount: Decimal) -> Decimal:
    return Decimal(f"{amount:.{SIGNIFICANT}g}").normalize()


def _blank(found: re.Match[str]) -> str:
    return "\0" * len(found[0])

