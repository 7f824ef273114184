"""A command line with folders of its own, an index it may write to, a folder for own documents."""

import shutil
import sys
from pathlib import Path

import pytest

from assistant.cli import main

from ..command_line import Ran, Run


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line inside this process, with settings as environment variables."""
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))

    def command(*arguments: str, **environment: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["assistant", *arguments])
        for name, value in environment.items():
            monkeypatch.setenv(f"ASSISTANT_{name}", str(value))
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        caught = capfd.readouterr()
        return Ran(code, caught.out, caught.err)

    return command


@pytest.fixture
def indexed(index_dir: Path, tmp_path: Path) -> Path:
    """The real index, copied so that a command may write to it."""
    return Path(shutil.copytree(index_dir, tmp_path / "real", dirs_exist_ok=True))


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where own documents go; nothing is there yet."""
    monkeypatch.setenv("ASSISTANT_DOCUMENTS_DIR", str(tmp_path / "documents"))
    return tmp_path / "documents"
