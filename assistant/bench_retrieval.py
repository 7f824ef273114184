"""Retrieval quality on a BEIR-format folder: capped recall@1/5/10, MRR@10, nDCG@10 and milliseconds, by mode and by what is left out."""

import csv
import json
import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from assistant.embedding import Embedder, Remembering
from assistant.errors import AssistantError
from assistant.files import read_yaml
from assistant.index import Index
from assistant.search import Mode, Retrieval, Search
from assistant.settings import Settings
from assistant.vocabulary import Vocabulary

DEPTH = 10
CUTS = (1, 5, 10)
DEEPER = 30  # documents asked for when those of one group are not put together: several of them may take up one place
WIDE = 14  # columns of the table's first column
MODES: tuple[Mode, ...] = ("bm25", "dense", "hybrid")
Field = Literal["title", "text", "questions"]
FIELDS: Mapping[str, Field] = {"标题": "title", "正文": "text", "问法": "questions"}


@dataclass(frozen=True)
class Passage:
    """A corpus line; `questions` and `lead` are ours beside BEIR's title and text, and may be left out."""

    id: str
    title: str
    text: str
    questions: tuple[str, ...] = ()
    lead: str = ""
    """id of the document this one is found as one with"""


@dataclass(frozen=True)
class Asked:
    """A folder as read."""

    corpus: tuple[Passage, ...]
    queries: Mapping[str, str]
    """query id → text; those that have a judgement"""
    judged: Mapping[str, Mapping[str, int]]
    """query id → document id → grade"""

    @classmethod
    def read(cls, folder: Path) -> "Asked":
        """Raises AssistantError naming the file and the line."""
        corpus = tuple(
            Passage(str(line["_id"]), line.get("title", ""), line["text"], tuple(line.get("questions", ())), str(line.get("lead", "")))
            for line in _lines(folder / "corpus.jsonl")
        )
        judged = _qrels(folder / "qrels" / "test.tsv")
        queries = {str(line["_id"]): line["text"] for line in _lines(folder / "queries.jsonl") if str(line["_id"]) in judged}
        if not corpus or not queries:
            raise AssistantError(f"{folder} 里没有语料或没有带判定的问句。")
        return cls(corpus, queries, judged)

    @property
    def leads(self) -> Mapping[str, str]:
        """Document → the one it is found as one with."""
        return {passage.id: passage.lead for passage in self.corpus if passage.lead}


@dataclass(frozen=True)
class Scores:
    """Means over the queries that have a judgement."""

    recall: Mapping[int, float]
    """cut k → capped recall: relevant documents among the first k ÷ min(k, relevant documents), as BEIR caps it"""
    mrr: float
    ndcg: float
    ms: float


def run(folder: Path, settings: Settings, advance: Callable[[int, int], None], *, ablate: bool = False) -> str:
    """Index the corpus, ask every judged query in every mode, and return the table. Raises AssistantError.

    `ablate`: also the hybrid with one part at a time left out.
    """
    asked = Asked.read(folder)
    embedder = Embedder(settings.embedding_model or None)
    synonyms = Vocabulary(**read_yaml(settings.knowledge_dir / "vocabulary.yaml")).synonyms
    retrieval = Retrieval.read(settings.knowledge_dir / "retrieval.yaml")
    lines = [f"{'':<{WIDE}}" + "".join(f"{f'R@{cut}':>8}" for cut in CUTS) + f"{'MRR@10':>9}{'nDCG@10':>9}{'ms/问':>8}"]

    def add(name: str, search: Search, mode: Mode = "hybrid") -> None:
        embedder.query.cache_clear()  # every row embeds its own questions
        lines.append(_row(name, measure(search, asked.queries, asked.judged, mode, asked.leads)))

    with TemporaryDirectory() as work:
        index = Index(Path(work), Remembering(embedder) if ablate else embedder)
        index.sync(asked.corpus, advance)
        search = Search(index, embedder, retrieval, synonyms, asked.leads)
        for mode in MODES:
            add(mode, search, mode)
        if ablate:
            add("去掉同义词", Search(index, embedder, retrieval, None, asked.leads))
            add("不合并同组", Search(index, embedder, retrieval, synonyms))
            for name, field in FIELDS.items():
                index.sync([_without(passage, field) for passage in asked.corpus], advance)
                add(f"去掉{name}", search)
        index.close()
    return "\n".join([*lines, f"语料{len(asked.corpus)}篇，问句{len(asked.queries)}条"])


def measure(
    search: Search, queries: Mapping[str, str], judged: Mapping[str, Mapping[str, int]], mode: Mode,
    leads: Mapping[str, str] | None = None,
) -> Scores:
    """Ask all queries in one mode. Documents with one lead count as one, whether the search puts them together or not."""
    recall: dict[int, list[float]] = {cut: [] for cut in CUTS}
    reciprocal, gains, times = [], [], []
    group = (leads or {}).get
    depth = DEEPER if leads and not search.leads else DEPTH
    for id, text in queries.items():
        started = time.perf_counter()
        hits = search.find(text, depth, mode=mode).hits
        times.append((time.perf_counter() - started) * 1000)
        found = list(dict.fromkeys(group(hit.id, hit.id) for hit in hits))
        grades: dict[str, int] = {}
        for document, grade in judged[id].items():
            grades[group(document, document)] = max(grade, grades.get(group(document, document), grade))
        relevant = {document for document, grade in grades.items() if grade > 0}
        for cut in CUTS:
            recall[cut].append(len(relevant & set(found[:cut])) / min(cut, len(relevant)))
        ranks = [rank for rank, document in enumerate(found[:DEPTH], 1) if document in relevant]
        reciprocal.append(1 / ranks[0] if ranks else 0.0)
        gains.append(ndcg(found, grades))
    means = {cut: statistics.fmean(values) for cut, values in recall.items()}
    return Scores(means, statistics.fmean(reciprocal), statistics.fmean(gains), statistics.median(times))


def _without(passage: Passage, field: Field) -> Passage:
    if field == "questions":
        return replace(passage, questions=())
    return replace(passage, title="") if field == "title" else replace(passage, text="")


def _row(name: str, scores: Scores) -> str:
    width = sum(1 + (character > "ÿ") for character in name)  # 汉字 take two columns
    recalls = "".join(f"{scores.recall[cut]:>8.3f}" for cut in CUTS)
    return name + " " * (WIDE - width) + f"{recalls}{scores.mrr:>9.3f}{scores.ndcg:>9.3f}{scores.ms:>8.1f}"


def ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain at 10 with linear gains (Järvelin and Kekäläinen, 2002)."""
    got = sum(grades.get(document, 0) / math.log2(rank + 1) for rank, document in enumerate(found[:DEPTH], 1))
    best = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:DEPTH]
    ideal = sum(grade / math.log2(rank + 1) for rank, grade in enumerate(best, 1))
    return got / ideal if ideal else 0.0


def _text(path: Path) -> str:
    if not path.is_file():
        raise AssistantError(f"找不到文件 {path}。")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"文件 {path} 读不出来：要有读的权限，且是 UTF-8 文本。") from error


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
        except ValueError as error:
            raise AssistantError(f"{path} 第{number}行不是 JSON：{error}") from error
        if not isinstance(parsed, dict) or "_id" not in parsed or "text" not in parsed:
            raise AssistantError(f"{path} 第{number}行缺少 _id 或 text。")
        yield parsed


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for number, row in enumerate(csv.reader(_text(path).splitlines(), delimiter="\t"), 1):
        if not row or (number == 1 and not row[-1].isdigit()):
            continue
        if len(row) != 3 or not row[2].lstrip("-").isdigit():
            raise AssistantError(f"{path} 第{number}行应是「问句、文档、分」三列。")
        judged.setdefault(row[0], {})[row[1]] = int(row[2])
    return {query: grades for query, grades in judged.items() if any(grade > 0 for grade in grades.values())}
