"""One state of the search index on disk: Chroma (ids and vectors), BM25, records and a manifest. Never changed once published."""

import hashlib
import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from assistant.embedding import Embeds, Vectors
from assistant.errors import IndexUnavailable
from assistant.lexical import Entry, Lexical
from assistant.numerals import fold
from assistant.voting import Voters

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

FORMAT = 2  # raise it when tokens, folding or files change: generations of another format are built anew
COLLECTION = "vectors"
SYNC_EVERY = 2  # all vectors reach the graph file at once; otherwise each process that opens it writes the rest
CANDIDATES = 300  # kept while the graph is walked; with the usual 100 one question in a hundred misses its nearest neighbour
EMBED_AT_ONCE = 512
READ_AT_ONCE = 5_000
CHROMA, BM25, VOTERS, DATABASE = "chroma", "bm25", "voters", "chroma.sqlite3"
MANIFEST, HASHES, RECORDS = "manifest.json", "hashes.json", "records.sqlite3"
QUESTION = "question"
FIELD_OF = {"q": QUESTION, "t": "title", "b": "text"}
_MARKUP = re.compile(r"\[\^[^\]\s]+\]|[*#|`]+|-{3,}")

_clients = threading.Lock()  # Chroma counts the clients of a folder, but not safely between threads

Progress = Callable[[int, int], None]
"""called with (vectors done, vectors to do)"""
Records = Mapping[str, Mapping[str, Any]]
"""document id → whatever is needed to tell the document, as JSON; for documents that stand nowhere else"""


class Searchable(Protocol):
    """What of a document is searched. `library.Document` is one; benches bring their own."""

    @property
    def id(self) -> str:
        """Unique, without `#`."""
    @property
    def title(self) -> str:
        """Its heading."""
    @property
    def questions(self) -> tuple[str, ...]:
        """How people ask for it."""
    @property
    def text(self) -> str:
        """Everything else that can be found in it."""


class Near(NamedTuple):
    """One vector near the question: the number of its document, its field and the cosine."""

    document: int
    field: str
    cosine: float
    share: float = 0.0
    """its weight in the vote of the stored questions near by; 0 for titles and texts"""


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


def folded(text: str) -> str:
    """What is embedded and tokenised: one spelling, no markup."""
    return fold(_MARKUP.sub("", text)).strip()


def units(document: Searchable) -> Iterator[tuple[str, str]]:
    """(vector id, raw text) of everything of a document that is found on its own."""
    for number, question in enumerate(document.questions):
        yield f"{document.id}#q{number}", question
    if document.title:
        yield f"{document.id}#t", document.title
    if document.text:
        yield f"{document.id}#b", document.text


def plan(documents: Sequence[Searchable], before: Mapping[str, str]) -> Plan:
    """Compare the texts of `documents` with the hashes of a generation."""
    hashes = {
        id: hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        for document in documents for id, text in units(document)
    }
    new = tuple(id for id, value in hashes.items() if before.get(id) != value)
    return Plan(hashes, new, tuple(id for id in before if id not in hashes))


class Generation:
    """A generation opened for reading. Any number of threads may ask; `close` gives all handles back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._leads: tuple[Mapping[str, str], dict[int, int]] | None = None
        try:
            manifest = _checked(folder)
            self.fingerprint: str = manifest["fingerprint"]
            self.documents: list[str] = manifest["documents"]
            self.churn: int = manifest["churn"]
            self.walked: int = manifest.get("walked", 0)
            """how many candidates the graph is walked with; fixed when it is written"""
            self.recorded: str = manifest.get("recorded", "")
            self._numbers = {id: number for number, id in enumerate(self.documents)}
            self.lexical = Lexical.load(folder / BM25, len(self.documents))
            self._voters = Voters(folder / VOTERS)
            self._client = _client(folder)
            try:
                self._collection: Collection = self._client.get_collection(COLLECTION, embedding_function=None)
                self._vectors = self._collection.count()
                if self._vectors != manifest["vectors"]:
                    raise ValueError(f"{self._vectors} vectors instead of {manifest['vectors']}")
                self.nearest(manifest["probe"], 1)  # loads the graph, so that no question waits for it
            except BaseException:
                self.close()
                raise
        except Exception as error:  # json, numpy, sqlite and Chroma each have their own ways to say "broken"
            raise IndexUnavailable(f"检索索引 {folder.name} 读不出来，请运行 assistant index 重建。") from error

    @property
    def hashes(self) -> dict[str, str]:
        """Vector id → hash of its text; only the writer needs it."""
        return dict(read_json(self.folder / HASHES))

    def number(self, id: str) -> int | None:
        """The number of a document, None when it is not held."""
        return self._numbers.get(id)

    def numbered(self, leads: Mapping[str, str]) -> dict[int, int]:
        """Pairs of document ids as pairs of document numbers; ids that are not held are left out."""
        if self._leads is None or self._leads[0] is not leads:
            known = {
                self._numbers[id]: self._numbers[lead]
                for id, lead in leads.items() if id in self._numbers and lead in self._numbers
            }
            self._leads = leads, known
        return self._leads[1]

    def nearest(self, vector: Vectors | Sequence[float], limit: int, text: str = "") -> list[Near]:
        """The vectors nearest to a question, best first. With its folded `text` the stored questions among them vote."""
        if not self._vectors:
            return []
        found = self._collection.query(
            query_embeddings=[vector], n_results=min(limit, self._vectors), include=["distances"]
        )
        distances = found["distances"] or [[]]
        ids = found["ids"][0]
        asked = [id for id in ids if text and _field(id) == QUESTION]
        shares = dict(zip(asked, self._voters.shares(asked, vector, text), strict=True))
        return [
            Near(self._numbers[id.rpartition("#")[0]], _field(id), 1.0 - distance, shares.get(id, 0.0))
            for id, distance in zip(ids, distances[0], strict=True)
        ]

    def records(self, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        """What was recorded of documents; read when asked for, so that a large collection stays on disk."""
        if not self.recorded:
            return {}
        found = {}
        with closing(_records(self.folder / RECORDS)) as records:
            for id in ids:
                row = records.execute("SELECT record FROM records WHERE id = ?", (id,)).fetchone()
                if row is not None:
                    found[id] = json.loads(row[0])
        return found

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """Stored vectors in the order of `ids`."""
        return _stored(self._collection, ids)

    def close(self) -> None:
        """Release Chroma's handles, and the voters' file."""
        self._voters.close()
        _let_go(self._client)


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
        _copy(base.folder / CHROMA, folder / CHROMA)
    client = _client(folder)
    try:
        collection = client.get_or_create_collection(
            COLLECTION, embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "sync_threshold": SYNC_EVERY, "ef_search": CANDIDATES}},
        )
        if base is not None and fresh:
            changed = set(work.new)
            for ids in _batches([id for id in work.hashes if id not in changed], READ_AT_ONCE):
                collection.upsert(ids=ids, embeddings=base.vectors(ids))
        elif base is not None:
            for ids in _batches(work.gone, READ_AT_ONCE):
                collection.delete(ids=ids)
        _embed(collection, [(id, texts[id]) for id in work.new], embedder, progress)
        probe = collection.get(limit=1, include=["embeddings"])["embeddings"]
        questions = [id for id in work.hashes if _field(id) == QUESTION]
        Voters.write(folder / VOTERS, questions, [texts[id] for id in questions], _stored(collection, questions))
    finally:
        _let_go(client)
    Lexical.build(folder / BM25, [
        Entry(document.id, tuple(map(folded, document.questions)), folded(document.title), folded(document.text))
        for document in ordered
    ])
    if records:
        _write_records(folder / RECORDS, records)
    _write_json(folder / HASHES, dict(work.hashes))
    _write_json(folder / MANIFEST, {
        "format": FORMAT, "fingerprint": embedder.fingerprint, "vectors": len(work.hashes),
        "churn": 0 if fresh else churn, "walked": CANDIDATES, "recorded": recorded(records), "documents": [document.id for document in ordered],
        "probe": [float(part) for part in probe[0]] if probe is not None and len(probe) else [],
        "files": {name: _digest(folder / name) for name in _files(folder)},
    })


def _field(id: str) -> str:
    """The field of a vector by its id: `rule/x#q3` is a question."""
    return FIELD_OF[id.rpartition("#")[2][0]]


def recorded(records: Records | None) -> str:
    """A digest of records: a document may move in its file without a word of it changing. Empty when there are none."""
    if not records:
        return ""
    return hashlib.blake2b(json.dumps(records, ensure_ascii=False, sort_keys=True).encode(), digest_size=8).hexdigest()


def _records(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _write_records(path: Path, records: Records) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE records (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID")
        rows = ((id, json.dumps(record, ensure_ascii=False)) for id, record in sorted(records.items()))
        database.executemany("INSERT INTO records VALUES (?, ?)", rows)


def _embed(
    collection: "Collection", pairs: Sequence[tuple[str, str]], embedder: Embeds, progress: Progress | None
) -> None:
    # neighbours in length share a batch, so that little is padded
    ordered = sorted(pairs, key=lambda pair: len(pair[1]))
    done = 0
    for batch in _batches(ordered, EMBED_AT_ONCE):
        different = list(dict.fromkeys(text for _, text in batch))
        vectors = embedder.documents(different)
        row = {text: number for number, text in enumerate(different)}
        collection.upsert(ids=[id for id, _ in batch], embeddings=vectors[[row[text] for _, text in batch]])
        done += len(batch)
        if progress is not None:
            progress(done, len(ordered))


def _stored(collection: "Collection", ids: Sequence[str]) -> Vectors:
    """The vectors of a collection in the order of `ids`."""
    import numpy as np

    by_id: dict[str, Any] = {}
    for batch in _batches(ids, READ_AT_ONCE):
        found = collection.get(ids=batch, include=["embeddings"])
        by_id.update(zip(found["ids"], found["embeddings"] if found["embeddings"] is not None else [], strict=True))
    return np.asarray([by_id[id] for id in ids], dtype=np.float32)


def _client(folder: Path) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    with _clients:
        return chromadb.PersistentClient(str(folder / CHROMA), settings=Settings(anonymized_telemetry=False))


def _let_go(client: "ClientAPI") -> None:
    with _clients:
        client.close()


def _copy(source: Path, target: Path) -> None:
    """Copy a Chroma folder that others may have open: the database through SQLite, so that no half page is taken."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{DATABASE}*"))
    with closing(sqlite3.connect(source / DATABASE)) as old, closing(sqlite3.connect(target / DATABASE)) as new:
        old.backup(new)


def _checked(folder: Path) -> dict[str, Any]:
    """The manifest, if every file still is what was written. Raises ValueError or OSError."""
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']}")
    for name, digest in manifest["files"].items():
        if _digest(folder / name) != digest:
            raise ValueError(f"{name} was changed")
    return manifest


def _files(folder: Path) -> list[str]:
    # opening Chroma's database writes a row into it: it is checked by opening it
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(DATABASE))
    return sorted(path.relative_to(folder).as_posix() for path in paths)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()


def _batches(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    for first in range(0, len(items), size):
        yield list(items[first:first + size])


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def read_json(path: Path) -> Any:
    """A file of a generation."""
    return json.loads(path.read_text(encoding="utf-8"))
