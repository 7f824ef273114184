"""All knowledge, read once, and what it says on a given day: topics, rules, tables and guides as documents."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from assistant.boundaries import Boundary
from assistant.errors import KnowledgeError
from assistant.files import build, read_yaml
from assistant.guides import Guide, read_guide
from assistant.judgements import read_judgements
from assistant.metrics import Metric, registry
from assistant.review import Review
from assistant.rules import Dated, Rule
from assistant.schema import Confidence
from assistant.sources import Source
from assistant.strangers import Questions
from assistant.tables import Table
from assistant.topics import Topic, read_topic
from assistant.validity import Since
from assistant.vocabulary import Vocabulary
from assistant.wording import SPECIAL_UNITS, Value, fill, slots

Kind = Literal["topic", "rule", "table", "guide"]
DAYS_KEPT = 12  # a day's documents weigh about a megabyte
_MARK = re.compile(r"\[\^([^\]\s]+)\]")


@dataclass(frozen=True)
class Document:
    """A piece of knowledge as it reads on one day."""

    id: str
    kind: Kind
    title: str
    questions: tuple[str, ...]
    say: str
    body: str
    acts: str
    note: str
    sources: tuple[str, ...]
    confidence: Confidence
    period: str
    current: bool
    area: str
    audience: tuple[str, ...]
    platforms: tuple[str, ...]
    metrics: tuple[str, ...]
    timeline: tuple[str, ...]
    next: tuple[str, ...]
    unknown: bool
    borrowed: tuple[str, ...] = ()
    """ids of the rules whose numbers stand in the text, in order"""
    within: tuple[str, ...] = ()
    """as in a topic"""

    @property
    def text(self) -> str:
        """What is searched besides title and questions."""
        return "\n".join(part for part in (self.say, self.body, self.acts, self.note) if part)

    def quote(self, longest: int = 120) -> str:
        """The sentence relied on, without source markers."""
        sentence = _MARK.sub("", self.say).replace("**", "").strip()
        return sentence if len(sentence) <= longest else sentence[: longest - 1] + "…"


class Library:
    """Everything under `knowledge/`, validated. Building it reads files; nothing else does."""

    def __init__(
        self,
        topics: Iterable[Topic],
        rules: Iterable[Rule],
        tables: Iterable[Table],
        sources: Mapping[str, Source],
        vocabulary: Vocabulary,
        boundaries: Iterable[Boundary] = (),
        guides: Iterable[Guide] = (),
        strangers: Iterable[str] = (),
        review: Review | None = None,
        judgements: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.topics = {topic.id: topic for topic in topics}
        self.rules = {rule.id: rule for rule in rules}
        self.tables = {table.id: table for table in tables}
        self.guides = {guide.id: guide for guide in guides}
        self.sources = dict(sources)
        self.vocabulary = vocabulary
        self.boundaries = tuple(boundaries)
        self.strangers = tuple(strangers)
        """questions that are none of our business: the nearer a question is to these, the less its findings are trusted"""
        self.review = review
        """how long a file holds unreviewed; None when the folder does not say"""
        self.judgements = dict(judgements or {})
        """question of a file → further documents that answer it as well; only measuring looks at it"""
        self.metrics: Mapping[str, Metric] = registry()
        self._on = lru_cache(maxsize=DAYS_KEPT)(self._documents)

    @classmethod
    def read(cls, folder: Path) -> "Library":
        """Read a knowledge folder. Raises KnowledgeError naming file and field."""
        if not (folder / "sources.yaml").is_file():
            raise KnowledgeError(f"知识文件夹 {folder} 里没有 sources.yaml，请检查 ASSISTANT_KNOWLEDGE_DIR")
        sources_path, vocabulary_path = folder / "sources.yaml", folder / "vocabulary.yaml"
        sources = {str(id): build(Source, sources_path, data) for id, data in (read_yaml(sources_path) or {}).items()}
        boundaries_path = folder / "boundaries.yaml"
        questions_path, review_path = folder / "calibration.yaml", folder / "review.yaml"
        return cls(
            [read_topic(path) for path in _files(folder / "topics", "*.md")],
            [build(Rule, path, read_yaml(path), id=path.stem) for path in _files(folder / "rules", "*.yaml")],
            [build(Table, path, read_yaml(path), id=path.stem) for path in _files(folder / "tables", "*.yaml")],
            sources,
            build(Vocabulary, vocabulary_path, read_yaml(vocabulary_path)),
            [
                build(Boundary, boundaries_path, data, id=id)
                for id, data in (read_yaml(boundaries_path) or {}).items()
            ] if boundaries_path.is_file() else (),
            [read_guide(path) for path in _files(folder / "guides", "*.md")],
            build(Questions, questions_path, read_yaml(questions_path)).outside if questions_path.is_file() else (),
            build(Review, review_path, read_yaml(review_path)) if review_path.is_file() else None,
            read_judgements(folder / "judgements.tsv"),
        )

    def on(self, day: date) -> Mapping[str, Document]:
        """All documents as they read on `day`, by id."""
        return self._on(day)

    def begun(self, id: str, day: date) -> bool:
        """Whether a document holds on a day, or has held before; of a rule or a table it is told on days before it as well."""
        kind, _, name = id.partition("/")
        dated: Rule | Table | None = self.rules.get(name) if kind == "rule" else self.tables.get(name) if kind == "table" else None
        return id in self.on(day) and (dated is None or dated.on(day) is not None)

    def numbers(self, day: date) -> "Numbers":
        """What metrics borrow from rules and tables on `day`."""
        return Numbers(self, day)

    def lookup(self, name: str, day: date) -> tuple[Value, str]:
        """(value, unit) of `rule.number` or `table.row.column` on `day`; of the version nearest to it when the rule is not in force then.

        `rule.number@2020-09-19` is the number of that day whatever day is asked about: prose that sets two versions
        side by side means these two.
        """
        name, _, pinned = name.partition("@")
        if pinned:
            day = Since.parse(pinned).day
        id, _, number = name.partition(".")
        if rule := self.rules.get(id):
            return rule.lookup(number, _telling(rule, day))
        if table := self.tables.get(id):
            return table.lookup(number, day)
        raise KeyError(name)

    def table_text(self, table: Table, day: date) -> str:
        """What a table says of itself on `day`; its slots are its own cells (`{{row.column}}`, `{{since}}`) or numbers of rules."""

        def own_or_borrowed(name: str) -> tuple[Value, str]:
            try:
                return table.lookup(name, day)
            except KeyError:
                return self.lookup(name, day)

        try:
            return fill(table.text, own_or_borrowed)
        except KeyError as error:
            raise KnowledgeError(f"知识文件 {table.id}.yaml 用了 {error.args[0]}，但没有这一格、规则或数字。") from error

    @property
    def leads(self) -> Mapping[str, str]:
        """Document id of a rule or table → document id of the topic that tells it."""
        told = [(f"rule/{rule.id}", rule.topic) for rule in self.rules.values()]
        told += [(f"table/{table.id}", table.topic) for table in self.tables.values()]
        return {id: f"topic/{topic}" for id, topic in told if topic}

    def rules_for(self, metric: str) -> list[Rule]:
        """The rules that grade `metric`."""
        return [rule for rule in self.rules.values() if rule.metric == metric and rule.grades]

    def definition(self, metric: str) -> Rule | None:
        """The rule that defines `metric`, with period and source."""
        return next((rule for rule in self.rules.values() if rule.defines == metric), None)

    def source_line(self, ids: Iterable[str]) -> str:
        """Sources named for a person."""
        return "；".join(self.sources[id].named for id in ids)

    def _documents(self, day: date) -> dict[str, Document]:
        documents = [self._rule_document(rule, day) for rule in self.rules.values()]
        documents += [self._table_document(table, day) for table in self.tables.values()]
        documents += [self._topic_document(topic, day) for topic in self.topics.values()]
        documents += [self._guide_document(guide, day) for guide in self.guides.values()]
        return {document.id: document for document in documents}

    def _topic_document(self, topic: Topic, day: date) -> Document:
        def filled(text: str) -> str:
            try:
                return fill(text, lambda name: self.lookup(name, day))
            except KeyError as error:
                raise KnowledgeError(f"知识文件 {topic.id}.md 用了 {error.args[0]}，但没有这个规则或数字。") from error

        period = f"{topic.valid_from} 起" if topic.valid_from else ""
        if topic.valid_to:
            period = f"{topic.valid_from or ''}至{topic.valid_to}"
        return Document(
            f"topic/{topic.id}", "topic", filled(topic.title), topic.questions, filled(topic.say), filled(topic.body),
            filled(topic.acts), filled(topic.note), topic.sources, topic.confidence, period, topic.holds_on(day),
            topic.area, topic.audience, topic.platforms, topic.metrics, topic.timeline, topic.next, topic.unknown,
            self._borrowed(topic.prose), topic.within,
        )

    def _guide_document(self, guide: Guide, day: date) -> Document:
        """A guide is found by how it is asked for and what is said of it; the paper itself is no text to search."""
        try:
            say = fill(guide.say, lambda name: self.lookup(name, day))
        except KeyError as error:
            raise KnowledgeError(f"知识文件 {guide.id}.md 用了 {error.args[0]}，但没有这个规则或数字。") from error
        return Document(
            f"guide/{guide.id}", "guide", guide.title, guide.questions, say, "", "", "", guide.sources, guide.confidence, "", True,
            guide.area, guide.audience, guide.platforms, guide.metrics, (), (), False,
            self._borrowed(guide.say),
        )

    def _borrowed(self, prose: str) -> tuple[str, ...]:
        """The rules whose numbers a text borrows; cells of tables are cited with the sentence that holds them."""
        names = dict.fromkeys(name.partition(".")[0] for name in slots(prose))
        return tuple(name for name in names if name in self.rules)

    def _rule_document(self, rule: Rule, day: date) -> Document:
        dated = _telling(rule, day)
        in_force = dated.since.day <= day and not dated.version.ended
        say = rule.render(dated) if dated.version.text or rule.text else rule.label
        earlier = [rule.render(old) for old in rule.timeline if old.since < dated.since and not old.version.ended]
        return Document(
            f"rule/{rule.id}", "rule", rule.label, rule.questions, say, "", "", rule.note,
            dated.version.sources or rule.sources, dated.version.confidence or rule.confidence, dated.period, in_force,
            rule.area, rule.audience, rule.platforms, tuple(filter(None, (rule.metric, rule.defines))),
            (rule.id,) if earlier else (), (), False,
        )

    def _table_document(self, table: Table, day: date) -> Document:
        found = table.on(day) or min(table.versions.items())
        since, rows = found
        unit = "" if table.unit in SPECIAL_UNITS else f"（{table.unit}）"
        lines = [f"| {table.row_label} | {table.label}{unit} |", "| --- | --- |"]
        lines += [f"| {table.name(key)} | {table.say(cell)} |" for key, cell in rows.items()]
        return Document(
            f"table/{table.id}", "table", table.label, table.questions, self.table_text(table, day), "\n".join(lines), "", table.note,
            table.sources, table.confidence, f"{since} 起", since.day <= day, table.area, table.audience, (), (), (), (), False,
        )


class Numbers:
    """That day's numbers by rule or table id, for metrics."""

    def __init__(self, library: Library, day: date) -> None:
        self.library, self.day = library, day

    def __call__(self, name: str) -> Mapping[str, Any]:
        """Numbers of a rule or rows of a table. Raises KnowledgeError when nothing is in force on the day."""
        if rule := self.library.rules.get(name):
            if numbers := rule.numbers(self.day):
                return numbers
        elif (table := self.library.tables.get(name)) and (found := table.on(self.day)):
            return found[1]
        raise KnowledgeError(f"{self.day.isoformat()} 这一天没有「{name}」的数据。")


def _telling(rule: Rule, day: date) -> Dated:
    """The version that tells most on `day`: the one in force, else the last one before it ended, else the first."""
    return rule.on(day) or rule.timeline[0]


def _files(folder: Path, pattern: str) -> list[Path]:
    """The files below a folder in order. The name is the id, so it may stand once only, whatever the subfolder."""
    found = sorted(folder.rglob(pattern))
    names: dict[str, Path] = {}
    for path in found:
        if path.stem in names:
            raise KnowledgeError(f"知识文件 {path.name} 有两个（{names[path.stem].parent.name} 和 {path.parent.name}），文件名要唯一。")
        names[path.stem] = path
    return found
