"""Where a sentence mentions names we know: metrics, inputs, platforms. Longest name first, also when typed in pinyin."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

LONGEST_SPELLING = 24  # letters in a row that are still tried as pinyin
_LATIN = re.compile(r"[a-z]+")
_SYLLABLE = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ueng|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|ve|er|a|o|e|i|u|v)"
)


@dataclass(frozen=True)
class Mention:
    """A known name found in a text at [start, end); `keys` are the things it can stand for."""

    start: int
    end: int
    name: str
    keys: tuple[str, ...]


def keys(mention: Mention, kind: str) -> list[str]:
    """What a mention can stand for among the things of one kind: metric, input or platform."""
    prefix = f"{kind}:"
    return [key[len(prefix):] for key in mention.keys if key.startswith(prefix)]


class Names:
    """A dictionary of names that finds them in a text in time linear in its length."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """`names`: name as folded text → keys."""
        self.names = {name: tuple(keys) for name, keys in names.items() if name}
        self.lengths = sorted({len(name) for name in self.names}, reverse=True)

    def find(self, text: str) -> list[Mention]:
        """Mentions in order of place. A name inside a longer name is not a mention of its own."""
        found: list[Mention] = []
        start = 0
        while start < len(text):
            mention = self._at(text, start)
            if mention is not None:
                found.append(mention)
            start += 1
        return outermost([one for one in found if not _cut_short(one, found)])

    def _at(self, text: str, start: int) -> Mention | None:
        for length in self.lengths:
            name = text[start : start + length]
            keys = self.names.get(name)
            if keys is not None and len(name) == length and _whole(text, start, start + length):
                return Mention(start, start + length, name, keys)
        return None


class PinyinNames:
    """The same names by sound, for questions typed partly in Latin letters ('ling服吸收率', 'maoli')."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self.names = {
            tuple(pinyin(name)): (name, tuple(keys)) for name, keys in names.items() if len(name) > 1 and not name.isascii()
        }
        self.lengths = sorted({len(sound) for sound in self.names}, reverse=True)

    def find(self, text: str, *, typed: bool = True) -> list[Mention]:
        """Mentions whose sound matches. `typed`: only where pinyin was typed; else homophones in characters count too."""
        tokens = sounds(text)
        if typed and not any(latin for _, _, _, latin in tokens):
            return []
        found = []
        for first in range(len(tokens)):
            for length in self.lengths:
                window = tokens[first : first + length]
                hit = self.names.get(tuple(sound for sound, _, _, _ in window))
                if hit and len(window) == length and (not typed or any(latin for _, _, _, latin in window)):
                    found.append(Mention(window[0][1], window[-1][2], *hit))
                    break
        return outermost(found)


def sounds(text: str) -> list[tuple[str, int, int, bool]]:
    """(syllable, start, end, typed in Latin letters) for each character or typed syllable."""
    tokens: list[tuple[str, int, int, bool]] = []
    place = 0
    while place < len(text):
        run = _LATIN.match(text, place)
        typed = run is not None and len(run.group()) <= LONGEST_SPELLING
        syllables = split_syllables(run.group()) if run and typed else None
        if run and syllables:
            for syllable in syllables:
                tokens.append((syllable, place, place + len(syllable), True))
                place += len(syllable)
        elif run:
            tokens.append((run.group(), place, run.end(), False))
            place = run.end()
        elif text[place].isspace():
            place += 1
        else:
            tokens.append((pinyin(text[place])[0], place, place + 1, False))
            place += 1
    return tokens


@cache
def split_syllables(run: str) -> tuple[str, ...] | None:
    """'zenme' → ('zen', 'me'); None when the letters are not pinyin."""
    if not run:
        return ()
    for vowel_first in (False, True):  # inside a word a consonant belongs to the vowel behind it: hu-nan, not hun-an
        for length in range(min(6, len(run)), 0, -1):
            if _SYLLABLE.fullmatch(run[:length]) and (run[length : length + 1] in tuple("aeo")) == vowel_first:
                rest = split_syllables(run[length:])
                if rest is not None:
                    return (run[:length], *rest)
    return None


@cache
def pinyin(text: str) -> tuple[str, ...]:
    """Toneless pinyin, one syllable a character; other characters stand for themselves."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters are enough and save 40 MB
    from pypinyin import lazy_pinyin  # costs 0.1 s: only when a name must be matched by sound

    return tuple(lazy_pinyin(list(text)))


def _whole(text: str, start: int, end: int) -> bool:
    """A Latin name must not be part of a longer Latin word ('jd' inside 'jdk')."""
    if text[start].isascii() and text[start].isalnum() and start > 0 and _latin(text[start - 1]):
        return False
    return not (text[end - 1].isascii() and text[end - 1].isalpha() and end < len(text) and _latin(text[end]))


def _cut_short(mention: Mention, found: list[Mention]) -> bool:
    """Whether a name ends in the middle of another one, a rate of it: 现在完成 in 现在完成率."""
    return any(
        mention.start < other.start < mention.end and other.end == mention.end + 1 and other.name.endswith("率") and keys(other, "metric")
        for other in found
    )


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def outermost(found: list[Mention]) -> list[Mention]:
    """The longest mentions; one inside or across a longer one, and a second reading of the same words, are dropped."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.start - m.end, m.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)
