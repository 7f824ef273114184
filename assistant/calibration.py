"""Fits what decides whether documents are evidence: run `python -m assistant.calibration` when the knowledge has grown.

Each document is asked for with a question that was left out of the index; those and `inside` of knowledge/calibration.yaml
should be trusted, `outside` should not. Nothing of this runs when questions are answered.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from assistant.decline_plot import declined, write as write_plot
from assistant.embedding import Embedder, Embeds, Remembering
from assistant.files import build, read_yaml
from assistant.generation.searchable import folded
from assistant.index import Index
from assistant.library import Document, Library
from assistant.search import Coefficients, Evidence, FieldWeights, Retrieval, Signals, gather, question_tokens
from assistant.settings import Settings
from assistant.strangers import Questions, Strangers

FOLDS = 3
OWN_FOLD = 3  # of the questions outside, every third is asked in a fold and the others are the strangers of the index
FEWEST_QUESTIONS = 3  # a document with fewer keeps them all: leaving one out would leave it nearly unfindable
LIMIT = 8
PENALTY = 1.0  # pulls the coefficients of standardised signals towards zero
STEPS = 50
DENSE_WEIGHTS = (0.5, 0.6, 0.7)
TEXT_OFFSETS = (0.0, 0.01, 0.02)
TITLE_WEIGHTS = (0.4, 0.7, 1.0, 1.5)
TEXT_WEIGHTS = (0.4, 0.7, 1.0)
VOTE_WEIGHTS = (0.6, 0.75)
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)  # printed beside the chosen one
SHOWN = {"left_out": "left-out variants", "inside": "written inside", "outside": "outside"}  # kinds as the plot names them
WEIGHT_OF_WRITTEN = 3.0  # a written question stands for more than one of many left-out ones

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question put to an index in which its own wording does not stand."""

    kind: str
    """left_out, inside or outside"""
    target: int | None
    evidence: Evidence
    words: int
    coverage: dict[int, float]
    lead: Mapping[int, int]


@dataclass(frozen=True)
class Fit:
    """The settings found and how well they do: shares of questions, on the questions they were fitted to."""

    retrieval: Retrieval
    first: float
    """left-out questions whose own document comes first"""
    among: float
    """… is among the first eight"""
    trusted: dict[str, float]
    """kind → share at or above `enough`"""
    questions: dict[str, int]
    confidences: dict[str, list[float]]
    """kind → confidences by curves fitted without the question: on the other half of the questions"""


def fit(
    documents: Sequence[Document], questions: Questions, embedder: Embeds, start: Retrieval, leads: Mapping[str, str]
) -> Fit:
    """Weights that rank left-out questions best, then the confidence curve over the signals they give."""
    asked = list(_ask(documents, questions, Remembering(embedder), leads))
    left_out = [one for one in asked if one.kind == "left_out"]
    tried = [
        start.model_copy(update={
            "vote_weight": vote, "dense_weight": dense, "dense_offsets": FieldWeights(question=0.0, title=0.0, text=offset),
            "lexical_weights": FieldWeights(question=1.0, title=title, text=text),
        })
        for vote, dense, offset, title, text in product(
            VOTE_WEIGHTS, DENSE_WEIGHTS, TEXT_OFFSETS, TITLE_WEIGHTS, TEXT_WEIGHTS)
    ]
    best = max(tried, key=lambda one: _reciprocal_rank(left_out, one)) if left_out else start
    signals = [_signals(one, best) for one in asked]
    kinds = [one.kind for one in asked]
    best = best.model_copy(update={"confidence": _logistic(signals, kinds)})
    confidences: dict[str, list[float]] = {kind: [] for kind in sorted(set(kinds))}
    for half in (0, 1):
        other = _logistic(signals[1 - half :: 2], kinds[1 - half :: 2])
        for one, kind in zip(signals[half::2], kinds[half::2], strict=True):
            confidences[kind].append(one.confidence(other))
    trusted = np.array([one.confidence(best.confidence) >= best.enough for one in signals])
    ranks = [_rank(one, best) for one in left_out]
    return Fit(
        best, _share([rank == 0 for rank in ranks]), _share([rank < LIMIT for rank in ranks]),
        {kind: _share([bool(t) for t, k in zip(trusted, kinds, strict=True) if k == kind]) for kind in sorted(set(kinds))},
        {kind: kinds.count(kind) for kind in sorted(set(kinds))}, confidences,
    )


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _ask(
    documents: Sequence[Document], questions: Questions, embedder: Embeds, leads: Mapping[str, str]
) -> Iterator[Asked]:
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder), embedder)
        for fold in range(FOLDS):
            left_out: list[tuple[str, str | None, str]] = []
            kept = []
            for document in documents:
                questions_kept = list(document.questions)
                if len(questions_kept) >= FEWEST_QUESTIONS:
                    at = (2 * fold + 1) % len(questions_kept)
                    left_out.append(("left_out", leads.get(document.id, document.id), questions_kept.pop(at)))
                kept.append(replace(document, questions=tuple(questions_kept)))
            strange = [question for n, question in enumerate(questions.outside) if n % OWN_FOLD != fold]
            index.sync([*kept, Strangers(tuple(strange))])
            left_out += [("outside", None, question) for question in questions.outside if question not in set(strange)]
            if fold == 0:
                left_out += [("inside", None, question) for question in questions.inside]
            with index.reading() as generation:
                numbers = {id: number for number, id in enumerate(generation.documents)}
                for kind, id, question in left_out:
                    words = question_tokens(folded(question))
                    evidence = gather(generation, embedder.query(folded(question)), words, LIMIT, folded(question))
                    candidates = {one.document for one in evidence.near}.union(*evidence.matched.values())
                    coverage = {d: generation.lexical.coverage(d, words) for d in candidates}
                    yield Asked(
                        kind, None if id is None else numbers[id], evidence, len(words), coverage, generation.numbered(leads)
                    )
        index.close()


def _rank(asked: Asked, by: Retrieval) -> int:
    order = [asked.lead.get(one, one) for one in asked.evidence.rank(by, lead=asked.lead).order]
    return order.index(asked.target) if asked.target in order else len(order) + LIMIT


def _reciprocal_rank(asked: Sequence[Asked], by: Retrieval) -> float:
    return sum(1 / (1 + _rank(one, by)) for one in asked)


def _signals(asked: Asked, by: Retrieval) -> Signals:
    return Signals.of(asked.evidence.rank(by, lead=asked.lead), asked.words, asked.coverage.__getitem__)


def _logistic(signals: Sequence[Signals], kinds: Sequence[str]) -> Coefficients:
    """Penalised logistic regression by Newton's method; both answers weigh the same whatever their number."""
    raw: Floats = np.array([one.values for one in signals])
    truth: Floats = np.array([kind != "outside" for kind in kinds], dtype=np.float64)
    weight: Floats = np.array([1.0 if kind == "left_out" else WEIGHT_OF_WRITTEN for kind in kinds])
    for answer in (0.0, 1.0):
        weight[truth == answer] /= weight[truth == answer].sum() / len(kinds)
    mean, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-9
    columns = np.column_stack([np.ones(len(raw)), (raw - mean) / spread])
    penalty = np.diag([0.0, *[PENALTY] * raw.shape[1]])
    found = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-columns @ found))
        slope = columns.T @ (weight * (truth - likely)) - penalty @ found
        found += np.linalg.solve((columns.T * (weight * likely * (1 - likely))) @ columns + penalty, slope)
    slopes = found[1:] / spread
    names = tuple(Signals.__dataclass_fields__)
    return Coefficients(
        intercept=round(float(found[0] - slopes @ mean), 3),
        **{name: round(float(slope), 3) for name, slope in zip(names, slopes, strict=True)},
    )


def write(path: Path, retrieval: Retrieval) -> None:
    """Replace the numbers in retrieval.yaml; its first comment stays."""
    head = [line for line in path.read_text(encoding="utf-8").split("\n") if line.startswith("#")]
    lines = [
        f"{name}: " + yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=110).split("\n...")[0].strip()
        for name, value in retrieval.model_dump().items()
    ]
    path.write_text("\n".join([*head, *lines, ""]), encoding="utf-8")


def main() -> None:
    """Calibrate on the knowledge folder as it stands today, write the result, and draw the decline curves when asked to."""
    arguments = argparse.ArgumentParser(description="按当前知识重新拟合检索的权重和置信度。")
    arguments.add_argument("--plot", type=Path, help="把各门槛下拒答的比例画成这个 SVG 文件")
    plot: Path | None = arguments.parse_args().plot
    settings = Settings()
    path = settings.knowledge_dir / "retrieval.yaml"
    questions_path = settings.knowledge_dir / "calibration.yaml"
    questions = build(Questions, questions_path, read_yaml(questions_path))
    library = Library.read(settings.knowledge_dir)
    documents = list(library.on(date.today()).values())
    found = fit(documents, questions, Embedder(settings.embedding_model), Retrieval.read(path), library.leads)
    write(path, found.retrieval)
    print(f"留出的问法：排第一 {found.first:.1%}，前八 {found.among:.1%}")
    for kind, share in found.trusted.items():
        print(f"{kind}（{found.questions[kind]} 个）：置信度达到 {found.retrieval.enough} 的占 {share:.1%}")
    for threshold in sorted({*THRESHOLDS, found.retrieval.enough}):
        shares = "，".join(f"{kind} {declined(found.confidences[kind], threshold):.1%}" for kind in found.confidences)
        print(f"门槛 {threshold:g} 时拒答（系数由另一半问句拟合）：{shares}")
    if plot is not None:
        named = {SHOWN[kind]: found.confidences[kind] for kind in SHOWN if kind in found.confidences}
        write_plot(plot, named, found.retrieval.enough)


if __name__ == "__main__":
    main()
