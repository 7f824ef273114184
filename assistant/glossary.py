"""Every name the library gives to a metric, an input or a platform, found in a text as written, by sound or misspelt."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from assistant import phrases
from assistant.figures import fold
from assistant.library import Library
from assistant.mentions import Mention, Names, PinyinNames, keys, outermost, pinyin
from assistant.metrics import Field

LEAST_MISSPELT = 4  # shorter names have too many homophones

_LATIN = re.compile(r"[a-z]{2}")
_SPELT_UNIT = re.compile(r"(?P<figure>[0-9] ?)(?P<unit>[a-z]+)(?![a-z])")
_TELLING = re.compile(r"(?:[□ ，,。.、；;:：的是有了共]|我们?|咱们?|店里?|网店|近|一共|总共|这个?月|本月|上个?月|今年|目前|现在|大概|左右)*")
_NUMERAL = re.compile(r"[0-9零一二三四五六七八九十百千万两半]")
_LENGTH = re.compile(r"[0-9零一二三四五六七八九十百两半]+个?(?:小时|天|日|周|月|年)")


class Glossary:
    """The names of a library, folded, and what each can stand for: `metric:id`, `about:id`, `input:id.name`, `platform:name`."""

    def __init__(self, library: Library) -> None:
        self.library, self.vocabulary = library, library.vocabulary
        names: dict[str, list[str]] = {}
        for metric in library.metrics.values():
            for name in (metric.label, *metric.aliases):
                names.setdefault(fold(name), []).append(f"metric:{metric.id}")
            for name in metric.about:
                names.setdefault(fold(name), []).append(f"about:{metric.id}")
            for one in metric.fields:
                for name in one.spec.others:
                    names.setdefault(fold(name), []).append(f"input:{metric.id}.{one.name}")
                for alias in self._input_names(one):
                    names.setdefault(alias, []).append(f"input:{metric.id}.{one.name}")
        for platform, words in self.vocabulary.platforms.items():
            for word in words:
                names.setdefault(fold(word), []).append(f"platform:{platform}")
        self.names = names
        self.known = Names(names)
        self.numbered = tuple(
            fold(name) for name in (*self.vocabulary.names_with_numbers, *names)
            if _NUMERAL.search(name) and not _LENGTH.fullmatch(name)  # 60天 names a deadline, and is as often a figure
        )
        """names that hold numerals, so that these are read as no figures: 4s店, 三包"""

    def _input_names(self, one: Field) -> list[str]:
        """In an order that does not change from run to run: of two that sound alike the first is meant."""
        aliases = {fold(alias) for alias in (one.spec.label, *one.spec.aliases)}
        for ours, others in self.vocabulary.synonyms.items():
            if fold(ours) in aliases:
                aliases |= {fold(other) for other in others}
        return sorted(aliases)

    @cached_property
    def by_sound(self) -> PinyinNames:
        """Names by pinyin; built when the first question in Latin letters comes."""
        return PinyinNames(self.names)

    @cached_property
    def spellings(self) -> PinyinNames:
        """Names and the words of tables and measures by pinyin; words that sound like another one (山西, 陕西) stay as they are typed."""
        words = {fold(word) for table in self.library.tables.values() for word in table.words()}
        words |= {fold(word) for word in self.vocabulary.spelt_words}
        sounds: dict[tuple[str, ...], set[str]] = {}
        for word in words:
            sounds.setdefault(tuple(pinyin(word)), set()).add(word)
        alone = {word for same in sounds.values() if len(same) == 1 for word in same}
        return PinyinNames({**dict.fromkeys(sorted(alone), ()), **self.names})

    @cached_property
    def misspelt(self) -> PinyinNames:
        """Longer metric names by sound, for homophones such as 纠份退款率."""
        return PinyinNames({
            name: [key for key in keys if key.startswith("metric:")]
            for name, keys in self.names.items()
            if len(name) >= LEAST_MISSPELT and any(key.startswith("metric:") for key in keys)
        })

    def find(self, text: str, *, misspelt: bool = True) -> list[Mention]:
        """The names in a folded text in order of place; `misspelt`: homophones of metric names count too."""
        found = [*self.known.find(text), *self.by_sound.find(text)]
        return outermost([*found, *self.misspelt.find(text, typed=False)] if misspelt else found)

    def platforms(self, text: str) -> list[Mention]:
        """The platforms named in a folded text."""
        return [mention for mention in self.known.find(text) if keys(mention, "platform")]

    def spelt(self, text: str) -> str:
        """A folded text with dialect and pinyin written as the names we know."""
        for ours, others in self.vocabulary.spoken.items():
            for other in others:
                text = text.replace(other, ours)
        if not _LATIN.search(text):
            return text
        following = -1
        for mention in reversed(self.spellings.find(text)):
            joined = text[mention.end : following].isspace() if following >= 0 else False
            text = text[: mention.start] + mention.name + text[following if joined else mention.end :]
            following = mention.start
        units = self.vocabulary.spelt_units
        return _SPELT_UNIT.sub(lambda found: found["figure"] + units.get(found["unit"], found["unit"]), text)


def platform(mentions: Iterable[Mention]) -> str | None:
    """The platform named first."""
    return next((key for mention in mentions for key in keys(mention, "platform")), None)


def blanked(text: str, mentions: Sequence[Mention]) -> str:
    """The text with names painted over; every other character keeps its place."""
    for mention in mentions:
        text = text[: mention.start] + "□" * (mention.end - mention.start) + text[mention.end :]
    return text


def without(text: str, mentions: Sequence[Mention]) -> str:
    """The text with names, given in order of place, taken out."""
    for mention in reversed(mentions):
        text = text[: mention.start] + text[mention.end :]
    return text


def only_a_name(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether a question is a metric's name and nothing else: '纠纷退款率？在线等'."""
    named = [mention for mention in mentions if keys(mention, "metric") or keys(mention, "platform")]
    return any(keys(mention, "metric") for mention in named) and bool(phrases.NO_MORE.fullmatch(without(text, named)))


def only_figures(text: str, mentions: Sequence[Mention], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a text only tells figures, `spans`, of things it names, and asks nothing: 我淘宝店近30天成交7200笔."""
    left = blanked(text, mentions)
    for start, end in spans:
        left = left[:start] + "□" * (end - start) + left[end:]
    named = any(keys(mention, "input") for mention in mentions) and not any(keys(mention, "metric") for mention in mentions)
    return bool(spans) and named and bool(_TELLING.fullmatch(left))
