"""Stores to test, on every database: a test that takes `store` or `fresh` runs once a kind."""

from collections.abc import Callable, Iterator

import pytest

from assistant.store import Store

from ..databases import KINDS, Databases

Open = Callable[[str], Store]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Both kinds, or the one chosen with --database."""
    if "kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        metafunc.parametrize("kind", [chosen] if chosen else KINDS)


@pytest.fixture
def fresh(kind: str, request: pytest.FixtureRequest) -> Databases:
    """Where this test's databases come from."""
    return request.getfixturevalue(f"{kind}_databases")  # type: ignore[no-any-return]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens stores; what is still open in the end is closed."""
    stores: list[Store] = []

    def open_store(url: str) -> Store:
        stores.append(Store(url))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def url(fresh: Databases) -> str:
    """A database of this test's own, its tables empty."""
    return fresh.new()


@pytest.fixture
def store(url: str, opened: Open) -> Store:
    """A store over that database."""
    return opened(url)
