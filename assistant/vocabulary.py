"""The words people use and what they mean to us: knowledge/vocabulary.yaml."""

from pydantic import Field

from assistant.schema import Pattern, Strict


class Measure(Strict):
    """One way of saying a measure: a regular expression with {n} where the number stands, or one that means `equals`."""

    find: Pattern
    equals: float | None = None


class PersonWords(Strict):
    """How people ask for a person. A clause counts when it is words of `before`, one of `wishes`, then words of `after`."""

    wishes: tuple[Pattern, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    reported: tuple[Pattern, ...] = ()
    """how a clause ends after which somebody else is quoted"""
    idle: tuple[str, ...] = ()
    """whole clauses that ask nothing: 你好, 在吗"""


class Vocabulary(Strict):
    """Words people use → our names."""

    platforms: dict[str, tuple[str, ...]]
    synonyms: dict[str, tuple[str, ...]]
    """our word → other words for it; used when searching and when matching inputs"""
    spoken: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """our word → how dialects and pinyin write it; spelt out before anything is read"""
    spelt_words: tuple[str, ...] = ()
    """words, besides the names, that may be typed in pinyin, with or without spaces"""
    spelt_units: dict[str, str] = Field(default_factory=dict)
    """a unit in pinyin → the unit, right behind a figure: 18tiao, 5zuo"""
    names_with_numbers: tuple[str, ...]
    """words that contain numerals but no figure: 4S店, 双11, 三包"""
    measures: dict[str, tuple[Measure, ...]]
    """measure → ways of saying it, the surest first"""
    instructions: tuple[Pattern, ...] = ()
    """regular expressions of sentences that try to give the assistant orders; they are not read as part of a question"""
    person: PersonWords = PersonWords()
    starters: dict[str, tuple[str, ...]]
    """audience → questions on the first screen"""
