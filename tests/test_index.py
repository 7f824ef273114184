"""The index folder under processes that read, write, die and meet each other. Chroma and BM25 are real."""

import hashlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import given, strategies as st

from assistant.embedding import Vectors
from assistant.errors import IndexBusy, IndexUnavailable
from assistant.generation.writing import plan
from assistant.index import CURRENT, WRITER, Index
from assistant.search import Coefficients, FieldWeights, Retrieval, Search

SIZE = 32
READERS, REBUILDS = 4, 20
WEIGHTS = Retrieval(
    dense_weight=0.5, dense_offsets=FieldWeights(question=0, title=0, text=0),
    lexical_weights=FieldWeights(question=1, title=1, text=1), vote_weight=0,
    confidence=Coefficients(intercept=0, cosine=1, coverage=1, around=0, length=0, margin=0, margins=0, vote=0, outside=0), enough=0.5, beside=0.9,
)
SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Page:
    """A document as the index sees it."""

    id: str
    title: str
    questions: tuple[str, ...]
    text: str


class Letters:
    """An embedder without a model: texts that share characters are near. Counts what it is asked for."""

    def __init__(self, fingerprint: str = "letters") -> None:
        self.fingerprint = fingerprint
        self.seen: list[str] = []

    def query(self, text: str) -> Vectors:
        vector = np.full(SIZE, 0.01, dtype=np.float32)
        for character in text:
            vector[hashlib.blake2b(character.encode(), digest_size=1).digest()[0] % SIZE] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def documents(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return np.stack([self.query(text) for text in texts])


class Stuck(Letters):
    """Reports that it has begun to embed and never ends."""

    def __init__(self, begun: Event) -> None:
        super().__init__()
        self.begun = begun

    def documents(self, texts: Sequence[str]) -> Vectors:
        self.begun.set()
        time.sleep(60)
        return super().documents(texts)


def pages(round_: int, count: int = 12) -> list[Page]:
    """Every round has other ids, so that one answer shows which generation it came from."""
    return [
        Page(f"topic/{number}-{round_}", f"退款办法{number}", (f"退款怎么办{number}", "退款要几天"), f"第{number}条退款说明")
        for number in range(count)
    ]


def ask_until(folder: str, stop: Event, ready: Any, answers: Any) -> None:
    """A reader process: asks without pause and reports rounds seen, answers given and everything that went wrong."""
    search = Search(Index(Path(folder), Letters()), Letters(), WEIGHTS)
    rounds, wrong, asked = set(), [], 0
    while not stop.is_set():
        try:
            found = search.find(f"退款怎么办{asked % 12}", 12)
        except Exception as error:
            wrong.append(repr(error))
            continue
        if asked == 0:
            ready.release()
        asked += 1
        seen = {hit.id.rsplit("-")[-1] for hit in found.hits}
        rounds |= seen
        if len(found.hits) != 12 or len(seen) != 1:
            wrong.append(str([hit.id for hit in found.hits]))
    answers.put((sorted(rounds, key=int), wrong[:3], asked))


def write_and_hang(folder: str, begun: Event) -> None:
    """A writer process that is killed while it embeds."""
    Index(Path(folder), Stuck(begun)).sync(pages(2))


@pytest.fixture
def index(tmp_path: Path) -> Index:
    """An empty index folder."""
    return Index(tmp_path / "index", Letters())


def ids(index: Index) -> set[str]:
    """The documents an index holds now."""
    with index.reading() as generation:
        return set(generation.documents)


def handles(folder: Path) -> int:
    """Files beneath a folder that this process holds open, also when they are deleted; other tests' servers hold files of their own."""
    found = 0
    for one in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):  # closed in the meantime
            found += os.readlink(f"/proc/self/fd/{one}").startswith(f"{folder}/")
    return found


def test_four_processes_ask_during_twenty_rebuilds(index: Index) -> None:
    index.sync(pages(0))
    stop, ready, answers = SPAWN.Event(), SPAWN.Semaphore(0), SPAWN.Queue()
    readers = [SPAWN.Process(target=ask_until, args=(str(index.folder), stop, ready, answers)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    for _ in readers:
        assert ready.acquire(timeout=60)
    for round_ in range(1, REBUILDS + 1):
        index.sync(pages(round_))
    time.sleep(1.0)  # what was published last is opened by the next question and used by those after it
    stop.set()
    results = [answers.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join(timeout=60)
    for rounds, wrong, asked in results:
        assert wrong == []
        assert asked > REBUILDS
        assert rounds[-1] == str(REBUILDS)
        assert len(rounds) > 2
    index.sync(pages(REBUILDS))
    assert [path.name for path in index.folder.glob("g*") if path.is_dir()] == [
        (index.folder / CURRENT).read_text(encoding="utf-8")
    ]


def test_a_killed_writer_leaves_the_old_index(index: Index) -> None:
    index.sync(pages(1))
    begun = SPAWN.Event()
    writer = SPAWN.Process(target=write_and_hang, args=(str(index.folder), begun))
    writer.start()
    assert begun.wait(timeout=60)
    with pytest.raises(IndexBusy, match="另一个进程"):
        index.sync(pages(3))
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join(timeout=60)
    assert ids(index) == {page.id for page in pages(1)}
    index.sync(pages(3))
    assert ids(index) == {page.id for page in pages(3)}
    assert len([path for path in index.folder.glob("g*") if path.is_dir()]) <= 2


def test_a_second_writer_is_refused_in_a_sentence(index: Index) -> None:
    index.sync(pages(1))
    with FileLock(index.folder / WRITER, is_singleton=False), pytest.raises(IndexBusy, match="正在更新检索索引"):
        index.sync(pages(2))
    assert index.sync(pages(2)).added


def test_nothing_changed_changes_nothing(index: Index) -> None:
    embedder = Letters()
    index = Index(index.folder, embedder)
    first = index.sync(pages(1))
    published, seen = (index.folder / CURRENT).stat().st_mtime_ns, len(embedder.seen)
    again = index.sync(reversed(pages(1)))
    assert (again.added, again.kept, again.removed) == (0, first.added, 0)
    assert again.seconds < 2
    assert (index.folder / CURRENT).stat().st_mtime_ns == published
    assert len(embedder.seen) == seen


def test_only_what_changed_is_embedded_and_what_vanished_is_gone(index: Index) -> None:
    embedder = Letters()
    index = Index(index.folder, embedder)
    index.sync(pages(1))
    embedder.seen.clear()
    first, second, *others = pages(1)
    report = index.sync([Page(second.id, second.title, (*second.questions, "退款失败找谁"), "改过的说明"), *others])
    assert len(embedder.seen) == 2
    assert set(embedder.seen) == {"退款失败找谁", "改过的说明"}
    assert (report.added, report.removed) == (2, 4)
    assert first.id not in ids(index)
    hits = Search(index, embedder, WEIGHTS).find("退款失败找谁").hits
    assert hits[0].id == second.id
    assert first.id not in {hit.id for hit in hits}


def test_another_model_embeds_everything_again(index: Index) -> None:
    index.sync(pages(1))
    other = Index(index.folder, Letters("another"))
    assert other.sync(pages(1)).kept == 0
    assert other.sync(pages(1)).added == 0


def test_after_many_changes_the_graph_is_written_afresh_without_embedding(index: Index) -> None:
    embedder = Letters()
    index = Index(index.folder, embedder)
    index.sync(pages(0, 4))
    for round_ in range(1, 6):
        keep = pages(0, 3)
        index.sync([*keep, *pages(round_, 4)])
    assert sum(text == "退款怎么办1" for text in embedder.seen) == 6  # once kept, five times new under another id
    assert ids(index) == {page.id for page in [*pages(0, 3), *pages(5, 4)]}
    with index.reading() as generation:
        assert generation.churn <= 2 * len(generation.hashes)


def test_an_emptied_and_a_never_filled_index(index: Index) -> None:
    assert index.sync([]).added == 0
    assert Search(index, Letters(), WEIGHTS).find("退款").hits == ()
    index.sync(pages(1))
    assert index.sync([]).removed == 48
    assert Search(index, Letters(), WEIGHTS).find("退款").hits == ()


def test_no_index_is_a_sentence(index: Index) -> None:
    with pytest.raises(IndexUnavailable, match="还没有检索索引"):
        ids(index)


@pytest.mark.parametrize("broken", ["manifest.json", "chroma/chroma.sqlite3", "data_level0.bin", "bm25/title/vocab.index.json"])
@pytest.mark.parametrize("how", ["cut", "garbage", "deleted"])
def test_a_broken_generation_is_told_and_rebuilt(index: Index, broken: str, how: str) -> None:
    index.sync(pages(1))
    current = index.folder / (index.folder / CURRENT).read_text(encoding="utf-8")
    path = next(path for path in current.rglob("*") if path.as_posix().endswith(broken))
    if how == "deleted":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:50] if how == "cut" else b"\x00garbage" * (path.stat().st_size // 8))
    reader = Index(index.folder, Letters())
    with pytest.raises(IndexUnavailable, match="重建"):
        ids(reader)
    assert index.sync(pages(1)).added == 48
    assert ids(reader) == {page.id for page in pages(1)}


def test_a_reader_moves_on_by_itself_and_leaks_nothing(index: Index) -> None:
    reader = Index(index.folder, Letters())
    index.sync(pages(0))
    assert ids(reader) == {page.id for page in pages(0)}
    before = 0
    for round_ in range(1, REBUILDS + 1):
        index.sync(pages(round_))
        until = time.monotonic() + 10
        while ids(reader) != {page.id for page in pages(round_)}:
            assert time.monotonic() < until
            time.sleep(0.01)
        if round_ == 5:
            before = handles(index.folder)
    assert handles(index.folder) <= before + 8
    reader.close()


def test_a_running_question_keeps_its_generation(index: Index) -> None:
    index.sync(pages(1))
    with index.reading() as generation:
        index.sync(pages(2))
        index.sync(pages(3))
        assert generation.nearest(Letters().query("退款怎么办3"), 3)
        assert generation.folder.is_dir()
    assert ids(index) == {page.id for page in pages(3)}
    index.sync(pages(4))
    assert not generation.folder.exists()


def test_threads_that_ask_first_share_one_opening(index: Index) -> None:
    index.sync(pages(1))
    reader, found = Index(index.folder, Letters()), []
    threads = [threading.Thread(target=lambda: found.append(ids(reader))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert found == [{page.id for page in pages(1)}] * 8


_PAGES = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.lists(st.sampled_from("退款率"), max_size=3), st.text(max_size=3)))


@given(_PAGES, _PAGES)
def test_a_plan_leads_exactly_from_one_state_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    def made(state: dict[str, Any]) -> list[Page]:
        return [Page(f"topic/{id}", id, tuple(questions), text) for id, (questions, text) in state.items()]

    old = dict(plan(made(before), {}).hashes)
    work = plan(made(after), old)
    reached = {id: value for id, value in old.items() if id not in work.gone}
    reached.update({id: work.hashes[id] for id in work.new})
    assert reached == work.hashes
    assert plan(made(after), work.hashes).new == plan(made(after), work.hashes).gone == ()
