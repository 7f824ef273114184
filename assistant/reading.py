"""From a typed sentence to a metric with its inputs: what was said, what is missing, and what is wanted of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from assistant import phrases
from assistant.carrying import carried_over, in_month_of, result_of
from assistant.choices import alike, alternatives, choose, kind, measures, possible
from assistant.days import Day, as_of, impossible, mentions as day_mentions
from assistant.errors import AssistantError
from assistant.figures import Figure, figures, fold
from assistant.filling import Filled, fill_dates, fill_numbers, second_value, unused
from assistant.goals import find_goal, inverse, told_or_wanted
from assistant.library import Library
from assistant.mentions import Mention, Names, PinyinNames, keys, outermost
from assistant.metrics import Field, InputValue, Metric
from assistant.roles import Role, as_result, role
from assistant.scoring import UNPROVEN, named_metrics, score, vouched, worth_keeping
from assistant.several import beside_last, by_day, by_label, by_platform, compared_before
from assistant.understanding import Exchange, Reading, Understanding, Understood

LEAST_CHOICES = 2
LEAST_VOUCHING = 2  # a name of one character (从, n) says little unless the metric itself is named
LEAST_MISSPELT = 4  # shorter names have too many homophones
DERIVED = 2.5  # an input that could be worked out is as good as one that was given
UNASKED = 1.5  # taken off a metric that is not named while another is
LEANS = 40  # characters up to which a question may take over inputs that the turn before gave by the same name
SHORT = 12  # characters of a question that leaves out what was said before

_NOTHING_MORE = re.compile(r"[那的呢么吗店呀啊?？，,。 换成是怎样样]*")
_NUMERAL = re.compile(r"[0-9零一二三四五六七八九十百千万两半]")


class Reader:
    """Reads questions against the metrics and words of a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
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
        for platform, words in library.vocabulary.platforms.items():
            for word in words:
                names.setdefault(fold(word), []).append(f"platform:{platform}")
        self.names = names
        self.by_choice = [
            metric for metric in library.metrics.values()
            if sum(one.kind == "choice" for one in metric.fields) >= LEAST_CHOICES
        ]
        self.by_label = {metric.label: metric for metric in library.metrics.values()}
        self.known = Names(names)
        self.numbered = tuple(
            fold(name) for name in (*library.vocabulary.names_with_numbers, *names) if _holds_numeral(name)
        )

    def _input_names(self, one: Field) -> set[str]:
        aliases = {fold(alias) for alias in (one.spec.label, *one.spec.aliases)}
        for ours, others in self.library.vocabulary.synonyms.items():
            if fold(ours) in aliases:
                aliases |= {fold(other) for other in others}
        return aliases

    @cached_property
    def by_sound(self) -> PinyinNames:
        """Names by pinyin; built when the first question in Latin letters comes."""
        return PinyinNames(self.names)

    @cached_property
    def misspelt(self) -> PinyinNames:
        """Longer metric names by sound, for homophones such as 纠份退款率."""
        return PinyinNames({
            name: [key for key in keys if key.startswith("metric:")]
            for name, keys in self.names.items()
            if len(name) >= LEAST_MISSPELT and any(key.startswith("metric:") for key in keys)
        })

    def read(self, question: str, today: date, history: Sequence[Exchange] = ()) -> Understanding:
        """Everything a question says, with what earlier turns left standing."""
        text = fold(question)
        history = _from_first(text, history)
        last = history[-1].understood if history else None
        days = in_month_of(day_mentions(text, today), last)
        day = as_of(text, today)
        found = [f for f in figures(text, self.numbered) if not any(d.start < f.end and f.start < d.end for d in days)]
        mentions = outermost(
            [*self.known.find(text), *self.by_sound.find(text), *self.misspelt.find(text, typed=False)]
        )
        platform = _platform(mentions)
        following = last is not None and (bool(phrases.FOLLOWING.search(text)) or len(text) <= SHORT)
        if day is None and following and last is not None and last.day is not None and not days:
            day = last.day
        several = self._several(text, found, mentions, platform, days, today, history, following)
        if several:
            return self._understood(text, found, days, day, today, platform, several, True, history, mentions)
        readings = self._readings(text, found, mentions, platform, days, day or today, history, following, day is not None)
        if readings and (pair := beside_last(text, readings[0], history, self.library.metrics)):
            return self._understood(text, found, days, day, today, platform, pair, True, history, mentions)
        if (found or readings) and not any((one.complete and one.named) or one.goal is not None for one in readings):
            whole = self._in_pieces(question, today, history)
            if whole is not None:
                return whole
        return self._understood(text, found, days, day, today, platform, readings, following, history, mentions)

    def _understood(
        self, text: str, found: Sequence[Figure], days: Sequence[Day], day: date | None, today: date, platform: str | None,
        readings: Sequence[Reading], following: bool, history: Sequence[Exchange], mentions: Sequence[Mention],
    ) -> Understanding:
        last = history[-1].understood if history else None
        return Understanding(
            text, tuple(found), tuple(days), day or today, day is not None, platform or (last.platform if last and following else None),
            tuple(readings), following, bool(phrases.HOW.search(text)), bool(phrases.ASK_TO_COMPUTE.search(text)),
            _day_words(days, day), bool(phrases.ADVICE.search(text)), bool(phrases.MEANING.search(text)), last,
            impossible(text, today), _only_a_name(text, mentions),
        )

    def _several(
        self, text: str, found: Sequence[Figure], mentions: Sequence[Mention], platform: str | None, days: Sequence[Day],
        today: date, history: Sequence[Exchange], following: bool,
    ) -> list[Reading]:
        """The cases of a question that holds more than one, each complete; else nothing."""
        apart = by_platform(text, mentions, found, lambda part: self.read(part, today))
        return apart or by_label(text, found, lambda part: self.read(part, today)) or by_day(
            text, days, today, lambda day: self._readings(text, found, mentions, platform, days, day, history, following, True)
        ) or compared_before(text, found, history, self.library.metrics)

    def _in_pieces(self, question: str, today: date, history: Sequence[Exchange]) -> Understanding | None:
        """The question together with the turns before it that gave figures for something not yet computed."""
        pieces: list[str] = []
        for exchange in reversed(history):
            if not exchange.understood.open:
                break
            pieces.insert(0, exchange.question)
        if not pieces:
            return None
        whole = self.read("，".join([*pieces, question]), today, history[: len(history) - len(pieces)])
        return replace(whole, following=True) if any(one.complete for one in whole.readings[:1]) else None

    def completed(self, question: str, history: Sequence[Exchange]) -> str:
        """The question in words we know: dialect and pinyin spelt out, and '淘宝的呢' as the last question again."""
        text = spelt = fold(question)
        for ours, others in self.library.vocabulary.spoken.items():
            for other in others:
                spelt = spelt.replace(other, ours)
        for mention in reversed(self.by_sound.find(spelt)):
            spelt = spelt[: mention.start] + mention.name + spelt[mention.end :]
        mentions = [mention for mention in self.known.find(spelt) if keys(mention, "platform")]
        if not history or not mentions or not _NOTHING_MORE.fullmatch(_without(spelt, mentions)):
            return question if spelt == text else spelt
        before = fold(history[-1].question)
        return mentions[0].name + _without(before, [m for m in self.known.find(before) if keys(m, "platform")])

    def _readings(
        self, text: str, found: Sequence[Figure], mentions: Sequence[Mention], platform: str | None,
        days: Sequence[Day], day: date, history: Sequence[Exchange], following: bool, dated: bool,
    ) -> list[Reading]:
        named = named_metrics(text, mentions)
        last = history[-1].understood if history else None
        if last is not None:
            own = f"{last.metric}."
            shared = {id for m in mentions if any(k.startswith(own) for k in keys(m, "input")) for id in keys(m, "metric")}
            named = {id: length for id, length in named.items() if id == last.metric or id not in shared}
        candidates = set(named) | {key.split(".")[0] for m in mentions for key in keys(m, "input")}
        candidates |= self._chosen(text, found, day) if not named else set()
        if not dated:
            candidates = {id for id in candidates if not self._only_dated(id)}
        readings = [
            self._read_metric(
                self.library.metrics[id], text, found, mentions, platform, days, day, named.get(id, 0), None,
                last if following or len(text) <= LEANS else None,
            )
            for id in sorted(candidates)
        ]
        readings = [
            self._returned_to(one, history, text, found, mentions, platform, days, day, named.get(one.metric.id, 0))
            for one in readings
        ]
        if last is not None and last.metric in self.library.metrics and (not named or last.metric in named):
            metric = self.library.metrics[str(last.metric)]
            readings.append(
                self._read_metric(metric, text, found, mentions, platform, days, day, named.get(metric.id, 0), last, None)
            )
        readings = [
            self._derived(one, text, found, mentions, platform, days, day) if one.named and one.missing else one for one in readings
        ]
        # a metric that is neither named nor given anything would only pass for the subject of the next turn
        readings = [one for one in readings if one.named or one.typed or one.carried or one.goal is not None or one.stated is not None]
        asked = any(one.named and not one.carried and (one.typed or one.goal) for one in readings)
        readings.sort(key=lambda one: (UNASKED if asked and not (one.named or one.carried) else 0.0) - one.score)
        kept = worth_keeping(readings, named, mentions, found)
        shown = {one.metric.id for one in kept}
        return [*kept, *(one.source for one in kept if one.source is not None and one.source.metric.id not in shown)]

    def _only_dated(self, metric: str) -> bool:
        """Whether today's version is too uncertain to compute with."""
        definition = self.library.definition(metric)
        return definition is not None and definition.dated_only

    def _returned_to(
        self, reading: Reading, history: Sequence[Exchange], text: str, found: Sequence[Figure], mentions: Sequence[Mention],
        platform: str | None, days: Sequence[Day], day: date, name_length: int,
    ) -> Reading:
        """A metric named again after others were spoken of: what is missing now was told when it was the subject."""
        if not reading.named or not reading.missing or not history or history[-1].understood.metric == reading.metric.id:
            return reading
        earlier = next((one.understood for one in reversed(history[:-1]) if one.understood.metric == reading.metric.id), None)
        if earlier is None or not earlier.inputs:
            return reading
        return self._read_metric(reading.metric, text, found, mentions, platform, days, day, name_length, earlier, None)

    def _derived(
        self, reading: Reading, text: str, found: Sequence[Figure], mentions: Sequence[Mention], platform: str | None,
        days: Sequence[Day], day: date,
    ) -> Reading:
        """A missing input that is the result of another metric whose own inputs were given: two years insured, one claim."""
        for missing in reading.missing:
            producer = next((self.by_label[name] for name in (missing.spec.label, *missing.spec.aliases) if name in self.by_label), None)
            if producer is None or producer.id == reading.metric.id:
                continue
            source = self._read_metric(producer, text, found, mentions, platform, days, day, len(producer.label), None, None)
            if source.missing or not source.typed or source.loose:
                continue
            try:
                value = producer.compute(source.inputs, self.library.numbers(day))
            except AssistantError:
                continue
            if isinstance(value, float | int):
                left = tuple(one for one in reading.missing if one is not missing)
                inputs = {**reading.inputs, missing.name: float(value)}
                source = replace(source, goal=None)
                reading = replace(
                    reading, inputs=inputs, missing=left, typed=reading.typed | {missing.name}, source=source,
                    score=reading.score + DERIVED,
                )
        return reading

    def _chosen(self, text: str, found: Sequence[Figure], day: date) -> set[str]:
        """Metrics that are told by their choices alone: 'seven seats, Sichuan, two years without a claim'."""
        said = measures(text, found, self.library.vocabulary.measures)
        if not said:
            return set()
        return {
            metric.id for metric in self.by_choice
            if sum(choose(one, self.library, day, text, said)[0] is not None for one in metric.fields if one.kind == "choice")
            >= LEAST_CHOICES
        }

    def _read_metric(
        self, metric: Metric, text: str, found: Sequence[Figure], mentions: Sequence[Mention], platform: str | None,
        days: Sequence[Day], day: date, name_length: int, last: Understood | None, elsewhere: Understood | None,
    ) -> Reading:
        """`last`: the turn before, when it was about this metric; `elsewhere`: when it was about another one."""
        shortest = 1 if name_length or last is not None else LEAST_VOUCHING
        naming = {
            one.name: [
                m for m in mentions
                if f"{metric.id}.{one.name}" in keys(m, "input") and m.end - m.start >= shortest
            ]
            for one in metric.fields
        }
        own = [m for m in mentions if metric.id in keys(m, "metric")]
        # 拼多多发货6000单: the 多 of a platform's name is no 'more'
        clear = _blanked(text, [m for m in mentions if keys(m, "platform")])
        roles: Mapping[Figure, Role] = {figure: role(clear, figure, metric, own, naming) for figure in found}
        named_length = name_length
        told = next((figure for figure in found if roles[figure] == "stated"), None)
        if told is not None and not phrases.LEVEL.search(text) and metric.unit != "ratio":
            name_length = 0  # its value is given, so it is not what is asked
        carried = {} if last is None else last.inputs
        filled = fill_numbers(text, found, metric, roles, naming, carried, bool(name_length))
        inputs, before = filled.inputs, dict(filled.before)
        words = f"{last.text}，{text}" if last is not None else text
        options = self._choose(metric, text, words, found, day, inputs)
        fill_dates(text, metric, days, naming, inputs)
        self._measure(metric, text, found, inputs)
        others = [m for m in mentions if keys(m, "input") and not any(k.startswith(f"{metric.id}.") for k in keys(m, "input"))]
        other = self._other_case(text, found, metric, roles, filled, others, day, inputs)
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
        given = {one.field for one in filled.placed} | (set(inputs) if last is not None and phrases.DIFFERENCE.search(text) else set())
        goal, line = find_goal(text, found, roles, metric, naming, given, before_target)
        if goal is None and (turned := inverse(text, found, roles, metric, naming, inputs, filled)):
            goal, told, name_length = turned, None, max(name_length, named_length)
        changed = (*filled.placed, *filled.changes)
        typed = {one.field for one in changed} | {n for n in inputs if inputs[n] != carried.get(n)}
        sought = goal.field if goal is not None and not goal.relative else None
        missing = tuple(one for one in _missing(metric, inputs) if one.name != sought)
        # inputs that may all be left out prove nothing: such a metric must be named, or be what the findings speak of
        unproven = not name_length and last is None and all(one.spec.default is not None for one in metric.fields)
        points = score(
            metric, name_length, platform, changed, missing, len(found), last is not None, inputs, filled.before,
            goal is not None and goal.target is not None,
        ) + len(taken) - (UNPROVEN if unproven else 0.0)
        if not filled.changes and not other and last is not None and last.previous and not found and phrases.APART.search(text):
            before, other = dict(last.previous), ({}, {})  # 两边差多少: both cases were spoken of before
        known_before = all(one.name in before or one.spec.default is not None for one in metric.fields)
        return Reading(
            metric, inputs, frozenset(typed), missing, options, points, name_length > 0, goal,
            vouched(metric, filled.placed, inputs, carried), unused(found, roles, changed), line,
            as_result(told, metric.unit, aimed=True) if told else None,
            before if (filled.changes or other) and known_before and before != inputs else {}, bool(other), last is not None, unproven,
            any(phrases.HOW_MUCH.match(text[mention.end :]) for mention in own),
            not all(one.named for one in filled.placed),
        )

    def _measure(self, metric: Metric, text: str, found: Sequence[Figure], inputs: dict[str, InputValue]) -> None:
        """Numbers that words tell as well as figures do: 新车头一年, 连着三年没出险."""
        open_ones = [one for one in metric.fields if one.spec.measure and one.kind == "number"]
        said = measures(text, found, self.library.vocabulary.measures) if open_ones else {}
        for one in open_ones:
            if one.spec.measure in said and (one.name not in inputs or said[one.spec.measure] != inputs[one.name]):
                inputs[one.name] = said[one.spec.measure]

    def _other_case(
        self, text: str, found: Sequence[Figure], metric: Metric, roles: Mapping[Figure, Role], filled: Filled,
        others: Sequence[Mention], day: date, inputs: Mapping[str, InputValue],
    ) -> tuple[dict[str, InputValue], dict[str, InputValue]] | None:
        """(what differs in the first case, in the second) of two cases that one question compares."""
        apart = phrases.APART.search(text)
        if not (apart or phrases.TWO_CASES.search(text) or phrases.HYPOTHETICAL.search(text)):
            return None
        vocabulary = self.library.vocabulary.measures
        for one in metric.fields:
            if one.kind == "choice" and (apart or one.name not in inputs):
                pair = alternatives(one, self.library, day, text, self.numbered, vocabulary)
                if pair is not None:
                    return {one.name: pair[0]}, {one.name: pair[1]}
        if not filled.changes and (apart or phrases.TWO_CASES.search(text)):
            return second_value(text, found, metric, roles, filled, others)
        return None

    def _choose(
        self, metric: Metric, text: str, words: str, found: Sequence[Figure], day: date, inputs: dict[str, InputValue]
    ) -> dict[str, tuple[str, ...]]:
        """Fill the choices from `text`; what it leaves open from `words`, which holds earlier turns as well.

        Earlier words are read again rather than their key kept, because a table of another day may have other rows.
        """
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
                key, _ = choose(one, self.library, day, words, measures(words, figures(words, self.numbered), vocabulary))
            if key is not None:
                inputs[one.name] = key
        return options


def _from_first(text: str, history: Sequence[Exchange]) -> Sequence[Exchange]:
    """'回到最开始那个' means the first turn about what was spoken of last, before anything was changed."""
    if history and phrases.RETURNING.search(text):
        subjects = [place for place, one in enumerate(history) if one.understood.metric and one.understood.inputs]
        earlier = [place for place in subjects if history[place].understood.metric != history[-1].understood.metric or place < len(history) - 1]
        return history[: (earlier or subjects)[-1] + 1] if subjects else history
    if not history or not phrases.BACK_TO_FIRST.search(text):
        return history
    metric = history[-1].understood.metric
    for place, exchange in enumerate(history):
        if metric and exchange.understood.metric == metric and not exchange.understood.open:
            return history[: place + 1]
    return history


def _day_words(days: Sequence[Day], day: date | None) -> str:
    """How the question named the day the rules are read from."""
    named = next((one for one in days if day is not None and one.first <= day <= one.last), None)
    return named.raw.removeprefix("按") if named else ""


def _platform(mentions: Iterable[Mention]) -> str | None:
    return next((key for mention in mentions for key in keys(mention, "platform")), None)


def _holds_numeral(name: str) -> bool:
    return bool(_NUMERAL.search(name))


def _blanked(text: str, mentions: Sequence[Mention]) -> str:
    for mention in mentions:
        text = text[: mention.start] + "□" * (mention.end - mention.start) + text[mention.end :]
    return text


def _missing(metric: Metric, inputs: Mapping[str, InputValue]) -> tuple[Field, ...]:
    return tuple(one for one in metric.fields if one.name not in inputs and one.spec.default is None)


def _without(text: str, mentions: Sequence[Mention]) -> str:
    for mention in reversed(mentions):
        text = text[: mention.start] + text[mention.end :]
    return text


def _only_a_name(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether a question is a metric's name and nothing else: '纠纷退款率？在线等'."""
    named = [mention for mention in mentions if keys(mention, "metric") or keys(mention, "platform")]
    return any(keys(mention, "metric") for mention in named) and bool(phrases.NO_MORE.fullmatch(_without(text, named)))
