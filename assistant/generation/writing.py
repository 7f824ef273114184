"""A generation written: what is new of the documents is embedded, what stays comes from the generation before."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.embedding import Embeds
from assistant.generation import disk
from assistant.generation.reading import Generation
from assistant.generation.searchable import QUESTION, Searchable, field_of, folded, units
from assistant.lexical import Entry, Lexical
from assistant.voting import Voters

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

SYNC_EVERY = 2  # all vectors reach the graph file at once; otherwise each process that opens it writes the rest
CANDIDATES = 300  # kept while the graph is walked; with the usual 100 one question in a hundred misses its nearest neighbour
EMBED_AT_ONCE = 512

Progress = Callable[[int, int], None]
"""called with (vectors done, vectors to do)"""
Records = Mapping[str, Mapping[str, Any]]
"""document id → whatever is needed to tell the document, as JSON; for documents that stand nowhere else"""


@dataclass(frozen=True)
class Plan:
    """What has to be done to get from one generation to the documents of today."""

    hashes: Mapping[str, str]
    new: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def kept(self) -> int:
        """Vectors that stay as they are."""
        return len(self.hashes) - len(self.new)


def plan(documents: Sequence[Searchable], before: Mapping[str, str]) -> Plan:
    """Compare the texts of `documents` with the hashes of a generation."""
    hashes = {
        id: hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        for document in documents for id, text in units(document)
    }
    new = tuple(id for id, value in hashes.items() if before.get(id) != value)
    return Plan(hashes, new, tuple(id for id in before if id not in hashes))


def build(
    folder: Path, documents: Sequence[Searchable], work: Plan, embedder: Embeds, base: Generation | None,
    progress: Progress | None = None, records: Records | None = None,
) -> None:
    """Write a generation into `folder`: what `work` keeps comes from `base`, the rest is embedded."""
    ordered = sorted(documents, key=lambda document: document.id)
    texts = {id: folded(text) for document in ordered for id, text in units(document)}
    folder.mkdir(parents=True)
    # a graph in which more is deleted than alive is slow and wide of the mark: write it afresh
    churn = (base.churn if base else 0) + len(work.gone) + len(work.new)
    # and one of another Chroma configuration cannot be changed in place
    fresh = base is None or churn > 2 * len(work.hashes) or base.walked != CANDIDATES
    if base is not None and not fresh:
        _copy(base.folder / disk.CHROMA, folder / disk.CHROMA)
    client = disk.open_client(folder)
    try:
        collection = client.get_or_create_collection(
            disk.COLLECTION, embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "sync_threshold": SYNC_EVERY, "ef_search": CANDIDATES}},
        )
        if base is not None and fresh:
            changed = set(work.new)
            for ids in disk.batches([id for id in work.hashes if id not in changed], disk.READ_AT_ONCE):
                collection.upsert(ids=ids, embeddings=base.vectors(ids))
        elif base is not None:
            for ids in disk.batches(work.gone, disk.READ_AT_ONCE):
                collection.delete(ids=ids)
        _embed(collection, [(id, texts[id]) for id in work.new], embedder, progress)
        probe = collection.get(limit=1, include=["embeddings"])["embeddings"]
        questions = [id for id in work.hashes if field_of(id) == QUESTION]
        Voters.write(folder / disk.VOTERS, questions, [texts[id] for id in questions], disk.stored(collection, questions))
    finally:
        disk.let_go(client)
    Lexical.build(folder / disk.BM25, [
        Entry(document.id, tuple(map(folded, document.questions)), folded(document.title), folded(document.text))
        for document in ordered
    ])
    if records:
        _write_records(folder / disk.RECORDS, records)
    disk.write_json(folder / disk.HASHES, dict(work.hashes))
    disk.write_json(folder / disk.MANIFEST, {
        "format": disk.FORMAT, "fingerprint": embedder.fingerprint, "vectors": len(work.hashes),
        "churn": 0 if fresh else churn, "walked": CANDIDATES, "recorded": recorded(records), "documents": [document.id for document in ordered],
        "probe": [float(part) for part in probe[0]] if probe is not None and len(probe) else [],
        "files": disk.digests(folder),
    })


def recorded(records: Records | None) -> str:
    """A digest of records: a document may move in its file without a word of it changing. Empty when there are none."""
    if not records:
        return ""
    return hashlib.blake2b(json.dumps(records, ensure_ascii=False, sort_keys=True).encode(), digest_size=8).hexdigest()


def _embed(
    collection: "Collection", pairs: Sequence[tuple[str, str]], embedder: Embeds, progress: Progress | None
) -> None:
    # neighbours in length share a batch, so that little is padded
    ordered = sorted(pairs, key=lambda pair: len(pair[1]))
    done = 0
    for batch in disk.batches(ordered, EMBED_AT_ONCE):
        different = list(dict.fromkeys(text for _, text in batch))
        vectors = embedder.documents(different)
        row = {text: number for number, text in enumerate(different)}
        collection.upsert(ids=[id for id, _ in batch], embeddings=vectors[[row[text] for _, text in batch]])
        done += len(batch)
        if progress is not None:
            progress(done, len(ordered))


def _write_records(path: Path, records: Records) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE records (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID")
        rows = ((id, json.dumps(record, ensure_ascii=False)) for id, record in sorted(records.items()))
        database.executemany("INSERT INTO records VALUES (?, ?)", rows)


def _copy(source: Path, target: Path) -> None:
    """Copy a Chroma folder that others may have open: the database through SQLite, so that no half page is taken."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{disk.DATABASE}*"))
    with closing(sqlite3.connect(source / disk.DATABASE)) as old, closing(sqlite3.connect(target / disk.DATABASE)) as new:
        old.backup(new)
