"""A local model's server is started, waited for and ended; what keeps it from starting is told."""

import stat
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from assistant.errors import SetupError
from assistant.local_model import run, serving
from assistant.results import Results


@pytest.fixture
def program(tmp_path: Path) -> str:
    """Started like llama-server."""
    path = tmp_path / "llama-server"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} {Path(__file__).parent / "stand_in_llama.py"} "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """A file that looks like a model."""
    path = tmp_path / "some.gguf"
    path.write_bytes(b"GGUF")
    return path


def test_the_server_is_there_as_long_as_it_is_needed(gguf: Path, program: str) -> None:
    with serving(gguf, program) as address, urlopen(address.replace("/v1", "/health")) as health:
        assert health.status == 200
    with pytest.raises(URLError):
        urlopen(address.replace("/v1", "/health"))


def test_what_keeps_it_from_starting_is_told(gguf: Path, program: str, tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"zip")
    for path, started, told in (
        (gguf, "no-such-server", "no-such-server"), (tmp_path / "none.gguf", program, r"none\.gguf"),
        (tmp_path / "broken.gguf", program, "failed to read magic"),
    ):
        with pytest.raises(SetupError, match=told), serving(path, started):
            pass


def test_cases_are_run_with_it_and_without(
    gguf: Path, program: str, index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(index_dir))
    told: list[str] = []
    with serving(gguf, program) as address:
        assert run(address, "some", 3, told.append, small=True, save=tmp_path / "kept")
    first, second, table = told
    composer, model = (Results.read(Path(line.removeprefix("已存 "))) for line in (first, second))
    assert (composer.answerer, model.answerer, model.model) == ("composer", "model", "openai:some small")
    assert (composer.spent.calls, model.spent.calls > 0, set(model.prompts)) == (0, True, {"agent.md", "phrase.md", "rewrite.md"})
    assert "model 模型：调用" in table
