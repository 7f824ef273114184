"""What a turn proves: the numbers that may be told, the sources there are, and the words that are ours already."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from assistant.answer import Asked, Calculated, Cited, Declined, Drafted, Event, Refused, Ruled, Text, Working, markdown
from assistant.contexts import Placed, placed
from assistant.doubts import Doubts, Frame
from assistant.intake.piece import PREFIX
from assistant.numerals import fold
from assistant.stated import Numbers, Stated, computed, meant, stated, typed

NO_FRAME = Frame()
SHORTEST = 4  # characters of a sentence that proves itself by standing in a source word for word
_MARK = re.compile(r"\[\^?[^\]\s]{1,40}\]")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*|\n")
_CLAUSE = re.compile(r"[，。；！？,;!?\n]")
_BARE = re.compile(r"[\s*_`~#>|「」“”\"'。！？!?；;:：，,]+|-(?!\d)")  # a minus is no sign to leave out


@dataclass(frozen=True)
class Source:
    """A document that may be cited, without what reads like an order to the assistant."""

    id: str
    text: str

    @cached_property
    def numbers(self) -> Numbers:
        """What it states."""
        return Numbers(meant(self.text))

    @cached_property
    def placed(self) -> Sequence[Placed]:
        """Its numbers where they stand."""
        return placed(self.text)

    @cached_property
    def sentences(self) -> Mapping[str, str]:
        """Its sentences and lines by their bare words."""
        return {bare(part): part.strip() for part in parts(self.text)}

    def proving(self, numbers: Iterable[Stated]) -> list[str]:
        """The sentences that state any of the numbers."""
        wanted = list(numbers)
        found = []
        for part in _SENTENCE.findall(self.text):
            held = Numbers(meant(part))
            if any(held.hold(number) for number in wanted):
                found.append(_MARK.sub("", part).replace("**", "").strip("|-# \n"))
        return found


@dataclass(frozen=True)
class Evidence:
    """All that the words of one answer are held against."""

    asked: Numbers
    """numbers of this question and those before it: a person's, they prove no rule"""
    told: Numbers
    """numbers of calculations, of what the composer tells, and of the sources it cites"""
    calculations: tuple[Calculated, ...]
    markers: Mapping[str, int]
    """id of a source → its number in the answer"""
    sources: Mapping[str, Source]
    """documents that may be cited besides, by id"""
    addresses: str
    """all text that a link may have been taken from"""
    own_words: frozenset[str] = field(default=frozenset())
    """bare sentences of the composer's answer"""
    texts: tuple[str, ...] = ()
    """what the composer tells and what its sources say"""

    doubts: Doubts | None = None
    figures: tuple[str, ...] = ()
    """what the person asked, and the cards"""

    @cached_property
    def figured(self) -> Sequence[Placed]:
        """The person's figures and what came of them, where they stand in the questions and on the cards."""
        return [one for text in self.figures for one in placed(text)]

    @cached_property
    def placed(self) -> Sequence[Placed]:
        """The numbers of `texts` where they stand."""
        return [one for text in dict.fromkeys(self.texts) for one in placed(text)]

    @classmethod
    def of(
        cls, question: str, earlier: Sequence[str], events: Sequence[Event], documents: Mapping[str, str], *,
        days: Sequence[date] = (), orders: Sequence[re.Pattern[str]] = (), frame: Frame = NO_FRAME,
    ) -> "Evidence":
        """What may be said in answer to a question.

        `earlier`: the person's questions before; `events`: the composer's whole answer, and what tools calculated besides; `documents`: id → text
        of all that was given to the model; `days`: today, and the day asked about; `orders`: patterns over folded text of what gives
        orders to an assistant, which is no evidence; `frame`: what the knowledge knows besides.
        """
        sources = {id: Source(id, without_orders(text, orders if id.startswith(PREFIX) else ())) for id, text in documents.items()}
        citations = [citation for event in events if isinstance(event, Cited) for citation in event.citations]
        calculations = tuple(event for event in events if isinstance(event, Calculated))
        texts = [text for event in events for text in _texts(event)]
        cards = [markdown([one]) for one in events if isinstance(one, Calculated | Ruled)]
        quoted = [part for one in citations for part in (one.quote, one.title, one.period)]  # the name of a source proves nothing
        return cls(
            Numbers(number for text in (question, *earlier) for number in typed(text)),
            Numbers(
                (number for text in (*texts, *quoted, *(day.isoformat() for day in days)) for number in meant(text)),
                (number for one in calculations for number in _proved(one)),
            ),
            calculations, {one.id: number for number, one in enumerate(citations, 1)}, sources,
            "\n".join((question, *texts, *(one.address for one in citations), *(source.text for source in sources.values()))),
            frozenset(bare(part) for text in (*texts, *cards) for part in parts(text)), (
                *texts, *cards,
                *(f"{one.title}（{one.period}） {one.quote}" for one in citations),
            ),
            Doubts.gathered((question, *earlier), events, "\n".join(source.text for source in sources.values()), frame),
            (question, *earlier, *cards),
        )

    def ours(self, text: str) -> bool:
        """Whether every sentence of it stands in the composer's answer."""
        return all(words in self.own_words for part in _SENTENCE.findall(text) if (words := bare(part)))

    def verbatim(self, sentence: str) -> Source | None:
        """The document a sentence stands in word for word."""
        words = bare(sentence)
        if len(words) < SHORTEST:
            return None
        return next((source for source in self.sources.values() if words in source.sentences), None)


def without_orders(text: str, orders: Sequence[re.Pattern[str]]) -> str:
    """A text of others without the sentences that give orders to an assistant; a model should be given no more than this."""

    def gives(sentence: str) -> bool:
        plain = fold(sentence.strip())
        return any(order.search(part.strip()) for order in orders for part in (plain, *_CLAUSE.split(plain)))

    return "".join(part for part in _SENTENCE.findall(text) if part == "\n" or not gives(part)) if orders else text


def parts(text: str) -> Iterable[str]:
    """The sentences of a text, and its lines."""
    return (*_SENTENCE.findall(text), *text.split("\n"))


def bare(sentence: str) -> str:
    """The words of a sentence: without marks, emphasis, signs and blanks."""
    return _BARE.sub("", _MARK.sub("", sentence))


def _proved(one: Calculated) -> Iterable[Stated]:
    yield from computed(one.value, one.unit)
    units = {shown.name: shown.unit for shown in one.shown}
    for name, value in one.inputs.items():
        yield from computed(value, units.get(name, ""))
    for text in (one.said, one.label, one.formula, one.period, one.note, *(shown.said for shown in one.shown)):
        yield from stated(text)


def _texts(event: Event) -> Iterable[str]:
    match event:
        case Text(text, _) | Working(text) | Refused(text) | Declined(text, _) | Drafted(markdown=text):
            yield text
        case Ruled(rows):
            yield from (f"{row.period}：{row.text}" for row in rows)
        case Asked(text, note=note, shown=shown):
            yield from (text, note, *(f"{one.label}{one.said}" for one in shown))
        case Calculated():
            yield f"{event.label}{event.said}"
        case _:
            pass
