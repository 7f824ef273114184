"""Bytes of a text file as text: UTF-8, UTF-16 with a mark, or GB18030 (which holds GBK and GB2312)."""

import codecs
import unicodedata

from assistant.intake.blocks import Unfit

TEXT_CHARACTERS = 4_000_000  # of a .txt .md .html .csv
ODD_SHARE = 0.01  # of characters no Chinese text has: above it the file is something else
SPOILT_SHARE = 0.02  # of characters beyond ASCII that may be broken, one more at the end where a file was cut off
_SAMPLE = 20_000
_SPOILT = "\ufffd"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNREADABLE = "不是文本，或用了认不出的编码：请用记事本或 WPS 打开，另存为 UTF-8 再放进来"


def decode(data: bytes) -> str:
    """The text. Raises Unfit when it is none."""
    text = _decoded(data)
    if len(text) > TEXT_CHARACTERS:
        raise Unfit(f"有 {len(text)} 个字，超过一个文件 {TEXT_CHARACTERS} 字的上限：请拆成几个文件")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if marked is None and b"\0" in data:
        raise Unfit(_UNREADABLE)
    # a file cut off within a character, or with a few spoilt bytes, is still what it was: GB18030 would make nonsense of it
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        text = data.decode(encoding, "replace")
        beyond_ascii = len(text) - sum(map(str.isascii, text))
        if text.count(_SPOILT) <= 1 + SPOILT_SHARE * beyond_ascii and _plausible(text):
            return text.replace(_SPOILT, "")
    raise Unfit(_UNREADABLE)


def _plausible(text: str) -> bool:
    """Whether it looks like text: GB18030 accepts almost any bytes."""
    sample = text[:_SAMPLE]
    return sum(unicodedata.category(c) in ("Cc", "Co", "Cn") and c not in "\t\n\r\f" for c in sample) <= ODD_SHARE * len(sample)
