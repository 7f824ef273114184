"""Cases that earlier turns told one by one, set side by side under the names they were told with: A店 and B店, 前天 and 昨天."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant import phrases
from assistant.figures import Figure, figures, fold
from assistant.labelled import LABEL, LEAST_CASES, by_label, kind_of
from assistant.mentions import Mention
from assistant.metrics import Metric
from assistant.several import NAMES, by_platform
from assistant.understanding import Exchange, Reading, Understanding

BOTH = re.compile(r"(?:这|那|前面|上面|刚才|刚刚)?(?:俩|两个|两家|两店|两边|两种|它们|二者|两者)")
_TWO = "俩两二"
_TIME = re.compile(
    r"大?前[天日年]|昨[天日]|今[天日年]|去年|(?:上|这|本)个?(?:周|星期|礼拜|季度?|旬)(?![一二三四五六日天])|"
    r"(?:上|这|本)?(?:周|星期|礼拜)[一二三四五六日天](?!共)|[一二三四]季度|[上下]半[年月]"
)
_NAME = re.compile(f"{LABEL.pattern}|{_TIME.pattern}")


@dataclass(frozen=True)
class Told:
    """A case of an earlier turn: its names, as written, and what was understood of it."""

    names: tuple[str, ...]
    metric: str
    inputs: Mapping[str, object]


def compared_before(
    text: str, found: Sequence[Figure], history: Sequence[Exchange], metrics: Mapping[str, Metric],
    read: Callable[[str], Understanding], known: Callable[[str], list[Mention]],
) -> list[Reading]:
    """'这俩哪个高' after two results: both again, side by side; the cases of one question as well as those of several."""
    turned = phrases.ROSE.search(text)
    asked = turned or phrases.WHICH_CASE.search(text) or phrases.APART.search(text) or phrases.TWO_CASES.search(text)
    counted = [figure for figure in found if figure.raw[:1] not in _TWO]  # 这俩 and 两家 count the cases themselves
    if counted or not history or not asked or not (turned or BOTH.search(text) or phrases.WHICH_CASE.search(text)):
        return []
    if history[-1].understood.open:
        return []
    last = fold(history[-1].question)
    together = by_label(last, figures(last), read, known) or by_platform(last, known(last), figures(last), read)
    if together:
        return [_as_case(one.metric, one.inputs, one.where) for one in together]
    told = _meant(text, _told(history, metrics))
    return [_as_case(metrics[one.metric], one.inputs, _name(one, told, place)) for place, one in enumerate(told)]


def beside_last(text: str, reading: Reading, history: Sequence[Exchange], metrics: Mapping[str, Metric]) -> list[Reading]:
    """'上个月600单返修42呢，哪个月好': the case of the turn before and this one."""
    last = history[-1] if history else None
    if last is None or last.understood.metric != reading.metric.id or not phrases.WHICH_CASE.search(text) or last.understood.open:
        return []
    whole = {one.name for one in reading.metric.fields if one.kind in ("number", "many") and one.spec.default is None}
    if not reading.complete or reading.goal is not None or not whole <= set(reading.typed):
        return []
    pair = [
        Told(_names(last, None), reading.metric.id, last.understood.inputs),
        Told(_names(Exchange(text, last.understood), last), reading.metric.id, reading.inputs),
    ]
    return [_as_case(metrics[one.metric], one.inputs, _name(one, pair, place)) for place, one in enumerate(pair)]


def _told(history: Sequence[Exchange], metrics: Mapping[str, Metric]) -> list[Told]:
    """The cases of a conversation, each as it stood last; what is told without a name is of the case named before."""
    found: dict[tuple[str, ...], Told] = {}
    unnamed: list[Told] = []
    names: tuple[str, ...] = ()
    for place, exchange in enumerate(history):
        understood = exchange.understood
        names = _names(exchange, history[place - 1] if place else None) or names
        if understood.open or understood.metric not in metrics or not understood.inputs:
            continue
        one = Told(names, str(understood.metric), understood.inputs)
        if unnamed and (unnamed[-1].metric, unnamed[-1].inputs) == (one.metric, one.inputs):
            continue  # a question in between that changed nothing
        found.pop(names, None)
        found[names] = one
        unnamed.append(one)
    return list(found.values()) if len(found) >= LEAST_CASES else unnamed[-LEAST_CASES:]


def _meant(text: str, told: Sequence[Told]) -> list[Told]:
    """Those of the cases that a question compares: those it names, else all of the last one's kind, or two where it says two."""
    if len(told) < LEAST_CASES or (told[-1].metric, told[-1].inputs) == (told[-2].metric, told[-2].inputs):
        return []
    spoken = [name[0].upper() for name in _NAME.finditer(text)]
    named = [one for one in told if any(name in one.names for name in spoken)]
    if len(named) >= LEAST_CASES:
        return named
    known = {name for one in told for name in one.names}
    strange = {_kind(name) for name in spoken if name not in known}
    if (strange - {"period"}) & _kinds(told[-1]) or (strange & _kinds(told[-1]) and not named and not phrases.ROSE.search(text)):
        return []  # a case nothing was told of; 上个月 may be the 10月 of before
    if named:
        return [named[0], told[-1]] if named[0] is not told[-1] else list(told[-LEAST_CASES:])
    alike = [one for one in told if one.metric == told[-1].metric and _kinds(one) & _kinds(told[-1])]
    return alike if len(alike) > LEAST_CASES and not BOTH.search(text) else list(told[-LEAST_CASES:])


def _kinds(one: Told) -> set[str]:
    return {_kind(name) for name in one.names}


def _kind(name: str) -> str:
    return "period" if _TIME.fullmatch(name) else kind_of(name)


def _names(exchange: Exchange, before: Exchange | None) -> tuple[str, ...]:
    """What a turn calls its case; its platform too where that is another one than before."""
    names = list(dict.fromkeys(name[0].upper() for name in _NAME.finditer(fold(exchange.question))))
    platform = exchange.understood.platform
    if platform and (before is None or before.understood.platform != platform):
        names.append(platform)
    return tuple(names)


def _name(one: Told, told: Sequence[Told], place: int) -> str:
    """The name that tells a case from the others."""
    others = {name for other in told if other is not one for name in other.names}
    own = [name for name in one.names if name not in others]
    return own[0] if own else NAMES[place] if len(told) == len(NAMES) else f"第{place + 1}个"


def _as_case(metric: Metric, inputs: Mapping[str, object], where: str) -> Reading:
    return Reading(metric, inputs, frozenset(inputs), (), {}, 0.0, True, carried=True, where=where)  # type: ignore[arg-type]
