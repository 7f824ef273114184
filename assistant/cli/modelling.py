"""The commands about the chat model."""

import typer

from assistant.settings import read_settings

UNUSABLE = 1

app = typer.Typer(no_args_is_help=True, help="大模型：不设也能用。")


@app.callback()
def model() -> None:
    """大模型：不设也能用。"""


@app.command()
def check() -> None:
    """试一下设的模型：能不能回答、流式、调工具，有多快。"""
    from assistant.model_check import check as run

    if not run(read_settings(), typer.echo):
        raise typer.Exit(UNUSABLE)
