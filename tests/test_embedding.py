"""The embedder: unit vectors, the same alone and in a batch, and errors a person can act on."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.embedding import EMBEDDED, Embedder
from assistant.errors import SetupError

TEXTS = ["纠纷退款率怎么算", "七天无理由从签收次日起算，商品应当完好。" * 8, "4S店", "零服吸收率"]


def test_vectors_have_length_one(embedder: Embedder) -> None:
    vectors = embedder.documents(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert abs(float(np.linalg.norm(embedder.query(TEXTS[0]))) - 1) < 1e-5


def test_order_is_kept_though_batches_go_by_length(embedder: Embedder) -> None:
    together = embedder.documents(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        assert float(embedder.documents([text])[0] @ vector) > 0.98  # int8 scales depend a little on the batch


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.documents([]).shape == (0, 384)


def test_meaning_is_nearer_than_letters(embedder: Embedder) -> None:
    asked = embedder.query("被追尾了对方不肯赔怎么办")
    near, far = embedder.documents(["对方全责却不赔，可以走代位求偿", "红烧肉要炖多长时间"])
    assert float(asked @ near) > float(asked @ far) + 0.03


def test_a_remembered_vector_cannot_be_changed(embedder: Embedder) -> None:
    with pytest.raises(ValueError, match="read-only"):
        embedder.query("退款")[0] = 1.0


def test_fingerprint_is_of_the_files_not_of_the_place(embedder: Embedder, tmp_path: Path) -> None:
    shutil.copytree(EMBEDDED, tmp_path / "e5-small-zh")
    copy = Embedder(tmp_path / "e5-small-zh")
    assert copy.fingerprint == embedder.fingerprint
    assert np.allclose(copy.query("退款"), embedder.query("退款"), atol=1e-5)


def test_unknown_names_fail_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for model, said in (("some/unknown-model", "some/unknown-model"), (tmp_path / "empty", "empty"), (tmp_path / "no", "no")):
        with pytest.raises(SetupError, match=said):
            Embedder(model)


def test_importing_loads_no_model_library() -> None:
    code = (
        "import sys, assistant.search, assistant.embedding; "
        "print([m for m in ('torch', 'sentence_transformers', 'onnxruntime', 'chromadb', 'bm25s') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_embedded_model_needs_no_torch() -> None:
    code = (
        "import sys; from assistant.embedding import Embedder; Embedder().query('退款'); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_any_sentence_transformer_can_take_its_place(tmp_path: Path) -> None:
    """A small static model saved by sentence_transformers itself, prompts included."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    words = StaticEmbedding(Tokenizer.from_file(str(EMBEDDED / "tokenizer.json")), embedding_dim=8)
    made = SentenceTransformer(modules=[words], device="cpu", prompts={"query": "问：", "document": "文："})
    made.save(str(tmp_path / "static"))
    other = Embedder(tmp_path / "static")
    vectors = other.documents(TEXTS)
    assert vectors.shape == (4, 8)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(other.query(TEXTS[0]), made.encode_query(TEXTS[0], normalize_embeddings=True), atol=1e-6)
    assert not np.allclose(other.query(TEXTS[0]), vectors[0], atol=1e-3), "query and document prompts differ"
    assert other.fingerprint != Embedder(EMBEDDED).fingerprint
