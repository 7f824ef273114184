"""The knowledge as a BEIR folder: an eighth of the ways to ask is left out of the corpus and becomes the queries."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.generation.searchable import Searchable, folded
from assistant.library import Library

PARTS = 8
FEWEST_QUESTIONS = 5  # a document with fewer keeps them all: one left out would leave it nearly unfindable
FEWEST_KEPT = 3
QRELS = Path("qrels") / "test.tsv"


@dataclass(frozen=True)
class Made:
    """What was written, counted."""

    documents: int
    queries: int
    judged: int
    """pairs of query and relevant group"""


@dataclass(frozen=True)
class HeldOut:
    """A corpus and the questions left out of it."""

    kept: Mapping[str, tuple[str, ...]]
    """document id → questions that stay"""
    queries: Mapping[str, tuple[str, ...]]
    """question → ids of the groups that answer it; a group is named by the document the others are found with"""


def part_of(question: str) -> int:
    """Which of the eight parts a question belongs to: by its text alone, so that it never moves as the knowledge grows."""
    return hashlib.blake2b(folded(question).encode(), digest_size=4).digest()[0] % PARTS


def hold_out(
    documents: Sequence[Searchable], leads: Mapping[str, str], judgements: Mapping[str, Iterable[str]], part: int = 0
) -> HeldOut:
    """Leave one part of the questions out.

    A question that stays anywhere, as a question or a title, is no query: it would only be found again.
    """
    kept: dict[str, tuple[str, ...]] = {}
    asked: dict[str, list[str]] = {}
    for document in documents:
        out = [question for question in document.questions if part_of(question) == part]
        spare = len(document.questions) - FEWEST_KEPT if len(document.questions) >= FEWEST_QUESTIONS else 0
        out = out[: max(0, spare)]
        kept[document.id] = tuple(question for question in document.questions if question not in out)
        for question in out:
            asked.setdefault(question, []).append(leads.get(document.id, document.id))
    standing = {folded(text) for document in documents for text in (*kept[document.id], document.title)}
    queries = {}
    for question, own in asked.items():
        if folded(question) not in standing:
            further = [leads.get(id, id) for id in judgements.get(question, ()) if id in kept]
            queries[question] = tuple(dict.fromkeys([*own, *further]))
    return HeldOut(kept, queries)


def make(folder: Path, library: Library, day: date, part: int = 0) -> Made:
    """Write corpus.jsonl, queries.jsonl and qrels/test.tsv, the same bytes for the same knowledge, day and part.

    Beside BEIR's fields a corpus line has `questions` and, where the document is found as one with another, `lead`: the
    id of that other, for which alone qrels judge. Raises AssistantError when the folder cannot be written.
    """
    documents = sorted(library.on(day).values(), key=lambda document: document.id)
    leads = {id: lead for id, lead in library.leads.items() if lead in library.on(day)}
    held = hold_out(documents, leads, library.judgements, part)
    corpus: list[dict[str, Any]] = []
    for document in documents:
        line = {"_id": document.id, "title": document.title, "text": document.text, "questions": held.kept[document.id]}
        corpus.append(line | ({"lead": leads[document.id]} if document.id in leads else {}))
    named = {_query_id(question): question for question in sorted(held.queries)}
    rows = [(id, group, 1) for id, question in named.items() for group in held.queries[question]]
    try:
        (folder / QRELS).parent.mkdir(parents=True, exist_ok=True)
        _write_lines(folder / "corpus.jsonl", corpus)
        _write_lines(folder / "queries.jsonl", [{"_id": id, "text": question} for id, question in named.items()])
        text = "".join("\t".join(map(str, row)) + "\n" for row in [("query-id", "corpus-id", "score"), *rows])
        (folder / QRELS).write_text(text, encoding="utf-8")
    except OSError as error:
        raise AssistantError(f"文件夹 {folder} 写不进去，请检查它是不是文件夹、有没有写权限、磁盘有没有空间。") from error
    return Made(len(corpus), len(named), len(rows))


def _query_id(question: str) -> str:
    return "q" + hashlib.blake2b(question.encode(), digest_size=6).hexdigest()


def _write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
