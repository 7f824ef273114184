"""Which metrics a question may be about: each one read, the best first, with what earlier turns left standing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant import phrases
from assistant.again import more_than
from assistant.amendments import sets_right
from assistant.assignment import TOTAL_WORDS
from assistant.carrying import added
from assistant.choices import choose, measures
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.mentions import Mention, keys
from assistant.metric_reading import MetricReader, Parsed
from assistant.metrics import Metric
from assistant.scoring import SET_RIGHT, named_by_share, named_metrics, worth_keeping
from assistant.understanding import Exchange, Reading, Understood

LEAST_CHOICES = 2
DERIVED = 2.5  # an input that could be worked out is as good as one that was given
UNASKED = 1.5  # taken off a metric that is not named while another is
MORE = 6  # letters that say something else than when: 起诉到法院了
LEANS = 40  # characters up to which a question may take over inputs that the turn before gave by the same name


class Candidates:
    """The metrics of a library as readings of a text; `numbered` are names whose numerals are no figures."""

    def __init__(self, library: Library, numbered: Sequence[str]) -> None:
        self.library = library
        self.metrics = MetricReader(library, numbered)
        self.by_choice = [
            metric for metric in library.metrics.values()
            if sum(one.kind == "choice" for one in metric.fields) >= LEAST_CHOICES
        ]
        self.by_label = {metric.label: metric for metric in library.metrics.values()}

    def read(self, parsed: Parsed, history: Sequence[Exchange], *, following: bool, dated: bool) -> list[Reading]:
        """Readings worth answering, the best first.

        `following`: the text goes on from the turn before; `dated`: it names the day whose rules count.
        """
        last = history[-1].understood if history else None
        named = _named(parsed, last)
        # 一共 and 总共 say of no metric that it is meant
        telling = [m for m in parsed.mentions if m.name not in TOTAL_WORDS]
        candidates = set(named) | {key.split(".")[0] for m in telling for key in keys(m, "input")}
        candidates |= self._chosen(parsed) if not named else set()
        if not dated:
            candidates = {id for id in candidates if not self._only_dated(id)}
        elsewhere = last if following or len(parsed.text) <= LEANS else None
        readings = [
            self.metrics.read(self.library.metrics[id], parsed, named.get(id, 0), elsewhere=elsewhere) for id in sorted(candidates)
        ]
        for id, length in named_by_share(parsed.text, parsed.mentions).items():
            share = self.metrics.read(self.library.metrics[id], parsed, length, elsewhere=elsewhere)
            if id not in named and not share.loose:  # a whole that only its unit speaks for may be another part
                readings = [share if one.metric.id == id else one for one in readings]
                named = {**named, id: length}
        readings = [self._returned_to(one, history, parsed, named.get(one.metric.id, 0)) for one in readings]
        if last is not None and last.metric in self.library.metrics:
            readings = self._going_on(readings, named, parsed, last, self.library.metrics[str(last.metric)])
        readings = [self._derived(one, parsed) if one.named and one.missing else one for one in readings]
        return self._together(_best_first(readings, named, parsed), named, parsed, last)

    def _going_on(
        self, readings: list[Reading], named: Mapping[str, int], parsed: Parsed, last: Understood, metric: Metric
    ) -> list[Reading]:
        """The readings with that of the metric the turn before was about, unless another one is asked for by name."""
        name_length = named.get(metric.id, 0)
        more = added(metric, parsed.text, parsed.figures, parsed.mentions, last.inputs)
        if more:
            whole = self.metrics.read(metric, parsed, name_length, last)
            whole = replace(whole, inputs={**last.inputs, **more}, typed=frozenset(more), goal=None, stated=None)
            return [*readings, replace(whole, score=whole.score + SET_RIGHT)]
        if named and metric.id not in named:
            return readings
        if last.inputs and sets_right(parsed.text, parsed.figures):
            readings = [one for one in readings if one.named and one.metric is not metric]
        alone = self.metrics.read(metric, parsed, name_length, replace(last, inputs={}, previous={}))
        if phrases.BY_ITSELF.search(parsed.text) and alone.complete and alone.typed:  # 这次单独算
            return [*readings, alone]
        going_on = self.metrics.read(metric, parsed, name_length, last)
        return readings if _of_another_event(going_on, readings, parsed) else [*readings, going_on]

    def _together(
        self, readings: list[Reading], named: Mapping[str, int], parsed: Parsed, last: Understood | None
    ) -> list[Reading]:
        """What changes a metric changes those told together with it too: 是均值的几倍、最高的几倍, and then 要是降到95呢."""
        first = next(iter(readings), None)
        if last is None or first is None or named or len(readings) > 1 or not (first.carried and first.complete and first.typed):
            return readings
        if first.metric.id != last.metric or first.goal is not None:
            return readings
        for id, inputs in last.also.items():
            if id not in self.library.metrics:
                continue
            again = self.metrics.read(self.library.metrics[id], parsed, 0, replace(last, metric=id, inputs=inputs, previous={}))
            same = all(again.inputs.get(name) == value for name, value in first.inputs.items() if name in inputs)
            if again.complete and again.typed and again.goal is None and same:
                readings = [*readings, again]
        return readings

    def _chosen(self, parsed: Parsed) -> set[str]:
        """Metrics that are told by their choices alone: 'seven seats, Sichuan, two years without a claim'."""
        said = measures(parsed.text, parsed.figures, self.library.vocabulary.measures)
        if not said:
            return set()
        return {
            metric.id for metric in self.by_choice
            if sum(
                choose(one, self.library, parsed.day, parsed.text, said)[0] is not None for one in metric.fields if one.kind == "choice"
            ) >= LEAST_CHOICES
        }

    def _only_dated(self, metric: str) -> bool:
        """Whether today's version is too uncertain to compute with."""
        definition = self.library.definition(metric)
        return definition is not None and definition.dated_only

    def _returned_to(self, reading: Reading, history: Sequence[Exchange], parsed: Parsed, name_length: int) -> Reading:
        """A metric named again after others were spoken of: what is missing now was told when it was the subject."""
        if not reading.named or not reading.missing or not history or history[-1].understood.metric == reading.metric.id:
            return reading
        earlier = next((one.understood for one in reversed(history[:-1]) if one.understood.metric == reading.metric.id), None)
        if earlier is None or not earlier.inputs:
            return reading
        return self.metrics.read(reading.metric, parsed, name_length, earlier)

    def _derived(self, reading: Reading, parsed: Parsed) -> Reading:
        """A missing input that is the result of another metric whose own inputs were given: two years insured, one claim."""
        for missing in reading.missing:
            producer = next((self.by_label[name] for name in (missing.spec.label, *missing.spec.aliases) if name in self.by_label), None)
            if producer is None or producer.id == reading.metric.id:
                continue
            source = self.metrics.read(producer, parsed, len(producer.label))
            if source.missing or not source.typed or source.loose:
                continue
            try:
                value = producer.compute(source.inputs, self.library.numbers(parsed.day))
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


def _named(parsed: Parsed, last: Understood | None) -> Mapping[str, int]:
    """Metrics asked for by name → length of the name; a name the last subject has as an input asks for nothing else."""
    named = named_metrics(parsed.text, parsed.mentions)
    if last is None:
        return named
    shared = {id for m in parsed.mentions if _names_input_of(last.metric, m) for id in keys(m, "metric")}
    return {id: length for id, length in named.items() if id == last.metric or id not in shared}


def _names_input_of(metric: str | None, mention: Mention) -> bool:
    return any(key.startswith(f"{metric}.") for key in keys(mention, "input"))


def _of_another_event(reading: Reading, others: Sequence[Reading], parsed: Parsed) -> bool:
    """Whether the day told is that of something else than the day held: 11月20号达成了赔偿协议 after 材料11月5号交齐."""
    if reading.named or not _days_given(reading) or _says_which_day(reading, parsed):
        return False
    if any(other.complete and _says_which_day(other, parsed) for other in others):
        return True
    said = "".join(letter for place, letter in enumerate(parsed.text) if not any(day.start <= place < day.end for day in parsed.days))
    return bool(phrases.WHICH_DAY.search(said)) and len(more_than(said, reading.metric)) > MORE


def _days_given(reading: Reading) -> set[str]:
    return {one.name for one in reading.metric.fields if one.kind == "date" and one.name in reading.typed}


def _says_which_day(reading: Reading, parsed: Parsed) -> bool:
    """Whether a word of the text says of the day given what happened on it."""
    own = {f"{reading.metric.id}.{name}" for name in _days_given(reading)}
    return any(key in own for mention in parsed.mentions for key in keys(mention, "input"))


def _best_first(readings: Sequence[Reading], named: Mapping[str, int], parsed: Parsed) -> list[Reading]:
    """The readings worth keeping, and behind them those that give one of them an input."""
    # a metric that is neither named nor given anything would only pass for the subject of the next turn
    told = [one for one in readings if one.named or one.typed or one.carried or one.goal is not None or one.stated is not None]
    asked = any(one.named and not one.carried and (one.typed or one.goal) for one in told)
    told.sort(key=lambda one: (UNASKED if asked and not (one.named or one.carried) else 0.0) - one.score)
    kept = worth_keeping(told, named, parsed.mentions, parsed.figures, parsed.text)
    shown = {one.metric.id for one in kept}
    return [*kept, *(one.source for one in kept if one.source is not None and one.source.metric.id not in shown)]
