"""What stands on the page besides the conversation: brand, first screen, the line under the box."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from assistant.web.contract import AUDIENCES
from assistant.web.icons import icon
from assistant.web.markup import text
from assistant.web.words import Words

SPOKEN = ("copied", "taken", "thanks", "unreachable", "send", "stop", "role", "talk")


def brand(words: Words) -> str:
    """Seal, name and tagline; also carries the few words the page's script speaks."""
    spoken = text(json.dumps({name: getattr(words, name) for name in SPOKEN}, ensure_ascii=False))
    return (
        f'<div class="sh brand" data-lang="{words.html_lang}" data-words="{spoken}">'
        f'<span class="seal" aria-hidden="true">参</span><div><h1>{text(words.title)}</h1>'
        f'<p class="sm q2 who">{text(words.tagline)}</p></div></div>'
    )


def first_screen(words: Words, starters: Mapping[str, Sequence[str]]) -> str:
    """The promise, questions to start with, and the legend of the three marks."""
    groups = "".join(_group(words, audience, starters.get(audience, ())) for audience in AUDIENCES)
    headline = "".join(f"<span>{text(part)}</span>" for part in words.hello)
    marks = (("cf", words.high), ("cf calc", words.calc), ("cf open", words.open))
    legend = "".join(
        f'<div><dt><span class="b {look}">{text(name)}</span></dt><dd>{text(meaning)}</dd></div>'
        for (look, name), meaning in zip(marks, words.mark_help, strict=True)
    )
    return (
        f'<section class="sh hello" aria-label="{text(words.start)}"><div><h2>{headline}</h2>'
        f'<p class="q2">{text(words.promise)}</p></div><dl class="dir">{groups}</dl>'
        f'<aside><h3 class="h">{text(words.marks)}</h3><dl class="key">{legend}</dl></aside></section>'
    )


def footnote(words: Words, checked_on: date) -> str:
    """How fresh the knowledge is, and who has the last word."""
    return f'<p class="sh b checked">{text(words.checked.format(day=checked_on.isoformat()))}</p>'


def _group(words: Words, audience: str, questions: Sequence[str]) -> str:
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" class="do-ask" data-audience="{audience}"><span>{text(asked)}</span>'
        f"{icon('right')}</button>"
        for asked in questions
    )
    return f'<div class="{audience}"><dt>{text(words.audience(audience))}</dt><dd>{buttons}</dd></div>'
