"""What changed in a rule or a table between two days, side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.days import Day
from assistant.library import Document, Library
from assistant.rules import Dated, Rule
from assistant.tables import Table
from assistant.validity import Since

MOST_COMPARED = 3  # rules that are set side by side
NEAR = 2  # findings whose rules may have changed as well


@dataclass(frozen=True)
class Change:
    """A rule or a table as it was and as it is: `earlier` and `later` are Markdown, `on` the day of the last change between."""

    document: str
    label: str
    was: str
    on: str
    earlier: str
    later: str


def changes(
    library: Library, document: Document, days: Sequence[Day], day: date, dated: bool, today: date,
    others: Sequence[Document] = (),
) -> list[Change]:
    """What of a document's rules differs between the two days a question names; with one day, between it and today, or around
    it when something changed on it; with none, what changed last. Two days far apart may hold changes of the `others`, the
    further findings, too."""
    named = [one for one in days if one.dated and one.last <= today]
    subjects = list(_subjects(library, document))[:MOST_COMPARED]
    if len(named) > 1:
        further = [one for one in others[:NEAR] if _of_one_field(one, document)]
        subjects += [subject for one in further for subject in _subjects(library, one)]
    found: dict[str, Change] = {}
    for subject in subjects:
        first, second = _pair(subject, named, day, dated, today)
        change = _table(library, subject, first, second) if isinstance(subject, Table) else _rule(subject, first, second)
        if change is not None:
            found.setdefault(change.document, change)
    return list(found.values())[:MOST_COMPARED]


def _of_one_field(one: Document, other: Document) -> bool:
    shared = set(one.platforms) & set(other.platforms)
    return one.area == other.area and (bool(shared) or not (one.platforms or other.platforms))


def _subjects(library: Library, document: Document) -> Iterable[Rule | Table]:
    """The document's own rule or table first, then those it shows on its time line and those whose numbers it borrows."""
    kind, _, name = document.id.partition("/")
    names = [name] if kind in ("rule", "table") else []
    told = [rule.id for rule in library.rules.values() if f"topic/{rule.topic}" == document.id]
    for one in dict.fromkeys([*names, *document.timeline, *document.borrowed, *told]):
        subject = library.rules.get(one) or library.tables.get(one)
        if subject is not None and len(subject.versions) > 1 and not getattr(subject, "event", False):
            yield subject


def _pair(subject: Rule | Table, named: Sequence[Day], day: date, dated: bool, today: date) -> tuple[date, date]:
    begun = sorted(since.day for since in subject.versions if since.day <= today)
    if len(named) > 1:
        ordered = sorted(named, key=lambda one: one.first)
        return ordered[0].first, ordered[-1].last
    if dated:
        around = [since for one in named for since in begun if one.first <= since <= one.last]
        if around:
            return _before(around[0]), around[-1]
        return day, today
    return (_before(begun[-1]), begun[-1]) if begun else (day, today)


def _before(day: date) -> date:
    return day - timedelta(days=1) if day > date.min else day


def _rule(rule: Rule, first: date, second: date) -> Change | None:
    then, now = rule.on(first), rule.on(second)
    if now is None or then == now:
        return None
    was = rule.render(then) if then is not None else "这一天还没有这条规则。"
    return Change(f"rule/{rule.id}", rule.label, _until(then, now), str(now.since), was, rule.render(now))


def _until(then: Dated | None, now: Dated) -> str:
    return then.period if then is not None else f"{now.since} 前"


def _table(library: Library, table: Table, first: date, second: date) -> Change | None:
    then, now = table.on(first), table.on(second)
    if then is None or now is None or then[0] == now[0]:
        return None
    keys = [key for key in dict.fromkeys([*then[1], *now[1]]) if then[1].get(key) != now[1].get(key)]
    earlier, later = (
        "；".join(f"{table.name(key)} {table.say(rows[key])}" for key in keys if key in rows) or "没有这些档" for rows in (then[1], now[1])
    )
    return Change(f"table/{table.id}", table.label, _written(then[0]), str(now[0]), earlier, later)


def _written(since: Since) -> str:
    return f"{since} 起"
