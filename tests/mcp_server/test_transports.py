"""How the server is reached: real processes over stdio and HTTP."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from mcp import Client, StdioServerParameters

from assistant.errors import SetupError
from assistant.mcp_server.server import serve
from assistant.settings import Settings

from ..conftest import KNOWLEDGE
from .calls import FIGURES, TOOLS

ROOT = KNOWLEDGE.parent


@pytest.fixture
def environment(tiny_folder: Path, tmp_path: Path) -> dict[str, str]:
    """Settings of a process over the tiny knowledge."""
    folders = {"KNOWLEDGE_DIR": tiny_folder, "INDEX_DIR": tmp_path / "index", "DATA_DIR": tmp_path / "data"}
    settings = {f"ASSISTANT_{name}": str(folder) for name, folder in folders.items()}
    return settings | {"ASSISTANT_DOCUMENTS_DIR": str(tmp_path / "none"), "ASSISTANT_LOG_LEVEL": "DEBUG"}


async def test_over_stdio_only_the_protocol_is_on_standard_output_and_nothing_asked_is_kept(
    environment: dict[str, str], tmp_path: Path
) -> None:
    line = f'"{sys.executable}" -m assistant mcp 2>"{tmp_path}/err" | tee "{tmp_path}/out"'
    process = StdioServerParameters(command="sh", args=["-c", line], cwd=ROOT, env=environment | {"ASSISTANT_TRACE": "console"})
    async with Client(process, mode="legacy") as client:
        assert client.server_info is not None
        assert client.server_info.title == "售后参谋"
        assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
        computed = await client.call_tool("compute_metric", {"metric": "dispute_refund_rate", "inputs": FIGURES})
        found = await client.call_tool("search_knowledge", {"question": "怎么少被判责"})
        declined = await client.call_tool("ask", {"question": "羽绒服怎么洗才蓬松"})
    assert computed.structured_content["value"] == 0.014
    assert found.structured_content["documents"][0]["id"] == "topic/dispute_advice"
    assert declined.structured_content["status"] == "declined"
    messages = [json.loads(line) for line in (tmp_path / "out").read_text(encoding="utf-8").splitlines()]
    assert len(messages) == 5
    assert all(message["jsonrpc"] == "2.0" for message in messages)
    told = (tmp_path / "err").read_text(encoding="utf-8")
    assert "DEBUG" in told
    assert "execute_tool dispute_refund_rate" in told
    assert [path.name for path in (tmp_path / "data").rglob("*.sqlite3*")] == []


def test_a_process_ends_with_its_input(environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "assistant", "mcp"], cwd=ROOT, env=os.environ | environment, input='not JSON\n{"jsonrpc": "2.0"}\n',
        capture_output=True, text=True, timeout=60, check=False,
    )
    assert ended.returncode == 0
    assert all("jsonrpc" in json.loads(line) for line in ended.stdout.splitlines())


@pytest.fixture
def address(environment: dict[str, str]) -> Iterator[str]:
    """A server reached over HTTP."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "mcp", "--http", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stderr=subprocess.DEVNULL) as process:
        try:
            while not _listens(port):
                assert process.poll() is None
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


async def test_over_http_only_this_machine_and_its_pages_are_answered(address: str) -> None:
    async with Client(address) as client:
        found = await client.call_tool("compute_metric", {"metric": "dispute_refund_rate", "inputs": FIGURES})
    assert found.structured_content["said"] == "1.4%"
    async with httpx.AsyncClient() as browser:
        for strange in ({"Origin": "https://example.org"}, {"Host": "example.org"}):
            headers = {"Accept": "application/json, text/event-stream"} | strange
            answer = await browser.post(address, json={"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers=headers)
            assert answer.status_code in (403, 421)


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=rf"^地址 127\.0\.0\.1:{port} 已被.*assistant mcp --http \d+。$"):
            serve(Settings(), port)
