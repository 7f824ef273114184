"""Fixtures that are costly to make or used by several tests, and a guard: no test reaches the network."""

import ipaddress
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Browser, Error, sync_playwright

from assistant.build import documents
from assistant.composer import Composer
from assistant.embedding import Embedder
from assistant.engine import Engine
from assistant.index import Index
from assistant.library import Library
from assistant.reading import Reader
from assistant.search import Found, Hit, Retrieval, Search
from assistant.store import Store

from .databases import KINDS, Databases, PostgresqlDatabases, SqliteDatabases, cluster

KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge"
BUILT = KNOWLEDGE.parent / ".index"
TINY = Path(__file__).resolve().parent / "tiny"
TODAY = date(2026, 11, 23)
BROWSER_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]

# the same examples every time: a red run is a change of ours, never of the dice
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which database engines keep their conversations in (the tests of the store itself run on both), and how many cases are read."""
    parser.addoption("--database", choices=KINDS, help="sqlite unless said otherwise")
    parser.addoption("--every-case", action="store_true", help="numbers without a source are looked for in all cases, not in a third")


def _stays_here(host: object) -> bool:
    if host in (None, "", b"", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Only this machine can be reached."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse_unless_here(family: int, host: object) -> None:
        if family != socket.AF_UNIX and not _stays_here(host):
            raise AssertionError(f"a test tried to reach {host}")

    def guarded(call: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def connect_here(self: socket.socket, address: Any) -> Any:
            refuse_unless_here(self.family, address[0] if isinstance(address, tuple) else address)
            return call(self, address)

        return connect_here

    def look_up_here(host: Any, *more: Any, **named: Any) -> Any:
        refuse_unless_here(socket.AF_INET, host)
        return look_up(host, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        patch.setattr(socket, "getaddrinfo", look_up_here)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_own_documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What lies in the checkout's documents/ is no business of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_DOCUMENTS_DIR", str(tmp_path_factory.mktemp("own") / "none"))
        yield


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The embedded model; loading it takes seconds."""
    return Embedder()


@pytest.fixture(scope="session")
def library() -> Library:
    """The real knowledge."""
    return Library.read(KNOWLEDGE)


@pytest.fixture(scope="session")
def reader(library: Library) -> Reader:
    """Reads questions against the real knowledge."""
    return Reader(library)


@pytest.fixture(scope="session")
def retrieval() -> Retrieval:
    """The weights in use."""
    return Retrieval.read(KNOWLEDGE / "retrieval.yaml")


def _borrow_vectors(folder: Path) -> None:
    """Start from the checkout's own index, if it has one: what it holds already need not be embedded again."""
    current = BUILT / "CURRENT"
    if current.is_file() and (published := BUILT / current.read_text(encoding="utf-8")).is_dir():
        try:
            shutil.copytree(published, folder / published.name)
            shutil.copy(current, folder)
        except (OSError, shutil.Error):  # replaced while it was being copied
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def index_dir(embedder: Embedder, library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real knowledge indexed, once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / "index"
    with FileLock(shared / "index.lock"):
        if not folder.exists():
            _borrow_vectors(folder)
        index = Index(folder, embedder)
        index.sync(documents(library))
        index.close()
    return folder


@pytest.fixture(scope="session")
def search(embedder: Embedder, library: Library, retrieval: Retrieval, index_dir: Path) -> Iterator[Search]:
    """The real search over the real knowledge."""
    index = Index(index_dir, embedder)
    yield Search(index, embedder, retrieval, library.vocabulary.synonyms, library.leads)
    index.close()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Fresh SQLite files."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases() -> Iterator[Databases]:
    """Fresh databases of a PostgreSQL that runs as long as the tests."""
    with cluster() as sockets:
        yield PostgresqlDatabases(sockets)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Fresh databases of the kind chosen with --database."""
    kind = request.config.getoption("--database") or "sqlite"
    return request.getfixturevalue(f"{kind}_databases")  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def engine(library: Library, reader: Reader, retrieval: Retrieval, search: Search, databases: Databases) -> Iterator[Engine]:
    """The whole engine over the real knowledge, ready."""
    store = Store(databases.new())
    made = Engine(library, reader, Composer(library, retrieval.enough), store, lambda: search, lambda: TODAY)
    made.prepare()
    yield made
    store.close()


@pytest.fixture(scope="session")
def tiny() -> Library:
    """A handful of made-up rules, tables and topics; every number in it is the tests' own."""
    return Library.read(TINY)


@pytest.fixture
def tiny_folder(tmp_path: Path) -> Path:
    """The tiny knowledge as files of the test's own, to be broken."""
    folder = Path(shutil.copytree(TINY, tmp_path / "knowledge"))
    shutil.copy(KNOWLEDGE / "retrieval.yaml", folder)
    return folder


class FixedSearch(Search):
    """A search that finds what it was told to, whatever is asked; it remembers the questions."""

    def __init__(self, ids: tuple[str, ...], confidence: float) -> None:
        self.retrieval = Retrieval.read(KNOWLEDGE / "retrieval.yaml")
        # scores that fall steeply: the second is never as good as the first
        self.found = Found(tuple(Hit(id, 0.5**place, 1.0, 1.0) for place, id in enumerate(ids)), confidence)
        self.asked: list[str] = []

    def find(self, question: str, limit: int = 8, **_: Any) -> Found:
        """The same documents for every question."""
        self.asked.append(question)
        return self.found


MakeEngine = Callable[..., Engine]


@pytest.fixture
def make_engine(tiny: Library, databases: Databases) -> Iterator[MakeEngine]:
    """Engines over the tiny knowledge that find the documents named, without a model."""
    stores: list[Store] = []

    def make(*ids: str, confidence: float = 1.0, search: Search | None = None) -> Engine:
        stores.append(Store(databases.new()))
        found = search or FixedSearch(ids, confidence)
        made = Engine(tiny, Reader(tiny), Composer(tiny, 0.5), stores[-1], lambda: found, lambda: TODAY)
        made.prepare()
        return made

    yield make
    for store in stores:
        store.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as installed on the machine, else Playwright's own."""
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        path = installed or playwright.chromium.executable_path
        if not Path(path).exists():
            pytest.skip("没有找到浏览器：请安装 chromium，或运行 playwright install chromium")
        try:
            opened = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        except Error as error:
            pytest.skip(f"浏览器打不开：{error}")
        yield opened
        opened.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: their driver keeps an event loop running in the worker, and no other test could run its own."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))
