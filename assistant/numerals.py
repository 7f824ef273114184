"""Plain text and plain numerals: `fold` makes every spelling one spelling, `numeral` reads one written number.

`numeral` is our own because cn2an stumbles over 一亿二, 卅 and mixtures such as 1万2千;
the tests hold it against cn2an.
"""

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "○": 0, "两": 2, "俩": 2, "幺": 1,
}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "qian": 1000, "bai": 100}
BLOCKS = {"万": 10**4, "w": 10**4, "wan": 10**4, "亿": 10**8, "yi": 10**8}
_TWENTIES = str.maketrans({"廿": "二十", "卅": "三十"})
_KEPT = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"  # list numbering: NFKC would turn it into figures
_COMPATIBLE = re.compile(rf"[^{_KEPT}]+")
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "〜": "~", "\t": " ", "\r": None, "²": None, "³": None})
_TOKEN = re.compile(r"\d+(?:\.\d+)?|wan|qian|bai|yi|.")


@cache
def _converter() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")


def fold(text: str) -> str:
    """One spelling for many: half-width, simplified, lower-case, without invisible characters."""
    text = _COMPATIBLE.sub(lambda part: unicodedata.normalize("NFKC", part[0]), text.translate(_SIGNS))
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cn", "Co", "Cs"))
    try:
        text.encode("gb2312")  # holds no traditional characters worth converting
    except UnicodeEncodeError:
        text = _converter().convert(text)
    return text.translate(_SIGNS).lower()


def traditional(text: str) -> bool:
    """Whether a text holds traditional characters."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return bool(_converter().convert(text) != text)
    return False


def numeral(written: str) -> Decimal | None:
    """The value of one written number: 1,200, 一万二, 1.2万, 3w, 三点五, 二〇二四; None when inexact or not one."""
    written = re.sub(r"[, ]", "", written).translate(_TWENTIES)
    whole, point, rest = written.partition("点")
    if point:
        return _decimal(whole, rest)
    if all(c in DIGITS for c in written):
        # 五六 is 「五 or 六」; three digits in a row are dictated one by one
        return Decimal("".join(str(DIGITS[c]) for c in written)) if len(written) != 2 or written[0] in "零〇" else None
    return _structured(written)


def _decimal(whole: str, rest: str) -> Decimal | None:
    places = re.match(r"\d+|[^十百千万亿wk]+", rest)
    before = numeral(whole)
    if places is None or before is None:
        return None
    digits = "".join(c if c.isascii() else str(DIGITS.get(c, "")) for c in places[0])
    times = numeral("1" + rest[places.end():]) if rest[places.end():] else Decimal(1)
    return None if times is None or not digits else (before + Decimal(f"0.{digits}")) * times


def _structured(written: str) -> Decimal | None:
    total, section, digit = Decimal(0), Decimal(0), None
    last, spelled = 1, False
    for token in _TOKEN.findall(written):
        if token in ("零", "〇"):
            spelled = True
        elif token in DIGITS or token[0].isdigit():
            if digit is not None:
                return None
            digit = Decimal(DIGITS[token]) if token in DIGITS else Decimal(token)
        elif token in TENS:
            if digit is None and section and token not in ("十", "拾"):
                return None
            section += (Decimal(1) if digit is None else digit) * TENS[token]
            digit, last, spelled = None, TENS[token], False
        elif token in BLOCKS:
            section += digit or 0
            if token in ("亿", "yi"):
                total, section = (total + section) * BLOCKS[token], Decimal(0)
            else:
                total, section = total + section * BLOCKS[token], Decimal(0)
            digit, last, spelled = None, BLOCKS[token], False
        else:
            return None
    if digit is not None:
        # 三万六 says 36,000: a lone last digit counts the next smaller place
        colloquial = last > 10 and not spelled and digit < 10 and digit == int(digit)
        section += digit * last / 10 if colloquial else digit
    return total + section
