"""The command that asks: one question, or a file of conversations."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant import tracing
from assistant.cli.papers import save_paper
from assistant.cli.progress import progress
from assistant.errors import AssistantError
from assistant.settings import read_settings


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
    settings = read_settings()
    engine = build(settings, keep=False)
    engine.prepare()
    with tracing.sending(settings.trace, texts=settings.trace_texts):
        if jsonl is not None:
            with progress("作答") as advance:
                for line in answer_file(engine, jsonl, advance):
                    sys.stdout.write(line + "\n")
                    sys.stdout.flush()
            return
        (events,) = events_of(engine, [str(question)])
    answer = answer_object(events)
    for paper in [event for event in events if isinstance(event, Drafted)] if save else ():
        for path in save_paper(paper.markdown, paper.title, Path(str(save)) / paper.name):
            typer.echo(f"已存 {path}", err=True)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(answer["text"])
    if answer["citations"]:
        typer.echo(f"\n依据\n{sources(answer['citations'])}")
    if answer["suggestions"]:
        typer.echo("\n接着问：" + "　".join(answer["suggestions"]))
