"""Spreadsheets and CSV as blocks: one table a sheet, merged cells filled in, values as a person sees them."""

import csv
import warnings
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

from assistant.intake import archives
from assistant.intake.blocks import COLUMNS, Block, Heading, Row, Table, Unfit, tidy
from assistant.intake.decoding import decode
from assistant.intake.faq import ROWS

CELLS = 300_000  # of a workbook, empty but formatted ones counted
AREA = 1_000_000  # rows times columns of a sheet
MERGED = 100_000  # cells under merges

_DELIMITERS = ",\t;|，"
_SNIFFED = 20  # rows that decide on the delimiter
_ERRORS = frozenset("#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM!".split())
_TOO_LARGE = f"表太大（超过 {CELLS // 10_000} 万格，或有格子离得太远）：请删掉多余的空行空列，或拆成几个文件"


def separated(data: bytes) -> list[Block]:
    """The rows of a CSV file. Rows are counted as a spreadsheet shows them."""
    text = decode(data)
    rows = max((_rows(text[:100_000], delimiter, _SNIFFED) for delimiter in _DELIMITERS), key=_regular)
    delimiter = next(d for d in _DELIMITERS if _rows(text[:100_000], d, _SNIFFED) == rows)
    found = []
    for number, cells in enumerate(_rows(text, delimiter, ROWS + 2), 1):
        if number > ROWS + 1:
            raise Unfit(f"超过 {ROWS} 行的上限：请拆成几个文件")
        if any(cells):
            found.append(Row(cells, f"第{number}行"))
    return [_table(found)] if found else []


def _rows(text: str, delimiter: str, most: int) -> list[tuple[str, ...]]:
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        return [tuple(tidy(cell) for cell in cells[:COLUMNS]) for cells, _ in zip(reader, range(most), strict=False)]
    except csv.Error as error:
        raise Unfit("不是完整的 CSV：多半是引号没有成对，请用 Excel 或 WPS 打开后另存一份") from error


def _regular(rows: list[tuple[str, ...]]) -> tuple[int, int]:
    """Many rows as long as the first, then many columns."""
    width = len(rows[0]) if rows else 0
    return (sum(len(cells) == width for cells in rows) if width > 1 else 0), width


def workbook(data: bytes) -> list[Block]:
    """The visible sheets of an .xlsx file; formulas count with the value stored beside them."""
    _check_sheets(archives.check(data))
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features nobody reads here
        book = load_workbook(BytesIO(data), data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    found: list[Block] = []
    for sheet in sheets:
        where = f"工作表「{sheet.title}」" if len(sheets) > 1 else ""
        rows = [Row(cells, f"{where}第{number}行") for number, cells in enumerate(_grid(sheet), 1) if any(cells)]
        if rows and where:
            found.append(Heading(sheet.title, 1, where))
        if rows:
            found.append(_table(rows))
    return found


def _check_sheets(members: list[bytes]) -> None:
    """Counts what openpyxl would make an object of."""
    from lxml import etree
    from openpyxl.utils.cell import range_boundaries

    cells = merged = 0
    for content in members:
        # a tag filter would leave the name of the root unread, and any member can be a sheet
        for _, element in etree.iterparse(
            BytesIO(content), events=("end",), tag=("{*}c", "{*}mergeCell"), resolve_entities=False, no_network=True, huge_tree=False
        ):
            if etree.QName(element).localname == "c":
                cells += 1
            else:
                left, top, right, bottom = range_boundaries(element.get("ref", "A1"))
                merged += ((right or 1) - (left or 1) + 1) * ((bottom or 1) - (top or 1) + 1)
            element.clear()
            if cells > CELLS or merged > MERGED:
                raise Unfit(_TOO_LARGE)


def _grid(sheet: Any) -> list[tuple[str, ...]]:
    height, width = sheet.max_row or 0, sheet.max_column or 0
    if height * width > AREA:
        raise Unfit(_TOO_LARGE)
    grid = [[_said(cell) for cell in cells] for cells in sheet.iter_rows(max_row=height, max_col=min(width, COLUMNS))]
    for merged in sheet.merged_cells.ranges:
        column = merged.min_col - 1
        if column < COLUMNS:
            for row in range(merged.min_row, min(merged.max_row, height)):
                grid[row][column] = grid[merged.min_row - 1][column]
    return [tuple(cells) for cells in grid]


def _said(cell: Any) -> str:
    """A value as the sheet shows it, near enough."""
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case int() | float():
            if "%" in str(cell.number_format or ""):
                return f"{value * 100:.10g}%"
            return f"{value:.15g}"
        case datetime():
            return str(value.date() if value.time() == time() else value.replace(microsecond=0))
        case date() | time():
            return str(value)
    said = tidy(str(value))
    return "" if said in _ERRORS else said


def _table(rows: list[Row]) -> Table:
    width = max(len(row.cells) for row in rows)
    return Table(tuple(Row(row.cells + ("",) * (width - len(row.cells)), row.place) for row in rows))
