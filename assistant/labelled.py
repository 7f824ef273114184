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
from assistant.understanding import Reading, Understanding

LEAST_CASES = 2
LEAST_FIGURES = 2  # a case has figures of its own; a single one is a change or an item of a list

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭"
_PARTY = re.compile(
    r"[甲乙丙丁](?:店|家|网点|组|方案|车)?|(?<![a-z])[a-d](?:店|家|网点|组|方案|仓)|(?<![京山广])[老新大小东西南北一二三](?:店|家店|号店|网点|门店)|"
    rf"[小老阿][{_SURNAMES}]|[{_SURNAMES}](?:师傅|工|姐|哥)|[一二三四五六1-9]号?(?:组|班|仓|号网点)|"
    # 城东店, 万达网点: a word of its own at the beginning of a clause; 到店 and 全店 name no shop
    r"(?:^|(?<=[，,。；;：:、\s和跟与]))(?![\d两俩几这那哪每各全我咱你他她它同单本整到进来回离入开请把被让给在从对向按比网])[一-龥]{1,4}?(?:店|网点|站点|驿站)(?![铺长员均里内外])"
)
_PERIOD = re.compile(
    r"(?<![\d.年])(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![\d日号底初中])|上个?月|这个?月|本月|去年|今年"
)
LABEL = re.compile(f"{_PARTY.pattern}|{_PERIOD.pattern}")
_PLACES = "店点站组班仓案车家傅工姐哥"
_COUNTED = frozenset(("个", "家", "店", "网点", "门店", "人", "位", "名"))


@dataclass(frozen=True)
class Case:
    """The part of a text that belongs to one name: from behind the name up to the next."""

    label: str
    start: int
    end: int
    figures: tuple[Figure, ...]


def cases(text: str, found: Sequence[Figure], label: re.Pattern[str] = LABEL) -> list[Case]:
    """The named parts of a text, each with figures of its own; empty when there are not two such."""
    labels = [] if phrases.TOGETHER.search(text) else list(label.finditer(text))
    starts = [one for place, one in enumerate(labels) if one[0] not in [other[0] for other in labels[:place]]]
    alike = [[one for one in starts if _kind(one[0]) == kind] for kind in dict.fromkeys(_kind(one[0]) for one in starts)]
    starts = next((group for group in alike if len(group) >= LEAST_CASES), [])
    if not starts:
        return []
    ends = [*(one.start() for one in starts[1:]), len(text)]
    own = [figure for figure in found if figure.kind != "window" and not _counts(figure, len(starts))]
    parts = [
        Case(one[0].upper(), one.end(), end, tuple(figure for figure in own if one.end() <= figure.start < end))
        for one, end in zip(starts, ends, strict=True)
    ]
    return parts if all(len(one.figures) >= LEAST_FIGURES for one in parts) else []


def _kind(label: str) -> str:
    """What a name is the name of: 老店 and 小陈 are no two of a kind."""
    if _PERIOD.fullmatch(label):
        return "period"
    return label[-1] if label[-1] in _PLACES else "person" if label[0] in "小老阿" else "letter"


def by_label(
    text: str, mentions: Sequence[Mention], found: Sequence[Figure], read: Callable[[str], Understanding]
) -> list[Reading]:
    """A complete reading for every case that has a name and figures of its own.

    What stands before the first name and behind the last figures belongs to all of them; what the figures of a later case
    are may be told by the first one alone (A店退款210笔，子订单3500；B店264笔，5500).
    """
    parts = cases(text, found)
    if not parts:
        return []
    stop = phrases.CLAUSE_END.search(text, parts[-1].figures[-1].end)
    tail = stop.end() if stop else len(text)
    before, asked = (_without_count(text, found, place, len(parts)) for place in ((0, parts[0].start - len(parts[0].label)), (tail, len(text))))

    def alone(told: str) -> Reading | None:
        first = next(iter(read(f"{before}{told}，{asked}").readings), None)
        whole = first is not None and first.complete and first.typed and first.goal is None and not first.loose
        return first if whole else None

    readings: list[Reading] = []
    for part in parts:
        end = min(part.end, tail)
        first = alone(text[part.start : end])
        if first is None and readings:
            model = replace(parts[0], end=min(parts[0].end, tail), figures=_used(parts[0], readings[0]))
            first = alone(_as_in(text, model, part)) if _alike(model, part, mentions) else None
        if first is None:
            return []
        readings.append(replace(first, where=part.label, before={}, compared=False))
    return readings if len({reading.metric.id for reading in readings}) == 1 else []


def apart(text: str, found: Sequence[Figure], reading: Reading) -> Reading:
    """The reading, or, where it took figures of two parties into one formula, a reading that lacks them."""
    parts = cases(text, found, _PARTY)
    if not parts or phrases.HYPOTHETICAL.search(text):
        return reading
    owners = set()
    for name in reading.typed:
        value = reading.inputs.get(name)
        told = {part.label for part in parts if any(figure.value == value for figure in part.figures)}
        owners |= told if len(told) == 1 else set()
    if len(owners) < LEAST_CASES:
        return reading
    lacking = tuple(one for one in reading.metric.fields if one.spec.default is None)
    where = parts[0].label if reading.named else ""
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


def _used(case: Case, reading: Reading) -> tuple[Figure, ...]:
    """The figures of a case that its reading took: not the 30天 in front of them."""
    return tuple(figure for figure in case.figures if figure.value in reading.inputs.values())


def _alike(first: Case, later: Case, mentions: Sequence[Mention]) -> bool:
    """Whether a case has the figures of the first one in the same order, and names none of them otherwise."""
    if [one.unit for one in first.figures] != [one.unit for one in later.figures]:
        return False
    return _names(later, mentions) <= _names(first, mentions)


def _names(case: Case, mentions: Sequence[Mention]) -> set[tuple[str, int]]:
    """The names of inputs in a case, each with how many figures stand before it."""
    return {
        (m.name, sum(figure.end <= m.start for figure in case.figures)) for m in mentions
        if case.start <= m.start and m.end <= case.end and keys(m, "input") and case.figures[-1].end > m.start
    }


def _as_in(text: str, first: Case, later: Case) -> str:
    """The words of the first case with the figures of a later one."""
    told, place = "", first.start
    for own, other in zip(first.figures, later.figures, strict=True):
        told += text[place : own.start] + text[other.start : other.end]
        place = own.end
    return told + text[place : first.end]
