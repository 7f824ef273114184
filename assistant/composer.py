"""The answerer that needs no model: states findings, quotes documents, asks for what is missing, declines. It adds nothing."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date

from assistant import phrases
from assistant.answer import (
    Asked,
    Calculated,
    Cited,
    Declined,
    Done,
    Event,
    Refused,
    Ruled,
    RuleRow,
    Suggested,
    Text,
    Turn,
    Working,
)
from assistant.choices import possible
from assistant.citing import Citations
from assistant.errors import InvalidInput, KnowledgeError
from assistant.findings import WINDOW, compute, judge, shown, solved
from assistant.library import Boundary, Document, Library
from assistant.metrics import Field
from assistant.rules import Dated, Table
from assistant.understanding import Reading, Understanding
from assistant.wording import count_in_words, say

MOST_SUGGESTIONS = 4
MOST_ACTS = 3
NEAREST = 3
CLOSEST = 3
FAR_OFF = 0.1  # below this confidence the nearest questions are not near
MOST_OPTIONS = 8
MOST_WORDS = 6
LEAST_ROWS = 2
_ACT = re.compile(r"^\s*[-*] ", re.M)
_DISCLAIMER = re.compile(r"[^。]*以[^。]*为准[^。]*。?$")
_DIGIT = re.compile(r"\d")


class Composer:
    """Answers from the library alone. `enough` is the confidence below which documents are no evidence."""

    def __init__(self, library: Library, enough: float) -> None:
        self.library, self.enough = library, enough

    async def __call__(self, turn: Turn) -> AsyncIterator[Event]:
        """Answer one turn."""
        for event in self.events(turn):
            yield event

    def events(self, turn: Turn) -> Iterator[Event]:
        """The events of one turn; the async call above only paces them."""
        boundary = self.boundary(turn.understanding.text)
        if boundary is not None:
            yield from self._decline(turn, boundary.say, boundary.reason, boundary.help)
            return
        readings = turn.understanding.readings
        complete = [reading for reading in readings if self._computable(reading, turn)]
        if complete:
            yield from self._calculated(turn, complete)
        elif readings and (stated := self._stated(readings[0], turn)):
            yield from self._graded(turn, readings[0], stated)
        elif readings and self._should_ask(readings[0], turn):
            yield from self._asked(turn, readings[0])
        elif turn.documents and turn.confidence >= self.enough:
            yield from self._quoted(turn)
        else:
            yield from self._decline(turn, self._weak(turn), "weak", ())

    def boundary(self, text: str) -> Boundary | None:
        """The boundary a question crosses, if any."""
        for boundary in self.library.boundaries:
            if any(re.search(pattern, text) for pattern in boundary.any_of) and not any(
                re.search(pattern, text) for pattern in boundary.none_of
            ):
                return boundary
        return None

    # what to do with a reading

    def _computable(self, reading: Reading, turn: Turn) -> bool:
        if not reading.complete:
            return False
        if reading.goal is not None:
            return reading.goal.target is not None and reading.goal.field is not None
        if not reading.typed:
            return False
        understanding = turn.understanding
        if reading.named or reading.carried or understanding.following or phrases.COMPUTE.search(understanding.text):
            return True
        return not understanding.wants_advice and reading.vouched

    def _should_ask(self, reading: Reading, turn: Turn) -> bool:
        """Ask for what is missing when a value is wanted; a question for advice goes to the documents."""
        understanding = turn.understanding
        if understanding.asks_to_compute and (reading.named or reading.typed):
            return True
        choices = {one.name for one in reading.metric.fields if one.kind == "choice"}
        if reading.typed <= choices and not phrases.PRICE.search(understanding.text):
            return False  # 'which plan is Beijing', 'what is the limit': no amount is wanted
        if not reading.typed or understanding.wants_formula or understanding.wants_advice:
            return False
        if reading.goal is not None or reading.named:
            return True
        known = len(reading.metric.fields) - len(reading.missing)
        wanted = bool(phrases.COMPUTE.search(understanding.text))
        return known > 0 and reading.score > 0 and not reading.unused and wanted

    def _stated(self, reading: Reading, turn: Turn) -> Calculated | None:
        """A value given for the metric itself, when a rule of the day can grade it."""
        if reading.stated is None or reading.typed:
            return None
        understanding = turn.understanding
        judged = judge(
            self.library, reading.metric, reading.stated, understanding.day, understanding.platform, _relevant(turn)
        )
        if judged is None:
            return None
        rule, grade = judged
        metric, value = reading.metric, reading.stated
        return Calculated(
            metric.id, metric.label, {metric.id: value}, value, metric.unit, say(value, metric.unit),
            grade.level, grade.word, f"rule/{rule.id}", day=understanding.day,
        )

    def _graded(self, turn: Turn, reading: Reading, finding: Calculated) -> Iterator[Event]:
        day = turn.understanding.day
        citations = Citations(self.library, dict(self.library.on(day)))
        yield finding
        yield from self._verdict([finding], citations, day)
        topic = self._topic_about(turn, reading.metric.id)
        if topic is not None:
            yield from self._advice(topic, citations, day, computed=True)
            citations.cover(topic, "\n".join((topic.say, topic.acts, topic.note)))
        else:
            yield from self._improve(reading, citations, day)
        yield Cited(tuple(citations.cited))
        yield Suggested(self._next(turn, topic, reading.metric.id))
        yield Done("answered")

    # a computed answer

    def _calculated(self, turn: Turn, readings: list[Reading]) -> Iterator[Event]:
        understanding = turn.understanding
        day = self._day(understanding)
        citations = Citations(self.library, dict(self.library.on(day)))
        yield Working(self._read_back(readings))
        findings: list[Calculated] = []
        try:
            for reading in readings:
                if reading.goal is not None and reading.goal.target is not None:
                    yield from self._goal(reading, reading.goal.target, day, findings, understanding.platform)
                else:
                    findings.append(compute(
                        self.library, reading.metric, reading.inputs, day, understanding.platform, _relevant(turn)
                    ))
                    yield findings[-1]
                    yield from self._compared(reading, findings[-1], day, understanding)
        except InvalidInput as error:
            yield Refused(str(error))
            yield Done("asked")
            return
        except KnowledgeError as error:
            yield from self._decline(turn, str(error), "unknown", ())
            return
        for finding in findings:
            self._cite_finding(finding, citations)
        main = readings[0].metric.id
        topic = self._topic_about(turn, main) if readings[0].goal is None else None
        ended = [finding for finding in findings if self._ended(finding, day)]
        # a rule that has ended is explained best by the topic that says what counts instead
        spoken = [finding for finding in findings if not finding.aside and not (topic and finding in ended)]
        yield from self._verdict(spoken, citations, day)
        yield from self._then(understanding, findings, day)
        if topic is not None:
            judged = {finding.rule for finding in spoken if finding.rule}
            told = any(f"rule/{rule}" in judged for rule in (*topic.timeline, *topic.borrowed))
            yield from self._advice(topic, citations, day, with_say=not told, computed=True)
            citations.cover(topic, "\n".join((topic.say, topic.acts, topic.note)))
        else:
            yield from self._improve(readings[0], citations, day)
        yield Cited(tuple(citations.cited))
        yield Suggested(self._next(turn, topic, main))
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
            if earlier.value != finding.value:
                yield replace(earlier, label=f"改动前的{earlier.label}", aside=True)
                yield Text(f"改后是{finding.said}，原来是{earlier.said}。", "say")

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
            dated = rule.on(day)
            if dated is None or finding.verdict is None:
                continue
            number = citations.document(finding.rule)
            advice = rule.advice.get(finding.verdict, "")
            result = "" if isinstance(finding.value, bool) else f"{finding.label}{finding.said}，"
            yield Text(f"{result}{finding.verdict_word}。{rule.render(dated)}[{number}]{advice}", "say")

    def _ended(self, finding: Calculated, day: date) -> bool:
        if finding.rule is None:
            return False
        dated = self.library.rules[finding.rule.removeprefix("rule/")].on(day)
        return dated is not None and dated.version.ended

    def _then(self, understanding: Understanding, findings: list[Calculated], day: date) -> Iterator[Event]:
        """When the question speaks of an earlier day whose numbers have changed since, say so."""
        if not understanding.dated or day >= date.today():
            return
        changes = [change for finding in findings for name in self._behind(finding) if (change := self._next_change(name, day))]
        if changes:
            since, ended = max(changes)
            what = "这条规则已经停用，不再这样考核" if ended else "规则已改，现在的算法不同"
            yield Text(f"按{understanding.day_words or day.isoformat()}当时的旧规则计算；{since}起{what}。", "note")

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

    # asking

    def _asked(self, turn: Turn, reading: Reading) -> Iterator[Event]:
        metric = reading.metric
        try:
            metric.check(reading.inputs)
        except InvalidInput as error:
            yield Refused(str(error))
            yield Done("asked")
            return
        missing = list(reading.missing)
        boxes = tuple(shown(self.library, one, reading.inputs.get(one.name)) for one in metric.fields)
        if not missing and reading.goal is not None:
            question = f"你想把{metric.label}控制在多少？告诉我目标，就能倒推。" if reading.goal.target is None else (
                f"要达到{say(reading.goal.target, metric.unit)}，你想改哪个数？"
            )
        else:
            question = self._question(missing, reading, turn)
        yield Asked(question, metric.id, metric.label, boxes, self._heard(reading))
        citations = Citations(self.library, dict(self.library.on(self._day(turn.understanding))))
        if definition := self.library.definition(metric.id):
            citations.document(f"rule/{definition.id}")
        if any(one.kind == "choice" for one in missing):
            yield from self._meanwhile(turn, metric.id, citations)
        yield Cited(tuple(citations.cited))
        yield Suggested(self._next(turn, None, metric.id))
        yield Done("asked")

    def _meanwhile(self, turn: Turn, metric: str, citations: Citations) -> Iterator[Event]:
        """While a choice is missing, the closest document may already say what holds whichever is chosen."""
        closest = turn.documents[0] if turn.documents and turn.confidence >= self.enough else None
        if closest is not None and closest.kind == "topic" and metric in closest.metrics and not closest.unknown:
            citations.rules_of(closest)
            yield Text(citations.number(closest.say), "body")
            citations.cover(closest, closest.say)

    def _question(self, missing: list[Field], reading: Reading, turn: Turn) -> str:
        labels = [one.spec.label for one in missing]
        text = f"算{reading.metric.label}还差{count_in_words(len(labels))}个数：{'、'.join(labels)}。"
        first = missing[0]
        if first.kind == "choice":
            options = reading.options.get(first.name) or possible(first, self.library, self._day(turn.understanding))
            table = self.library.tables[str(first.spec.choice)]
            if len(options) <= MOST_OPTIONS:
                return f"{text}{first.spec.label}是哪一种：{'；'.join(self._option(table, key, turn) for key in options)}？"
        hint = f"（{first.spec.hint}）" if first.spec.hint else ""
        what = "是哪一种" if first.kind == "choice" else "是哪一天" if first.kind == "date" else "是多少"
        return text + f"请先告诉我{first.spec.label}{what}{hint}？"

    def _option(self, table: Table, key: str, turn: Turn) -> str:
        """A choice with the words that belong to it: 'D方案（北京、天津、河北、宁夏）'."""
        cell = (table.on(self._day(turn.understanding)) or (None, {}))[1].get(key)
        words = [word for word in cell if isinstance(word, str)] if isinstance(cell, tuple) else []
        more = "等" if len(words) > MOST_WORDS else ""
        return f"{table.name(key)}（{'、'.join(words[:MOST_WORDS])}{more}）" if words else table.name(key)

    def _heard(self, reading: Reading) -> str:
        heard = [
            f"{one.spec.label}{shown(self.library, one, reading.inputs[one.name]).said}"
            for one in reading.metric.fields if one.name in reading.inputs
        ]
        return f"已经读到：{'，'.join(heard)}。" if heard else ""

    # quoting

    def _quoted(self, turn: Turn) -> Iterator[Event]:
        day = self._day(turn.understanding)
        documents = self.library.on(day)
        document = self._defining(turn) or self._valid(turn)
        citations = Citations(self.library, dict(documents))
        citations.rules_of(document)
        if document.unknown:
            yield Declined(citations.number(document.say), "unknown")
        else:
            yield Text(citations.number(document.say), "say")
        if document.body:
            yield Text(citations.number(document.body), "body")
        if turn.beside is not None and not document.unknown and turn.beside.kind == "topic" and not turn.beside.unknown:
            citations.rules_of(turn.beside)
            yield Text(citations.number(f"**{turn.beside.title}**：{turn.beside.say}"), "body")
            citations.cover(turn.beside, turn.beside.say)
        yield from self._advice(document, citations, day, with_say=False)
        citations.cover(document, document.text)
        yield Cited(tuple(citations.cited))
        yield Suggested(self._next(turn, document, None))
        yield Done("declined" if document.unknown else "answered")

    def _valid(self, turn: Turn) -> Document:
        """The best finding; when the question names a day, the best that held on it."""
        held = [document for document in turn.documents if document.current]
        return held[0] if turn.understanding.dated and held else turn.documents[0]

    def _defining(self, turn: Turn) -> Document | None:
        """How a named metric was counted on an earlier day is told by its definition, not by today's topics."""
        understanding = turn.understanding
        reading = next((reading for reading in understanding.readings if reading.named), None)
        definition = self.library.definition(reading.metric.id) if reading else None
        if not understanding.dated or definition is None or (turn.documents and turn.documents[0].kind == "rule"):
            return None
        windowed = WINDOW in definition.units and phrases.WINDOW.search(understanding.text)
        asked = understanding.wants_formula or windowed
        return self.library.on(understanding.day)[f"rule/{definition.id}"] if asked else None

    def _advice(
        self, document: Document, citations: Citations, day: date, *, with_say: bool = True, computed: bool = False
    ) -> Iterator[Event]:
        if with_say:
            for rule in document.borrowed:
                citations.document(f"rule/{rule}")
            yield Text(citations.number(document.say), "say")
        rows = self._rows(document.timeline, citations, day)
        if rows:
            yield Ruled(rows)
        if acts := self._acts(document, citations, computed=computed):
            yield acts
        if document.note:
            yield Text(citations.number(document.note), "fine" if _DISCLAIMER.match(document.note) else "note")

    def _rows(self, rule_ids: tuple[str, ...], citations: Citations, day: date) -> tuple[RuleRow, ...]:
        """The versions that had begun by `day`, in the order they ended or began; two or more, or none."""
        rows: list[tuple[date, RuleRow]] = []
        shown: dict[str, list[Dated]] = {}
        for id in rule_ids:
            rule = self.library.rules[id]
            for dated in rule.timeline:
                if dated.version.ended or dated.since.day > day:
                    continue
                over = dated.until is not None and dated.until < day and not rule.event
                period = dated.period if over else dated.began
                rows.append((dated.until if over and dated.until else dated.since.day,
                             RuleRow(period, rule.render_brief(dated), rule.tag, over)))
                shown.setdefault(id, []).append(dated)
        if len(rows) < LEAST_ROWS:
            return ()
        for id, versions in shown.items():
            citations.timeline(self.library.rules[id], versions)
        return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))

    # declining

    def _decline(self, turn: Turn, text: str, reason: str, help: tuple[str, ...]) -> Iterator[Event]:
        yield Declined(text, reason)
        nearest = help or self._nearest(turn)
        if nearest:
            spoken = [question for question in nearest if not _DIGIT.search(question)]
            offer = f"这几个问题能回答：{'；'.join(spoken)}。" if spoken else ""
            yield Text(f"{offer}也可以联系人工或平台官方渠道。", "body")
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

    def _day(self, understanding: Understanding) -> date:
        return understanding.day

    def _read_back(self, readings: list[Reading]) -> str:
        parts = [
            f"{one.spec.label}{shown(self.library, one, reading.inputs[one.name]).said}"
            for reading in readings for one in reading.metric.fields if one.name in reading.inputs
        ]
        return "读到" + "、".join(dict.fromkeys(parts))

    def _topic_about(self, turn: Turn, metric: str) -> Document | None:
        """When the question asks what the value leads to: the best finding that speaks of the metric."""
        if not turn.understanding.wants_meaning or turn.confidence < self.enough:
            return None
        for document in turn.documents[:CLOSEST]:
            if document.kind == "topic" and metric in document.metrics and not document.unknown and document.current:
                return document
        return None

    def _improve(self, reading: Reading, citations: Citations, day: date) -> Iterator[Event]:
        """What to do next, from the topic that the metric's definition names."""
        definition = self.library.definition(reading.metric.id)
        if definition is None or not definition.improve:
            return
        document = self.library.on(day)[f"topic/{definition.improve}"]
        if acts := self._acts(document, citations, computed=True):
            yield acts
            citations.cover(document, document.acts)

    def _acts(self, document: Document, citations: Citations, *, computed: bool = False) -> Text | None:
        """The first acts of a document; once a value is computed, 'send me the figures' is not one of them."""
        acts = [act.strip() for act in _ACT.split(document.acts) if act.strip()]
        acts = [act for act in acts if not (computed and phrases.TELL_ME.search(act))][:MOST_ACTS]
        return Text(citations.number("\n".join(f"- {act}" for act in acts)), "acts") if acts else None

    def _next(self, turn: Turn, document: Document | None, metric: str | None) -> tuple[str, ...]:
        questions = list(document.next) if document else []
        for other in turn.documents:
            near = turn.confidence >= self.enough or (metric is not None and metric in other.metrics)
            if near and (document is None or other.id != document.id):
                questions += other.questions[:1]
        asked = turn.question.strip()
        return tuple(question for question in dict.fromkeys(questions) if question != asked)[:MOST_SUGGESTIONS]


def _relevant(turn: Turn) -> tuple[str, ...]:
    """Rule ids in the order the findings of the search speak of them."""
    ids: list[str] = []
    for document in turn.documents:
        ids += [document.id.removeprefix("rule/")] if document.kind == "rule" else [*document.timeline, *document.borrowed]
    return tuple(dict.fromkeys(ids))
