"""Inputs of one metric filled from figures, days and words: values given, values changed, lists, dates, none at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import phrases
from assistant.assignment import Placed, assign, in_hours, unit_price
from assistant.days import Day
from assistant.figures import Figure
from assistant.mentions import Mention
from assistant.metrics import COUNT_UNITS, Field, InputValue, Metric
from assistant.roles import Role, per_one

_TIMES = re.compile(r"[，, ]?(?:每|各|单价|一)(?:个|件|片|条|只|台|套|桶|瓶|对|根|块)?(?:要|是|的|单价|卖|收)? ?| ?[×x*乘]以? ?")
_MOVED_TO = re.compile(r"[降升涨提调放扩变改换][到成为]")


@dataclass(frozen=True)
class Filled:
    """The inputs, the figures they came from, and the inputs as they were before a change."""

    inputs: dict[str, InputValue]
    placed: tuple[Placed, ...]
    changes: tuple[Placed, ...]
    before: Mapping[str, InputValue]


def fill_numbers(
    text: str, found: Sequence[Figure], metric: Metric, roles: Mapping[Figure, Role],
    naming: Mapping[str, Sequence[Mention]], carried: Mapping[str, InputValue], named: bool,
) -> Filled:
    """Give the figures to the inputs; `carried` are the inputs of the turn before, `named` whether the metric is named."""
    inputs, before = dict(carried), dict(carried)
    # 出库成本要到多少 asks for it: the word names no figure that stands elsewhere
    naming = {
        name: [m for m in mentions if not phrases.ASKED_OF.match(text[m.end :])] for name, mentions in naming.items()
    }
    found, moves = _moved(found, roles, metric)
    stated = _counted(text, [figure for figure in found if roles[figure] in ("value", "old")], named)
    if any(one.kind == "many" and one.spec.unit == "元" for one in metric.fields):
        stated = _multiplied(text, stated)
    placed = [*moves, *_of_one_kind(_drop_doubtful(assign(text, stated, metric, naming), stated, metric), metric)]
    inputs |= {one.field: _value(metric.field(one.field), one) for one in placed}
    changed = [figure for figure in found if roles[figure] in ("new", "more", "less")]
    changes = assign(text, changed, metric, naming, name_first=True)
    if placed and changes:
        before |= inputs
    for one in changes:
        inputs[one.field] = _changed(roles[one.figures[0]], inputs.get(one.field), _value(metric.field(one.field), one))
    if named:
        _fill_none(text, metric, naming, inputs)
    if phrases.ALL_ALONG.search(text):
        _fill_equal_lists(metric, inputs)
    return Filled(inputs, tuple(placed), tuple(changes), before)


def fill_dates(metric: Metric, days: Sequence[Day], inputs: dict[str, InputValue]) -> None:
    """Days known exactly are the date inputs, in order."""
    precise = [day.first for day in days if day.precise]
    for one, day in zip([one for one in metric.fields if one.kind == "date"], precise, strict=False):
        inputs[one.name] = day


def unused(found: Sequence[Figure], roles: Mapping[Figure, Role], placed: Sequence[Placed]) -> bool:
    """Whether a given figure found no input."""
    used = [figure for one in placed for figure in one.figures]
    return any(
        roles[figure] == "value" and figure.kind not in ("window", "range", "approx")
        and not any(one.start <= figure.start and figure.end <= one.end for one in used)
        for figure in found
    )


def _counted(text: str, stated: list[Figure], named: bool) -> list[Figure]:
    """Without 一笔 or 一个同事 when they are a manner of speaking: only such figures stand in the text."""
    if not all(phrases.A_SINGLE.match(figure.raw) for figure in stated):
        return stated
    return [figure for figure in stated if named and not per_one(text, figure)]


def _multiplied(text: str, stated: Sequence[Figure]) -> list[Figure]:
    """'2个每个155元' and '155元×2' are one amount where amounts are listed."""
    merged: list[Figure] = []
    for figure in stated:
        last = merged[-1] if merged else None
        if last is not None and _TIMES.fullmatch(text[last.end : figure.start]):
            count, price = (last, figure) if last.unit != "元" else (figure, last)
            if price.unit in ("元", "") and count.unit != "元" and count.value == int(count.value) and price is not count:
                raw = text[last.start : figure.end]
                merged[-1] = replace(price, value=count.value * price.value, unit="元", start=last.start, end=figure.end, raw=raw)
                continue
        merged.append(figure)
    return merged


def _moved(
    found: Sequence[Figure], roles: Mapping[Figure, Role], metric: Metric
) -> tuple[list[Figure], list[Placed]]:
    """Where both ends of '从1.1降到0.88' are inputs, each end is placed; the figures left are returned first."""
    new = next((one for one in metric.fields if any(_MOVED_TO.fullmatch(name) for name in one.spec.aliases)), None)
    old = next((one for one in metric.fields if new and one is not new and one.spec.unit == new.spec.unit), None)
    starts = [figure for figure in found if roles[figure] == "old"]
    ends = [figure for figure in found if starts and figure.start > starts[0].start]
    if new is None or old is None or not ends:
        return list(found), []
    pair = starts[0], ends[0]
    places = [Placed(one.name, (figure,), True, 0.0) for one, figure in zip((old, new), pair, strict=True)]
    return [figure for figure in found if figure not in pair], places


def _value(one: Field, placed: Placed) -> InputValue:
    values = tuple(figure.value * in_hours(figure, one) for figure in placed.figures)
    return values if one.kind == "many" else values[0]


def _changed(role: Role, old: InputValue | None, new: InputValue) -> InputValue:
    if isinstance(old, float | int) and isinstance(new, float | int):
        if role == "more":
            return old + new
        if role == "less":
            return old - new
    return new


def _fill_none(
    text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: dict[str, InputValue]
) -> None:
    """没出过险 says that the claims are none."""
    for one in metric.fields:
        countable = one.kind == "number" and one.spec.unit in COUNT_UNITS and one.spec.default is None
        denied = any(phrases.NONE_OF.search(text[: mention.start]) for mention in naming[one.name])
        if countable and denied and not one.spec.positive and one.name not in inputs:
            inputs[one.name] = 0.0


def _fill_equal_lists(metric: Metric, inputs: dict[str, InputValue]) -> None:
    """'不走一直0.5' beside a list of five means five times 0.5."""
    lists = {one.name: held for one in metric.fields if isinstance(held := inputs.get(one.name), tuple)}
    longest = max((len(held) for held in lists.values()), default=0)
    inputs |= {name: held * longest for name, held in lists.items() if len(held) == 1}


def _of_one_kind(placed: list[Placed], metric: Metric) -> list[Placed]:
    """What is counted in anything is counted in one thing: '高三成的目标' gives no target beside a number of pieces."""
    loose = [one for one in placed if metric.field(one.field).spec.unit == ""]
    ratios = [one for one in loose if any(figure.unit == "ratio" for figure in one.figures)]
    return placed if len(ratios) == len(loose) else [one for one in placed if one not in ratios]


def _drop_doubtful(placed: list[Placed], stated: Sequence[Figure], metric: Metric) -> list[Placed]:
    """A figure that only its unit speaks for is kept when no other left-over figure could be that input as well."""
    used = {figure for one in placed for figure in one.figures}
    spare = [figure for figure in stated if figure not in used]

    def rivalled(one: Placed) -> bool:
        own = metric.field(one.field)
        return any((price := unit_price(figure, own)) is not None and price < 0.5 for figure in spare)

    return [one for one in placed if one.named or not rivalled(one)]
