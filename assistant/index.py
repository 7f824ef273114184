"""The index folder: generations side by side, CURRENT names the published one, one writer at a time, readers undisturbed."""

import logging
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Error as LockError

from filelock import FileLock, ReadWriteLock, Timeout

from assistant.embedding import Embeds
from assistant.errors import IndexBusy, IndexUnavailable
from assistant.generation.reading import Generation
from assistant.generation.searchable import Searchable
from assistant.generation.writing import Progress, Records, build, plan, recorded

CURRENT = "CURRENT"
WRITER = "writer.lock"
LOCK_SUFFIX = ".readers"
TRIES = 5  # a generation may be replaced and cleared between reading its name and locking it

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """What a sync did, counted in vectors."""

    added: int
    kept: int
    removed: int
    seconds: float


class _Reading:
    """A generation opened under its readers' lock; closed when the last question that uses it has ended."""

    def __init__(self, folder: Path, signature: tuple[int, int]) -> None:
        self.signature = signature
        self.users = 0
        self.retired = False
        self._lock = _readers_lock(folder)
        try:
            self._lock.acquire_read(timeout=1)
            self.generation = Generation(folder)
        except BaseException:
            self._lock.close()
            raise

    def close(self) -> None:
        self.generation.close()
        self._lock.close()


class Index:
    """Reads and writes one index folder. Constructing it touches nothing."""

    def __init__(self, folder: Path, embedder: Embeds) -> None:
        self.folder, self.embedder = folder, embedder
        self._open: _Reading | None = None
        self._failed: tuple[int, int] | None = None
        self._guard = threading.Lock()  # held for moments
        self._opening = threading.Lock()  # held while a generation is opened

    @property
    def ready(self) -> bool:
        """Whether something is published."""
        return (self.folder / CURRENT).is_file()

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """The generation to ask. It stays whole until the block ends, whatever a writer publishes meanwhile.

        Raises IndexUnavailable when nothing readable is published.
        """
        reading = self._borrow()
        try:
            yield reading.generation
        finally:
            self._give_back(reading)

    def sync(
        self, documents: Iterable[Searchable], progress: Progress | None = None, records: Records | None = None
    ) -> Report:
        """Make the index hold exactly `documents`: embed what is new or changed, drop what is gone, publish.

        `records` are carried along, to be told from the same state that was searched.

        Raises IndexBusy when another process or thread is writing.
        """
        started = time.perf_counter()
        wanted = list(documents)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / WRITER, timeout=0, is_singleton=False):
                report = self._sync(wanted, progress, started, records)
        except Timeout as error:
            raise IndexBusy("另一个进程正在更新检索索引，请等它结束后再试。") from error
        except OSError as error:
            raise IndexUnavailable(f"索引文件夹 {self.folder} 用不了，请检查它是不是文件夹、有没有写权限、磁盘有没有空间。") from error
        if self._open is not None:
            self._reopen()
        return report

    def close(self) -> None:
        """Give the open generation back."""
        with self._guard:
            old, self._open = self._open, None
        self._retire(old)

    # writing

    def _sync(
        self, documents: list[Searchable], progress: Progress | None, started: float, records: Records | None
    ) -> Report:
        base = self._base()
        try:
            work = plan(documents, base.hashes if base else {})
            if base is None or work.new or work.gone or base.recorded != recorded(records):
                target = self.folder / self._next_name()
                build(target, documents, work, self.embedder, base, progress, records)
                Generation(target).close()  # nothing is published that cannot be read
                self._publish(target.name)
        finally:
            if base is not None:
                base.close()
        self._clear()
        return Report(len(work.new), work.kept, len(work.gone), time.perf_counter() - started)

    def _base(self) -> Generation | None:
        """The published generation, if it can be read and its vectors are of the same model."""
        try:
            base = Generation(self._published())
        except IndexUnavailable as error:
            if self.ready:
                _log.warning("building the index anew: %s", error)
            return None
        if base.fingerprint == self.embedder.fingerprint:
            return base
        base.close()
        return None

    def _next_name(self) -> str:
        taken = (int(path.name[1:]) for path in self.folder.glob("g*") if path.is_dir() and path.name[1:].isdigit())
        return f"g{max(taken, default=0) + 1:06d}"

    def _publish(self, name: str) -> None:
        beside = self.folder / f"{CURRENT}.new"
        with beside.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, self.folder / CURRENT)

    def _clear(self) -> None:
        """Delete what is not published and not read: old generations and what a killed writer left."""
        published = self._published().name
        for folder in self.folder.glob("g*"):
            if not folder.is_dir() or folder.name == published:
                continue
            lock = _readers_lock(folder)
            try:
                lock.acquire_write(blocking=False)
                shutil.rmtree(folder, ignore_errors=True)
            except (Timeout, OSError, LockError):
                continue  # still read; the next sync tries again
            finally:
                lock.close()
            if not folder.exists():
                Path(lock.lock_file).unlink(missing_ok=True)

    # reading

    def _published(self) -> Path:
        try:
            name = (self.folder / CURRENT).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise IndexUnavailable("还没有检索索引，请先运行 assistant index。") from error
        return self.folder / (name or "?")

    def _signature(self) -> tuple[int, int]:
        """Changes with every publication: CURRENT is replaced, never rewritten."""
        try:
            found = os.stat(self.folder / CURRENT)
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)

    def _borrow(self) -> _Reading:
        signature = self._signature()
        with self._guard:
            reading = self._open
            if reading is not None:
                reading.users += 1
        if reading is None:
            self._reopen()
            return self._borrow()
        if signature != reading.signature and signature not in (self._failed, (0, 0)) and not self._opening.locked():
            threading.Thread(target=self._reopen_quietly, name="index-reopen", daemon=True).start()
        return reading

    def _give_back(self, reading: _Reading) -> None:
        with self._guard:
            reading.users -= 1
            last = reading.retired and reading.users == 0
        if last:
            reading.close()

    def _reopen(self) -> None:
        """Open what is published now and let the older one go when its last question has ended."""
        with self._opening:
            if self._open is not None and self._open.signature == self._signature():
                return
            new = self._opened()
            with self._guard:
                old, self._open = self._open, new
        self._retire(old)

    def _reopen_quietly(self) -> None:
        signature = self._signature()
        try:
            self._reopen()
        except IndexUnavailable:
            self._failed = signature  # the open generation goes on serving until something else is published
            _log.exception("the published index cannot be read; the former one stays in use")

    def _opened(self) -> _Reading:
        for last in range(TRIES, 0, -1):
            signature = self._signature()
            folder = self._published()
            try:
                return _Reading(folder, signature)
            except IndexUnavailable:
                if signature == self._signature():
                    raise
            except (Timeout, OSError, LockError) as error:
                if last == 1:
                    raise IndexUnavailable("检索索引正在更换，暂时读不了，请稍后再试。") from error
            time.sleep(0.05)
        raise IndexUnavailable("检索索引正在更换，暂时读不了，请稍后再试。")

    def _retire(self, old: _Reading | None) -> None:
        if old is None:
            return
        with self._guard:
            old.retired = True
            idle = old.users == 0
        if idle:
            old.close()


def _readers_lock(folder: Path) -> ReadWriteLock:
    # beside the folder, not in it: the folder is deleted under this very lock
    return ReadWriteLock(folder.with_name(folder.name + LOCK_SUFFIX), is_singleton=False)
