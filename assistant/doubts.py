"""Why a sentence cannot stand although its numbers are proved: it says the opposite, judges, names or exchanges what the evidence does not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answer import Calculated, Cited, Event, Ruled, Text
from assistant.claims import Claims, turned
from assistant.judged import YES_NO, Graded, answered_otherwise, judgements, misgraded, unjudged
from assistant.named import Platforms, unnamed
from assistant.stated import Stated
from assistant.turns import Turns
from assistant.unread import unread

BEFORE = "改动前的", "前一种的"
"""how the name of a value begins that was before a change"""


@dataclass(frozen=True)
class Frame:
    """What the knowledge knows besides the answer: platforms by their words, those spoken of, and the grades of each metric."""

    platforms: Platforms = field(default_factory=Platforms)
    grades: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Doubts:
    """Holds sentences against what an answer tells."""

    ours: str
    """the first sentence of ours"""
    told: tuple[str, ...]
    """what is claimed: our words, the rules, the sentences cited"""
    claimed: str
    """all of it but the rules that have ended"""
    names: tuple[str, ...]
    """where names may come from besides"""
    given: str
    """all text the model was given"""
    graded: tuple[Graded, ...]
    turns: Turns
    platforms: Platforms
    _held: dict[str, Claims] = field(default_factory=dict, repr=False, compare=False)
    """text → its clauses; they go with the turn, for a quarter of a megabyte each is too much to keep"""

    @classmethod
    def gathered(cls, questions: Sequence[str], events: Sequence[Event], given: str, frame: Frame) -> "Doubts":
        """`questions` of the person, `events` of the composer's whole answer, `given`: all text of documents the model was given."""
        words = [event.markdown for event in events if isinstance(event, Text)]
        rows = [row for event in events if isinstance(event, Ruled) for row in event.rows]
        citations = [one for event in events if isinstance(event, Cited) for one in event.citations]
        values = [event for event in events if isinstance(event, Calculated)]
        told = [*words, *(row.text for row in rows if not row.ended), *(one.quote for one in citations)]
        told += [text for one in values for text in (one.note, one.verdict_word)]
        figures = [f"{one.label}{one.said}" for one in values if one.said not in YES_NO]
        over = [f"{row.text}（已停用）" for row in rows if row.ended]
        names = [*questions, *(part for one in citations for part in (one.title, one.source, one.period, one.address))]
        names += [text for one in values for text in (one.label, one.formula, one.period, one.said)]
        ended = [*(row.text for row in rows if row.ended), *(one.quote for one in citations if one.period.endswith("止"))]
        ended += [one.said for one in values if one.label.startswith(BEFORE)]
        past = any(one.period for one in citations) and all(one.period.endswith("止") for one in citations if one.period)
        current = [*((row.period, row.text) for row in rows if not row.ended), *(("", one.said) for one in values if not one.aside)]
        return cls(
            words[0] if words else "", tuple(dict.fromkeys(filter(None, (*told, *over)))), "\n".join(dict.fromkeys((*told, *figures))),
            tuple(names), given,
            tuple(
                Graded.of(one.label, one.said, one.verdict_word, frame.grades.get(one.metric, ()), fine=one.verdict == "ok")
                for one in values if one.verdict_word
            ),
            Turns.of(words, ended, current, past=past), frame.platforms,
        )

    def why(self, sentence: str, numbers: Sequence[Stated], sources: Iterable[str]) -> str:
        """Why the sentence cannot stand; empty when it can. `sources`: texts of the documents marked in it."""
        texts = [*self.told, *sources]
        named = (*self.names, *texts)
        if word := unread(sentence, named):
            return f"{word}没有出处"
        if why := unnamed(sentence, named, self.given):
            return why
        if platform := self.platforms.strange(sentence, named):
            return f"{platform}，说的不是这个平台"
        if answered_otherwise(sentence, self.ours):
            return "和答案相反"
        fine = any(value.fine for value in self.graded)
        if unjudged(sentence, [judgements(text) for text in texts], "\n".join(self.names), fine=fine):
            return "判断没有出处"
        if misgraded(sentence, numbers, self.graded, self.told):
            return "评的不是这一档"
        if number := self.turns.exchanged(sentence, numbers):
            return f"{number}前后说反了"
        if claim := turned(sentence, [self._claims(text) for text in (self.claimed, *sources)]):
            return f"和依据相反：{claim}"
        return ""

    def _claims(self, text: str) -> Claims:
        """The clauses of a text that is held against sentence after sentence."""
        if text not in self._held:
            self._held[text] = Claims(text)
        return self._held[text]
