"""The calculation card, the form that asks for missing figures (the formula is the form), and the card of a paper."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assistant.answer import Asked, Calculated, Drafted, InputShown, Stamp
from assistant.web.icons import icon
from assistant.web.markup import block, inline, text
from assistant.web.words import Words
from assistant.wording import plain

_FIGURE = re.compile(r"([^\d+\-−]{0,6})([+\-−]?\d[\d,]*(?:\.\d+)?%?)([^\d\-][^\d]*)?$")
_STAMPS: dict[Stamp, tuple[str, str]] = {"ok": ("ok", "check"), "watch": ("warn", "bang"), "breach": ("bad", "bang")}
_PRINTED_UNITS = {"ratio": "%", "ppm": "ppm", "factor": "", "level": "", "date": "", "bool": ""}
_PERCENT = 100
_INPUT_DECIMALS = 6


def printed_unit(unit: str) -> str:
    """The unit beside a field; ratios are typed as percentages."""
    return _PRINTED_UNITS.get(unit, unit)


def carried(data: Mapping[str, Any]) -> str:
    """What the page's script needs beside what is seen; the chat component keeps text but drops data attributes."""
    return f'<div class="data" hidden>{text(json.dumps(data, ensure_ascii=False))}</div>'


def figure(said: str) -> str:
    """'1,000元' with its unit set small; words that are no plain figure stay as they are."""
    found = _FIGURE.match(said)
    if not found:
        return text(said)
    before, number, after = (text(part or "") for part in found.groups())
    small_before = f'<small class="pre">{before}</small>' if before else ""
    return f"{small_before}{number}<small>{after}</small>" if after else f"{small_before}{number}"


def stamp(verdict: Stamp | None, word: str) -> str:
    """The verdict: icon and word carry it, colour only helps."""
    if verdict is None or not word:
        return ""
    colour, picture = _STAMPS[verdict]
    return f'<span class="v {colour}">{icon(picture)}{text(word)}</span>'


def confidence(level: str, words: Words) -> str:
    """The mark of the legend for a confidence of the knowledge; one source alone is not yet 规则原文 and says so."""
    if level == "high":
        return f'<span class="b cf">{text(words.high)}</span>'
    if level == "medium":
        return f'<span class="b cf calc">{text(words.calc)}</span><span class="b">{text(words.single)}</span>'
    if level in ("low", "conflict"):
        return f'<span class="b cf open">{text(words.open)}</span>'
    return f'<span class="b cf calc">{text(words.calc)}</span>'


def calculation(event: Calculated, words: Words, *, key: str, first: bool) -> str:
    """The card of one calculation. The first of an answer has figure and stamp above it, others carry their own."""
    editable = [shown for shown in event.shown if shown.editable and _is_number(shown)]
    period = f'<span class="b">{icon("calendar")}{text(event.period)}</span>' if event.period else ""
    title = words.how if first else event.label
    head = (
        f'<div class="row head"><h3 class="h">{text(title)}</h3><span class="row end">{period}'
        f"{confidence(event.confidence, words)}</span></div>"
    )
    rows = "".join(_row(shown) if shown in editable else _given(shown) for shown in _ordered(event))
    bar = " over" if _is_whole(event) else ""
    body = (
        f'<div class="eq"><div class="frac{bar}">{rows}</div>'
        f'<span class="q2">＝</span><output>{text(event.said)}</output>'
        f'<span class="stamp">{"" if first else stamp(event.verdict, event.verdict_word)}</span></div>'
    ) if rows else ""
    formula = "" if _is_whole(event) else text(event.formula)
    hint = text(words.recompute) if editable else ""
    notes = "　".join(part for part in (formula, inline(event.note, key), hint) if part)
    foot = f'<p class="sm q2">{notes}</p>' if notes else ""
    stale = (
        f'<div class="row stale" hidden><span class="sm q2">{text(words.stale)}</span>'
        f'<button type="button" class="opt do-ask-again">{text(words.ask_again)}</button></div>'
        '<p class="sm bad problem" role="alert" hidden></p>'
    ) if editable else ""
    day = event.day.isoformat() if event.day else None
    data = carried({"label": event.label, "metric": event.metric, "day": day, "fixed": _fixed(event, editable)})
    lead = " lead" if first else ""
    return f'<section class="card calc{lead}">{data}{head}{body}{foot}{stale}</section>'


def question_form(event: Asked, words: Words, *, key: str) -> str:
    """What was read, filled in; the first missing figure marked; a button that sends all of it as one sentence."""
    missing = next((shown.name for shown in event.shown if shown.value is None), None)
    rows = "".join(_asked_row(shown, words, wanted=shown.name == missing) for shown in event.shown)
    note = inline(event.note, key) if event.note else ""
    return (
        f'<div class="card form">{carried({"label": event.label})}<div class="frac">{rows}</div>'
        f'<div class="row"><span class="sm q2 grow">{note}</span>'
        f'<button type="button" class="btn do-calculate">{text(words.calculate)}</button></div></div>'
    )


def paper(event: Drafted, words: Words, *, key: str) -> str:
    """A paper to take away: its title, all of it folded away, and the two files it can be taken as."""
    given = {id: {name: _as_json(value) for name, value in inputs.items()} for id, inputs in event.given.items()}
    data = carried({"guide": event.guide, "given": given, "day": event.day.isoformat(), "name": event.name})
    _, _, body = event.markdown.partition("\n\n")  # the title stands above already
    return (
        f'<section class="card paper">{data}<div class="row head"><h3>{icon("file")}<span>{text(event.title)}</span></h3>'
        f'<span class="b end">{text(words.paper)}</span></div>'
        f'<details class="peek"><summary><span>{text(words.preview)}</span>{icon("down")}</summary>'
        f'<div class="md">{block(body, key)}</div></details>'
        f'<div class="row"><button type="button" class="btn do-take-word">{text(words.take_word)}</button>'
        f'<button type="button" class="btn alt do-take-markdown">{text(words.take_markdown)}</button>'
        '<p class="sm bad problem" role="alert" hidden></p></div></section>'
    )


def _row(shown: InputShown) -> str:
    unit = text(printed_unit(shown.unit))
    scale = _PERCENT if shown.unit == "ratio" else 1
    value = plain(shown.value * scale, _INPUT_DECIMALS)
    return (
        f'<label>{_name(shown)}<input class="fld" type="text" inputmode="decimal" autocomplete="off" '
        f'name="{text(shown.name)}" value="{text(value)}"><b class="unit">{unit}</b></label>'
    )


def _given(shown: InputShown) -> str:
    return f'<label>{_name(shown)}<b class="given">{text(shown.said)}</b></label>'


def _name(shown: InputShown) -> str:
    hint = f'<br><small class="b">{text(shown.hint)}</small>' if shown.hint else ""
    return f'<span><span class="name">{text(shown.label)}</span>{hint}</span>'


def _asked_row(shown: InputShown, words: Words, *, wanted: bool) -> str:
    unit = text(printed_unit(shown.unit))
    if shown.value is not None:
        hint = f'<br><small class="b ok">{icon("check")}{text(words.read_from_you)}</small>'
    else:
        hint = f'<br><small class="b">{text(shown.hint)}</small>' if shown.hint else ""
    numeric = _is_number(shown)
    value = plain(shown.value * (_PERCENT if shown.unit == "ratio" else 1), _INPUT_DECIMALS) if numeric else ""
    if shown.value is not None and not numeric:
        value = shown.said
    keys = "text" if shown.unit in ("date", "bool") or (shown.value is not None and not numeric) else "decimal"
    marked = " wanted" if wanted else ""
    return (
        f'<label><span><span class="name">{text(shown.label)}</span>{hint}</span>'
        f'<input class="fld{marked}" type="text" inputmode="{keys}" autocomplete="off" '
        f'name="{text(shown.name)}" value="{text(value)}">'
        f'<b class="unit">{unit}</b></label>'
    )


def _ordered(event: Calculated) -> Sequence[InputShown]:
    """Numerator above denominator, whatever order they were shown in; anything else follows."""
    if not event.fraction:
        return event.shown
    above, below = event.fraction
    place = {above: 0, below: 1}
    return sorted(event.shown, key=lambda shown: place.get(shown.name, 2))


def _is_whole(event: Calculated) -> bool:
    """Whether the value is the fraction itself: of 1 － 返修 ÷ 总工单 a bar before the result would state a false equation."""
    return bool(event.fraction) and not any(sign in event.formula for sign in "－＋×")


def _is_number(shown: InputShown) -> bool:
    value = shown.value
    return shown.editable and isinstance(value, int | float) and not isinstance(value, bool)


def _fixed(event: Calculated, editable: Sequence[InputShown]) -> dict[str, Any]:
    """The inputs that have no field, sent back as they are when another one is edited."""
    names = {shown.name for shown in editable}
    return {name: _as_json(value) for name, value in event.inputs.items() if name not in names}


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value
