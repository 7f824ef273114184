"""A generation opened for reading: the vectors nearest to a question, the words it shares, what was recorded."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.embedding import Vectors
from assistant.errors import IndexUnavailable
from assistant.generation import disk
from assistant.generation.searchable import QUESTION, field_of
from assistant.lexical import Lexical
from assistant.voting import Voters

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection


class Near(NamedTuple):
    """One vector near the question: the number of its document, its field and the cosine."""

    document: int
    field: str
    cosine: float
    share: float = 0.0
    """its weight in the vote of the stored questions near by; 0 for titles and texts"""


class Generation:
    """A generation opened for reading. Any number of threads may ask; `close` gives all handles back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._leads: tuple[Mapping[str, str], dict[int, int]] | None = None
        try:
            manifest = disk.checked_manifest(folder)
            self.fingerprint: str = manifest["fingerprint"]
            self.documents: list[str] = manifest["documents"]
            self.churn: int = manifest["churn"]
            self.walked: int = manifest.get("walked", 0)
            """how many candidates the graph is walked with; fixed when it is written"""
            self.recorded: str = manifest.get("recorded", "")
            self._numbers = {id: number for number, id in enumerate(self.documents)}
            self.lexical = Lexical.load(folder / disk.BM25, len(self.documents))
            self._voters = Voters(folder / disk.VOTERS)
            self._client = disk.open_client(folder)
            try:
                self._collection: Collection = self._client.get_collection(disk.COLLECTION, embedding_function=None)
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
        return dict(disk.read_json(self.folder / disk.HASHES))

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
        asked = [id for id in ids if text and field_of(id) == QUESTION]
        shares = dict(zip(asked, self._voters.shares(asked, vector, text), strict=True))
        return [
            Near(self._numbers[id.rpartition("#")[0]], field_of(id), 1.0 - distance, shares.get(id, 0.0))
            for id, distance in zip(ids, distances[0], strict=True)
        ]

    def records(self, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        """What was recorded of documents; read when asked for, so that a large collection stays on disk."""
        if not self.recorded:
            return {}
        found = {}
        with closing(disk.open_records(self.folder / disk.RECORDS)) as records:
            for id in ids:
                row = records.execute("SELECT record FROM records WHERE id = ?", (id,)).fetchone()
                if row is not None:
                    found[id] = json.loads(row[0])
        return found

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """Stored vectors in the order of `ids`."""
        return disk.stored(self._collection, ids)

    def close(self) -> None:
        """Release Chroma's handles, and the voters' file."""
        self._voters.close()
        disk.let_go(self._client)
