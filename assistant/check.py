"""What an editor should mend: references that lead nowhere, numbers written into prose, examples that do not hold."""

import re
from collections.abc import Iterator
from datetime import date

from assistant.guides import BLANK, CLOCK, GIVEN, SHEET, TODAY, Guide, Slot
from assistant.library import Library, Topic
from assistant.rules import Rule
from assistant.sheets import SHEETS
from assistant.wording import slots

_SLOT = re.compile(r"\{\{[^{}]*\}\}")
_MARK = re.compile(r"\[\^([^\]\s]+)\]")
_NAMES = re.compile(
    r"第[\d一二三四五六七八九十百]+[条款章项]|[〔\[]\d{4}[〕\]]\d+号|令?第?\d+号令?|(?<![A-Za-z])[A-Z]\d(?!\d)|S\d+"
)
_YEAR = re.compile(r"(?:19|20)\d{2}(?:年|(?=[—–-]))")
_DIGITS = re.compile(r"[0-9０-９]+")
_CHINESE = re.compile(
    r"[一二三四五六七八九十百千万两]+(?:多|几)?(?:天|日(?!常)|小时|个工作日|元|块钱|分钟|个月|周年|年(?!代)|成(?!交|团|本|功|立|为)|倍|公里|座|千米)|百分之[一二三四五六七八九十百]+"
)


def problems(library: Library) -> list[str]:
    """One sentence per thing to mend, empty when all is well."""
    found = list(_references(library))
    for topic in library.topics.values():
        found += _bare(library, f"topics/{topic.id}.md", f"{topic.title}\n{topic.prose}", years=False)
    for guide in library.guides.values():
        found += _guide(library, guide)
        found += _bare(library, f"guides/{guide.id}.md", guide.prose, years=False)
    for rule in library.rules.values():
        texts = [rule.text, rule.brief, rule.note, *rule.advice.values()]
        texts += [part for v in rule.versions.values() for part in (v.text, v.brief) if part]
        found += _bare(library, f"rules/{rule.id}.yaml", "\n".join(texts), years=True)
        found += _examples(rule)
    return found


def _references(library: Library) -> Iterator[str]:
    for topic in library.topics.values():
        where = f"topics/{topic.id}.md"
        yield from _missing(where, "metrics", topic.metrics, library.metrics)
        yield from _missing(where, "rules", (*topic.rules, *topic.timeline), library.rules)
        yield from _missing(where, "sources", topic.sources, library.sources)
        yield from _missing(where, "正文来源标记", _MARK.findall(topic.prose), library.sources)
        yield from _slots(library, where, topic)
    for id, rule in library.rules.items():
        where = f"rules/{id}.yaml"
        yield from _missing(where, "metric", tuple(filter(None, (rule.metric, rule.defines))), library.metrics)
        yield from _missing(where, "improve", tuple(filter(None, (rule.improve,))), library.topics)
        yield from _missing(where, "topic", tuple(filter(None, (rule.topic,))), library.topics)
        cited = {id for version in rule.versions.values() for id in version.sources or ()} | set(rule.sources)
        yield from _missing(where, "sources", cited, library.sources)
    for id, table in library.tables.items():
        yield from _missing(f"tables/{id}.yaml", "sources", table.sources, library.sources)
        yield from _missing(f"tables/{id}.yaml", "topic", tuple(filter(None, (table.topic,))), library.topics)
    for metric in library.metrics.values():
        yield from _missing(f"metrics/{metric.id}", "借用的规则或表", metric.borrowed, {**library.rules, **library.tables})
        if library.definition(metric.id) is None:
            yield f"指标 {metric.id}（{metric.label}）没有口径规则：请在 rules/ 里加一个写着 defines: {metric.id} 的文件"


def _guide(library: Library, guide: Guide) -> Iterator[str]:
    """References of a guide, and slots that nothing could fill."""
    where = f"guides/{guide.id}.md"
    yield from _missing(where, "topics", guide.topics, library.topics)
    yield from _missing(where, "metrics", guide.metrics, library.metrics)
    yield from _missing(where, "sources", guide.sources, library.sources)
    yield from _missing(where, "正文来源标记", _MARK.findall(guide.prose), library.sources)
    for written in slots(guide.prose):
        slot = Slot.read(written)
        if slot is None:
            yield from _unknown_number(library, where, written)
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


def _missing(where: str, field: str, ids: object, known: object) -> Iterator[str]:
    for id in ids:  # type: ignore[attr-defined]
        if id not in known:  # type: ignore[operator]
            yield f"{where} 的 {field} 提到「{id}」，但没有这个编号"


def _slots(library: Library, where: str, topic: Topic) -> Iterator[str]:
    for name in slots(f"{topic.title}\n{topic.prose}"):
        yield from _unknown_number(library, where, name)


def _unknown_number(library: Library, where: str, name: str) -> Iterator[str]:
    try:
        library.lookup(name, date.today())
    except KeyError:
        yield f"{where} 用了 {{{{{name}}}}}，但没有这个规则或数字"


def _bare(library: Library, where: str, prose: str, *, years: bool) -> Iterator[str]:
    for line in prose.split("\n"):
        text = _MARK.sub("", _SLOT.sub("", line))
        for name in sorted(library.vocabulary.names_with_numbers, key=len, reverse=True):
            text = text.replace(name, "")
        text = _NAMES.sub("", text)
        if years:
            text = _YEAR.sub("", text)
        if found := _DIGITS.search(text) or _CHINESE.search(text):
            yield f"{where} 直接写了数字「{found.group()}」，请改为借用规则里的数：{line.strip()[:60]}"


def _examples(rule: Rule) -> Iterator[str]:
    for example in rule.examples:
        where = f"rules/{rule.id}.yaml 的 examples（{example.day}）"
        if example.value is not None:
            grade = rule.grade(example.value, example.day)
            if grade is None or example.level not in (None, grade.level) or example.word not in (None, grade.word):
                yield f"{where} 不成立：{example.value} 评为 {grade and (grade.level, grade.word)}"
        if example.number is not None and rule.numbers(example.day).get(example.number) != example.equals:
            yield f"{where} 不成立：{example.number} 是 {rule.numbers(example.day).get(example.number)}"
