"""The text layer of a PDF, read in a process of its own with little memory and time.

PDFium is quick and well tested, but a page of a hundred kilobytes can unfold to gigabytes in it, and what goes wrong in C++
takes the whole process along. Run as a module this reads a PDF from standard input and writes JSON.
"""

import json
import math
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from assistant.intake.blocks import Unfit, tidy

PAGES = 2_000
MEMORY_BYTES = 1 << 30
SECONDS = 60  # of work; waiting for other work may take as long again

_HOME = Path(__file__).resolve().parents[2]
_LEADERS = re.compile(r"(?:\.{4,}|…{2,}|(?:\. ){4,}|·{4,})\s*\d+$")
_BREAK = re.compile(r"[\r\n]+")


class Set(NamedTuple):
    """A line as it is set on a page."""

    text: str
    height: float


class Layer(NamedTuple):
    """Lines page by page, and (page, title, level) of the bookmarks."""

    pages: list[list[Set]]
    bookmarks: list[tuple[int, str, int]]


def read(data: bytes, seconds: float = SECONDS) -> Layer:
    """The text layer. Raises Unfit when the file is locked, broken or takes too much: of time, twice `seconds` in all."""
    try:
        run = subprocess.run(  # noqa: S603 - this module and nothing else
            [sys.executable, "-P", "-m", __name__],
            input=data, capture_output=True, timeout=2 * seconds, check=False, env={**os.environ, "PYTHONPATH": str(_HOME)},
        )
    except subprocess.TimeoutExpired:
        run = None
    if run is None or run.returncode:
        raise Unfit("太复杂，读它要的内存或时间超过了上限：请重新导出一份，或拆成几个文件")
    said = json.loads(run.stdout)
    if "problem" in said:
        raise Unfit(said["problem"])
    return Layer(
        [[Set(text, height) for text, height in page] for page in said["pages"]],
        [(page, title, level) for page, title, level in said["bookmarks"]],
    )


def main() -> None:
    """What the process of its own does."""
    with suppress(ImportError):  # there are no such limits on Windows; the time is limited all the same
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said: dict[str, Any] = _read(sys.stdin.buffer.read())._asdict()
    except Unfit as error:
        said = {"problem": str(error)}
    sys.stdout.write(json.dumps(said))  # escaped: whatever the encoding of the terminal


def _read(data: bytes) -> Layer:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unfit("加了密码，读不了：请去掉密码再放进来") from error
        raise Unfit("打不开：文件坏了，或不是真正的 PDF。请重新导出一份") from error
    if len(document) > PAGES:
        raise Unfit(f"有 {len(document)} 页，超过 {PAGES} 页的上限：请拆成几个文件")
    return Layer([_lines(document, number) for number in range(len(document))], _bookmarks(document))


def _lines(document: Any, number: int) -> list[Set]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        page = document[number]
        layer = page.get_textpage()
    except pypdfium2.PdfiumError:  # one broken page; the others may be sound
        return []
    found = []
    text = "".join(chr(raw.FPDFText_GetUnicode(layer, at)) for at in range(layer.count_chars()))
    start = 0
    for stop in [*_BREAK.finditer(text), None]:
        written = text[start:stop.start() if stop else len(text)]
        line = tidy(_characters(written))
        if line and not _LEADERS.search(line):
            # in the middle stands neither the mark of a list nor a footnote
            middle = len(written) // 2
            at = next((n for n in [*range(middle, len(written)), *range(middle)] if not written[n].isspace()), middle)
            found.append(Set(line, _height(layer, start + at)))
        start = stop.end() if stop else start
    layer.close()
    page.close()
    return found


def _height(layer: Any, at: int) -> float:
    """The size a character is set in: of its font, scaled."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    scaled = raw.FPDFText_GetMatrix(layer, at, matrix)
    size: float = raw.FPDFText_GetFontSize(layer, at)
    return round(size * (math.hypot(matrix.b, matrix.d) if scaled else 1.0), 1)


def _characters(text: str) -> str:
    """Halves of rare characters put together; the marks of hyphenation left out."""
    text = text.replace("\x02", "").replace("\ufffe", "").replace("\ufeff", "")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _bookmarks(document: Any) -> list[tuple[int, str, int]]:
    found = []
    for bookmark in document.get_toc(max_depth=6):
        target = bookmark.get_dest()
        page = target.get_index() if target else None
        title = bookmark.get_title()
        if page is not None and title:
            found.append((page + 1, title, bookmark.level + 1))
    return found


if __name__ == "__main__":
    main()
