"""One answer on its way: the composer's facts, and a model's words in place of the composer's as far as they are proved."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from assistant.answer import Calculated, Citation, Cited, Done, Event, Offered, Suggested, Text, Turn, Working
from assistant.blocks import Blocks, is_prose
from assistant.citing import Citations
from assistant.doubts import Frame
from assistant.evidence import Evidence, without_orders
from assistant.grounding import Told, grounded
from assistant.guard import Guard
from assistant.library import Document, Library
from assistant.named import Platforms
from assistant.owned import Owned
from assistant.pieces import Computed, ModelPiece, Read, Said

MOST_CAUGHT = 2  # sentences the guard stops before the composer takes over
_MARK = re.compile(r"\s*\[\^[^\]\s]+\]")


class Worded:
    """Takes the pieces of a model, gives events. `before` may be shown at once; the rest waits for a first sentence that is proved."""

    def __init__(
        self, turn: Turn, plain: Sequence[Event], library: Library, owned: Owned, orders: Sequence[re.Pattern[str]]
    ) -> None:
        """`plain`: the composer's whole answer, with a text in it; `orders`: what gives orders to an assistant, over folded text."""
        self.released = 0
        """blocks of the model's that were told"""
        self._turn, self._plain, self._owned, self._orders, self._library = turn, plain, owned, orders, library
        self._day = next((one.day for one in plain if isinstance(one, Calculated) and one.day), turn.understanding.day)
        self._documents = dict(library.on(self._day))
        self._passages = {passage.piece.id: passage for passage in owned.trusted(turn)}
        self._cited_ids = [citation.id for event in plain if isinstance(event, Cited) for citation in event.citations]
        ids = list(self._cited_ids)
        ids += [one.id for one in turn.documents if turn.confidence >= owned.enough and not one.unknown]
        self._texts = {id: _text(self._documents[id]) for id in dict.fromkeys(ids) if id in self._documents}
        self._texts |= {id: f"{passage.piece.title}\n{passage.piece.text}" for id, passage in self._passages.items()}
        first = next(place for place, event in enumerate(plain) if isinstance(event, Text))
        self.before, self._held = plain[:first], plain[first:]
        self._extra: list[Calculated] = []
        self._said = False
        self._blocks = Blocks()
        self._told = Told()

    @cached_property
    def guard(self) -> Guard:
        """What holds the model's words against the evidence, which is gathered while the model is thinking."""
        return Guard(self._evidence())

    @property
    def documents(self) -> Mapping[str, str]:
        """What the model may be given, id → text."""
        return {id: without_orders(text, self._orders) if id in self._passages else text for id, text in self._texts.items()}

    @property
    def enough(self) -> bool:
        """Whether so much was caught that no more of the model is wanted."""
        return len(self.guard.caught) >= MOST_CAUGHT

    def take(self, piece: ModelPiece) -> list[Event]:
        """What can be shown now."""
        match piece:
            case Computed(finding) if grounded(finding, self.guard.evidence, self._turn, self._library):
                if not any(_same(finding, one) for one in (*self._plain, *self._extra)):
                    self._extra.append(finding)
                    self.guard.learn(self._evidence())
            case Read(id) if id in self._documents and id not in self._texts:
                self._texts[id] = _text(self._documents[id])
                self.guard.learn(self._evidence())
            case Said(chunk):
                return [event for told in self.guard.feed(chunk) for block in self._blocks.feed(told) for event in self._shown(block)]
            case _:
                pass
        return []

    def end(self, *, well: bool) -> list[Event]:
        """The rest of the answer: what the composer says and the model did not; all of it when nothing of the model's was proved."""
        told: list[Event] = []
        if well:
            told = [event for one in self.guard.finish() for block in self._blocks.feed(one) for event in self._shown(block)]
        if well or self.released:
            told += [event for block in self._blocks.finish() for event in self._shown(block)]
        if not self.released:
            return list(self._held)
        told += [event for event in self._held if isinstance(event, Text) and not self._told.covers(event.markdown)]
        # cards were shown before the first sentence
        facts = [event for event in self._held if not isinstance(event, Text | Calculated | Working | Cited)]
        end = next(place for place, event in enumerate(facts) if isinstance(event, Suggested | Offered | Done))
        cited = self._cited()
        return [*told, *facts[:end], *([Cited(cited)] if cited else []), *facts[end:]]

    def _shown(self, block: str) -> list[Event]:
        """One block of the model's; before the first, the cards that were held, and those of what it had computed."""
        cards: list[Event] = []
        if not self.released:
            cards = [*(event for event in self._held if isinstance(event, Calculated | Working)), *self._extra]
        text = Text(block, "body" if self._said or not is_prose(block) else "say", worded=not self.guard.evidence.ours(block))
        self._said = self._said or text.part == "say"
        self._told.add(block)
        self.released += 1
        return [*cards, text]

    def _evidence(self) -> Evidence:
        return Evidence.of(
            self._turn.question, self._turn.earlier, (*self._plain, *self._extra), self._texts, days=self._days(), orders=self._orders,
            frame=self._frame(),
        )

    def _frame(self) -> Frame:
        """Which platforms are spoken of, and what each value may be graded with."""
        cited = [self._documents[id] for id in self._cited_ids if id in self._documents]
        here = {name for document in cited for name in document.platforms} | {self._turn.understanding.platform or ""}
        grades = {
            one.metric: [step.word for rule in self._library.rules_for(one.metric) for step in rule.grades]
            for one in (*self._plain, *self._extra) if isinstance(one, Calculated) and one.verdict_word
        }
        return Frame(Platforms(self._library.vocabulary.platforms, frozenset(here)), grades)

    def _days(self) -> tuple[date, ...]:
        return (self._turn.today, self._turn.understanding.day, self._day)

    def _cited(self) -> tuple[Citation, ...]:
        """The composer's sources, those the model marked besides, and the sentences its numbers rest on."""
        citations = Citations(self._library, self._documents)
        citations.cited += [citation for event in self._plain if isinstance(event, Cited) for citation in event.citations]
        for id in self.guard.added:
            if passage := self._passages.get(id):
                citations.cited.append(self._owned.cited(passage, self._turn.understanding.text))
            else:
                citations.document(id)
        for number, citation in enumerate(citations.cited, 1):
            source = self.guard.evidence.sources.get(citation.id)
            if source is not None and citation.id in self.guard.relied:
                for sentence in source.proving(self.guard.relied[citation.id]):
                    citations.widen(number, sentence)
        return tuple(citations.cited)


def _text(document: Document) -> str:
    return _MARK.sub("", "\n".join(part for part in (document.title, document.period, document.text) if part))


def _same(one: Event, other: Event) -> bool:
    """Whether two values are of the same metric, figures and day: whatever else their cards say."""
    return (
        isinstance(one, Calculated) and isinstance(other, Calculated) and one.metric == other.metric
        and replace(one, label="", aside=False, shown=(), note="") == replace(other, label="", aside=False, shown=(), note="")
    )
