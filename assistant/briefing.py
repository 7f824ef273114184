"""What a model is told of a turn: the findings, the figures that were read, the documents with their markers. Data only."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from assistant.answer import Asked, Calculated, Cited, Event, Refused, Ruled, Text, Turn, markdown
from assistant.arguments import choices
from assistant.library import Document, Library
from assistant.metrics import Metric

MOST_READ = 4
MOST_FURTHER = 4
MOST_METRICS = 4
MOST_EARLIER = 3
LONGEST_DOCUMENT = 1500
FEW_CHOICES = 12
NOTHING = "（没有）"
_SOURCE = re.compile(r"\s*\[\^[^\]\s]+\]")
_NUMBER = re.compile(r"\[(\d+)\]")


def brief(library: Library, turn: Turn, plain: Sequence[Event], documents: Mapping[str, str]) -> dict[str, str]:
    """The slots of `prompts/agent.md`. `documents`: id → text of what may be given to the model."""
    understanding = turn.understanding
    read = _best_first(turn, plain, documents)
    further = [document for document in turn.documents if document.id not in read][:MOST_FURTHER]
    return {
        "today": turn.today.isoformat(), "day": understanding.day.isoformat(), "question": _tame(turn.question),
        "earlier": earlier(turn), "findings": _findings(plain), "arguments": _arguments(library, turn, read),
        "documents": "\n\n".join(f"【{id}】{_tame(text)[:LONGEST_DOCUMENT]}" for id, text in read.items()) or NOTHING,
        "further": "\n".join(f"【{document.id}】{document.title}" for document in further) or NOTHING,
        "plain": worded(plain),
    }


def earlier(turn: Turn) -> str:
    """The questions before, one a line."""
    return "\n".join(f"- {_tame(question)}" for question in turn.earlier[-MOST_EARLIER:]) or NOTHING


def worded(plain: Sequence[Event]) -> str:
    """The composer's words with the ids of documents for the numbers of citations."""
    cited = [citation.id for event in plain if isinstance(event, Cited) for citation in event.citations]

    def marked(found: re.Match[str]) -> str:
        place = int(found[1])
        return f"【{cited[place - 1]}】" if 0 < place <= len(cited) else ""

    told = [event for event in plain if isinstance(event, Text | Calculated | Asked | Refused | Ruled)]
    return _NUMBER.sub(marked, markdown(told)) or NOTHING


def _tame(text: str) -> str:
    """What a person or a document wrote cannot begin a part of the message."""
    return re.sub(r"^\s*(?=#|---)", "　", text, flags=re.M)


def _best_first(turn: Turn, plain: Sequence[Event], documents: Mapping[str, str]) -> dict[str, str]:
    """What is given to the model to quote: what the composer relied on, then the best findings."""
    cited = [citation.id for event in plain if isinstance(event, Cited) for citation in event.citations]
    best = [document.id for document in turn.documents[:MOST_READ]]
    return {id: documents[id] for id in dict.fromkeys((*cited, *best)) if id in documents}


def readable(document: Document) -> str:
    """A document as a model reads it: with its title and period, without the marks of its sources."""
    when = f"（{document.period}{'' if document.current else '，已停用'}）" if document.period else ""
    return f"{document.title}{when}\n{_SOURCE.sub('', document.text)}"


def _findings(plain: Sequence[Event]) -> str:
    lines = []
    for event in plain:
        if isinstance(event, Calculated):
            verdict = f"（{event.verdict_word}）" if event.verdict_word else ""
            given = "，".join(f"{one.label}{one.said}" for one in event.shown if one.said)
            rule = f" 依据【{event.rule}】" if event.rule else ""
            lines.append(f"- {event.label}：{event.said}{verdict}{f'，用的是{given}' if given else ''}{rule}")
        elif isinstance(event, Asked):
            lines.append(f"- 算{event.label}数还不全：{event.text}")
    return "\n".join(lines) or NOTHING


def _arguments(library: Library, turn: Turn, read: Iterable[str]) -> str:
    """The forms of the metrics that may be meant, with what was read of them."""
    day = turn.understanding.day
    given = {reading.metric.id: reading.inputs for reading in reversed(turn.understanding.readings)}
    documents = library.on(day)
    spoken = (metric for id in read if id in documents for metric in documents[id].metrics)
    names = dict.fromkeys((*(reading.metric.id for reading in turn.understanding.readings), *spoken))
    return "\n".join(_form(library, library.metrics[name], given.get(name, {}), day) for name in list(names)[:MOST_METRICS]) or NOTHING


def _form(library: Library, metric: Metric, given: Any, day: date) -> str:
    fields = []
    for one in metric.fields:
        listed = list(choices(library, one, day).items())[:FEW_CHOICES]
        options = f"，可填 {'、'.join(key for key, _ in listed)}" if listed else ""
        fields.append(f"{one.name}＝{one.spec.label}{f'（{one.spec.unit}）' if one.spec.unit else ''}{options}")
    known = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
    read = f"；读到 {json.dumps(known, ensure_ascii=False)}" if known else ""
    return f"- {metric.id} {metric.label}：{'；'.join(fields)}{read}"
