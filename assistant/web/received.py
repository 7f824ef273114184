"""Files people send: which kinds are taken, by name and by content, where they lie, and what they are called when shown."""

import hashlib
import os
import re
import secrets
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from assistant.errors import InvalidInput
from assistant.store.uploads import Received

FOLDER = "uploads"
LONGEST_NAME = 100
_CHUNK = 64 * 1024
_PRIVATE_FILE, _PRIVATE_FOLDER = 0o600, 0o700
_FORBIDDEN = re.compile(r'[<>:"|?*\\/\x00-\x1f]')
_ZIP = "application/vnd.openxmlformats-officedocument."


def keep(file: BinaryIO, name: str, folder: Path, most: int) -> Received:
    """Take a file in. Raises InvalidInput in a sentence when its kind or content is not taken, or it holds nothing."""
    shown = shown_name(name)
    ending = Path(shown).suffix.lower().removeprefix(".")
    if ending not in KINDS:
        raise InvalidInput(f"只收 {'、'.join(KINDS)} 文件。")
    type, fits = KINDS[ending]
    if not fits(file):
        raise InvalidInput(f"「{shown}」的内容不是 {ending} 文件，请另存后再传。")
    file.seek(0)
    folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
    target = folder.resolve() / secrets.token_urlsafe(18)  # nothing of the name, no ending: nobody runs or guesses it
    counted, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE), "wb") as kept:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise InvalidInput(f"文件太大，最多{most // 2**20 or 1}MB。")
                counted.update(chunk)
                kept.write(chunk)
        if not size:
            raise InvalidInput(f"「{shown}」是空的。")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Received(shown, type, size, counted.hexdigest(), target)


def shown_name(name: str) -> str:
    """A file's name fit to show: its last part, one line, nothing that hides or turns around what stands there."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(mark for mark in last if unicodedata.category(mark)[0] != "C")
    plain = _FORBIDDEN.sub("_", plain).strip(" .") or "文件"
    stem, dot, ending = plain.rpartition(".")
    if dot and len(plain) > LONGEST_NAME:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"[:LONGEST_NAME]
    return plain[:LONGEST_NAME]


def _begins(*marks: bytes) -> Callable[[BinaryIO], bool]:
    def begins(file: BinaryIO) -> bool:
        file.seek(0)
        return file.read(max(map(len, marks))).startswith(marks)

    return begins


def _office(part: str) -> Callable[[BinaryIO], bool]:
    def office(file: BinaryIO) -> bool:
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as archive:
                return {"[Content_Types].xml", part} <= set(archive.namelist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return False

    return office


def _text(file: BinaryIO) -> bool:
    file.seek(0)
    head = file.read(_CHUNK)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, as some exports are
        return True
    return b"\x00" not in head and not head.startswith((b"PK\x03\x04", b"%PDF-", b"\x7fELF", b"MZ"))


KINDS: dict[str, tuple[str, Callable[[BinaryIO], bool]]] = {
    "csv": ("text/csv", _text),
    "xlsx": (f"{_ZIP}spreadsheetml.sheet", _office("xl/workbook.xml")),
    "pdf": ("application/pdf", _begins(b"%PDF-")),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "txt": ("text/plain", _text),
    "md": ("text/markdown", _text),
    "docx": (f"{_ZIP}wordprocessingml.document", _office("word/document.xml")),
}
