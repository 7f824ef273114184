"""The forms of the metrics: which ones fit a query, how a form is shown, and whether what was filled in can be computed."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from assistant.choices import choose, possible
from assistant.errors import InvalidInput
from assistant.figures import fold
from assistant.lexical import tokens
from assistant.library import Library
from assistant.mcp_server.shapes import InputShape, MetricShape
from assistant.metrics import Field, InputValue, Metric

NEAREST = 3
NAMED = 2.0  # a word in a name of the metric counts so much more than one in its formula or inputs
NEAR = 0.5  # share of the best score below which a metric does not fit
FEW_CHOICES = 12


def fitting(library: Library, query: str) -> list[Metric]:
    """The metrics that fit a query, best first; all of them, by area, when nothing is asked for."""
    if not query.strip():
        return sorted(library.metrics.values(), key=lambda metric: metric.area)
    asked = fold(query)
    scores = {id: _score(metric, asked) for id, metric in library.metrics.items()}
    best = max(scores.values(), default=0.0)
    near = [id for id, score in scores.items() if score > 0 and score >= NEAR * best]
    return [library.metrics[id] for id in sorted(near, key=lambda id: -scores[id])]


def find(library: Library, id: str) -> Metric:
    """The metric with this id. Raises InvalidInput naming those that may be meant."""
    if id in library.metrics:
        return library.metrics[id]
    near = "、".join(f"{metric.id}（{metric.label}）" for metric in fitting(library, id)[:NEAREST])
    meant = f"是不是 {near}？" if near and id.strip() else ""
    raise InvalidInput(f"没有编号为「{id}」的指标。{meant}请用 list_metrics 查编号。")


def shape(library: Library, metric: Metric, day: date) -> MetricShape:
    """A metric with its form as it can be filled in on `day`."""
    return MetricShape(
        id=metric.id, label=metric.label, platform=list(metric.platforms), unit=metric.unit, formula=metric.formula,
        inputs=[
            InputShape(
                name=one.name, label=one.spec.label, unit=one.spec.unit, hint=one.spec.hint, kind=one.kind,
                required=one.spec.default is None, choices=_choices(library, one, day),
            )
            for one in metric.fields
        ],
    )


def filled(
    library: Library, metric: Metric, given: Mapping[str, Any], day: date, without: str | None = None
) -> dict[str, InputValue]:
    """What was filled in as the metric takes it: a date, the key of a choice, several numbers as a tuple.

    Raises InvalidInput with a sentence that names what is missing or unknown. `without`: the input that may be left out.
    """
    unknown = [name for name in given if name not in {one.name for one in metric.fields}]
    if unknown:
        raise InvalidInput(f"{metric.label}没有叫 {'、'.join(unknown)} 的输入，它的输入是：{_named(metric.fields)}。")
    missing = [one for one in metric.fields if one.name not in given and one.spec.default is None and one.name != without]
    if missing:
        raise InvalidInput(f"算{metric.label}还差：{_named(missing)}。请补上再调用，不要自己编。")
    return {one.name: _read(library, one, given[one.name], day) for one in metric.fields if one.name in given}


def _score(metric: Metric, asked: str) -> float:
    names = [fold(name) for name in (metric.id, metric.id.replace("_", " "), metric.label, *metric.aliases)]
    named = sum(len(name) for name in names[2:] if name in asked)  # 淘宝的纠纷退款率怎么算 names one whole
    known = {token for name in names for token in tokens(name)}
    beside = " ".join((metric.formula, *metric.platforms, *(one.spec.label for one in metric.fields)))
    around = set(tokens(fold(beside)))
    words = {token for token in tokens(asked) if len(token) > 1}
    return named * NAMED + sum(NAMED if word in known else 1.0 if word in around else 0.0 for word in words)


def _choices(library: Library, one: Field, day: date) -> dict[str, str]:
    if one.kind != "choice":
        return {}
    table = library.tables[str(one.spec.choice)]
    return {key: table.name(key) for key in possible(one, library, day)}


def _read(library: Library, one: Field, value: Any, day: date) -> InputValue:
    if one.kind == "many":
        return tuple(value) if isinstance(value, list) else (value,)
    if one.kind == "date":
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise InvalidInput(f"{one.name}（{one.spec.label}）应写成 2026-11-23 这样的日期，现在是「{value}」。") from None
    if one.kind == "choice":
        return _key(library, one, value, day)
    return value  # type: ignore[no-any-return]  # what is no number is refused by the metric's own check


def _key(library: Library, one: Field, value: Any, day: date) -> str:
    """The key of a choice, given as key, by name or in words that point at it: 北京 for A."""
    choices = _choices(library, one, day)
    said = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if said in choices:
        return said
    if found := next((key for key, name in choices.items() if name == said), None) or choose(one, library, day, fold(said), {})[0]:
        return found
    listed = "、".join(key if key == name else f"{key}（{name}）" for key, name in list(choices.items())[:FEW_CHOICES])
    more = f"等{len(choices)}个，用 list_metrics 看全" if len(choices) > FEW_CHOICES else ""
    raise InvalidInput(f"{one.name}（{one.spec.label}）没有「{said}」这一项，可以填：{listed}{more}。")


def _named(fields: Any) -> str:
    return "、".join(
        f"{one.name}（{'，'.join(part for part in (one.spec.label, one.spec.unit) if part)}）" for one in fields
    )
