"""Calls of a server's tools by a client of the SDK, in memory: what one returns, the sentence one refuses with."""

import json
from collections.abc import Callable
from typing import Any

from mcp import Client
from mcp.server.mcpserver import MCPServer

FIGURES = {"liable_refunds": 7, "paid_suborders": 500}
TOOLS = ["list_metrics", "compute_metric", "solve_metric", "search_knowledge", "ask"]

Server = MCPServer[None]
MakeServer = Callable[..., Server]


def connected(server: Server, mode: str = "legacy") -> Client:
    """A client in memory; `legacy` is the handshake that clients in use speak."""
    return Client(server, mode=mode)


async def said(server: Server, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool returns; the client holds it to the tool's output schema."""
    async with connected(server) as client:
        result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content == json.loads(result.content[0].text)
    return dict(result.structured_content)


async def refused(server: Server, tool: str, **arguments: Any) -> str:
    """The sentence a tool refuses with."""
    async with connected(server) as client:
        result = await client.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    assert content.text.endswith("。")
    assert "Error" not in content.text
    return str(content.text)
