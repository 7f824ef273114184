"""From a question to documents: BM25 and vectors fused, and how far the best of them is to be trusted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log1p
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from assistant import tracing
from assistant.answer import Passage
from assistant.embedding import Embeds, Vectors
from assistant.files import build, read_yaml
from assistant.generation.reading import Generation, Near
from assistant.generation.searchable import folded
from assistant.index import Index
from assistant.lexical import tokens
from assistant.schema import Strict
from assistant.strangers import STRANGERS

Mode: TypeAlias = Literal["hybrid", "dense", "bm25"]

NEAREST = 64  # vectors fetched: a document has several, so more than the documents asked for
ROWS = 30  # best rows of each BM25 field
OVERFETCH = 3
FEW = 5  # nearest questions whose mean is compared
LOOKED_AT = 2  # best documents whose coverage counts
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
    around: float
    length: float
    margin: float
    margins: float
    vote: float
    outside: float


class Retrieval(Strict):
    """knowledge/retrieval.yaml."""

    dense_weight: float
    dense_offsets: FieldWeights
    """taken off the cosine of a vector of that field"""
    lexical_weights: FieldWeights
    vote_weight: float
    """share of the score that the vote of the stored questions near by decides (assistant.voting)"""
    confidence: Coefficients
    enough: float
    """confidence below which documents are no evidence"""
    beside: float
    """share of the best score at which a second document is shown as well"""

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
    """of the nearest document"""
    coverage: float
    """share of the question's tokens, by rarity, that one of the best documents holds"""
    around: float
    """mean cosine of the other documents fetched: in a field we know there are many near"""
    length: float
    """logarithm of the number of tokens: long questions reach lower cosines and coverage"""
    margin: float = 0.0
    """how much nearer the nearest question of ours is than the nearest of the questions outside"""
    margins: float = 0.0
    """the same for the mean of the nearest few"""
    vote: float = 0.0
    """of the stored questions near by, what the best document gets"""
    outside: float = 0.0
    """… and what the questions outside get"""

    @classmethod
    def of(cls, ranking: "Ranking", words: int, coverage: Callable[[int], float]) -> "Signals":
        """Of a ranking that is not empty."""
        covered = max(coverage(document) for document in ranking.order[:LOOKED_AT])
        return cls(
            max(ranking.dense.values(), default=0.0), covered, ranking.around, log1p(words),
            *margins(ranking.ours, ranking.strange), max(ranking.votes, default=0.0), ranking.outside,
        )

    @property
    def values(self) -> tuple[float, ...]:
        """In the order of Coefficients, without its intercept."""
        return (
            self.cosine, self.coverage, self.around, self.length, self.margin, self.margins, self.vote, self.outside,
        )

    def confidence(self, by: Coefficients) -> float:
        """Between 0 and 1."""
        slopes = (by.cosine, by.coverage, by.around, by.length, by.margin, by.margins, by.vote, by.outside)
        logit = by.intercept + sum(slope * value for slope, value in zip(slopes, self.values, strict=True))
        return 1 / (1 + exp(-max(-50.0, min(50.0, logit))))


@dataclass(frozen=True)
class Found:
    """The documents for a question, best first, and how likely they are about it at all."""

    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    signals: Signals | None = None
    own: tuple[Passage, ...] = ()
    """the same question asked of the person's own documents"""

    def beside(self, share: float) -> str | None:
        """The second document when its score is at least `share` of the first's."""
        if len(self.hits) < 2 or self.hits[1].score < share * self.hits[0].score:
            return None
        return self.hits[1].id


@dataclass(frozen=True)
class Evidence:
    """What the index says about a question before any weight is applied; documents are numbers of the generation."""

    near: Sequence[Near]
    matched: Mapping[str, Mapping[int, float]]
    """field → document → BM25 score of its best row"""
    strange: tuple[float, ...] = ()
    """cosines of the questions outside among the nearest, best first"""
    outside: float = 0.0
    """what those get of the vote"""

    def rank(self, by: Retrieval, mode: Mode = "hybrid", lead: Mapping[int, int] | None = None) -> "Ranking":
        """Fuse both sides. Pure, so that weights can be tried without asking again.

        `lead`: documents that are found as one with another (a rule with the topic that tells it) → that other. The
        group stands where its best sides put it and is represented by the member nearest to the question.
        """
        offsets, weights = by.dense_offsets.model_dump(), by.lexical_weights.model_dump()
        leads = lead or {}
        dense: dict[int, float] = {}
        for near in self.near:
            dense[near.document] = max(dense.get(near.document, -1.0), near.cosine - offsets[near.field])
        lexical: dict[int, float] = {}
        matched: dict[int, dict[str, float]] = {}
        for field, scores in self.matched.items():
            for document, score in scores.items():
                lexical[document] = lexical.get(document, 0.0) + weights[field] * score
                group = matched.setdefault(leads.get(document, document), {})
                group[field] = max(group.get(field, 0.0), weights[field] * score)
        members: dict[int, list[int]] = {}
        for document in {**dense, **lexical}:
            members.setdefault(leads.get(document, document), []).append(document)
        group_dense = {g: max(dense[d] for d in ms if d in dense) for g, ms in members.items() if any(d in dense for d in ms)}
        group_lexical = {group: sum(fields.values()) for group, fields in matched.items()}
        weight = {"hybrid": by.dense_weight, "dense": 1.0, "bm25": 0.0}[mode]
        counted = by.vote_weight if mode == "hybrid" else 0.0
        votes: dict[int, float] = {}
        for near in self.near:
            voted = leads.get(near.document, near.document)
            votes[voted] = votes.get(voted, 0.0) + near.share
        close, words = _scale(group_dense), _scale(group_lexical)

        def fused(cosine: float | None, score: float | None) -> float:
            return weight * close(cosine) + (1 - weight) * words(score)

        spokesman = {
            group: max(own, key=lambda d: (fused(dense.get(d), lexical.get(d)), -d)) for group, own in members.items()
        }
        scores = {
            spokesman[g]: (1 - counted) * fused(group_dense.get(g), group_lexical.get(g)) + counted * votes.get(g, 0.0)
            for g in members
        }
        return Ranking(
            sorted(scores, key=lambda d: (-scores[d], d)), scores,
            {spokesman[g]: value for g, value in group_dense.items()},
            {spokesman[g]: value for g, value in group_lexical.items()},
            tuple(sorted((near.cosine for near in self.near if near.field == "question"), reverse=True)), self.strange,
            tuple(votes.values()), self.outside,
        )


@dataclass(frozen=True)
class Ranking:
    """All candidates in order, with what put them there."""

    order: list[int]
    scores: Mapping[int, float]
    dense: Mapping[int, float]
    lexical: Mapping[int, float]
    ours: tuple[float, ...] = ()
    """cosines of our own questions, best first"""
    strange: tuple[float, ...] = ()
    """cosines of the questions outside, best first"""
    votes: tuple[float, ...] = ()
    """what each document gets of the vote of the stored questions near by"""
    outside: float = 0.0
    """… and the questions outside"""

    @property
    def around(self) -> float:
        """The mean cosine of all but the nearest document."""
        others = sorted(self.dense.values())[:-1]
        return sum(others) / len(others) if others else 0.0


class Own(Protocol):
    """A person's own documents, as far as searching is concerned with them."""

    def find(
        self, vector: Vectors, words: Sequence[str], asked: Sequence[str], ours: Ranking, by: Retrieval
    ) -> tuple[Passage, ...]:
        """The passages nearest to a question, judged beside what was found of ours; `asked` is `words` and synonyms."""
        ...

    def catch_up(self) -> None:
        """Read what has changed since. Never raises an error meant for people: it is logged."""
        ...


class Search:
    """Asks an index. Synonyms (our word → other words) and leads may change without indexing again.

    `leads`: id of a document that is found as one with another → id of that other.
    """

    own: Own | None = None

    def __init__(
        self, index: Index, embedder: Embeds, retrieval: Retrieval, synonyms: Mapping[str, tuple[str, ...]] | None = None,
        leads: Mapping[str, str] | None = None, own: Own | None = None,
    ) -> None:
        self.index, self.embedder, self.retrieval, self.leads, self.own = index, embedder, retrieval, leads or {}, own
        self._ours = {folded(word): folded(ours) for ours, words in (synonyms or {}).items() for word in words}

    def find(self, question: str, limit: int = 8, *, mode: Mode = "hybrid") -> Found:
        """The documents that fit a question. Raises IndexUnavailable when there is no index to ask."""
        with tracing.span("retrieval", {
            tracing.OPERATION: "retrieval", "gen_ai.data_source.id": "knowledge", "gen_ai.retrieval.query.text": tracing.words(question),
        }) as searching:
            found = self._found(question, limit, mode)
            searching.note({"assistant.documents": [hit.id for hit in found.hits], "assistant.confidence": found.confidence})
        return found

    def _found(self, question: str, limit: int, mode: Mode) -> Found:
        text = folded(question)
        words = question_tokens(text)
        if not words:
            return Found()
        vector = None if mode == "bm25" else self.embedder.query(text)
        with self.index.reading() as generation:
            asked = () if mode == "dense" else (*words, *self._added(text))
            ranking = gather(generation, vector, asked, limit, text).rank(
                self.retrieval, mode, generation.numbered(self.leads)
            )
            if not ranking.order:
                return Found()
            best = ranking.order[:limit]
            signals = Signals.of(ranking, len(words), lambda document: generation.lexical.coverage(document, words))
            names = generation.documents
        hits = (
            Hit(names[d], ranking.scores[d], ranking.dense.get(d, 0.0), ranking.lexical.get(d, 0.0)) for d in best
        )
        own = () if self.own is None or vector is None else self.own.find(vector, words, asked, ranking, self.retrieval)
        return Found(tuple(hits), signals.confidence(self.retrieval.confidence), signals, own)

    def _added(self, text: str) -> list[str]:
        """Tokens of our own word for every other word in the question."""
        return [token for word, ours in self._ours.items() if word in text and ours not in text for token in tokens(ours)]


def question_tokens(text: str) -> list[str]:
    """The different tokens of a folded question, in order."""
    return list(dict.fromkeys(tokens(text)))[:MOST_TOKENS]


def gather(generation: Generation, vector: Vectors | None, words: Sequence[str], limit: int, text: str = "") -> Evidence:
    """Ask both sides of a generation for candidates, and BM25 for its opinion of all of them; `text` is the folded question."""
    found_near = [] if vector is None else generation.nearest(vector, max(NEAREST, OVERFETCH * limit), text)
    outside = generation.number(STRANGERS)
    near = [one for one in found_near if one.document != outside]
    strange = tuple(one.cosine for one in found_near if one.document == outside)
    asked = set(words)
    fields = generation.lexical.fields
    scored = {name: scores for name, field in fields.items() if (scores := field.scores(asked)) is not None}
    rows = max(ROWS, OVERFETCH * limit)
    found = {one.document for one in near} if asked else set()
    candidates = [
        one for one in found.union(*(fields[name].best(scores, rows) for name, scores in scored.items())) if one != outside
    ]
    return Evidence(near, {
        name: dict(zip(candidates, fields[name].of(scores, candidates), strict=True)) for name, scores in scored.items()
    }, strange, sum(one.share for one in found_near if one.document == outside))


def margins(ours: Sequence[float], strange: Sequence[float]) -> tuple[float, float]:
    """How much nearer our questions are than those outside; what was not among the nearest is no nearer than the last that was."""
    last = min((*ours, *strange), default=0.0)
    first = [(*side, *[last] * FEW)[:FEW] for side in (ours, strange)]
    return first[0][0] - first[1][0], (sum(first[0]) - sum(first[1])) / FEW


def _scale(scores: Mapping[int, float]) -> Callable[[float | None], float]:
    """To 0…1 within this question: cosines and BM25 scores have nothing else in common. What is not there counts nothing."""
    low, high = (min(scores.values()), max(scores.values())) if scores else (0.0, 0.0)
    span = high - low

    def scaled(value: float | None) -> float:
        if value is None:
            return 0.0
        return max(0.0, (value - low) / span) if span > 0 else 1.0

    return scaled
