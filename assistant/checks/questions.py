"""Questions that two files claim, and questions that never reach the file that claims them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations

from assistant.checks.places import Kept, everything, place, told_by
from assistant.guides import Guide
from assistant.library import Library
from assistant.numerals import fold
from assistant.rules import Rule
from assistant.topics import Topic
from assistant.wording import Value, say, slots

SHORTEST = 3  # characters that must be left for two questions to be one
_NO_WORD = re.compile(r"[\W_]")
_EMPTY = re.compile(r"请问|到底|究竟|一下|[的了吗呢啊呀吧嘛呐哦噢]")
_TAIL = re.compile(r"(?<![什怎多这那么])么+$")
_SAME = (
    (re.compile("怎么样|怎么着|怎样|如何|咋样|咋"), "怎么"),
    (re.compile("啥"), "什么"),
    (re.compile("为何"), "为什么"),
    (re.compile("多少(?!次)|几多"), "几"),
)


def doubled_questions(library: Library, today: date) -> Iterator[str]:
    """Every question that two files claim, unless a rule or table says by `topic:` that they tell it together."""
    spoken = {fold(spelling): word for word, spellings in library.vocabulary.spoken.items() for spelling in spellings}
    asked: dict[str, list[tuple[Kept, str]]] = defaultdict(list)
    for kept in everything(library):
        for question in kept.questions:
            if len(key := asked_key(question, spoken)) >= SHORTEST:
                asked[key].append((kept, question))
    for claims in asked.values():
        for (one, first), (other, second) in combinations(claims, 2):
            if one is other:
                yield f"{place(one)} 的 questions 里「{first}」和「{second}」是同一问：请删去一句"
            elif told_by(one) != told_by(other):
                said = f"「{first}」" if first == second else f"「{first}」「{second}」"
                yield (
                    f"{place(one)} 和 {place(other)} 的 questions 里都有{said}：请只留在答得更好的一处"
                    f"{_numbers_apart(library, one, other, today)}"
                )
    strangers = {asked_key(question, spoken): question for question in library.strangers}
    for key in strangers.keys() & asked.keys():
        kept, question = asked[key][0]
        yield f"{place(kept)} 的 questions 里「{question}」在 calibration.yaml 的 outside 里写成不归这里管：请从一处删去"


def stopped_questions(library: Library) -> Iterator[str]:
    """Every question of a file that a boundary declines before the file is looked at; where nothing is known, rightly so."""
    for kept in everything(library):
        if isinstance(kept, Topic) and kept.unknown:
            continue
        for question in kept.questions:
            text = fold(question)
            stopping = next((boundary.id for boundary in library.boundaries if boundary.stops(text)), None)
            if stopping is not None:
                yield (
                    f"{place(kept)} 的 questions 里「{question}」会先被 boundaries.yaml 的 {stopping} 拦下："
                    "请在它的 none_of 里放行，或从 questions 里删去"
                )


def asked_key(question: str, spoken: Mapping[str, str]) -> str:
    """What is left of a question when spelling, punctuation, particles and ways of asking how much are taken away.

    `spoken`: folded spelling of a dialect → our word.
    """
    text = fold(question)
    for spelling, word in spoken.items():
        text = text.replace(spelling, word)
    text = _NO_WORD.sub("", text)
    for pattern, word in _SAME:
        text = pattern.sub(word, text)
    return _TAIL.sub("", _EMPTY.sub("", text))


def _numbers_apart(library: Library, one: Kept, other: Kept, day: date) -> str:
    """What two answers to one question say differently; empty when their numbers agree or cannot be set side by side."""
    first, second = _said(library, one, day), _said(library, other, day)
    for unit in first.keys() & second.keys():
        if not first[unit] & second[unit]:
            words = ["、".join(say(value, unit) for value in sorted(said[unit], key=str)) for said in (first, second)]
            return f"；两处答的数还不一样（{words[0]}；{words[1]}），请一并核对"
    return ""


def _said(library: Library, kept: Kept, day: date) -> dict[str, set[Value]]:
    """The numbers a file answers with, by unit."""
    names: list[str] = []
    if isinstance(kept, Topic | Guide):
        names = slots(kept.say)
    elif isinstance(kept, Rule) and (dated := kept.on(day)) is not None and not dated.version.ended:
        names = [f"{kept.id}.{name}" for name in slots(dated.version.text or kept.text)]
    said: dict[str, set[Value]] = defaultdict(set)
    for name in names:
        try:
            value, unit = library.lookup(name, day)
        except KeyError:
            continue  # told among the references, or a slot of a paper
        if unit != "date":
            said[unit].add(value)
    return said
