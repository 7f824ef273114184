"""What every answer needs: further questions, what to do next, a refusal, a decline that helps. No decision is made here."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from assistant.answer import (
    Cited,
    Declined,
    Done,
    Event,
    Refused,
    Suggested,
    Text,
    Turn,
)
from assistant.citing import Citations
from assistant.errors import InvalidInput
from assistant.library import Document, Library
from assistant.offering import offered
from assistant.owned import Owned
from assistant.quoting import acts
from assistant.understanding import Reading

MOST_SUGGESTIONS = 4
NEAREST = 3
LONG_RULE = 110  # characters above which a rule that was leant on is told by its short form
FAR_OFF = 0.1  # below this confidence the nearest questions are not near
_DIGIT = re.compile(r"\d")


class Telling:
    """The shared ground of computed and quoted answers. `enough` is the confidence below which documents are no evidence."""

    def __init__(self, library: Library, enough: float) -> None:
        self.library, self.enough = library, enough
        self._owned = Owned(library, enough)

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

    def _rules_told(self, names: Iterable[str], told: set[str] | set[str | None], citations: Citations, day: date) -> Iterator[Event]:
        for name in names:
            rule = self.library.rules.get(name)
            dated = rule.on(day) if rule is not None and f"rule/{name}" not in told else None
            if rule is not None and dated is not None and not dated.version.ended:
                whole, brief = rule.render(dated), dated.version.brief or rule.brief
                told_as = f"{rule.render_brief(dated)}。" if brief and len(whole) > LONG_RULE else whole
                yield Text(f"{told_as}[{citations.document(f'rule/{name}')}]", "note")

    def _refused(self, reading: Reading, error: InvalidInput) -> Iterator[Event]:
        """Figures that cannot be right; when part and whole may have been swapped, the question the other way round."""
        yield Refused(str(error))
        if swapped := _swapped(reading):
            yield Suggested((swapped,))
        yield Done("asked")


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
