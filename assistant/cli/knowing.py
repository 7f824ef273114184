"""The commands over what is known: bring the search index up to date, check the knowledge."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.progress import progress
from assistant.settings import read_settings

FLAWED = 1  # `check` ran and found something to mend


def index(
    add: Annotated[list[Path] | None, typer.Option(help="把这个文件或文件夹收进自己的资料，可以写多次")] = None,
) -> None:
    """把 knowledge/ 和自己的资料编进检索索引；只重编改过的。"""
    from assistant.build import build_index, open_index, open_shelf

    settings = read_settings()
    opened = open_index(settings)
    with progress("编索引") as advance:
        report = build_index(settings, advance, opened)
    typer.echo(f"新编{report.added}段，保留{report.kept}段，移除{report.removed}段，用时{report.seconds:.1f}秒。")
    shelf = open_shelf(settings, opened)
    if not add and shelf.bare:
        return
    with progress("读资料") as advance:
        changes = shelf.update(add or (), advance)
    for sentence in changes.sentences:
        typer.echo(sentence)
    for sentence in changes.failed:
        typer.echo(sentence, err=True)
    typer.echo(changes.summary)
    if add and not changes.taken:
        raise typer.Exit(1)


def check(
    strict: Annotated[bool, typer.Option("--strict", help="到期该复核的也算不通过")] = False,
) -> None:
    """检查 knowledge/：写错的字段、断掉的引用、裸数字、互相矛盾的数、没有来源的话、重复的问法，并提醒到期该复核的。"""
    from assistant.check import problems, reminders
    from assistant.library import Library

    library = Library.read(read_settings().knowledge_dir)
    found, due = problems(library), reminders(library)
    for problem in found:
        typer.echo(problem)
    for reminder in due:
        typer.echo(f"提醒：{reminder}")
    if found or (strict and due):
        counts = [f"{len(found)}处要改"] if found else []
        counts += [f"{len(due)}处该复核"] if due else []
        typer.echo(f"有{'，'.join(counts)}。", err=True)
        raise typer.Exit(FLAWED)
    well = f"没有要改的，有{len(due)}处该复核" if due else "没有问题"
    typer.echo(
        f"{well}：{len(library.topics)}个主题，{len(library.rules)}条规则，{len(library.tables)}张表，"
        f"{len(library.metrics)}个指标，{len(library.sources)}个来源，{len(library.guides)}份文书。"
    )
