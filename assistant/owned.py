"""When a person's own document answers, and how it is told: as a quotation with its file and place, never as a rule."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from assistant.answer import Citation, Cited, Event, Passage, Text, Turn
from assistant.figures import fold
from assistant.generation.searchable import folded
from assistant.intake.piece import STEP, Piece
from assistant.lexical import tokens
from assistant.library import Library
from assistant.neutral import neutral

OWN = "own"  # the confidence of a citation that is a person's own document
# of cosines of the embedded model: an unrelated text reaches 0.86, another wording of the same question 0.93
CLEARLY = 0.03  # nearer than the nearest of ours by so much: the own document answers
ABOUT = 0.025  # farther by no more than this: it is shown as well
# shares of the question's words, by rarity
TOUCHES = 0.3  # in a passage that is more than near by chance
WHOLE = 0.6  # in one that was asked for in its own words
LONGEST, LONGEST_BESIDE = 600, 160  # characters shown
_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+[”’』」）)]*\n?|\n|$)")
_CLAUSE = re.compile(r"[，,；;：:]")
_DIGITS = re.compile(r"\d+")
_LEFT_OUT = "这段资料里有像是在指挥助手的句子，没有显示，也没有照做。"
_WHOSE = "引用的这段是你自己的资料里的原话，没有和规则核对过。"


@dataclass(frozen=True)
class Quote:
    """What is shown of a passage; plain words, safe in Markdown."""

    heading: str
    text: str
    place: str
    file: str
    left_out: bool

    @property
    def named(self) -> str:
        """The document for a person."""
        return f"《{self.file}》{f'（{self.place}）' if self.place else ''}"

    @property
    def block(self) -> str:
        """The quotation as a Markdown block."""
        heading = f"**{self.heading}**\n" if self.heading else ""
        return "\n".join(f"> {line}".rstrip() for line in f"{heading}{self.text}".split("\n"))

    @property
    def relied_on(self) -> str:
        """All that is shown, on one line; file and place too where they hold a number that nothing else vouches for."""
        said = " ".join(f"{self.heading}：{self.text}".split()) if self.heading else " ".join(self.text.split())
        known, named = set(_DIGITS.findall(said)), set(_DIGITS.findall(f"{self.file} {self.place}"))
        return said if named <= known else f"{said}——{self.named}"


class Owned:
    """Decides and tells. `enough` is the confidence below which a finding is no evidence."""

    def __init__(self, library: Library, enough: float) -> None:
        self.enough = enough
        self._orders = [re.compile(pattern) for pattern in library.vocabulary.instructions]

    def first(self, turn: Turn) -> Passage | None:
        """The passage that answers in place of our own knowledge: ours says nothing to it, or is clearly farther off."""
        ours = turn.confidence >= self.enough and bool(turn.documents)
        return next((one for one in self.trusted(turn) if one.lead >= (CLEARLY if ours else 0.0)), None)

    def verbatim(self, turn: Turn) -> Passage | None:
        """A passage that was asked for in its own words, whatever the question is about."""
        return next((one for one in self.trusted(turn) if one.coverage >= WHOLE and one.lead >= CLEARLY), None)

    def beside(self, turn: Turn) -> Passage | None:
        """The passage to show as well when ours answers."""
        return next(
            (one for one in self.trusted(turn) if one.lead >= -ABOUT and (one.coverage >= TOUCHES or one.lead >= 0)), None
        )

    def told(self, passage: Passage, asked: str) -> Iterator[Event]:
        """A passage as the answer. Its source is number 1."""
        quote = self._quote(passage.piece, asked, LONGEST)
        yield Text(f"你的资料{quote.named}里写着：[1]", "say")
        yield Text(quote.block, "body")

    def after(self, passage: Passage) -> Text:
        """Whose words these are, and whether something was left out."""
        return Text(_WHOSE + (_LEFT_OUT if self._quote(passage.piece, "", LONGEST).left_out else ""), "fine")

    def cited(self, passage: Passage, asked: str, longest: int = LONGEST) -> Citation:
        """A passage as a source."""
        piece, quote = passage.piece, self._quote(passage.piece, asked, longest)
        title = STEP.join(step for step in map(neutral, piece.title.split(STEP)) if not self._order(step)) or quote.file
        place = f"，{quote.place}" if quote.place else ""
        return Citation(piece.id, title, f"自己的资料：{quote.file}{place}", quote.relied_on, "", "", OWN)

    def added(self, events: Iterable[Event], turn: Turn) -> Iterator[Event]:
        """An answer of ours, and one passage of the person's own that says something to the same question."""
        passage = self.beside(turn)
        for event in events:
            if passage is None or not isinstance(event, Cited):
                yield event
                continue
            asked = turn.understanding.text
            quote = self._quote(passage.piece, asked, LONGEST_BESIDE)
            number = len(event.citations) + 1
            yield Text(f"你的资料{quote.named}里也写到（没有和规则核对过）：[{number}]\n\n{quote.block}", "body")
            if quote.left_out:
                yield Text(_LEFT_OUT, "fine")
            yield Cited((*event.citations, self.cited(passage, asked, LONGEST_BESIDE)))

    def others(self, turn: Turn, told: Passage) -> tuple[str, ...]:
        """Questions that neighbouring passages answer."""
        near = [one for one in self.trusted(turn) if one.lead >= -ABOUT and one.piece.title != told.piece.title]
        return tuple(dict.fromkeys(
            neutral(one.piece.questions[0]) for one in near if one.piece.questions and not self._order(one.piece.questions[0])
        ))

    def trusted(self, turn: Turn) -> list[Passage]:
        """Findings that are evidence and have something to show.

        The confidence was fitted to what is our business; what is only theirs, like washing a down jacket, is evidence
        where it is nearer to the question than all we know: our own documents, and the questions outside.
        """
        return [
            one for one in turn.own
            if (one.confidence >= self.enough or _stands_out(one)) and self._quote(one.piece, "", LONGEST).text
        ]

    def _quote(self, piece: Piece, asked: str, longest: int) -> Quote:
        sentences = [found for found in _SENTENCE.findall(piece.text) if found.strip()]
        kept = [sentence for sentence in sentences if not self._order(sentence)]
        heading = self._heading(piece, asked)
        return Quote(
            heading, neutral(_excerpt(kept, asked, longest)), neutral(piece.place), neutral(piece.file),
            len(kept) < len(sentences) or self._order(piece.title),
        )

    def _heading(self, piece: Piece, asked: str) -> str:
        """The question the passage answers, worded most like the one asked, or the last step of its title."""
        words = set(tokens(folded(asked)))
        if piece.questions:
            nearest = max(piece.questions, key=lambda question: len(words & set(tokens(folded(question)))))
        else:
            nearest = piece.title.rpartition(STEP)[2]
        plain = " ".join(neutral(nearest).split())
        return "" if self._order(nearest) or plain == PurePosixPath(piece.file).stem else plain

    def _order(self, sentence: str) -> bool:
        """Whether a sentence reads like an order to the assistant."""
        plain = fold(sentence.strip())
        return any(order.search(part.strip()) for order in self._orders for part in (plain, *_CLAUSE.split(plain)))


def _stands_out(passage: Passage) -> bool:
    nearest = passage.lead >= CLEARLY or (passage.lead >= 0 and passage.apart >= 0)
    return nearest and passage.coverage >= TOUCHES


def _excerpt(sentences: list[str], asked: str, longest: int) -> str:
    """All of it, or as many sentences as fit around the one most like the question; what is left out is marked."""
    if sum(map(len, sentences)) <= longest:
        return "".join(sentences)
    words = set(tokens(folded(asked)))
    best = max(range(len(sentences)), key=lambda place: (len(words & set(tokens(folded(sentences[place])))), -place))
    first, last, length = best, best + 1, len(sentences[best])
    while True:
        if last < len(sentences) and length + len(sentences[last]) <= longest:
            length, last = length + len(sentences[last]), last + 1
        elif first > 0 and length + len(sentences[first - 1]) <= longest:
            first, length = first - 1, length + len(sentences[first - 1])
        else:
            break
    shown = "".join(sentences[first:last]).strip()
    if len(shown) > longest:  # a sentence without an end
        shown, last = shown[:longest], 0
    return f"{'……' if first else ''}{shown}{'……' if last < len(sentences) else ''}"
