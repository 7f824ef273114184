"""From a question to documents: BM25 and vectors fused, and how far the best of them is to be trusted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Literal, TypeAlias

from assistant.embedding import Embeds
from assistant.files import build, read_yaml
from assistant.generation import Generation, Near, folded
from assistant.index import Index
from assistant.lexical import tokens
from assistant.rules import Strict

Mode: TypeAlias = Literal["hybrid", "dense", "bm25"]

NEAREST = 40  # vectors fetched: a document has several, so more than the documents asked for
ROWS = 30  # best rows of each BM25 field
OVERFETCH = 3
MOST_TOKENS = 60  # the first of a long story are enough to see what it is about


class FieldWeights(Strict):
    """One number per field of a document."""

    question: float
    title: float
    text: float


class Coefficients(Strict):
    """The logistic curve from what was seen to a confidence; fitted by `assistant.calibration`."""

    intercept: float
    cosine: float
    coverage: float
    margin: float


class Retrieval(Strict):
    """knowledge/retrieval.yaml."""

    dense_weight: float
    dense_offsets: FieldWeights
    """taken off the cosine of a vector of that field"""
    lexical_weights: FieldWeights
    confidence: Coefficients
    enough: float
    """confidence below which documents are no evidence"""

    @classmethod
    def read(cls, path: Path) -> "Retrieval":
        """Raises KnowledgeError naming the file and the field."""
        return build(cls, path, read_yaml(path))


@dataclass(frozen=True)
class Hit:
    """A document found. `score` is between 0 and 1 and comparable within one question only."""

    id: str
    score: float
    dense: float
    """the best cosine of its vectors, 0 when none was near"""
    lexical: float
    """its weighted BM25 score"""


@dataclass(frozen=True)
class Signals:
    """What the confidence is computed from."""

    cosine: float
    """of the nearest vector, less its field's offset"""
    coverage: float
    """share of the question's tokens, by rarity, that the best document holds"""
    margin: float
    """how far the nearest vector stands out from the others fetched"""

    def confidence(self, by: Coefficients) -> float:
        """Between 0 and 1."""
        sum_ = by.intercept + by.cosine * self.cosine + by.coverage * self.coverage + by.margin * self.margin
        return 1 / (1 + exp(-max(-50.0, min(50.0, sum_))))


@dataclass(frozen=True)
class Found:
    """The documents for a question, best first, and how likely they are about it at all."""

    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    signals: Signals | None = None


class Search:
    """Asks an index. `synonyms` (our word → other words) may change without indexing again."""

    def __init__(
        self, index: Index, embedder: Embeds, retrieval: Retrieval, synonyms: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self.index, self.embedder, self.retrieval = index, embedder, retrieval
        self._ours = {folded(word): folded(ours) for ours, words in (synonyms or {}).items() for word in words}

    def find(self, question: str, limit: int = 8, *, mode: Mode = "hybrid") -> Found:
        """The documents that fit a question. Raises IndexUnavailable when there is no index to ask."""
        text = folded(question)
        words = list(dict.fromkeys(tokens(text)))[:MOST_TOKENS]
        if not words:
            return Found()
        vector = None if mode == "bm25" else self.embedder.query(text)
        with self.index.reading() as generation:
            near = [] if vector is None else generation.nearest(vector, max(NEAREST, OVERFETCH * limit))
            dense = self._dense(near)
            lexical = {} if mode == "dense" else self._lexical(generation, [*words, *self._added(text)], dense, limit)
            weight = {"hybrid": self.retrieval.dense_weight, "dense": 1.0, "bm25": 0.0}[mode]
            scores = _fused(dense, lexical, weight)
            best = sorted(scores, key=lambda document: (-scores[document], document))[:limit]
            if not best:
                return Found()
            signals = Signals(
                max(dense.values(), default=0.0), generation.lexical.coverage(best[0], words), _margin(dense)
            )
            names = generation.documents
        return Found(
            tuple(Hit(names[d], scores[d], dense.get(d, 0.0), lexical.get(d, 0.0)) for d in best),
            signals.confidence(self.retrieval.confidence), signals,
        )

    def _added(self, text: str) -> list[str]:
        """Tokens of our own word for every other word in the question."""
        return [token for word, ours in self._ours.items() if word in text and ours not in text for token in tokens(ours)]

    def _dense(self, near: Sequence[Near]) -> dict[int, float]:
        offsets = self.retrieval.dense_offsets.model_dump()
        best: dict[int, float] = {}
        for document, field, cosine in near:
            best[document] = max(best.get(document, -1.0), cosine - offsets[field])
        return best

    def _lexical(
        self, generation: Generation, words: list[str], dense: Mapping[int, float], limit: int
    ) -> dict[int, float]:
        weights = self.retrieval.lexical_weights.model_dump()
        fields = generation.lexical.fields
        scored = [(fields[name], weights[name], fields[name].scores(set(words))) for name in weights]
        found = [(field, weight, scores) for field, weight, scores in scored if scores is not None]
        candidates = set(dense).union(*(field.best(scores, max(ROWS, OVERFETCH * limit)) for field, _, scores in found))
        ordered = list(candidates)
        total = [0.0] * len(ordered)
        for field, weight, scores in found:
            total = [sum_ + weight * score for sum_, score in zip(total, field.of(scores, ordered), strict=True)]
        return dict(zip(ordered, total, strict=True))


def _fused(dense: Mapping[int, float], lexical: Mapping[int, float], weight: float) -> dict[int, float]:
    scaled, matched = _scaled(dense), _scaled(lexical)
    return {d: weight * scaled.get(d, 0.0) + (1 - weight) * matched.get(d, 0.0) for d in {**scaled, **matched}}


def _scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """To 0…1 within this question: cosines and BM25 scores have nothing else in common."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    return {key: (value - low) / (high - low) if high > low else 1.0 for key, value in scores.items()}


def _margin(dense: Mapping[int, float]) -> float:
    values = sorted(dense.values(), reverse=True)
    return values[0] - sum(values[1:]) / len(values[1:]) if len(values) > 1 else 0.0
