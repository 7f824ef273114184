"""Cells that span columns and rows, laid out as a plain grid."""

from collections.abc import Iterable

from assistant.intake.blocks import COLUMNS

Cell = tuple[str, int, int]
"""text, columns, rows"""


def spread(rows: Iterable[Iterable[Cell]]) -> list[tuple[str, ...]]:
    """Rows of equal length: a cell over several rows is said in each of them, one over several columns once."""
    grid: list[dict[int, str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for cells in rows:
        line = {column: text for column, (_, text) in hanging.items()}
        hanging = {column: (left - 1, text) for column, (left, text) in hanging.items() if left > 1}
        column = 0
        for text, across, down in cells:
            while column in line:
                column += 1
            end = min(column + across, COLUMNS)
            for at in range(column, end):
                line[at] = "" if at > column else text
                if down > 1:
                    hanging[at] = (down - 1, line[at])
            column = max(column, end)
        grid.append(line)
    width = max((max(line, default=-1) for line in grid), default=-1) + 1
    return [tuple(line.get(column, "") for column in range(width)) for line in grid]
