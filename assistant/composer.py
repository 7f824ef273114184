"""The answerer that needs no model: states findings, quotes documents, asks for what is missing, declines. It adds nothing."""

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import date

from assistant import elsewhere, phrases
from assistant.answer import (
    Asked,
    Calculated,
    Cited,
    Declined,
    Done,
    Drafted,
    Event,
    Passage,
    Refused,
    Suggested,
    Text,
    Turn,
    Working,
)
from assistant.asking import heard, question, read_back
from assistant.choices import possible
from assistant.citing import Citations
from assistant.comparing import changes
from assistant.deciding import computable, crossed, day_of, graded, relevant, should_ask, topic_about, wants_unnamed
from assistant.drafting import draft
from assistant.errors import InvalidInput, KnowledgeError, NotInForce
from assistant.findings import compute, difference, ranked, shown, solved
from assistant.gaps import gap, rolled_out
from assistant.guides import Guide
from assistant.library import Boundary, Document, Library
from assistant.lookups import Looked, looked_up
from assistant.offering import offered, which_paper
from assistant.owned import Owned
from assistant.picking import beside, improving, of_other_platform, picked
from assistant.quoting import acts, advice, scope
from assistant.understanding import Reading, Understanding
from assistant.wording import say

MOST_SUGGESTIONS = 4
NEAREST = 3
LONG_RULE = 110  # characters above which a rule that was leant on is told by its short form
PAIR = 2
FAR_OFF = 0.1  # below this confidence the nearest questions are not near
_DIGIT = re.compile(r"\d")


class Composer:
    """Answers from the library alone. `enough` is the confidence below which documents are no evidence."""

    def __init__(self, library: Library, enough: float) -> None:
        self.library, self.enough = library, enough
        self._owned = Owned(library, enough)

    async def __call__(self, turn: Turn) -> AsyncIterator[Event]:
        """Answer one turn."""
        for event in self.events(turn):
            yield event

    def events(self, turn: Turn) -> Iterator[Event]:
        """The events of one turn; the async call above only paces them."""
        boundary = self.boundary(turn.understanding.text)
        if boundary is not None and boundary.reason == "scope" and (own := self._owned.verbatim(turn)):
            yield from self._own(turn, own)  # what is none of our business may be theirs
            return
        if boundary is not None:
            citations = Citations(self.library, {})
            yield from self._decline(turn, citations.number(boundary.say), boundary.reason, boundary.help, citations)
            return
        if turn.understanding.impossible:
            yield Refused(f"日历上没有{turn.understanding.impossible}这一天，请核对日期后再问。")
            yield Done("asked")
            return
        if turn.guide is not None:
            yield from self._drafted(turn, turn.guide)
            return
        if self.library.guides and which_paper(turn.understanding.text):
            yield from self._which_paper(turn)
            return
        readings = turn.understanding.readings
        complete = [reading for reading in readings if computable(reading, turn, self.enough)]
        if complete:
            yield from self._calculated(turn, complete)
        elif readings and (stated := graded(self.library, readings[0], turn)):
            yield from self._graded(turn, readings[0], stated)
        elif cell := looked_up(self.library, turn.understanding):
            yield from self._owned.added(self._looked_up(turn, cell), turn)
        elif not turn.understanding.figures and not improving(self.library, turn) and (own := self._owned.first(turn)):
            yield from self._own(turn, own)
        elif readings and should_ask(readings[0], turn):
            yield from self._asked(turn, readings[0])
        elif not readings and wants_unnamed(turn.understanding):
            yield from self._which_metric(turn)
        elif turn.documents and (turn.confidence >= self.enough or improving(self.library, turn)):
            yield from self._owned.added(self._quoted(turn), turn)
        else:
            yield from self._decline(turn, self._weak(turn), "weak", ())

    def boundary(self, text: str) -> Boundary | None:
        """The boundary a question crosses, if any."""
        return crossed(self.library, text)

    # a paper to take away

    def _drafted(self, turn: Turn, guide: Guide) -> Iterator[Event]:
        day, platform = turn.understanding.day, turn.understanding.platform
        try:
            made = draft(self.library, guide, turn.given, day, turn.today)
        except InvalidInput as error:
            yield Refused(str(error))
            yield Done("asked")
            return
        if platform and guide.platforms and platform not in guide.platforms:
            where = "、".join(guide.platforms)
            yield Text(f"没有查到{platform}的对应规则，下面按{where}的写，期限和入口不能套用，以{platform}后台为准。", "say")
        yield Text(made.say, "say")
        main = next((finding for finding in made.findings if finding.verdict), made.findings[0] if made.findings else None)
        if main is not None:
            yield main
        yield from (replace(finding, aside=True) for finding in made.findings if finding is not main)
        yield Drafted(guide.id, made.title, made.markdown, turn.given, day, made.name)
        if made.missing:
            yield Text(f"把{'、'.join(made.missing[:MOST_SUGGESTIONS])}告诉我，我填进去。", "acts")
        yield Cited(made.citations)
        further = dict.fromkeys(question for topic in guide.topics for question in self.library.topics[topic].next)
        yield Suggested(tuple(further)[:MOST_SUGGESTIONS])
        yield Done("answered")

    def _which_paper(self, turn: Turn) -> Iterator[Event]:
        """A paper is wanted, but neither the message nor the conversation says which; those of the audience first."""
        guides = sorted(self.library.guides.values(), key=lambda guide: turn.audience not in guide.audience)
        yield Text("能写这几份，要哪一份？带上数字一起说，我直接填进去。", "say")
        yield Text("\n".join(f"- {guide.title}" for guide in guides), "body")
        yield Suggested(tuple(guide.questions[0] for guide in guides)[:MOST_SUGGESTIONS])
        yield Done("asked")

    def _which_metric(self, turn: Turn) -> Iterator[Event]:
        """Something is to be computed, but neither the message nor the conversation says what."""
        starters = self.library.vocabulary.starters
        examples = starters.get(turn.audience or "", ()) or [group[0] for group in starters.values()]
        yield Refused("想算哪个指标？请说出指标的名字和每个数是什么，例如“判责几笔、成交几单，纠纷退款率多少”。")
        yield Suggested(tuple(examples)[:MOST_SUGGESTIONS])
        yield Done("asked")

    # a value given, a cell looked up

    def _graded(self, turn: Turn, reading: Reading, finding: Calculated) -> Iterator[Event]:
        day = turn.understanding.day
        citations = Citations(self.library, dict(self.library.on(day)))
        yield finding
        yield from self._verdict([finding], citations, day)
        topic = topic_about(turn, reading.metric.id, self.enough)
        if topic is not None:
            yield from advice(self.library, topic, citations, day, computed=True)
            citations.cover(topic, "\n".join((topic.say, topic.acts, topic.note)))
        else:
            yield from self._improve(reading, citations, day)
        yield Cited(tuple(citations.cited))
        yield Suggested(self._next(turn, topic, reading.metric.id))
        yield Done("answered")

    def _looked_up(self, turn: Turn, cell: Looked) -> Iterator[Event]:
        documents = self.library.on(turn.understanding.day)
        table = documents[f"table/{cell.table.id}"]
        citations = Citations(self.library, dict(documents))
        number = citations.document(table.id)
        told = f"{cell.table.label}：{cell.where}，{cell.said}。"
        yield Text(f"{told}[{number}]", "say")
        yield Text(table.say, "body")
        citations.cover(table, f"{told}\n{table.say}\n{table.note}")
        if table.note:
            yield Text(table.note, "note")
        yield Cited(tuple(citations.cited))
        yield Suggested(self._next(turn, table, None))
        yield Done("answered")

    # a computed answer

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
                    found = compute(
                        self.library, reading.metric, reading.inputs, reading.day or day, understanding.platform, relevant(turn)
                    )
                    apart = reading.where and reading.where not in found.label and len(readings) > 1
                    findings.append(replace(found, label=f"{reading.where}：{found.label}") if apart else found)
                    yield findings[-1]
                    yield from self._compared(reading, findings[-1], day, understanding)
        except InvalidInput as error:
            yield from self._refused(readings[0], error)
            return
        except NotInForce as error:
            yield from self._not_in_force(turn, readings[0], error)
            return
        except KnowledgeError as error:
            yield from self._decline(turn, str(error), "unknown", ())
            return
        if any(reading.where for reading in readings):
            yield from ranked(findings, understanding.text)
            if len(findings) == PAIR and findings[0].metric == findings[1].metric and phrases.APART.search(understanding.text):
                yield from filter(None, (difference(findings[0], replace(findings[1], label=readings[1].metric.label)),))
        for finding in findings:
            self._cite_finding(finding, citations)
        main = readings[0].metric.id
        topic = topic_about(turn, main, self.enough) if readings[0].goal is None else None
        ended = [finding for finding in findings if self._ended(finding, day)]
        # a rule that has ended is explained best by the topic that says what counts instead
        spoken = [finding for finding in findings if not finding.aside and not (topic and finding in ended)]
        yield from self._verdict(spoken, citations, day)
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

    def _leant_on(self, finding: Calculated, told: set[str | None], citations: Citations, day: date) -> Iterator[Event]:
        """The rules whose numbers the formula took and which nothing else in the answer states."""
        yield from self._rules_told(self.library.metrics[finding.metric].borrowed, told, citations, day)

    def _rules_told(self, names: Iterable[str], told: set[str] | set[str | None], citations: Citations, day: date) -> Iterator[Event]:
        for name in names:
            rule = self.library.rules.get(name)
            dated = rule.on(day) if rule is not None and f"rule/{name}" not in told else None
            if rule is not None and dated is not None and not dated.version.ended:
                whole, brief = rule.render(dated), dated.version.brief or rule.brief
                told_as = f"{rule.render_brief(dated)}。" if brief and len(whole) > LONG_RULE else whole
                yield Text(f"{told_as}[{citations.document(f'rule/{name}')}]", "note")

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

    # asking

    def _refused(self, reading: Reading, error: InvalidInput) -> Iterator[Event]:
        """Figures that cannot be right; when part and whole may have been swapped, the question the other way round."""
        yield Refused(str(error))
        if swapped := _swapped(reading):
            yield Suggested((swapped,))
        yield Done("asked")

    def _asked(self, turn: Turn, reading: Reading) -> Iterator[Event]:
        metric = reading.metric
        try:
            metric.check(reading.inputs)
        except InvalidInput as error:
            yield from self._refused(reading, error)
            return
        boxes = tuple(shown(self.library, one, reading.inputs.get(one.name)) for one in metric.fields)
        asked = question(self.library, reading, turn.understanding.day)
        told = heard(self.library, reading)
        yield Asked(asked, metric.id, metric.label, boxes, told)
        citations = Citations(self.library, dict(self.library.on(turn.understanding.day)))
        if definition := self.library.definition(metric.id):
            citations.document(f"rule/{definition.id}")
        self._cite_asked(reading, f"{asked}{told}", citations, turn.understanding.day)
        if any(one.kind == "choice" for one in reading.missing):
            yield from self._meanwhile(turn, metric.id, citations)
        yield Cited(tuple(citations.cited))
        yield Suggested(self._next(turn, None, metric.id))
        yield Done("asked")

    def _cite_asked(self, reading: Reading, told: str, citations: Citations, day: date) -> None:
        """What words were read as comes from a table (家用6座以下) or a rule (NCD 0.5 is four years without a claim)."""
        for one in reading.metric.fields:
            if one.kind == "choice":
                table = self.library.tables[str(one.spec.choice)]
                if names := [name for name in map(table.name, possible(one, self.library, day)) if name in told]:
                    citations.widen(citations.document(f"table/{table.id}"), "；".join(names))
            elif one.spec.measure and one.name in reading.inputs:
                for name in reading.metric.borrowed:
                    citations.document(f"rule/{name}" if name in self.library.rules else f"table/{name}")

    def _meanwhile(self, turn: Turn, metric: str, citations: Citations) -> Iterator[Event]:
        """While a choice is missing, the closest document may already say what holds whichever is chosen."""
        closest = turn.documents[0] if turn.documents and turn.confidence >= self.enough else None
        if closest is not None and closest.kind == "topic" and metric in closest.metrics and not closest.unknown:
            citations.rules_of(closest)
            yield Text(citations.number(closest.say), "body")
            citations.cover(closest, closest.say)

    # quoting

    def _quoted(self, turn: Turn) -> Iterator[Event]:
        day = turn.understanding.day
        documents = self.library.on(day)
        document = picked(self.library, turn)
        citations = Citations(self.library, dict(documents))
        citations.rules_of(document)
        if document.unknown:
            yield Declined(citations.number(document.say), "unknown")
        else:
            if platform := of_other_platform(turn, document):
                where = "、".join(document.platforms)
                yield Text(f"没有查到{platform}的对应规则，下面是{where}的，口径不能套用，以{platform}后台为准。", "say")
            yield Text(citations.number(document.say), "say")
        yield from self._changed(turn, document, citations)
        yield from self._borrowed(document, citations, day)
        if document.body:
            yield Text(citations.number(document.body), "body")
        if second := beside(self.library, turn, document):
            citations.rules_of(second)
            yield Text(citations.number(f"**{second.title}**：{second.say}"), "body")
            citations.cover(second, second.say)
        yield from advice(self.library, document, citations, day, with_say=False)
        if not document.unknown and (where := scope(self.library, document, citations, day, f"{document.say}\n{document.body}")):
            yield Text(where, "fine")
        if turn.understanding.only_a_name and turn.understanding.readings:
            labels = "、".join(one.spec.label for one in turn.understanding.readings[0].missing)
            yield Text(f"把{labels}告诉我，我直接算。" if labels else "把数告诉我，我直接算。", "acts")
        if there := elsewhere.of_document(self.library, turn, document):
            yield Text(elsewhere.sentence(document.platforms, there), "fine")
        citations.cover(document, document.text)
        yield Cited(tuple(citations.cited))
        yield Suggested((*elsewhere.offers(there), *self._next(turn, document, None))[:MOST_SUGGESTIONS])
        yield Done("declined" if document.unknown else "answered")

    def _borrowed(self, document: Document, citations: Citations, day: date) -> Iterator[Event]:
        """A definition told alone says which rules its formula takes numbers from, with the numbers."""
        rule = self.library.rules.get(document.id.removeprefix("rule/"))
        if rule is not None and rule.defines:
            yield from self._rules_told(self.library.metrics[rule.defines].borrowed, {document.id}, citations, day)

    def _changed(self, turn: Turn, document: Document, citations: Citations) -> Iterator[Event]:
        """What changed between the days the question compares."""
        understanding = turn.understanding
        sides = [one for one in understanding.days if one.dated and one.last <= turn.today]
        apart = phrases.BOTH_SIDES.search(understanding.text) or (len(sides) > 1 and phrases.TWO_CASES.search(understanding.text))
        if not (phrases.CHANGED.search(understanding.text) or (sides and apart)):
            return
        for change in changes(
            self.library, document, understanding.days, understanding.day, understanding.dated, turn.today
        ):
            number = citations.document(change.document)
            told = f"| {change.label} | |\n| --- | --- |\n| {change.was} | {change.earlier} |\n| {change.on} 起 | {change.later} |"
            yield Text(f"{told}\n\n变化从{change.on}起。[{number}]", "body")
            citations.widen(number, f"{change.was}：{change.earlier} {change.on} 起：{change.later}")

    def _own(self, turn: Turn, passage: Passage) -> Iterator[Event]:
        """A passage of a person's own documents; when ours has something to say as well, its sentence below."""
        day, asked = turn.understanding.day, turn.understanding.text
        citations = Citations(self.library, dict(self.library.on(day)))
        citations.cited.append(self._owned.cited(passage, asked))
        yield from self._owned.told(passage, asked)
        if turn.documents and turn.confidence >= self.enough and not (document := picked(self.library, turn)).unknown:
            citations.rules_of(document)
            yield Text(f"规则库里写的是：{citations.number(document.say)}", "body")
            citations.cover(document, document.say)
        yield self._owned.after(passage)
        yield Cited(tuple(citations.cited))
        yield Suggested((*self._owned.others(turn, passage), *self._next(turn, None, None))[:MOST_SUGGESTIONS])
        yield Done("answered")

    # declining

    def _decline(
        self, turn: Turn, text: str, reason: str, help: tuple[str, ...], citations: Citations | None = None
    ) -> Iterator[Event]:
        yield Declined(text, reason)
        nearest = help or self._nearest(turn)
        if nearest:
            spoken = [question for question in nearest if not _DIGIT.search(question)]
            offer = f"这几个问题能回答：{'；'.join(spoken)}。" if spoken else ""
            yield Text(f"{offer}也可以联系人工或平台官方渠道。", "body")
        if citations is not None and citations.cited:
            yield Cited(tuple(citations.cited))
        yield Suggested(nearest)
        yield Done("declined")

    def _weak(self, turn: Turn) -> str:
        return "这个问题超出了我能回答的范围，或者没有查到足够可靠的依据，不能给你一个准数。我只回答电商售后、汽车售后、车险、维修三包和快递考核。"

    def _nearest(self, turn: Turn) -> tuple[str, ...]:
        questions = [document.questions[0] for document in turn.documents if document.questions and document.kind == "topic"]
        if not questions or turn.confidence < FAR_OFF:
            questions = [group[-1] for group in self.library.vocabulary.starters.values()]
        return tuple(dict.fromkeys(questions))[:NEAREST]

    # helpers

    def _improve(self, reading: Reading, citations: Citations, day: date) -> Iterator[Event]:
        """What to do next, from the topic that the metric's definition names."""
        definition = self.library.definition(reading.metric.id)
        if definition is None or not definition.improve:
            return
        document = self.library.on(day)[f"topic/{definition.improve}"]
        if told := acts(document, citations, computed=True):
            yield told
            citations.cover(document, document.acts)

    def _next(self, turn: Turn, document: Document | None, metric: str | None) -> tuple[str, ...]:
        guide = offered(self.library, document, metric)
        questions = [guide.questions[0]] if guide else []
        questions += document.next if document else ()
        definition = self.library.definition(metric) if metric else None
        area = document.area if document else definition.area if definition else None
        for other in turn.documents:
            same = area is None or other.area == area
            near = same and (turn.confidence >= self.enough or (metric is not None and metric in other.metrics))
            if near and (document is None or other.id != document.id):
                questions += other.questions[:1]
        asked = turn.question.strip()
        return tuple(question for question in dict.fromkeys(questions) if question != asked)[:MOST_SUGGESTIONS]


def _unmet(reading: Reading, findings: list[Calculated]) -> bool:
    """Whether a target was aimed at that the present value does not reach."""
    target = reading.goal.target if reading.goal else None
    now = [one.value for one in findings if one.metric == reading.metric.id and one.unit == reading.metric.unit]
    if target is None or not now or not isinstance(now[-1], float | int):
        return False
    return now[-1] > target if reading.metric.worse == "higher" else now[-1] < target


def _swapped(reading: Reading) -> str:
    """The question with part and whole exchanged, when the part exceeds the whole; else nothing."""
    metric = reading.metric
    if metric.fraction is None:
        return ""
    part, whole = (metric.field(name) for name in metric.fraction)
    less, more = reading.inputs.get(whole.name), reading.inputs.get(part.name)
    if not (isinstance(less, float) and isinstance(more, float) and more > less > 0):
        return ""
    return f"{part.spec.label}{part.say(less)}，{whole.spec.label}{whole.say(more)}，{metric.label}多少"
