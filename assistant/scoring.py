"""Which of several readings of a question is meant."""

from collections.abc import Mapping, Sequence

from assistant import phrases
from assistant.assignment import Placed
from assistant.figures import Figure
from assistant.mentions import Mention, keys
from assistant.metrics import Field, InputValue, Metric, registry
from assistant.understanding import Reading

ASKED_BESIDES = 3.0  # the score a second metric of one question needs: named, and its figures named too
BEYOND = 4.0  # taken off a metric that nobody named when a figure is more than its input can be
SET_RIGHT = 4.0  # added when figures prove to set right what was told before: no reading of their own explains them better
ANOTHER_TARGET = 1.0  # added when the turn before had a target and this one gives another: 放到千分之二呢
NEXT_WORD = 2  # characters between two words that ask for one day: 最晚 是 哪天
HANGS = 6  # characters between what a day hangs on and the question for it
UNPROVEN = 2.5  # taken off when nothing but inputs that may all be left out speaks for a metric


def named_metrics(text: str, mentions: Sequence[Mention]) -> dict[str, int]:
    """Metrics asked for by name → length of the name; '不是纠纷退款率' and '客单价先不管' do not ask."""
    found: dict[str, int] = {}
    for mention in mentions:
        if phrases.DENIED.search(text[: mention.start]) or phrases.SET_ASIDE.match(text[mention.end :]):
            continue
        hangs = keys(mention, "about") if phrases.WHICH_DAY.search(text) else []
        for id in (*keys(mention, "metric"), *hangs):
            found[id] = max(found.get(id, 0), mention.end - mention.start)
    return found


def named_by_share(text: str, mentions: Sequence[Mention]) -> dict[str, int]:
    """Metrics that say what share of a whole a part is, asked for by the part: 钣喷29.7万，占比多少 → length of its name.

    Or by part and whole: 罚了1.2万，占派费百分之多少.
    """
    found: dict[str, int] = {}
    for mention in mentions:
        if not phrases.SHARE.match(text[mention.end :]):
            continue
        for key in keys(mention, "input"):
            id, _, name = key.partition(".")
            metric = registry()[id]
            if metric.unit == "ratio" and metric.fraction is not None and metric.fraction[0] == name:
                found[id] = mention.end - mention.start
    for mention in mentions:
        if not (phrases.OF_WHOLE.search(text[: mention.start]) and phrases.HOW_LARGE.match(text[mention.end :])):
            continue
        for key in keys(mention, "input"):
            id, _, name = key.partition(".")
            metric = registry()[id]
            if metric.unit == "ratio" and metric.fraction is not None and metric.fraction[1] == name:
                part = [m for m in mentions if m.end <= mention.start and f"{id}.{metric.fraction[0]}" in keys(m, "input")]
                if part:
                    found[id] = max(m.end - m.start for m in part)
    return found


def score(
    metric: Metric, name_length: int, platform: str | None, placed: Sequence[Placed], missing: Sequence[Field],
    figures_read: int, carried: bool, inputs: Mapping[str, InputValue], before: Mapping[str, InputValue], aimed: bool,
) -> float:
    """How much of the question a reading explains, less what it lacks."""
    total = 3.0 + 0.3 * name_length if name_length else 0.0
    if platform and metric.platforms:
        total += 2.0 if platform in metric.platforms else -4.0
    total += sum(1.6 if one.named else 0.4 for one in placed)
    total += 0.8 * sum(one.kind in ("choice", "date") and inputs.get(one.name) != before.get(one.name) for one in metric.fields)
    total -= 0.9 * len(missing)
    total -= 0.4 * max(0, figures_read - sum(len(one.figures) for one in placed) - aimed)
    if not name_length and any(
        one.spec.maximum is not None and isinstance(value := inputs.get(one.name), float) and value > one.spec.maximum
        for one in metric.fields
    ):
        total -= BEYOND
    return total + (0.5 if carried else 0.0)


def vouched(
    metric: Metric, placed: Sequence[Placed], inputs: Mapping[str, InputValue], carried: Mapping[str, InputValue]
) -> bool:
    """Whether two or more inputs were said in so many words and none merely fits by its unit."""
    chosen = sum(one.kind == "choice" and inputs.get(one.name) != carried.get(one.name) for one in metric.fields)
    return len(placed) + chosen > 1 and all(one.named for one in placed)


def worth_keeping(
    readings: list[Reading], named: Mapping[str, int], mentions: Sequence[Mention], found: Sequence[Figure], text: str
) -> list[Reading]:
    """The best reading, and others that were asked for by a name of their own and are complete.

    A name with its figure right behind it ('CSI这月86', 'NCD 0.5') states a value and asks for none.
    """
    if not readings:
        return []
    given = {m.start for m in mentions if any(0 <= figure.start - m.end <= 4 for figure in found) and not phrases.ASKED_JUST_BEFORE.search(m.name)}
    kept, places = [readings[0]], _places(readings[0].metric, mentions) | _inputs(readings[0], mentions)
    for reading in readings[1:]:
        own = (_places(reading.metric, mentions) or _hanging(reading.metric, mentions, text)) - given
        asked = reading.metric.id in named and own and not own & places and reading.score >= ASKED_BESIDES
        proven = not reading.loose or readings[0].loose or set(reading.inputs.values()) <= set(readings[0].inputs.values())
        if asked and reading.complete and readings[0].complete and proven:
            kept.append(reading)
            places |= own
    return kept if len(kept) > 1 or not readings[0].complete else [*kept, *_beside(readings, mentions, places, text)]


def _beside(readings: Sequence[Reading], mentions: Sequence[Mention], places: set[int], text: str) -> list[Reading]:
    """The only other reading that is asked for without a name of its own: 两个率都给我, 工位利用率 周转率."""
    first = readings[0]
    idle = {one.metric.id for one in readings if one.named and not one.typed}
    loose = [m.name for m in mentions if m.start not in places and (named := keys(m, "metric")) and set(named) <= idle]
    others = [
        one for one in readings[1:]
        if one.complete and one.vouched and not one.loose and one.goal is None and one.metric.id != first.metric.id
        and not set(one.inputs.values()) <= set(first.inputs.values())
        and (any(one.metric.label.endswith(name) for name in loose)
             or (phrases.BOTH_RATES.search(text) and one.metric.unit == first.metric.unit == "ratio"))
    ]
    return others if len(others) == 1 else []


def _places(metric: Metric, mentions: Sequence[Mention]) -> set[int]:
    return {mention.start for mention in mentions if metric.id in keys(mention, "metric")}


def _hanging(metric: Metric, mentions: Sequence[Mention], text: str) -> set[int]:
    """Where a second day is asked for by what hangs on it: 最晚哪天核定，… 先付那部分最晚哪天. Not where a name claims the question."""
    asked: list[tuple[int, int]] = []
    for found in phrases.WHICH_DAY.finditer(text):
        if asked and found.start() - asked[-1][1] <= NEXT_WORD:
            asked[-1] = asked[-1][0], found.end()
        else:
            asked.append(found.span())
    free = [
        (start, end) for start, end in asked
        if not any(keys(m, "metric") and m.start < end + HANGS and m.end > start for m in mentions)
    ]
    return {
        m.start for m in mentions if len(asked) > 1 and metric.id in keys(m, "about")
        and any(0 <= start - m.end <= HANGS and not phrases.CLAUSE_END.search(text, m.end, start) for start, _ in free)
    }


def _inputs(reading: Reading, mentions: Sequence[Mention]) -> set[int]:
    """Where a reading's inputs are named by the name of another metric: of 纠纷退款率得80分 that rate is not asked for."""
    given = {f"{reading.metric.id}.{name}" for name in reading.typed}
    return {m.start for m in mentions if keys(m, "metric") and given & set(keys(m, "input"))}
