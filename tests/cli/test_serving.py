"""`serve`, and the help: settings, addresses and folders that cannot be used are told in a sentence."""

import socket
from pathlib import Path

import pytest

from ..command_line import Run, in_a_process, one_sentence


def test_without_a_command_the_help_is_shown_in_chinese(run: Run) -> None:
    ran = run()
    shown = ran.out + ran.err
    assert all(command in shown for command in ("serve", "index", "ask", "check", "evaluate", "bench"))
    assert "售后参谋" in shown


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eight"), ("PORT", "0"), ("PORT", "70000")]
)
def test_a_bad_setting_is_one_sentence_with_its_name(run: Run, name: str, value: str) -> None:
    assert f"ASSISTANT_{name}" in one_sentence(run("serve", **{name: value}))


def test_a_bad_option_is_told_as_well(run: Run) -> None:
    ran = run("serve", "--port", "0")
    assert "ASSISTANT_PORT" in one_sentence(ran)


def test_a_port_in_use_is_one_sentence(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = one_sentence(run("serve", PORT=port))
    assert f"127.0.0.1:{port}" in said


@pytest.mark.parametrize("host", ["256.1.1.1", "no such host"])
def test_an_address_that_is_none_is_one_sentence(run: Run, host: str) -> None:
    assert host in one_sentence(run("serve", HOST=host, PORT=7999))


def test_a_data_folder_that_cannot_be_written_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert "ASSISTANT_DATA_DIR" in one_sentence(run("serve", PORT=port, DATA_DIR=tmp_path / "file"))


def test_a_log_level_that_is_none_is_one_sentence(tiny_folder: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folders = {"KNOWLEDGE_DIR": tiny_folder, "DATA_DIR": tmp_path / "data", "INDEX_DIR": tmp_path / "index"}
    assert "ASSISTANT_LOG_LEVEL" in one_sentence(in_a_process("serve", LOG_LEVEL="LOUD", PORT=port, **folders))
