"""The passages of a person's own documents nearest to a question, trusted by the measure that ours are trusted by."""

from collections.abc import Sequence
from math import log1p

from assistant.answer import Passage
from assistant.embedding import Vectors
from assistant.generation.reading import Generation
from assistant.intake.piece import Piece
from assistant.search import Ranking, Retrieval, Signals, gather, margins

MOST = 4
FAR = 0.05  # of cosine: what is farther from the question than the nearest of ours by more is not looked into


def find(
    generation: Generation, vector: Vectors, words: Sequence[str], asked: Sequence[str], ours: Ranking, by: Retrieval
) -> tuple[Passage, ...]:
    """Best first. `words` are the tokens of the question, `asked` those and synonyms, `ours` what was found of our knowledge.

    Own documents have an index of their own: thousands of them crowd none of ours out, and what the confidence of
    ours was fitted to stays as it is.
    """
    evidence = gather(generation, vector, asked, MOST)
    own = evidence.rank(by)
    nearest, strangest = max(ours.dense.values(), default=0.0), max(ours.strange, default=0.0)
    best = [document for document in own.order[:MOST] if own.dense.get(document, 0.0) >= nearest - FAR]
    records = generation.records(generation.documents[document] for document in best)
    # a manual is asked for by its headings and its text: every vector of it counts as a question of it
    questions = sorted((*ours.ours, *(near.cosine for near in evidence.near)), reverse=True)
    found = []
    for document in best:
        record, cosine = records[generation.documents[document]], own.dense[document]
        coverage = generation.lexical.coverage(document, words)
        # as if it were one more document of ours, and the nearest
        beyond = margins(tuple(one for one in questions if one <= cosine), ours.strange)
        confidence = Signals(cosine, coverage, ours.around, log1p(len(words)), *beyond).confidence(by.confidence)
        piece = Piece(**{**record, "questions": tuple(record["questions"])})
        found.append(Passage(piece, cosine, cosine - nearest, cosine - strangest, coverage, confidence))
    return tuple(found)
