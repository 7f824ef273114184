"""What is remembered of a turn, so that the next one can leave things out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.answer import Asked, Calculated, Citation, Cited, Event, Refused, Turn
from assistant.intake.asked import question as heading
from assistant.intake.piece import STEP
from assistant.library import Document
from assistant.metrics import registry
from assistant.understanding import Reading, Understanding, Understood

MOST_CHARS = 2000  # of the words kept


def understood(turn: Turn, told: Sequence[Event]) -> Understood:
    """What a turn was about, from what was read and what was answered."""
    first = _first(told)
    understanding = turn.understanding
    last = understanding.history
    if turn.guide is not None and not understanding.readings:
        # the figures stay where they were told; only what was handed out is new
        kept = last if last is not None else Understood(platform=understanding.platform)
        return replace(kept, guide=turn.guide.id, subject=kept.subject or turn.guide.title)
    if first is not None and first.id in {passage.piece.id for passage in turn.own}:
        # whatever metric the words brought to mind: what was told is a passage of the person's own
        return Understood(platform=understanding.platform, subject=heading(first.title.rpartition(STEP)[2]))
    if understanding.readings:
        reading = understanding.readings[0]
        goal = reading.goal
        carried = last is not None and last.metric == reading.metric.id
        text = f"{last.text}，{understanding.text}" if carried and last is not None else understanding.text
        quoted = not any(isinstance(event, Calculated | Asked | Refused) for event in told)
        subject = turn.documents[0].title if quoted and first is not None and turn.documents else reading.metric.label
        return Understood(
            reading.metric.id, dict(reading.inputs), _previous(reading, last), understanding.platform, subject,
            goal.target if goal else None, understanding.day if understanding.dated else None, not reading.complete, text[-MOST_CHARS:],
            turn.guide.id if turn.guide else "",
            _also(understanding, last if carried else None),
            goal.field if goal else None, goal is not None and goal.at_most,
        )
    if understanding.following and last is not None:
        return replace(last, guide="")
    title = first.title if first is not None else ""
    spoken = turn.documents[0] if title and turn.documents else None
    metric = None if spoken is None else spoken.metrics[0] if spoken.metrics else _counting(spoken)
    return Understood(
        metric, platform=understanding.platform, subject=spoken.title if spoken else title,
        day=understanding.day if understanding.dated else None, open=bool(understanding.figures)
    )


def _also(understanding: Understanding, last: Understood | None) -> dict[str, dict[str, Any]]:
    """Other metrics told in the same answer with their inputs; those of the turn before while nothing was changed since."""
    first, *others = understanding.readings
    if last is not None and not others and dict(first.inputs) == dict(last.inputs):
        return {id: dict(inputs) for id, inputs in last.also.items()}
    return {one.metric.id: dict(one.inputs) for one in others if one.complete and not one.where and one.goal is None}


def _counting(spoken: Document) -> str | None:
    """The metric that counts the days of a rule that was told: 收到退货后几天内退款, and then 11月12号收到的."""
    name = spoken.id.removeprefix("rule/")
    return next((metric.id for metric in registry().values() if metric.unit == "date" and name in metric.borrowed), None)


def _previous(reading: Reading, last: Understood | None) -> dict[str, Any]:
    """The other case of the same metric that was spoken of last, if there is one."""
    if reading.before:
        return dict(reading.before)
    same = last is not None and last.metric == reading.metric.id
    if not same or last is None:
        return {}
    return dict(last.previous if dict(last.inputs) == dict(reading.inputs) else last.inputs)


def _first(told: Sequence[Event]) -> Citation | None:
    """The first source cited, if any was."""
    cited = [event.citations for event in told if isinstance(event, Cited) and event.citations]
    return cited[-1][0] if cited else None
