"""Texts to unit vectors: the embedded model in ONNX Runtime, or any SentenceTransformer in its place."""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.errors import SetupError

Vectors: TypeAlias = npt.NDArray[np.float32]

EMBEDDED = Path(__file__).resolve().parent / "models" / "e5-small-zh"
GRAPH = "onnx/model_int8.onnx"
LONGEST = 512  # pieces; what comes after is not embedded
PAD = 1
BATCH = 16  # larger batches gain nothing on two cores and pad more
REMEMBERED = 512  # query vectors kept; 1.5 kB each
SMALL_FILE = 1 << 20


class Embeds(Protocol):
    """What the index needs of an embedder; benches pass one that returns ready vectors."""

    @property
    def fingerprint(self) -> str:
        """The model's identity: vectors of another fingerprint are never mixed with these."""

    def documents(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text to be found."""

    def query(self, text: str) -> Vectors:
        """The unit vector of what is looked for."""


class Embedder:
    """The embedded model, or any SentenceTransformer by folder or name. Constructing it loads the model."""

    def __init__(self, model: str | Path | None = None) -> None:
        folder = EMBEDDED if model in (None, "") else Path(str(model)).expanduser()
        self.name = "e5-small-zh" if folder == EMBEDDED else str(model)
        # without this an unknown name waits most of a minute for a hub that may not be there
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        own = (folder / GRAPH).is_file() and not (folder / "modules.json").is_file()
        try:
            self._model: _Graph | _Transformer = _Graph(folder) if own else _Transformer(str(folder if folder.is_dir() else model))
        except Exception as error:  # loaders raise whatever they like; a person needs the name and what to do
            raise SetupError(_unusable(self.name, folder)) from error
        self.fingerprint = _fingerprint(self._model, self.name, folder)
        self.query = lru_cache(maxsize=REMEMBERED)(self._query)

    def documents(self, texts: Sequence[str]) -> Vectors:
        """[len(texts), dimension] unit vectors."""
        return self._model.documents(texts) if texts else np.empty((0, self._model.dimension), dtype=np.float32)

    def _query(self, text: str) -> Vectors:
        vector = np.asarray(self._model.query(text), dtype=np.float32)
        vector.setflags(write=False)  # the cache hands the same array to everyone
        return vector


class Remembering:
    """An embedder that keeps the vector of every text it has seen, for whoever indexes nearly the same texts again and again."""

    def __init__(self, embedder: Embeds) -> None:
        self._embedder, self._known = embedder, dict[str, Vectors]()
        self.fingerprint = embedder.fingerprint
        self.query = embedder.query

    def documents(self, texts: Sequence[str]) -> Vectors:
        """[len(texts), dimension] unit vectors; only new texts are embedded."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._embedder.documents(new), strict=True))
        return np.stack([self._known[text] for text in texts])


class _Graph:
    """The embedded model: encoder, pooling and normalisation in one ONNX graph.

    It needs neither torch nor sentence_transformers: importing those costs six seconds and 400 MB.
    """

    prompts = {"query": "query: ", "document": "passage: "}  # noqa: RUF012 - read only
    revision = ""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding(pad_id=PAD, pad_token="<pad>")  # noqa: S106
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # texts are short: several at once beat one on several cores
        options.enable_cpu_mem_arena = False
        options.add_session_config_entry("session.disable_prepacking", "1")
        self._runtime = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])

    @property
    def dimension(self) -> int:
        return int(self._runtime.get_outputs()[0].shape[-1])

    def documents(self, texts: Sequence[str]) -> Vectors:
        # one text at a time: the int8 graph scales by batch, so a vector would depend on its neighbours
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return np.vstack(list(pool.map(lambda text: self._vector(self.prompts["document"] + text), texts)))

    def query(self, text: str) -> Vectors:
        return self._vector(self.prompts["query"] + text)[0]  # type: ignore[no-any-return]

    def _vector(self, text: str) -> Vectors:
        read = self._tokenizer.encode(text)
        pieces = {
            "input_ids": np.array([read.ids], dtype=np.int64),
            "attention_mask": np.array([read.attention_mask], dtype=np.int64),
        }
        found: Vectors = self._runtime.run(["embedding"], pieces)[0]
        return found


class _Transformer:
    """Any other model, through sentence_transformers."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(name)
        self.prompts: dict[str, str] = self._model.prompts
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        config = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        self.revision = str(getattr(config, "_commit_hash", ""))

    def documents(self, texts: Sequence[str]) -> Vectors:
        vectors = self._model.encode_document(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)

    def query(self, text: str) -> Vectors:
        return self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)  # type: ignore[no-any-return]


def _unusable(name: str, folder: Path) -> str:
    if folder.exists():
        return f"文件夹 {folder} 里没有可用的向量模型，请检查 ASSISTANT_EMBEDDING_MODEL，留空则使用自带模型。"
    return f"找不到向量模型「{name}」：本机没有这个文件夹，也没有下载过这个模型。请检查 ASSISTANT_EMBEDDING_MODEL，留空则使用自带模型。"


def _fingerprint(model: _Graph | _Transformer, name: str, folder: Path) -> str:
    """A folder is known by its files, a name by the commit it was downloaded at; prompts change vectors too."""
    digest = hashlib.blake2b(repr(sorted(model.prompts.items())).encode(), digest_size=12)
    if folder.is_dir():
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"):
            digest.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}".encode())
            with path.open("rb") as file:
                digest.update(file.read(SMALL_FILE))
    else:
        digest.update(f"{name} {model.revision}".encode())
    return f"{Path(name).name}-{digest.hexdigest()}"
