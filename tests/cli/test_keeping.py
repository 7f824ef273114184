"""`store` and `staff`: the database looked after by hand, accounts of the staff."""

import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from assistant.answer import Declined, Done
from assistant.handoff.accounts import Accounts
from assistant.store import Store
from assistant.store.schema import conversations
from assistant.store.usage import UsageRow

from ..command_line import Ran, Run, one_sentence


def test_the_database_is_looked_after_by_hand(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    assert run("store", "upgrade", DATABASE_URL=url).out == "数据库已是最新。\n"
    assert "没有没答上的问题" in run("store", "gaps").err
    store = Store(url)
    visitor, _ = store.new_visitor("demo")
    for conversation in ("one", "two"):
        store.open(conversation, "demo", visitor)
        turn = store.accept(conversation, "天气\x1b[2J怎样\n明天呢")
        store.record(turn, [Declined("答不了。", "scope"), Done("declined")], None)
    store.close()
    assert run("store", "gaps").out == "scope\t天气 [2J怎样 明天呢\n" * 2
    assert run("store", "purge").out == run("store", "purge", "--days", "1").out == "没有要删的。\n"
    assert run("store", "erase", "one").out == "已删除：对话1段、问答1轮、没答上的问题1个。\n"
    assert run("store", "erase", visitor).out == "已删除：访客1位、对话1段、问答1轮、没答上的问题1个。\n"
    assert visitor in one_sentence(run("store", "erase", visitor))
    assert "ASSISTANT_RETENTION_DAYS" in one_sentence(run("store", "purge", RETENTION_DAYS=0))


def test_what_was_kept_too_long_is_purged_by_hand(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    store = Store(url)
    store.accept("c", "问")
    long_ago = datetime.now(UTC) - timedelta(days=10)
    store.write(lambda connection: connection.execute(conversations.update().values(updated_at=long_ago)))
    store.close()
    assert run("store", "purge", DATABASE_URL=url).out == "没有要删的。\n"
    assert run("store", "purge", "--days", "9").out == "已删除：对话1段、问答1轮。\n"


def test_what_models_were_asked_for_is_listed(run: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    assert "没有用过大模型" in run("store", "usage", DATABASE_URL=url).err
    today = datetime.now(UTC).date()
    store = Store(url)
    for day in (today, today, today - timedelta(days=40)):
        store.count_usage(UsageRow(day, "demo", "openai:qwen-plus", 1, 900, 100, 0.0014))
    store.close()
    line = "\tdemo\topenai:qwen-plus\t"
    assert run("store", "usage").out == f"{today}{line}2\t1800\t200\t0.0028\n"
    assert run("store", "usage", "--days", "41").out.splitlines()[0] == f"{today - timedelta(days=40)}{line}1\t900\t100\t0.0014"


def test_the_help_of_the_store_is_chinese(run: Run) -> None:
    shown = run("store", "--help").out
    assert all(command in shown for command in ("upgrade", "purge", "erase", "gaps", "usage"))
    assert "数据库" in shown


def test_accounts_of_the_staff(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"

    def add(name: str, password: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", StringIO(f"{password}\n"))
        return run("staff", "add", name)

    assert "还没有账号" in run("staff", "list", DATABASE_URL=url).err
    assert add("周敏", "correct horse battery").out == "已开通「周敏」，在 /staff 登录。\n"
    store = Store(url)
    assert Accounts(store).login("周敏", "correct horse battery")
    assert "改密码" in add("周敏", "another password").out
    assert Accounts(store).login("周敏", "correct horse battery") is None
    store.close()
    assert run("staff", "disable", "周敏").out == "已停用「周敏」。\n"
    assert run("staff", "list").out.split("\t")[::2] == ["周敏", "已停用\n"]
    assert "密码至少10个字符" in one_sentence(add("李雷", "short"))
    assert "李雷" in one_sentence(run("staff", "disable", "李雷"))
    assert run("staff", "add", "李雷", "--password", "correct horse battery").code == 2  # there is no such option
