"""The command line: answers on the one stream, one Chinese sentence and exit code 2 on the other."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from docx import Document

from assistant.answer import Declined, Done
from assistant.cli import main
from assistant.handoff.accounts import Accounts
from assistant.store import Store
from assistant.store.schema import conversations
from assistant.store.usage import UsageRow

from .conftest import KNOWLEDGE
from .test_batch import KEYS

ROOT = KNOWLEDGE.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line inside this process, with settings as environment variables."""
    monkeypatch.setenv("ASSISTANT_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))

    def command(*arguments: str, **environment: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["assistant", *arguments])
        for name, value in environment.items():
            monkeypatch.setenv(f"ASSISTANT_{name}", str(value))
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        caught = capfd.readouterr()
        return Ran(code, caught.out, caught.err)

    return command


def one_sentence(ran: Ran) -> str:
    """The sentence of a failed command: Chinese, one line, no traceback, nothing on the other stream."""
    assert ran.code == 2
    said = ran.err.strip()
    assert CHINESE.search(said)
    assert "\n" not in said
    assert "Traceback" not in said
    assert ran.out == ""
    return said


def test_the_real_knowledge_passes_the_check(run: Run) -> None:
    ran = run("check")
    assert (ran.code, ran.err) == (0, "")
    *reminders, last = ran.out.splitlines()  # some file is due for review on any day but the first ones
    assert re.fullmatch(r"没有.+：\d+个主题，\d+条规则，\d+张表，\d+个指标，\d+个来源，\d+份文书。", last)
    assert all(reminder.startswith("提醒：") for reminder in reminders)


def test_a_check_lists_what_to_mend_and_fails(run: Run, tiny_folder: Path) -> None:
    ran = run("check", KNOWLEDGE_DIR=tiny_folder)
    assert ran.code == 1
    problems = ran.out.strip().split("\n")
    assert f"有{len(problems)}处要改。" in ran.err
    assert any("nps" in problem for problem in problems)


def test_what_is_due_for_review_fails_only_when_strict(run: Run, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))
    path = next(folder.rglob("wage_deduction.yaml"))
    path.write_text(path.read_text(encoding="utf-8") + "review_by: 2020-01-01\n", encoding="utf-8")
    ran = run("check", KNOWLEDGE_DIR=folder)
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"^提醒：rules/wage_deduction\.yaml .*2020-01-01", ran.out, re.M)
    ran = run("check", "--strict", KNOWLEDGE_DIR=folder)
    assert ran.code == 1
    assert "处该复核。" in ran.err


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("dispute_line.yaml", "worse: higher", "worst: higher"),
        ("dispute_line.yaml", "units: {", "units: ["),
        ("seven_days.md", "---\ntitle", "title"),
        ("sources.yaml", "law: {", "law: {{"),
        ("vocabulary.yaml", "platforms:", "plattforms:"),
        ("boundaries.yaml", "reason: scope", "reason: whim"),
        ("retrieval.yaml", "enough:", "genug:"),
        ("boundaries.yaml", "any_of: [天气]", "any_of: ['天气(']"),
        ("vocabulary.yaml", "忽略[^，。]{0,8}规则", "忽略[规则"),
    ],
)
def test_a_broken_knowledge_file_is_one_sentence_with_its_name(run: Run, tiny_folder: Path, name: str, old: str, new: str) -> None:
    path = next(tiny_folder.rglob(name))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert name in one_sentence(run("ask", "纠纷退款率怎么算", KNOWLEDGE_DIR=tiny_folder))


def test_a_missing_knowledge_folder_is_one_sentence(run: Run, tmp_path: Path) -> None:
    assert "ASSISTANT_KNOWLEDGE_DIR" in one_sentence(run("check", KNOWLEDGE_DIR=tmp_path / "nowhere"))


def test_asking_nothing_is_one_sentence(run: Run) -> None:
    assert "问题" in one_sentence(run("ask"))


def test_asking_twice_at_once_is_one_sentence(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("")
    assert "二选一" in one_sentence(run("ask", "问", "--jsonl", str(path)))


def test_a_file_that_is_not_there_is_one_sentence(run: Run) -> None:
    assert "nowhere.jsonl" in one_sentence(run("ask", "--jsonl", "nowhere.jsonl"))


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eight"), ("PORT", "0"), ("PORT", "70000")]
)
def test_a_bad_setting_is_one_sentence_with_its_name(run: Run, name: str, value: str) -> None:
    assert f"ASSISTANT_{name}" in one_sentence(run("serve", **{name: value}))


def test_a_bad_option_is_told_as_well(run: Run) -> None:
    ran = run("serve", "--port", "0")
    assert "ASSISTANT_PORT" in one_sentence(ran)


def test_a_port_in_use_is_one_sentence(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = one_sentence(run("serve", PORT=port))
    assert f"127.0.0.1:{port}" in said


@pytest.mark.parametrize("host", ["256.1.1.1", "no such host"])
def test_an_address_that_is_none_is_one_sentence(run: Run, host: str) -> None:
    assert host in one_sentence(run("serve", HOST=host, PORT=7999))


def test_a_data_folder_that_cannot_be_written_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert "ASSISTANT_DATA_DIR" in one_sentence(run("serve", PORT=port, DATA_DIR=tmp_path / "file"))


@pytest.mark.xdist_group("index")
@pytest.mark.parametrize("command", [("index",), ("ask", "纠纷退款率怎么算")])
def test_an_index_folder_that_cannot_be_used_is_one_sentence(run: Run, tiny_folder: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("")
    assert "索引" in one_sentence(run(*command, KNOWLEDGE_DIR=tiny_folder, INDEX_DIR=tmp_path / "file"))


@pytest.mark.xdist_group("index")
def test_a_model_that_is_not_there_is_one_sentence(run: Run, tiny_folder: Path) -> None:
    said = one_sentence(run("index", KNOWLEDGE_DIR=tiny_folder, EMBEDDING_MODEL="no/such-model"))
    assert "ASSISTANT_EMBEDDING_MODEL" in said


@pytest.mark.xdist_group("index")
def test_an_index_is_built_and_then_kept(run: Run, tiny_folder: Path) -> None:
    first, second = run("index", KNOWLEDGE_DIR=tiny_folder), run("index", KNOWLEDGE_DIR=tiny_folder)
    built = re.search(r"新编(\d+)段，保留0段", first.out)
    assert built is not None
    assert f"新编0段，保留{built[1]}段，移除0段" in second.out


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where own documents go; nothing is there yet."""
    monkeypatch.setenv("ASSISTANT_DOCUMENTS_DIR", str(tmp_path / "documents"))
    return tmp_path / "documents"


@pytest.mark.xdist_group("index")
def test_own_documents_are_added_and_told_file_by_file(run: Run, tiny_folder: Path, own: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "问答.csv").write_text("问题,答案\n几点关门,晚上九点关门。\n有停车位吗,门口有。\n", encoding="utf-8")
    (tmp_path / "in" / "网页.txt").write_text("搞清楚客来户的实际想源法。", encoding="utf-8")
    (tmp_path / "坏.docx").write_bytes(b"no zip")
    ran = run("index", "--add", str(tmp_path / "in"), "--add", str(tmp_path / "坏.docx"), KNOWLEDGE_DIR=tiny_folder)
    assert ran.code == 0
    assert ran.out.strip().split("\n")[1:] == [
        "「网页.txt」是新的，读出1段。", "「问答.csv」是新的，读出2段。",
        "「网页.txt」像是从网站存下来的，去掉了插进词里的2个字。",
        "自己的资料共2个文件、3段：新编8条，保留0条，移除0条。",
    ]
    assert ran.err.strip().startswith("「坏.docx」打不开")
    assert sorted(path.name for path in own.iterdir()) == ["网页.txt", "问答.csv"]


@pytest.mark.xdist_group("index")
def test_index_alone_follows_the_folder(run: Run, tiny_folder: Path, own: Path, tmp_path: Path) -> None:
    own.mkdir()
    (own / "问答.csv").write_text("问题,答案\n几点关门,晚上九点关门。\n", encoding="utf-8")
    assert "「问答.csv」是新的，读出1段。" in run("index", KNOWLEDGE_DIR=tiny_folder).out
    again = run("index", KNOWLEDGE_DIR=tiny_folder).out
    assert again.strip().split("\n")[1:] == ["自己的资料共1个文件、1段：新编0条，保留3条，移除0条。"]
    (own / "问答.csv").unlink()
    gone = run("index", KNOWLEDGE_DIR=tiny_folder)
    assert (gone.code, "「问答.csv」不在文件夹里了" in gone.out, "移除3条" in gone.out) == (0, True, True)


@pytest.mark.xdist_group("index")
def test_when_nothing_can_be_taken_the_command_fails(run: Run, tiny_folder: Path, own: Path, tmp_path: Path) -> None:
    (tmp_path / "坏.pdf").write_bytes(b"%PDF broken")
    ran = run("index", "--add", str(tmp_path / "坏.pdf"), "--add", str(tmp_path / "没有.txt"), KNOWLEDGE_DIR=tiny_folder)
    assert ran.code == 1
    said = ran.err.strip().split("\n")
    assert [sentence.split("」")[0] for sentence in said] == ["「没有.txt", "「坏.pdf"]
    assert all(sentence.endswith("。") for sentence in said)


@pytest.mark.xdist_group("index")
def test_own_documents_answer_on_the_command_line(run: Run, indexed: Path, own: Path) -> None:
    own.mkdir()
    (own / "手册.md").write_text("# 代步车\n维修超过48小时可申请代步车，押金2000元。\n", encoding="utf-8")
    (own / "坏.docx").write_bytes(b"no zip")
    ran = run("ask", "代步车押金多少", INDEX_DIR=indexed)
    assert (ran.code, "押金2000元" in ran.out, "自己的资料：手册.md，第2行" in ran.out) == (0, True, True)
    assert "Traceback" not in ran.err


@pytest.fixture
def indexed(index_dir: Path, tmp_path: Path) -> Path:
    """The real index, copied so that a command may write to it."""
    return Path(shutil.copytree(index_dir, tmp_path / "real", dirs_exist_ok=True))


@pytest.mark.xdist_group("index")
def test_a_question_is_answered_with_value_and_sources(run: Run, indexed: Path) -> None:
    ran = run("ask", "淘宝成交1.2万单，判责7笔，纠纷退款率多少", INDEX_DIR=indexed)
    assert ran.code == 0
    assert "0.0583%" in ran.out
    assert "依据\n[1]" in ran.out


@pytest.mark.xdist_group("index")
def test_json_is_one_line_of_the_contract(run: Run, indexed: Path) -> None:
    ran = run("ask", "--json", "淘宝成交1.2万单，判责7笔，纠纷退款率多少", INDEX_DIR=indexed)
    (line,) = ran.out.strip().split("\n")
    answer = json.loads(line)
    assert set(answer) == KEYS
    assert answer["calculations"][0]["value"] == pytest.approx(7 / 12000)


def test_papers_are_listed_and_written_blank(run: Run, tmp_path: Path) -> None:
    listed = run("guide")
    assert (listed.code, listed.err) == (0, "")
    assert "dispute_appeal_statement  淘宝/天猫判责申诉清单与申诉说明（帮我写一份判责申诉说明）" in listed.out
    printed = run("guide", "dispute_appeal_statement")
    assert printed.out.startswith("# 淘宝/天猫判责申诉清单与申诉说明\n")
    path = tmp_path / "new" / "申诉.docx"
    written = run("guide", "dispute_appeal_statement", "--docx", "--out", str(path))
    assert str(path) in written.out
    assert Document(str(path)).paragraphs[0].text == "淘宝/天猫判责申诉清单与申诉说明"
    run("guide", "dispute_appeal_statement", "--out", str(tmp_path / "a.txt"))
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == printed.out.removesuffix("\n")


def test_a_paper_that_is_not_there_or_cannot_be_written_is_one_sentence(run: Run, tmp_path: Path) -> None:
    assert "nothing" in one_sentence(run("guide", "nothing"))
    (tmp_path / "file").write_text("")
    assert "写不到" in one_sentence(run("guide", "dispute_appeal_statement", "--out", str(tmp_path / "file" / "a.md")))
    assert "--save" in one_sentence(run("ask", "--jsonl", str(tmp_path / "file"), "--save", str(tmp_path)))


@pytest.mark.xdist_group("index")
def test_a_paper_of_an_answer_is_saved_in_both_forms(run: Run, indexed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    ran = run("ask", "--json", "昨天小二判我责任，帮我写一份判责申诉说明", "--save", str(folder), INDEX_DIR=indexed)
    assert ran.code == 0
    answer = json.loads(ran.out)
    (file,) = answer["files"]
    assert {path.name for path in folder.iterdir()} == {f"{file['name']}.md", f"{file['name']}.docx"}
    assert (folder / f"{file['name']}.md").read_text(encoding="utf-8").strip() in answer["text"]
    assert len(Document(str(folder / f"{file['name']}.docx")).tables) == 2


@pytest.mark.xdist_group("index")
def test_a_file_of_conversations_goes_on_after_a_bad_line(run: Run, indexed: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(
        '{"id": "a", "turns": ["淘宝成交1万单,纠纷12单,纠纷退款率", "上面那个指标怎么降?"]}\n{oops\n'
        '{"id": "c", "turns": ["明天天气怎么样"]}\n{"id": "d", "turns": ["2018年6月天猫报活动看什么排名"], "as_of": "2026-11-23"}\n',
        encoding="utf-8",
    )
    ran = run("ask", "--jsonl", str(path), INDEX_DIR=indexed)
    assert ran.code == 0
    first, bad, third, last = (json.loads(line) for line in ran.out.strip().split("\n"))
    assert [len(line["answers"]) for line in (first, third, last)] == [2, 1, 1]
    assert all(set(answer) == KEYS for line in (first, third, last) for answer in line["answers"])
    assert (bad["id"], "第2行" in bad["error"]) == (None, True)
    assert first["answers"][0]["calculations"][0]["value"] == 0.0012
    assert [first["answers"][1]["status"], third["answers"][0]["status"]] == ["answered", "declined"]
    assert all(answer["citations"] for answer in first["answers"])


@pytest.mark.xdist_group("index")
def test_cases_are_evaluated_by_kind(run: Run, indexed: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    cases = [
        {"id": "good", "kind": "metric", "area": "ecommerce", "turns": ["淘宝成交1万单，判责12单，纠纷退款率"],
         "expect": {"values": [{"value": 0.0012}], "cite": True, "status": "answered"}},
        {"id": "bad", "kind": "metric", "area": "ecommerce", "turns": ["淘宝成交1万单，判责12单，纠纷退款率"],
         "expect": {"values": [{"value": 0.5}]}},
    ]
    path.write_text("\n".join(json.dumps(case) for case in cases), encoding="utf-8")
    ran = run("evaluate", str(path), INDEX_DIR=indexed)
    assert ran.code == 0
    assert re.search(r"metric +2 +1 +50\.0%", ran.out)
    assert "bad" in ran.out
    ran = run("evaluate", str(path), "--answerer", "composer,composer", "--repeat", "2", "--sample", "1", "--save", str(tmp_path / "kept"))
    assert re.search(r"metric +1 +100\.0% +100\.0% +100\.0% +100\.0% +\+0\.0", ran.out)
    kept = sorted((tmp_path / "kept").iterdir())
    assert [ran.code, len(kept), len(json.loads(kept[0].read_text(encoding="utf-8"))["cases"][0]["trials"])] == [0, 2, 2]
    assert "B 比 A 差：0条" in run("evaluate", "--compare", *map(str, kept)).out


def test_evaluating_a_model_needs_one(run: Run) -> None:
    assert "ASSISTANT_MODEL" in one_sentence(run("evaluate", "--answerer", "composer,model"))
    assert "best" in one_sentence(run("evaluate", "--answerer", "best"))
    assert "none.json" in one_sentence(run("evaluate", "--compare", "none.json", "none.json"))


def test_a_missing_case_file_is_one_sentence(run: Run, tmp_path: Path) -> None:
    assert "nowhere" in one_sentence(run("evaluate", str(tmp_path / "nowhere")))


def test_without_a_command_the_help_is_shown_in_chinese(run: Run) -> None:
    ran = run()
    shown = ran.out + ran.err
    assert all(command in shown for command in ("serve", "index", "ask", "check", "evaluate", "bench"))
    assert "售后参谋" in shown


def in_a_process(*arguments: str, **environment: object) -> Ran:
    """The command line as a process of its own."""
    settings = {f"ASSISTANT_{name}": str(value) for name, value in environment.items()}
    ended = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments], cwd=ROOT, env={**os.environ, **settings}, capture_output=True,
        text=True, timeout=60, check=False,
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)


def test_a_real_process_fails_with_one_sentence_and_code_two(tiny_folder: Path, tmp_path: Path) -> None:
    (tiny_folder / "rules" / "dispute_line.yaml").write_text("label: [", encoding="utf-8")
    ran = in_a_process("check", KNOWLEDGE_DIR=tiny_folder, DATA_DIR=tmp_path / "data")
    assert "dispute_line.yaml" in one_sentence(ran)


def test_a_log_level_that_is_none_is_one_sentence(tiny_folder: Path, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folders = {"KNOWLEDGE_DIR": tiny_folder, "DATA_DIR": tmp_path / "data", "INDEX_DIR": tmp_path / "index"}
    assert "ASSISTANT_LOG_LEVEL" in one_sentence(in_a_process("serve", LOG_LEVEL="LOUD", PORT=port, **folders))


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
