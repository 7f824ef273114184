"""References that lead nowhere: ids no file has, slots that nothing could fill."""

import re
from collections.abc import Container, Iterable, Iterator
from datetime import date

from assistant.checks.places import everything, place
from assistant.guides import BLANK, CLOCK, GIVEN, SHEET, TODAY, Guide, Slot
from assistant.library import Library
from assistant.sheets import SHEETS
from assistant.tables import Table
from assistant.wording import slots

_MARK = re.compile(r"\[\^([^\]\s]+)\]")


def references(library: Library, today: date) -> Iterator[str]:
    """What a file names and the library does not hold."""
    yield from _ids(library)
    for topic in library.topics.values():
        for name in (*slots(f"{topic.title}\n{topic.prose}"), *topic.within):
            yield from _unknown_number(library, place(topic), name, today)
    for table in library.tables.values():
        for name in slots(table.text):
            if not _own_cell(table, name, today):
                yield from _unknown_number(library, place(table), name, today)
    for guide in library.guides.values():
        yield from _guide(library, guide, today)
    yield from _judgements(library)


def _ids(library: Library) -> Iterator[str]:
    for topic in library.topics.values():
        where = place(topic)
        yield from _missing(where, "metrics", topic.metrics, library.metrics)
        yield from _missing(where, "rules", (*topic.rules, *topic.timeline), library.rules)
        yield from _missing(where, "sources", topic.sources, library.sources)
        yield from _missing(where, "正文来源标记", _MARK.findall(topic.prose), library.sources)
    for rule in library.rules.values():
        where = place(rule)
        yield from _missing(where, "metric", tuple(filter(None, (rule.metric, rule.defines))), library.metrics)
        yield from _missing(where, "improve", tuple(filter(None, (rule.improve,))), library.topics)
        yield from _missing(where, "topic", tuple(filter(None, (rule.topic,))), library.topics)
        cited = {id for version in rule.versions.values() for id in version.sources or ()} | set(rule.sources)
        yield from _missing(where, "sources", cited, library.sources)
    for table in library.tables.values():
        yield from _missing(place(table), "sources", table.sources, library.sources)
        yield from _missing(place(table), "topic", tuple(filter(None, (table.topic,))), library.topics)
    for boundary in library.boundaries:
        yield from _missing(f"boundaries.yaml 的 {boundary.id}", "正文来源标记", _MARK.findall(boundary.say), library.sources)
    known = {kept.id for kept in everything(library)}
    for kept in everything(library):
        yield from _missing(place(kept), "differs_from", kept.differs_from, known)
    for metric in library.metrics.values():
        yield from _missing(f"metrics/{metric.id}", "借用的规则或表", metric.borrowed, {**library.rules, **library.tables})
        if library.definition(metric.id) is None:
            yield f"指标 {metric.id}（{metric.label}）没有口径规则：请在 rules/ 里加一个写着 defines: {metric.id} 的文件"


def _judgements(library: Library) -> Iterator[str]:
    """Judgements of questions no file has any more, or that name a document there is not."""
    kinds = {"topic": [*library.topics], "rule": [*library.rules], "table": [*library.tables], "guide": [*library.guides]}
    documents = {f"{kind}/{id}" for kind, ids in kinds.items() for id in ids}
    asked = {question for kept in everything(library) for question in kept.questions}
    for question, ids in library.judgements.items():
        if question not in asked:
            yield f"judgements.tsv 里「{question}」不在任何文件的 questions 里：请删去这一行，或改成现在的问法"
        yield from _missing("judgements.tsv", question, ids, documents)


def _guide(library: Library, guide: Guide, today: date) -> Iterator[str]:
    """References of a guide, and slots that nothing could fill."""
    where = place(guide)
    yield from _missing(where, "topics", guide.topics, library.topics)
    yield from _missing(where, "metrics", guide.metrics, library.metrics)
    yield from _missing(where, "sources", guide.sources, library.sources)
    yield from _missing(where, "正文来源标记", _MARK.findall(guide.prose), library.sources)
    for written in slots(guide.prose):
        slot = Slot.read(written)
        if slot is None:
            yield from _unknown_number(library, where, written, today)
        elif problem := _unfit(library, guide, slot):
            yield f"{where} 用了 {{{{{written}}}}}，但{problem}"
    for fed, source in guide.feeds.items():
        units = {_unit(library, guide, fed), _unit(library, guide, source)}
        if len(units) > 1 or None in units:
            yield f"{where} 的 feeds 写着 {fed}: {source}，但两边要是本文书的指标，单位要相同"
    for name in sorted(set(guide.blanks) - {slot.name for slot in guide.slots if slot.kind == BLANK}):
        yield f"{where} 的 blanks 里「{name}」没有用到"


def _unit(library: Library, guide: Guide, written: str) -> str | None:
    """The unit of a metric of the guide, or of `metric.input`; None when there is none."""
    id, _, name = written.partition(".")
    if id not in guide.metrics or id not in library.metrics:
        return None
    metric = library.metrics[id]
    return {one.name: one.spec.unit for one in metric.fields}.get(name) if name else metric.unit


def _unfit(library: Library, guide: Guide, slot: Slot) -> str:
    """Why a slot cannot be filled; empty when it can."""
    if slot.kind == TODAY:
        return ""
    if slot.kind == BLANK:
        return "" if slot.name in guide.blanks else "blanks 里没有这一项"
    if slot.kind == SHEET:
        if slot.name not in SHEETS:
            return "没有这张表"
        lacking = [id for id in SHEETS[slot.name].metrics if id not in guide.metrics]
        return f"metrics 里要有 {'、'.join(lacking)}" if lacking else ""
    if slot.name not in guide.metrics or slot.name not in library.metrics:
        return "metrics 里没有这个指标"
    metric = library.metrics[slot.name]
    if slot.kind == GIVEN and slot.input not in {one.name for one in metric.fields}:
        return "这个指标没有这个输入"
    return "这个指标算出来的不是日期" if slot.kind == CLOCK and metric.unit != "date" else ""


def _missing(where: str, field: str, ids: Iterable[str], known: Container[str]) -> Iterator[str]:
    for id in ids:
        if id not in known:
            yield f"{where} 的 {field} 提到「{id}」，但没有这个编号"


def _own_cell(table: Table, name: str, day: date) -> bool:
    try:
        table.lookup(name, day)
    except KeyError:
        return False
    return True


def _unknown_number(library: Library, where: str, name: str, day: date) -> Iterator[str]:
    try:
        library.lookup(name, day)
    except KeyError:
        yield f"{where} 用了 {{{{{name}}}}}，但没有这个规则或数字"
