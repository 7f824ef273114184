"""Numbers written into prose, where nobody would find them when a rule changes."""

import re
from collections.abc import Iterator

from assistant.checks.places import place
from assistant.library import Library
from assistant.tables import Table

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


def bare_numbers(library: Library) -> Iterator[str]:
    """Every line that states a number of its own. A year is history in a rule or table, and a number in a topic."""
    for topic in library.topics.values():
        yield from _bare(library, place(topic), f"{topic.title}\n{topic.prose}", years=False)
    for guide in library.guides.values():
        yield from _bare(library, place(guide), guide.prose, years=False)
    for rule in library.rules.values():
        texts = [rule.text, rule.brief, rule.note, *rule.advice.values()]
        texts += [part for version in rule.versions.values() for part in (version.text, version.brief) if part]
        yield from _bare(library, place(rule), "\n".join(texts), years=True)
    for table in library.tables.values():
        yield from _bare(library, place(table), _without_rows(table, f"{table.text}\n{table.note}"), years=True)


def _without_rows(table: Table, text: str) -> str:
    """A table may name its own rows and columns, and they may be called by numbers: −4级, A1."""
    keys = {key for rows in table.versions.values() for key in rows} | set(table.column_names)
    names = {name for key in keys for name in (key, table.name(key))}
    names |= {f"{key.replace('-', '−')}级" for key in keys if key.lstrip("-").isdigit()}
    for name in sorted(names, key=len, reverse=True):
        if not name.lstrip("-").isdigit():
            text = text.replace(name, "")
    return text


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
