"""Cases that a question counts without naming: 两台库存车，一台…一台…; 两个件，大灯进价900卖1260，雨刮进价60卖87."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.figures import Figure
from assistant.labelled import Case, alike, as_in, used
from assistant.mentions import Mention
from assistant.numerals import numeral
from assistant.understanding import Reading, Understanding

MOST = 6
_COUNT = re.compile(r"(?:这|那)?(?<![\d.十百千万第])(?P<n>[2-6俩两三四五六])(?P<of>台|辆|个|件|种|款|单|张)")
_ASKED = re.compile(r"各(?!种|项|类|家|位|部|自的)|分别")
_STOP = re.compile(r"[\s，,。；;、]+")
_START = re.compile(r"(?:另外?|还有|再)?(?:[有]?一)(?P<of>台|辆|个|件|款|单|张)(?![月年天])|第[一二三四五六](?P<of2>台|辆|个|件|款|单|张)")
_SHARED = re.compile(r"(?:都|均|全)(?:是|为|按|算|一样)?|一样|相同")
_NOUN = re.compile(r"[一-龥]{1,4}")
_ORDER = "一二三四五六"


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    figures: tuple[Figure, ...]


def counted_cases(
    text: str, found: Sequence[Figure], read: Callable[[str], Understanding], names: Callable[[str], list[Mention]]
) -> list[Reading]:
    """A complete reading for each case; where one cannot be read whole a reading that lacks everything, so that it is asked for.

    Empty when the question is not of that kind: figures of two cars or parts never go into one formula.
    """
    count = _COUNT.search(text)
    asked = _ASKED.search(text)
    if asked is None:
        return []
    wanted = int(numeral(count["n"].replace("俩", "两")) or 0) if count else 0
    pieces = _pieces(text, found, count)
    groups, shared = _groups(text, pieces, wanted)
    if not 1 < len(groups) <= MOST or (wanted and len(groups) != wanted):
        return []
    once = _told_once(groups)
    if once:  # …，第二台15万压了60天，年利率6%: the last case tells more than the others, so it may hold for all
        groups, shared = [*groups[:-1], groups[-1][: -len(once)]], [*once, *shared]
    after = "，".join([*(text[one.start : one.end] for one in shared), text[_tail(groups, shared) :]])
    before = text[: groups[0][0].start]
    if count and count.end() <= len(before):
        before = before[: count.start()] + before[count.end() :]
    parts = [_case(text, group, place, names) for place, group in enumerate(groups)]
    start = _START.match(text, groups[0][0].start)
    of = count["of"] if count else (start["of"] or start["of2"]) if start else "个"

    def alone(told: str) -> Reading | None:
        best = next(iter(read(f"{before}{told}，{after}").readings), None)
        return best if best is not None and best.complete and best.typed and best.goal is None and not best.compared else None

    if any(part.label.startswith("第") for part in parts):
        parts = [replace(part, label=f"第{order}{of}") for part, order in zip(parts, _ORDER, strict=False)]
    readings: list[Reading] = []
    for part in parts:
        one = alone(part.told)
        if (one is None or one.loose) and readings:
            model = used(parts[0], readings[0])
            one = alone(as_in(model, part)) if alike(model, part, names) else None
        if one is None or one.loose:
            return _lacking(read(text[: groups[0][0].start] + after).readings)
        readings.append(replace(one, where=part.label, before={}, compared=False))
    return readings if len({one.metric.id for one in readings}) == 1 else []


def _lacking(readings: Sequence[Reading]) -> list[Reading]:
    """The metric asked for, with nothing given."""
    if not readings or not readings[0].named:
        return []
    one = readings[0]
    lacking = tuple(field for field in one.metric.fields if field.spec.default is None)
    return [replace(one, inputs={}, missing=lacking, before={}, compared=False, goal=None, vouched=False)]


def _pieces(text: str, found: Sequence[Figure], count: re.Match[str] | None) -> list[_Piece]:
    """The stretches of a text between commas and blanks."""
    ends = [0, *(end for stop in _STOP.finditer(text) for end in stop.span()), len(text)]
    spans = [(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True) if start < end]
    counted = count.start() if count else -1
    return [_Piece(start, end, tuple(f for f in found if start <= f.start < end and f.start != counted)) for start, end in spans]


def _groups(text: str, pieces: Sequence[_Piece], wanted: int) -> tuple[list[list[_Piece]], list[_Piece]]:
    """(the pieces of each case, the pieces that hold for all of them)."""
    told = [one for one in pieces if one.figures]
    asked = next((place for place, one in enumerate(pieces) if _ASKED.search(text, one.start, one.end)), len(pieces))
    starts = [place for place, one in enumerate(pieces[:asked]) if _START.match(text, one.start, one.end)]
    shared = [one for one in told if _SHARED.search(text, one.start, one.end)]
    if len(starts) > 1:
        ends = [*starts[1:], asked]
        groups = [[one for one in pieces[start:end] if one not in shared] for start, end in zip(starts, ends, strict=True)]
        return groups, [one for one in shared if one.start >= pieces[starts[0]].start]
    own = [one for one in told if one not in shared and one in pieces[:asked]]
    return ([[one] for one in own] if wanted and len(own) == wanted else []), [one for one in shared if own and one.start > own[0].start]


def _told_once(groups: Sequence[list[_Piece]]) -> list[_Piece]:
    """The pieces with which the last case is longer than all others."""
    usual = {len(group) for group in groups[:-1]}
    return groups[-1][max(usual) :] if len(usual) == 1 else []


def _tail(groups: Sequence[Sequence[_Piece]], shared: Sequence[_Piece]) -> int:
    """Where what is asked of all begins."""
    return max(one.end for one in (*(group[-1] for group in groups), *shared))


def _case(text: str, group: Sequence[_Piece], place: int, names: Callable[[str], list[Mention]]) -> Case:
    told, places, figures = "", [], []
    for piece in group:
        start = _START.match(text, piece.start, piece.end) if piece is group[0] else None
        begin = start.end() if start else piece.start
        own = [figure for figure in piece.figures if figure.start >= begin]
        places += [len(told) + figure.start - begin for figure in own]
        figures += own
        told += text[begin : piece.end] + "，"
    first = text[group[0].start : group[0].end]
    begins = min((m.start for m in names(first)), default=0)
    noun = _NOUN.fullmatch(first[:begins]) if not _START.match(first) else None
    return Case(noun[0] if noun else f"第{_ORDER[place]}个", told.rstrip("，"), tuple(figures), tuple(places))
