"""What a person is handed: question, figures, clauses, tried steps, transcript. Masked, except the contact left for a reply.

The packet is plain JSON, kept with the hand-off; the visitor is shown the same object that the staff and the channels get. Sources are
quoted as they are: a hotline printed in a rule points at nobody.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypedDict, TypeVar

from assistant.answer import (
    Asked,
    Calculated,
    Cited,
    Declined,
    Drafted,
    Event,
    InputShown,
    Offered,
    Refused,
    Text,
    markdown,
)
from assistant.privacy import mask
from assistant.wording import plain

Reason = Literal["asked", "misses", "declined", "offline"]
REASONS: dict[str, str] = {
    "asked": "访客要求人工", "misses": "连续没有答上", "declined": "没有依据，答不了", "offline": "下班时间的留言",
}
MOST_TURNS = 30
MOST_ANSWER_CHARS = 6_000
_MARKER = re.compile(r"\[\d{1,2}\]|\*\*")
_BULLET = re.compile(r"^\s*(?:[-*]|\d+[.、])\s+(.+)$", re.MULTILINE)
Kind = TypeVar("Kind", bound=Event)


class Input(TypedDict):
    """One input of a calculation, as it was said."""

    label: str
    said: str
    value: Any
    unit: str


class FigureHanded(TypedDict):
    """One calculation."""

    label: str
    metric: str
    inputs: list[Input]
    formula: str
    equation: str
    value: Any
    unit: str
    said: str
    verdict: str | None
    verdict_word: str
    rule: str | None
    period: str


class Clause(TypedDict):
    """One source that was relied on."""

    title: str
    source: str
    quote: str
    period: str
    address: str
    confidence: str


class Tried(TypedDict):
    """What the assistant has suggested, asked and handed out already."""

    acts: list[str]
    asked: list[str]
    papers: list[str]


class Line(TypedDict):
    """One side of one exchange."""

    who: Literal["visitor", "assistant"]
    text: str
    at: str


class Packet(TypedDict):
    """All of it. `shown` are the lines a visitor reads: what has been handed over."""

    version: int
    site: str
    conversation: str
    reason: str
    reason_text: str
    opened_at: str
    audience: str | None
    question: str
    note: str
    contact: str | None
    figures: list[FigureHanded]
    clauses: list[Clause]
    tried: Tried
    transcript: list[Line]
    shown: list[str]


@dataclass(frozen=True)
class Said:
    """One turn of the conversation, as it was kept."""

    question: str
    events: Sequence[Event]
    at: datetime


@dataclass(frozen=True)
class Occasion:
    """Where, when and why somebody is brought in, and how the visitor can be reached."""

    site: str
    conversation: str
    reason: Reason
    at: datetime
    audience: str | None = None
    contact: str | None = None
    note: str = ""


def packed(occasion: Occasion, turns: Sequence[Said], *, attach: bool = True) -> Packet:
    """The packet of a conversation. Without `attach` only the question and the note go along."""
    told = list(turns)[-MOST_TURNS:] if attach else []
    figures, clauses = list(_figures(told)), list(_clauses(told))
    tried, transcript = _tried(told), list(_transcript(told))
    question = _question(turns) if attach else ""
    return Packet(
        version=1, site=occasion.site, conversation=occasion.conversation, reason=occasion.reason,
        reason_text=REASONS[occasion.reason], opened_at=occasion.at.isoformat(), audience=occasion.audience,
        question=question or mask(occasion.note), note=mask(occasion.note), contact=occasion.contact,
        figures=figures, clauses=clauses, tried=tried, transcript=transcript,
        shown=list(_shown(occasion, figures, clauses, tried, transcript)),
    )


def _all(turns: Iterable[Said], kind: type[Kind]) -> Iterator[Kind]:
    return (event for turn in turns for event in turn.events if isinstance(event, kind))


def _question(turns: Sequence[Said]) -> str:
    """The last question that was about something: a bare request for a person is not."""
    about = [turn for turn in turns if not is_bare_request(turn.events)]
    return mask((about or list(turns))[-1].question) if turns else ""


def is_bare_request(events: Iterable[Event]) -> bool:
    """Whether a turn only asked for a person: it was offered one, and nothing was looked up."""
    held = list(events)
    wished = any(isinstance(event, Offered) and event.reason == "asked" for event in held)
    return wished and not any(isinstance(event, Calculated | Cited | Declined | Asked | Refused | Drafted) for event in held)


def _figures(turns: Iterable[Said]) -> Iterator[FigureHanded]:
    seen = set()
    for event in _all(turns, Calculated):
        handed = FigureHanded(
            label=event.label, metric=event.metric, inputs=[_input(shown) for shown in event.shown], formula=event.formula,
            equation=equation(event), value=_json(event.value), unit=event.unit, said=event.said, verdict=event.verdict,
            verdict_word=event.verdict_word, rule=event.rule, period=_known(event.period),
        )
        if str(handed) not in seen:
            seen.add(str(handed))
            yield handed


def _input(shown: InputShown) -> Input:
    return Input(label=shown.label, said=mask(shown.said), value=_json(shown.value), unit=shown.unit)


def equation(event: Calculated) -> str:
    """'7÷12,000＝0.0583%' where the value is one number over another, else '纠纷退款率＝0.0583%'."""
    held = {shown.name: shown.value for shown in event.shown}
    sides = [held.get(name) for name in event.fraction or ()]
    whole = not any(sign in event.formula for sign in "－＋×")
    numbers = [plain(side, 6) for side in sides if isinstance(side, int | float) and not isinstance(side, bool)]
    if whole and len(numbers) == 2:
        return f"{numbers[0]}÷{numbers[1]}＝{event.said}"
    return f"{event.label}＝{event.said}"


def _clauses(turns: Iterable[Said]) -> Iterator[Clause]:
    seen: set[str] = set()
    for cited in _all(turns, Cited):
        for one in cited.citations:
            if one.id not in seen:
                seen.add(one.id)
                yield Clause(
                    title=one.title, source=one.source, quote=one.quote, period=_known(one.period), address=one.address,
                    confidence=one.confidence,
                )


def _tried(turns: Sequence[Said]) -> Tried:
    acts = [
        _MARKER.sub("", found)
        for event in _all(turns, Text) if event.part == "acts"
        for found in _BULLET.findall(event.markdown) or [event.markdown]
    ]
    asked = [event.text for turn in turns for event in turn.events if isinstance(event, Asked | Refused)]
    papers = [event.title for event in _all(turns, Drafted)]
    return Tried(acts=_once(acts, mask), asked=_once(asked, mask), papers=_once(papers, mask))


def _once(texts: Iterable[str], of: Callable[[str], str]) -> list[str]:
    return list(dict.fromkeys(of(text.strip()) for text in texts if text.strip()))


def _transcript(turns: Iterable[Said]) -> Iterator[Line]:
    for turn in turns:
        at = turn.at.isoformat()
        yield Line(who="visitor", text=mask(turn.question), at=at)
        papers = [event for event in turn.events if isinstance(event, Drafted)]
        answer = markdown([event for event in turn.events if not isinstance(event, Drafted)])
        told = "\n\n".join([answer, *(f"（给了一份文书：{paper.title}）" for paper in papers)]).strip()
        if told:
            yield Line(who="assistant", text=mask(told[:MOST_ANSWER_CHARS]), at=at)


def _shown(
    occasion: Occasion, figures: Sequence[FigureHanded], clauses: Sequence[Clause], tried: Tried, transcript: Sequence[Line]
) -> Iterator[str]:
    if transcript:
        yield "问题与对话原文"
    yield from (figure["equation"] for figure in figures)
    if clauses:
        yield f"引用的{len(clauses)}条规则与资料"
    if tried["acts"]:
        yield f"已经建议过的{len(tried['acts'])}步"
    if occasion.note:
        yield "你的留言"
    if occasion.contact:
        yield f"联系方式：{occasion.contact}"
    yield "手机号、车牌、证件号已打码" if not occasion.contact else "其余手机号、车牌、证件号已打码"


def _known(period: str) -> str:
    return " · ".join(part for part in period.split(" · ") if part and "不详" not in part)


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return [_json(part) for part in value] if isinstance(value, tuple | list) else value
