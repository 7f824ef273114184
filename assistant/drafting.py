"""A guide filled in: the person's figures computed, the clauses numbered, the rest left to be written by hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from assistant.answer import Calculated, Citation
from assistant.choices import possible
from assistant.citing import CONFIDENCE_WORD, Citations
from assistant.errors import InvalidInput, KnowledgeError, NotInForce
from assistant.findings import compute, shown
from assistant.guides import BLANK, CLOCK, GIVEN, LINE, SHEET, TODAY, Guide, Slot
from assistant.library import Library
from assistant.metrics import InputValue, Metric
from assistant.sheets import SHEETS, Given
from assistant.wording import Value, fill, say, slots

GROUNDS = "## 依据"
CLOSING = f"（售后参谋按公开规则和已给的数整理。{LINE}处请手填，提交前请核对规则原文和后台当日口径。）"
_FORBIDDEN = re.compile(r"[\\/:*?\"<>|\s]+")


@dataclass(frozen=True)
class Draft:
    """A paper as it stands. `markdown` is all of it, `say` what is said beside it, `missing` what could still be told."""

    guide: str
    title: str
    say: str
    markdown: str
    findings: tuple[Calculated, ...]
    missing: tuple[str, ...]
    citations: tuple[Citation, ...]
    name: str
    """of a file, without its ending"""


def draft(library: Library, guide: Guide, given: Given, day: date, today: date) -> Draft:
    """Fill a guide. `day`: whose rules count; `today`: from which days are counted. Raises InvalidInput with a sentence."""
    found, known = _computed(library, guide, given, day)
    paper = fill(_ruled(guide), lambda name: _filled(library, guide, Slot.read(name), name, found, known, day, today))
    citations = Citations(library, dict(library.on(day)))
    for name in slots(guide.paper):
        if Slot.read(name) is None:
            citations.document(f"rule/{name.partition('.')[0]}")
    for finding in found.values():
        for id in _behind(library, finding):
            citations.document(id)
    paper = citations.number(paper)
    grounds = "\n".join(f"- [{n}] {_ground(library, one)}" for n, one in enumerate(citations.cited, 1))
    cited = tuple(replace(one, source=f"{one.source}，{_checked_on(library, one.id).isoformat()}核对") for one in citations.cited)
    said = citations.number(library.on(day)[f"guide/{guide.id}"].say)
    return Draft(
        guide.id, guide.title, said, f"# {guide.title}\n\n{paper}\n\n{GROUNDS}\n\n{grounds}\n\n{CLOSING}\n",
        tuple(found.values()), _missing(library, guide, known), cited, file_name(guide.title, today),
    )


def file_name(title: str, today: date) -> str:
    """A name that every system takes: 淘宝、天猫判责申诉说明-2026-11-25."""
    return f"{_FORBIDDEN.sub('、', title)}-{today.isoformat()}"


def _computed(
    library: Library, guide: Guide, given: Given, day: date
) -> tuple[dict[str, Calculated], dict[str, dict[str, InputValue]]]:
    """The values of the guide's metrics whose inputs are known, and all inputs known, those fed by a value included."""
    found: dict[str, Calculated] = {}
    known: dict[str, dict[str, InputValue]] = {}
    for id in guide.metrics:
        metric = library.metrics[id]
        inputs = known[id] = _sound(library, metric, given.get(id, {}), day)
        for fed, source in guide.feeds.items():
            target, _, name = fed.partition(".")
            if target == id and name not in inputs and (value := _fed(source, found, known)) is not None:
                inputs[name] = value
        metric.check(inputs)
        told = bool(inputs) and all(one.name in inputs or one.spec.default is not None for one in metric.fields)
        if told:
            try:
                found[id] = compute(library, metric, inputs, day, None)
            except NotInForce:
                continue  # the paper says what there is no rule for; its slot stays a line
    return found, known


def _fed(source: str, found: Mapping[str, Calculated], known: Given) -> InputValue | None:
    """The value of a metric, or an input of another one, that an input is fed from."""
    id, _, name = source.partition(".")
    if name:
        return known.get(id, {}).get(name)
    value = found[id].value if id in found else None
    return float(value) if isinstance(value, float | int) and not isinstance(value, bool) else None


def _sound(library: Library, metric: Metric, given: Mapping[str, InputValue], day: date) -> dict[str, InputValue]:
    """Inputs the metric has, with choices the day knows. Figures are checked by the metric itself."""
    inputs = {one.name: given[one.name] for one in metric.fields if given.get(one.name) is not None}
    for one in metric.fields:
        if one.kind == "choice" and one.name in inputs and inputs[one.name] not in possible(one, library, day):
            raise InvalidInput(f"{one.spec.label}没有这一项，请核对。")
    return inputs


def _ruled(guide: Guide) -> str:
    """The paper with `店铺名：{{blank.shop}}` as a bare line: what belongs there is said already."""
    paper = guide.paper
    for name, label in guide.blanks.items():
        paper = re.sub(rf"({re.escape(label)}\**：\**)\{{\{{\s*blank\.{re.escape(name)}\s*\}}\}}", rf"\g<1>{LINE}", paper)
    return paper


def _filled(
    library: Library, guide: Guide, slot: Slot | None, written: str, found: Mapping[str, Calculated],
    known: Given, day: date, today: date,
) -> tuple[Value, str]:
    """What stands in a slot, worded; a line where nothing is known."""
    if slot is None:
        return library.lookup(written, day)
    if slot.kind == TODAY:
        return today.isoformat(), ""
    if slot.kind == BLANK:
        return f"{LINE}（{guide.blanks[slot.name]}）", ""
    if slot.kind == SHEET:
        try:
            return SHEETS[slot.name].draw(library, known, day), ""
        except KnowledgeError as error:
            return f"（{error}）", ""
    if slot.kind == GIVEN:
        value = known.get(slot.name, {}).get(slot.input)
        field = library.metrics[slot.name].field(slot.input)
        return LINE if value is None else shown(library, field, value).said, ""
    finding = found.get(slot.name)
    if finding is None:
        return LINE, ""
    return (clock(finding.value, today) if slot.kind == CLOCK else finding.said), ""


def clock(last: Value, today: date) -> str:
    """A last day with what is left until then: 2026-11-28（还剩3天）."""
    if not isinstance(last, date):
        return say(last, "")
    left = (last - today).days
    word = f"还剩{left}天" if left > 0 else "今天到期" if left == 0 else f"已过{-left}天"
    return f"{last.isoformat()}（{word}）"


def _missing(library: Library, guide: Guide, known: Given) -> tuple[str, ...]:
    """Labels of the figures that would fill more of the paper."""
    labels = [
        one.spec.label for id in guide.metrics for one in library.metrics[id].fields
        if one.name not in known[id] and one.spec.default is None and f"{id}.{one.name}" not in guide.feeds
    ]
    return tuple(dict.fromkeys(labels))


def _behind(library: Library, finding: Calculated) -> list[str]:
    """Documents a value rests on: its definition, the rule that graded it, the rules and tables it borrows from."""
    definition = library.definition(finding.metric)
    names = [f"rule/{definition.id}"] if definition else []
    names += [finding.rule] if finding.rule else []
    borrowed = library.metrics[finding.metric].borrowed
    return names + [f"rule/{name}" if name in library.rules else f"table/{name}" for name in borrowed]


def _ground(library: Library, citation: Citation) -> str:
    """One source in the list at the end: title, validity, where it is from, how sure it is, when it was checked."""
    period = f"（{citation.period}）" if citation.period and "不详" not in citation.period else ""
    named = citation.source if citation.title in citation.source else f"{citation.title}{period}：{citation.source}"
    return f"{named}。{CONFIDENCE_WORD[citation.confidence]}，{_checked_on(library, citation.id).isoformat()}核对"


def _checked_on(library: Library, document: str) -> date:
    kind, _, id = document.partition("/")
    if kind == "rule":
        return library.rules[id].checked_on
    return library.tables[id].checked_on if kind == "table" else library.sources[id].checked_on
