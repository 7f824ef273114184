"""`check` and `index`: what an editor should mend, the index of the knowledge and of one's own documents."""

import re
import shutil
from pathlib import Path

import pytest

from ..command_line import Run, in_a_process, one_sentence
from ..conftest import KNOWLEDGE


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


def test_a_real_process_fails_with_one_sentence_and_code_two(tiny_folder: Path, tmp_path: Path) -> None:
    (tiny_folder / "rules" / "dispute_line.yaml").write_text("label: [", encoding="utf-8")
    ran = in_a_process("check", KNOWLEDGE_DIR=tiny_folder, DATA_DIR=tmp_path / "data")
    assert "dispute_line.yaml" in one_sentence(ran)


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
