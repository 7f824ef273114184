"""PDF files as blocks: the text layer page by page, wrapped lines joined, running heads and page numbers left out."""

import re
from collections import Counter
from collections.abc import Sequence

from assistant.intake import layer
from assistant.intake.blocks import Block, Line, Unfit, heading
from assistant.intake.layer import Set

RUNNING_SHARE, RUNNING_PAGES = 0.6, 3  # a line on top or bottom of so many pages is no text
EDGE = 2  # lines at either end of a page that may be running
GARBLED_SHARE = 0.2  # of characters without meaning, from fonts that don't say what they draw
FULL_SHARE = 0.8  # of the usual width: a line as wide as this was wrapped
LARGER = 1.15  # times the height of the body: a line set like this is a heading
TITLE_CHARACTERS = 60  # unless it is longer
LEVELS = 4  # heights told apart

_ENDS = tuple("。！？!?；;：:…”」）)】")
_SAYS = tuple("。；;，,、")
_BEGINS = re.compile(
    r"第?[0-9一二三四五六七八九十]{1,3}(?:[章节条篇]|[.、．)）])|[（(][0-9一二三四五六七八九十]{1,3}[）)]|[-•·●○◆■□▪※*❶-❿①-⑳]"
    r"|(?:问|答|问题|回答|答案|[QA])\s*\d{0,3}\s*[:：]|[QA]\d"
)
_NUMBER = re.compile(r"[-—–\s第/共页PageOof|·]*\d{1,4}[-—–\s/共页of\d|·]*", re.IGNORECASE)
_FIGURES = re.compile(r"\d+")


def blocks(data: bytes, seconds: float = layer.SECONDS) -> list[Block]:
    """The blocks of a PDF. Raises Unfit when it is locked, broken, only pictures, or takes longer than twice `seconds`."""
    pages, bookmarks = layer.read(data, seconds)
    contents = {(page, _bare(title)): level for page, title, level in bookmarks}
    text = "".join(line.text for page in pages for line in page)
    if not text:
        raise Unfit("没有文字层，多半是扫描件或图片：请先做文字识别（OCR），或换成带文字的版本")
    odd = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or (c < " " and c != "\n") for c in text)
    if odd > GARBLED_SHARE * len(text):
        raise Unfit("文字层是乱码（字体没有带编码）：请换一份，或先做文字识别（OCR）")
    pages = _without_running(pages)
    width, levels = _usual_width(pages), _levels(pages)
    found: list[Block] = []
    above = ""
    for number, page in enumerate(pages, 1):
        place = f"第{number}页"
        for line in page:
            level = contents.get((number, _bare(line.text)), _level(line, levels))
            last = found[-1] if found else None
            if level:
                found += heading(line.text, level, place)
            elif isinstance(last, Line) and _width(above) >= FULL_SHARE * width and _goes_on(above, line.text):
                found[-1] = Line(_joined(last.text, line.text), last.place)
            else:
                found.append(Line(line.text, place))
            above = line.text
    return found


def _bare(text: str) -> str:
    return "".join(text.split())


def _without_running(pages: Sequence[list[Set]]) -> list[list[Set]]:
    edges = Counter(edge for page in pages for edge in {_FIGURES.sub("#", line.text) for line in [*page[:EDGE], *page[-EDGE:]]})
    enough = max(RUNNING_PAGES, RUNNING_SHARE * len(pages))
    running = {line for line, count in edges.items() if count >= enough}
    found = []
    for page in pages:
        last = len(page) - EDGE
        found.append([
            line for place, line in enumerate(page)
            if not (
                (place < EDGE or place >= last)
                and (_FIGURES.sub("#", line.text) in running or _NUMBER.fullmatch(line.text))
            )
        ])
    return found


def _levels(pages: Sequence[list[Set]]) -> dict[float, int]:
    """Height → level of the lines set larger than most of the text."""
    heights = Counter[float]()
    for page in pages:
        for line in page:
            heights[line.height] += len(line.text)
    body = heights.most_common(1)[0][0] if heights else 0.0
    larger = sorted((height for height in heights if height >= LARGER * body > 0), reverse=True)
    return {height: min(rank, LEVELS) for rank, height in enumerate(larger, 1)}


def _level(line: Set, levels: dict[float, int]) -> int:
    return 0 if len(line.text) > TITLE_CHARACTERS or line.text.endswith(_SAYS) else levels.get(line.height, 0)


def _width(line: str) -> int:
    return sum(1 if c.isascii() else 2 for c in line)


def _usual_width(pages: Sequence[list[Set]]) -> int:
    widths = sorted(_width(line.text) for page in pages for line in page)
    return widths[len(widths) * 9 // 10] if widths else 0


def _goes_on(above: str, line: str) -> bool:
    return not above.endswith(_ENDS) and not _BEGINS.match(line)


def _joined(text: str, line: str) -> str:
    latin = text[-1].isascii() and line[0].isascii() and text[-1].isalnum() and line[0].isalnum()
    return f"{text} {line}" if latin else text + line
