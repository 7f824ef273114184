"""How a document is told: its sentences with numbered sources, the dated rules behind it, what to do next."""

import re
from collections.abc import Iterator
from datetime import date

from assistant import phrases
from assistant.answer import Event, Ruled, RuleRow, Text
from assistant.citing import Citations
from assistant.library import Document, Library
from assistant.rules import Dated

MOST_ACTS = 3
LEAST_ROWS = 2
_ACT = re.compile(r"^\s*[-*] ", re.M)
_DISCLAIMER = re.compile(r"[^。]*以[^。]*为准[^。]*。?$")


def advice(
    library: Library, document: Document, citations: Citations, day: date, *, with_say: bool = True, computed: bool = False
) -> Iterator[Event]:
    """A document without its body: the sentence, the time line of its rules, the acts and the note."""
    if with_say:
        for rule in document.borrowed:
            citations.document(f"rule/{rule}")
        yield Text(citations.number(document.say), "say")
    rows = _rows(library, document.timeline, citations, day)
    if rows:
        yield Ruled(rows)
    if told := acts(document, citations, computed=computed):
        yield told
    if document.note:
        yield Text(citations.number(document.note), "fine" if _DISCLAIMER.match(document.note) else "note")


def scope(library: Library, document: Document, citations: Citations, day: date, told: str) -> str:
    """Which platform and period an answer speaks of, as far as its words do not say so themselves."""
    parts = []
    if document.platforms and not any(name in told for name in document.platforms):
        parts.append("、".join(document.platforms))
    periods = [document.period] if document.period and "不详" not in document.period else []
    for name in document.borrowed:
        dated = library.rules[name].on(day)
        if not periods and dated is not None and not dated.version.ended and "不详" not in dated.began:
            periods.append(dated.began)
            citations.widen(citations.document(f"rule/{name}"), dated.began)
    parts += [period for period in periods if period.split(" ")[0] not in told]
    return f"适用：{'，'.join(parts)}。" if parts else ""


def acts(document: Document, citations: Citations, *, computed: bool = False) -> Text | None:
    """The first acts of a document; once a value is computed, 'send me the figures' is not one of them."""
    told = [act.strip() for act in _ACT.split(document.acts) if act.strip()]
    told = [act for act in told if not (computed and phrases.TELL_ME.search(act))][:MOST_ACTS]
    return Text(citations.number("\n".join(f"- {act}" for act in told)), "acts") if told else None


def _rows(library: Library, rule_ids: tuple[str, ...], citations: Citations, day: date) -> tuple[RuleRow, ...]:
    """The versions that had begun by `day`, in the order they ended or began; two or more, or none."""
    rows: list[tuple[date, RuleRow]] = []
    shown: dict[str, list[tuple[Dated, str]]] = {}
    for id in rule_ids:
        rule = library.rules[id]
        for dated in rule.timeline:
            if dated.version.ended or dated.since.day > day:
                continue
            over = dated.until is not None and dated.until < day and not rule.event
            period = dated.span if over else dated.began
            rows.append((dated.until if over and dated.until else dated.since.day,
                         RuleRow(period, rule.render_brief(dated), rule.tag, over)))
            shown.setdefault(id, []).append((dated, period))
    if len(rows) < LEAST_ROWS:
        return ()
    for id, versions in shown.items():
        citations.timeline(library.rules[id], versions)
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))
