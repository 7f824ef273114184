"""Numbers that point at a person, masked with their ends kept: what is stored and what is logged goes through here.

Masked are phone numbers, number plates, VINs, ID numbers, bank cards and e-mail addresses. A figure, an amount, a ratio, a date or an order
number is left as it is: what is masked has the exact shape, and where the shape alone says little (ID, card) its check digit must hold.
An eleven-digit number that begins like a mobile phone's is taken for one. Hotlines (400, 12315) point at nobody.
"""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

_NARROW = {0xFF01 + step: 0x21 + step for step in range(94)} | {0x3000: 0x20}  # full-width → ASCII, one for one
_STARS = "*" * 20

_MAIL = re.compile(r"(?<![a-z\d._%+-])([a-z\d._%+-]{1,64})(@(?:[a-z\d-]+\.)+[a-z]{2,}+)(?!@)", re.IGNORECASE)
_MOBILE = re.compile(r"(?<!\d)(?<!\d\.)(?:(?:\+|00)?86[ -]?|0)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?!\d|\.\d)")
_AREA = r"10|2\d|[3-9]\d{2}"
_LANDLINE = re.compile(rf"(?<!\d)(?<!\d[.-])\(?(0(?:{_AREA}))\)?[ -]?(\d{{3,4}})[ -]?(\d{{4}})(?!\d|\.\d|-\d\d(?!\d))")
_TOLD_LANDLINE = re.compile(r"((?:电话|座机|固话|传真|tel)[是为:. ]{0,3})([2-9]\d{2,3})-?(\d{4})(?![\d.])", re.IGNORECASE)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SERIAL = "a-hj-np-z"  # no I and no O, so that nobody reads them as figures
_PLATE = re.compile(
    rf"([{_PROVINCES}][{_SERIAL}])[·•. -]?"
    rf"((?=[{_SERIAL}]{{0,4}}\d)(?:[a-hjk][{_SERIAL}\d]\d{{4}}|\d{{5}}[a-hjk]|[{_SERIAL}\d]{{5}}|[{_SERIAL}\d]{{4}}[学警港澳挂领]))"
    r"(?![a-z\d])", re.IGNORECASE,
)
_VIN = re.compile(r"(?<![a-z\d])(?=\d*[a-z])(?=[a-z]*\d)([a-hj-npr-z\d]{17})(?![a-z\d])", re.IGNORECASE)
_IDENTITY = re.compile(r"(?<![\d.])([1-9]\d{5})[ -]?(\d{8})[ -]?(\d{3}[\dx])(?![\dx]|\.\d)", re.IGNORECASE)
_CARD = re.compile(r"(?<!\d)(?<!\d[. -])\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?(?!\d|[.-]\d)")
_ISSUED = re.compile(r"62\d{14,17}|9558\d{12,15}|4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|35\d{14}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BIRTHS = (date(1900, 1, 1), date(2099, 12, 31))


class Secret(NamedTuple):
    """One masked stretch of a text: from, to (exclusive), and what is shown instead."""

    start: int
    end: int
    shown: str


def mask(text: str) -> str:
    """`text` with every such number masked; masking twice changes nothing more."""
    parts, last = [], 0
    for secret in secrets_in(text):
        parts += [text[last : secret.start], secret.shown]
        last = secret.end
    return "".join([*parts, text[last:]])


def secrets_in(text: str) -> list[Secret]:
    """Where they stand, in order and apart from each other."""
    narrow = text.translate(_NARROW)
    found: list[Secret] = []
    for kind in (_mails, _identities, _cards, _vins, _plates, _phones):
        for secret in kind(narrow):
            if all(secret.end <= other.start or secret.start >= other.end for other in found):
                found.append(secret)
    return sorted(found)


def echoes(text: str) -> Callable[[str], str]:
    """Masks in other texts what was masked in `text`, and nothing else: a shop's own number in a quoted source stays."""
    narrow = text.translate(_NARROW)
    pairs = {
        spelled: secret.shown
        for secret in secrets_in(text)
        for spelled in (text[secret.start : secret.end], narrow[secret.start : secret.end], narrow[secret.start : secret.end].lower())
    }

    def masked(other: str) -> str:
        for spelled, shown in pairs.items():
            other = other.replace(spelled, shown)
        return other

    return masked


class MaskingFilter(logging.Filter):
    """Masks every record that passes: message, arguments and traceback. Put it on handlers, where all records come by."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets everything through."""
        if isinstance(record.args, tuple):
            # arguments stay apart: the formatter of access logs reads them one by one
            record.args = tuple(mask(one) if isinstance(one, str) else one for one in record.args)
        said = record.getMessage()
        if (masked := mask(said)) != said:
            record.msg, record.args = masked, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        return True


def _mails(text: str) -> Iterator[Secret]:
    for found in _MAIL.finditer(text):
        name, host = found.groups()
        yield Secret(*found.span(), f"{name[0] if len(name) > 2 else ''}***{host}")


def _identities(text: str) -> Iterator[Secret]:
    for found in _IDENTITY.finditer(text):
        digits = "".join(found.groups()).upper()
        if _born(digits[6:14]) and _checked(digits):
            yield Secret(*found.span(), digits[:3] + _STARS[:11] + digits[-4:])


def _cards(text: str) -> Iterator[Secret]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _ISSUED.fullmatch(digits) and _luhn(digits):
            yield Secret(*found.span(), digits[:4] + _STARS[: len(digits) - 8] + digits[-4:])


def _vins(text: str) -> Iterator[Secret]:
    for found in _VIN.finditer(text):
        yield Secret(*found.span(), found[1][:3] + _STARS[:10] + found[1][-4:])


def _plates(text: str) -> Iterator[Secret]:
    for found in _PLATE.finditer(text):
        yield Secret(*found.span(), f"{found[1]}·{_STARS[: len(found[2]) - 2]}{found[2][-2:]}")


def _phones(text: str) -> Iterator[Secret]:
    for found in _MOBILE.finditer(text):
        yield Secret(*found.span(), f"{found[1]}****{found[3]}")
    for found in _LANDLINE.finditer(text):
        if len(found[2]) == 4 or len(found[1]) == 4:  # seven digits only behind long area codes
            yield Secret(*found.span(), f"{found[1]}-****{found[3]}")
    for found in _TOLD_LANDLINE.finditer(text):
        yield Secret(*found.span(), f"{found[1]}****{found[3]}")


def _born(digits: str) -> bool:
    try:
        return _BIRTHS[0] <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) <= _BIRTHS[1]
    except ValueError:
        return False


def _checked(digits: str) -> bool:
    """The last character of an 18-digit ID number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
