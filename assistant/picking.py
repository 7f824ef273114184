"""Which of the documents found answers the question, and which second one answers its other half."""

import re
from collections.abc import Sequence
from datetime import date

from assistant import phrases
from assistant.answer import Turn
from assistant.days import Day
from assistant.findings import WINDOW
from assistant.ladder import covering
from assistant.library import Document, Library
from assistant.rules import Rule

NEAR = 4  # documents that may be preferred to the first for a reason
FAR = 6  # documents a second question of the same message may find its answer in
SAME_WORDS = 0.5  # share of common bigrams at which two sentences say the same
LEAST_COMMON = 2
FAR_SHARE = 0.5  # of the words the first finding shares with a question, which one far behind it must share as well
_WORDS = re.compile(r"[^\w]|[的了吗呢多少几]")


def picked(library: Library, turn: Turn) -> Document:
    """The document to quote; `turn.documents` must not be empty."""
    document = _by_name(library, turn) or improving(library, turn) or _for_reason(library, turn) or _valid(library, turn)
    return covering(library, turn, document) or document


def improving(library: Library, turn: Turn) -> Document | None:
    """'怎么把它降下来' about the metric of the turn before: the topic its definition names."""
    understanding = turn.understanding
    last = understanding.history
    named = any(reading.named for reading in understanding.readings)
    if not understanding.following or last is None or not last.metric or named:
        return None
    if not phrases.BETTER.search(understanding.text):
        return None
    definition = library.definition(last.metric)
    if definition is None or not definition.improve:
        return None
    return library.on(understanding.day)[f"topic/{definition.improve}"]


def beside(library: Library, turn: Turn, first: Document) -> Document | None:
    """A second document: the question asks two things, or another finding is as good and says something else."""
    if belonging := _other_period(library, turn, first) or _successor(library, turn, first) or _line(library, turn, first):
        return belonging
    second = _other_half(library, turn, first)
    if second is None and turn.beside is not None and turn.beside.area == first.area:
        second = turn.beside if turn.beside.kind == "topic" and turn.beside.current else None
    if second is None or second.id == first.id or second.unknown or first.unknown or _foreign(library, turn, first, second):
        return None
    return None if _share(second.say, first.say + first.body) >= SAME_WORDS else second


def _foreign(library: Library, turn: Turn, first: Document, second: Document) -> bool:
    """Whether a second document speaks of other platforms than the first one or the question does."""
    apart = bool(first.platforms and second.platforms) and not set(first.platforms) & set(second.platforms)
    words = library.vocabulary.platforms
    return apart and not any(word in turn.understanding.text for platform in second.platforms for word in words.get(platform, ()))


def of_other_platform(turn: Turn, document: Document) -> str:
    """The platform asked about when the document holds for others only; empty otherwise."""
    platform = turn.understanding.platform
    return platform if platform and document.platforms and platform not in document.platforms else ""


def _by_name(library: Library, turn: Turn) -> Document | None:
    """How a named metric is counted, told by its definition: it alone was named, or an earlier day is asked about."""
    understanding = turn.understanding
    document = _definition(library, turn)
    if document is None or (understanding.only_a_name and document.current):
        return document
    windowed = WINDOW in library.rules[_rule_id(document)].units and phrases.WINDOW.search(understanding.text)
    if not understanding.dated or (turn.documents[0].kind == "rule" and not windowed):
        return None
    return document if understanding.wants_formula or windowed else None


def _definition(library: Library, turn: Turn) -> Document | None:
    reading = next((reading for reading in turn.understanding.readings if reading.named), None)
    definition = library.definition(reading.metric.id) if reading else None
    return library.on(turn.understanding.day)[f"rule/{definition.id}"] if definition else None


def _rule_id(document: Document) -> str:
    return document.id.removeprefix("rule/")


def _for_reason(library: Library, turn: Turn) -> Document | None:
    """A near document that fits a threshold, a platform or the subject spoken of better than the first does."""
    understanding = turn.understanding
    first, near = turn.documents[0], turn.documents[1:NEAR]
    if first.unknown:
        return None
    rule = library.rules.get(_rule_id(first))
    if rule is not None and rule.defines and phrases.THRESHOLD.search(understanding.text):
        # how it is counted does not say what it must reach
        for document in near:
            other = library.rules.get(_rule_id(document))
            if other and other.metric == rule.defines and document.current:
                return document
        own = library.on(understanding.day).get(f"topic/{rule.topic}")
        if own is not None and own.current and not own.unknown:
            return own
        unknown = next((one for one in near if one.unknown and one.platforms == first.platforms), None)
        if unknown is not None:
            return unknown
    if rule is not None and rule.defines and _to_be_done(turn, rule.defines):
        own = library.on(understanding.day).get(f"topic/{rule.topic}")
        if own is not None and own.current and not own.unknown:
            return own
    if of_other_platform(turn, first):
        return next(
            (d for d in near if understanding.platform in d.platforms and d.current and not d.unknown), None
        )
    area = _area_before(library, turn)
    if area and area != first.area and not understanding.readings:
        return next((document for document in near if document.area == area and document.current), None)
    return None


def _to_be_done(turn: Turn, metric: str) -> bool:
    """Whether a message goes on from a value of the metric and asks what may be done with it, not how it is counted."""
    understanding = turn.understanding
    last = understanding.history
    going_on = understanding.following and last is not None and last.metric == metric
    wanted = understanding.wants_advice or understanding.wants_meaning or phrases.MAY.search(understanding.text)
    return going_on and bool(wanted) and not understanding.wants_formula


def _area_before(library: Library, turn: Turn) -> str:
    """The area the turn before spoke of, when this one leans on it and names no subject of its own."""
    understanding = turn.understanding
    last = understanding.history
    if last is None or not understanding.following or not last.subject:
        return ""
    if last.metric and (definition := library.definition(last.metric)):
        return definition.area
    return next((d.area for d in library.on(understanding.day).values() if d.title == last.subject), "")


def _valid(library: Library, turn: Turn) -> Document:
    """The best finding; when the question names a day, the best that says something of it."""
    if not turn.understanding.dated:
        return turn.documents[0]
    day = turn.understanding.day
    if told := _told_rule(library, turn, turn.documents[0], day):
        return told
    year = f"{day.year}年"

    def speaks(document: Document) -> bool:
        rule = library.rules.get(_rule_id(document))
        dated = rule.on(day) if rule else None
        gone = dated is not None and dated.version.ended and bool(dated.version.text)
        return document.current or gone or (year in turn.understanding.text and year in document.say)

    first, text = turn.documents[0], turn.understanding.text
    fitting = (
        document for place, document in enumerate(turn.documents)
        if speaks(document) and (place < NEAR or FAR_SHARE * _common(text, first) <= _common(text, document))
    )
    return next(fitting, first)


def _told_rule(library: Library, turn: Turn, first: Document, day: date) -> Document | None:
    """Of the rules that a topic tells, the one asked about whose words of that day are others than today's."""
    own = library.rules.get(_rule_id(first))
    lead = f"topic/{own.topic}" if own is not None and own.topic else first.id
    if day >= turn.today or (first.kind != "topic" and not _recorded(own)):
        return None
    documents = library.on(day)
    told = [rule for rule in library.rules.values() if f"topic/{rule.topic}" == lead]
    spans = [rule for rule in told if _covers(rule, turn.understanding.days)]
    if spans:
        return documents[f"rule/{spans[0].id}"]
    if any(_recorded(rule) for rule in told):
        # figures are recorded by period, and not for the one asked about: the document that says so answers
        return next((document for document in turn.documents if document.unknown and document.area == first.area), None)
    changed = [
        rule for rule in told
        if (then := rule.on(day)) is not None and then != rule.on(turn.today)
    ]
    if not changed:
        return None
    best = max(changed, key=lambda rule: _common(turn.understanding.text, documents[f"rule/{rule.id}"]))
    return documents[f"rule/{best.id}"]


def _recorded(rule: Rule | None) -> bool:
    """Whether a rule is the record of one period."""
    return rule is not None and isinstance(max(rule.versions.items())[1].numbers.get("to"), date)


def _covers(rule: Rule, days: Sequence[Day]) -> bool:
    """Whether a rule is the record of just the period a question names: 2023年四季度."""
    numbers = max(rule.versions.items())[1].numbers
    first, last = numbers.get("from"), numbers.get("to")
    return isinstance(first, date) and isinstance(last, date) and any(
        one.dated and first <= one.last and one.first <= last and one.first >= first - (last - first) for one in days
    )


def _successor(library: Library, turn: Turn, first: Document) -> Document | None:
    """What has counted since the day a rule ended, told by a rule of the same topic that began then."""
    own = library.rules.get(_rule_id(first))
    day = turn.understanding.day
    ended = own.on(day) if own is not None else None
    if own is None or ended is None or not ended.version.ended or not own.topic:
        return None
    began = (
        rule for rule in library.rules.values()
        if rule.topic == own.topic and rule.id != own.id and (dated := rule.on(day)) is not None and dated.since.day == ended.since.day
    )
    successor = next(began, None)
    return library.on(day)[f"rule/{successor.id}"] if successor is not None else None


def _other_period(library: Library, turn: Turn, first: Document) -> Document | None:
    """The record of the second period a question names: 2018年11月是多少，2019年三季度呢."""
    own = library.rules.get(_rule_id(first))
    named = [day for day in turn.understanding.days if day.dated]
    if len(named) < LEAST_COMMON or not _recorded(own) or own is None:
        return None
    same = [rule for rule in library.rules.values() if rule.topic and rule.topic == own.topic and rule.id != own.id]
    other = next((rule for day in named for rule in same if _covers(rule, (day,)) and not _covers(own, (day,))), None)
    return library.on(turn.understanding.day)[f"rule/{other.id}"] if other is not None else None


def _line(library: Library, turn: Turn, first: Document) -> Document | None:
    """The line a value must reach, beside how it is counted: 报大促体验分有啥要求，看一天还是几天的均值."""
    own = library.rules.get(_rule_id(first))
    if own is None or not own.defines or not phrases.REQUIRED.search(turn.understanding.text):
        return None
    documents, platform = library.on(turn.understanding.day), turn.understanding.platform
    lines = [
        rule for rule in library.rules_for(own.defines)
        if (not platform or not rule.platforms or platform in rule.platforms) and documents[f"rule/{rule.id}"].current
    ]
    return documents[f"rule/{lines[0].id}"] if len(lines) == 1 else None


def _other_half(library: Library, turn: Turn, first: Document) -> Document | None:
    """The document that answers a second question of the same message better than the first one does."""
    text = turn.understanding.text
    clauses = [part for part in phrases.CLAUSE_END.split(text) if phrases.ASKS.search(part)]
    if len(clauses) < 2:
        return None
    definition = _definition(library, turn)
    if definition is not None and phrases.WINDOW.search(text) and WINDOW in library.rules[_rule_id(definition)].units:
        return definition
    best: tuple[int, Document] | None = None
    for clause in clauses:
        told = _common(clause, first)
        for document in turn.documents[:FAR]:
            fits = document.area == first.area and document.kind != "table" and (document.current or not turn.understanding.dated)
            gain = _common(clause, document) - told
            if document.id != first.id and fits and gain >= LEAST_COMMON and (best is None or gain > best[0]):
                best = gain, document
    return best[1] if best else None


def _common(clause: str, document: Document) -> int:
    return len(_bigrams(clause) & _bigrams(f"{document.title} {' '.join(document.questions)} {document.say}"))


def _share(text: str, other: str) -> float:
    own = _bigrams(text)
    return len(own & _bigrams(other)) / len(own) if own else 1.0


def _bigrams(text: str) -> set[str]:
    plain = _WORDS.sub("", text)
    return {plain[place : place + 2] for place in range(len(plain) - 1)}
