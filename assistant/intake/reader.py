"""One file of a person's own as pieces: picks the reader by the name's ending, cleans, cuts and names."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from assistant.errors import UnreadableDocument
from assistant.intake import markup, plain, portable, sections, sheets, word
from assistant.intake.blocks import Block, Unfit
from assistant.intake.piece import Part, Piece, identify
from assistant.intake.scraped import clean

MEGABYTE = 1024 * 1024
FILE_BYTES = 20 * MEGABYTE
PIECES = 20_000  # of a file

Read: TypeAlias = Callable[[bytes], Sequence[Block]]
READERS: Mapping[str, Read] = {
    ".md": markup.markdown,
    ".txt": plain.blocks,
    ".html": markup.page,
    ".htm": markup.page,
    ".docx": word.blocks,
    ".pdf": portable.blocks,
    ".xlsx": sheets.workbook,
    ".csv": sheets.separated,
}
OTHERWISE = {  # what people have instead, and what they can do about it
    ".doc": "请另存为 .docx", ".wps": "请另存为 .docx", ".rtf": "请另存为 .docx", ".odt": "请另存为 .docx",
    ".xls": "请另存为 .xlsx", ".et": "请另存为 .xlsx", ".xlsm": "请另存为 .xlsx", ".ods": "请另存为 .xlsx",
    ".ppt": "请导出为 PDF", ".pptx": "请导出为 PDF", ".mht": "请另存为 .html", ".mhtml": "请另存为 .html",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Converted:
    """The parts of a file and what cleaning it took."""

    parts: tuple[Part, ...]
    repairs: int = 0
    dropped: int = 0


def supported(path: Path) -> bool:
    """Whether files named like this can be read."""
    return path.suffix.lower() in READERS


def read(path: Path, name: str = "", *, readers: Mapping[str, Read] = READERS, most: int = PIECES) -> list[Piece]:
    """The pieces of a file; `name` is what it is called in them, else its own name. Raises UnreadableDocument."""
    called = name or path.name
    try:
        return identify(convert(contents(path), path.suffix, readers=readers, most=most).parts, called)
    except Unfit as error:
        raise UnreadableDocument(sentence(called, error)) from error


def sentence(name: str, problem: object) -> str:
    """What is said of a file that cannot be read."""
    return f"「{name}」{problem}。"


def contents(path: Path) -> bytes:
    """The bytes of a file worth reading. Raises Unfit."""
    try:
        if not path.exists():
            raise Unfit("不在这里：请看看名字和位置对不对")
        if not path.is_file():
            raise Unfit("不是文件：请选一个文件")
        if not supported(path):
            raise Unfit(f"的格式读不了：{OTHERWISE.get(path.suffix.lower(), '能读的是 ' + ' '.join(READERS))}")
        size = path.stat().st_size
        if size > FILE_BYTES:
            raise Unfit(f"有 {size / MEGABYTE:.0f} MB，超过 {FILE_BYTES // MEGABYTE} MB 的上限：请拆成几个文件，或删掉里面的大图")
        if not size:
            raise Unfit("是空的：请放进有内容的文件")
        return path.read_bytes()
    except OSError as error:
        raise Unfit("读不出来：请看看有没有读的权限、是不是正被别的程序占用") from error


def convert(data: bytes, suffix: str, *, readers: Mapping[str, Read] = READERS, most: int = PIECES) -> Converted:
    """Bytes of a file with this ending as at most so many parts. Raises Unfit, whatever a library made of them."""
    try:
        cleaned = clean(readers[suffix.lower()](data))
        parts = sections.parts(cleaned.blocks, cleaned.scraped)
    except Unfit:
        raise
    except Exception as error:  # libraries meet broken files with errors of every kind
        _log.warning("a %s file could not be converted", suffix, exc_info=True)
        raise Unfit("打不开：文件坏了，或内容和扩展名不符。请用原来的软件打开后另存一份") from error
    if not parts:
        raise Unfit("里面没有可读的文字：表里的公式要先用 Excel 或 WPS 打开存一次，图片里的字要先做文字识别")
    if len(parts) > most:
        raise Unfit(f"能拆出 {len(parts)} 段，超过一个文件 {most} 段的上限：请拆成几个文件")
    return Converted(tuple(parts), cleaned.repairs, cleaned.dropped)
