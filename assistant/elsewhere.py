"""Platforms whose rules differ from the ones told, when the question named none: they are named and offered."""

from collections.abc import Iterable
from functools import cache

from assistant.answer import Turn
from assistant.figures import fold
from assistant.library import Document, Library
from assistant.metrics import Metric

MOST_OFFERED = 2


def of_metric(library: Library, turn: Turn, metric: Metric) -> tuple[str, ...]:
    """Platforms that count under the same name by a formula of their own: 纠纷率 at 拼多多 and 京东."""
    if turn.understanding.platform or not metric.platforms:
        return ()
    text = turn.understanding.text
    said = {name for name in _names(metric) if name in text}
    spoken = {name for name in said if not any(name != longer and name in longer for longer in said)}  # 真实体验分 is no 体验分
    found = [
        platform for other in library.metrics.values() if other is not metric and spoken & _names(other) for platform in other.platforms
    ]
    return _others(found, metric.platforms)


def of_document(library: Library, turn: Turn, document: Document) -> tuple[str, ...]:
    """The same for the metrics a document speaks of, when it holds for some platforms only."""
    if turn.understanding.platform or not document.platforms or document.unknown:
        return ()
    found = [
        platform for id in document.metrics if id in library.metrics for platform in of_metric(library, turn, library.metrics[id])
    ]
    return _others(found, document.platforms)


def sentence(here: Iterable[str], there: Iterable[str]) -> str:
    """Which platform was spoken of, which others differ, and the question which one is meant."""
    return f"你没说平台，以上是{'、'.join(here)}的；{'、'.join(there)}的口径不同。你在哪个平台？告诉我，我按那个平台的答。"


def offers(there: Iterable[str]) -> tuple[str, ...]:
    """Follow-ups that ask the same of another platform."""
    return tuple(f"{platform}的呢" for platform in there)[:MOST_OFFERED]


@cache
def _names(metric: Metric) -> frozenset[str]:
    """Folded once: a hundred metrics have some two thousand names."""
    return frozenset({fold(name) for name in (metric.label, *metric.aliases)})


def _others(found: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
    held = set(own)
    return tuple(platform for platform in dict.fromkeys(found) if platform not in held)
