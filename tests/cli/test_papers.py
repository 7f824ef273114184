"""`guide`: papers listed and written blank."""

from pathlib import Path

from docx import Document

from ..command_line import Run, one_sentence


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
