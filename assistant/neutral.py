"""Words of others as plain words: what could act as Markdown, HTML or a terminal command becomes its full-width look-alike."""

import re
import unicodedata

# < > [ ] carry HTML, links, images and our own [1]; the others change how words look or where a block begins
_LOOKALIKES = str.maketrans("<>[]`\\*~|#\t", "＜＞［］｀＼＊～｜＃ ")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})  # control characters, invisible ones, overrides of the writing direction
_RULE = re.compile(r"[-=_\s]{3,}")
_NUMBERED = re.compile(r"(\d{1,9})[.)](?=\s|$)")
_BULLET = re.compile(r"[-+](?=\s|$)")
_GAP = re.compile(r"\n{3,}")


def neutral(text: str) -> str:
    """The text line by line without anything a renderer would act on. Digits and words stay as they are."""
    lines = (_seen(line).strip() for line in text.translate(_LOOKALIKES).split("\n"))
    kept = (_started(line) for line in lines if not _RULE.fullmatch(line))
    return _GAP.sub("\n\n", "\n".join(kept)).strip()


def _seen(line: str) -> str:
    return "".join(character for character in line if unicodedata.category(character) not in _UNSEEN)


def _started(line: str) -> str:
    """A line that would begin a list keeps its number or bullet as a character."""
    if numbered := _NUMBERED.match(line):
        return f"{numbered[1]}．{line[numbered.end():].lstrip()}"
    return _BULLET.sub("·", line, count=1) if _BULLET.match(line) else line
