"""What is said when figures are missing: the question for the next one, with its options, and what was heard already."""

from datetime import date

from assistant.choices import possible
from assistant.findings import shown
from assistant.library import Library
from assistant.metrics import Field
from assistant.tables import Table
from assistant.understanding import Reading
from assistant.wording import count_in_words, say

MOST_OPTIONS = 8
MOST_WORDS = 6


def question(library: Library, reading: Reading, day: date) -> str:
    """The sentence that asks for the next missing thing."""
    metric, missing = reading.metric, list(reading.missing)
    if not missing and reading.goal is not None:
        if reading.goal.target is None:
            return f"你想把{metric.label}控制在多少？告诉我目标，就能倒推。"
        return f"要达到{say(reading.goal.target, metric.unit)}，你想改哪个数？"
    labels = [one.spec.label for one in missing]
    of = f"{reading.where}的" if reading.where else ""
    text = f"算{of}{metric.label}还差{count_in_words(len(labels))}个数：{'、'.join(labels)}。"
    first = missing[0]
    if first.kind == "choice":
        options = reading.options.get(first.name) or possible(first, library, day)
        if len(options) <= MOST_OPTIONS:
            table = library.tables[str(first.spec.choice)]
            return f"{text}{first.spec.label}是哪一种：{'；'.join(_option(table, key, day) for key in options)}？"
    return text + _single(first)


def heard(library: Library, reading: Reading) -> str:
    """What was read so far, so that nobody types it twice."""
    told = [
        # 没有申诉通过的 is read back as it was said
        f"{one.spec.label}{'没有' if one.kind == 'number' and value == 0 else shown(library, one, value).said}"
        for one in reading.metric.fields if (value := reading.inputs.get(one.name)) is not None
    ]
    return f"已经读到：{'，'.join(told)}。" if told else ""


def read_back(library: Library, readings: list[Reading]) -> str:
    """What a computation starts from, in one line."""
    parts = [
        f"{one.spec.label}{shown(library, one, reading.inputs[one.name]).said}"
        for reading in readings for one in reading.metric.fields if one.name in reading.inputs
    ]
    return "读到" + "、".join(dict.fromkeys(parts))


def _single(field: Field) -> str:
    hint = f"（{field.spec.hint}）" if field.spec.hint else ""
    what = "是哪一种" if field.kind == "choice" else "是哪一天" if field.kind == "date" else "是多少"
    return f"请先告诉我{field.spec.label}{what}{hint}？"


def _option(table: Table, key: str, day: date) -> str:
    """A choice with the words that belong to it: 'D方案（北京、天津、河北、宁夏）'."""
    cell = (table.on(day) or (None, {}))[1].get(key)
    words = [word for word in cell if isinstance(word, str)] if isinstance(cell, tuple) else []
    more = "等" if len(words) > MOST_WORDS else ""
    return f"{table.name(key)}（{'、'.join(words[:MOST_WORDS])}{more}）" if words else table.name(key)
