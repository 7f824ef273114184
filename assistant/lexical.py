"""BM25 over characters and pairs of characters, one index per field of a document, bounded for large collections."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from bm25s import BM25

Floats: TypeAlias = npt.NDArray[np.float32]
Integers: TypeAlias = npt.NDArray[np.int64]

FIELDS = ("question", "title", "text")
WORTH = 0.2  # share of the best score below which a row is no candidate
POSTINGS = 6_000  # read per field and question at most, rarest tokens first: a common character decides nothing
_UNITS = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?|[^\W_a-z0-9]")
_ROWS = "rows.npy"


def tokens(folded: str) -> list[str]:
    """Every character (or Latin word, or number) and every pair of neighbours of a folded text, repeats included."""
    found: list[str] = []
    before, end = "", -1
    for unit in _UNITS.finditer(folded):
        word = unit[0]
        if unit.start() == end:
            found.append(before + word)
        found.append(word)
        before, end = word, unit.end()
    return found


@dataclass(frozen=True)
class Entry:
    """The folded texts of one document, by field; a document has any number of questions."""

    id: str
    questions: tuple[str, ...]
    title: str
    text: str

    def rows(self, field: str) -> tuple[str, ...]:
        """The texts that are searched on their own."""
        return self.questions if field == "question" else (self.title,) if field == "title" else (self.text,)


class Field:
    """One BM25 index and which of its rows belong to which document: document d has rows bounds[d] to bounds[d+1]."""

    def __init__(self, bm25: "BM25 | None", bounds: Integers) -> None:
        self._bm25, self._bounds = bm25, bounds
        self._vocabulary: Mapping[str, int] = {}
        if bm25 is not None:
            # still mapped from the file, but without the slow subclass of array that numpy hands out for it
            bm25.scores.update({name: np.asarray(bm25.scores[name]) for name in ("data", "indices", "indptr")})
            self._vocabulary = bm25.vocab_dict
            self._starts: npt.NDArray[Any] = bm25.scores["indptr"]
            self._ends: list[int] = self._starts.tolist()  # single elements of an array are slow to take
            self._rows: npt.NDArray[Any] = bm25.scores["indices"]

    @classmethod
    def build(cls, folder: Path, entries: Sequence[Entry], name: str) -> None:
        """Write the index of one field. A field without any words has no index."""
        from bm25s import BM25

        folder.mkdir(parents=True)
        rows = [[tokens(text) for text in entry.rows(name)] for entry in entries]
        np.save(folder / _ROWS, np.cumsum([0, *map(len, rows)], dtype=np.int64))
        corpus = [row for group in rows for row in group]
        if any(corpus):
            bm25 = BM25(method="lucene")
            bm25.index(corpus, show_progress=False)
            bm25.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "Field":
        """Map the arrays of a written index into memory. Raises OSError or ValueError when they are not right."""
        from bm25s import BM25

        bounds = np.load(folder / _ROWS)
        written = (folder / "params.index.json").is_file()
        return cls(BM25.load(folder, mmap=True, show_progress=False) if written else None, bounds)

    def scores(self, words: Iterable[str]) -> Floats | None:
        """The BM25 score of every row, from the rarest of the words; None when no row holds any."""
        if self._bm25 is None:
            return None
        known = np.array([n for n in map(self._vocabulary.get, words) if n is not None], dtype=np.int64)
        if not len(known):
            return None
        lengths = self._starts[known + 1] - self._starts[known]
        order = np.argsort(lengths, kind="stable")
        few = max(1, int(np.searchsorted(np.cumsum(lengths[order]), POSTINGS, side="right")))
        found: Floats = self._bm25.get_scores_from_ids(known[order[:few]])
        return found

    def best(self, scores: Floats, limit: int) -> set[int]:
        """The numbers of the documents that own the highest scoring rows."""
        rows = np.flatnonzero(scores > WORTH * scores.max())
        if len(rows) > limit:
            rows = rows[np.argpartition(scores[rows], -limit)[-limit:]]
        return set((np.searchsorted(self._bounds, rows, side="right") - 1).tolist())

    def of(self, scores: Floats, documents: Sequence[int]) -> list[float]:
        """The best row of each document."""
        if self._bounds[-1] == len(self._bounds) - 1:  # one row each, by far the commonest case
            return [float(score) for score in scores[documents]]
        first, last = self._bounds[documents].tolist(), self._bounds[np.add(documents, 1)].tolist()
        return [float(scores[a:b].max()) if b > a else 0.0 for a, b in zip(first, last, strict=True)]

    def frequency(self, token: str) -> int:
        """How many rows hold the token."""
        number = self._vocabulary.get(token)
        return 0 if number is None else self._ends[number + 1] - self._ends[number]

    def holds(self, document: int, token: str) -> bool:
        """Whether a row of the document holds the token."""
        number = self._vocabulary.get(token)
        if number is None:
            return False
        start, end = self._ends[number], self._ends[number + 1]
        at = start + int(self._rows[start:end].searchsorted(self._bounds[document]))
        return at < end and bool(self._rows[at] < self._bounds[document + 1])


class Lexical:
    """The fields of all documents together."""

    def __init__(self, fields: Mapping[str, Field], documents: int) -> None:
        self.fields, self._documents = fields, documents

    @classmethod
    def build(cls, folder: Path, entries: Sequence[Entry]) -> None:
        """Write all fields; the order of `entries` numbers the documents."""
        for name in FIELDS:
            Field.build(folder / name, entries, name)

    @classmethod
    def load(cls, folder: Path, documents: int) -> "Lexical":
        """Read what `build` wrote."""
        return cls({name: Field.load(folder / name) for name in FIELDS}, documents)

    def coverage(self, document: int, words: Sequence[str]) -> float:
        """The share of the question's tokens, weighted by rarity, that the document holds somewhere."""
        question, title, text = (self.fields[name] for name in FIELDS)
        total = found = 0.0
        for word in words:
            rows = max(question.frequency(word), title.frequency(word), text.frequency(word))
            weight = log1p(self._documents / (0.5 + min(rows, self._documents)))
            total += weight
            if rows and (text.holds(document, word) or question.holds(document, word) or title.holds(document, word)):
                found += weight
        return found / total if total else 0.0
