"""Answers that compute: the value with its proof, its verdict, the next line, what was compared, and what its rules say."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from assistant import elsewhere, phrases
from assistant.answer import (
    Calculated,
    Cited,
    Declined,
    Done,
    Event,
    Suggested,
    Text,
    Turn,
    Working,
)
from assistant.asking import read_back
from assistant.citing import Citations
from assistant.deciding import day_of, relevant, topic_about
from assistant.errors import InvalidInput, KnowledgeError, NotInForce
from assistant.findings import against, compute, difference, lines_meant, ranked, solved
from assistant.gaps import gap, rolled_out
from assistant.quoting import acts, advice
from assistant.telling import MOST_SUGGESTIONS, NEAREST, Telling
from assistant.understanding import Reading, Understanding
from assistant.wording import say

PAIR = 2
LAST_DAY = re.compile(r"最后日|截止")


class Computed(Telling):
    """Tells findings; every number comes from a metric or a rule."""

    def _graded(self, turn: Turn, reading: Reading, finding: Calculated) -> Iterator[Event]:
        day = turn.understanding.day
        citations = Citations(self.library, dict(self.library.on(day)))
        yield finding
        yield from self._verdict([finding], citations, day)
        yield from self._other_lines(turn, finding, citations)
        topic = topic_about(turn, reading.metric.id, self.enough)
        if topic is not None:
            yield from advice(self.library, topic, citations, day, computed=True)
            citations.cover(topic, "\n".join((topic.say, topic.acts, topic.note)))
        else:
            yield from self._improve(reading, citations, day)
        yield Cited(tuple(citations.cited))
        yield Suggested(self._next(turn, topic, reading.metric.id))
        yield Done("answered")

    def _calculated(self, turn: Turn, readings: list[Reading]) -> Iterator[Event]:
        understanding = turn.understanding
        day = day_of(self.library, readings[0], understanding.day)
        citations = Citations(self.library, dict(self.library.on(day)))
        yield Working(read_back(self.library, readings))
        findings: list[Calculated] = []
        try:
            for reading in readings:
                if reading.goal is not None and reading.goal.target is not None:
                    yield from self._goal(reading, reading.goal.target, day, findings, understanding.platform)
                else:
                    yield from self._value(turn, reading, day, findings, several=len(readings) > 1)
        except InvalidInput as error:
            yield from self._refused(readings[0], error)
            return
        except NotInForce as error:
            yield from self._not_in_force(turn, readings[0], error)
            return
        except KnowledgeError as error:
            yield from self._decline(turn, str(error), "unknown", ())
            return
        yield from _over(findings, turn.today)
        if any(reading.where for reading in readings):
            yield from ranked(findings, understanding.text)
            asked = phrases.APART.search(understanding.text) or phrases.ROSE.search(understanding.text)
            if len(findings) == len(readings) == PAIR and findings[0].metric == findings[1].metric and asked:
                first, second = findings
                yield from against(first, replace(second, label=readings[1].metric.label), (readings[0].where, readings[1].where))
        for finding in findings:
            self._cite_finding(finding, citations)
        main = readings[0].metric.id
        topic = topic_about(turn, main, self.enough) if readings[0].goal is None else None
        ended = [finding for finding in findings if self._ended(finding, day)]
        # a rule that has ended is explained best by the topic that says what counts instead
        spoken = [finding for finding in findings if not finding.aside and not (topic and finding in ended)]
        yield from self._verdict(spoken, citations, day)
        for finding in spoken:
            yield from self._other_lines(turn, finding, citations)
        yield from self._next_line(turn, readings, findings, day)
        told = {finding.rule for finding in findings} | {f"rule/{name}" for name in (topic.borrowed if topic else ())}
        yield from self._leant_on(findings[0], told, citations, day)
        yield from self._then(turn, findings, citations, day)
        if topic is not None:
            judged = {finding.rule for finding in spoken if finding.rule}
            repeated = any(f"rule/{rule}" in judged for rule in (*topic.timeline, *topic.borrowed))
            yield from advice(self.library, topic, citations, day, with_say=not repeated, computed=True)
            citations.cover(topic, "\n".join((topic.say, topic.acts, topic.note)))
        else:
            yield from self._improve(readings[0], citations, day)
        there = elsewhere.of_metric(self.library, turn, readings[0].metric)
        if there:
            yield Text(elsewhere.sentence(readings[0].metric.platforms, there), "fine")
        yield Cited(tuple(citations.cited))
        yield Suggested((*elsewhere.offers(there), *self._next(turn, topic, main))[:MOST_SUGGESTIONS])
        yield Done("answered")

    def _value(self, turn: Turn, reading: Reading, day: date, findings: list[Calculated], *, several: bool) -> Iterator[Event]:
        platform = turn.understanding.platform
        found = compute(self.library, reading.metric, reading.inputs, reading.day or day, platform, relevant(turn))
        if several and reading.where and reading.where not in found.label:
            found = replace(found, label=f"{reading.where}：{found.label}")
        told = [found, *self._goes_on(reading, found, day, platform)]
        findings += told
        yield from told
        yield from self._compared(reading, found, day, turn.understanding)

    def _goal(
        self, reading: Reading, target: float, day: date, findings: list[Calculated], platform: str | None
    ) -> Iterator[Event]:
        solution, solutions = solved(self.library, reading, target, day)
        metric = reading.metric
        wanted = f"{metric.label}{say(target, metric.unit)}"
        if solution.now is not None:
            current = compute(self.library, metric, reading.inputs, day, platform)
            if solution.met and not (reading.goal and reading.goal.at_most):
                yield Text(
                    f"现在{metric.label}是{current.said}，已经达到{wanted}的目标，不用再补，还差0{solution.field.spec.unit}。", "say"
                )
            solutions.append(replace(current, label=f"现在的{current.label}"))
        solutions = [solutions[0], *(replace(one, aside=True) for one in solutions[1:])]
        findings += solutions
        yield from solutions
        if not solution.met:
            held = "、".join(one.spec.label for one in metric.fields if one.name != solution.field.name) or "其他条件"
            yield Text(f"按{held}不变倒推；{say(target, metric.unit)}是你设的目标，不是现行门槛。", "note")

    def _next_line(self, turn: Turn, readings: list[Reading], findings: list[Calculated], day: date) -> Iterator[Event]:
        """How far a value is from the next better line, and when the cases of today leave a rolling window."""
        main = next((finding for finding in findings if not finding.aside), findings[0])
        if len(readings) > 1:
            return
        graded_low = main.verdict not in (None, "ok")
        yield from gap(self.library, readings[0], main, day)
        if day == turn.today and (graded_low or _unmet(readings[0], findings)):
            yield from rolled_out(self.library, readings[0].metric, turn.today)

    def _compared(self, reading: Reading, finding: Calculated, day: date, understanding: Understanding) -> Iterator[Event]:
        if reading.line is not None and isinstance(finding.value, float | int):
            reached = finding.value <= reading.line if reading.metric.worse == "higher" else finding.value >= reading.line
            word = "达到" if reached else "没达到"
            yield Text(f"按你说的{say(reading.line, finding.unit)}这条线：{finding.said}，{word}要求。", "say")
        if reading.before:
            try:
                earlier = compute(self.library, reading.metric, reading.before, day, understanding.platform)
            except InvalidInput:
                return
            if earlier.value == finding.value:
                return
            yield replace(earlier, label=f"{'前一种' if reading.compared else '改动前'}的{earlier.label}", aside=True)
            told = f"后一种是{finding.said}，前一种是{earlier.said}" if reading.compared else f"改后是{finding.said}，原来是{earlier.said}"
            if apart := difference(earlier, finding):
                yield apart
                told += f"，{'多' if apart.inputs['later'] > apart.inputs['earlier'] else '少'}{apart.said}"
            yield Text(f"{told}。", "say")

    def _goes_on(self, reading: Reading, found: Calculated, day: date, platform: str | None) -> list[Calculated]:
        """What a result is looked up for: the factor of a level. Nothing where the rules of the day know none."""
        if not reading.metric.then:
            return []
        metric = self.library.metrics[reading.metric.then]
        (field,) = metric.fields
        try:
            looked_up = compute(self.library, metric, {field.name: found.value}, reading.day or day, platform)
        except (InvalidInput, NotInForce, KnowledgeError):
            return []
        return [replace(looked_up, aside=True, label=found.label.replace(reading.metric.label, looked_up.label))]

    def _cite_finding(self, finding: Calculated, citations: Citations) -> None:
        metric = self.library.metrics[finding.metric]
        definition = self.library.definition(metric.id)
        if definition is not None:
            citations.document(f"rule/{definition.id}")
            citations.cover(self.library.on(finding.day or date.today())[f"rule/{definition.id}"], metric.formula)
        if finding.rule is not None:
            citations.document(finding.rule)
        for name in metric.borrowed:
            citations.document(f"rule/{name}" if name in self.library.rules else f"table/{name}")

    def _verdict(self, findings: list[Calculated], citations: Citations, day: date) -> Iterator[Event]:
        for finding in findings:
            if finding.rule is None:
                continue
            rule = self.library.rules[finding.rule.removeprefix("rule/")]
            dated = rule.on(finding.day or day)
            if dated is None or finding.verdict is None:
                continue
            number = citations.document(finding.rule)
            advice = rule.advice.get(finding.verdict, "")
            # the card beside it names the value already, unless there are several
            label = finding.label if len(findings) > 1 else ""
            result = "" if isinstance(finding.value, bool) else f"{label or '按'}{finding.said}{'' if label else '看'}，"
            yield Text(f"{result}{finding.verdict_word}。{rule.render(dated)}[{number}]{advice}", "say")

    def _other_lines(self, turn: Turn, finding: Calculated, citations: Citations) -> Iterator[Event]:
        """What a value comes to by the further lines the question names: 报活动够不够，4.6那档筛选呢."""
        understanding = turn.understanding
        for rule, grade, day in lines_meant(self.library, finding, understanding.text, understanding.platform, turn.today):
            if (dated := rule.on(day)) is not None:
                number = citations.document(f"rule/{rule.id}")
                yield Text(f"{rule.label}：{finding.said}，{grade.word}。{rule.render(dated)}[{number}]", "say")

    def _leant_on(self, finding: Calculated, told: set[str | None], citations: Citations, day: date) -> Iterator[Event]:
        """The rules whose numbers the formula took and which nothing else in the answer states."""
        yield from self._rules_told(self.library.metrics[finding.metric].borrowed, told, citations, day)

    def _ended(self, finding: Calculated, day: date) -> bool:
        if finding.rule is None:
            return False
        dated = self.library.rules[finding.rule.removeprefix("rule/")].on(day)
        return dated is not None and dated.version.ended

    def _then(self, turn: Turn, findings: list[Calculated], citations: Citations, day: date) -> Iterator[Event]:
        """When the question speaks of an earlier day whose numbers have changed since, say so."""
        understanding = turn.understanding
        if day >= turn.today or not (understanding.dated or day != understanding.day):
            return
        changes = [
            (*change, name) for finding in findings for name in self._behind(finding)
            if (change := self._next_change(name, day)) and change[0] <= turn.today.isoformat()
        ]
        if changes:
            since, ended, name = max(changes)
            citations.widen(citations.document(f"rule/{name}" if name in self.library.rules else f"table/{name}"), f"{since}起另有规定。")
            what = "这条规则已经停用，不再这样算" if ended else "规则已改，现在的算法不同"
            # a day still meant from the turn before has no words of its own here
            when = understanding.day_words if understanding.dated else day.isoformat()
            yield Text(f"按{when}当时的旧规则计算；{since}起{what}。", "note")

    def _behind(self, finding: Calculated) -> set[str]:
        """Ids of the rules and tables a finding rests on."""
        metric = self.library.metrics[finding.metric]
        definition = self.library.definition(metric.id)
        return {*metric.borrowed, *((definition.id,) if definition else ())}

    def _next_change(self, name: str, day: date) -> tuple[str, bool] | None:
        """(when a rule or table changed next after `day`, whether it ended then)."""
        if rule := self.library.rules.get(name):
            later = [dated for dated in rule.timeline if dated.since.day > day]
            return (str(later[0].since), later[0].version.ended) if later else None
        versions = sorted(since for since in self.library.tables[name].versions if since.day > day)
        return (str(versions[0]), False) if versions else None

    def _not_in_force(self, turn: Turn, reading: Reading, error: NotInForce) -> Iterator[Event]:
        """What a value hangs on does not hold on the day: its own sentence says what does, and which topic tells more."""
        documents = self.library.on(turn.understanding.day)
        citations = Citations(self.library, dict(documents))
        number = citations.document(error.document)
        yield Declined(f"{error}[{number}]", "unknown")
        definition = self.library.definition(reading.metric.id)
        told = documents.get(f"topic/{definition.improve}") if definition else None
        if told is not None and (what_to_do := acts(told, citations, computed=True)):
            yield what_to_do
            citations.cover(told, told.acts)
        yield Cited(tuple(citations.cited))
        yield Suggested((told.questions[0], *told.next)[:NEAREST] if told else self._nearest(turn))
        yield Done("declined")


def _over(findings: list[Calculated], today: date) -> Iterator[Event]:
    """That a last day lies behind us already."""
    last = findings[0]
    if isinstance(last.value, date) and last.value < today and LAST_DAY.search(last.label):
        yield Text("这一天已经过了，按期限算来不及了；有特殊约定或对方同意的另说。", "say")


def _unmet(reading: Reading, findings: list[Calculated]) -> bool:
    """Whether a target was aimed at that the present value does not reach."""
    target = reading.goal.target if reading.goal else None
    now = [one.value for one in findings if one.metric == reading.metric.id and one.unit == reading.metric.unit]
    if target is None or not now or not isinstance(now[-1], float | int):
        return False
    return now[-1] > target if reading.metric.worse == "higher" else now[-1] < target
