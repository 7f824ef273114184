"""`ask`: one question, a file of conversations, a paper saved."""

import json
from pathlib import Path

import pytest
from docx import Document

from ..command_line import Run, one_sentence
from ..test_batch import KEYS


def test_asking_nothing_is_one_sentence(run: Run) -> None:
    assert "问题" in one_sentence(run("ask"))


def test_asking_twice_at_once_is_one_sentence(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("")
    assert "二选一" in one_sentence(run("ask", "问", "--jsonl", str(path)))


def test_a_file_that_is_not_there_is_one_sentence(run: Run) -> None:
    assert "nowhere.jsonl" in one_sentence(run("ask", "--jsonl", "nowhere.jsonl"))


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


@pytest.mark.xdist_group("index")
def test_own_documents_answer_on_the_command_line(run: Run, indexed: Path, own: Path) -> None:
    own.mkdir()
    (own / "手册.md").write_text("# 代步车\n维修超过48小时可申请代步车，押金2000元。\n", encoding="utf-8")
    (own / "坏.docx").write_bytes(b"no zip")
    ran = run("ask", "代步车押金多少", INDEX_DIR=indexed)
    assert (ran.code, "押金2000元" in ran.out, "自己的资料：手册.md，第2行" in ran.out) == (0, True, True)
    assert "Traceback" not in ran.err


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
