"""The commands that measure: rates over cases, speed and weight, quality of retrieval."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.progress import progress
from assistant.errors import AssistantError
from assistant.settings import read_settings

MISSED = 1  # a bar of a bench was not reached


def evaluate(
    cases: Annotated[list[Path] | None, typer.Argument(help="用例文件或文件夹，默认 tests/cases")] = None,
    failing: Annotated[bool, typer.Option(help="列出没通过的")] = True,
) -> None:
    """用例过一遍，按类别给出通过率。"""
    from assistant.build import build
    from assistant.evaluate import evaluate as run, read_cases

    paths = cases or [Path("tests/cases")]
    loaded = read_cases(paths)
    engine = build(read_settings(), keep=False)
    engine.prepare()
    with progress("评测") as advance:
        report = run(engine, loaded, advance)
    typer.echo(report.table(failing=failing))


def bench(context: typer.Context) -> None:
    """测首个事件、整答、索引、启动和十万条语料下的延迟。"""
    if context.invoked_subcommand is None:
        from assistant.bench import run

        run(read_settings(), typer.echo)


def bench_retrieval(
    folder: Annotated[Path | None, typer.Argument(help="BEIR 格式的文件夹")] = None,
    make: Annotated[Path | None, typer.Option(help="把知识的问法留出八分之一，写成 BEIR 格式的文件夹")] = None,
    part: Annotated[int, typer.Option(min=0, max=7, help="留出八份里的哪一份，配合 --make")] = 0,
    ablate: Annotated[bool, typer.Option("--ablate", help="再逐一去掉一个部分来比")] = False,
) -> None:
    """读 corpus.jsonl、queries.jsonl、qrels/test.tsv，比较 bm25、dense、hybrid。"""
    from assistant.bench_retrieval import run
    from assistant.held_out import make as write
    from assistant.library import Library

    if (folder is None) == (make is None):
        raise AssistantError("请给一个要测的文件夹，或用 --make 给一个要写的文件夹，二选一。")
    if make is not None:
        made = write(make, Library.read(read_settings().knowledge_dir), date.today(), part)
        typer.echo(f"已写入 {make}：语料{made.documents}篇，问句{made.queries}条，判定{made.judged}对。")
        return
    with progress("检索") as advance:
        table = run(folder or Path(), read_settings(), advance, ablate=ablate)
    typer.echo(table)


def bench_web() -> None:
    """250段对话同时走 HTTP：首个事件和整答的 p50、p95。"""
    from assistant.bench_web import run

    if not run(read_settings(), typer.echo):
        raise typer.Exit(MISSED)


def bench_widget() -> None:
    """在浏览器里量挂件：启动脚本和第一次打开的字节数，打开前的请求数，点击到可用的毫秒数。"""
    from assistant.bench_widget import run

    if not run(read_settings(), typer.echo):
        raise typer.Exit(MISSED)


def bench_model() -> None:
    """大模型之外我们自己的开销：一问、守卫一句、200人同时流式作答。模型用本机的替身。"""
    from assistant.bench_model import run

    if not run(read_settings(), typer.echo):
        raise typer.Exit(MISSED)


def bench_guard() -> None:
    """量核对大模型的话要花多少时间：每句、每轮。"""
    from assistant.bench_guard import run

    if not run(read_settings(), typer.echo):
        raise typer.Exit(MISSED)
