"""Inputs of one metric filled from figures, days and words: values given, values changed, lists, dates, none at all."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant import phrases
from assistant.assignment import Placed, assign, converted, runs, unit_price
from assistant.days import Day
from assistant.figures import Figure
from assistant.mentions import Mention
from assistant.metrics import COUNT_UNITS, Field, InputValue, Metric
from assistant.numerals import numeral
from assistant.outside import asked_outside, complement
from assistant.roles import Role, per_one

PART_BESIDE = 3  # characters between a figure and the name of the part it counts
DAY_BESIDE = 14  # characters between a day and the word that says what happened on it
BESIDE = 2  # characters between a name and the figure that is its own
LONG_LIST = 3  # figures in a row that are a list whatever stands before them
LIKELY = 0.7  # the unit price up to which a left-over figure joins a list
LARGEST_STEP = 20.0
NONE_UNITS = COUNT_UNITS | {"元", "小时"}  # of these there may be none: 没优惠, 没等过客户
_TIMES = re.compile(
    r"[，, ]?(?:每|各|单价|一)(?:个|件|片|条|只|台|套|桶|瓶|对|根|块|升|斤|公斤)?(?:要|是|的|单价|卖|收)? ?"
    r"|[，, ]?(?:数量|件数|换了?|用了?|要了?|买了?)[是为:]? ?| ?[×x*乘]以? ?"
)
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
    # 出库成本要到多少 and 最多返修几单 ask for it: the word names no figure that stands elsewhere
    answered = {
        name: [
            m for m in mentions
            if not phrases.ASKED_OF.match(text[m.end :]) and not phrases.AS_REST.search(text[: m.start])
            and not phrases.ASKED_JUST_BEFORE.search(text[: m.start])
        ]
        for name, mentions in naming.items()
    }
    wanted = bool(phrases.WANTED.search(text))
    asked = frozenset(name for name, mentions in naming.items() if wanted and len(answered[name]) < len(mentions))
    outside = asked_outside(text, metric.fields, naming)
    if outside is not None:
        asked |= {outside.name}
    naming = answered
    found, moves = _moved(found, roles, metric)
    lists = any(one.kind == "many" for one in metric.fields)
    listed = {run[0] for run in runs(text, found, ()) if len(run) >= LONG_LIST} if lists else set()
    # 没出的话是0.8 0.7 0.6: what begins a list is no change
    stated = _counted(text, [figure for figure in found if roles[figure] in ("value", "old") or figure in listed], named)
    if any(one.kind == "many" and one.spec.unit == "元" for one in metric.fields):
        stated = _multiplied(text, stated)
    given = assign(text, stated, metric, naming, asked=asked, current=carried or None)
    placed = [*moves, *_of_one_kind(_drop_doubtful(given, stated, metric), metric, stated)]
    placed = _collected(text, _added_up(text, placed, stated, metric, naming), stated, metric, naming) if named else placed
    inputs |= {one.field: _value(metric.field(one.field), one) for one in placed}
    _averaged(text, stated, metric, inputs)
    complement(text, metric, placed, inputs)
    _rest(text, metric, inputs)
    defaults: dict[str, InputValue] = {one.name: one.spec.default for one in metric.fields if one.spec.default is not None}
    changed = [figure for figure in found if roles[figure] in ("new", "more", "less") and figure not in listed]
    apart = all(roles[figure] in ("more", "less") for figure in changed)
    changes = assign(
        text, changed, metric, _free(naming, stated, changed), name_first=not apart, current=defaults | inputs,
        told=stated if apart else (),
    )
    if placed and changes:
        before |= inputs
    for one in changes:
        inputs[one.field] = _changed(roles[one.figures[0]], inputs.get(one.field), _value(metric.field(one.field), one))
    base = dict(inputs)
    moved = [one for one in (_halved(text, metric, naming, inputs), *_scaled(text, found, metric, naming, inputs)) if one is not None]
    if moved:
        before |= {name: value for name, value in base.items() if name not in before or not changes}
        changes += moved
    if carried:
        _dropped(text, metric, naming, inputs)
    if named:
        _fill_none(text, metric, naming, inputs)
    if phrases.ALL_ALONG.search(text):
        _fill_equal_lists(metric, inputs)
    return Filled(inputs, tuple(placed), tuple(changes), before)


def fill_dates(
    text: str, metric: Metric, days: Sequence[Day], naming: Mapping[str, Sequence[Mention]], inputs: dict[str, InputValue]
) -> None:
    """Days known exactly are the date inputs: the one nearest to a word that names the input, else the first left."""
    # 11月9号(周一) is one day said twice
    precise = [
        day for place, day in enumerate(days)
        if day.precise and not (place and text[days[place - 1].end : day.start].strip() in ("(", "") and days[place - 1].precise)
    ]
    fields = [one for one in metric.fields if one.kind == "date"]
    named = sorted(
        (_apart(text, day, mention), mention.start - mention.end, place, one.name)
        for one in fields for mention in naming[one.name] for place, day in enumerate(precise)
    )
    taken: set[int] = set()
    given: set[str] = set()
    for gap, _, place, name in named:
        if gap <= DAY_BESIDE and name not in given and place not in taken:
            inputs[name] = precise[place].first
            taken.add(place)
            given.add(name)
    for one in fields:
        held, moved = inputs.get(one.name), phrases.DAYS_LATER.search(text)
        if isinstance(held, date) and not precise and moved:
            count = numeral(moved["n"])
            inputs[one.name] = held + timedelta(days=int(count or 0) * (-1 if moved["early"] else 1))
    left = [day for place, day in enumerate(precise) if place not in taken]
    for one, day in zip([one for one in fields if one.name not in given], left, strict=False):
        inputs[one.name] = day.first


def _apart(text: str, day: Day, mention: Mention) -> int:
    """Characters between a day and a word; a word before the day and a stop between them count more."""
    start, end = (day.end, mention.start) if mention.start >= day.end else (mention.end, day.start)
    behind = 0 if mention.start >= day.end else 2
    return max(0, end - start) + behind + 4 * len(phrases.CLAUSE_END.findall(text[start:end]))


def second_value(
    text: str, found: Sequence[Figure], metric: Metric, roles: Mapping[Figure, Role], filled: Filled, others: Sequence[Mention]
) -> tuple[dict[str, InputValue], dict[str, InputValue]] | None:
    """A figure left over that is another value of an input already given: 自主系数给0.85和给1.2.

    `others` name inputs of other metrics: a figure right behind such a name is that ('小剐蹭修1500').
    """
    found = [figure for figure in found if not any(0 <= figure.start - other.end <= 1 for other in others)]
    used = [(figure, one) for one in filled.placed for figure in one.figures]
    for figure in found:
        if roles[figure] != "value" or any(figure.start < other.end and other.start < figure.end for other, _ in used):
            continue
        rivals = [
            (abs(figure.start - other.start), other, one) for other, one in used
            if len(one.figures) == 1 and other.unit == figure.unit and metric.field(one.field).kind == "number"
            and unit_price(figure, metric.field(one.field)) is not None and _same_size(figure, other)
        ]
        if not rivals or any(one.name not in filled.inputs and one.kind == "number" and one.spec.default is None for one in metric.fields):
            continue
        _, other, one = min(rivals, key=lambda rival: rival[0])
        field = metric.field(one.field)
        values = [_value(field, replace(one, figures=(each,))) for each in sorted((figure, other), key=lambda each: each.start)]
        return {field.name: values[0]}, {field.name: values[1]}
    return None


def _same_size(figure: Figure, other: Figure) -> bool:
    """Two values of one thing seldom differ by more than a magnitude."""
    low, high = sorted((abs(figure.value), abs(other.value)))
    return low > 0 and high / low <= LARGEST_STEP


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
    stated = [figure for place, figure in enumerate(stated) if not _price_of_one(text, figure, stated[place + 1 : place + 2])]
    stated = [replace(figure, value=0.0) if _none_at_all(text, figure) else figure for figure in stated]
    counted = [figure for figure in stated if not (phrases.A_SINGLE.match(figure.raw) and _manner(text, figure))]
    if not all(phrases.A_SINGLE.match(figure.raw) for figure in counted):
        return counted
    return [figure for figure in counted if named or not figure.value]


def _free(
    naming: Mapping[str, Sequence[Mention]], stated: Sequence[Figure], changed: Sequence[Figure]
) -> Mapping[str, Sequence[Mention]]:
    """The names a change may mean: not one behind it that has a figure of its own (工资5000，要是涨到6500，最低工资2360)."""
    first = min((figure.start for figure in changed), default=0)
    return {
        name: [m for m in mentions if not (m.start > first and any(0 <= figure.start - m.end <= BESIDE for figure in stated))]
        for name, mentions in naming.items()
    }


def _manner(text: str, figure: Figure) -> bool:
    """一天收多少, 返修一台扣三百, 合多少天一次: one of a thing stands for each of them."""
    after, before = text[figure.end :], text[: figure.start]
    return per_one(text, figure) or bool(phrases.ONE_EACH.match(after) or phrases.PER_WHAT.search(before))


def _halved(text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: dict[str, InputValue]) -> Placed | None:
    """罚款砍掉一半, 单量翻一倍: the input named last before it changes by that factor."""
    found = phrases.HALF.search(text) or phrases.DOUBLE.search(text)
    if found is None or not phrases.HYPOTHETICAL.search(text):
        return None
    near = [(m.end, one.name) for one in metric.fields for m in naming[one.name] if m.end <= found.start() + 1 or m.start >= found.start()]
    near = [(end, name) for end, name in near if end <= found.end() and isinstance(inputs.get(name), float)]
    if not near:
        return None
    _, name = max(near)
    value = inputs[name]
    assert isinstance(value, float)
    inputs[name] = value * (2.0 if phrases.DOUBLE.search(text) else 0.5)
    figure = Figure(inputs[name], metric.field(name).spec.unit, found.start(), found.end(), found[0], "number")  # type: ignore[arg-type]
    return Placed(name, (figure,), True, 0.0)


def _scaled(
    text: str, found: Sequence[Figure], metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: dict[str, InputValue]
) -> Iterator[Placed]:
    """毛利涨10%, 台次掉一成: the amount or count named right before changes by that share of itself."""
    for figure in found:
        if figure.unit != "ratio" or figure.kind != "ratio":
            continue
        before = text[: figure.start]
        rises, falls = phrases.RISES.search(before), phrases.FALLS.search(before)
        verb = rises or falls
        if verb is None:
            continue
        start = max((end.end() for end in phrases.CLAUSE_END.finditer(before)), default=0)
        near = [
            (m.end, one.name) for one in metric.fields for m in naming[one.name]
            if start <= m.start and m.end <= verb.start() and one.spec.unit != "ratio" and isinstance(inputs.get(one.name), float)
        ]
        if near:
            _, name = max(near)
            value = inputs[name]
            assert isinstance(value, float)
            inputs[name] = value * (1 + (figure.value if rises else -figure.value))
            yield Placed(name, (figure,), True, 0.0)


def _dropped(text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: dict[str, InputValue]) -> None:
    """那系数不乘了呢 puts an input that may be left out back to what it is when nothing is said."""
    for one in metric.fields:
        if one.spec.default is not None and any(phrases.LEFT_OUT.match(text[m.end :]) for m in naming[one.name]):
            inputs[one.name] = one.spec.default


def _price_of_one(text: str, figure: Figure, after: Sequence[Figure]) -> bool:
    """1个工时38块 tells a price: nothing is counted by the one."""
    follows = bool(after) and after[0].kind == "money" and len(text[figure.end : after[0].start].strip("要收是 ")) == 0
    return follows and figure.value == 1 and figure.kind == "count"


def _none_at_all(text: str, figure: Figure) -> bool:
    """一笔判责都没有 counts none."""
    return bool(phrases.A_SINGLE.match(figure.raw) and phrases.NOT_EVEN_ONE.match(text[figure.end :]))


def _multiplied(text: str, stated: Sequence[Figure]) -> list[Figure]:
    """'2个每个155元' and '155元×2' are one amount where amounts are listed."""
    merged: list[Figure] = []
    for figure in stated:
        last = merged[-1] if merged else None
        between = text[last.end : figure.start] if last is not None else "?"
        counted = last is not None and last.kind == "count" and not figure.unit and not between.strip()
        if last is not None and (counted or _TIMES.fullmatch(between)):
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
    if unit_price(pair[0], old) is None or unit_price(pair[1], new) is None:
        return list(found), []
    places = [Placed(one.name, (figure,), True, 0.0) for one, figure in zip((old, new), pair, strict=True)]
    return [figure for figure in found if figure not in pair], places


def _value(one: Field, placed: Placed) -> InputValue:
    values = tuple(figure.value * converted(figure, one) for figure in placed.figures)
    return values if one.kind == "many" else sum(values)


def _averaged(text: str, stated: Sequence[Figure], metric: Metric, inputs: dict[str, InputValue]) -> None:
    """年初库存110万，年末130万 is an average of the two."""
    ends = [
        next((f for f in stated if f.unit in ("元", "") and edge.search(text[: f.start])), None)
        for edge in (phrases.AT_FIRST, phrases.AT_LAST)
    ]
    first, last = ends
    for one in metric.fields:
        if first is not None and last is not None and one.spec.label.startswith("平均"):
            inputs[one.name] = (first.value + last.value) / 2


def _added_up(
    text: str, placed: Sequence[Placed], stated: Sequence[Figure], metric: Metric, naming: Mapping[str, Sequence[Mention]]
) -> list[Placed]:
    """Figures that each stand beside a name of an input that adds up are that input together."""
    found = list(placed)
    together = bool(phrases.TOGETHER.search(text))
    # 5单判责1000单成交: once a figure stands before all names, each name stands behind its figure
    sides = [
        {m.start >= figure.end for mentions in naming.values() for m in mentions if _gap(text, figure, m) is not None} for figure in stated
    ]
    behind = {True} in sides
    for one in metric.fields:
        if one.kind != "number" or not (one.spec.adds or together):
            continue
        used = {figure for other in found if other.field != one.name for figure in other.figures}
        parts = [
            figure for figure in stated
            if (together or figure not in used) and unit_price(figure, one) is not None
            and one.name in _named_beside(text, figure, naming, behind)
        ]
        whole = [figure for figure in parts[:1] if 2 * figure.value == sum(part.value for part in parts)]
        if len(parts) > 1 and whole:
            found = [other for other in found if other.field != one.name]
            found.append(Placed(one.name, (whole[0],), True, 0.0))  # 处罚18单（轨迹11、延迟7）: the sum is given as well
        elif len(parts) > 1:
            found = [other for other in found if other.field != one.name]
            found.append(Placed(one.name, tuple(parts), True, 0.0))
    return found


def _collected(
    text: str, placed: list[Placed], stated: Sequence[Figure], metric: Metric, naming: Mapping[str, Sequence[Mention]]
) -> list[Placed]:
    """Lists that take all figures of their kind wherever they stand: the parts of a bill, the scores of a survey. A figure
    right behind the name of a list, said again and again (权重25 … 权重15), belongs to that list."""
    found = list(placed)
    for one in metric.fields:
        beside = [f for f in stated if one.kind == "many" and any(_right_behind(text, f, m) for m in naming[one.name])]
        if len(beside) > 1 and all(unit_price(figure, one) is not None for figure in beside):
            found = [other for other in found if other.field != one.name]
            found = [replace(other, figures=left) for other in found if (left := tuple(f for f in other.figures if f not in beside))]
            found.append(Placed(one.name, tuple(beside), True, 0.0))
    used = {figure for other in found for figure in other.figures}
    for one in metric.fields:
        if one.kind != "many" or not one.spec.adds:
            continue
        own = [figure for other in found if other.field == one.name for figure in other.figures]
        alike = [
            figure for figure in stated
            if figure not in used and (price := unit_price(figure, one)) is not None and price < LIKELY
            and (not own or figure.unit in (own[0].unit, ""))
        ]
        if alike:
            found = [other for other in found if other.field != one.name]
            found.append(Placed(one.name, tuple(sorted((*own, *alike), key=lambda figure: figure.start)), True, 0.0))
            used |= set(alike)
    return found


def _named_beside(text: str, figure: Figure, naming: Mapping[str, Sequence[Mention]], behind: bool) -> set[str]:
    """The inputs whose name stands nearest to a figure; of two as near, the one before it (成交2000单判责6单) or `behind` it."""
    gaps = [
        ((gap, (mention.start >= figure.end) != behind), name) for name, mentions in naming.items() for mention in mentions
        if (gap := _gap(text, figure, mention)) is not None
    ]
    return {name for gap, name in gaps if gap == min(gaps)[0]}


def _gap(text: str, figure: Figure, mention: Mention) -> int | None:
    """Characters between a figure and a name right before or behind it; None when it stands elsewhere."""
    behind = mention.start >= figure.end
    between = text[figure.end : mention.start] if behind else text[mention.end : figure.start]
    return None if len(between) > PART_BESIDE or phrases.CLAUSE_END.search(between) else len(between)


def _right_behind(text: str, figure: Figure, mention: Mention) -> bool:
    return mention.end <= figure.start and len(text[mention.end : figure.start].strip("是为占: ")) == 0


def _rest(text: str, metric: Metric, inputs: dict[str, InputValue]) -> None:
    """'640 asked, 320 promoters, 192 passives, the rest detractors': the last group follows from the others."""
    if not phrases.THE_REST.search(text):
        return
    for one in metric.fields:
        whole = inputs.get(one.spec.rest_of) if one.spec.rest_of else None
        others = [inputs.get(other.name) for other in metric.fields if other.spec.part_of == one.spec.rest_of and other is not one]
        given = [value for value in others if isinstance(value, float)]
        if one.name not in inputs and isinstance(whole, float) and len(given) == len(others):
            inputs[one.name] = whole - sum(given)


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
        countable = one.kind == "number" and one.spec.unit in NONE_UNITS and one.spec.default is None
        denied = any(
            phrases.NONE_OF.search(text[: mention.start]) and not phrases.HOW_MANY_NOT.search(text[: mention.start])
            for mention in naming[one.name]
        )
        if countable and denied and not one.spec.positive and one.name not in inputs:
            inputs[one.name] = 0.0


def _fill_equal_lists(metric: Metric, inputs: dict[str, InputValue]) -> None:
    """'不走一直0.5' beside a list of five means five times 0.5."""
    lists = {one.name: held for one in metric.fields if isinstance(held := inputs.get(one.name), tuple)}
    longest = max((len(held) for held in lists.values()), default=0)
    inputs |= {name: held * longest for name, held in lists.items() if len(held) == 1}


def _of_one_kind(placed: list[Placed], metric: Metric, stated: Sequence[Figure]) -> list[Placed]:
    """What is counted in anything is counted in one thing: '高三成的目标' gives no target beside a number of pieces."""
    loose = [one for one in placed if metric.field(one.field).spec.unit == ""]
    ratios = [one for one in loose if any(figure.unit == "ratio" for figure in one.figures)]
    others = any(figure.unit not in ("ratio", "") and figure.kind == "count" for figure in stated)
    return placed if len(ratios) == len(loose) and not others else [one for one in placed if one not in ratios]


def _drop_doubtful(placed: list[Placed], stated: Sequence[Figure], metric: Metric) -> list[Placed]:
    """A figure that only its unit speaks for is kept when no other left-over figure could be that input as well."""
    used = {figure for one in placed for figure in one.figures}
    spare = [figure for figure in stated if figure not in used]

    def rivalled(one: Placed) -> bool:
        own = metric.field(one.field)
        return any((price := unit_price(figure, own)) is not None and price < 0.5 for figure in spare)

    def optional(one: Placed) -> bool:
        return metric.field(one.field).spec.default is not None  # what may be left out is not filled by guess

    return [one for one in placed if one.named or not (rivalled(one) or optional(one))]
