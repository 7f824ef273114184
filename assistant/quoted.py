"""Answers that quote: a document with its time line and acts, a cell of a table, a passage of the person's own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from assistant import elsewhere, phrases
from assistant.answer import (
    Cited,
    Declined,
    Done,
    Event,
    Passage,
    Suggested,
    Text,
    Turn,
)
from assistant.citing import Citations
from assistant.comparing import changes
from assistant.deciding import of_all
from assistant.errors import InvalidInput, KnowledgeError
from assistant.findings import compute
from assistant.library import Document
from assistant.lookups import Looked
from assistant.picking import beside, of_other_platform, picked
from assistant.quoting import advice, scope
from assistant.telling import MOST_SUGGESTIONS, Telling


class Quoted(Telling):
    """Tells documents as they stand; nothing is rephrased."""

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
        yield from self._own_value(turn, document, citations)
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

    def _own_value(self, turn: Turn, document: Document, citations: Citations) -> Iterator[Event]:
        """Beside a figure of the whole trade, what the conversation computed for the person's own."""
        reading = next(iter(turn.understanding.readings), None)
        if reading is None or not (reading.complete and reading.carried and not reading.typed) or not of_all(turn.understanding.text):
            return
        try:
            found = compute(self.library, reading.metric, reading.inputs, turn.today, turn.understanding.platform)
        except (InvalidInput, KnowledgeError):
            return
        yield replace(found, label=f"你的{found.label}", verdict=None, aside=True)
        if definition := self.library.definition(reading.metric.id):
            citations.document(f"rule/{definition.id}")

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
            self.library, document, understanding.days, understanding.day, understanding.dated, turn.today,
            [one for one in turn.documents if one.id != document.id],
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
