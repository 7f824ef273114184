"""Looks into a .docx or .xlsx before any library opens it: no locked file, no bomb, no entity gets past here."""

import re
import zipfile
from io import BytesIO

from assistant.intake.blocks import Unfit

MEMBERS = 5_000
MEGABYTE = 1024 * 1024
UNPACKED_BYTES = 200 * MEGABYTE  # of all members together
XML_BYTES = 24 * MEGABYTE  # of the members that are XML: a tree takes about ten times as much memory

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ENCODING = re.compile(rb"^<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_PLAIN = (b"utf-8", b"utf8", b"us-ascii", b"ascii", b"utf-16")
_BROKEN = "打不开：文件坏了，或只是改了扩展名。请用 Word、Excel 或 WPS 打开后另存一份"


def check(data: bytes) -> list[bytes]:
    """The XML members of a sound package. Raises Unfit for anything else.

    Python's zipfile never inflates a member beyond its declared size, so declared sizes can be trusted as bounds.
    """
    if data.startswith(_OLE):
        if _LOCKED in data:
            raise Unfit("加了密码，读不了：请去掉密码再放进来")
        raise Unfit("其实是旧版的 .doc 或 .xls：请另存为 .docx 或 .xlsx")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED_BYTES:
                raise Unfit(f"解开来超过 {UNPACKED_BYTES // MEGABYTE} MB，不像正常的文档：请删掉大图或拆成几个文件")
            if any(member.flag_bits & 1 for member in members):
                raise Unfit("加了密码，读不了：请去掉密码再放进来")
            return _xml(archive, members)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise Unfit(_BROKEN) from error
    except Exception as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit(_BROKEN) from error  # zlib.error, lzma.LZMAError and the like


def _xml(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> list[bytes]:
    found: list[bytes] = []
    room = XML_BYTES
    for member in members:
        with archive.open(member) as opened:
            if not _looks_like_xml(opened.read(64)):
                continue
        room -= member.file_size
        if room < 0:
            raise Unfit(f"里面的文字和格式超过 {XML_BYTES // MEGABYTE} MB：请拆成几个文件")
        content = archive.read(member)
        _refuse_declarations(content)
        found.append(content)
    return found


def _looks_like_xml(start: bytes) -> bool:
    return start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _refuse_declarations(content: bytes) -> None:
    """An office document never declares a type or entities; one that does means harm."""
    encoding = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf").lstrip())
    plain = content.replace(b"\0", b"")  # UTF-16 as ASCII
    if (encoding and encoding[1].lower() not in _PLAIN) or b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Unfit("里面有正常文档不会有的声明，没有打开它：请用 Word、Excel 或 WPS 打开后另存一份")
