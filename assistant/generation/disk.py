"""The files of a generation: Chroma (ids and vectors), BM25, votes, records, and a manifest that says what was written."""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.embedding import Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

FORMAT = 2  # raise it when tokens, folding or files change: generations of another format are built anew
COLLECTION = "vectors"
READ_AT_ONCE = 5_000  # vectors
CHROMA, BM25, VOTERS, DATABASE = "chroma", "bm25", "voters", "chroma.sqlite3"
MANIFEST, HASHES, RECORDS = "manifest.json", "hashes.json", "records.sqlite3"

_clients = threading.Lock()  # Chroma counts the clients of a folder, but not safely between threads


def open_client(folder: Path) -> "ClientAPI":
    """Chroma's client of a generation's folder; give it back with `let_go`."""
    import chromadb
    from chromadb.config import Settings

    with _clients:
        return chromadb.PersistentClient(str(folder / CHROMA), settings=Settings(anonymized_telemetry=False))


def let_go(client: "ClientAPI") -> None:
    """Close a client and with it its files."""
    with _clients:
        client.close()


def stored(collection: "Collection", ids: Sequence[str]) -> Vectors:
    """The vectors of a collection in the order of `ids`, a row each. Raises KeyError for one that is not there."""
    import numpy as np

    by_id: dict[str, Any] = {}
    for batch in batches(ids, READ_AT_ONCE):
        found = collection.get(ids=batch, include=["embeddings"])
        by_id.update(zip(found["ids"], found["embeddings"] if found["embeddings"] is not None else [], strict=True))
    return np.asarray([by_id[id] for id in ids], dtype=np.float32)


def batches(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    """The items in lists of `size`, the last perhaps shorter."""
    for first in range(0, len(items), size):
        yield list(items[first:first + size])


def open_records(path: Path) -> sqlite3.Connection:
    """The database of records, for reading; whoever opens it closes it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def checked_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, if every file still is what was written. Raises ValueError or OSError."""
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    if manifest["format"] != FORMAT:
        raise ValueError(f"format {manifest['format']}")
    for name, digest in manifest["files"].items():
        if _digest(folder / name) != digest:
            raise ValueError(f"{name} was changed")
    return manifest


def digests(folder: Path) -> dict[str, str]:
    """File of a generation, relative to its folder → digest of what it holds, in order of name."""
    # opening Chroma's database writes a row into it: it is checked by opening it
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(DATABASE))
    names = sorted(path.relative_to(folder).as_posix() for path in paths)
    return {name: _digest(folder / name) for name in names}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()


def read_json(path: Path) -> Any:
    """What a file of a generation holds. Raises OSError or ValueError."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, data: Any) -> None:
    """Write a file of a generation as `read_json` reads it."""
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
