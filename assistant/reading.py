"""From a typed sentence to what it says: metrics with their inputs, days, platform, and how it goes on from earlier turns."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant import phrases
from assistant.amendments import refers
from assistant.another import forgotten, in_the_words_before, lacking, somebody_else
from assistant.candidates import Candidates
from assistant.carrying import going_on_from, in_month_of
from assistant.counted_cases import counted_cases
from assistant.days import Day, as_of, impossible, mentions as day_mentions, moved
from assistant.each import each_and_all
from assistant.earlier import beside_last, compared_before
from assistant.errors import AssistantError
from assistant.figures import Figure, figures, fold
from assistant.glossary import Glossary, only_a_name, only_figures, platform, without
from assistant.labelled import apart, by_label
from assistant.library import Library
from assistant.metric_reading import Parsed
from assistant.several import by_day, by_platform, named_before
from assistant.understanding import Exchange, Reading, Understanding

LOOK_BACK = 6  # turns in which something that is missing may have been told
SHORT = 12  # characters of a question that leaves out what was said before

_NOTHING_MORE = re.compile(r"[那的呢么吗店呀啊?？，,。 换成是怎样样]*")


class Reader:
    """Reads questions against the metrics and words of a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.glossary = Glossary(library)
        self.candidates = Candidates(library, self.glossary.numbered)

    def read(self, question: str, today: date, history: Sequence[Exchange] = ()) -> Understanding:
        """Everything a question says, with what earlier turns left standing."""
        text = fold(question)
        history, case = named_before(
            text, going_on_from(text, history), lambda part: self.read(part, today), self.glossary.find,
        )
        last = history[-1].understood if history else None
        days = in_month_of(day_mentions(text, today), last)
        day = as_of(text, today)
        found = [
            f for f in figures(text, self.glossary.numbered) if not any(d.start < f.end and f.start < d.end for d in days)
        ]
        mentions = self.glossary.find(text)
        stranger = somebody_else(text, found, history)
        if stranger:
            whole = self._of_somebody_else(text, stranger, found, history[-1], today)
            if whole is not None:
                return whole
            history = forgotten(history)
            last = history[-1].understood
        following = last is not None and (
            bool(phrases.FOLLOWING.search(text)) or len(text) <= SHORT or refers(text, found, last.inputs)
        )
        if day is None and following and last is not None and last.day is not None and not days:
            day = moved(text, last.day) or last.day
        parsed = Parsed(text, tuple(found), tuple(mentions), platform(mentions), days, day or today)

        def understood(readings: Sequence[Reading], following: bool) -> Understanding:
            return _understanding(parsed, readings, history, today, following=following, dated=day is not None)

        several = self._several(parsed, today, history, following)
        if several:
            return understood(several, True)
        readings = self.candidates.read(parsed, history, following=following or bool(case), dated=day is not None)
        if following and not stranger and readings and readings[0].named and readings[0].missing:
            readings = [self._told_earlier(readings[0], history, today), *readings[1:]]
        if case and not found and phrases.COMPUTE.search(text) and not (phrases.ADVICE.search(text) or phrases.HOW.search(text)):
            readings = [replace(one, where=case.upper()) if one.carried and one.complete else one for one in readings]
        if stranger:
            readings = [lacking(one, stranger) if one.carried and one.missing else one for one in readings]
        if readings and (pair := beside_last(text, readings[0], history, self.library.metrics)):
            return understood(pair, True)
        if (found or readings) and not any((one.complete and one.named) or one.goal is not None for one in readings):
            whole = self._in_pieces(question, today, history) or self._said_before(question, found, readings, today, history)
            if whole is not None:
                return whole
        return understood([apart(text, found, one) for one in each_and_all(text, readings)], following)

    def _several(self, parsed: Parsed, today: date, history: Sequence[Exchange], following: bool) -> list[Reading]:
        """The cases of a question that holds more than one, each complete; else nothing."""
        text, found = parsed.text, parsed.figures

        def alone(part: str) -> Understanding:
            return self.read(part, today)

        def on(day: date) -> list[Reading]:
            return self.candidates.read(replace(parsed, day=day), history, following=following, dated=True)

        return (
            by_platform(text, parsed.mentions, found, alone)
            or by_label(text, found, alone, self.glossary.find)
            or counted_cases(text, found, alone, self.glossary.find)
            or by_day(text, parsed.days, today, on)
            or compared_before(text, found, history, self.library.metrics, alone, self.glossary.find)
        )

    def _of_somebody_else(
        self, text: str, name: str, found: Sequence[Figure], last: Exchange, today: date
    ) -> Understanding | None:
        """The question before asked of somebody else, whose figures come in the same order without their names."""
        told = in_the_words_before(text, name, found, last, self.glossary.find)
        whole = self.read(told, today) if told else None
        best = whole.readings[0] if whole is not None and whole.readings else None
        if whole is None or best is None or not best.complete or best.loose or best.metric.id != last.understood.metric:
            return None
        try:
            best.metric.check(best.inputs)
        except AssistantError:
            return None  # 8单，9000单 of one whose question before told the whole first
        return replace(whole, text=text, figures=tuple(found), following=True, readings=(replace(best, where=name.upper()),))

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

    def _said_before(
        self, question: str, found: Sequence[Figure], readings: Sequence[Reading], today: date, history: Sequence[Exchange]
    ) -> Understanding | None:
        """Another metric asked for by name, without a figure, when the question before gave all it takes: 平均每天还得做多少."""
        if found or not history or not readings or not readings[0].named or readings[0].complete:
            return None
        whole = self.read(f"{history[-1].question}，{question}", today, history[:-1])
        done = whole.readings[:1]
        return replace(whole, following=True) if done and done[0].complete and done[0].metric.id == readings[0].metric.id else None

    def _told_earlier(self, reading: Reading, history: Sequence[Exchange], today: date) -> Reading:
        """The reading with what it lacks from the latest question that told it: 派了16万票, three questions before 每票摊多少."""
        lacking = {one.name for one in reading.missing}
        if any(one.kind != "number" for one in reading.missing):
            return reading  # a day or a row of a table may have been told of something else
        for exchange in reversed(history[-LOOK_BACK:]):
            text = fold(exchange.question)
            days = tuple(day_mentions(text, today))
            parsed = Parsed(
                text, tuple(figures(text, self.glossary.numbered)), tuple(self.glossary.find(text)), None, days, as_of(text, today) or today,
            )
            told = self.candidates.metrics.read(reading.metric, parsed, len(reading.metric.label))
            if lacking <= told.typed and not told.loose and told.goal is None:
                inputs = {**reading.inputs, **{name: told.inputs[name] for name in lacking}}
                return replace(reading, inputs=inputs, missing=(), typed=reading.typed | lacking)
        return reading

    def completed(self, question: str, history: Sequence[Exchange]) -> str:
        """The question in words we know: dialect and pinyin spelt out, and '淘宝的呢' as the last question again."""
        text = fold(question)
        spelt = self.glossary.spelt(text)
        platforms = self.glossary.platforms(spelt)
        if not history or not platforms or not _NOTHING_MORE.fullmatch(without(spelt, platforms)):
            return question if spelt == text else spelt
        before = fold(history[-1].question)
        return platforms[0].name + without(before, self.glossary.platforms(before))


def _understanding(
    parsed: Parsed, readings: Sequence[Reading], history: Sequence[Exchange], today: date, *, following: bool, dated: bool
) -> Understanding:
    """`dated`: whether the day whose rules count was named, in the text or by the turn before."""
    text = parsed.text
    last = history[-1].understood if history else None
    return Understanding(
        text, parsed.figures, parsed.days, parsed.day, dated, parsed.platform or (last.platform if last and following else None),
        tuple(readings), following, bool(phrases.HOW.search(text)), bool(phrases.ASK_TO_COMPUTE.search(text)),
        _day_words(parsed.days, parsed.day) if dated else "", bool(phrases.ADVICE.search(text)), bool(phrases.MEANING.search(text)), last,
        impossible(text, today), only_a_name(text, parsed.mentions),
        only_figures(text, parsed.mentions, [*((one.start, one.end) for one in parsed.figures), *((one.start, one.end) for one in parsed.days)]),
    )


def _day_words(days: Sequence[Day], day: date) -> str:
    """How the question named the day the rules are read from."""
    named = next((one for one in days if one.first <= day <= one.last), None)
    return named.raw.removeprefix("按") if named else ""
