"""Own documents kept up to date: what is read and embedded, what goes, what is told. Chroma and BM25 are real."""

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.errors import IndexBusy
from assistant.generation.disk import MANIFEST
from assistant.index import CURRENT
from assistant.search import Ranking
from assistant.shelf import INDEX, WRITER, Shelf

from .test_index import WEIGHTS, Letters

FAQ = "问题,相似问,答案\n怎么退货,退货流程|如何退,七天内在订单页申请。\n几点发货,,16点前付款当天发。\n有发票吗,,\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """An empty folder of documents."""
    made = Shelf(tmp_path / "documents", tmp_path / "kept", Letters())
    made.folder.mkdir()
    return made


def put(shelf: Shelf, name: str, text: str) -> None:
    (shelf.folder / name).write_text(text, encoding="utf-8")


def held(shelf: Shelf) -> dict[str, str]:
    """Text → place of all pieces of the published generation."""
    with shelf.index.reading() as generation:
        records = generation.records(generation.documents)
    return {record["text"]: record["place"] for record in records.values()}


def found(shelf: Shelf, question: str) -> list[str]:
    """The texts found for a question, as if nothing of ours were near."""
    embedder = Letters()
    nothing = Ranking([], {}, {}, {})
    return [one.piece.text for one in shelf.find(embedder.query(question), list(question), list(question), nothing, WEIGHTS)]


def test_without_a_folder_nothing_is_touched(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "documents", tmp_path / "kept", Letters())
    changes = shelf.update()
    assert (changes.sentences, changes.taken, shelf.bare) == ([], 0, True)
    assert found(shelf, "怎么退货") == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_answered_is_found_and_a_bare_question_is_not(shelf: Shelf) -> None:
    put(shelf, "常见问题.csv", FAQ)
    put(shelf, "问.txt", "问：能开专票吗？\n\n问：在哪里开？\n")
    changes = shelf.update()
    assert changes.sentences == ["「常见问题.csv」是新的，读出2段。", "「问.txt」是新的，读出0段。"]
    assert "共2个文件、2段" in changes.summary
    assert set(held(shelf)) == {"七天内在订单页申请。", "16点前付款当天发。"}
    assert found(shelf, "如何退")[0] == "七天内在订单页申请。"


def test_a_second_run_reads_and_embeds_nothing(shelf: Shelf) -> None:
    put(shelf, "常见问题.csv", FAQ)
    shelf.update()
    published = (shelf.kept / INDEX / CURRENT).read_text(encoding="utf-8")
    embedder = Letters()
    again = Shelf(shelf.folder, shelf.kept, embedder).update()
    assert (again.report.converted, again.indexed.added, again.indexed.removed, embedder.seen) == (0, 0, 0, [])
    assert again.sentences == []
    assert (shelf.kept / INDEX / CURRENT).read_text(encoding="utf-8") == published


def test_only_what_changed_is_embedded_anew(shelf: Shelf) -> None:
    put(shelf, "常见问题.csv", FAQ)
    put(shelf, "手册.txt", "店里每天九点开门。")
    shelf.update()
    put(shelf, "常见问题.csv", FAQ.replace("16点", "18点"))
    embedder = Letters()
    changes = Shelf(shelf.folder, shelf.kept, embedder).update()
    assert changes.sentences == ["「常见问题.csv」改过，已经重读，现在是2段。"]
    assert embedder.seen == ["18点前付款当天发。"]
    assert "18点前付款当天发。" in found(shelf, "几点发货")


def test_a_piece_that_only_moved_is_told_at_its_new_place(shelf: Shelf) -> None:
    put(shelf, "手册.md", "# 退货\n七天内申请。\n")
    shelf.update()
    assert held(shelf) == {"七天内申请。": "第2行"}
    put(shelf, "手册.md", "\n\n# 退货\n七天内申请。\n")
    changes = shelf.update()
    assert changes.indexed.added == 0
    assert held(shelf) == {"七天内申请。": "第4行"}


def test_a_removed_file_is_found_no_more(shelf: Shelf) -> None:
    put(shelf, "常见问题.csv", FAQ)
    put(shelf, "手册.txt", "店里每天九点开门。")
    shelf.update()
    (shelf.folder / "手册.txt").unlink()
    assert shelf.update().sentences == ["「手册.txt」不在文件夹里了，已从检索里去掉。"]
    assert "店里每天九点开门。" not in held(shelf)


def test_a_folder_that_is_gone_leaves_nothing_behind(shelf: Shelf) -> None:
    put(shelf, "手册.txt", "店里每天九点开门。")
    shelf.update()
    assert found(shelf, "几点开门") == ["店里每天九点开门。"]
    shutil.rmtree(shelf.folder)
    shelf.update()
    shelf.index.close()
    assert (held(shelf), found(shelf, "几点开门")) == ({}, [])


def test_files_are_added_once_and_told(shelf: Shelf, tmp_path: Path) -> None:
    source = tmp_path / "手册.txt"
    source.write_text("店里每天九点开门。", encoding="utf-8")
    assert shelf.update([source]).sentences == ["「手册.txt」是新的，读出1段。"]
    again = shelf.update([source])
    assert (again.sentences, again.taken) == (["「手册.txt」原来就在，没有变。"], 1)
    source.write_text("店里每天八点开门。", encoding="utf-8")
    renamed = shelf.update([source])
    assert renamed.sentences[0] == "「手册-2.txt」是新的，读出1段。"
    assert "「手册.txt」，这一份存成了「手册-2.txt」" in renamed.sentences[1]


def test_a_bad_file_is_told_and_not_kept(shelf: Shelf, tmp_path: Path) -> None:
    for name, content in {"坏.docx": b"no zip", "空.txt": b"", "旧.doc": b"1", "好.txt": "九点开门。".encode()}.items():
        (tmp_path / name).write_bytes(content)
    changes = shelf.update([tmp_path / name for name in ("坏.docx", "空.txt", "旧.doc", "好.txt", "没有.txt")])
    assert changes.taken == 1
    assert sorted(sentence[1:3] for sentence in changes.failed) == ["坏.", "旧.", "没有", "空."]
    assert all(sentence.endswith("。") for sentence in changes.failed)
    assert [path.name for path in shelf.folder.iterdir()] == ["好.txt"]


def test_a_bad_file_of_the_folder_itself_stays_there(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    put(shelf, "坏.docx", "no zip")
    put(shelf, "好.txt", "九点开门。")
    shelf.catch_up()
    assert [message for message in caplog.messages if "坏.docx" in message]
    assert list(held(shelf)) == ["九点开门。"]
    assert (shelf.folder / "坏.docx").exists()


def test_a_second_writer_is_refused_and_copies_nothing(shelf: Shelf, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "手册.txt").write_text("九点开门。", encoding="utf-8")
    shelf.kept.mkdir()
    with FileLock(shelf.kept / WRITER, is_singleton=False):
        with pytest.raises(IndexBusy, match=r"。$"):
            shelf.update([tmp_path / "手册.txt"])
        shelf.catch_up()
    assert list(shelf.folder.iterdir()) == []
    assert "另一个进程" in caplog.text


def test_an_index_that_cannot_be_read_finds_nothing_and_is_mended(shelf: Shelf, caplog: pytest.LogCaptureFixture) -> None:
    put(shelf, "手册.txt", "店里每天九点开门。")
    shelf.update()
    shelf.index.close()
    published = shelf.kept / INDEX / (shelf.kept / INDEX / CURRENT).read_text(encoding="utf-8")
    (published / MANIFEST).write_text("{", encoding="utf-8")
    assert found(shelf, "几点开门") == found(shelf, "几点开门") == []
    assert len([message for message in caplog.messages if "cannot be searched" in message]) == 1
    shelf.update()
    assert found(shelf, "几点开门") == ["店里每天九点开门。"]
