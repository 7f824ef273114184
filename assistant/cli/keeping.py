"""`assistant store …`: what an operator does to the database by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import AssistantError
from assistant.settings import Settings, read_settings

if TYPE_CHECKING:
    from assistant.store import Store

app = typer.Typer(no_args_is_help=True, help="存对话的数据库：升级、清理、删除、看没答上的问题和模型用量。")
KEPT = {
    "visitors": "访客{}位", "conversations": "对话{}段", "turns": "问答{}轮", "feedback": "评价{}条", "unanswered": "没答上的问题{}个",
    "handoffs": "转人工{}次", "messages": "留言{}条", "uploads": "上传的文件{}个",
}


@app.command()
def upgrade() -> None:
    """把数据库的表升到这个版本；服务启动时也会自动做。"""
    from assistant.store import Store

    Store(read_settings().database).close()
    typer.echo("数据库已是最新。")


@app.command()
def purge(
    days: Annotated[int | None, typer.Option(min=1, help="保留多少天，默认取 ASSISTANT_RETENTION_DAYS")] = None,
) -> None:
    """删掉超过保留期的对话、评价和没答上的问题；服务运行时每天自动做。"""
    settings = read_settings(retention_days=days)
    before = datetime.now(UTC) - timedelta(days=settings.retention_days)
    with _store(settings) as store:
        typer.echo(_gone(store.purge(before)))


@app.command()
def erase(id: Annotated[str, typer.Argument(metavar="编号", help="访客的编号，或一段对话的编号")]) -> None:
    """删掉一位访客或一段对话的全部内容，不能恢复。"""
    with _store(read_settings()) as store:
        gone = store.erase(id)
        if not gone["visitors"]:
            gone = store.forget(id)
    if not any(gone.values()):
        raise AssistantError(f"没有编号为「{id}」的访客或对话。")
    typer.echo(_gone(gone))


@app.command()
def gaps() -> None:
    """列出没答上的问题，一行一个：原因、问题。"""
    with _store(read_settings()) as store:
        found = store.gaps()
    for question, reason in found:
        plain = "".join(sign if sign.isprintable() else " " for sign in question)  # nothing that moves a terminal's cursor
        typer.echo(f"{reason}\t{' '.join(plain.split())}")
    if not found:
        typer.echo("没有没答上的问题。", err=True)


@app.command()
def usage(
    days: Annotated[int, typer.Option(min=1, max=3660, help="看最近多少天，按 UTC 的日子算")] = 30,
) -> None:
    """列出大模型的用量，一行一天一个站点一个模型：日期、站点、模型、次数、输入词元、输出词元、费用。"""
    with _store(read_settings()) as store:
        rows = store.usage(datetime.now(UTC).date() - timedelta(days=days - 1))
    for row in rows:
        counted = (row.calls, row.prompt_tokens, row.completion_tokens)
        typer.echo("\t".join((row.day.isoformat(), row.site, row.model, *map(str, counted), f"{row.cost:.4f}")))
    if not rows:
        typer.echo("没有用过大模型。", err=True)


@contextmanager
def _store(settings: Settings) -> Iterator["Store"]:
    from assistant.store import Store

    store = Store(settings.database)
    try:
        yield store
    finally:
        store.close()


def _gone(counts: Mapping[str, int]) -> str:
    parts = [words.format(counts[name]) for name, words in KEPT.items() if counts.get(name)]
    return f"已删除：{'、'.join(parts)}。" if parts else "没有要删的。"
