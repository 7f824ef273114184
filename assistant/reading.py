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
        mentions = [mention for mention in self.known.find(text) if _keys(mention, "platform")]
        rest = text
        for mention in reversed(mentions):
            rest = rest[: mention.start] + rest[mention.end :]
        if not history or not mentions or not _NOTHING_MORE.fullmatch(rest):
            return question
        before = fold(history[-1].question)
        for mention in reversed(self.known.find(before)):
            if _keys(mention, "platform"):
                before = before[: mention.start] + before[mention.end :]
        return f"{mentions[0].name}{before}"

    def _readings(
        self, text: str, found: Sequence[Figure], mentions: Sequence[Mention], platform: str | None,
        days: Sequence[Day], day: date, last: Understood | None,
    ) -> list[Reading]:
        named = _named(text, mentions)
        if last is not None:
            own = f"{last.metric}."
            shared = {id for m in mentions if any(k.startswith(own) for k in _keys(m, "input")) for id in _keys(m, "metric")}
            named = {id: length for id, length in named.items() if id == last.metric or id not in shared}
        candidates = set(named) | {key.split(".")[0] for m in mentions for key in _keys(m, "input")}
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
                if f"{metric.id}.{one.name}" in _keys(m, "input") and m.end - m.start >= shortest
            ]
            for one in metric.fields
        }
        own = [m for m in mentions if metric.id in _keys(m, "metric")]
        # 拼多多发货6000单: the 多 of a platform's name is no 'more'
        clear = _blanked(text, [m for m in mentions if _keys(m, "platform")])
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


def _keys(mention: Mention, kind: str) -> list[str]:
    prefix = f"{kind}:"
    return [key[len(prefix):] for key in mention.keys if key.startswith(prefix)]


def _platform(mentions: Iterable[Mention]) -> str | None:
    return next((key for mention in mentions for key in _keys(mention, "platform")), None)


def _holds_numeral(name: str) -> bool:
    return bool(re.search(r"[0-9零一二三四五六七八九十百千万两半]", name))


def _named(text: str, mentions: Sequence[Mention]) -> dict[str, int]:
    """Metrics asked for by name → length of the name; '不是纠纷退款率' and '客单价先不管' do not ask."""
    found: dict[str, int] = {}
    for mention in mentions:
        if phrases.DENIED.search(text[: mention.start]) or phrases.SET_ASIDE.match(text[mention.end :]):
            continue
        for id in _keys(mention, "metric"):
            found[id] = max(found.get(id, 0), mention.end - mention.start)
    return found


def _role(text: str, figure: Figure, metric: Metric, own: Sequence[Mention]) -> Role:
    """What a figure does in the sentence: a given value, a changed one, or a target for the metric's own result."""
    before, after = text[max(0, figure.start - 14) : figure.start], text[figure.end : figure.end + 12]
    if phrases.WANTED.search(text) and any(
        mention.end <= figure.start and _aimed_at(text[mention.end : figure.start]) for mention in own
    ):
        return "target"
    fits_input = any(unit_price(figure, one) is not None for one in metric.fields if one.kind in ("number", "many"))
    if _agrees(figure, metric.unit):
        if phrases.LINE.match(after):
            return "line"
        bound = phrases.BOUND.search(before) or phrases.BOUND_AFTER.match(after)
        beside = any(0 <= figure.start - mention.end <= BESIDE for mention in own)
        if beside and not bound and len(metric.fields) > 1 and phrases.LEVEL.search(text):
            return "stated"
        aimed = phrases.TARGET.search(before) or phrases.TARGET_AFTER.match(after)
        could_be_input = fits_input and (figure.unit == "" and metric.unit != "ratio")
        wanted = phrases.WANTED.search(text)
        if aimed and not could_be_input and (not fits_input or wanted):
            return "target"
        if bound and not wanted:
            return "line"  # somebody's threshold, not the asker's own value
        if not fits_input:
            if phrases.WANTED.search(text) and aimed:
                return "target"
            return "stated" if beside else "value"
    if phrases.FROM.search(before) and phrases.FROM_AFTER.match(after):
        return "old"
    if phrases.MORE.search(before):
        return "more"
    if phrases.LESS.search(before):
        return "less"
    clause_start = max((found.end() for found in _CLAUSE.finditer(text, 0, figure.start)), default=0)
    clause_end = _CLAUSE.search(text, figure.end)
    clause = text[clause_start : clause_end.start() if clause_end else len(text)]
    if phrases.TO.search(before) and phrases.HYPOTHETICAL.search(clause):
        return "new"
    return "value"


def _aimed_at(between: str) -> bool:
    """Whether the words between a metric's name and a figure make it the metric's target: '单车产值要到1250'."""
    return len(between) <= BESIDE and not _CLAUSE.search(between) and bool(phrases.TARGET.search(between))


def _blanked(text: str, mentions: Sequence[Mention]) -> str:
    for mention in mentions:
        text = text[: mention.start] + "□" * (mention.end - mention.start) + text[mention.end :]
    return text


def _agrees(figure: Figure, unit: str) -> bool:
    if unit == "ratio":
        return figure.unit == "ratio"
    if figure.unit == "元" and unit.startswith("元/"):
        return True
    return figure.unit == unit or (figure.unit == "" and unit in ("分", "factor", "level")) or (unit == "ppm" and figure.unit == "ppm")


def _value(one: Field, placed: Placed) -> InputValue:
    values = tuple(figure.value * in_hours(figure, one) for figure in placed.figures)
    return values if one.kind == "many" else values[0]


def _changed(role: Role, old: InputValue | None, new: InputValue) -> InputValue:
    if isinstance(old, float | int) and isinstance(new, float | int):
        if role == "more":
            return old + new
        if role == "less":
            return old - new
    return new


def _fill_equal_lists(metric: Metric, inputs: dict[str, InputValue]) -> None:
    """'不走一直0.5' beside a list of five means five times 0.5."""
    lists = {one.name: held for one in metric.fields if isinstance(held := inputs.get(one.name), tuple)}
    longest = max((len(held) for held in lists.values()), default=0)
    inputs |= {name: held * longest for name, held in lists.items() if len(held) == 1}


def _fill_dates(metric: Metric, days: Sequence[Day], inputs: dict[str, InputValue]) -> None:
    precise = [day.first for day in days if day.precise]
    for one, day in zip([one for one in metric.fields if one.kind == "date"], precise, strict=False):
        inputs[one.name] = day


def _drop_doubtful(placed: list[Placed], stated: Sequence[Figure], metric: Metric) -> list[Placed]:
    """A figure that only its unit speaks for is kept when no other left-over figure could be that input as well."""
    used = {figure for one in placed for figure in one.figures}
    spare = [figure for figure in stated if figure not in used]

    def rivalled(one: Placed) -> bool:
        own = metric.field(one.field)
        return any((price := unit_price(figure, own)) is not None and price < 0.5 for figure in spare)

    return [one for one in placed if one.named or not rivalled(one)]


def _goal(
    text: str, found: Sequence[Figure], roles: Mapping[Figure, Role], metric: Metric,
    naming: Mapping[str, Sequence[Mention]], given: set[str],
) -> tuple[Goal | None, float | None]:
    target = next((figure.value for figure in found if roles[figure] == "target"), None)
    line = next((figure.value for figure in found if roles[figure] == "line"), None)
    if metric.worse is None or (target is None and not phrases.AT_MOST.search(text)):
        return None, line
    if not phrases.WANTED.search(text):
        return None, line
    at_most = bool(phrases.AT_MOST.search(text))
    return Goal(target, _asked_field(text, metric, naming, given), at_most, not at_most and bool(phrases.DIFFERENCE.search(text))), line


def _asked_field(text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]], given: set[str]) -> str | None:
    """The input the person wants to know: named beside 多少/几, else the one whose change is meant by 还差/最多."""
    numbers = [one for one in metric.fields if one.kind == "number"]
    near = sorted(_asked_beside(text, numbers, naming))
    if metric.fraction is None:
        if near:
            return near[0][1]
        open_ones = [one.name for one in numbers if one.name not in given]
        return open_ones[0] if len(open_ones) == 1 else None
    part, whole = metric.fraction
    # 'how many more' of what is good, 'at most how many' of what is bad
    grows = part if metric.worse == "lower" else whole
    bounded = whole if metric.worse == "lower" else part
    meant = bounded if phrases.AT_MOST.search(text) else grows
    names = [name for _, name in near]
    return meant if not names or meant in names else names[0]


def _asked_beside(
    text: str, numbers: Sequence[Field], naming: Mapping[str, Sequence[Mention]]
) -> Iterable[tuple[int, str]]:
    """(distance, input) of every naming word that stands close to a 多少, 几 or 差 of the same clause."""
    asked = [found.start() for found in re.finditer(r"多少|几|差", text)]
    for one in numbers:
        for mention in naming[one.name]:
            for place in asked:
                gap = mention.start - place if mention.start >= place else place - mention.end
                if gap <= ASKED_WITHIN and not _CLAUSE.search(text[min(place, mention.start) : max(place, mention.end)]):
                    yield gap, one.name


def _vouched(
    metric: Metric, placed: Sequence[Placed], inputs: Mapping[str, InputValue], carried: Mapping[str, InputValue]
) -> bool:
    """Whether two or more inputs were said in so many words and none merely fits by its unit."""
    chosen = sum(one.kind == "choice" and inputs.get(one.name) != carried.get(one.name) for one in metric.fields)
    return len(placed) + chosen > 1 and all(one.named for one in placed)


def _unused(found: Sequence[Figure], roles: Mapping[Figure, Role], placed: Sequence[Placed]) -> bool:
    used = {figure for one in placed for figure in one.figures}
    return any(
        roles[figure] == "value" and figure not in used and figure.kind not in ("window", "range", "approx")
        for figure in found
    )


def _score(
    metric: Metric, name_length: int, platform: str | None, placed: Sequence[Placed], missing: Sequence[Field],
    figures_read: int, carried: bool, inputs: Mapping[str, InputValue], before: Mapping[str, InputValue],
) -> float:
    score = 3.0 + 0.3 * name_length if name_length else 0.0
    if platform and metric.platforms:
        score += 2.0 if platform in metric.platforms else -4.0
    score += sum(1.6 if one.named else 0.4 for one in placed)
    score += 0.8 * sum(one.kind in ("choice", "date") and inputs.get(one.name) != before.get(one.name) for one in metric.fields)
    score -= 0.9 * len(missing)
    score -= 0.4 * max(0, figures_read - sum(len(one.figures) for one in placed))
    return score + (0.5 if carried else 0.0)


def _worth_keeping(
    readings: list[Reading], named: Mapping[str, int], mentions: Sequence[Mention], found: Sequence[Figure]
) -> list[Reading]:
    """The best reading, and others that were asked for by a name of their own and are complete.

    A name with its figure right behind it ('CSI这月86', 'NCD 0.5') states a value and asks for none.
    """
    if not readings:
        return []
    given = {m.start for m in mentions if any(0 <= figure.start - m.end <= 4 for figure in found)}
    kept, places = [readings[0]], _places(readings[0].metric, mentions)
    for reading in readings[1:]:
        own = _places(reading.metric, mentions) - given
        asked = reading.metric.id in named and own and not own & places and reading.score >= ASKED_BESIDES
        if asked and reading.complete and readings[0].complete:
            kept.append(reading)
            places |= own
    return kept


def _places(metric: Metric, mentions: Sequence[Mention]) -> set[int]:
    return {mention.start for mention in mentions if metric.id in _keys(mention, "metric")}
