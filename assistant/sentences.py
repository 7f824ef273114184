"""A text that arrives in pieces, cut into sentences. However it is cut into pieces, the sentences are the same."""

import re
from dataclasses import dataclass

LONGEST = 1200  # characters without an end; what is longer is cut
_STOP = r"(?:[。！？]|[!?](?![A-Za-z0-9=&/%_.-]))"  # a question mark may stand in an address
_BODY = re.compile(rf"(?:(?!{_STOP})[^\n])*{_STOP}+[”’」』）)》\"]*|(?:(?!{_STOP})[^\n])*(?=\n)")
_LINE = re.compile(r"[^\n]*(?=\n)")
_ENDS = re.compile(r"[。！？!?\n]")
_BRACKET = re.compile(r"[【［\[](?:来源|文档|资料|[A-Za-z0-9_./\-#^:：,，、;； ]){1,120}[】］\]](?!\()")
_OPEN = "【［["
_FENCE = re.compile(r" {0,3}(```|~~~)")
_THINKING = ("<think>", "</think>")
_BLANKS = re.compile(r"\s*")


@dataclass(frozen=True)
class Sentence:
    """One sentence, heading, item or row of a table, with the marks behind it, and the blanks that follow."""

    text: str
    blanks: str


class Sentences:
    """Takes pieces of a text and gives its sentences as soon as nothing that may follow can change them.

    Code blocks, and what a model thinks aloud, are left out.
    """

    def __init__(self) -> None:
        self._held = ""
        self._line_start = True
        self._skipping = ""
        """the fence or tag that ends what is being left out"""

    def feed(self, piece: str) -> list[Sentence]:
        """The sentences that are whole now."""
        self._held += piece
        if not self._skipping and len(self._held) <= LONGEST and not _ENDS.search(self._held):
            return []  # most pieces end nothing: they need no closer look
        return self._taken(last=False)

    def finish(self) -> list[Sentence]:
        """What is left."""
        return self._taken(last=True)

    def _taken(self, *, last: bool) -> list[Sentence]:
        taken: list[Sentence] = []
        while self._held:
            if self._skipping or self._opens():
                if not self._skipped(last=last):
                    break
                continue
            end = self._end(last=last)
            if end is None:
                break
            blanks = _BLANKS.match(self._held, end)
            assert blanks is not None
            if blanks.end() == len(self._held) and not last:
                break
            taken.append(Sentence(self._held[:end], blanks[0]))
            self._held = self._held[blanks.end() :]
            self._line_start = "\n" in blanks[0]
        return taken

    def _opens(self) -> bool:
        """Whether something to be left out begins here; takes its first sign."""
        if self._line_start and (fence := _FENCE.match(self._held)):
            self._skipping = fence[1]
            self._held = self._held[fence.end() :]
            return True
        if self._held.startswith(_THINKING[0]):
            self._skipping = _THINKING[1]
            self._held = self._held[len(_THINKING[0]) :]
            return True
        return False

    def _skipped(self, *, last: bool) -> bool:
        """Leave out as far as can be told; whether the end was reached."""
        if self._skipping == _THINKING[1]:
            place = self._held.find(self._skipping)
            end = place + len(self._skipping) if place >= 0 else -1
        else:
            closing = re.compile(rf"\n {{0,3}}{self._skipping}[^\n]*(\n|\Z)").search(self._held)
            closing = closing if closing and (closing[1] or last) else None
            end = closing.end() if closing else -1
        if end < 0:
            self._held = "" if last else self._held
            return False
        self._held, self._skipping, self._line_start = self._held[end:], "", True
        return True

    def _end(self, *, last: bool) -> int | None:
        """Where the first sentence ends; None while that cannot be told."""
        held = self._held
        found = (_LINE if self._line_start and held.lstrip(" ").startswith("|") else _BODY).match(held)
        if found is None or found.end() > LONGEST:
            if len(held) > LONGEST:
                return LONGEST
            return len(held) if last else None
        end = found.end()
        while True:
            if held[:end].count("**") % 2 and held.startswith("**", end):
                end += 2
            next = len(held) if end == len(held) else end + len(held[end:]) - len(held[end:].lstrip(" \t"))
            if next == len(held):
                return end if last else None
            if held[next] == "*" and not last and next + 1 == len(held):
                return None
            if held[next] not in _OPEN:
                return end
            bracket = _BRACKET.match(held, next)
            if bracket is None:
                whole = last or any(sign in held[next + 1 :] for sign in "】］]【［[\n") or len(held) > next + 122
                return end if whole else None
            if not last and bracket.end() == len(held):
                return None
            end = bracket.end()

