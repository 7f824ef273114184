"""What is wanted of a metric besides its value: the target, and the input whose value would reach it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from assistant import phrases
from assistant.assignment import unit_price
from assistant.carrying import result_of
from assistant.figures import Figure
from assistant.filling import Filled
from assistant.library import Library
from assistant.mentions import Mention
from assistant.metrics import Field, InputValue, Metric
from assistant.outside import asked_outside
from assistant.roles import Role, as_result
from assistant.understanding import Goal, Understood

TWO = 2
TOLD_WITHIN = 0.01  # a rate this near to the computed one is that value, rounded by whoever told it
ASKED_WITHIN = 5  # characters between 多少 and the word that says of what
_ASKED = re.compile(r"多少|几|差")


def told_or_wanted(
    library: Library, text: str, found: Sequence[Figure], metric: Metric, roles: Mapping[Figure, Role], filled: Filled,
    inputs: Mapping[str, InputValue], day: date,
) -> Mapping[Figure, Role]:
    """Roles with the rates nobody used settled: one that equals the computed value tells it, another one is what is wanted.

    'signed 9,000, on time 8,100, that is 90 %, they want 95 %: how many more' names neither rate as a target.
    """
    if metric.unit not in ("ratio", "ppm") or not phrases.WANTED.search(text) or "target" in roles.values():
        return roles
    used = {figure for one in (*filled.placed, *filled.changes) for figure in one.figures}
    spare = {
        figure: value for figure in found
        if figure not in used and figure.unit == metric.unit and (value := as_result(figure, metric.unit)) is not None
    }
    if not spare:
        return roles
    current = result_of(library, metric, inputs, day)
    wanted = [figure for figure, value in spare.items() if current is None or abs(value - current) > TOLD_WITHIN * abs(current)]
    return {**roles, wanted[-1]: "target"} if wanted else roles


def find_goal(
    text: str, found: Sequence[Figure], roles: Mapping[Figure, Role], metric: Metric,
    naming: Mapping[str, Sequence[Mention]], given: set[str], before: float | None = None, last: Understood | None = None,
) -> tuple[Goal | None, float | None]:
    """(the goal, a line the result is compared with). A target with nothing to solve for is such a line.

    `before`: the target of the turn before, which '还差多少' still means; `last`: that turn, when it was about this metric.
    """
    target, line = (
        next((as_result(figure, metric.unit, aimed=True) for figure in found if roles[figure] == name), None)
        for name in ("target", "line")
    )
    at_most = bool(phrases.AT_MOST.search(text))
    open_ones = [one for one in metric.fields if one.kind == "number" and one.name not in given and one.spec.default is None]
    if before is not None and len(open_ones) == 1 and len(found) == 1 and phrases.AND_THIS.fullmatch(text):
        another = as_result(found[0], metric.unit)
        if another is not None and unit_price(found[0], open_ones[0]) is None:
            return Goal(another, open_ones[0].name), line  # 加价率30%卖多少, and then 那40%呢
    if last is not None and last.target is not None and last.sought is not None and (another := _another_target(text, found, metric)) is not None:
        return Goal(another, last.sought, last.at_most, relative=not last.at_most), line
    if target is None and line is not None and len(open_ones) == 1 and _ASKED.search(text) and len(metric.fields) == TWO:
        # 违约金定到多少钱算刚好超出三成那条线
        return Goal(line, open_ones[0].name), None
    if target is None and phrases.DIFFERENCE.search(text):
        target = before if before is not None else metric.aim
    if target is None and before is not None and phrases.SAME_RATE.search(text):
        target = before
    aimless = metric.fraction is not None and bool(phrases.WANTED.search(text) and phrases.TO_TARGET.search(text))
    if target is None and not at_most and not aimless:
        return None, line
    if not phrases.WANTED.search(text):
        return None, target if line is None else line
    numbers = [one for one in metric.fields if one.kind == "number"]
    outside = asked_outside(text, numbers, naming)
    if outside is not None and target is not None and outside.spec.part_of in given:
        return Goal(target, outside.name, rest=True), line
    near = [name for _, name in sorted(_asked_beside(text, numbers, naming))]
    if target is None and (metric.worse is None or (metric.fraction is None and not near)):
        return None, line  # 'at most' is said of something else
    relative = not at_most and bool(phrases.DIFFERENCE.search(text))
    return Goal(target, _asked_field(metric, numbers, near, given, at_most, text), at_most, relative), line


def _another_target(text: str, found: Sequence[Figure], metric: Metric) -> float | None:
    """要做到75%还差几台, and then 八成呢: a figure alone that can be the result and none of the inputs."""
    if len(found) != 1 or not phrases.AND_THIS.fullmatch(text):
        return None
    if found[0].unit not in ("ratio", "ppm") or any(unit_price(found[0], one) is not None for one in metric.fields):
        return None
    return as_result(found[0], metric.unit, aimed=True)


def inverse(
    text: str, found: Sequence[Figure], roles: Mapping[Figure, Role], metric: Metric, naming: Mapping[str, Sequence[Mention]],
    inputs: Mapping[str, InputValue], filled: Filled,
) -> Goal | None:
    """The result is told and the one input that is missing is asked for: 产值90万，单台1250，要多少台次.

    Two results (单车产值从1080做到1200) ask how much that input differs between them.
    """
    missing = [one for one in metric.fields if one.name not in inputs and one.spec.default is None]
    if filled.changes or len(missing) != 1 or missing[0].kind != "number" or metric.unit in ("date", "bool") or len(metric.fields) < TWO:
        return None
    used = {figure for one in (*filled.placed, *filled.changes) for figure in one.figures}
    told = [
        value for figure in found
        if figure not in used and roles[figure] in ("stated", "target", "old", "new") and figure.kind not in ("window", "range")
        and (value := as_result(figure, metric.unit, aimed=True)) is not None
    ]
    asked = any(
        phrases.ASKED_OF.match(text[mention.end :]) or phrases.ASKED_JUST_BEFORE.search(text[: mention.start])
        for mention in naming[missing[0].name]
    )
    if not told or not asked:
        return None
    apart = phrases.APART.search(text) or phrases.MORE_OF.search(text)
    if len(told) > 1 and not apart:
        return None
    return Goal(told[-1], missing[0].name, since=told[0] if len(told) > 1 else None)


def _asked_field(
    metric: Metric, numbers: Sequence[Field], near: Sequence[str], given: set[str], at_most: bool, text: str
) -> str | None:
    """The input the person wants to know: named beside 多少/几, else the one left open, else the one that is meant."""
    open_ones = [one.name for one in numbers if one.name not in given and one.spec.default is None]
    if metric.fraction is None:
        unknown = [name for name in near if name in open_ones] or list(near)
        return unknown[0] if unknown else open_ones[0] if len(open_ones) == 1 else None
    if len(open_ones) == 1:
        return open_ones[0]  # what is not given cannot be held
    part, whole = metric.fraction
    if metric.worse == "higher" and (phrases.BROUGHT_BACK.search(text) or (phrases.FEWER.search(text) and not near)):
        return part  # 得拉回来几户: those who come back are lost no more
    # 'how many more' of what is good, 'at most how many' of what is bad
    grows = part if metric.worse == "lower" else whole
    bounded = whole if metric.worse == "lower" else part
    meant = bounded if at_most else grows
    return meant if not near or meant in near else near[0]


def _asked_beside(
    text: str, numbers: Sequence[Field], naming: Mapping[str, Sequence[Mention]]
) -> Iterable[tuple[int, str]]:
    """(distance, input) of every naming word that stands close to a 多少, 几 or 差 of the same clause."""
    asked = [found.start() for found in _ASKED.finditer(text)]
    held = {one.name for one in numbers if any(phrases.UNCHANGED.match(text[mention.end :]) for mention in naming[one.name])}
    for one in numbers:
        for mention in naming[one.name]:
            for place in asked:
                if phrases.HELD.search(text[: mention.start]) or one.name in held:
                    continue  # 按这个票量最多几件 holds the volume
                gap = mention.start - place if mention.start >= place else place - mention.end
                if gap <= ASKED_WITHIN and not phrases.CLAUSE_END.search(text[min(place, mention.start) : max(place, mention.end)]):
                    yield gap, one.name
