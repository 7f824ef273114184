"""From a typed sentence to a metric with its inputs: what was said, what is missing, and what is wanted of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Literal

from assistant import phrases
from assistant.assignment import Placed, assign, in_hours, unit_price
from assistant.choices import choose, measures
from assistant.days import Day, as_of, mentions as day_mentions
from assistant.figures import Figure, figures, fold
from assistant.library import Library
from assistant.mentions import Mention, Names, PinyinNames, outermost
from assistant.metrics import Field, InputValue, Metric
from assistant.understanding import Exchange, Goal, Reading, Understanding, Understood

Role = Literal["value", "old", "new", "more", "less", "target", "line", "stated"]
BESIDE = 6  # characters between a metric's name and the value stated for it

LEAST_CHOICES = 2
LEAST_VOUCHING = 2  # a name of one character (从, n) says little unless the metric itself is named
LEAST_MISSPELT = 4  # shorter names have too many homophones
ASKED_WITHIN = 5  # characters between 多少 and the word that says of what
ASKED_BESIDES = 3.0  # the score a second metric of one question needs: named, and its figures named too

_NOTHING_MORE = re.compile(r"[那的呢么吗店呀啊?？，,。 换成是怎样样]*")
_CLAUSE = re.compile(r"[，,。；;！!？?\n]")


class Reader:
    """Reads questions against the metrics and words of a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        names: dict[str, list[str]] = {}
        for metric in library.metrics.values():
            for name in (metric.label, *metric.aliases):
                names.setdefault(fold(name), []).append(f"metric:{metric.id}")
            for one in metric.fields:
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
        days = tuple(day_mentions(text, today))
        day = as_of(text, today)
        found = [f for f in figures(text, self.numbered) if not any(d.start < f.end and f.start < d.end for d in days)]
        mentions = outermost(
            [*self.known.find(text), *self.by_sound.find(text), *self.misspelt.find(text, typed=False)]
        )
        platform = _platform(mentions)
        last = history[-1].understood if history else None
        following = last is not None and (bool(phrases.FOLLOWING.search(text)) or len(text) <= 12)
        readings = self._readings(text, found, mentions, platform, days, day or today, last)
        return Understanding(
            text, tuple(found), days, day or today, day is not None, platform or (last.platform if last and following else None),
            tuple(readings), following, bool(phrases.HOW.search(text)), bool(phrases.ASK_TO_COMPUTE.search(text)),
            _day_words(days, day), bool(phrases.ADVICE.search(text)), bool(phrases.MEANING.search(text)), last,
        )

    def completed(self, question: str, history: Sequence[Exchange]) -> str:
        """'淘宝的呢' asks the last question again for another platform; anything else is returned as it is."""
        text = fold(question)
        mentions = [mention for mention in self.known.find(text) if keys(mention, "platform")]
        rest = text
        for mention in reversed(mentions):
            rest = rest[: mention.start] + rest[mention.end :]
        if not history or not mentions or not _NOTHING_MORE.fullmatch(rest):
            return question
        before = fold(history[-1].question)
        for mention in reversed(self.known.find(before)):
            if keys(mention, "platform"):
                before = before[: mention.start] + before[mention.end :]
        return f"{mentions[0].name}{before}"

    def _readings(
        self, text: str, found: Sequence[Figure], mentions: Sequence[Mention], platform: str | None,
        days: Sequence[Day], day: date, last: Understood | None,
    ) -> list[Reading]:
        named = _named(text, mentions)
        if last is not None:
            own = f"{last.metric}."
            shared = {id for m in mentions if any(k.startswith(own) for k in keys(m, "input")) for id in keys(m, "metric")}
            named = {id: length for id, length in named.items() if id == last.metric or id not in shared}
        candidates = set(named) | {key.split(".")[0] for m in mentions for key in keys(m, "input")}
        candidates |= self._chosen(text, found, day) if not named else set()
        readings = [
            self._read_metric(self.library.metrics[id], text, found, mentions, platform, days, day, named.get(id, 0), None)
            for id in sorted(candidates)
        ]
        if last is not None and last.metric in self.library.metrics and (not named or last.metric in named):
            metric = self.library.metrics[str(last.metric)]
            readings.append(self._read_metric(metric, text, found, mentions, platform, days, day, named.get(metric.id, 0), last))
        readings.sort(key=lambda reading: -reading.score)
        return _worth_keeping(readings, named, mentions, found)

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
        days: Sequence[Day], day: date, name_length: int, last: Understood | None,
    ) -> Reading:
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
        roles = {figure: _role(clear, figure, metric, own) for figure in found}
        stated = [figure for figure in found if roles[figure] in ("value", "old")]
        if not name_length and all(phrases.A_SINGLE.match(figure.raw) for figure in stated):
            stated = []  # 一笔, 一个同事: a manner of speaking, not a figure
        placed = assign(text, stated, metric, naming)
        placed = _drop_doubtful(placed, stated, metric)
        inputs: dict[str, InputValue] = {} if last is None else dict(last.inputs)
        before = dict(inputs)
        inputs |= {one.field: _value(metric.field(one.field), one) for one in placed}
        changed = [figure for figure in found if roles[figure] in ("new", "more", "less")]
        changes = assign(text, changed, metric, naming, name_first=True)
        if placed and changes:
            before |= inputs
        for one in changes:
            inputs[one.field] = _changed(roles[one.figures[0]], inputs.get(one.field), _value(metric.field(one.field), one))
        if phrases.ALL_ALONG.search(text):
            _fill_equal_lists(metric, inputs)
        words = f"{last.text}，{text}" if last is not None else text
        options = self._choose(metric, text, words, found, day, inputs)
        _fill_dates(metric, days, inputs)
        goal, line = _goal(text, found, roles, metric, naming, {p.field for p in placed})
        carried = {} if last is None else last.inputs
        typed = {one.field for one in (*placed, *changes)} | {n for n in inputs if inputs[n] != carried.get(n)}
        sought = goal.field if goal is not None and not goal.relative else None
        missing = tuple(
            one for one in metric.fields
            if one.name not in inputs and one.spec.default is None and one.name != sought
        )
        if not name_length and last is None and all(one.spec.default is not None for one in metric.fields):
            missing = metric.fields  # inputs that may all be left out prove nothing: such a metric must be named
        score = _score(metric, name_length, platform, (*placed, *changes), missing, len(found), last is not None, inputs, before)
        known_before = all(one.name in before or one.spec.default is not None for one in metric.fields)
        return Reading(
            metric, inputs, frozenset(typed), missing, options, score, name_length > 0, goal,
            _vouched(metric, placed, inputs, carried), _unused(found, roles, (*placed, *changes)), line,
            next((figure.value for figure in found if roles[figure] == "stated"), None),
            before if changes and known_before else {}, last is not None,
        )

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
            if key is None and words != text:
                key, _ = choose(one, self.library, day, words, measures(words, figures(words, self.numbered), vocabulary))
            if key is not None:
                inputs[one.name] = key
        return options


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
