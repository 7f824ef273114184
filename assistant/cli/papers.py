"""The command that lists and writes the papers to take away, and how a paper becomes files."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import AssistantError
from assistant.settings import read_settings


def guide(
    id: Annotated[str | None, typer.Argument(help="文书的编号，不给就列出全部")] = None,
    docx: Annotated[bool, typer.Option("--docx", help="写成 Word 文件")] = False,
    out: Annotated[Path | None, typer.Option(help="写到这个文件；不给就打印，Word 则用文书的名字")] = None,
) -> None:
    """列出能下载的文书，或写出一份空白的。"""

    from assistant.drafting import draft
    from assistant.library import Library

    library = Library.read(read_settings().knowledge_dir)
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
    (path,) = save_paper(made.markdown, made.title, out or Path(made.name), suffixes=(suffix,), exact=out is not None)
    typer.echo(f"已存 {path}")


def save_paper(
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
