"""The command line: every command by name. One module holds the commands of one idea; each calls one function."""

import sys

import typer

from assistant.cli import asking, keeping, knowing, measuring, modelling, papers, serving, staffing
from assistant.errors import AssistantError

FAILED = 2

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="售后参谋：报上数字，先看结果，再看依据。",
)
app.command()(serving.serve)
app.command()(serving.mcp)
app.command()(knowing.index)
app.command()(asking.ask)
app.command()(papers.guide)
app.command()(knowing.check)
app.command()(measuring.evaluate)

bench_app = typer.Typer(
    no_args_is_help=False, invoke_without_command=True,
    help="测速度；bench retrieval 测检索，web 测并发，widget 测挂件，guard 测核对，model 测大模型之外的开销。",
)
bench_app.callback()(measuring.bench)
bench_app.command("retrieval")(measuring.bench_retrieval)
bench_app.command("web")(measuring.bench_web)
bench_app.command("widget")(measuring.bench_widget)
bench_app.command("guard")(measuring.bench_guard)
bench_app.command("model")(measuring.bench_model)
app.add_typer(bench_app, name="bench")
app.add_typer(keeping.app, name="store")
app.add_typer(modelling.app, name="model")
app.add_typer(staffing.app, name="staff")


def main() -> None:
    """Run the command line; an error meant for people is one sentence and exit code 2."""
    try:
        app()
    except AssistantError as error:
        typer.echo(str(error), err=True)
        sys.exit(FAILED)
