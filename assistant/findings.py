"""Findings: a reading computed, graded by the rule of the day, or solved for a target."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant import tracing
from assistant.answer import Calculated, Event, InputShown, Text
from assistant.errors import InvalidInput, NotInForce
from assistant.library import Library
from assistant.metrics import Field, InputValue, Metric
from assistant.rules import Grade, Rule
from assistant.solving import Solution, solve
from assistant.understanding import Reading
from assistant.validity import Since
from assistant.wording import say

_WHICH = re.compile(r"谁|哪[个家边一天日周月年季店组]|最[高低大小多少]|更[高低大小多少]")
_LEAST = re.compile(r"(?:最|更)[低小少]")
WINDOW = "window"  # the number of a definition that says how many days it looks back


def shown(library: Library, one: Field, value: InputValue | None) -> InputShown:
    """An input as a card shows it."""
    if value is None:
        return InputShown(one.name, one.spec.label, one.spec.unit, None, "", one.spec.hint)
    said = one.say(value)
    if one.kind == "choice":
        said = library.tables[str(one.spec.choice)].name(str(value))
    return InputShown(one.name, one.spec.label, one.spec.unit, value, said, one.spec.hint, one.kind == "number")


def compute(
    library: Library, metric: Metric, inputs: Mapping[str, InputValue], day: date, platform: str | None,
    relevant: Sequence[str] = (),
) -> Calculated:
    """The value with its proof: formula, inputs, period, grade. Raises InvalidInput or NotInForce with a sentence.

    `relevant` are rule ids in the order the question is about them: the first that grades the value does.
    """
    with tracing.span(f"execute_tool {metric.id}", {
        tracing.OPERATION: "execute_tool", "gen_ai.tool.name": metric.id, "gen_ai.tool.type": "function",
    }):
        _in_force(library, metric, day)
        value = metric.compute(inputs, library.numbers(day))
    definition = library.definition(metric.id)
    period = confidence = note = ""
    if definition is not None:
        dated = definition.on(day) or definition.timeline[0]
        window = dated.version.numbers.get(WINDOW)
        period = (f"近{say(window, definition.units[WINDOW])} · " if window is not None else "") + dated.period
        confidence = dated.version.confidence or definition.confidence
        note = definition.note
    finding = Calculated(
        metric.id, metric.label, {one.name: inputs.get(one.name, one.spec.default) for one in metric.fields},
        value, metric.unit, say(value, metric.unit), formula=metric.formula, period=period,
        confidence=confidence or "calc", fraction=metric.fraction, note=note, day=day,
        shown=tuple(shown(library, one, inputs.get(one.name, one.spec.default)) for one in metric.fields),
    )
    judged = judge(library, metric, value, day, platform, relevant)
    if judged is None:
        return finding
    rule, grade = judged
    return replace(finding, verdict=grade.level, verdict_word=grade.word, rule=f"rule/{rule.id}")


def _in_force(library: Library, metric: Metric, day: date) -> None:
    """Whatever the formula borrows must say something for the day. An ended rule tells itself what counts instead."""
    for name in metric.borrowed:
        rule, table = library.rules.get(name), library.tables.get(name)
        if rule is not None:
            dated = rule.on(day)
            if dated is not None and dated.version.ended:
                raise NotInForce(rule.render(dated), f"rule/{name}")
            if dated is None:
                raise NotInForce(_too_early(rule.label, rule.timeline[0].since, day), f"rule/{name}")
        elif table is not None and table.on(day) is None:
            raise NotInForce(_too_early(table.label, min(table.versions), day), f"table/{name}")


def _too_early(label: str, since: Since, day: date) -> str:
    return f"「{label}」最早只查到{since}起的，{day.isoformat()}那时的没有可靠来源，不能拿后来的数套用。"


def difference(earlier: Calculated, later: Calculated) -> Calculated | None:
    """How much the second of two values is larger, as a finding of its own; None where values have no distance."""
    first, second = earlier.value, later.value
    if later.unit in ("bool", "date") or not isinstance(first, float | int) or not isinstance(second, float | int):
        return None
    apart = abs(float(second) - float(first))
    return Calculated(
        later.metric, f"{later.label}相差", {**later.inputs, "earlier": first, "later": second}, apart, later.unit,
        say(apart, later.unit), formula=f"{later.said} － {earlier.said}", day=later.day, aside=True,
    )


def ranked(findings: Sequence[Calculated], text: str) -> Iterator[Text]:
    """Which of several values is the highest or the lowest, when the question asks for it."""
    numbers = [one for one in findings if isinstance(one.value, float | int) and not isinstance(one.value, bool)]
    units = {one.unit for one in numbers}
    if len(numbers) < 2 or len(numbers) < len(findings) or len(units) > 1 or not _WHICH.search(text):
        return
    lowest = bool(_LEAST.search(text))
    best = (min if lowest else max)(numbers, key=lambda one: float(one.value))  # type: ignore[arg-type]
    yield Text(f"{'最低' if lowest else '最高'}的是{best.label}，{best.said}。", "say")


def lines_meant(library: Library, finding: Calculated, text: str, platform: str | None, today: date) -> Iterator[tuple[Rule, Grade, date]]:
    """The other lines of the value that a question names, with the grade by each on its day, or today where it began later."""
    if not isinstance(finding.value, float | int) or isinstance(finding.value, bool):
        return
    for rule in library.rules_for(finding.metric):
        elsewhere = platform and rule.platforms and platform not in rule.platforms
        if f"rule/{rule.id}" == finding.rule or elsewhere or not any(word in text for word in rule.meant_by):
            continue
        for day in dict.fromkeys((finding.day or today, today)):
            if (grade := rule.grade(float(finding.value), day)) is not None:
                yield rule, grade, day
                break


def against(first: Calculated, second: Calculated, names: tuple[str, str]) -> Iterator[Event]:
    """Which of two cases is the higher one, and by how much: 这个月比上个月低0.5个百分点."""
    apart = difference(first, second)
    if apart is None:
        return
    yield apart
    rises = float(second.value) > float(first.value)  # type: ignore[arg-type]
    much = f"{'高' if rises else '低'}{points(float(apart.value), apart.unit)}"  # type: ignore[arg-type]
    yield Text(f"{names[1]}比{names[0]}{much}。" if apart.value else f"{names[1]}和{names[0]}一样。", "say")


def points(apart: float, unit: str) -> str:
    """A distance between two ratios is told in percentage points."""
    said = say(apart, unit)
    return f"{said.removesuffix('%')}个百分点" if unit == "ratio" and said.endswith("%") else said


def judge(
    library: Library, metric: Metric, value: object, day: date, platform: str | None, relevant: Sequence[str] = ()
) -> tuple[Rule, Grade] | None:
    """The rule of the day that grades the value, and the step reached; None when no rule is in force."""
    if isinstance(value, date) or not isinstance(value, float | int):
        return None
    rules = library.rules_for(metric.id)
    rules.sort(key=lambda rule: relevant.index(rule.id) if rule.id in relevant else len(relevant))
    for rule in rules:
        if platform and rule.platforms and platform not in rule.platforms:
            continue
        grade = rule.grade(float(value), day)
        if grade is not None:
            return rule, grade
    return None


def solved(library: Library, reading: Reading, target: float, day: date) -> tuple[Solution, list[Calculated]]:
    """What one input must be to meet the target, as calculations. Raises InvalidInput with a sentence."""
    metric, goal = reading.metric, reading.goal
    if goal is None or goal.field is None:
        raise InvalidInput(f"要倒推{metric.label}，请说明想改哪个数。")
    metric.check(reading.inputs)
    solution = solve(metric, reading.inputs, goal.field, target, library.numbers(day))
    unit = solution.field.spec.unit
    given = {one.name: reading.inputs[one.name] for one in metric.fields if one.name in reading.inputs} | {"target": target}
    known = [
        replace(shown(library, one, reading.inputs[one.name]), editable=False)  # the card would compute the metric, not the goal
        for one in metric.fields if one.name in reading.inputs
    ]
    aim = InputShown("target", f"目标{metric.label}", metric.unit, target, say(target, metric.unit), editable=False)

    def finding(label: str, value: float) -> Calculated:
        return Calculated(
            metric.id, label, given, value, unit, say(value, unit),
            formula=f"{metric.formula} 达到 {say(target, metric.unit)}，倒推{solution.field.spec.label}",
            shown=(*known, aim), day=day,
        )

    label = solution.field.spec.label
    if goal.since is not None:
        before = solve(metric, reading.inputs, goal.field, goal.since, library.numbers(day)).needed
        return solution, [
            finding(f"{label}相差", abs(solution.needed - before)), finding(f"{say(target, metric.unit)}时的{label}", solution.needed),
            finding(f"{say(goal.since, metric.unit)}时的{label}", before),
        ]
    whole = reading.inputs.get(str(solution.field.spec.part_of)) if goal.rest else None
    if isinstance(whole, float | int):
        outside = finding(f"{metric.field(str(solution.field.spec.part_of)).spec.label}里最多允许不算{label}的", max(0.0, whole - solution.needed))
        return solution, [outside, finding(f"{label}至少要到", solution.needed)]
    shrink = solution.now is not None and solution.needed < solution.now and not solution.met
    needed = finding(f"{label}{'最多' if goal.at_most or shrink else '要到'}", solution.needed)
    if solution.now is None:
        return solution, [needed]
    if goal.at_most and not shrink:
        return solution, [needed, finding(f"还能再有{label}", max(0.0, solution.needed - solution.now))]
    gap = finding(f"{'要减少' if shrink else '还差'}{label}", solution.gap)
    return solution, [needed, gap] if goal.at_most else [gap, needed]
