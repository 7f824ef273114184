"""The commands that run until they are ended."""

from typing import Annotated

import typer

from assistant import tracing
from assistant.settings import read_settings


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认取 ASSISTANT_HOST")] = None,
    port: Annotated[int | None, typer.Option(help="端口，默认取 ASSISTANT_PORT")] = None,
) -> None:
    """启动网页，默认 http://127.0.0.1:7860 。"""
    from assistant.service import serve as run

    settings = read_settings(host=host, port=port)
    run(settings)


def mcp(
    http: Annotated[int | None, typer.Option(min=1, max=65535, help="在本机这个端口用 HTTP 提供，地址是 http://127.0.0.1:端口/mcp")] = None,
) -> None:
    """启动 MCP 服务，把指标和资料作为工具交给别的助手；默认走标准输入输出。"""
    from assistant.mcp_server.server import serve as run

    settings = read_settings()
    with tracing.sending(settings.trace, texts=settings.trace_texts):
        run(settings, http)
