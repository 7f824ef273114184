"""The figures a paper needs, gathered from this message and from the conversation before it.

Nobody asks here for one metric, so a figure counts only when a word beside it names the input; what an earlier turn was
really computed with counts as it stood.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from assistant.assignment import Placed, assign, converted
from assistant.choices import choose, measures
from assistant.days import Day, mentions as day_mentions
from assistant.figures import Figure, figures, fold
from assistant.guides import Guide
from assistant.library import Library
from assistant.mentions import Mention, Names, keys
from assistant.metrics import Field, InputValue, Metric
from assistant.reading import Reader
from assistant.roles import role
from assistant.understanding import Exchange

BESIDE = 14  # characters between a day and the word that names it
A_STOP = 5  # characters a comma between them counts for
LONGER_NAME = 1.5  # a character more of a name outweighs so many between it and the day
_STOP = re.compile(r"[,，。;；!！?？\n]")

Inputs = dict[str, dict[str, InputValue]]
"""metric → input → value"""


def gathered(reader: Reader, guide: Guide, question: str, today: date, history: Sequence[Exchange] = ()) -> Inputs:
    """What is known of the inputs of a guide's metrics; a later word counts more than an earlier one."""
    library = reader.library
    found: Inputs = {id: {} for id in guide.metrics}
    for exchange in history:
        _add(found, told(reader, guide, exchange.question, today))
        if (id := exchange.understood.metric) in found:
            names = {one.name for one in library.metrics[str(id)].fields}
            _add(found, {str(id): {name: value for name, value in exchange.understood.inputs.items() if name in names}})
    _add(found, told(reader, guide, question, today))
    return {id: inputs | _shared(library, id, inputs, found) for id, inputs in found.items()}


def told(reader: Reader, guide: Guide, question: str, today: date) -> Inputs:
    """The inputs of a guide's metrics that one text gives in so many words; metrics it gives nothing are left out."""
    library, text = reader.library, fold(question)
    days = day_mentions(text, today)
    numbers = [f for f in figures(text, reader.glossary.numbered) if not any(d.start < f.end and f.start < d.end for d in days)]
    mentions = reader.glossary.find(text, misspelt=False)
    said = measures(text, numbers, library.vocabulary.measures)
    placed = {id: _placed(text, numbers, library.metrics[id], mentions) for id in guide.metrics}
    rows = {figure for own in placed.values() for one in own if len(one.figures) > 1 for figure in one.figures}
    found: Inputs = {}
    for id in guide.metrics:
        metric = library.metrics[id]
        # 做了80、100、90: the first of a row is no figure of its own
        inputs = {one.field: _value(metric, one) for one in placed[id] if len(one.figures) > 1 or one.figures[0] not in rows}
        for one in metric.fields:
            if one.kind == "choice" and (key := choose(one, library, today, text, said)[0]) is not None:
                inputs[one.name] = key
        found[id] = inputs
    _add(found, _dates(library, guide, text, [day for day in days if day.precise], mentions))
    return {id: inputs for id, inputs in found.items() if inputs}


def _add(found: Inputs, more: Mapping[str, Mapping[str, InputValue]]) -> None:
    for id, inputs in more.items():
        found[id] = found.get(id, {}) | dict(inputs)


def _placed(text: str, found: Sequence[Figure], metric: Metric, mentions: Sequence[Mention]) -> list[Placed]:
    """The figures beside a word that names an input of the metric."""
    naming = {one.name: [m for m in mentions if f"{metric.id}.{one.name}" in keys(m, "input")] for one in metric.fields}
    own = [m for m in mentions if metric.id in keys(m, "metric")]
    given = [figure for figure in found if role(text, figure, metric, own, naming) in ("value", "old", "new", "target")]
    return [placed for placed in assign(text, given, metric, naming) if placed.named]


def _value(metric: Metric, placed: Placed) -> InputValue:
    field = metric.field(placed.field)
    values = tuple(figure.value * converted(figure, field) for figure in placed.figures)
    return values if field.kind == "many" else values[0]


def _dates(
    library: Library, guide: Guide, text: str, days: Sequence[Day], mentions: Sequence[Mention]
) -> Inputs:
    """Each day is one thing: that whose name stands nearest, the longer name first. Inputs of one label are one thing."""
    fields = [(id, one) for id in guide.metrics for one in library.metrics[id].fields if one.kind == "date"]
    labels = list(dict.fromkeys(one.spec.label for _, one in fields))
    names: dict[str, list[str]] = {}
    for _, one in fields:
        for word in {fold(word) for word in (one.spec.label, *one.spec.aliases)}:
            names.setdefault(word, []).append(one.spec.label)
    near = sorted(
        (gap - LONGER_NAME * len(named.name), labels.index(label), place)
        for named in Names(names).find(text) for place, day in enumerate(days) if (gap := _apart(text, day, named)) <= BESIDE
        for label in named.keys
    )
    meant: dict[str, date] = {}
    taken: set[int] = set()
    for _, label, place in near:
        if labels[label] not in meant and place not in taken:
            meant[labels[label]] = days[place].first
            taken.add(place)
    if len(days) == 1 and not taken:  # 申诉截止哪天，11月23日: the only day belongs to the metric asked for by name
        asked = {id for mention in mentions for id in keys(mention, "metric")}
        meant |= {one.spec.label: days[0].first for id, one in fields if id in asked}
    found: Inputs = {}
    for id, one in fields:
        if one.spec.label in meant:
            found.setdefault(id, {})[one.name] = meant[one.spec.label]
    return found


def _apart(text: str, day: Day, named: Mention) -> int:
    start, end = (day.end, named.start) if named.start >= day.end else (named.end, day.start)
    return max(0, end - start) + A_STOP * len(_STOP.findall(text[start:end]))


def _shared(library: Library, id: str, inputs: Mapping[str, InputValue], found: Inputs) -> dict[str, InputValue]:
    """Inputs that another metric of the same paper was given under the same name."""
    taken: dict[str, InputValue] = {}
    for one in library.metrics[id].fields:
        if one.name in inputs:
            continue
        for other_id, others in found.items():
            same = next((f for f in library.metrics[other_id].fields if _same(one, f) and f.name in others), None)
            if same is not None and other_id != id:
                taken[one.name] = others[same.name]
                break
    return taken


def _same(one: Field, other: Field) -> bool:
    alike = one.kind == other.kind and one.spec.unit == other.spec.unit
    return alike and (one.name == other.name or one.spec.label == other.spec.label)
