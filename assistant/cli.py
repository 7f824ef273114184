"""The command line: serve · index · ask · guide · check · evaluate · store · bench. Each command calls one function."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import AssistantError
from assistant.settings import read_settings as _settings
from assistant.staff_commands import app as staff_app
from assistant.store_commands import app as store_app

FLAWED = 1  # `check` ran and found something to mend
FAILED = 2

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="售后参谋：报上数字，先看结果，再看依据。",
)
bench_app = typer.Typer(no_args_is_help=False, invoke_without_command=True, help="测速度；bench retrieval 测检索质量。")
app.add_typer(bench_app, name="bench")
app.add_typer(store_app, name="store")
app.add_typer(staff_app, name="staff")


def main() -> None:
    """Run the command line; an error meant for people is one sentence and exit code 2."""
    try:
        app()
    except AssistantError as error:
        typer.echo(str(error), err=True)
        sys.exit(FAILED)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认取 ASSISTANT_HOST")] = None,
    port: Annotated[int | None, typer.Option(help="端口，默认取 ASSISTANT_PORT")] = None,
) -> None:
    """启动网页，默认 http://127.0.0.1:7860 。"""
    from assistant.service import serve as run

    settings = _settings(host=host, port=port)
    run(settings)


@app.command()
def index(
    add: Annotated[list[Path] | None, typer.Option(help="把这个文件或文件夹收进自己的资料，可以写多次")] = None,
) -> None:
    """把 knowledge/ 和自己的资料编进检索索引；只重编改过的。"""
    from assistant.build import build_index, open_index, open_shelf

    settings = _settings()
    opened = open_index(settings)
    with _progress("编索引") as advance:
        report = build_index(settings, advance, opened)
    typer.echo(f"新编{report.added}段，保留{report.kept}段，移除{report.removed}段，用时{report.seconds:.1f}秒。")
    shelf = open_shelf(settings, opened)
    if not add and shelf.bare:
        return
    with _progress("读资料") as advance:
        changes = shelf.update(add or (), advance)
    for sentence in changes.sentences:
        typer.echo(sentence)
    for sentence in changes.failed:
        typer.echo(sentence, err=True)
    typer.echo(changes.summary)
    if add and not changes.taken:
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="问题，例如：成交1.2万单，判责7笔，纠纷退款率多少")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出一行 JSON")] = False,
    jsonl: Annotated[Path | None, typer.Option(help="逐行读对话，逐行写答案")] = None,
    save: Annotated[Path | None, typer.Option(help="答案里有文书时，存成 .md 和 .docx 的文件夹")] = None,
) -> None:
    """问一个问题，或用 --jsonl 批量问。"""
    from assistant.answer import Drafted, as_json as answer_object, sources
    from assistant.batch import answer_file, events_of
    from assistant.build import build

    if (question is None) == (jsonl is None):
        raise AssistantError("请给一个问题，或用 --jsonl 给一个文件，二选一。")
    if jsonl is not None and save is not None:
        raise AssistantError("--save 只用于问一个问题，不能和 --jsonl 一起用。")
    if jsonl is not None and not jsonl.is_file():
        raise AssistantError(f"找不到文件 {jsonl}。")
    engine = build(_settings(), keep=False)
    engine.prepare()
    if jsonl is not None:
        with _progress("作答") as advance:
            for line in answer_file(engine, jsonl, advance):
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
        return
    (events,) = events_of(engine, [str(question)])
    answer = answer_object(events)
    for paper in [event for event in events if isinstance(event, Drafted)] if save else ():
        for path in _save_paper(paper.markdown, paper.title, Path(str(save)) / paper.name):
            typer.echo(f"已存 {path}", err=True)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(answer["text"])
    if answer["citations"]:
        typer.echo(f"\n依据\n{sources(answer['citations'])}")
    if answer["suggestions"]:
        typer.echo("\n接着问：" + "　".join(answer["suggestions"]))


@app.command()
def guide(
    id: Annotated[str | None, typer.Argument(help="文书的编号，不给就列出全部")] = None,
    docx: Annotated[bool, typer.Option("--docx", help="写成 Word 文件")] = False,
    out: Annotated[Path | None, typer.Option(help="写到这个文件；不给就打印，Word 则用文书的名字")] = None,
) -> None:
    """列出能下载的文书，或写出一份空白的。"""

    from assistant.drafting import draft
    from assistant.library import Library

    library = Library.read(_settings().knowledge_dir)
    if id is None:
        for one in library.guides.values():
            typer.echo(f"{one.id}  {one.title}（{one.questions[0]}）")
        return
    if id not in library.guides:
        raise AssistantError(f"没有编号为「{id}」的文书，不带编号运行 assistant guide 可以看到全部。")
    made = draft(library, library.guides[id], {}, date.today(), date.today())
    if out is None and not docx:
        typer.echo(made.markdown)
        return
    suffix = ".docx" if docx else ".md"
    (path,) = _save_paper(made.markdown, made.title, out or Path(made.name), suffixes=(suffix,), exact=out is not None)
    typer.echo(f"已存 {path}")


@app.command()
def check(
    strict: Annotated[bool, typer.Option("--strict", help="到期该复核的也算不通过")] = False,
) -> None:
    """检查 knowledge/：写错的字段、断掉的引用、裸数字、互相矛盾的数、没有来源的话、重复的问法，并提醒到期该复核的。"""
    from assistant.check import problems, reminders
    from assistant.library import Library

    library = Library.read(_settings().knowledge_dir)
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


@app.command()
def evaluate(
    cases: Annotated[list[Path] | None, typer.Argument(help="用例文件或文件夹，默认 tests/cases")] = None,
    failing: Annotated[bool, typer.Option(help="列出没通过的")] = True,
) -> None:
    """用例过一遍，按类别给出通过率。"""
    from assistant.build import build
    from assistant.evaluate import evaluate as run, read_cases

    paths = cases or [Path("tests/cases")]
    loaded = read_cases(paths)
    engine = build(_settings(), keep=False)
    engine.prepare()
    with _progress("评测") as advance:
        report = run(engine, loaded, advance)
    typer.echo(report.table(failing=failing))


@bench_app.callback()
def bench(context: typer.Context) -> None:
    """测首个事件、整答、索引、启动和十万条语料下的延迟。"""
    if context.invoked_subcommand is None:
        from assistant.bench import run

        run(_settings(), typer.echo)


@bench_app.command("retrieval")
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
        made = write(make, Library.read(_settings().knowledge_dir), date.today(), part)
        typer.echo(f"已写入 {make}：语料{made.documents}篇，问句{made.queries}条，判定{made.judged}对。")
        return
    with _progress("检索") as advance:
        table = run(folder or Path(), _settings(), advance, ablate=ablate)
    typer.echo(table)


def _save_paper(
    markdown: str, title: str, path: Path, *, suffixes: tuple[str, ...] = (".md", ".docx"), exact: bool = False
) -> list[Path]:
    """Write a paper in its forms. `exact`: the path is a file's name as it stands; else each form adds its ending."""
    from assistant.paper import to_word

    written = []
    for suffix in suffixes:
        target = path if exact else path.with_name(path.name + suffix)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(to_word(markdown, title) if suffix == ".docx" else markdown.encode())
        except OSError as error:
            raise AssistantError(f"文书写不到 {target}，请检查文件夹在不在、有没有写权限。") from error
        written.append(target)
    return written


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the error stream, so that piped output stays clean; the yielded (done, total) moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
