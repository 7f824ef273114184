"""A question as a turn to answer: read, searched for, with the documents of its day and the paper it asks for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant import phrases, tracing
from assistant.answer import Turn
from assistant.days import moved
from assistant.gathering import gathered, told
from assistant.guides import Guide
from assistant.library import Document, Library
from assistant.offering import asked_for, filled_on
from assistant.reading import Reader
from assistant.screening import Orders
from assistant.search import Found, Search
from assistant.understanding import Exchange, Understanding

MOST_DOCUMENTS = 8
MOST_FOUND = 10  # guides among them are set apart


class Inquiry:
    """Makes turns of questions with one reader."""

    def __init__(self, library: Library, reader: Reader) -> None:
        self.library, self.reader = library, reader
        self._orders = Orders(library.vocabulary.instructions)

    def turn(
        self, search: Search, question: str, today: date, history: Sequence[Exchange] = (), *, audience: str | None = None,
        conversation: str = "",
    ) -> Turn:
        """What is understood of a question and found for it; `history` are the earlier exchanges of its conversation."""
        asked = self._orders.without(question)
        with tracing.span("read") as reading:
            asked = self.reader.completed(asked, history)
            understanding = self.reader.read(asked, today, history)
            reading.note({
                "assistant.figures": len(understanding.figures),
                "assistant.metrics": [one.metric.id for one in understanding.readings], "assistant.following": understanding.following,
            })
        found = _find(search, asked, understanding)
        if asked != question:
            # a clause that gives orders is not read for figures, but it may say what the question is about
            found = max(found, _find(search, question, understanding), key=lambda one: one.confidence)
        understanding = self._by_the_end(understanding, found)
        documents = self.library.on(understanding.day)
        hits = [hit for hit in found.hits if hit.id in documents]
        sure = found.confidence >= search.retrieval.enough
        guide = self._guide(asked, understanding, [documents[hit.id] for hit in hits], today, sure=sure)
        found = replace(found, hits=tuple(hit for hit in hits if documents[hit.id].kind != "guide")[:MOST_DOCUMENTS])
        picked = tuple(documents[hit.id] for hit in found.hits)
        beside = found.beside(search.retrieval.beside)
        return Turn(
            question, understanding, picked, found.confidence, today, audience, documents.get(beside) if beside else None,
            guide, gathered(self.reader, guide, asked, today, history) if guide else {}, found.own,
            conversation, tuple(exchange.question for exchange in history),
        )

    def _by_the_end(self, understanding: Understanding, found: Found) -> Understanding:
        """Of a year that is asked about its end, when what is found came about only later in it than its middle."""
        best = found.hits[0].id if found.hits else ""
        if not best or self.library.begun(best, understanding.day) or any(one.complete for one in understanding.readings):
            return understanding
        ends = (day.last for day in understanding.days if day.first <= understanding.day < day.last and day.dated)
        end = next((day for day in ends if self.library.begun(best, day)), None)
        return replace(understanding, day=end) if end is not None else understanding

    def _guide(
        self, asked: str, understanding: Understanding, documents: Sequence[Document], today: date, *, sure: bool
    ) -> Guide | None:
        """The paper asked for, or the one just handed out when the message only tells figures for it."""
        last, text = understanding.history, understanding.text
        guide = asked_for(self.library, text, documents, sure, last)
        if guide is None and last is not None and last.guide and filled_on(text):
            held = self.library.guides[last.guide]
            if told(self.reader, held, asked, today):
                return held
        return guide


def _find(search: Search, asked: str, understanding: Understanding) -> Found:
    """Search; a follow-up that leaves its subject out gets it back when it points at it or finds nothing alone."""
    last = understanding.history
    leaning = understanding.following and last is not None and not any(r.named for r in understanding.readings)
    if not leaning or last is None or not last.subject:
        return search.find(asked, MOST_FOUND)
    whole = f"{last.subject} {asked}"
    stepped = moved(understanding.text, understanding.day) is not None
    if stepped or phrases.POINTING.search(understanding.text) or phrases.NO_SUBJECT.fullmatch(understanding.text):
        return search.find(whole, MOST_FOUND)
    alone = search.find(asked, MOST_FOUND)
    if alone.confidence >= search.retrieval.enough:
        return alone
    return search.find(whole, MOST_FOUND)
