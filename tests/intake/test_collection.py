"""A folder of own files: what is read, what is not read again, what is told, what is added."""

import hashlib
import json
from functools import partial
from pathlib import Path

import pytest

from assistant.errors import SetupError, UnreadableDocument
from assistant.intake.blocks import Unfit
from assistant.intake.collection import FORMAT, Collection, Report
from assistant.intake.reader import FILE_BYTES, READERS, Converted, contents, convert


@pytest.fixture
def own(tmp_path: Path) -> Collection:
    collection = Collection(tmp_path / "own", tmp_path / "cache")
    collection.folder.mkdir()
    return collection


def put(collection: Collection, **files: str) -> None:
    for name, text in files.items():
        path = collection.folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_a_missing_folder_is_an_empty_collection(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "none", tmp_path / "cache")
    assert collection.pieces() == []
    assert collection.report == Report(seconds=collection.report.seconds)


def test_files_are_read_in_order_and_named_by_their_place(own: Collection) -> None:
    put(own, b_txt="乙。", a_txt="甲。", sub__c_md="# 丙\n丙丙。")
    assert [(piece.file, piece.title, piece.text) for piece in own.pieces()] == [
        ("a.txt", "a", "甲。"), ("b.txt", "b", "乙。"), ("sub/c.md", "丙", "丙丙。"),
    ]
    assert own.report.new == ("a.txt", "b.txt", "sub/c.md")
    assert (own.report.converted, own.report.pieces) == (3, 3)


def test_nothing_is_converted_twice(own: Collection) -> None:
    put(own, a_txt="甲。", b_txt="  ", c_csv="问题,答案\n怎么退,七天\n")
    first = own.pieces()
    assert own.report.converted == 3

    def never(*_: object) -> Converted:
        raise AssertionError("a file was converted again")

    again = Collection(own.folder, own.cache, convert=never)
    assert again.pieces() == first
    assert again.report.converted == 0
    assert again.report.unchanged == ("a.txt", "c.csv")
    assert again.report.new == again.report.changed == again.report.removed == ()
    assert again.report.failed == own.report.failed  # a bad file is remembered too
    assert again.report.failed[0][0] == "b.txt"


def test_a_renamed_file_comes_from_the_cache_under_its_new_name(own: Collection) -> None:
    put(own, a_txt="甲。")
    before = own.pieces()
    (own.folder / "a.txt").rename(own.folder / "b.txt")
    after = own.pieces()
    assert own.report.converted == 0
    assert (own.report.new, own.report.removed) == (("b.txt",), ("a.txt",))
    assert (after[0].title, after[0].file) == ("b", "b.txt")
    assert after[0].id != before[0].id


def test_changes_are_told_file_by_file(own: Collection) -> None:
    put(own, a_txt="甲。", b_txt="乙。", c_txt="丙。")
    own.pieces()
    put(own, b_txt="新的乙。", d_txt="丁。")
    (own.folder / "c.txt").unlink()
    assert [piece.text for piece in own.pieces()] == ["甲。", "新的乙。", "丁。"]
    report = own.report
    assert (report.new, report.changed, report.unchanged, report.removed) == (("d.txt",), ("b.txt",), ("a.txt",), ("c.txt",))
    assert report.converted == 2


def test_one_bad_file_stops_no_other(own: Collection) -> None:
    put(own, a_pdf="%PDF broken", b_txt="乙。", c_xlsx="no zip", d_doc="old", e_png="no document")
    assert [piece.text for piece in own.pieces()] == ["乙。"]
    failed = dict(own.report.failed)
    assert list(failed) == ["a.pdf", "c.xlsx", "d.doc"]
    assert all(sentence.startswith(f"「{name}」") for name, sentence in failed.items())
    assert "docx" in failed["d.doc"]
    put(own, a_pdf="%PDF broken")
    (own.folder / "a.pdf").unlink()
    own.pieces()
    assert own.report.removed == ()  # it was never in


class Locked(type(Path())):  # type: ignore[misc]
    """A file nobody may open; permissions would not stop the superuser."""

    def read_bytes(self) -> bytes:
        raise PermissionError


def test_a_file_that_cannot_be_opened_is_told(own: Collection) -> None:
    put(own, a_txt="甲。")
    with pytest.raises(Unfit, match="权限"):
        contents(Locked(own.folder / "a.txt"))


def test_a_surprise_in_a_library_is_one_files_trouble(tmp_path: Path) -> None:
    def explode(_: bytes) -> list[object]:
        raise RecursionError

    own = Collection(tmp_path / "own", tmp_path / "cache", convert=partial(convert, readers={**READERS, ".md": explode}))
    put(own, a_md="甲。", b_txt="乙。")
    assert [piece.text for piece in own.pieces()] == ["乙。"]
    assert own.report.failed[0][0] == "a.md"


def test_hidden_files_and_links_that_lead_out_are_left_aside(own: Collection, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("外面的。", encoding="utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "d.txt").write_text("外面的。", encoding="utf-8")
    put(own, a_txt="甲。")
    for name in (".hidden.txt", "~$a.docx"):
        (own.folder / name).write_text("藏。", encoding="utf-8")
    (own.folder / ".git").mkdir()
    (own.folder / ".git" / "b.txt").write_text("藏。", encoding="utf-8")
    (own.folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (own.folder / "up.txt").symlink_to("../secret.txt")
    (own.folder / "broken.txt").symlink_to("nowhere.txt")
    (own.folder / "folder").symlink_to(tmp_path / "outside")
    (own.folder / "inner.txt").symlink_to("a.txt")
    assert [(piece.file, piece.text) for piece in own.pieces()] == [("a.txt", "甲。"), ("inner.txt", "甲。")]
    assert own.report.failed == ()


def test_progress_counts_files(own: Collection) -> None:
    put(own, a_txt="甲。", b_txt="乙。")
    seen: list[tuple[int, int]] = []
    own.pieces(lambda done, total: seen.append((done, total)))
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_repairs_are_told(own: Collection) -> None:
    put(own, a_txt="搞清楚客来户的实际想源法。", b_txt="乙。")
    own.pieces()
    assert own.report.cleaned == (("a.txt", 2),)
    own.pieces()
    assert own.report.cleaned == (("a.txt", 2),)


@pytest.mark.parametrize("spoil", ["", "{", "[]", '{"format": 0}', '{"format": 1, "parts": [{"path": 1}]}', '{"format": 1}'])
def test_a_spoilt_cache_is_ignored(own: Collection, spoil: str) -> None:
    put(own, a_txt="甲。")
    own.pieces()
    for path in own.cache.glob("*.json"):
        path.write_text(spoil, encoding="utf-8")
    assert [piece.text for piece in own.pieces()] == ["甲。"]
    assert own.report.converted == 1


def test_a_cache_of_another_format_is_ignored(own: Collection) -> None:
    put(own, a_txt="甲。")
    own.pieces()
    later = Collection(own.folder, own.cache, format=FORMAT + 1)
    later.pieces()
    assert later.report.converted == 1
    assert later.report.new == ("a.txt",)


def test_what_was_read_from_a_file_that_is_gone_does_not_stay(own: Collection) -> None:
    put(own, a_txt="不该留下的话。", b_txt="乙。")
    own.pieces()
    (own.folder / "a.txt").unlink()
    (own.cache / "someone-elses.txt").write_text("1", encoding="utf-8")
    own.pieces()
    assert not any("不该留下" in path.read_text(encoding="utf-8") for path in own.cache.iterdir())
    assert (own.cache / "someone-elses.txt").exists()
    assert len(list(own.cache.glob("*.txt.json"))) == 1


def test_the_cache_is_swapped_in_whole(own: Collection) -> None:
    put(own, a_txt="甲。")
    own.pieces()
    before = {path.name: path.read_bytes() for path in own.cache.iterdir()}
    put(own, a_txt="新的甲。")
    # where the new text would go stands a folder, which no file can replace
    (own.cache / f"{hashlib.sha256('新的甲。'.encode()).hexdigest()}.txt.json").mkdir()
    with pytest.raises(SetupError, match="缓存文件夹"):
        own.pieces()
    after = {path.name: path.read_bytes() for path in own.cache.iterdir() if path.is_file()}
    assert after == before  # and no half-written file beside


def test_the_cache_is_plain_json(own: Collection) -> None:
    put(own, a_txt="甲。")
    own.pieces()
    (kept,) = own.cache.glob("*.txt.json")
    assert json.loads(kept.read_text(encoding="utf-8"))["parts"][0]["text"] == "甲。"


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    own = Collection(tmp_path / "own", tmp_path / "cache", most=1)
    put(own, a_txt="甲。", b_txt="乙。")
    with pytest.raises(SetupError, match="上限"):
        own.pieces()


# ---- add


def test_adding_a_file(own: Collection, tmp_path: Path) -> None:
    source = tmp_path / "甲.txt"
    source.write_text("甲。", encoding="utf-8")
    assert own.add(source) == (own.folder / "甲.txt",)
    assert own.add(source) == (own.folder / "甲.txt",)  # no second copy
    source.write_text("别的。", encoding="utf-8")
    assert own.add(source) == (own.folder / "甲-2.txt",)
    assert own.add(source) == (own.folder / "甲-2.txt",)
    assert sorted(path.name for path in own.folder.iterdir()) == ["甲-2.txt", "甲.txt"]
    assert {piece.text for piece in own.pieces()} == {"甲。", "别的。"}


def test_the_same_content_under_another_name_is_no_second_copy(own: Collection, tmp_path: Path) -> None:
    put(own, a_txt="甲。")
    (tmp_path / "b.txt").write_text("甲。", encoding="utf-8")
    assert own.add(tmp_path / "b.txt") == (own.folder / "a.txt",)


def test_adding_a_folder(own: Collection, tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "sub").mkdir(parents=True)
    (source / "a.txt").write_text("甲。", encoding="utf-8")
    (source / "sub" / "b.md").write_text("乙。", encoding="utf-8")
    (source / "c.png").write_bytes(b"1")
    (source / "old.doc").write_bytes(b"1")
    (source / "big.txt").write_bytes(b"\n" * (FILE_BYTES + 1))
    (source / ".hidden.txt").write_text("藏。", encoding="utf-8")
    assert own.add(source) == (own.folder / "a.txt", own.folder / "sub" / "b.md")
    assert [name for name, _ in own.refused] == ["big.txt", "old.doc"]
    assert sorted(path.name for path in own.folder.rglob("*.*")) == ["a.txt", "b.md"]
    assert own.add(own.folder) == (own.folder / "a.txt", own.folder / "sub" / "b.md")  # itself: nothing to do


@pytest.mark.parametrize(("name", "said"), [("a.exe", "能读的是"), ("a.doc", "另存为"), ("none.txt", "不在这里"), (".a.txt", "隐藏")])
def test_what_cannot_be_added_is_said(own: Collection, tmp_path: Path, name: str, said: str) -> None:
    if name != "none.txt":
        (tmp_path / name).write_text("1", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=said):
        own.add(tmp_path / name)
    assert list(own.folder.iterdir()) == []


def test_thirty_megabytes_are_refused_before_they_are_copied(own: Collection, tmp_path: Path) -> None:
    with (tmp_path / "big.pdf").open("wb") as file:
        file.truncate(30 * 1024 * 1024)
    with pytest.raises(UnreadableDocument, match=r"30 MB，超过 20 MB"):
        own.add(tmp_path / "big.pdf")


def test_an_empty_folder_adds_nothing(own: Collection, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableDocument, match="没有能读的文件"):
        own.add(tmp_path / "empty")
