"""HTML and Markdown as blocks. Scripts, styles, comments, menus and what is hidden are left out."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.intake.asked import QUESTION, asks
from assistant.intake.blocks import HEADING_CHARACTERS, Block, Heading, Line, Row, Table, Unfit, heading, lines, tidy
from assistant.intake.decoding import decode
from assistant.intake.grids import spread

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TABLE_ROWS = 20_000  # of one HTML table
BEGINNING = "开头"

_DROPPED = frozenset(
    "script style noscript template svg math head nav footer form button select textarea iframe object canvas audio video".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header hr html li main ol p pre "
    "section summary table tbody td tfoot th thead tr ul center caption".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_MARKS = re.compile(r"[*_`\[\]<>&\\~!]")


def page(data: bytes) -> list[Block]:
    """The blocks of an HTML file."""
    found = _from_html(_page_text(data))
    if not found:
        raise Unfit("里面没有可读的文字：网页的内容若是由脚本现写的，请在浏览器里全选、复制到文本文件再放进来")
    return found


def _page_text(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and declared[1].lower() in (b"gb2312", b"gbk", b"gb18030"):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass  # declared wrongly, as pages do
    return decode(data)


def _from_html(text: str) -> list[Block]:
    from lxml import etree, html

    text = _DECLARED.sub("", text).replace("\0", "")
    if not text.strip():
        return []
    # comments and instructions never reach the tree; nothing is loaded from anywhere
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    found = _Page().read(root)
    title = root.findtext(".//title")
    if title and title.strip() and found and not any(isinstance(block, Heading) and block.level <= 6 for block in found):
        return [*heading(title, 0, BEGINNING), *found]
    return found


class _Page:
    """One walk through the tree; texts gather until a block element begins or ends."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.text: list[str] = []
        self.place = BEGINNING

    def read(self, root: Any) -> list[Block]:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag, left_out = element.tag, _left_out(element)
            if event == "start":
                if tag in _BLOCKS:
                    self._flush("")
                if left_out or (tag == "table" and self._table(element)):
                    walk.skip_subtree()
                else:
                    self.text.append(_flat(element.text, element))
                continue
            if tag in _BLOCKS and not left_out:
                self._flush(tag)
            elif tag == "br":
                self.text.append("\n")
            if element is not root:
                self.text.append(_flat(element.tail, element.getparent()))
        self._flush("")
        return self.found

    def _flush(self, tag: str) -> None:
        text, self.text = tidy("".join(self.text)), []
        if not text:
            return
        if tag in _HEADINGS:
            self._heading(text, _HEADINGS[tag])
        elif tag in ("dt", "summary") and asks(text) and len(text) <= HEADING_CHARACTERS:
            self.found.append(Heading(" ".join(text.split()), QUESTION, self.place, asks=True))
        else:
            self.found += lines(text, self.place)

    def _heading(self, text: str, level: int) -> None:
        made = heading(text, level, f"「{' '.join(text.split())}」一节")
        self.found += made
        if made and isinstance(made[0], Heading):
            self.place = made[0].place

    def _table(self, table: Any) -> bool:
        """True when the table holds data; one that only lays out the page is read through like any block."""
        if table.xpath(".//table | .//h1 | .//h2 | .//h3 | .//h4"):
            return False
        rows = table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
        grid = spread([[_cell(cell) for cell in row.xpath("./td | ./th")] for row in rows[: TABLE_ROWS + 1]])
        if len(rows) > TABLE_ROWS:
            raise Unfit(f"有一张超过 {TABLE_ROWS} 行的表：请拆成几个文件")
        if max(map(len, grid), default=0) < 2:
            return False
        self._flush("")
        for caption in table.xpath("./caption"):
            self.found += lines(_text(caption), self.place)
        self.found.append(Table(tuple(
            Row(cells, f"{self.place}，表格第{number}行") for number, cells in enumerate(grid, 1) if any(cells)
        )))
        return True


def _cell(cell: Any) -> tuple[str, int, int]:
    return _text(cell), _number(cell.get("colspan")), _number(cell.get("rowspan"))


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 and int(value) else 1


def _text(element: Any) -> str:
    """The text of an element with its line breaks."""
    page = _Page()
    page.read(element)
    return "\n".join(block.text for block in page.found if isinstance(block, Line | Heading))


def _left_out(element: Any) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in _DROPPED:
        return True
    return "hidden" in element.attrib or element.get("aria-hidden") == "true" or bool(_HIDDEN.search(element.get("style") or ""))


def _flat(text: str | None, within: Any) -> str:
    if not text:
        return ""
    if within is not None and within.tag == "pre":
        return text
    return re.sub(r"\s+", " ", text)


def markdown(data: bytes) -> list[Block]:
    """The blocks of a Markdown file."""
    from markdown_it import MarkdownIt

    text = decode(data)
    front = _FRONT.match(text)
    skipped = front[0].count("\n") if front else 0
    # marks within a line are read only where there are any: most lines have none
    reader = MarkdownIt("commonmark", {"html": True}).enable("table").disable("inline")
    inline = MarkdownIt("commonmark", {"html": True})
    found: list[Block] = []
    rows: list[Row] | None = None
    cells: list[str] = []
    number, found_at, level = "", "", 0
    for token in reader.parse(text[front.end():] if front else text):
        place = f"第{token.map[0] + 1 + skipped}行" if token.map else ""
        match token.type:
            case "heading_open":
                level = int(token.tag[1])
            case "list_item_open":
                number = f"{token.info}{token.markup} " if token.info else ""
            case "list_item_close":
                number = ""
            case "table_open":
                rows = []
            case "tr_open":
                cells = []
            case "tr_close" if rows is not None:
                rows.append(Row(tuple(cells), found_at))
            case "table_close" if rows:
                found.append(Table(tuple(rows)))
                rows = None
            case "html_block":
                found += (_at(block, place) for block in _from_html(token.content))
            case "fence" | "code_block":
                found += lines(token.content, place)
            case "inline":
                said, found_at = tidy(_plain(token.content, inline)), place
                if rows is not None:
                    cells.append(said)
                elif level:
                    found += heading(said, level, place)
                else:
                    found += lines(number + said, place)
                level, number = 0, ""
    return found


def _plain(text: str, inline: "MarkdownIt") -> str:
    """A line without its marks."""
    if not _MARKS.search(text):
        return text
    said = []
    for token in inline.parseInline(text)[0].children or []:
        if token.type in ("text", "code_inline", "image"):
            said.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and _BREAK.match(token.content)):
            said.append("\n")
    return "".join(said)


def _at(block: Block, place: str) -> Block:
    return Table(tuple(replace(row, place=place) for row in block.rows)) if isinstance(block, Table) else replace(block, place=place)
