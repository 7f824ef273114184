"""Days of a text as the date inputs of a metric."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from assistant import phrases
from assistant.days import Day
from assistant.mentions import Mention
from assistant.metrics import InputValue, Metric
from assistant.numerals import numeral

DAY_BESIDE = 14  # characters between a day and the word that says what happened on it


def fill_dates(
    text: str, metric: Metric, days: Sequence[Day], naming: Mapping[str, Sequence[Mention]], inputs: dict[str, InputValue]
) -> None:
    """Days known exactly are the date inputs: the one nearest to a word that names the input, else the first left."""
    # 11月9号(周一) is one day said twice
    precise = [
        day for place, day in enumerate(days)
        if day.precise and not (place and text[days[place - 1].end : day.start].strip() in ("(", "") and days[place - 1].precise)
    ]
    fields = [one for one in metric.fields if one.kind == "date"]
    named = sorted(
        (_apart(text, day, mention), mention.start - mention.end, place, one.name)
        for one in fields for mention in naming[one.name] for place, day in enumerate(precise)
    )
    taken: set[int] = set()
    given: set[str] = set()
    for gap, _, place, name in named:
        if gap <= DAY_BESIDE and name not in given and place not in taken:
            inputs[name] = precise[place].first
            taken.add(place)
            given.add(name)
    for one in fields:
        held, moved = inputs.get(one.name), phrases.DAYS_LATER.search(text)
        if isinstance(held, date) and not precise and moved:
            count = numeral(moved["n"])
            inputs[one.name] = held + timedelta(days=int(count or 0) * (-1 if moved["early"] else 1))
    left = [day for place, day in enumerate(precise) if place not in taken]
    for one, day in zip([one for one in fields if one.name not in given], left, strict=False):
        inputs[one.name] = day.first


def _apart(text: str, day: Day, mention: Mention) -> int:
    """Characters between a day and a word; a word before the day and a stop between them count more."""
    start, end = (day.end, mention.start) if mention.start >= day.end else (mention.end, day.start)
    behind = 0 if mention.start >= day.end else 2
    return max(0, end - start) + behind + 4 * len(phrases.CLAUSE_END.findall(text[start:end]))
