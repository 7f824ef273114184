"""Long text in bounded lengths: cut between paragraphs, else sentences, else clauses; table rows stay whole under their head."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

PIECE_CHARACTERS = 600  # what the embedded model reads at once, and about what a person reads in one answer
HEAD_SHARE = 3  # a head row is repeated while it takes at most a third of a piece

_CLOSING = "”’』」）)】》\"'"
_CUTS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rf".+?(?:[。！？!?]+[{_CLOSING}]*|\.(?=\s)|$)",  # sentences
        r".+?(?:\n|$)",
        r".+?(?:[；;]|$)",
        r".+?(?:[，,、：:]|\s|$)",
    )
)


@dataclass(frozen=True)
class Unit:
    """A paragraph or a table row, with the head row it needs above it."""

    text: str
    place: str
    head: str = ""


def cut(text: str, bound: int = PIECE_CHARACTERS, level: int = 0) -> list[str]:
    """The text in parts of at most `bound` characters that lose nothing but the space at their ends."""
    text = text.strip()
    if len(text) <= bound:
        return [text] if text else []
    if level == len(_CUTS):
        return [text[start:start + bound].strip() for start in range(0, len(text), bound) if text[start:start + bound].strip()]
    parts: list[str] = []
    current = ""
    for match in _CUTS[level].finditer(text):
        bit = match[0]
        if len((current + bit).strip()) <= bound:
            current += bit
            continue
        parts += cut(current, bound, len(_CUTS))
        current = ""
        if len(bit.strip()) <= bound:
            current = bit
        else:
            parts += cut(bit, bound, level + 1)
    return parts + cut(current, bound, len(_CUTS))


def pack(units: Iterable[Unit], bound: int = PIECE_CHARACTERS) -> list[tuple[str, str]]:
    """(text, place of its beginning) of as few pieces as the order allows; no paragraph is cut that fits a piece."""
    packed: list[tuple[str, str]] = []
    current, place, head = "", "", ""
    for unit in (fitting for given in units for fitting in _fitting(given, bound)):
        above = f"{unit.head}\n" if unit.head and unit.head != head else ""
        if current and len(current) + 1 + len(above) + len(unit.text) > bound:
            packed.append((current, place))
            current = ""
            above = f"{unit.head}\n" if unit.head else ""
        place = place if current else unit.place
        current = f"{current}\n{above}{unit.text}" if current else above + unit.text
        head = unit.head
    return [*packed, (current, place)] if current else packed


def _fitting(unit: Unit, bound: int) -> list[Unit]:
    head = unit.head if len(unit.head) <= bound // HEAD_SHARE else ""
    room = bound - (len(head) + 1 if head else 0)
    return [Unit(text, unit.place, head) for text in cut(unit.text, room)]
