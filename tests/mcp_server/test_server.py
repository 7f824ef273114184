"""How the server presents itself in memory: its tools described, there before the engine is, crashes as sentences."""

import threading
from typing import Any

import anyio
import jsonschema
import pytest

from assistant.errors import KnowledgeError
from assistant.mcp_server.server import create_server
from assistant.mcp_server.tools import Tools

from ..conftest import FixedSearch, MakeEngine
from .calls import FIGURES, TOOLS, Server, connected, refused


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_every_tool_is_described_in_chinese_with_valid_schemas(server: Server, mode: str) -> None:
    async with connected(server, mode) as client:
        tools = (await client.list_tools()).tools
        assert "list_metrics" in str(client.session.instructions)
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert tool.title
        assert "。" in tool.description
        assert tool.annotations.read_only_hint
        for schema in (tool.input_schema, tool.output_schema):
            jsonschema.Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
        assert all("description" in one for one in tool.input_schema["properties"].values() if "default" not in one)


async def test_the_tools_are_listed_before_the_engine_is_made_and_calls_wait_for_it(make_engine: MakeEngine) -> None:
    gate = threading.Event()

    def late() -> Tools:
        gate.wait()
        return Tools(make_engine("topic/dispute_advice"))

    async with connected(create_server(late)) as client, anyio.create_task_group() as group:
        assert len((await client.list_tools()).tools) == len(TOOLS)
        answers: list[Any] = []

        async def call() -> None:
            answers.append(await client.call_tool("compute_metric", {"metric": "dispute_refund_rate", "inputs": FIGURES}))

        group.start_soon(call)
        await client.list_tools()
        assert answers == []
        gate.set()
    assert answers[0].structured_content["value"] == 0.014


async def test_an_unknown_tool_and_a_crash_are_sentences_too(make_engine: MakeEngine, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FixedSearch):
        def find(self, question: str, limit: int = 8, **_: Any) -> Any:
            if question != "售后":
                raise RuntimeError("secret of the machine")
            return self.found

    server = create_server(lambda: Tools(make_engine(search=Broken((), 0.0))))
    assert "list_metrics" in await refused(server, "delete_all")
    assert "secret" not in await refused(server, "search_knowledge", question="怎么少被判责")
    assert "secret" in caplog.text


async def test_knowledge_that_cannot_be_read_is_told_to_every_call(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Tools:
        raise KnowledgeError("知识文件 rules/x.yaml 写错了。")

    server = create_server(broken)
    for tool, arguments in (("list_metrics", {}), ("ask", {"question": "问"}), ("compute_metric", {"metric": "x", "inputs": {}})):
        assert await refused(server, tool, **arguments) == "知识文件 rules/x.yaml 写错了。"
    assert "rules/x.yaml" in caplog.text
