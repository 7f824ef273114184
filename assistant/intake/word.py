"""Word documents as blocks: headings by style or outline level, text as it reads with all changes accepted, tables."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from assistant.intake import archives
from assistant.intake.blocks import Block, Heading, Row, Table, heading, lines, tidy
from assistant.intake.grids import spread

BEGINNING = "开头"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = frozenset([f"{_W}{tag}" for tag in ("del", "moveFrom", "rt", "sdtPr", "pPr", "rPr", "tblPr", "tcPr", "trPr")]) | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",  # says again what the choice beside it said
}
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_W}ptab": " ", f"{_W}noBreakHyphen": "-"}
_STYLED = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录)\s*\d", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n{2,}")
_BODY_LEVEL = 9  # of an outline: plain text


def blocks(data: bytes) -> list[Block]:
    """The blocks of a .docx file."""
    archives.check(data)
    from docx import Document

    document = Document(BytesIO(data))
    levels = _levels(document)
    found: list[Block] = []
    place = BEGINNING
    for element in _body(document.element.body):
        if element.tag == f"{_W}tbl":
            found += _table(element, place)
            continue
        level = _level(element, levels)
        if level is None:
            continue
        text = _said(element)
        if level > 6 or not text:
            found += lines(text, place)
            continue
        made = heading(text, level, f"「{' '.join(text.split())}」一节")
        found += made
        if isinstance(made[0], Heading):
            place = made[0].place
    return found


def _levels(document: Any) -> dict[str, int | None]:
    """Style id → level of its paragraphs; None for the table of contents, which says nothing of its own."""
    found: dict[str, int | None] = {}
    for style in document.styles:
        level: int | None = _BODY_LEVEL
        seen: set[str] = set()
        current = style
        while current is not None and current.style_id not in seen and level == _BODY_LEVEL:
            seen.add(current.style_id)
            name = current.name or ""
            styled = _STYLED.fullmatch(name)
            if _CONTENTS.fullmatch(name):
                level = None
            elif styled:
                level = int(styled[1])
            elif name.lower() in ("title", "标题"):
                level = 0
            else:
                level = _outline(current.element, _BODY_LEVEL)
            current = getattr(current, "base_style", None)
        found[style.style_id] = level
    return found


def _level(paragraph: Any, levels: dict[str, int | None]) -> int | None:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    level = levels.get(style.get(f"{_W}val"), _BODY_LEVEL) if style is not None else _BODY_LEVEL
    return None if level is None else _outline(paragraph, level)


def _outline(element: Any, otherwise: int) -> int:
    outline = element.find(f"{_W}pPr/{_W}outlineLvl")
    value = outline.get(f"{_W}val", "") if outline is not None else ""
    return int(value) + 1 if value.isdigit() and len(value) == 1 and int(value) < 6 else otherwise


def _body(element: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, out of whatever holds them."""
    for child in element:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _body(child)


def _said(element: Any) -> str:
    return _EMPTY_LINES.sub("\n", tidy(_text(element)))


def _text(element: Any) -> str:
    said: list[str] = []
    for child in element:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag == f"{_W}t":
            said.append(child.text or "")
        elif child.tag in _BREAKS:
            said.append(_BREAKS[child.tag])
        else:
            inner = _text(child)
            # a paragraph within: of a cell, or of a text box
            said.append(f"\n{inner}\n" if child.tag == f"{_W}p" and inner else inner)
    return "".join(said)


def _table(table: Any, place: str) -> list[Block]:
    rows = [row for row in _within(table, "tr") if row.find(f"{_W}trPr/{_W}del") is None]
    down = [[_merge(cell) for cell in _within(row, "tc")] for row in rows]
    grid = spread([(_said(cell), _span(cell), 1) for cell in _within(row, "tc")] for row in rows)
    if max(map(len, grid), default=0) < 2:  # a box drawn around text
        return [line for cells in grid for cell in cells for line in lines(cell, place)]
    filled: list[tuple[str, ...]] = []
    for cells, merges in zip(grid, down, strict=True):
        going_on = {column for column, merged in _columns(merges) if merged}
        filled.append(tuple(
            filled[-1][column] if filled and column in going_on else text for column, text in enumerate(cells)
        ))
    return [Table(tuple(Row(cells, f"{place}，表格第{number}行") for number, cells in enumerate(filled, 1) if any(cells)))]


def _within(element: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through content controls, not those of tables within."""
    for child in element:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _within(child, tag)


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = span.get(f"{_W}val", "") if span is not None else ""
    return max(1, int(value)) if value.isdigit() and len(value) < 6 else 1


def _merge(cell: Any) -> tuple[int, bool]:
    """(columns, whether it goes on from the cell above)."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return _span(cell), merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _columns(merges: list[tuple[int, bool]]) -> Iterator[tuple[int, bool]]:
    column = 0
    for span, merged in merges:
        yield column, merged
        column += span
