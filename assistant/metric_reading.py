"""One metric read out of a text: the inputs it is given, what is missing, what is wanted of it, and how well it fits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from assistant import phrases
from assistant.assignment import TOTAL_WORDS, Placed, unit_price
from assistant.carrying import carried_over, result_of
from assistant.changing import second_value
from assistant.choices import alike, alternatives, choose, kind, measures, possible
from assistant.date_inputs import fill_dates
from assistant.days import Day
from assistant.errors import KnowledgeError
from assistant.figures import Figure, figures, fold
from assistant.filling import Filled, fill_numbers, unused
from assistant.glossary import blanked
from assistant.goals import find_goal, inverse, told_or_wanted
from assistant.library import Library
from assistant.mentions import Mention, keys
from assistant.metrics import Field, InputValue, Metric, registry
from assistant.roles import Role, as_result, role
from assistant.scoring import ANOTHER_TARGET, SET_RIGHT, UNPROVEN, score, vouched
from assistant.understanding import Reading, Understood

PLACES = 6  # decimals to which two shares are the same
LEAST_VOUCHING = 2  # a name of one character (从, n) says little unless the metric itself is named


@dataclass(frozen=True)
class Parsed:
    """A folded text and what stands in it, before any of it is read as a metric."""

    text: str
    figures: tuple[Figure, ...]
    mentions: tuple[Mention, ...]
    platform: str | None
    days: tuple[Day, ...]
    day: date
    """the day whose rules count"""


class MetricReader:
    """Reads a text as being about one metric of a library; `numbered` are names whose numerals are no figures."""

    def __init__(self, library: Library, numbered: Sequence[str]) -> None:
        self.library = library
        self.numbered = numbered

    def read(
        self, metric: Metric, parsed: Parsed, name_length: int, last: Understood | None = None, elsewhere: Understood | None = None
    ) -> Reading:
        """`name_length`: characters of the metric's name in the text, 0 when it is not named.

        `last`: the turn before, when it was about this metric; `elsewhere`: when it was about another one.
        """
        text, found, mentions, day = parsed.text, parsed.figures, parsed.mentions, parsed.day
        naming = _naming(metric, mentions, 1 if name_length or last is not None else LEAST_VOUCHING)
        own = [m for m in mentions if metric.id in keys(m, "metric")]
        # 拼多多发货6000单: the 多 of a platform's name is no 'more'
        clear = blanked(text, [m for m in mentions if keys(m, "platform")])
        roles: Mapping[Figure, Role] = {figure: role(clear, figure, metric, own, naming) for figure in found}
        named_length = name_length
        told = next((figure for figure in found if roles[figure] == "stated"), None)
        if told is not None and not phrases.LEVEL.search(text) and metric.unit != "ratio":
            name_length = 0  # its value is given, so it is not what is asked
        carried = {} if last is None else last.inputs
        filled = fill_numbers(
            text, found, metric, roles, naming, carried, bool(name_length), _foreign(metric, found, mentions), last.text if last else "",
        )
        inputs, before = filled.inputs, dict(filled.before)
        words = f"{last.text}，{text}" if last is not None else text
        options = self._choose(metric, parsed, words, inputs, last.day if last is not None and last.day is not None else date.max)
        fill_dates(text, metric, parsed.days, naming, inputs)
        self._measure(metric, parsed, inputs)
        other = self._other_case(metric, parsed, roles, filled, inputs)
        if other:
            before, inputs = {**inputs, **other[0]}, {**inputs, **other[1]}
        roles = told_or_wanted(self.library, text, found, metric, roles, filled, inputs, day)
        taken: dict[str, InputValue] = {}
        if elsewhere is not None and (name_length or phrases.POINTING.search(text)):
            taken = carried_over(self.library, metric, elsewhere, day, _missing(metric, inputs))
            inputs |= taken
        before_target = last.target if last else None
        if last is not None and last.metric == metric.id and phrases.SAME_RATE.search(text):
            before_target = result_of(self.library, metric, last.inputs, day)  # the rate of last time is what is wanted now
        leaning = phrases.DIFFERENCE.search(text) or phrases.AND_THIS.fullmatch(text)
        given = {one.field for one in filled.placed} | (set(inputs) if last is not None and leaning else set())
        same = last if last is not None and last.metric == metric.id else None
        goal, line = find_goal(text, found, roles, metric, naming, given, before_target, same)
        if goal is None and (turned := inverse(text, found, roles, metric, naming, inputs, filled)):
            goal, told, name_length = turned, None, max(name_length, named_length)
        changed = (*filled.placed, *filled.changes)
        typed = {one.field for one in changed} | {n for n in inputs if inputs[n] != carried.get(n)}
        sought = goal.field if goal is not None and not goal.relative else None
        if self._weighed_otherwise(metric, parsed):
            inputs, typed = {}, set()  # 按2:1:1加权: the rule's own weights would give another value
        missing = tuple(one for one in _missing(metric, inputs) if one.name != sought)
        # inputs that may all be left out prove nothing: such a metric must be named, or be what the findings speak of
        unproven = not name_length and last is None and all(one.spec.default is not None for one in metric.fields)
        points = score(
            metric, name_length, parsed.platform, changed, missing, len(found), last is not None, inputs, filled.before,
            goal is not None and goal.target is not None,
        ) + len(taken) - (UNPROVEN if unproven else 0.0)
        points += SET_RIGHT if filled.proved else ANOTHER_TARGET if goal is not None and before_target is not None else 0.0
        if not filled.changes and not other and last is not None and last.previous and not found and phrases.APART.search(text):
            before, other = dict(last.previous), ({}, {})  # 两边差多少: both cases were spoken of before
        known_before = all(one.name in before or one.spec.default is not None for one in metric.fields)
        return Reading(
            metric, inputs, frozenset(typed), missing, options, points, name_length > 0, goal,
            vouched(metric, filled.placed, inputs, carried), unused(found, roles, changed), line,
            as_result(told, metric.unit, aimed=True) if told else None,
            before if (filled.changes or other) and known_before and before != inputs else {}, bool(other), last is not None, unproven,
            any(phrases.HOW_MUCH.match(text[mention.end :]) for mention in own),
            not all(one.named or (name_length and _only_fit(metric, one, found)) for one in filled.placed),
        )

    def _weighed_otherwise(self, metric: Metric, parsed: Parsed) -> bool:
        """Whether a proportion is told that is not the one of the rule a metric takes its weights from."""
        told = [[float(part) for part in re.split("[:比]", found[0])] for found in phrases.PROPORTION.finditer(parsed.text)]
        for name in metric.borrowed if told else ():
            try:
                numbers = self.library.numbers(parsed.day)(name).values()
            except KnowledgeError:
                continue
            weights = [float(value) for value in numbers if isinstance(value, float | int) and not isinstance(value, bool)]
            if any(len(one) == len(weights) and _shares(one) != _shares(weights) for one in told):
                return True
        return False

    def _measure(self, metric: Metric, parsed: Parsed, inputs: dict[str, InputValue]) -> None:
        """Numbers that words tell as well as figures do: 新车头一年, 连着三年没出险."""
        open_ones = [one for one in metric.fields if one.spec.measure and one.kind == "number"]
        said = measures(parsed.text, parsed.figures, self.library.vocabulary.measures) if open_ones else {}
        for one in open_ones:
            if one.spec.measure in said and (one.name not in inputs or said[one.spec.measure] != inputs[one.name]):
                inputs[one.name] = said[one.spec.measure]

    def _other_case(
        self, metric: Metric, parsed: Parsed, roles: Mapping[Figure, Role], filled: Filled, inputs: Mapping[str, InputValue]
    ) -> tuple[dict[str, InputValue], dict[str, InputValue]] | None:
        """(what differs in the first case, in the second) of two cases that one question compares."""
        text = parsed.text
        apart = phrases.APART.search(text)
        if not (apart or phrases.TWO_CASES.search(text) or phrases.HYPOTHETICAL.search(text)):
            return None
        vocabulary = self.library.vocabulary.measures
        for one in metric.fields:
            if one.kind == "choice" and (apart or one.name not in inputs):
                pair = alternatives(one, self.library, parsed.day, text, self.numbered, vocabulary)
                if pair is not None:
                    return {one.name: pair[0]}, {one.name: pair[1]}
        if not filled.changes and (apart or phrases.TWO_CASES.search(text)):
            others = [
                m for m in parsed.mentions if keys(m, "input") and not any(k.startswith(f"{metric.id}.") for k in keys(m, "input"))
            ]
            return second_value(parsed.figures, metric, roles, filled.placed, filled.inputs, others)
        return None

    def _choose(
        self, metric: Metric, parsed: Parsed, words: str, inputs: dict[str, InputValue], then: date
    ) -> dict[str, tuple[str, ...]]:
        """Fill the choices from the text; what it leaves open from `words`, which holds earlier turns as well.

        Earlier words are read again rather than their key kept, because a table of another day may have other rows; `then` is the
        day they were read for before. A row that they did not mean then either was set right since, and stays.
        """
        text, found, day = parsed.text, parsed.figures, parsed.day
        options: dict[str, tuple[str, ...]] = {}
        vocabulary = self.library.vocabulary.measures
        for one in metric.fields:
            if one.kind != "choice":
                continue
            key, options[one.name] = choose(one, self.library, day, text, measures(text, found, vocabulary))
            held = inputs.get(one.name)
            pointed = options[one.name] != possible(one, self.library, day)
            if key is None and pointed and isinstance(held, str) and held not in options[one.name]:
                key = alike(held, options[one.name])  # 座位改5座: still the kind of vehicle spoken of
            if key is not None and isinstance(held, str) and key != held and kind(held) and kind(key) != kind(held) and kind(key) not in text:
                meant, _ = choose(one, self.library, day, f"{text}，{kind(held)}", measures(text, found, vocabulary))
                key = meant or key  # 座位改5座 of a company's car stays a company's car
            if key is None and words != text:
                said = measures(words, figures(words, self.numbered), vocabulary)
                key, _ = choose(one, self.library, day, words, said)
                if key != held and held in options[one.name] and choose(one, self.library, then, words, said)[0] != held:
                    key = None  # it was set right since, by words that stand behind those
            if key is not None:
                inputs[one.name] = key
        return options


def _shares(weights: Sequence[float]) -> list[float]:
    """Weights as shares of their sum."""
    return [round(one / sum(weights), PLACES) for one in weights] if sum(weights) else []


def _naming(metric: Metric, mentions: Sequence[Mention], shortest: int) -> dict[str, list[Mention]]:
    """Input → the names in the text that stand for it and are not shorter than `shortest`."""
    return {
        one.name: [m for m in mentions if f"{metric.id}.{one.name}" in keys(m, "input") and m.end - m.start >= shortest]
        for one in metric.fields
    }


def _only_fit(metric: Metric, one: Placed, found: Sequence[Figure]) -> bool:
    """Whether a counted figure can be nothing but this input, and the input no other figure: 12万票 of 罚款1.8万，12万票."""
    figure, own = one.figures[0], metric.field(one.field)
    fields = [field for field in metric.fields if field.kind in ("number", "many") and unit_price(figure, field) is not None]
    rivals = [other for other in found if other != figure and other.kind == "count" and unit_price(other, own) is not None]
    return figure.kind == "count" and len(fields) == 1 and not rivals


def _foreign(metric: Metric, found: Sequence[Figure], mentions: Sequence[Mention]) -> dict[Figure, str]:
    """The figures right behind a word that names inputs of other metrics only: of 派费15万，12万票 the first is no volume.

    A word that holds one of this metric's own (总共修了, 修了) may mean it as well.
    """
    own = _words(metric)
    others = [
        m for m in mentions
        if m.end - m.start >= LEAST_VOUCHING and m.name not in TOTAL_WORDS and not any(word in m.name for word in own)
        and not any(key.split(".")[0] == metric.id for kind in ("input", "metric") for key in keys(m, kind))
    ]
    return {
        figure: m.name for figure in found for m in others
        if m.end == figure.start and any(_fits(figure, key) for key in keys(m, "input"))
    }


def _fits(figure: Figure, key: str) -> bool:
    id, _, name = key.partition(".")
    own = registry()[id].field(name)
    return own.kind in ("number", "many") and unit_price(figure, own) is not None


@cache
def _words(metric: Metric) -> tuple[str, ...]:
    return tuple(fold(name) for one in metric.fields for name in (one.spec.label, *one.spec.aliases) if len(name) >= LEAST_VOUCHING)


def _missing(metric: Metric, inputs: Mapping[str, InputValue]) -> tuple[Field, ...]:
    return tuple(one for one in metric.fields if one.name not in inputs and one.spec.default is None)
