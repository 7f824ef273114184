"""`assistant staff …`: who may log in at /staff. A password is asked for or read from standard input, never taken from the command line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import AssistantError
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant.handoff.accounts import Accounts

app = typer.Typer(no_args_is_help=True, help="人工坐席的账号：开通、停用、列出。")


@app.command()
def add(name: Annotated[str, typer.Argument(metavar="名字", help="登录用，访客也会看到，例如 周敏")]) -> None:
    """开通一个账号；已有的账号是改密码，原来的登录全部退出。密码在提示后输入，或从标准输入读一行。"""
    password = _password()
    with _accounts() as accounts:
        new = accounts.put(name, password)
    typer.echo(f"已开通「{name.strip()}」，在 /staff 登录。" if new else f"已给「{name.strip()}」改密码，原来的登录都已退出。")


@app.command()
def disable(name: Annotated[str, typer.Argument(metavar="名字")]) -> None:
    """停用一个账号，马上退出它的全部登录。"""
    with _accounts() as accounts:
        accounts.disable(name)
    typer.echo(f"已停用「{name}」。")


@app.command("list")
def listed() -> None:
    """列出全部账号，一行一个。"""
    with _accounts() as accounts:
        held = accounts.all()
    for one in held:
        typer.echo(f"{one.name}\t{one.created_at.date().isoformat()}\t{'已停用' if one.disabled else '可登录'}")
    if not held:
        typer.echo("还没有账号，用 assistant staff add 名字 开通。", err=True)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = str(typer.prompt("密码", hide_input=True))
    if typer.prompt("再输一遍", hide_input=True) != first:
        raise AssistantError("两次输入的密码不一样，没有改动。")
    return first


@contextmanager
def _accounts() -> Iterator["Accounts"]:
    from assistant.handoff.accounts import Accounts
    from assistant.store import Store

    store = Store(read_settings().database)
    try:
        yield Accounts(store)
    finally:
        store.close()
