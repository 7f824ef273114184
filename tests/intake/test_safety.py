"""Files made to hurt: none of them takes more than a moment or a little memory, and each is told in a sentence."""

import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from assistant.errors import UnreadableDocument
from assistant.intake import portable
from assistant.intake.archives import UNPACKED_BYTES
from assistant.intake.reader import read
from tests.intake.made import pdf, pdf_bomb, rewritten

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + f"]><w:document {WORD}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.fixture
def word(tmp_path: Path) -> Path:
    document = Document()
    document.add_paragraph("七天内可退。")
    document.save(str(tmp_path / "good.docx"))
    return tmp_path / "good.docx"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.append(["问题", "答案"])
    book.save(tmp_path / "good.xlsx")
    return tmp_path / "good.xlsx"


@pytest.mark.parametrize("encode", [str.encode, lambda text: text.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")])
def test_a_billion_laughs_in_word(word: Path, encode: Callable[[str], bytes]) -> None:
    with pytest.raises(UnreadableDocument, match="不会有的声明"):
        read(rewritten(word, word.with_name("bomb.docx"), "word/document.xml", encode(LAUGHS)))


def test_a_billion_laughs_in_a_workbook(sheet: Path) -> None:
    bomb = LAUGHS.replace("w:document", "sst").encode()
    with pytest.raises(UnreadableDocument, match="不会有的声明"):
        read(rewritten(sheet, sheet.with_name("bomb.xlsx"), "xl/sharedStrings.xml", bomb))


def test_an_encoding_that_could_hide_a_declaration(word: Path) -> None:
    hidden = b'<?xml version="1.0" encoding="utf-7"?><a/>'
    with pytest.raises(UnreadableDocument, match="不会有的声明"):
        read(rewritten(word, word.with_name("bomb.docx"), "word/document.xml", hidden))


def test_a_zip_bomb(word: Path) -> None:
    bomb = word.with_name("bomb.docx")
    with zipfile.ZipFile(word) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with new.open("word/media/image.bin", "w", force_zip64=True) as member:
            for _ in range(UNPACKED_BYTES // (1 << 20) + 1):
                member.write(b"\0" * (1 << 20))
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(UnreadableDocument, match="解开来超过"):
        read(bomb)


def test_too_much_xml(word: Path) -> None:
    with pytest.raises(UnreadableDocument, match="请拆成几个文件"):
        read(rewritten(word, word.with_name("bomb.docx"), "word/document.xml", b"<w:document>" + b" " * (30 << 20)))


@pytest.mark.parametrize(
    "content",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        '<row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        '<row r="1">' + "<c/>" * 300_001 + "</row></sheetData>",
    ],
    ids=["far cells", "huge merge", "empty cells"],
)
def test_a_sheet_much_larger_than_what_it_holds(sheet: Path, content: str) -> None:
    bomb = f"<worksheet {SHEET}><sheetData>{content}</worksheet>".encode()
    with pytest.raises(UnreadableDocument, match="表太大"):
        read(rewritten(sheet, sheet.with_name("bomb.xlsx"), "xl/worksheets/sheet1.xml", bomb))


def test_a_table_cell_of_a_billion_columns(word: Path) -> None:
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p><w:r><w:t>字</w:t></w:r></w:p></w:tc>'
    bomb = f"<w:document {WORD}><w:body><w:tbl><w:tr>{cell}</w:tr></w:tbl></w:body></w:document>".encode()
    assert read(rewritten(word, word.with_name("wide.docx"), "word/document.xml", bomb))[0].text == "字"


def test_endless_nesting(word: Path, tmp_path: Path) -> None:
    bomb = f"<w:document {WORD}><w:body>{'<w:sdt>' * 5_000}{'</w:sdt>' * 5_000}</w:body></w:document>".encode()
    with pytest.raises(UnreadableDocument, match="坏了"):
        read(rewritten(word, word.with_name("deep.docx"), "word/document.xml", bomb))
    (tmp_path / "deep.html").write_bytes(b"<p>ok</p>" + b"<div>" * 100_000)
    assert read(tmp_path / "deep.html")[0].text == "ok"
    (tmp_path / "deep.md").write_bytes(b">" * 50_000 + b"\n\nok")
    assert read(tmp_path / "deep.md")[-1].text == "ok"


def test_an_html_table_of_endless_spans(tmp_path: Path) -> None:
    rows = "<tr><td colspan=99999 rowspan=99999>甲</td><td>乙</td></tr>" * 500
    (tmp_path / "a.html").write_text(f"<table>{rows}</table>", encoding="utf-8")
    assert len(read(tmp_path / "a.html")) < 50


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of memory there")
def test_a_pdf_that_unfolds_to_gigabytes(tmp_path: Path) -> None:
    (tmp_path / "bomb.pdf").write_bytes(pdf_bomb(10))
    with pytest.raises(UnreadableDocument, match="太复杂"):
        read(tmp_path / "bomb.pdf")


def test_a_pdf_that_takes_for_ever(tmp_path: Path) -> None:
    (tmp_path / "slow.pdf").write_bytes(pdf([["七天内可退。"]]))
    with pytest.raises(UnreadableDocument, match="太复杂"):
        read(tmp_path / "slow.pdf", readers={".pdf": partial(portable.blocks, seconds=0.001)})


def test_nothing_is_fetched(tmp_path: Path) -> None:
    # whoever reaches beyond this machine in a test meets an error, see conftest: the file could not be read
    page = '<!DOCTYPE html SYSTEM "http://example.org/x.dtd"><img src="http://example.org/a.png"><p>七天。</p>'
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (tmp_path / "a.md").write_text("![图](http://example.org/a.png) 七天。", encoding="utf-8")
    assert read(tmp_path / "a.html")[0].text == "七天。"
    assert read(tmp_path / "a.md")[0].text == "图 七天。"


def test_reading_loads_only_what_the_format_needs() -> None:
    import subprocess

    code = (
        "import sys; from assistant.intake import collection, reader; "
        "reader.convert('七天内可退。'.encode(), '.txt'); "
        "print(*{'lxml', 'docx', 'openpyxl', 'pypdfium2', 'rjieba', 'torch'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
