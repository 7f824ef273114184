"""One question that holds several: a case for each platform, the same case on two days; the case of before that one names."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant import phrases
from assistant.days import Day
from assistant.figures import Figure, figures, fold
from assistant.labelled import PARTY, by_label
from assistant.mentions import Mention, keys
from assistant.understanding import Exchange, Reading, Understanding

NAMES = ("前一个", "后一个")
_BEFORE_AND_AFTER = re.compile(r"(?:以前|之前|前).{0,12}(?:之后|以后|后面?|起)")
_EACH = re.compile(r"各|分别|[跟和与比]|呢")


def by_platform(
    text: str, mentions: Sequence[Mention], found: Sequence[Figure], read: Callable[[str], Understanding]
) -> list[Reading]:
    """A complete reading for every platform that has figures of its own; empty when the question is not of that kind.

    What follows the last figures ('纠纷率各是多少') is asked of all of them.
    """
    starts = [mention for mention in mentions if keys(mention, "platform")]
    starts = [one for place, one in enumerate(starts) if not place or keys(one, "platform") != keys(starts[place - 1], "platform")]
    if len({key for one in starts for key in keys(one, "platform")}) < 2 or len(starts) > len(found):
        return []
    ends = [*(one.start for one in starts[1:]), len(text)]
    spans = [(one.start, end) for one, end in zip(starts, ends, strict=True)]
    if any(not any(start <= figure.start < end for figure in found) for start, end in spans):
        return []
    stop = phrases.CLAUSE_END.search(text, max(figure.end for figure in found))
    asked = text[stop.end() :] if stop else ""
    readings = []
    for (start, end), mention in zip(spans, starts, strict=True):
        part = text[start:end] if end == len(text) else f"{text[start:end]}，{asked}"
        first = next(iter(read(part).readings), None)
        if first is None or not first.complete or not first.typed or first.goal is not None:
            return []
        readings.append(replace(first, where=keys(mention, "platform")[0]))
    return readings


def named_before(
    text: str, history: Sequence[Exchange], read: Callable[[str], Understanding], known: Callable[[str], list[Mention]]
) -> tuple[Sequence[Exchange], str]:
    """(the earlier turns up to the case a text names as it stood last, its name): 乙店呢. All of them and '' when it names none of them."""
    named = {one[0] for one in PARTY.finditer(text)}
    if len(named) != 1:
        return _of_platform(text, history, known), ""
    (name,) = named
    for place in range(len(history) - 1, -1, -1):
        question = fold(history[place].question)
        names = {name if one[0].endswith(name) or name.endswith(one[0]) else one[0] for one in PARTY.finditer(question)}
        if name not in names:
            continue
        if len(names) > 1:
            cases = by_label(question, figures(question), read, known)
            case = next((one for one in cases if one.where.endswith(name.upper()) or name.upper().endswith(one.where)), None)
            if case is None:
                continue
            spoken = replace(history[place].understood, metric=case.metric.id, inputs=dict(case.inputs), previous={})
            return [*history[:place], replace(history[place], understood=spoken)], name
        if not history[place].understood.inputs:
            continue
        last = place
        while last + 1 < len(history) and not PARTY.search(fold(history[last + 1].question)):
            last += 1  # what was said of it without its name
        spoken_of = [at for at in range(place, last + 1) if history[at].understood.metric == history[place].understood.metric]
        return history[: spoken_of[-1] + 1], name
    return history, ""


def _of_platform(text: str, history: Sequence[Exchange], known: Callable[[str], list[Mention]]) -> Sequence[Exchange]:
    """The earlier turns up to the last one about the platform a text names, where another was spoken of since: 还是看淘宝."""
    named = {key for mention in known(text) for key in keys(mention, "platform")}
    if len(named) != 1 or not history or history[-1].understood.platform in (None, *named):
        return history
    places = [at for at, one in enumerate(history) if one.understood.platform in named and one.understood.inputs]
    return history[: places[-1] + 1] if places else history


def by_day(
    text: str, days: Sequence[Day], today: date, read: Callable[[date], Sequence[Reading]]
) -> list[Reading]:
    """The same case read for each of two days ('7月10号下单跟7月25号下单各赔多少'); empty when the rules do not depend on the day."""
    named = [day for day in days if day.dated and day.last <= today]
    if len(named) == 1 and _BEFORE_AND_AFTER.search(text):
        before = named[0].first - timedelta(days=1)
        named = [replace(named[0], first=before, last=before, raw=f"{named[0].raw}以前"), replace(named[0], raw=f"{named[0].raw}起")]
    if len(named) != 2 or named[0].first == named[1].first or not _EACH.search(text):
        return []
    readings = []
    for day in named:
        first = next(iter(read(day.last)), None)
        if first is None or not first.complete or not first.metric.borrowed or any(one.kind == "date" for one in first.metric.fields):
            return []
        readings.append(replace(first, day=day.last, where=day.raw))
    return readings if readings[0].metric is readings[1].metric else []
