"""Inputs that are given a second value: changed by a figure or by words, put back, or set beside another."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant import phrases
from assistant.assignment import CONVERTED, Placed, assign, unit_price, value_of
from assistant.figures import Figure
from assistant.mentions import Mention
from assistant.metrics import InputValue, Metric
from assistant.roles import Role

BESIDE = 2  # characters between a name and the figure that is its own
LARGEST_STEP = 20.0  # times: two values of one input seldom lie further apart
_SENTENCE_END = re.compile(r"[。；;！!？?\n]")
_MOVED_TO = re.compile(r"[降升涨提调放扩变改换][到成为]")


def changes_by_figures(
    text: str, changed: Sequence[Figure], stated: Sequence[Figure], metric: Metric, roles: Mapping[Figure, Role],
    naming: Mapping[str, Sequence[Mention]], inputs: Mapping[str, InputValue], placed: Sequence[Placed] = (),
    done: frozenset[str] = frozenset(),
) -> list[Placed]:
    """The figures that change an input, given to the inputs they change; `stated` are those that give one, `placed` where they went,
    `inputs` what holds so far, `done` the inputs that were set right and do not change again."""
    defaults: dict[str, InputValue] = {one.name: one.spec.default for one in metric.fields if one.spec.default is not None}
    apart = all(roles[figure] in ("more", "less") for figure in changed)
    known = defaults | dict(inputs)
    unknown = frozenset(one.name for one in metric.fields if one.name not in known) if known else frozenset[str]()
    given = assign(
        text, changed, metric, _free(naming, stated, changed), name_first=not apart, current=known, told=stated if apart else (),
        barred={  # 把贬损里10个人变成7-8分 takes them from those who were told
            figure: _barred(text, figure, metric, naming, inputs) | done
            | (unknown if phrases.PERSUADED.match(text[figure.end :]) else frozenset())
            for figure in changed
        },
        recent=_recent(text, changed, placed),
    )
    return [*given, *_in_another_unit(changed, given, metric, roles, inputs)]


def _in_another_unit(
    changed: Sequence[Figure], given: Sequence[Placed], metric: Metric, roles: Mapping[Figure, Role], inputs: Mapping[str, InputValue]
) -> list[Placed]:
    """再干两个月 of 4年5个月: a step in a smaller unit is of the only input that is counted in the larger one."""
    used = {figure for one in given for figure in one.figures}
    found = []
    for figure in changed:
        fields = [one for one in metric.fields if (figure.unit, one.spec.unit) in CONVERTED and isinstance(inputs.get(one.name), float)]
        if figure not in used and roles[figure] in ("more", "less") and len(fields) == 1:
            found.append(Placed(fields[0].name, (figure,), False, 0.0))
    return found


def _barred(
    text: str, figure: Figure, metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: Mapping[str, InputValue]
) -> frozenset[str]:
    """The inputs a change cannot mean: those said to stay as they are, and those that would rise where it says they fall."""
    held = {name for name, mentions in naming.items() if any(phrases.UNCHANGED.match(text[m.end :]) for m in mentions)}
    if phrases.IN_TIME.search(_clause(text, figure)) and metric.fraction is not None:  # 如果再多赶上105单 comes to the part
        held |= {one.name for one in metric.fields if one.name != metric.fraction[0] and one.kind == "number"}
    pending = phrases.PENDING.match(text[figure.end :])
    end = figure.end + pending.end() if pending else 0
    said = {
        one.name: max((len(name) for name in (one.spec.label, *one.spec.aliases) if name in text[figure.end : end]), default=0)
        for one in metric.fields
    }
    if any(said.values()):  # 还有3单在审，万一全判商责 says what they would be
        held |= {name for name, length in said.items() if length < max(said.values())}
    before = text[: figure.start]
    falls, rises = phrases.FALLS_TO.search(before), phrases.RISES_TO.search(before)
    if falls and phrases.HELD_BACK.search(before) and figure.unit in ("天", "月"):
        falls = None  # 总共压到150天 is a car that stands longer
    for one in metric.fields:
        now = inputs.get(one.name)
        if isinstance(now, float | int) and unit_price(figure, one) is not None:
            new = value_of(one, Placed(one.name, (figure,), True, 0.0))
            if isinstance(new, float | int) and ((falls and new > now) or (rises and new < now)):
                held.add(one.name)
    return frozenset(held)


def _clause(text: str, figure: Figure) -> str:
    """The clause a figure stands in."""
    start = max((end.end() for end in phrases.CLAUSE_END.finditer(text, 0, figure.start)), default=0)
    end = phrases.CLAUSE_END.search(text, figure.end)
    return text[start : end.start() if end else len(text)]


def _recent(text: str, changed: Sequence[Figure], placed: Sequence[Placed]) -> dict[Figure, str]:
    """For each change the input whose value was told last before it, in the same sentence."""
    ends = sorted((figure.end, one.field) for one in placed for figure in one.figures)
    found = {
        figure: [field for end, field in ends if end <= figure.start and not _SENTENCE_END.search(text, end, figure.start)]
        for figure in changed
    }
    return {figure: fields[-1] for figure, fields in found.items() if fields}


def apply_changes(metric: Metric, roles: Mapping[Figure, Role], changes: Sequence[Placed], inputs: dict[str, InputValue]) -> None:
    """Set each changed input to its new value, or to that much more or less."""
    for one in changes:
        inputs[one.field] = _changed(roles[one.figures[0]], inputs.get(one.field), value_of(metric.field(one.field), one))


def put_back(text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]], inputs: dict[str, InputValue]) -> None:
    """那系数不乘了呢 puts an input that may be left out back to what it is when nothing is said."""
    for one in metric.fields:
        if one.spec.default is not None and any(phrases.LEFT_OUT.match(text[m.end :]) for m in naming[one.name]):
            inputs[one.name] = one.spec.default


def both_ends(
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


def second_value(
    found: Sequence[Figure], metric: Metric, roles: Mapping[Figure, Role], placed: Sequence[Placed], inputs: Mapping[str, InputValue],
    others: Sequence[Mention],
) -> tuple[dict[str, InputValue], dict[str, InputValue]] | None:
    """A figure left over that is another value of an input already given: 自主系数给0.85和给1.2.

    Answers ({input: the value that stands first in the text}, {input: the other}). `placed` and `inputs` are what was filled;
    `others` name inputs of other metrics: a figure right behind such a name is that ('小剐蹭修1500').
    """
    found = [figure for figure in found if not any(0 <= figure.start - other.end <= 1 for other in others)]
    used = [(figure, one) for one in placed for figure in one.figures]
    for figure in found:
        if roles[figure] != "value" or any(figure.start < other.end and other.start < figure.end for other, _ in used):
            continue
        rivals = [
            (abs(figure.start - other.start), other, one) for other, one in used
            if len(one.figures) == 1 and other.unit == figure.unit and metric.field(one.field).kind == "number"
            and unit_price(figure, metric.field(one.field)) is not None and _same_size(figure, other)
        ]
        if not rivals or any(one.name not in inputs and one.kind == "number" and one.spec.default is None for one in metric.fields):
            continue
        _, other, one = min(rivals, key=lambda rival: rival[0])
        field = metric.field(one.field)
        values = [value_of(field, replace(one, figures=(each,))) for each in sorted((figure, other), key=lambda each: each.start)]
        return {field.name: values[0]}, {field.name: values[1]}
    return None


def _same_size(figure: Figure, other: Figure) -> bool:
    """Two values of one thing seldom differ by more than a magnitude."""
    low, high = sorted((abs(figure.value), abs(other.value)))
    return low > 0 and high / low <= LARGEST_STEP


def _free(
    naming: Mapping[str, Sequence[Mention]], stated: Sequence[Figure], changed: Sequence[Figure]
) -> Mapping[str, Sequence[Mention]]:
    """The names a change may mean: not one behind it that has a figure of its own (工资5000，要是涨到6500，最低工资2360)."""
    first = min((figure.start for figure in changed), default=0)
    return {
        name: [m for m in mentions if not (m.start > first and any(0 <= figure.start - m.end <= BESIDE for figure in stated))]
        for name, mentions in naming.items()
    }


def _changed(role: Role, old: InputValue | None, new: InputValue) -> InputValue:
    if isinstance(old, tuple) and isinstance(new, tuple) and role == "more":
        return (*old, *new)  # 再换两个配件 keeps those of before
    if isinstance(old, float | int) and isinstance(new, float | int):
        if role == "more":
            return old + new
        if role == "less":
            return old - new
    return new
