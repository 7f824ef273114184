"""Models that think aloud put their thoughts between <think> and </think>; none of it is an answer."""

OPEN, CLOSE = "<think>", "</think>"


class Thoughts:
    """Leaves thoughts out of a text that comes in pieces, wherever it is cut."""

    def __init__(self) -> None:
        self._held, self._thinking = "", False

    def feed(self, chunk: str) -> str:
        """What of the text so far is no thought; what may be the beginning of a tag is held back."""
        self._held += chunk
        told = ""
        while True:
            tag = CLOSE if self._thinking else OPEN
            before, found, behind = self._held.partition(tag)
            if found:
                told += "" if self._thinking else before
                self._held, self._thinking = behind, not self._thinking
                continue
            keep = _begun(self._held, tag)
            if not self._thinking:
                told += self._held[: len(self._held) - keep]
            self._held = self._held[len(self._held) - keep :]
            return told

    def finish(self) -> str:
        """What was held back and turned out to be text."""
        return "" if self._thinking else self._held


def _begun(text: str, tag: str) -> int:
    """How many characters at the end of the text may be the beginning of the tag."""
    return next((size for size in range(min(len(tag) - 1, len(text)), 0, -1) if text.endswith(tag[:size])), 0)
