"""The commands that run until they are ended."""

from typing import Annotated

import typer

from assistant.cli.options import settings_of


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认取 ASSISTANT_HOST")] = None,
    port: Annotated[int | None, typer.Option(help="端口，默认取 ASSISTANT_PORT")] = None,
) -> None:
    """启动网页，默认 http://127.0.0.1:7860 。"""
    from assistant.service import serve as run

    settings = settings_of(host=host, port=port)
    run(settings)
