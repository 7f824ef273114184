"""Figures of one unit that stand in a row: 80、90、85, or 接待90 设施84 with one short word each."""

import re
from collections.abc import Sequence

from assistant.figures import Figure
from assistant.mentions import Mention

_LISTED = re.compile(r"\s*[、,，和及/ 跟]\s*")
_LABELLED = re.compile(r"[、 ][一-龥]{2,3}[:： ]?|，第[一二三四五六]?[回次趟][一-龥]{0,4}")


def _alike(one: Figure, other: Figure) -> bool:
    return one.unit == other.unit or {one.unit, other.unit} == {"小时", "天"}


def runs(text: str, figures: Sequence[Figure], named: Sequence[Mention]) -> list[tuple[Figure, ...]]:
    """Figures of one unit that stand in a row: between them list punctuation, or one short word each (接待90 设施84)."""
    runs: list[list[Figure]] = []
    for figure in figures:
        last = runs[-1][-1] if runs else None
        between = text[last.end : figure.start] if last is not None else ""
        apart = last is None or any(last.end <= mention.start and mention.end <= figure.start for mention in named)
        if last is not None and _alike(last, figure) and (_LISTED.fullmatch(between) or (not apart and _LABELLED.fullmatch(between))):
            runs[-1].append(figure)
        else:
            runs.append([figure])
    return [tuple(run) for run in runs]
