"""Which documents the stored questions nearest to a question speak for: kernel ridge regression over that neighbourhood.

The nearest single question decides too much: two documents ask nearly alike, and one odd wording wins. Solving for all of
the neighbourhood at once shares the vote out: questions that say the same as each other count once, and what sets a
question apart counts more. Solved anew for each question, so nothing is trained and a new document counts at once.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

LONGEST_GRAM = 3
BUCKETS = 1 << 18  # grams are hashed: a collision costs a little likeness, never an answer
MOST_CHARACTERS = 120  # of a question: more says nothing new about its subject
OF_MEANING, OF_SPELLING = 0.6, 0.4  # the two likenesses of two questions, mixed
STEEPNESS = 3  # cosines lie close together: their cube tells near from nearly
RIDGE = 0.1
NAMES, CENTRE, MEANING, STARTS, GRAMS, WEIGHTS, RARITY = (
    "names.json", "centre.npy", "meaning.npy", "starts.npy", "grams.npy", "weights.npy", "rarity.npy",
)

Floats: TypeAlias = npt.NDArray[np.float32]
Counts: TypeAlias = npt.NDArray[np.int64]


class Voters:
    """The stored questions as they are needed to weigh them against each other; read from a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError or ValueError when the folder is not whole."""
        _one_thread()
        names: list[str] = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        self._rows = {name: row for row, name in enumerate(names)}
        read = {name: np.load(folder / name) for name in (CENTRE, STARTS, GRAMS, WEIGHTS, RARITY)}
        self._centre, self._rarity = read[CENTRE], read[RARITY]
        self._starts, self._grams, self._weights = read[STARTS], read[GRAMS], read[WEIGHTS]
        # the largest by far stays on disk; a plain view of it, for a memmap makes a new one of itself at every slice
        self._meaning = np.load(folder / MEANING, mmap_mode="r").view(np.ndarray)

    def close(self) -> None:
        """Let go of the file that stays open."""
        self._meaning = np.empty((0, 0), dtype=np.float16)

    @staticmethod
    def write(folder: Path, names: Sequence[str], texts: Sequence[str], vectors: Floats) -> None:
        """`vectors`: one row of unit length for each name; `texts` are folded."""
        folder.mkdir(parents=True)
        counted = [_counted(text) for text in texts]
        having = np.zeros(BUCKETS, dtype=np.int64)
        for grams in counted:
            having[list(grams)] += 1
        rarity = (np.log((1 + len(names)) / (1 + having)) + 1).astype(np.float32)
        weighed = [_weighed(grams, rarity) for grams in counted]
        centre = vectors.mean(axis=0) if len(names) else np.zeros(vectors.shape[1:], dtype=np.float32)
        for name, array in (
            (CENTRE, centre.astype(np.float32)), (MEANING, _unit(vectors - centre).astype(np.float16)), (RARITY, rarity),
            (STARTS, np.cumsum([0, *(len(grams) for grams, _ in weighed)])),
            (GRAMS, np.concatenate([np.empty(0, dtype=np.int32), *(grams for grams, _ in weighed)])),
            (WEIGHTS, np.concatenate([np.empty(0, dtype=np.float32), *(weights for _, weights in weighed)]).astype(np.float16)),
        ):
            np.save(folder / name, array)
        (folder / NAMES).write_text(json.dumps(list(names), ensure_ascii=False), encoding="utf-8")

    def shares(self, names: Sequence[str], vector: Sequence[float] | Floats, text: str) -> list[float]:
        """For each stored question of a neighbourhood its weight in the vote; they sum up to about 1 when the question is like
        them, and some are below 0. `vector` is of unit length, `text` folded."""
        rows = [self._rows[name] for name in names]
        if not rows:
            return []
        asked = _unit(np.asarray(vector, dtype=np.float32) - self._centre)
        meaning = np.vstack([self._meaning[rows].astype(np.float32), asked])
        spelling = self._spelling(rows, text)
        likeness = OF_MEANING * np.clip(meaning @ meaning.T, 0, None) ** STEEPNESS + OF_SPELLING * (spelling @ spelling.T)
        among = likeness[:-1, :-1]
        among[np.diag_indices_from(among)] += RIDGE
        return [float(share) for share in np.linalg.solve(among, likeness[:-1, -1])]

    def _spelling(self, rows: Sequence[int], text: str) -> Floats:
        """One row of gram weights for each stored question and a last one for the question asked, over the grams they hold."""
        spans = [slice(int(self._starts[row]), int(self._starts[row + 1])) for row in rows]
        grams, weights = _weighed(_counted(text), self._rarity)
        every = np.concatenate([*(self._grams[span] for span in spans), grams])
        sizes = [*(span.stop - span.start for span in spans), len(grams)]
        held, column = np.unique(every, return_inverse=True)
        filled = np.zeros((len(sizes), len(held)), dtype=np.float32)
        filled[np.repeat(np.arange(len(sizes)), sizes), column] = np.concatenate(
            [*(self._weights[span] for span in spans), weights]
        )
        return filled


def _one_thread() -> None:
    """Have BLAS compute in the thread that asks: the matrices here are small, and its other threads, which go on spinning
    for a while, took the cores from the embedder and the graph (a question took 60 ms on two busy cores, then 21)."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")


def _counted(text: str) -> Counter[int]:
    return Counter(zlib.crc32(gram.encode()) % BUCKETS for gram in _grams(text[:MOST_CHARACTERS]))


def _grams(text: str) -> Iterator[str]:
    for length in range(1, LONGEST_GRAM + 1):
        for start in range(len(text) - length + 1):
            yield text[start:start + length]


def _weighed(grams: Counter[int], rarity: Floats) -> tuple[npt.NDArray[np.int32], Floats]:
    ids = np.fromiter(grams.keys(), dtype=np.int32, count=len(grams))
    counts = np.fromiter(grams.values(), dtype=np.float32, count=len(grams))
    return ids, _unit((1 + np.log(counts)) * rarity[ids])


def _unit(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Floats = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return unit
