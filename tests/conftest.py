"""Fixtures that are costly to make or used by several tests."""

import pytest

from assistant.embedding import Embedder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The embedded model; loading it takes seconds."""
    return Embedder()
