"""Cases that a question tells apart by a name: 甲店…乙店…, 东区店…西区店…, 10月…11月….

Each is read with its own figures only. Where one of them cannot be read whole it is asked for: figures of two shops are never
put into one formula.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant import phrases
from assistant.figures import Figure
from assistant.mentions import Mention, keys
from assistant.rows import runs
from assistant.understanding import Reading, Understanding

LEAST_CASES = 2
LEAST_FIGURES = 2  # a case has figures of its own; a single one is a change or an item of a list

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭"
PARTY = re.compile(
    r"[甲乙丙丁](?:店|家|网点|组|方案|车)?|(?<![a-z])[a-d](?:店|家|网点|组|方案|仓)|(?<![京山广])[老新大小东西南北一二三](?:店|家店|号店|网点|门店)|"
    r"隔壁(?:店|家|网点)?|(?:我|咱|咱们|我们|本)店(?!铺)|(?:对手|友)店|"
    rf"[小老阿][{_SURNAMES}]|[{_SURNAMES}](?:师傅|工|姐|哥)|[一二三四五六1-9]号?(?:组|班|仓|号网点)|"
    # 城东店, 万达网点: a word of its own at the beginning of a clause; 到店 and 全店 name no shop
    r"(?:^|(?<=[，,。；;：:、\s和跟与]))(?![\d两俩几这那哪每各全我咱你他她它同单本整到进来回离入开请把被让给在从对向按比网])[一-龥]{1,4}?(?:店|网点|站点|驿站)(?![铺长员均里内外])"
)
_PERIOD = re.compile(
    r"(?<![\d.年])(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![\d日号底初中])|上个?月|这个?月|本月|去年|今年"
)
LABEL = re.compile(f"{PARTY.pattern}|{_PERIOD.pattern}")
_PLACES = "店点站组班仓案车家傅工姐哥"
_COUNTED = frozenset(("个", "家", "店", "网点", "门店", "人", "位", "名"))


@dataclass(frozen=True)
class Case:
    """What belongs to one name: the words from behind it up to the next name, and the figures in them."""

    label: str
    told: str
    figures: tuple[Figure, ...]
    places: tuple[int, ...]
    """where each of the figures stands in the words"""


def cases(text: str, found: Sequence[Figure], label: re.Pattern[str] = LABEL) -> list[Case]:
    """The named parts of a text up to its last figure; empty when there are not two."""
    labels = [] if phrases.TOGETHER.search(text) else list(label.finditer(text))
    of_a_kind = [[one for one in labels if kind_of(one[0]) == kind] for kind in dict.fromkeys(kind_of(one[0]) for one in labels)]
    labels = next((group for group in of_a_kind if len({one[0] for one in group}) >= LEAST_CASES), [])
    names = dict.fromkeys(one[0] for one in labels)
    own = [figure for figure in found if figure.kind != "window" and not _counts(figure, len(names))]
    if not labels or not own:
        return []
    stop = tail(text, own)
    spans = [(one[0], one.end(), min(end, stop)) for one, end in zip(labels, [*(one.start() for one in labels[1:]), stop], strict=True)]
    return _each_in_turn(text, own, list(names), spans) or [_gathered(text, own, name, spans) for name in names]


def tail(text: str, found: Sequence[Figure]) -> int:
    """Where what is asked of all cases begins: behind the clause of the last figure."""
    stop = phrases.CLAUSE_END.search(text, max(figure.end for figure in found))
    return stop.end() if stop else len(text)


def _gathered(text: str, found: Sequence[Figure], name: str, spans: Sequence[tuple[str, int, int]]) -> Case:
    told = ""
    figures: list[Figure] = []
    places: list[int] = []
    for label, start, end in spans:
        if label == name:
            inside = [figure for figure in found if start <= figure.start < end]
            figures += inside
            places += [len(told) + figure.start - start for figure in inside]
            told += text[start : max(start, end)] + "，"
    return Case(name.upper(), told, tuple(figures), tuple(places))


def _each_in_turn(text: str, found: Sequence[Figure], names: Sequence[str], spans: Sequence[tuple[str, int, int]]) -> list[Case]:
    """城东店和城西店：成交3000和5000，判责6和12: as many figures in each row as there are names."""
    start = spans[-1][1]
    joined = all(phrases.JOINED.fullmatch(text[end:later]) for _, end, later in spans[:-1])
    rows = runs(text, [figure for figure in found if figure.start >= start], ())
    if len(spans) != len(names) or not joined or not rows or any(len(row) != len(names) for row in rows):
        return []
    return [_turn(text, name, [row[place] for row in rows], rows, (start, spans[-1][2])) for place, name in enumerate(names)]


def _turn(text: str, name: str, figures: Sequence[Figure], rows: Sequence[tuple[Figure, ...]], span: tuple[int, int]) -> Case:
    """The words of a span with one figure of each row."""
    told, places, done = "", [], span[0]
    for row, figure in zip(rows, figures, strict=True):
        told += text[done : row[0].start]
        places.append(len(told))
        told, done = told + text[figure.start : figure.end], row[-1].end
    return Case(name.upper(), told + text[done : span[1]], tuple(figures), tuple(places))


def kind_of(label: str) -> str:
    """What a name is the name of: 老店 and 小陈 are no two of a kind."""
    if _PERIOD.fullmatch(label):
        return "period"
    return label[-1] if label[-1] in _PLACES else "person" if label[0] in "小老阿" else "letter"


def by_label(text: str, found: Sequence[Figure], read: Callable[[str], Understanding], names: Callable[[str], list[Mention]]) -> list[Reading]:
    """A complete reading for every case that has a name and figures of its own.

    What stands before the first name and behind the last figures belongs to all of them; what the figures of a later case
    are may be told by the first one alone (A店退款210笔，子订单3500；B店264笔，5500). `names` finds the names we know in words.
    """
    parts = cases(text, found)
    if not parts or any(len(part.figures) < LEAST_FIGURES for part in parts):
        return []
    first = next(iter(LABEL.finditer(text))).start()
    stop = tail(text, [figure for part in parts for figure in part.figures])
    before, asked = (_without_count(text, found, span, len(parts)) for span in ((0, first), (stop, len(text))))

    def alone(told: str) -> Reading | None:
        best = next(iter(read(f"{before}{told}，{asked}").readings), None)
        whole = best is not None and best.complete and best.typed and best.goal is None and not best.loose
        return best if whole else None

    readings: list[Reading] = []
    for part in parts:
        one = alone(part.told)
        if one is None and readings:
            model = used(parts[0], readings[0])
            told = as_told(model, part, names)
            one = alone(told) if told else None
        if one is None:
            return []
        readings.append(replace(one, where=part.label, before={}, compared=False))
    return readings if len({reading.metric.id for reading in readings}) == 1 else []


def apart(text: str, found: Sequence[Figure], reading: Reading) -> Reading:
    """The reading, or, where it took figures of two parties into one formula, a reading that lacks them."""
    parts = [part for part in cases(text, found, PARTY) if part.figures]
    if len(parts) < LEAST_CASES or sum(len(part.figures) for part in parts) <= LEAST_FIGURES or phrases.HYPOTHETICAL.search(text):
        return reading
    owners = set()
    for name in reading.typed:
        value = reading.inputs.get(name)
        told = {part.label for part in parts if any(figure.value == value for figure in part.figures)}
        owners |= told if len(told) == 1 else set()
    if len(owners) < LEAST_CASES:
        return reading
    lacking = tuple(one for one in reading.metric.fields if one.spec.default is None)
    where = min(parts, key=lambda part: len(part.figures)).label if reading.named else ""
    return replace(reading, inputs={}, missing=lacking, before={}, compared=False, goal=None, vouched=False, where=where)


def _without_count(text: str, found: Sequence[Figure], span: tuple[int, int], cases: int) -> str:
    """A part of the text without the figure that counts the cases: 两个淘宝店, 两家各是多少."""
    start, end = span
    for figure in reversed(found):
        if start <= figure.start and figure.end <= end and _counts(figure, cases):
            text, end = text[: figure.start] + text[figure.end :], end - (figure.end - figure.start)
    return text[start:end]


def _counts(figure: Figure, cases: int) -> bool:
    return figure.value == cases and figure.unit in _COUNTED


def used(case: Case, reading: Reading) -> Case:
    """The case with those figures that its reading took: not the 30天 in front of them."""
    kept = [(figure, place) for figure, place in zip(case.figures, case.places, strict=True) if figure.value in reading.inputs.values()]
    return replace(case, figures=tuple(figure for figure, _ in kept), places=tuple(place for _, place in kept))


def as_told(first: Case, later: Case, names: Callable[[str], list[Mention]]) -> str:
    """The words of the first case with the figures of a later one; '' where it is not told in the same order."""
    return as_in(first, later) if later.figures and alike(first, later, names) else ""


def alike(first: Case, later: Case, names: Callable[[str], list[Mention]]) -> bool:
    """Whether a case has the figures of the first one in the same order, and names none of them otherwise."""
    if [one.unit for one in first.figures] != [one.unit for one in later.figures]:
        return False
    return _named(later, names) <= _named(first, names)


def _named(case: Case, names: Callable[[str], list[Mention]]) -> set[tuple[str, int]]:
    """The names of inputs in a case, each with how many figures stand before it."""
    return {
        (m.name, sum(place < m.start for place in case.places)) for m in names(case.told)
        if keys(m, "input") and case.places[-1] > m.start
    }


def as_in(first: Case, later: Case) -> str:
    """The words of the first case with the figures of a later one."""
    told, done = "", 0
    for own, place, other in zip(first.figures, first.places, later.figures, strict=True):
        told += first.told[done:place] + other.raw
        done = place + own.end - own.start
    return told + first.told[done:]
