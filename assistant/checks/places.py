"""The files an editor keeps, and how a file is named to them."""

from collections.abc import Iterator
from typing import TypeAlias

from assistant.guides import Guide
from assistant.library import Library
from assistant.rules import Rule
from assistant.tables import Table
from assistant.topics import Topic

Kept: TypeAlias = Topic | Rule | Table | Guide
_FOLDERS = {Topic: ("topics", "md"), Rule: ("rules", "yaml"), Table: ("tables", "yaml"), Guide: ("guides", "md")}


def place(kept: Kept) -> str:
    """How a file is named: rules/dispute_line.yaml."""
    folder, suffix = _FOLDERS[type(kept)]
    return f"{folder}/{kept.id}.{suffix}"


def everything(library: Library) -> Iterator[Kept]:
    """All files of a library that are asked for, topics first."""
    yield from library.topics.values()
    yield from library.rules.values()
    yield from library.tables.values()
    yield from library.guides.values()


def told_by(kept: Kept) -> str:
    """The file that answers for a file: a rule or table told by a topic answers with that topic."""
    topic = kept.topic if isinstance(kept, Rule | Table) else ""
    return f"topics/{topic}.md" if topic else place(kept)


def declared(one: Kept, other: Kept) -> bool:
    """Whether two files may give different numbers: one is marked as a conflict, or says that it differs and why."""
    conflict = "conflict" in (one.confidence, other.confidence)
    return conflict or other.id in one.differs_from or one.id in other.differs_from
