"""What goes into an answerer and what comes out: one Turn in, a stream of events out.

Every screen (page, CLI, API, evaluation) draws these events; none parses text back into facts.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol, TypeAlias

from assistant.guides import Guide
from assistant.intake.piece import Piece
from assistant.library import Document
from assistant.metrics import InputValue
from assistant.understanding import Understanding
from assistant.wording import Value

Status = Literal["answered", "asked", "declined"]
Part = Literal["say", "body", "acts", "note", "fine"]
"""say: the one-sentence result; body: prose; acts: what to do next; note: a limit that changes the reading;
fine: where the last word is to be found"""
Stamp = Literal["ok", "watch", "breach"]


@dataclass(frozen=True)
class Accepted:
    """The first event of every turn that is kept: the question is on disk. `turn` is the id it is kept under."""

    turn: str


@dataclass(frozen=True)
class Working:
    """A step shown while an answer is being made: '读到成交12,000单、判责7笔'."""

    text: str


@dataclass(frozen=True)
class Text:
    """Markdown for the person; `[1]` refers to the first citation. `worded`: a model put it into these words."""

    markdown: str
    part: Part = "body"
    worded: bool = False


@dataclass(frozen=True)
class InputShown:
    """One input of a calculation as the card shows it. `value` is None while it is missing."""

    name: str
    label: str
    unit: str
    value: Any
    said: str
    hint: str = ""
    editable: bool = True


@dataclass(frozen=True)
class Calculated:
    """A computed value with everything that proves it. `value` is unrounded, ratios are decimals, money is 元."""

    metric: str
    label: str
    inputs: Mapping[str, Any]
    value: Value
    unit: str
    said: str
    verdict: Stamp | None = None
    verdict_word: str = ""
    rule: str | None = None
    formula: str = ""
    period: str = ""
    confidence: str = "calc"
    shown: tuple[InputShown, ...] = ()
    fraction: tuple[str, str] | None = None
    note: str = ""
    day: date | None = None
    aside: bool = False
    """true for a value told in passing: no card of its own"""


@dataclass(frozen=True)
class Ruled:
    """The dated rules that matter here, oldest first."""

    rows: tuple["RuleRow", ...]


@dataclass(frozen=True)
class RuleRow:
    """One line of the time line."""

    period: str
    text: str
    tag: str
    ended: bool


@dataclass(frozen=True)
class Asked:
    """Inputs are missing: the sentence names the next one, the form shows what was read."""

    text: str
    metric: str
    label: str
    shown: tuple[InputShown, ...]
    note: str = ""


@dataclass(frozen=True)
class Refused:
    """Figures that cannot be right, said in a sentence."""

    text: str


@dataclass(frozen=True)
class Declined:
    """Out of scope or without evidence. `reason` is for logs: scope, unsafe, unknown, weak, empty."""

    text: str
    reason: str


@dataclass(frozen=True)
class Citation:
    """A document relied on. `quote` is the sentence relied on; `source` names where it comes from."""

    id: str
    title: str
    source: str
    quote: str
    address: str = ""
    period: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Cited:
    """The sources, in the order of their markers."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Suggested:
    """Next questions a person can click."""

    questions: tuple[str, ...]


@dataclass(frozen=True)
class Drafted:
    """A paper to take away. `markdown` is all of it; `given` and `day` are what it was filled from, to fill it again."""

    guide: str
    title: str
    markdown: str
    given: Mapping[str, Mapping[str, Any]]
    day: date
    name: str = ""
    """of a file, without its ending"""


@dataclass(frozen=True)
class Offered:
    """A person can be brought in. `reason`: nothing could be said, not for the second time, or a person was asked for."""

    reason: Literal["declined", "misses", "asked"]


@dataclass(frozen=True)
class Done:
    """The last event of every turn. `ms` is the time inside the engine."""

    status: Status
    ms: float = 0.0


Event: TypeAlias = (
    Accepted | Working | Text | Calculated | Ruled | Asked | Refused | Declined | Drafted | Cited | Suggested | Offered | Done
)


@dataclass(frozen=True)
class Passage:
    """A piece of a person's own document found for a question."""

    piece: Piece
    cosine: float
    lead: float
    """by how much it is nearer to the question than the nearest of ours; negative when ours is nearer"""
    apart: float
    """the same for the nearest of the questions that are none of our business"""
    coverage: float
    """share of the question's tokens, by rarity, that it holds"""
    confidence: float
    """that it is about the question, by the same measure as for ours"""


@dataclass(frozen=True)
class Turn:
    """One question with everything needed to answer it. `documents` are the findings, best first."""

    question: str
    understanding: Understanding
    documents: tuple[Document, ...]
    confidence: float
    today: date
    audience: str | None = None
    beside: Document | None = None
    """a second finding nearly as good as the first: the question may ask two things"""
    guide: Guide | None = None
    """the paper asked for"""
    given: Mapping[str, Mapping[str, InputValue]] = field(default_factory=dict)
    """metric → input → value for that paper, from this message and those before"""
    own: tuple[Passage, ...] = ()
    """findings among the person's own documents, best first"""
    conversation: str = ""
    """id of the conversation; empty outside any"""
    earlier: tuple[str, ...] = ()
    """the person's questions before, oldest first"""


class Answerer(Protocol):
    """Turns a question into events, the last of which is Done."""

    def __call__(self, turn: Turn) -> AsyncIterator[Event]:
        """Answer one turn."""
        ...


def markdown(events: Sequence[Event]) -> str:
    """The answer as Markdown; the sources its markers point to are given apart, by `sources`."""
    blocks: list[str] = []
    for event in events:
        match event:
            case Calculated():
                blocks.append(_calculation(event))
            case Text(text, _):
                blocks.append(text)
            case Ruled(rows):
                blocks.append("\n".join(_row(row) for row in rows))
            case Asked(text, note=note):
                blocks.append(f"{text}\n\n{note}" if note else text)
            case Refused(text) | Declined(text, _):
                blocks.append(text)
            case Drafted(markdown=paper):
                blocks.append(f"---\n\n{paper.strip()}\n\n---")
            case _:
                pass
    return "\n\n".join(block for block in blocks if block)


def _calculation(event: Calculated) -> str:
    if event.aside:
        return f"{event.label}：{event.said}"
    stamp = f"（{event.verdict_word}）" if event.verdict_word else ""
    given = "，".join(f"{shown.label} {shown.said}" for shown in event.shown)
    period = " · ".join(part for part in event.period.split(" · ") if part and "不详" not in part)
    when = f"（{period}）" if period else ""
    how = f"\n\n{event.formula}{when}：{given}" if event.formula and given else ""
    return f"**{event.label}：{event.said}**{stamp}{how}"


def _row(row: RuleRow) -> str:
    text = f"~~{row.text}~~（已停用）" if row.ended else row.text
    return f"- {row.period}：{text}"


def sources(citations: list[dict[str, Any]]) -> str:
    """The sources of an answer object as a numbered list for a terminal."""
    lines = []
    for number, citation in enumerate(citations, 1):
        period = f"（{citation['period']}）" if citation["period"] else ""
        lines.append(f"[{number}] {citation['title']}{period} {citation['source']}\n    {citation['quote']}")
    return "\n".join(lines)


def as_json(events: Sequence[Event]) -> dict[str, Any]:
    """The answer object of the evaluation contract and the JSON API; with `files` when papers were handed out."""
    answer: dict[str, Any] = {
        "text": markdown(events), "status": "answered", "citations": [], "calculations": [], "suggestions": [], "ms": 0.0,
    }
    for event in events:
        match event:
            case Calculated():
                answer["calculations"].append(
                    {
                        "metric": event.metric, "label": event.label, "inputs": _plain(event.inputs),
                        "value": _plain(event.value), "unit": event.unit, "verdict": event.verdict, "rule": event.rule,
                    }
                )
            case Cited(citations):
                answer["citations"] = [
                    {
                        "id": c.id, "title": c.title, "source": c.source, "quote": c.quote,
                        "address": c.address, "period": c.period, "confidence": c.confidence,
                    }
                    for c in citations
                ]
            case Drafted():
                answer.setdefault("files", []).append({"guide": event.guide, "title": event.title, "name": event.name})
            case Suggested(questions):
                answer["suggestions"] = list(questions)
            case Done(status, ms):
                answer["status"], answer["ms"] = status, round(ms, 2)
            case _:
                pass
    return answer


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value
