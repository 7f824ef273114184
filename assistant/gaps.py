"""How far a value is from the next better step of its rule, what single change would reach it, and when old cases drop out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from assistant.answer import Calculated
from assistant.errors import AssistantError
from assistant.findings import WINDOW, points
from assistant.library import Library
from assistant.metrics import Field, Metric
from assistant.rules import Grade, Rule
from assistant.solving import solve
from assistant.understanding import Reading
from assistant.wording import say

MOST_MORE = 60  # of a count that is raised step by step to see when a test is met


def gap(library: Library, reading: Reading, finding: Calculated, day: date) -> Iterator[Calculated]:
    """For a value that has not reached the best step: the line above it, the distance, and the counts that would meet it."""
    if finding.rule is None or finding.verdict in (None, "ok"):
        return
    if isinstance(finding.value, bool):
        yield from _until_met(library, reading, finding, day)
        return
    rule = library.rules[finding.rule.removeprefix("rule/")]
    above = _step_above(rule, finding, day)
    if above is None or not isinstance(finding.value, float | int):
        return
    step, line = above
    apart = abs(float(finding.value) - line)
    if not apart:
        return
    yield Calculated(
        finding.metric, f"离“{step.word}”的线{say(line, finding.unit)}还差", {"value": finding.value, "line": line},
        apart, finding.unit, points(apart, finding.unit),
        formula=f"{finding.said} 与 {say(line, finding.unit)} 之差", day=day, aside=True,
    )
    yield from _changes(library, reading, line, step, day)


def rolled_out(library: Library, metric: Metric, today: date) -> Iterator[Calculated]:
    """When the cases that count today will all have left a rolling window, for what is better the less there is of it."""
    definition = library.definition(metric.id)
    dated = definition.on(today) if definition is not None else None
    window = dated.version.numbers.get(WINDOW) if dated is not None else None
    if definition is None or metric.worse != "higher" or metric.fraction is None or not isinstance(window, float | int):
        return
    if definition.units.get(WINDOW) != "天":
        return
    last = today + timedelta(days=int(window))
    yield Calculated(
        metric.id, f"只看近{say(window, '天')}：今天起不再新增，现在计入的单全部移出",
        {"today": today, "window": float(window)}, last, "date", say(last, "date"),
        formula=f"今天 ＋ {say(window, '天')}", day=today, aside=True,
    )


def _step_above(rule: Rule, finding: Calculated, day: date) -> tuple[Grade, float] | None:
    """The next better step and its line."""
    place = next((n for n, step in enumerate(rule.grades) if step.word == finding.verdict_word and step.level == finding.verdict), 0)
    step = rule.grades[place - 1] if place else None
    line = rule.numbers(day).get(step.at) if step is not None and step.at else None
    return (step, float(line)) if step is not None and isinstance(line, float | int) else None


def _changes(library: Library, reading: Reading, line: float, step: Grade, day: date) -> Iterator[Calculated]:
    """What the numerator, or the denominator, would have to be for the line, the other held."""
    metric = reading.metric
    if metric.fraction is None:
        return
    part, whole = (metric.field(name) for name in metric.fraction)
    for field, held in ((part, whole), (whole, part)):
        try:
            solution = solve(metric, reading.inputs, field.name, line, library.numbers(day))
        except AssistantError:
            continue
        if solution.met or solution.now is None:
            continue
        needed = _strictly(library, reading, field, solution.needed, line, step, day)
        grows = needed > solution.now
        if field is whole and not grows:
            continue  # nobody is advised to sell less
        yield Calculated(
            metric.id, f"{held.spec.label}不变，{field.spec.label}{'要到' if grows else '最多'}", {**reading.inputs, "target": line},
            needed, field.spec.unit, say(needed, field.spec.unit),
            formula=f"{metric.formula} 达到 {say(line, metric.unit)}，倒推{field.spec.label}", day=day, aside=True,
        )


def _strictly(library: Library, reading: Reading, field: Field, needed: float, line: float, step: Grade, day: date) -> float:
    """One more or one less where the step begins beyond its line and the count lands exactly on it."""
    if step.inclusive or not field.whole:
        return needed
    metric = reading.metric
    value = metric.compute({**reading.inputs, field.name: needed}, library.numbers(day))
    if value != line:
        return needed
    now = reading.inputs[field.name]
    return needed + 1 if isinstance(now, float) and needed > now else needed - 1


def _until_met(library: Library, reading: Reading, finding: Calculated, day: date) -> Iterator[Calculated]:
    """How many more of each count given would meet a test that is not met yet."""
    metric = reading.metric
    rule = library.rules[str(finding.rule).removeprefix("rule/")]
    better = rule.grades[0].word
    for field in metric.fields:
        now = reading.inputs.get(field.name)
        if field.name not in reading.typed or not field.whole or not isinstance(now, float):
            continue
        for more in range(1, MOST_MORE):
            try:
                met = metric.compute({**reading.inputs, field.name: now + more}, library.numbers(day))
            except AssistantError:
                break
            if met is not finding.value:
                yield replace(
                    finding, label=f"要{better.removeprefix('要')}，其余不变，{field.spec.label}再多",
                    value=float(more), unit=field.spec.unit, said=say(float(more), field.spec.unit),
                    verdict=None, verdict_word="", rule=None, aside=True, formula=f"{metric.formula}，从{field.say(now)}往上数",
                )
                break
