"""The answerer that needs no model: states findings, quotes documents, asks for what is missing, declines. It adds nothing."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import (
    Asked,
    Cited,
    Done,
    Drafted,
    Event,
    Refused,
    Suggested,
    Text,
    Turn,
)
from assistant.asking import heard, question, read_back
from assistant.boundaries import Boundary
from assistant.choices import possible
from assistant.citing import Citations
from assistant.computed import Computed
from assistant.deciding import computable, crossed, graded, should_ask, untold, wants_unnamed
from assistant.drafting import draft
from assistant.errors import InvalidInput
from assistant.findings import shown
from assistant.guides import Guide
from assistant.lookups import looked_up
from assistant.offering import which_paper
from assistant.picking import improving
from assistant.quoted import Quoted
from assistant.telling import MOST_SUGGESTIONS
from assistant.understanding import Reading


class Composer(Computed, Quoted):
    """Answers from the library alone. `enough` is the confidence below which documents are no evidence."""

    async def __call__(self, turn: Turn) -> AsyncIterator[Event]:
        """Answer one turn."""
        for event in self.events(turn):
            yield event

    def events(self, turn: Turn) -> Iterator[Event]:
        """The events of one turn; the async call above only paces them."""
        boundary = self.boundary(turn.understanding.text) or untold(self.library, turn)
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
        complete = [reading for reading in readings if computable(self.library, reading, turn, self.enough)]
        if complete:
            yield from self._calculated(turn, complete)
        elif readings and (stated := graded(self.library, readings[0], turn)):
            yield from self._graded(turn, readings[0], stated)
        elif cell := looked_up(self.library, turn.understanding):
            yield from self._owned.added(self._looked_up(turn, cell), turn)
        elif not turn.understanding.figures and not improving(self.library, turn) and (own := self._owned.first(turn)):
            yield from self._own(turn, own)
        elif readings and should_ask(readings[0], turn, self.enough):
            yield from self._asked(turn, readings[0])
        elif readings and turn.understanding.only_figures and readings[0].typed:
            yield from self._noted(readings)
        elif not readings and wants_unnamed(turn.understanding):
            yield from self._which_metric(turn)
        elif turn.documents and (turn.confidence >= self.enough or improving(self.library, turn)):
            yield from self._owned.added(self._quoted(turn), turn)
        else:
            yield from self._decline(turn, self._weak(turn), "weak", ())

    def boundary(self, text: str) -> Boundary | None:
        """The boundary a question crosses, if any."""
        return crossed(self.library, text)

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

    def _noted(self, readings: Sequence[Reading]) -> Iterator[Event]:
        """Figures were told and nothing was asked: read back, and what they could be wanted for."""
        yield Refused(f"{read_back(self.library, list(readings[:1]))}。想算什么？说出指标的名字，或者接着报其余的数。")
        labels = dict.fromkeys(reading.metric.label for reading in readings)
        yield Suggested(tuple(f"{label}怎么算" for label in labels)[:MOST_SUGGESTIONS])
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
