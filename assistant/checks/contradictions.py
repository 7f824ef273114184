"""Two statements in force together that give different numbers for one thing.

Only what the data itself decides is told: the same metric graded by other lines, the same number of the same subject,
the same cell of the same table, the same words before a number. Two files may differ on purpose: `confidence: conflict`,
or `differs_from` with the reason.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from assistant.checks.places import Kept, declared, everything, place
from assistant.guides import Guide
from assistant.library import Library
from assistant.numerals import fold
from assistant.rules import Number, Rule
from assistant.tables import Table
from assistant.topics import Topic
from assistant.wording import Value, say

ENOUGH_WORDS = 6  # Chinese characters before a number that name what it counts, wherever they stand
ENOUGH_WORDS_IN_FILE = 4  # within one file the subject is known already
ENOUGH_SENTENCE = 8  # Chinese characters of a whole sentence
_SLOT = re.compile(r"\{\{\s*([^{}|]+?)\s*(?:\|\s*\w+\s*)?\}\}")
_MARKUP = re.compile(r"\[\^[^\]\s]+\]|\*\*")
_SENTENCE_ENDS = re.compile(r"[。；;！？!?\n]")
_NO_WORD = re.compile(r"[^\w]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_KIND_OF_RULE = re.compile(r"的?(?:口径|算法|公式|规定|门槛|标准|参考线?|天数)$")


def contradictions(library: Library, today: date) -> Iterator[str]:
    """One sentence per pair of statements that cannot both be right today or on a later day a rule changes."""
    yield from _defined_twice(library)
    turns = {since.day for kept in everything(library) if isinstance(kept, Rule | Table) for since in kept.versions}
    for day in sorted({today} | {turn for turn in turns if turn > today}):
        rules = [rule for rule in library.rules.values() if rule.numbers(day) and not rule.event]
        told = set()
        for one, other in _rivals(rules):
            if problem := _lines(one, other, day) or _numbers(one, other, day):
                told.add(frozenset((place(one), place(other))))
                yield problem
        yield from _cells(library, day)
        for pair, problem in _sentences(library, day):
            if pair not in told:
                yield problem


# rules


def _defined_twice(library: Library) -> Iterator[str]:
    defining: dict[str, list[Rule]] = defaultdict(list)
    for rule in library.rules.values():
        if rule.defines:
            defining[rule.defines].append(rule)
    for metric, rules in defining.items():
        for one, other in pairwise(rules):
            yield f"{place(one)} 和 {place(other)} 的 defines 都是 {metric}，后一个不会被用到：请只留一个"


def _rivals(rules: Iterable[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Pairs of rules about one thing for the same people."""
    by_subject: dict[Hashable, list[Rule]] = defaultdict(list)
    for rule in rules:
        for subject in {rule.metric, rule.defines, _subject(rule.label)} - {None}:
            by_subject[subject].append(rule)
    pairs = {pair for group in by_subject.values() for pair in combinations((rule.id for rule in group), 2)}
    held = {rule.id: rule for rule in rules}
    for first, second in sorted(pairs):
        one, other = held[first], held[second]
        same_line = not one.tag or not other.tag or one.tag == other.tag
        if same_line and _meet(one.platforms, other.platforms) and _meet(one.audience, other.audience) and not declared(one, other):
            yield one, other


def _subject(label: str) -> str:
    """What a label speaks of, whatever it calls the kind of rule: 纠纷退款率的口径 and 纠纷退款率 are one."""
    return _KIND_OF_RULE.sub("", _NO_WORD.sub("", fold(label)))


def _meet(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return not some or not others or bool(set(some) & set(others))


def _lines(one: Rule, other: Rule, day: date) -> str:
    """How two rules that grade one metric disagree; empty when every value gets the same level."""
    if not one.grades or not other.grades or one.metric != other.metric:
        return ""
    for value in _around([*_thresholds(one, day), *_thresholds(other, day)]):
        grades = one.grade(value, day), other.grade(value, day)
        if grades[0] and grades[1] and grades[0].level != grades[1].level:
            return (
                f"{place(one)} 和 {place(other)} 的 grades 给同一个指标 {one.metric} 划了不同的线：{value:g} 前者评为「{grades[0].word}」，"
                f"后者评为「{grades[1].word}」。{_mend(other)}；若是用处不同的两条线，在 tag 里各写明是什么线"
            )
    return ""


def _thresholds(rule: Rule, day: date) -> list[float]:
    numbers = rule.numbers(day)
    lines = [numbers[step.at] for step in rule.grades if step.at is not None]
    return [line for line in lines if not isinstance(line, date)]


def _around(lines: list[float]) -> list[float]:
    """The lines themselves, a value between every two, and one beyond either end."""
    ordered = sorted(set(lines))
    if not ordered:
        return []
    return [*ordered, *((low + high) / 2 for low, high in pairwise(ordered)), ordered[0] - 1, ordered[-1] + 1]


def _numbers(one: Rule, other: Rule, day: date) -> str:
    """The first number that two rules about one thing both name and give differently."""
    first, second = one.numbers(day), other.numbers(day)
    if _apart(first, second):
        return ""
    for name, value in first.items():
        if name in second and one.units[name] == other.units[name] and value != second[name]:
            unit = one.units[name]
            return (
                f"{place(one)} 和 {place(other)} 讲同一件事，{name} 前者却是{say(value, unit)}、后者是{say(second[name], unit)}。{_mend(other)}"
            )
    return ""


def _apart(some: Mapping[str, Number], others: Mapping[str, Number]) -> bool:
    """Whether two sets of numbers are counted over other periods, by the days they name `from` and `to`."""
    spans = []
    for numbers in (some, others):
        first, last = numbers.get("from"), numbers.get("to")
        if not isinstance(first, date) or not isinstance(last, date):
            return False
        spans.append((first, last))
    return spans[0][1] < spans[1][0] or spans[1][1] < spans[0][0]


def _mend(other: Kept) -> str:
    return f"请改成一致，或删去一处；两处都要留的，写 differs_from: {{{other.id}: 为什么不同}}"


# tables


def _cells(library: Library, day: date) -> Iterator[str]:
    for one, other in combinations(library.tables.values(), 2):
        same = _subject(one.label) == _subject(other.label) or (one.topic and one.topic == other.topic)
        if not same or (one.unit, one.row_label) != (other.unit, other.row_label) or declared(one, other):
            continue
        first, second = one.on(day), other.on(day)
        if first is None or second is None:
            continue
        for row, cell in first[1].items():
            if cell is not None and second[1].get(row) not in (None, cell):
                yield (
                    f"{place(one)} 和 {place(other)} 的 versions 里同一行「{one.name(row)}」不同："
                    f"前者是{one.say(cell)}，后者是{other.say(second[1][row])}。{_mend(other)}"
                )
                break


# sentences


@dataclass(frozen=True)
class _Statement:
    """A number in a sentence: whose it is, and the words that say what it counts."""

    kept: Topic | Rule | Guide
    lender: Rule | None
    name: str
    value: Value
    unit: str
    key: Hashable
    own_key: Hashable
    """the same, when that is enough to name a thing within one file"""

    @property
    def said(self) -> str:
        return f"{{{{{self.name}}}}}（{say(self.value, self.unit)}）"


def _sentences(library: Library, day: date) -> Iterator[tuple[frozenset[str], str]]:
    """Pairs of files, or one file alone, in which the same words go before different numbers."""
    by_words: dict[Hashable, list[_Statement]] = defaultdict(list)
    for statement in _statements(library, day):
        for key in {statement.key, statement.own_key} - {None}:
            by_words[key].append(statement)
    told = set()
    for group in by_words.values():
        for one, other in combinations(group, 2):
            pair = frozenset((place(one.kept), place(other.kept)))
            if one.value != other.value and pair not in told and not _differ_rightly(one, other, day):
                told.add(pair)
                yield pair, _said_twice(one, other)


def _said_twice(one: _Statement, other: _Statement) -> str:
    if one.kept is other.kept:
        return f"{place(one.kept)} 的正文前后不一：同样的话，一处是 {one.said}，一处是 {other.said}。请改成借用同一个数"
    return f"{place(one.kept)} 和 {place(other.kept)} 的正文用同样的话说了不同的数：前者是 {one.said}，后者是 {other.said}。{_mend(other.kept)}"


def _differ_rightly(one: _Statement, other: _Statement, day: date) -> bool:
    lenders = [lender for lender in (one.lender, other.lender) if lender is not None]
    if one.kept is not other.kept:
        same_people = _meet(one.kept.platforms, other.kept.platforms) and _meet(one.kept.audience, other.kept.audience)
        if not same_people or declared(one.kept, other.kept):
            return True
    if len(lenders) == 2 and lenders[0] is not lenders[1]:
        return declared(*lenders) or not _meet(lenders[0].platforms, lenders[1].platforms) or _apart(
            lenders[0].numbers(day), lenders[1].numbers(day)
        )
    return False


def _statements(library: Library, day: date) -> Iterator[_Statement]:
    for rule in library.rules.values():
        dated = rule.on(day)
        if dated is None or dated.version.ended or rule.event:
            continue
        for text in (dated.version.text or rule.text, rule.note, *rule.advice.values()):
            known = {name: rule.lookup(name, dated) for name in _SLOT.findall(text)}
            yield from _of(rule, text, known, dict.fromkeys(known, rule))
    prose: list[Topic | Guide] = [*library.topics.values(), *library.guides.values()]
    for kept in prose:
        if isinstance(kept, Guide) or kept.holds_on(day):
            text = kept.say if isinstance(kept, Guide) else f"{kept.title}\n{kept.prose}"
            known = {}
            for name in _SLOT.findall(text):
                try:
                    known[name] = library.lookup(name, day)
                except KeyError:
                    continue  # told among the references
            yield from _of(kept, text, known, {name: library.rules.get(name.partition(".")[0]) for name in known})


def _of(
    kept: Topic | Rule | Guide, text: str, known: Mapping[str, tuple[Value, str]], lenders: Mapping[str, Rule | None]
) -> Iterator[_Statement]:
    """The numbers of a text, each with the words of its sentence before it, and the last with the whole sentence.

    Numbers that went before stand in the words as they are, so that 「2023年三季度申诉率」 and 「2018年申诉率」 are two things.
    """
    for sentence in _SENTENCE_ENDS.split(_MARKUP.sub("", text)):
        found = list(_SLOT.finditer(sentence))
        if any(slot[1] not in known for slot in found):
            continue
        words, frame, end = "", "", 0
        for slot in found:
            value, unit = known[slot[1]]
            words += sentence[end:slot.start()]
            frame += sentence[end:slot.start()] + (str(value) if unit == "date" else "#")
            end = slot.end()
            count = len(_HAN.findall(words))
            key = ("words", _plain(words), unit)
            own = (place(kept), *key) if count >= ENOUGH_WORDS_IN_FILE and "|" not in sentence else None
            if "@" not in slot[1]:  # a number of another day says so itself
                yield _Statement(kept, lenders[slot[1]], slot[1], value, unit, key if count >= ENOUGH_WORDS else None, own)
            words += str(value)
        if len(found) == 1 and "@" not in found[0][1] and len(_HAN.findall(frame + sentence[end:])) >= ENOUGH_SENTENCE:
            value, unit = known[found[0][1]]
            whole = ("sentence", _plain(frame + sentence[end:]), unit)
            yield _Statement(kept, lenders[found[0][1]], found[0][1], value, unit, whole, None)


def _plain(text: str) -> str:
    return _NO_WORD.sub("", fold(text.replace("#", "数")))
