"""Markdown of answers → HTML: bold, struck, lists, tables, headings, quotations, http links and [n] markers. HTML stays text."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from assistant.emphasis import plain_bold

_REFERENCE = re.compile(r"\[(\d{1,2})\](?![(\[])")
_WEB = re.compile(r"https?://[^\s<>\"']+$", re.IGNORECASE)


def is_web_address(address: str) -> bool:
    """Only http and https may become a link; javascript:, data: and the rest stay text."""
    return bool(_WEB.match(address))


def _reference(state: StateInline, silent: bool) -> bool:
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("reference", "a", 0)
        token.content = found.group(1)
    state.pos = found.end()
    return True


def _draw_reference(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return reference(int(tokens[index].content), str(env["key"]))


def _draw_link(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    address = escape(str(tokens[index].attrs.get("href", "")))
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">'


def _open_heading(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return '<h4 class="h">'


def _close_heading(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return "</h4>"


class _Reader(MarkdownIt):
    """Links only where is_web_address allows."""

    def validateLink(self, url: str) -> bool:
        return is_web_address(url)


def _reader() -> MarkdownIt:
    reader = _Reader("zero", {"html": False, "breaks": True})
    reader.enable(["heading", "hr", "list", "table", "blockquote", "newline", "escape", "link", "strikethrough"])
    plain_bold(reader)
    reader.inline.ruler.before("link", "reference", _reference)
    reader.add_render_rule("reference", _draw_reference)
    reader.add_render_rule("link_open", _draw_link)
    reader.add_render_rule("heading_open", _open_heading)
    reader.add_render_rule("heading_close", _close_heading)
    return reader


_READER = _reader()


def reference(number: int, key: str) -> str:
    """The marker of the n-th source of the answer called `key`."""
    return f'<a class="ref" href="#{key}-s{number}">[{number}]</a>'


def block(markdown: str, key: str) -> str:
    """Paragraphs, lists and tables. One line, because a blank line would end an HTML block inside a chat message."""
    env: dict[str, Any] = {"key": key}
    html = str(_READER.render(markdown, env)).replace("\n", "")
    html = html.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    return html.replace("<ul>", '<ul class="dash">')


def inline(markdown: str, key: str) -> str:
    """A sentence without block structure."""
    env: dict[str, Any] = {"key": key}
    return str(_READER.renderInline(" ".join(markdown.split("\n")), env)).replace("\n", "")


def text(value: object) -> str:
    """Anything as text safe between tags and inside quoted attributes, without line breaks of its own."""
    return escape(str(value)).replace("\r", "").replace("\n", "&#10;")
