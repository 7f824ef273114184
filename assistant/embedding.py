"""Texts to unit vectors. The embedded model is ONNX Runtime inside a SentenceTransformer; any other one can take its place."""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.errors import SetupError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

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
    """A SentenceTransformer by folder or name; None or "" is the embedded model. Constructing it costs seconds."""

    def __init__(self, model: str | Path | None = None) -> None:
        folder = EMBEDDED if model in (None, "") else Path(str(model)).expanduser()
        self.name = "e5-small-zh" if folder == EMBEDDED else str(model)
        # without this an unknown name waits most of a minute for a hub that may not be there
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        self._own = (folder / GRAPH).is_file() and not (folder / "modules.json").is_file()
        try:
            self._model = _embedded(folder) if self._own else _other(str(folder if folder.is_dir() else model))
        except Exception as error:  # loaders raise whatever they like; a person needs the name and what to do
            raise SetupError(_unusable(self.name, folder)) from error
        self.fingerprint = _fingerprint(self._model, self.name, folder)
        self.query = lru_cache(maxsize=REMEMBERED)(self._query)

    def documents(self, texts: Sequence[str]) -> Vectors:
        """[len(texts), dimension] unit vectors."""
        if not texts:
            return np.empty((0, int(self._model.get_embedding_dimension() or 0)), dtype=np.float32)
        if self._own:
            # one text at a time: the int8 graph scales by batch, so a vector would depend on its neighbours
            graph, prompt = self._model[0], self._model.prompts["document"]
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                return np.vstack(list(pool.map(lambda text: graph.vectors([prompt + text]), texts)))
        vectors = self._model.encode_document(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)

    def _query(self, text: str) -> Vectors:
        if self._own:  # straight to the graph: encode() adds a tenth to every question
            vector = self._model[0].vectors([self._model.prompts["query"] + text])[0]
        else:
            vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        vector = np.asarray(vector, dtype=np.float32)
        vector.setflags(write=False)  # the cache hands the same array to everyone
        return vector


def _unusable(name: str, folder: Path) -> str:
    if folder.exists():
        return f"文件夹 {folder} 里没有可用的向量模型，请检查 ASSISTANT_EMBEDDING_MODEL，留空则使用自带模型。"
    return f"找不到向量模型「{name}」：本机没有这个文件夹，也没有下载过这个模型。请检查 ASSISTANT_EMBEDDING_MODEL，留空则使用自带模型。"


def _other(name: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(name)


def _embedded(folder: Path) -> "SentenceTransformer":
    """The ONNX graph (encoder, pooling, normalisation) as the only module of a SentenceTransformer."""
    import onnxruntime
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import InputModule
    from tokenizers import Tokenizer

    class Graph(InputModule):  # type: ignore[misc]  # sentence_transformers is not typed
        """Tokenises by itself: a transformers tokenizer would cost memory and is not safe to share between threads."""

        def __init__(self) -> None:
            super().__init__()
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self.tokenizer.enable_truncation(LONGEST)
            self.tokenizer.enable_padding(pad_id=PAD, pad_token="<pad>")  # noqa: S106
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # texts are short: several at once beat one on several cores
            options.enable_cpu_mem_arena = False
            options.add_session_config_entry("session.disable_prepacking", "1")
            self.runtime = onnxruntime.InferenceSession(
                str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
            )

        def pieces(self, texts: list[str]) -> dict[str, npt.NDArray[np.int64]]:
            read = self.tokenizer.encode_batch(texts)
            return {
                "input_ids": np.array([one.ids for one in read], dtype=np.int64),
                "attention_mask": np.array([one.attention_mask for one in read], dtype=np.int64),
            }

        def vectors(self, texts: list[str]) -> Vectors:
            found: Vectors = self.runtime.run(["embedding"], self.pieces(texts))[0]
            return found

        def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
            pieces = self.pieces([(prompt or "") + text for text in inputs])
            return {name: torch.from_numpy(part) for name, part in pieces.items()}

        def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
            graph = {name: features[name].cpu().numpy() for name in ("input_ids", "attention_mask")}
            return {**features, "sentence_embedding": torch.from_numpy(self.runtime.run(["embedding"], graph)[0])}

        def get_embedding_dimension(self) -> int:
            return int(self.runtime.get_outputs()[0].shape[-1])

        def save(self, output_path: str, *_: Any, **__: Any) -> None:
            raise SetupError(f"自带模型不能另存到 {output_path}，请直接复制文件夹 {folder}。")

    return SentenceTransformer(
        modules=[Graph()], device="cpu", prompts={"query": "query: ", "document": "passage: "}
    )


def _fingerprint(model: "SentenceTransformer", name: str, folder: Path) -> str:
    """A folder is known by its files, a name by the commit it was downloaded at; prompts change vectors too."""
    digest = hashlib.blake2b(repr(sorted(model.prompts.items())).encode(), digest_size=12)
    if folder.is_dir():
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"):
            digest.update(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}".encode())
            with path.open("rb") as file:
                digest.update(file.read(SMALL_FILE))
    else:
        config = getattr(getattr(model[0], "auto_model", None), "config", None)
        digest.update(f"{name} {getattr(config, '_commit_hash', '')}".encode())
    return f"{Path(name).name}-{digest.hexdigest()}"
