"""What the tools do: each asks the engine or its library and puts the finding into a shape. No protocol here."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from assistant.answer import Calculated, Citation, Turn, as_json
from assistant.arguments import filled
from assistant.citing import Citations
from assistant.deciding import crossed
from assistant.engine import Engine
from assistant.errors import InvalidInput
from assistant.findings import compute
from assistant.library import Document
from assistant.mcp_server import forms
from assistant.mcp_server.shapes import (
    Answer,
    Computed,
    DocumentShape,
    Knowledge,
    MetricList,
    MetricName,
    OriginShape,
    Solved,
    SourceShape,
)
from assistant.metrics import Metric
from assistant.owned import Owned
from assistant.solving import solve
from assistant.wording import say

MOST_CONVERSATIONS = 200  # the oldest is forgotten beyond it
_MARK = re.compile(r"\[\^([^\]\s]+)\]")
_WEAK = "没有查到足够可靠的依据，下面的只是最接近的，不要当作依据回答，更不要自己编数。"


class Tools:
    """The tools over one engine. Errors are AssistantError with a sentence."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.library = engine, engine.library
        self._conversations: OrderedDict[str, None] = OrderedDict()

    def list_metrics(self, query: str, limit: int) -> MetricList:
        """The metrics that fit a query; the first `limit` with their forms."""
        found, today = forms.fitting(self.library, query), self.engine.today()
        return MetricList(
            metrics=[forms.shape(self.library, metric, today) for metric in found[:limit]],
            others=[MetricName(id=metric.id, label=metric.label) for metric in found[limit:]],
        )

    def compute(self, id: str, inputs: Mapping[str, Any], day: date | None) -> Computed:
        """Compute a metric by the rules of `day`; blocking, as a new day's documents are rendered."""
        day = day or self.engine.today()
        metric = forms.find(self.library, id)
        found = compute(self.library, metric, filled(self.library, metric, inputs, day), day, None)
        (plain,) = as_json([found])["calculations"]
        return Computed(
            **{**plain, "rule": _address(found.rule)}, said=found.said, verdict_word=found.verdict_word, formula=found.formula,
            period=found.period, note=found.note, day=day.isoformat(), sources=self._sources(metric, found, day),
        )

    def solve(self, id: str, inputs: Mapping[str, Any], target: float, name: str, day: date | None) -> Solved:
        """The value of the input `name` that brings a metric to `target`, the other inputs held."""
        day = day or self.engine.today()
        metric = forms.find(self.library, id)
        if name not in {one.name for one in metric.fields}:
            raise InvalidInput(f"{metric.label}没有叫 {name} 的输入，请用 list_metrics 看它的输入。")
        if metric.field(name).kind != "number" or metric.unit in ("date", "bool"):
            raise InvalidInput(f"{metric.label}不能按{metric.field(name).spec.label}倒推：倒推只用于数，不用于日期、清单和选项。")
        given = filled(self.library, metric, inputs, day, without=name)
        metric.check(given)
        found = solve(metric, given, name, target, self.library.numbers(day))
        spec = found.field.spec
        return Solved(
            metric=id, label=metric.label, target=target, input=name, input_label=spec.label, needed=found.needed,
            said=say(found.needed, spec.unit), unit=spec.unit, now=found.now, met=found.met, gap=found.gap,
            direction="none" if found.met or found.now is None else "up" if found.upward else "down", day=day.isoformat(),
        )

    def search(self, question: str, day: date | None, limit: int) -> Knowledge:
        """What the knowledge holds for a question; blocking until the index is open."""
        turn, least = self.engine.consult(question, day)
        owned = Owned(self.library, least)
        shown = [self._document(document) for document in turn.documents]
        first, beside = owned.first(turn), owned.beside(turn)
        if first is not None:
            shown.insert(0, _own(owned.cited(first, question)))
        elif beside is not None:
            shown.append(_own(owned.cited(beside, question)))
        note = self._doubt(turn, least) if first is None else ""
        boundary = crossed(self.library, turn.understanding.text)
        if boundary is not None and not (boundary.reason == "scope" and owned.verbatim(turn)):
            shown, note = [], _MARK.sub("", boundary.say)  # what is declined before any search is not read out by one
        return Knowledge(
            documents=shown[:limit], enough=not note, confidence=round((first or turn).confidence, 4), note=note,
            day=turn.understanding.day.isoformat(),
        )

    async def ask(self, question: str, conversation: str | None) -> Answer:
        """One turn of a conversation. Its id is ours and cannot be guessed, so that nobody continues another's."""
        if conversation is not None and conversation not in self._conversations:
            raise InvalidInput(f"没有「{conversation}」这段对话，或者已经太久。请不带 conversation 重新问，把前面的数一起说上。")
        id = conversation or uuid4().hex
        self._conversations[id] = None
        self._conversations.move_to_end(id)
        while len(self._conversations) > MOST_CONVERSATIONS:
            self.engine.forget(self._conversations.popitem(last=False)[0])
        events = [event async for event in self.engine.ask(id, question)]
        return Answer(**as_json(events), conversation=id)

    def rule(self, id: str) -> str:
        """A rule as Markdown: what it says today, all its versions, its sources."""
        held = self.library.rules.get(id.removeprefix("rule/"))
        if held is None:
            raise InvalidInput(f"没有编号为「{id}」的规则，编号见 compute_metric 结果里的 rule。")
        document = self.library.on(self.engine.today())[f"rule/{held.id}"]
        versions = "\n".join(f"- {dated.span}：{held.render(dated)}" for dated in held.timeline)
        note = f"\n\n{_MARK.sub('', document.note)}" if document.note else ""
        sources = "\n".join(f"- {self._named(source)}" for source in document.sources)
        return f"# {document.title}\n\n{document.say}{note}\n\n## 各个版本\n\n{versions}\n\n## 来源\n\n{sources}\n"

    def sources(self) -> str:
        """All sources as a Markdown list."""
        return "\n".join(f"- {id}：{self._named(id)}" for id in self.library.sources)

    def _named(self, id: str) -> str:
        source = self.library.sources[id]
        return f"{source.named} {source.address}".rstrip()

    def _sources(self, metric: Metric, found: Calculated, day: date) -> list[SourceShape]:
        """The rule that defines the metric, the one that grades it and what its formula borrows."""
        citations = Citations(self.library, dict(self.library.on(day)))
        definition = self.library.definition(metric.id)
        relied = [f"rule/{definition.id}"] if definition else []
        relied += [found.rule] if found.rule else []
        relied += [f"rule/{name}" if name in self.library.rules else f"table/{name}" for name in metric.borrowed]
        for id in relied:
            citations.document(id)
        return [_source(one) for one in citations.cited]

    def _document(self, document: Document) -> DocumentShape:
        sources = dict.fromkeys((*document.sources, *_MARK.findall(document.text)))
        return DocumentShape(
            id=document.id, kind=document.kind, title=document.title, text=document.text, period=document.period,
            in_force=document.current, confidence=document.confidence,
            sources={id: self._origin(id) for id in sources if id in self.library.sources},
        )

    def _origin(self, id: str) -> OriginShape:
        source = self.library.sources[id]
        return OriginShape(
            title=source.title or source.about, source=source.named, address=source.address, confidence=source.confidence
        )

    def _doubt(self, turn: Turn, least: float) -> str:
        """Why what was found is no evidence; empty when it is."""
        if not turn.documents or turn.confidence < least:
            return _WEAK
        best = turn.documents[0]
        return _MARK.sub("", best.say) if best.unknown else ""


def _source(citation: Citation) -> SourceShape:
    return SourceShape(
        title=citation.title, source=citation.source, quote=citation.quote, period=citation.period,
        address=citation.address, confidence=citation.confidence,
    )


def _own(citation: Citation) -> DocumentShape:
    """A passage of a person's own document: plain words, without the sentences that give orders."""
    return DocumentShape(
        id=citation.id, kind="own", title=citation.title, text=citation.quote, period="", in_force=True,
        confidence=citation.confidence, sources={citation.id: _source(citation)},
    )


def _address(rule: str | None) -> str | None:
    return None if rule is None else f"rule://{rule.removeprefix('rule/')}"
