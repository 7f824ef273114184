"""What a page sends back to compute a card again or to take a paper as a file."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from starlette.responses import Response

from assistant.errors import InvalidInput
from assistant.paper import WORD, to_word
from assistant.web.contract import Engine

MARKDOWN = "text/markdown; charset=utf-8"
MOST_INPUTS = 40
UNREADABLE = "这些数字没有填对，请核对后再试。"

Sent: TypeAlias = float | str | list[float] | dict[str, date] | None
"""an input as a page sends it: {"date": "2026-11-23"} for a day"""
Format = Literal["md", "docx"]


def inputs(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a metric takes: numbers, words, lists as tuples, dates. Raises InvalidInput for numbers that are none."""
    made: dict[str, Any] = {}
    for name, value in raw.items():
        if value is None:
            continue
        numbers = value if isinstance(value, list) else [value]
        if any(isinstance(number, float) and not math.isfinite(number) for number in numbers):
            raise InvalidInput(UNREADABLE)
        if isinstance(value, dict):
            made[name] = next(iter(value.values()), None)
        else:
            made[name] = tuple(value) if isinstance(value, list) else value
    return made


def paper(engine: Engine, guide: str, given: Mapping[str, Mapping[str, Any]], day: date | None, format: Format) -> Response:
    """The paper as a file, rendered again here: what a browser holds is not what is handed out."""
    made = engine.draft(guide, {id: inputs(values) for id, values in given.items()}, day)
    word = format == "docx"
    content = to_word(made.markdown, made.title) if word else made.markdown.encode()
    name = f"{made.name}.{format}"
    headers = {
        # RFC 5987: the plain name is for those who cannot read the other
        "Content-Disposition": f"attachment; filename=\"{made.guide}.{format}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=WORD if word else MARKDOWN, headers=headers)
