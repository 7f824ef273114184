"""Files: which are taken, how they lie, and that they go with their conversation."""

import hashlib
import zipfile
from functools import partial
from io import BytesIO
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.store.schema import uploads
from assistant.web.received import shown_name

from .conftest import Api


def office(part: str) -> bytes:
    """The least a file of Word or Excel holds."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return made.getvalue()


GOOD = {
    "订单.csv": "订单号,金额\n1,2\n".encode("gb18030"), "a.txt": "字".encode(), "a.md": b"# a", "a.pdf": b"%PDF-1.7 ...",
    "a.png": b"\x89PNG\r\n\x1a\n...", "A.JPG": b"\xff\xd8\xff\xe0...", "a.xlsx": office("xl/workbook.xml"),
    "a.docx": office("word/document.xml"), "utf16.csv": "订单号\t金额".encode("utf-16"),
}
BAD = {
    "a.exe": b"MZ", "a.html": b"<script>", "a.svg": b"<svg/>", "noending": b"x", "a.pdf": b"MZ...", "a.png": b"<svg/>",
    "a.xlsx": office("word/document.xml"), "a.docx": b"PK\x03\x04", "a.csv": b"\x00\x01\x02", "a.txt": b"MZ\x90", "empty.txt": b"",
    ".csv": b"a",
}


def send(api: Api, name: str, content: bytes, conversation: str | None = None) -> httpx.Response:
    """Send a file."""
    return api.send("POST", "/uploads", data={"conversation": conversation or api.conversation}, files={"file": (name, content)})


def rows(engine: Engine) -> list[sa.Row[tuple[object, ...]]]:
    """What is kept of files."""
    return engine.store.read(lambda connection: list(connection.execute(sa.select(uploads).order_by(uploads.c.at))))


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_kept_under_a_name_of_its_own(api: Api, engine: Engine, settings: Settings, name: str) -> None:
    reply = send(api, name, GOOD[name])
    assert reply.status_code == 201, reply.text
    (row,) = rows(engine)
    assert reply.json() == {"id": row.id, "name": name, "size": len(GOOD[name])}
    assert row.sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    path = Path(row.path)
    assert path.parent == (settings.data_dir / "uploads").resolve()
    assert path.read_bytes() == GOOD[name]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.suffix == ""
    assert Path(name).stem not in path.name or len(Path(name).stem) == 1


@pytest.mark.parametrize("name", BAD)
def test_other_files_are_refused_and_leave_nothing(api: Api, engine: Engine, settings: Settings, name: str) -> None:
    reply = send(api, name, BAD[name])
    assert reply.status_code == 422, reply.text
    assert rows(engine) == []
    assert list((settings.data_dir / "uploads").glob("*")) == []


def test_a_large_file_is_refused(api: Api, engine: Engine) -> None:
    assert send(api, "a.txt", b"a" * 100_000).status_code == 201
    too_large = send(api, "a.txt", b"a" * 100_001)
    assert (too_large.status_code, too_large.json()["error"]["message"]) == (422, "文件太大，最多1MB。")
    assert send(api, "a.txt", b"a" * 200_000).status_code == 413
    assert len(rows(engine)) == 1


def test_a_conversation_takes_so_many_files(api: Api) -> None:
    assert {send(api, "a.txt", b"a").status_code for _ in range(20)} == {201}
    assert send(api, "a.txt", b"a").status_code == 409


def test_files_go_with_their_conversation_and_their_visitor(api: Api, engine: Engine, settings: Settings) -> None:
    first = api.conversation
    send(api, "a.txt", b"a")
    second = api.post("/conversations").json()["conversation"]
    send(api, "b.txt", b"b", second)
    assert api.send("DELETE", f"/conversations/{first}").status_code == 204
    assert [row.name for row in rows(engine)] == ["b.txt"]
    assert len(list((settings.data_dir / "uploads").glob("*"))) == 1
    assert api.post("/visitor/erase").json()["uploads"] == 1
    assert list((settings.data_dir / "uploads").glob("*")) == []


def test_nobody_sends_into_somebody_elses_conversation(api: Api, http: httpx.Client) -> None:
    stranger = Api(http)
    stranger.open()
    assert send(stranger, "a.txt", b"a", api.conversation).status_code == 404


def test_what_is_no_form_is_told(api: Api) -> None:
    kinds = partial(api.send, "POST", "/uploads")
    assert kinds(json={"conversation": api.conversation}).status_code == 422
    assert kinds(data={"conversation": api.conversation}).status_code == 422
    assert kinds(data={"conversation": "../x"}, files={"file": ("a.txt", b"a")}).status_code == 422
    broken = kinds(content=b"--x\r\nbroken", headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert broken.status_code in (400, 422)
    assert kinds(content=b"x", headers={"Content-Type": "multipart/form-data"}).status_code in (400, 422)


@pytest.mark.parametrize(("name", "shown"), [
    ("../../etc/passwd.txt", "passwd.txt"), ("C:\\数据\\订单.csv", "订单.csv"), ("a\x00b\n.csv", "ab.csv"), ("evil\u202etxt.exe", "eviltxt.exe"),
    ('a<b>"c.csv', "a_b__c.csv"), ("...", "文件"), ("", "文件"), ("长" * 300 + ".csv", "长" * 96 + ".csv"), ("\ud800.txt", "txt"),
])
def test_a_name_is_shown_without_what_harms(name: str, shown: str) -> None:
    assert shown_name(name) == shown
