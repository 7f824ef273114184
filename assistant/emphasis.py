"""Bold in Chinese Markdown: `**` pairs up plainly.

CommonMark leaves `**先核对。**再申诉` open, because a letter follows the 。
"""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline


def plain_bold(reader: MarkdownIt) -> None:
    """Teach a reader whose own emphasis is off that `**` pairs up plainly."""
    reader.inline.ruler.before("link", "bold", _bold)


def _bold(state: StateInline, silent: bool) -> bool:
    start, end = state.pos, state.posMax
    if not state.src.startswith("**", start):
        return False
    close = state.src.find("**", start + 2, end)
    if close <= start + 2:
        return False
    if not silent:
        state.push("strong_open", "strong", 1)
        state.pos, state.posMax = start + 2, close
        state.md.inline.tokenize(state)
        state.push("strong_close", "strong", -1)
    state.pos, state.posMax = close + 2, end
    return True
