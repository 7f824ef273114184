"""A folder of people's own files: read once per content, kept in a cache, told about file by file."""

import hashlib
import json
import os
import tempfile
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import SetupError, UnreadableDocument
from assistant.intake.blocks import Unfit
from assistant.intake.piece import Part, Piece, identify
from assistant.intake.reader import OTHERWISE, READERS, Converted, contents, convert, sentence, supported

FORMAT = 1  # raise it when a reader, the cleaning, the cutting or a limit changes: everything is converted anew
FILES = 5_000  # of a collection
SUFFIX = ".json"
STATE = "state.json"

Progress = Callable[[int, int], None]
"""called with (files done, files to do)"""
Convert = Callable[[bytes, str], Converted]
"""bytes of a file and the ending of its name → its parts; raises Unfit"""


@dataclass(frozen=True)
class Report:
    """What `Collection.pieces` found, by names relative to the folder. A file stands in one list only."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    """(name, the sentence that says why and what to do)"""
    cleaned: tuple[tuple[str, int], ...] = ()
    """(name, characters taken out of words) of scraped pages"""
    converted: int = 0
    """files that went through a converter this time; the others came from the cache"""
    pieces: int = 0
    seconds: float = 0.0


class Collection:
    """The files below `folder`, converted into `cache`, which is this collection's alone. Constructing it touches nothing.

    `most` files are read; what another `format` left in the cache is converted anew.
    """

    def __init__(
        self, folder: Path, cache: Path, *, convert: Convert = convert, format: int = FORMAT, most: int = FILES
    ) -> None:
        self.folder, self.cache = folder, cache
        self._converter, self._format, self._most = convert, format, most
        self.report = Report()
        self.refused: tuple[tuple[str, str], ...] = ()
        """(name, sentence) of what the last `add` did not take"""

    def pieces(self, progress: Progress | None = None) -> list[Piece]:
        """All pieces in the order of the files' names; `report` then tells of each file. One bad file stops no other.

        Raises SetupError when the folder holds too much or the cache cannot be written.
        """
        started = time.perf_counter()
        files = _below(self.folder)
        if len(files) > self._most:
            raise SetupError(f"文件夹 {self.folder} 里有 {len(files)} 个文件，超过 {self._most} 个的上限：请移走一些。")
        before = self._state()
        pieces: list[Piece] = []
        keys: dict[str, str] = {}
        failed: dict[str, str] = {}
        cleaned: list[tuple[str, int]] = []
        converted = 0
        for done, (name, path) in enumerate(files):
            if progress:
                progress(done, len(files))
            try:
                data = contents(path)
                keys[name] = key = hashlib.sha256(data).hexdigest() + path.suffix.lower()
                kept = self._kept(key)
                if kept is None:
                    converted += 1
                    kept = self._convert(data, key, path.suffix)
                if isinstance(kept, str):
                    failed[name] = sentence(name, kept)
                    continue
            except Unfit as error:
                failed[name] = sentence(name, error)
                continue
            pieces += identify(kept.parts, name)
            if kept.repairs:
                cleaned.append((name, kept.repairs))
        if progress:
            progress(len(files), len(files))
        sound = {name: key for name, key in keys.items() if name not in failed}
        self._forget(set(keys.values()))
        self._write(STATE, {"format": self._format, "files": sound})
        self.report = Report(
            new=tuple(name for name in sound if name not in before),
            changed=tuple(name for name, key in sound.items() if before.get(name, key) != key),
            unchanged=tuple(name for name, key in sound.items() if before.get(name) == key),
            removed=tuple(name for name in sorted(before) if name not in sound and name not in failed),
            failed=tuple(failed.items()),
            cleaned=tuple(cleaned),
            converted=converted,
            pieces=len(pieces),
            seconds=time.perf_counter() - started,
        )
        return pieces

    def add(self, path: Path) -> tuple[Path, ...]:
        """Copies a file, or the readable files of a folder, into the collection; tells where each now lies.

        What the collection holds already is not copied again; another file of the same name gets a number. Raises
        UnreadableDocument when nothing can be taken; `refused` tells what was left out of a folder.
        """
        sources = _below(path) if path.is_dir() else [(path.name, path)]
        if not sources:
            raise UnreadableDocument(sentence(path.name, f"里没有能读的文件：能读的是 {' '.join(READERS)}"))
        present: dict[int, list[Path]] = {}
        for _, found in _below(self.folder):
            present.setdefault(found.stat().st_size, []).append(found)
        placed: list[Path] = []
        refused: list[tuple[str, str]] = []
        for name, source in sources:
            try:
                if _hidden(source.name):
                    raise Unfit("是隐藏文件或临时文件：请换个名字再放进来")
                data = contents(source)
            except Unfit as error:
                refused.append((name, sentence(name, error)))
                continue
            placed.append(self._placed(name, data, present.setdefault(len(data), [])))
        self.refused = tuple(refused)
        if not placed:
            raise UnreadableDocument(refused[0][1])
        return tuple(placed)

    def _placed(self, name: str, data: bytes, same_size: list[Path]) -> Path:
        target = self.folder / name
        try:
            for there in same_size:
                if there.suffix.lower() == target.suffix.lower() and there.read_bytes() == data:
                    return there
            number = 1
            while target.exists():
                number += 1
                target = self.folder / Path(name).with_stem(f"{Path(name).stem}-{number}")
            _replace(target, data)
        except OSError as error:
            raise SetupError(f"文件夹 {self.folder} 写不进去：请看看权限和剩下的空间。") from error
        same_size.append(target)
        return target

    def _convert(self, data: bytes, key: str, suffix: str) -> Converted | str:
        try:
            made = self._converter(data, suffix)
        except Unfit as error:
            self._write(key + SUFFIX, {"format": self._format, "problem": str(error)})
            return str(error)
        self._write(key + SUFFIX, {"format": self._format, **asdict(made)})
        return made

    def _kept(self, key: str) -> Converted | str | None:
        """What the cache holds of a content: parts, or what is wrong with it; None when there is nothing usable."""
        kept = self._read(key + SUFFIX)
        try:
            if "problem" in kept:
                return str(kept["problem"])
            parts = tuple(
                Part(tuple(part["path"]), tuple(part["questions"]), part["text"], part["place"]) for part in kept["parts"]
            )
            return Converted(parts, int(kept["repairs"]), int(kept["dropped"]))
        except (KeyError, TypeError, ValueError):
            return None

    def _state(self) -> dict[str, str]:
        files = self._read(STATE).get("files")
        return {str(name): str(key) for name, key in files.items()} if isinstance(files, dict) else {}

    def _read(self, name: str) -> dict[str, Any]:
        try:
            kept = json.loads((self.cache / name).read_bytes())
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) and kept.get("format") == self._format else {}

    def _write(self, name: str, data: dict[str, Any]) -> None:
        try:
            _replace(self.cache / name, json.dumps(data, ensure_ascii=False).encode())
        except OSError as error:
            raise SetupError(f"缓存文件夹 {self.cache} 写不进去：请看看权限和剩下的空间。") from error

    def _forget(self, used: set[str]) -> None:
        """What was read from files that are gone does not stay behind."""
        for path in self.cache.glob(f"*{SUFFIX}"):
            if path.name != STATE and path.name.removesuffix(SUFFIX) not in used:
                with suppress(OSError):
                    path.unlink()


def _below(folder: Path) -> list[tuple[str, Path]]:
    """(name relative to the folder, path) of the files to read, sorted by name; hidden ones and links that lead out left aside."""
    home = folder.resolve()
    found = []
    for above, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not _hidden(name)]
        for name in names:
            path = Path(above, name)
            if _hidden(name) or not (supported(path) or path.suffix.lower() in OTHERWISE):
                continue
            if path.is_symlink() and not (path.exists() and path.resolve().is_relative_to(home)):
                continue
            found.append((unicodedata.normalize("NFC", path.relative_to(folder).as_posix()), path))
    return sorted(found)


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$"))  # the second is what Office leaves beside an open file


def _replace(path: Path, data: bytes) -> None:
    """Written beside and swapped in: readers see the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
