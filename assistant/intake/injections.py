"""Finds the watermark some Q&A sites scatter into copied text: 回…答, 内…容 and 来…源, one half at each end of a stretch.

A text is priced by the cheapest way to write it in dictionary words, each at the cost of its rarity (−ln of its share in
jieba's counts). Two figures judge a suspect, in nats:

- its *gain*: how much cheaper the text gets without it;
- its *hold*: how much dearer the text gets when it must stand alone, as no part of a word. A 回 of 回访 holds on, a stray one
  does not.

The thresholds were measured on 19 million characters of clean Chinese, see docs/own-documents.md.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

PAIRS = {"回": "答", "内": "容", "来": "源"}
REACH = 12  # characters between the halves of a pair, at most; those seen enclose 5 to 7
SURE_GAIN, SURE_HOLD = 14.0, 0.0  # a pair like this is believed on any page
PAIR_GAIN, PAIR_HOLD = 12.0, 3.0  # on a page known to be scraped
LONE_GAIN, LONE_REJOINS = 12.0, 4.0  # a half on its own: only where a word closes over the gap, on such a page

# words of this trade that the dictionary lacks: their characters are no strays
PROTECTED = frozenset(
    "回厂 回店 回件 回款率 回寄 回仓 来店 来厂 来单 来货 店内 厂内 保内 质保内 日内 周内 月内 时内 内训 内购 件源 车源 应答率".split()
)
PROTECTED_COUNT = 500

_TOTAL = 60_101_967  # sum of the counts in jieba's dictionary
_LONGEST = 5  # characters of a word
_WINDOW = 6  # characters on either side that can share a word with a suspect, and a few to spare
_SLACK = 1e-6
_STRAYS = frozenset("".join(PAIRS) + "".join(PAIRS.values()))
_RUN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9%]+")
_DEAREST = math.log(_TOTAL)


@dataclass(frozen=True)
class Removal:
    """Characters to take out together, and how much the text gains."""

    positions: tuple[int, ...]
    gain: float
    sure: bool = False


def sure(text: str) -> bool:
    """Whether the text holds a pair that cannot be anything else."""
    return any(removal.sure for removal in _pairs(text))


def repaired(text: str) -> tuple[str, tuple[int, ...]]:
    """The text of a scraped page without its strays, and where they stood. Repairing twice changes nothing more."""
    places = list(range(len(text)))
    gone: list[int] = []
    while found := _chosen(list(_pairs(text)) or list(_lones(text))):
        gone += [places[position] for position in found]
        places = [place for position, place in enumerate(places) if position not in found]
        text = "".join(c for position, c in enumerate(text) if position not in found)
    return text, tuple(sorted(gone))


def _chosen(removals: list[Removal]) -> set[int]:
    """The best removals that do not share a character."""
    taken: set[int] = set()
    for removal in sorted(removals, key=lambda r: -r.gain):
        if taken.isdisjoint(removal.positions):
            taken.update(removal.positions)
    return taken


def _pairs(text: str) -> Iterator[Removal]:
    for run in _suspicious(text):
        end = run.end()
        for start in range(run.start(), end):
            closing = PAIRS.get(text[start])
            if closing is None:
                continue
            stop = text.find(closing, start + 2, min(end, start + REACH + 2))
            while stop >= 0:
                left = text[max(run.start(), start - _WINDOW):start]
                between, right = text[start + 1:stop], text[stop + 1:min(end, stop + 1 + _WINDOW)]
                written = _price(left + text[start] + between + closing + right)
                gain = written - _price(left + between + right)
                hold = _price(left) + _word(text[start]) + _price(between) + _word(closing) + _price(right) - written
                if gain >= PAIR_GAIN and hold <= PAIR_HOLD + _SLACK:
                    yield Removal((start, stop), gain, gain >= SURE_GAIN and hold <= SURE_HOLD + _SLACK)
                stop = text.find(closing, stop + 1, min(end, start + REACH + 2))


def _lones(text: str) -> Iterator[Removal]:
    for run in _suspicious(text):
        for at in range(run.start() + 1, run.end() - 1):
            if text[at] not in _STRAYS:
                continue
            left, right = text[max(run.start(), at - _WINDOW):at], text[at + 1:min(run.end(), at + 1 + _WINDOW)]
            apart, whole = _price(left) + _price(right), _price(left + right)
            gain = apart + _word(text[at]) - whole
            if gain < LONE_GAIN or apart - whole < LONE_REJOINS:
                continue
            if _price(left + text[at] + right) >= apart + _word(text[at]) - _SLACK:  # it is part of no word
                yield Removal((at,), gain)


def _suspicious(text: str) -> Iterator[re.Match[str]]:
    return (run for run in _RUN.finditer(text) if not _STRAYS.isdisjoint(run[0]))


@lru_cache(maxsize=20_000)
def _price(text: str) -> float:
    """Of the cheapest way to write the text in words; Latin letters and figures are free and join nothing."""
    best = [0.0] + [math.inf] * len(text)
    for start, character in enumerate(text):
        if character.isascii():
            best[start + 1] = min(best[start + 1], best[start])
            continue
        for end in range(start + 1, min(start + _LONGEST, len(text)) + 1):
            best[end] = min(best[end], best[start] + _word(text[start:end]))
    return best[-1]


@lru_cache(maxsize=100_000)
def _word(word: str) -> float:
    """The price of one word; infinite for what is none."""
    import rjieba

    if word in PROTECTED:
        return math.log(_TOTAL / PROTECTED_COUNT)
    if rjieba.has_word(word):
        return math.log(_TOTAL / max(1, rjieba.suggest_freq(word) - 1))
    return _DEAREST if len(word) == 1 else math.inf
