"""Markdown of a paper → a Word file: headings, paragraphs, bold, lists, boxes to tick, quotes and tables."""

import re
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from assistant.emphasis import plain_bold

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LATIN_FONT, CHINESE_FONT = "Times New Roman", "宋体"  # 宋体 is on every Windows and macOS; others put their own Song face there
BODY_POINTS, TITLE_POINTS, HEADING_POINTS = 11, 18, 13
PAGE_CM, MARGIN_CM, INDENT_CM = (21.0, 29.7), 2.5, 0.75
HEAD_FILL = "EFEFEA"
_BOX = re.compile(r"^(?:☐|\[ ?\])\s*")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_HEADINGS = 3
_BULLETS = ("List Bullet", "List Bullet 2", "List Bullet 3")


def to_word(markdown: str, title: str = "") -> bytes:
    """A .docx of a paper. `title` goes into the properties of the file."""
    from docx import Document  # lxml and its templates are loaded when a paper is really taken as Word

    document = Document()
    _dress(document)
    document.core_properties.title = _clean(title)
    document.core_properties.author = "售后参谋"
    document.core_properties.comments = ""
    for node in SyntaxTreeNode(_reader().parse(markdown)).children:
        _block(document, node)
    held = BytesIO()
    document.save(held)
    return held.getvalue()


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"html": False, "breaks": True})
    reader.enable(["heading", "list", "table", "blockquote", "hr", "newline", "escape", "strikethrough"])
    plain_bold(reader)
    return reader


def _dress(document: "Document") -> None:
    """A4, and one Chinese face everywhere: the template names Latin fonts and themes only."""
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = Cm(PAGE_CM[0]), Cm(PAGE_CM[1])
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN_CM)
    sizes = {"Normal": BODY_POINTS, "Heading 1": TITLE_POINTS, "Heading 2": HEADING_POINTS, "Heading 3": BODY_POINTS}
    for name, points in sizes.items():
        style: ParagraphStyle = document.styles[name]
        _face(style)
        style.font.size = Pt(points)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.line_spacing = 1.4
        style.paragraph_format.space_after = Pt(6)


def _face(style: "ParagraphStyle") -> None:
    from docx.oxml.ns import qn

    style.font.name = LATIN_FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font would win over the names
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), CHINESE_FONT)


def _block(document: "Document", node: SyntaxTreeNode) -> None:
    match node.type:
        case "heading":
            level = min(int(node.tag[1]), _MOST_HEADINGS)
            _write(document.add_heading(level=level), node.children)
        case "paragraph":
            _write(document.add_paragraph(), node.children)
        case "bullet_list" | "ordered_list":
            _list(document, node, 0)
        case "table":
            _table(document, node)
        case "blockquote":
            for child in node.children:
                quoted = document.add_paragraph()
                _write(quoted, child.children)
                _indent(quoted, 1, 0)
        case "hr":
            _new_page(document)  # what is sent stands on pages of its own
        case _:
            pass


def _new_page(document: "Document") -> None:
    from docx.enum.text import WD_BREAK

    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _list(document: "Document", node: SyntaxTreeNode, depth: int) -> None:
    numbered = node.type == "ordered_list"
    for place, item in enumerate(node.children, 1):
        for child in item.children:
            if child.type in ("bullet_list", "ordered_list"):
                _list(document, child, depth + 1)
                continue
            box = _BOX.match(child.children[0].content) if child.children else None
            if not (box or numbered):
                _write(document.add_paragraph(style=_BULLETS[min(depth, len(_BULLETS) - 1)]), child.children)
                continue
            paragraph = document.add_paragraph()  # Word's own numbers would run on from list to list
            paragraph.add_run("☐ " if box else f"{place}. ")
            _write(paragraph, child.children, cut=box.end() if box else 0)
            _indent(paragraph, depth + 1, -1)


def _indent(paragraph: "Paragraph", steps: int, first: int) -> None:
    from docx.shared import Cm

    paragraph.paragraph_format.left_indent = Cm(INDENT_CM * steps)
    paragraph.paragraph_format.first_line_indent = Cm(INDENT_CM * first)


def _table(document: "Document", node: SyntaxTreeNode) -> None:
    rows = [row for part in node.children for row in part.children]
    table: Table = document.add_table(rows=len(rows), cols=len(rows[0].children), style="Table Grid")
    for place, row in enumerate(rows):
        for column, held in enumerate(row.children):
            cell = table.cell(place, column)
            _write(cell.paragraphs[0], held.children, bold=place == 0)
            if place == 0:
                _shade(cell)
    _repeat_head(table)
    document.add_paragraph()  # what follows a table must not touch it


def _shade(cell: "_Cell") -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), HEAD_FILL)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat_head(table: "Table") -> None:
    """The head is printed again on every page the table runs to."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(head)


def _write(paragraph: "Paragraph", children: Sequence[SyntaxTreeNode], *, bold: bool = False, cut: int = 0) -> None:
    """The words of an inline node. `cut`: characters at the beginning that are said already (the box to tick)."""
    for node in children:
        if node.type == "inline":
            _write(paragraph, node.children, bold=bold, cut=cut)
        elif node.type in ("softbreak", "hardbreak"):
            paragraph.add_run().add_break()
        elif node.type == "text":
            run = paragraph.add_run(_clean(node.content[cut:]))
            run.bold = bold or None
            cut = 0
        else:
            before = len(paragraph.runs)
            _write(paragraph, node.children, bold=bold or node.type == "strong")
            for run in paragraph.runs[before:]:
                run.font.strike = node.type == "s" or run.font.strike


def _clean(text: str) -> str:
    """Without the characters that an XML file may not hold."""
    return _NO_XML.sub("", text)
