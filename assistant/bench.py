"""Speed and weight in one run: answers against the bare embedding, index rate, start, memory, and larger corpora."""

import os
import random
import resource
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio

from assistant.build import build, documents, open_index
from assistant.composer import Composer
from assistant.embedding import Embedder
from assistant.engine import Engine
from assistant.figures import figures
from assistant.index import Index
from assistant.library import Library
from assistant.reading import Reader
from assistant.search import Retrieval, Search
from assistant.service import use_one_heap
from assistant.settings import Settings
from assistant.store import IN_MEMORY, Store

ROUNDS = 200
QUESTIONS = 1000
SIZES = (1_000, 10_000, 100_000)
RATE_DOCUMENTS = 600
HOSTILE = ("1", "一", "3天-", "2024年", "上上个")  # written over and over, each once took time by the square of its length
Say = Callable[[str], None]


@dataclass(frozen=True)
class Synthetic:
    """A made-up document of the shape the index takes."""

    id: str
    title: str
    questions: tuple[str, ...]
    text: str


def run(settings: Settings, say: Say) -> None:
    """Print every figure of the bench; takes some minutes, the largest corpus most of them."""
    with TemporaryDirectory() as folder:
        own = settings.model_copy(update={
            "index_dir": Path(folder) / "index", "data_dir": Path(folder) / "data", "documents_dir": Path(folder) / "none",
        })
        _index(own, say)
        _start(own, say)
        engine = build(own)
        engine.prepare()
        _reading(engine, say)
        _answers(engine, own, say)
        _memory(own, say)
        _sizes(own, Path(folder), say)


def _index(settings: Settings, say: Say) -> None:
    library = Library.read(settings.knowledge_dir)
    index = open_index(settings)
    wanted = documents(library)
    first = index.sync(wanted)
    say(f"索引：{len(wanted)}篇知识（{first.added}段）{first.seconds:.1f}秒，{len(wanted) / first.seconds:.0f}篇/秒")
    again = index.sync(wanted)
    say(f"索引：什么都没改再编一次 {again.seconds:.2f}秒")
    with TemporaryDirectory() as folder:
        made = list(synthetic(RATE_DOCUMENTS))
        report = Index(Path(folder), index.embedder).sync(made)
        say(f"索引：合成{RATE_DOCUMENTS}篇（标题＋一问＋80字正文）{RATE_DOCUMENTS / report.seconds:.0f}篇/秒")


def _start(settings: Settings, say: Say) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "ASSISTANT_PORT": str(port), "ASSISTANT_INDEX_DIR": str(settings.index_dir),
        "ASSISTANT_DATA_DIR": str(settings.data_dir), "ASSISTANT_DOCUMENTS_DIR": str(settings.documents_dir),
        "ASSISTANT_LOG_LEVEL": "WARNING",
    }
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "assistant", "serve"], env=environment)
    try:
        first = _until(f"http://127.0.0.1:{port}/", started)
        ready = _until(f"http://127.0.0.1:{port}/readyz", started)
        say(f"启动：首个200 {first:.1f}秒，就绪 {ready:.1f}秒")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _until(address: str, started: float) -> float:
    while time.perf_counter() - started < 120:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - loopback only
                if answer.status == 200:
                    return time.perf_counter() - started
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"{address} 两分钟内没有就绪")


def _reading(engine: Engine, say: Say) -> None:
    """Reading alone, and twice a hostile length: time that grows with the length doubles, not quadruples."""
    reader, today = Reader(engine.library), date.today()
    asked = questions(engine.library, ROUNDS)
    times = []
    for question in asked:
        started = time.perf_counter()
        reader.read(question, today)
        times.append(time.perf_counter() - started)
    say(f"读题：p50 {_ms(times, 50)} ms，p95 {_ms(times, 95)} ms")
    for seed in HOSTILE:
        once, twice = (min(_seconds(figures, seed * (length // len(seed))) for _ in range(3)) for length in (10_000, 20_000))
        say(f"读题：连写“{seed}”两万字 {twice * 1000:.0f} ms，为一万字的{twice / once:.1f}倍")


def _seconds(call: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    call(text)
    return time.perf_counter() - started


def _answers(engine: Engine, settings: Settings, say: Say) -> None:
    embedder = Embedder(settings.embedding_model or None)
    asked = questions(engine.library, ROUNDS)
    bare: list[float] = []
    first: list[float] = []
    whole: list[float] = []

    async def both() -> None:
        for number, question in enumerate(asked):
            started = time.perf_counter()
            embedder.query(f"{question} {number}")  # another text, so that no cache answers
            bare.append(time.perf_counter() - started)
            begun, ended = await _timed(engine, question)
            first.append(begun)
            whole.append(ended)

    anyio.run(both)
    base = statistics.median(bare)
    for name, times in (("裸问句向量", bare), ("首个事件", first), ("整答", whole)):
        say(f"作答：{name} p50 {_ms(times, 50)} ms，p95 {_ms(times, 95)} ms，p50为向量的{statistics.median(times) / base:.2f}倍")


def _memory(settings: Settings, say: Say) -> None:
    """Weigh a process that holds what the service holds; this one carries the bench as well."""
    environment = os.environ | {"ASSISTANT_INDEX_DIR": str(settings.index_dir), "ASSISTANT_DATA_DIR": str(settings.data_dir)}
    weighed = subprocess.run(
        [sys.executable, "-c", "from assistant.bench import weigh; weigh()"],
        env=environment, capture_output=True, text=True, check=True,
    )
    say(f"内存：网页、索引和模型都载入，{QUESTIONS}问之后常驻 {weighed.stdout.strip()} MB")


def weigh() -> None:
    """Ask many questions in a process with the page loaded and print its resident memory in MB."""
    from assistant.web.page import mount

    use_one_heap()
    settings = Settings()
    engine = build(settings)
    engine.prepare()
    page = mount(engine, settings)

    async def all_of_them() -> None:
        for number, question in enumerate(questions(engine.library, QUESTIONS)):
            async for _ in engine.ask(f"memory{number % 50}", question):
                pass

    anyio.run(all_of_them)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    sys.stdout.write(f"{pages * resource.getpagesize() / 2**20:.0f}\n")
    del page


def _sizes(settings: Settings, folder: Path, say: Say) -> None:
    library = Library.read(settings.knowledge_dir)
    retrieval = Retrieval.read(settings.knowledge_dir / "retrieval.yaml")
    embedder = Embedder(settings.embedding_model or None)
    engines = {}
    for size in SIZES:
        index = Index(folder / f"size{size}", _Cheap(embedder))
        report = index.sync([*documents(library), *synthetic(size)])
        say(f"规模：知识加{size}篇合成语料建好，{report.seconds:.0f}秒（语料的向量是随机的，只测查询）")
        search = partial(Search, index, embedder, retrieval, library.vocabulary.synonyms, library.leads)
        store = Store(IN_MEMORY)
        engines[size] = Engine(library, Reader(library), Composer(library, retrieval.enough), store, search)
        engines[size].prepare()
    first: dict[int, list[float]] = {size: [] for size in SIZES}
    whole: dict[int, list[float]] = {size: [] for size in SIZES}

    async def ask_all() -> None:
        for number, question in enumerate(questions(library, ROUNDS)):
            for size, engine in engines.items():  # in turn, so that a slow moment of the machine hits all alike
                begun, ended = await _timed(engine, f"{question} {number}x{size}")
                first[size].append(begun)
                whole[size].append(ended)

    anyio.run(ask_all)
    for size in SIZES:
        ratio = statistics.median(whole[size]) / statistics.median(whole[SIZES[0]])
        say(
            f"规模：{size}篇 首个事件 p50 {_ms(first[size], 50)} ms，p95 {_ms(first[size], 95)} ms；"
            f"整答 p50 {_ms(whole[size], 50)} ms，p95 {_ms(whole[size], 95)} ms，为{SIZES[0]}篇的{ratio:.2f}倍"
        )


async def _timed(engine: Engine, question: str) -> tuple[float, float]:
    """Seconds to the first event and to the last."""
    started = time.perf_counter()
    first = 0.0
    async for _ in engine.ask("bench", question):
        first = first or time.perf_counter() - started
    ended = time.perf_counter() - started
    engine.forget("bench")
    return first, ended


class _Cheap:
    """The embedder for queries, random unit vectors for a made-up corpus: building it would take an hour otherwise."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.fingerprint = f"synthetic-{embedder.fingerprint}"

    def documents(self, texts: Sequence[str]):  # type: ignore[no-untyped-def]
        """Unit vectors, the same for the same seed."""
        import numpy

        made = numpy.random.default_rng(len(texts)).standard_normal((len(texts), len(self.embedder.query("维度"))))
        return (made / numpy.linalg.norm(made, axis=1, keepdims=True)).astype(numpy.float32)

    def query(self, text: str):  # type: ignore[no-untyped-def]
        """The real embedding."""
        return self.embedder.query(text)


def questions(library: Library, count: int) -> list[str]:
    """Questions people ask, each a little different so that no cache answers twice."""
    known = [question for topic in library.topics.values() for question in topic.questions]
    figures = [f"近30天成交{n * 37}单，判责退款{n}笔，纠纷退款率多少" for n in range(3, 60)]
    mixed = known + figures
    chooser = random.Random(7)
    return [f"{chooser.choice(mixed)}{'？' * (number % 2)}" for number in range(count)]


def synthetic(count: int) -> Iterator[Synthetic]:
    """Documents of plausible Chinese words, reproducible."""
    chooser = random.Random(11)
    words = (
        "退款 纠纷 申诉 平台 商家 买家 指标 体验分 物流 揽收 发货 客服 评分 活动 报名 门店 产值 毛利 台次 续保 保费 理赔 定损 维修 工时 "
        "配件 质保 三包 退车 网点 总部 罚单 派费 快递 投诉 时限 证据 合同 违约金 工资 绩效 考核 目标 口径 周转 库存 客户 流失 回访 满意度"
    ).split()
    for number in range(count):
        pick = [chooser.choice(words) for _ in range(34)]
        yield Synthetic(
            f"made/{number}", "".join(pick[:4]), (f"{''.join(pick[4:8])}怎么办{number}",), "，".join(pick[8:])
        )


def _ms(times: Sequence[float], percentile: int) -> str:
    ordered = sorted(times)
    return f"{ordered[max(0, -(-len(ordered) * percentile // 100) - 1)] * 1000:.1f}"
