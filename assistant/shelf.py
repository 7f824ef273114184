"""A person's own documents, kept searchable: the folder, what was read from it, and an index of its own."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from unicodedata import normalize

from filelock import FileLock, Timeout

from assistant import passages
from assistant.answer import Passage
from assistant.embedding import Embeds, Vectors
from assistant.errors import AssistantError, IndexBusy, IndexUnavailable, SetupError, UnreadableDocument
from assistant.generation.writing import Progress
from assistant.index import Index, Report as Indexed
from assistant.intake.collection import Collection, Report
from assistant.search import Ranking, Retrieval

READ, INDEX, WRITER = "read", "index", "writer.lock"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Changes:
    """What bringing the shelf up to date did, by the names of the files in the folder."""

    report: Report = field(default_factory=Report)
    indexed: Indexed = field(default_factory=lambda: Indexed(0, 0, 0, 0.0))
    pieces: Mapping[str, int] = field(default_factory=dict)
    """file → pieces that can be found"""
    added: tuple[str, ...] = ()
    """files copied into the folder by this run, and those it held already"""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """file added under a name of its own → the name that was taken"""
    failed: tuple[str, ...] = ()
    """a sentence for each file that was not taken in"""

    @property
    def taken(self) -> int:
        """How many of the files that were to be added can now be found."""
        return len(self.added)

    @property
    def sentences(self) -> list[str]:
        """What happened, file by file; without those that failed."""
        report, said = self.report, []
        said += [f"「{name}」是新的，读出{self.pieces.get(name, 0)}段。" for name in report.new]
        said += [f"「{name}」改过，已经重读，现在是{self.pieces.get(name, 0)}段。" for name in report.changed]
        said += [f"「{name}」原来就在，没有变。" for name in self.added if name in report.unchanged]
        said += [f"「{name}」不在文件夹里了，已从检索里去掉。" for name in report.removed]
        said += [f"「{name}」像是从网站存下来的，去掉了插进词里的{count}个字。" for name, count in report.cleaned if name not in report.unchanged]
        said += [
            f"已经有一个内容不同的「{old}」，这一份存成了「{new}」；要用它替换，请从文件夹里删掉旧的，再运行 assistant index。"
            for new, old in self.renamed.items()
        ]
        return said

    @property
    def summary(self) -> str:
        """All files together in one sentence."""
        files = len(self.report.new) + len(self.report.changed) + len(self.report.unchanged)
        indexed = self.indexed
        return (
            f"自己的资料共{files}个文件、{sum(self.pieces.values())}段：新编{indexed.added}条，保留{indexed.kept}条，移除{indexed.removed}条。"
        )


class Shelf:
    """Own documents below `folder`; what is made of them stands below `kept`. Constructing it touches nothing."""

    def __init__(self, folder: Path, kept: Path, embedder: Embeds) -> None:
        self.folder, self.kept = folder, kept
        self.index = Index(kept / INDEX, embedder)
        self._failed = ""

    @property
    def bare(self) -> bool:
        """Whether there are no documents and never were any."""
        return not self.folder.is_dir() and not self.index.ready

    def update(self, add: Sequence[Path] = (), progress: Progress | None = None) -> Changes:
        """Copy `add` into the folder, read what is new or changed, and index it; one bad file stops no other.

        `progress` counts files, then vectors. Raises IndexBusy while another process does the same, and SetupError or
        IndexUnavailable when a folder cannot be used.
        """
        if not add and self.bare:
            return Changes()
        with self._writing():
            collection = Collection(self.folder, self.kept / READ)
            placed, renamed, refused = _added(collection, add)
            pieces = collection.pieces(progress)
            problems = dict(collection.report.failed)
            for name, (path, copied) in placed.items():
                if name in problems and copied:
                    with suppress(OSError):
                        path.unlink()  # told once, not every time the folder is read
            answered = {piece.id: piece for piece in pieces if piece.answered}
            indexed = self.index.sync(
                answered.values(), progress, {id: asdict(piece) for id, piece in answered.items()}
            )
        return Changes(
            collection.report, indexed, Counter(piece.file for piece in answered.values()),
            tuple(name for name in placed if name not in problems),
            {new: old for new, old in renamed.items() if new not in problems}, (*refused, *problems.values()),
        )

    def catch_up(self) -> None:
        """Read what has changed in the folder; what goes wrong is logged in a sentence and stops nothing."""
        try:
            changes = self.update()
        except AssistantError as error:
            _log.warning("own documents stay as they were: %s", error)
            return
        for sentence in changes.failed:
            _log.warning("own documents: %s", sentence)
        if changes.report.converted or changes.indexed.added or changes.indexed.removed:
            _log.info("own documents: %s", changes.summary)

    def find(
        self, vector: Vectors, words: Sequence[str], asked: Sequence[str], ours: Ranking, by: Retrieval
    ) -> tuple[Passage, ...]:
        """The passages nearest to a question, of the generation that is published now; none when it cannot be read."""
        if not self.index.ready:
            return ()
        try:
            with self.index.reading() as generation:
                return passages.find(generation, vector, words, asked, ours, by)
        except IndexUnavailable as error:
            if str(error) != self._failed:  # our own knowledge still answers: told once, not at every question
                self._failed = str(error)
                _log.warning("own documents cannot be searched: %s", error)
            return ()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One process reads the folder and publishes at a time, so that an older list never replaces a newer one."""
        lock = FileLock(self.kept / WRITER, timeout=0, is_singleton=False)
        try:
            self.kept.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise IndexBusy("另一个进程正在读自己的资料，请等它结束后再试。") from error
        except OSError as error:
            raise SetupError(f"文件夹 {self.kept} 用不了：请看看权限和剩下的空间。") from error
        try:
            yield
        finally:
            lock.release()


def _added(
    collection: Collection, add: Sequence[Path]
) -> tuple[dict[str, tuple[Path, bool]], dict[str, str], list[str]]:
    """(name in the folder → where it lies and whether it was copied now, new name → name that was taken, refusals)."""
    placed: dict[str, tuple[Path, bool]] = {}
    renamed: dict[str, str] = {}
    refused: list[str] = []
    for source in add:
        before = set(collection.folder.rglob("*")) if collection.folder.is_dir() else set()
        try:
            paths = collection.add(source)
        except UnreadableDocument as error:
            told = [sentence for _, sentence in collection.refused]
            refused += told if str(error) in told else [str(error)]
            continue
        refused += [sentence for _, sentence in collection.refused]
        names = {path.name for path in source.rglob("*")} if source.is_dir() else {source.name}
        for path in paths:
            name = normalize("NFC", path.relative_to(collection.folder).as_posix())
            placed.setdefault(name, (path, path not in before))
            if path not in before and path.name not in names:
                renamed[name] = path.stem.rpartition("-")[0] + path.suffix
    return placed, renamed, refused
