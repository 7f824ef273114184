"""The forms of the metrics: which ones fit a query, and how a form is shown."""

from datetime import date

from assistant.arguments import choices
from assistant.errors import InvalidInput
from assistant.figures import fold
from assistant.lexical import tokens
from assistant.library import Library
from assistant.mcp_server.shapes import InputShape, MetricShape
from assistant.metrics import Metric

NEAREST = 3
NAMED = 2.0  # a word in a name of the metric counts so much more than one in its formula or inputs
NEAR = 0.5  # share of the best score below which a metric does not fit


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
                required=one.spec.default is None, choices=choices(library, one, day),
            )
            for one in metric.fields
        ],
    )


def _score(metric: Metric, asked: str) -> float:
    names = [fold(name) for name in (metric.id, metric.id.replace("_", " "), metric.label, *metric.aliases)]
    named = sum(len(name) for name in names[2:] if name in asked)  # 淘宝的纠纷退款率怎么算 names one whole
    known = {token for name in names for token in tokens(name)}
    beside = " ".join((metric.formula, *metric.platforms, *(one.spec.label for one in metric.fields)))
    around = set(tokens(fold(beside)))
    words = {token for token in tokens(asked) if len(token) > 1}
    return named * NAMED + sum(NAMED if word in known else 1.0 if word in around else 0.0 for word in words)
