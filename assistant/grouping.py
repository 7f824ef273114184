"""Figures that are one input together: parts that add up, and lists whose figures stand apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant import phrases
from assistant.assignment import Placed, unit_price
from assistant.figures import Figure
from assistant.mentions import Mention
from assistant.metrics import Metric

PART_BESIDE = 3  # characters between a figure and the name of the part it counts
LIKELY = 0.7  # the unit price up to which a left-over figure joins a list


def added_up(
    text: str, placed: Sequence[Placed], stated: Sequence[Figure], metric: Metric, naming: Mapping[str, Sequence[Mention]]
) -> list[Placed]:
    """Figures that each stand beside a name of an input that adds up are that input together."""
    found = list(placed)
    together = bool(phrases.TOGETHER.search(text))
    # 5单判责1000单成交: once a figure stands before all names, each name stands behind its figure
    sides = [
        {m.start >= figure.end for mentions in naming.values() for m in mentions if _gap(text, figure, m) is not None} for figure in stated
    ]
    behind = {True} in sides
    for one in metric.fields:
        if one.kind != "number" or not (one.spec.adds or together):
            continue
        used = {figure for other in found if other.field != one.name for figure in other.figures}
        parts = [
            figure for figure in stated
            if (together or figure not in used) and unit_price(figure, one) is not None
            and one.name in _named_beside(text, figure, naming, behind)
        ]
        whole = [
            figure for figure in parts
            if 2 * figure.value == sum(part.value for part in parts) and (figure is parts[0] or phrases.IN_ALL.search(text[: figure.start]))
        ]
        if len(parts) > 1 and whole:
            found = [other for other in found if other.field != one.name]
            found.append(Placed(one.name, (whole[0],), True, 0.0))  # 处罚18单（轨迹11、延迟7）: the sum is given as well
        elif len(parts) > 1:
            found = [other for other in found if other.field != one.name]
            found.append(Placed(one.name, tuple(parts), True, 0.0))
    return found


def collected(
    text: str, placed: list[Placed], stated: Sequence[Figure], metric: Metric, naming: Mapping[str, Sequence[Mention]]
) -> list[Placed]:
    """Lists that take all figures of their kind wherever they stand: the parts of a bill, the scores of a survey. A figure
    right behind the name of a list, said again and again (权重25 … 权重15), belongs to that list."""
    found = list(placed)
    for one in metric.fields:
        beside = [f for f in stated if one.kind == "many" and any(_right_behind(text, f, m) for m in naming[one.name])]
        if len(beside) > 1 and all(unit_price(figure, one) is not None for figure in beside):
            found = [other for other in found if other.field != one.name]
            found = [replace(other, figures=left) for other in found if (left := tuple(f for f in other.figures if f not in beside))]
            found.append(Placed(one.name, tuple(beside), True, 0.0))
    used = {figure for other in found for figure in other.figures}
    for one in metric.fields:
        if one.kind != "many" or not one.spec.adds:
            continue
        own = [figure for other in found if other.field == one.name for figure in other.figures]
        alike = [
            figure for figure in stated
            if figure not in used and (price := unit_price(figure, one)) is not None and price < LIKELY
            and (not own or figure.unit in (own[0].unit, ""))
        ]
        if alike:
            found = [other for other in found if other.field != one.name]
            found.append(Placed(one.name, tuple(sorted((*own, *alike), key=lambda figure: figure.start)), True, 0.0))
            used |= set(alike)
    return found


def _named_beside(text: str, figure: Figure, naming: Mapping[str, Sequence[Mention]], behind: bool) -> set[str]:
    """The inputs whose name stands nearest to a figure; of two as near, the one before it (成交2000单判责6单) or `behind` it."""
    gaps = [
        ((gap, (mention.start >= figure.end) != behind), name) for name, mentions in naming.items() for mention in mentions
        if (gap := _gap(text, figure, mention)) is not None
    ]
    return {name for gap, name in gaps if gap == min(gaps)[0]}


def _gap(text: str, figure: Figure, mention: Mention) -> int | None:
    """Characters between a figure and a name right before or behind it; None when it stands elsewhere."""
    behind = mention.start >= figure.end
    between = text[figure.end : mention.start] if behind else text[mention.end : figure.start]
    # of 三星30、二星10 the name behind the stroke is of the next figure
    apart = phrases.CLAUSE_END.search(between) or (behind and "、" in between)
    return None if len(between) > PART_BESIDE or apart else len(between)


def _right_behind(text: str, figure: Figure, mention: Mention) -> bool:
    return mention.end <= figure.start and len(text[mention.end : figure.start].strip("是为占: ")) == 0
