"""Every format, from files made here: what is read, what is left out, and where it is said to stand."""

from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook, load_workbook

from assistant.errors import UnreadableDocument
from assistant.intake.piece import Piece, identify
from assistant.intake.reader import FILE_BYTES, READERS, read
from tests.intake.made import LOCKED, pdf

TABLE = "问题,相似问,答案\n怎么退货,退货流程|如何退,七天内可退\n谁付运费,,卖家\n"


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def told(pieces: list[Piece]) -> list[tuple[str, str]]:
    return [(piece.title, piece.text) for piece in pieces]


# ---- text and CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_and_text_in_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    first, second = read(write(tmp_path / "常见.csv", TABLE, encoding))
    assert first.questions == ("怎么退货", "退货流程", "如何退")
    assert (first.title, first.text, first.file, first.place) == ("怎么退货", "七天内可退", "常见.csv", "第2行")
    assert (second.questions, second.place) == (("谁付运费",), "第3行")
    (piece,) = read(write(tmp_path / "说明.txt", "全部商品都可以退。", encoding))
    assert (piece.title, piece.text, piece.place) == ("说明", "全部商品都可以退。", "第1行")


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_text_cut_off_within_a_character_is_still_read(tmp_path: Path, encoding: str) -> None:
    text = "全部商品都可以在七天内退货，定制的除外。"
    (piece,) = read(write(tmp_path / "a.txt", text.encode(encoding)[:-1]))
    assert piece.text == text[:-1]
    (piece,) = read(write(tmp_path / "a.txt", text.encode(encoding) + b"\xff\n" + text.encode(encoding)))
    assert piece.text == f"{text}\n{text}"


@pytest.mark.parametrize("head", ["问题,答案", "问,答", "Question,Answer", "Q,A", "标准问,内容", "*问题（必填）,回答", "相似问1,答案 "])
def test_headings_of_questions_and_answers(tmp_path: Path, head: str) -> None:
    (piece,) = read(write(tmp_path / "a.csv", f"{head}\n怎么退,七天\n"))
    assert (piece.questions, piece.text) == (("怎么退",), "七天")


def test_more_questions_in_columns_and_cells(tmp_path: Path) -> None:
    rows = "标准问,相似问1,相似问2,答案\n怎么退；如何退,咋退|退货流程,\"怎么退\n想退货\",七天\n"
    (piece,) = read(write(tmp_path / "a.csv", rows))
    assert piece.questions == ("怎么退", "如何退", "咋退", "退货流程", "想退货")


def test_other_columns_are_told_and_bookkeeping_is_not(tmp_path: Path) -> None:
    (piece,) = read(write(tmp_path / "a.csv", "序号,分类,问题,答案,适用店铺\n1,退货,怎么退,七天,天猫\n"))
    assert (piece.title, piece.text) == ("退货 › 怎么退", "七天\n适用店铺：天猫")


def test_rows_without_answer_go_and_rows_without_question_stay(tmp_path: Path) -> None:
    pieces = read(write(tmp_path / "a.csv", "问题,答案\n怎么退,\n,补充说明\n怎么换,十五天\n"))
    assert [(piece.questions, piece.text) for piece in pieces] == [((), "补充说明"), (("怎么换",), "十五天")]


def test_a_long_answer_keeps_its_question_in_every_part(tmp_path: Path) -> None:
    pieces = read(write(tmp_path / "a.csv", f"问题,答案\n怎么退,{'先点申请。' * 200}\n"))
    assert len(pieces) == 2
    assert {piece.questions for piece in pieces} == {("怎么退",)}
    assert len({piece.id for piece in pieces}) == 2


@pytest.mark.parametrize("delimiter", [";", "\t", "，", "|"])
def test_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    (piece,) = read(write(tmp_path / "a.csv", f"问题{delimiter}答案\n怎么退{delimiter}七天\n"))
    assert piece.questions == ("怎么退",)


def test_a_table_without_questions_is_text_under_its_head(tmp_path: Path) -> None:
    (piece,) = read(write(tmp_path / "价目.csv", "项目,价格\n换屏,800元\n换电池,200元\n"))
    assert (piece.title, piece.text, piece.place) == ("价目", "项目 | 价格\n换屏 | 800元\n换电池 | 200元", "第2行")


# ---- spreadsheets


def test_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    faq = book.active
    assert faq is not None
    faq.title = "常见问题"
    faq.append(["售后知识库"])
    faq.merge_cells("A1:C1")
    faq.append(["分类", "问题", "答案"])
    faq.append(["退货", "怎么退", "七天内"])
    faq.append([None, "谁付运费", 0.05])
    faq.append([None, "哪天开始", date(2024, 5, 1)])
    faq.merge_cells("A3:A5")
    faq["C4"].number_format = "0.0%"
    prices = book.create_sheet("价目")
    prices.append(["项目", "价格"])
    prices.append(["换屏", 800])
    book.create_sheet("藏着").append(["问题", "答案"])
    book["藏着"].sheet_state = "hidden"
    book.save(tmp_path / "库.xlsx")
    pieces = read(tmp_path / "库.xlsx")
    assert [(piece.title, piece.text, piece.place) for piece in pieces] == [
        ("常见问题", "售后知识库", "工作表「常见问题」第1行"),
        ("常见问题 › 退货 › 怎么退", "七天内", "工作表「常见问题」第3行"),
        ("常见问题 › 退货 › 谁付运费", "5%", "工作表「常见问题」第4行"),
        ("常见问题 › 退货 › 哪天开始", "2024-05-01", "工作表「常见问题」第5行"),
        ("价目", "项目 | 价格\n换屏 | 800", "工作表「价目」第2行"),
    ]


def test_a_formula_counts_with_its_stored_value(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["问题", "答案"], ["几天", "=1+6"], ["几元", "十元"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert [piece.questions for piece in read(tmp_path / "a.xlsx")] == [("几元",)]  # never computed: nothing to read
    sheet = "xl/worksheets/sheet1.xml"
    from zipfile import ZipFile

    from tests.intake.made import rewritten

    with ZipFile(tmp_path / "a.xlsx") as archive:
        content = archive.read(sheet)
    assert b"<f>1+6</f>" in content
    computed = content.replace(b"<f>1+6</f><v></v>", b"<f>1+6</f><v>7</v>").replace(b"<f>1+6</f><v />", b"<f>1+6</f><v>7</v>")
    first, _ = read(rewritten(tmp_path / "a.xlsx", tmp_path / "b.xlsx", sheet, computed))
    assert (first.questions, first.text) == (("几天",), "7")


def test_errors_of_a_sheet_are_no_text(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["问题", "答案"], ["怎么退", "#N/A"], ["怎么换", True]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert told(read(tmp_path / "a.xlsx")) == [("怎么换", "是")]


# ---- Word


def test_a_word_document(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("售后手册", 0)
    document.add_paragraph("适用于所有店铺。")
    document.add_heading("退货", 1)
    document.add_heading("能退吗？", 2)
    document.add_paragraph("能。")
    document.add_paragraph("七天内。")
    document.add_heading("收费", 1)
    table = document.add_table(3, 3)
    for row, texts in zip(table.rows, [("项目", "种类", "价格"), ("换屏", "原厂", "800元"), ("", "副厂", "300元")], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    faq = document.add_table(2, 2)
    for row, texts in zip(faq.rows, [("问题", "答案"), ("能开票吗", "能")], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(tmp_path / "手册.docx"))
    pieces = read(tmp_path / "手册.docx")
    assert told(pieces) == [
        ("售后手册", "适用于所有店铺。"),
        ("售后手册 › 退货 › 能退吗？", "能。\n七天内。"),
        ("售后手册 › 收费", "项目 | 种类 | 价格\n换屏 | 原厂 | 800元\n换屏 | 副厂 | 300元"),
        ("售后手册 › 收费 › 能开票吗", "能"),
    ]
    assert pieces[1].questions == ("能退吗？",)
    assert [piece.place for piece in pieces] == [
        "「售后手册」一节", "「能退吗？」一节", "「收费」一节，表格第2行", "「收费」一节，表格第2行",
    ]


def test_changes_in_word_are_read_as_accepted(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("运费由")
    for tag, inner in (("del", "<w:delText>买家</w:delText>"), ("ins", "<w:t>卖家</w:t>")):
        paragraph._p.append(parse_xml(f'<w:{tag} {nsdecls("w")} w:id="1" w:author="a"><w:r>{inner}</w:r></w:{tag}>'))
    paragraph.add_run("付。")
    boxed = f'<w:sdt {nsdecls("w")}><w:sdtContent><w:p><w:r><w:t>还有一段。</w:t></w:r></w:p></w:sdtContent></w:sdt>'
    paragraph._p.addnext(parse_xml(boxed))
    document.save(str(tmp_path / "a.docx"))
    (piece,) = read(tmp_path / "a.docx")
    assert piece.text == "运费由卖家付。\n还有一段。"


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    names = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:b="box"'
    box = "<w:txbxContent>" + "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in ("框里一。", "框里二。")) + "</w:txbxContent>"
    choice = f'<mc:Choice Requires="b"><b:box>{box}</b:box></mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    document = Document()
    document.add_paragraph("正文。")._p.append(parse_xml(f"<w:r {names}><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>"))
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx")[0].text == "正文。\n框里一。\n框里二。"


# ---- HTML and Markdown

PAGE = """<!doctype html><html><head><meta charset="{charset}"><title>帮助中心</title><style>p {{color: red}}</style>
<script>var secret = "脚本";</script></head><body><nav><a>首页</a></nav><h1>售后手册</h1><!-- 注释 -->
<p>请<b>认真</b>阅读，<br>第二行。<span hidden>藏起来</span></p><div style="display: none">看不见</div>
<h2>能退吗？</h2><p>能。</p><ul><li>拍照</li><li>填写</li></ul>
<h2>收费</h2><table><tr><th>项目</th><th>种类</th><th>价格</th></tr>
<tr><td rowspan="2">换屏</td><td>原厂</td><td>800元</td></tr><tr><td>副厂</td><td>300元</td></tr></table>
<table><tr><td>问题</td><td>答案</td></tr><tr><td>能开票吗|怎么开票</td><td>能。<br>电子的。</td></tr></table>
<details><summary>保修多久？</summary><p>一年。</p></details><footer>版权</footer></body></html>"""


@pytest.mark.parametrize(("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gbk"), ("utf-8", "gb18030")])
def test_a_web_page(tmp_path: Path, charset: str, encoding: str) -> None:
    pieces = read(write(tmp_path / "页.html", PAGE.format(charset=charset), encoding))
    assert told(pieces) == [
        ("售后手册", "请认真阅读，\n第二行。"),
        ("售后手册 › 能退吗？", "能。\n拍照\n填写"),
        ("售后手册 › 收费", "项目 | 种类 | 价格\n换屏 | 原厂 | 800元\n换屏 | 副厂 | 300元"),
        ("售后手册 › 收费 › 能开票吗", "能。\n电子的。"),
        ("售后手册 › 收费 › 保修多久？", "一年。"),
    ]
    assert [piece.questions for piece in pieces] == [(), ("能退吗？",), (), ("能开票吗", "怎么开票"), ("保修多久？",)]
    everything = "".join(piece.title + piece.text for piece in pieces)
    assert not any(word in everything for word in ("脚本", "注释", "color", "看不见", "藏起来", "版权", "首页"))


def test_a_page_laid_out_by_tables_is_read_as_text(tmp_path: Path) -> None:
    page = "<table><tr><td>菜单</td><td><h1>退货</h1><p>七天内。</p></td></tr></table>"
    assert told(read(write(tmp_path / "a.htm", page))) == [("a", "菜单"), ("退货", "七天内。")]


def test_the_title_of_a_page_without_headings(tmp_path: Path) -> None:
    assert told(read(write(tmp_path / "a.html", "<title>退货政策</title><p>七天内。</p>"))) == [("退货政策", "七天内。")]


def test_markdown(tmp_path: Path) -> None:
    text = """---
title: 不读
---
# 售后手册

请**认真**阅读 [链接](http://example.org)。
<!-- 注释 -->

## 能退吗？
能，看`订单`。
1. 拍照
2. 填写

## 收费
| 项目 | 价格 |
| --- | --- |
| 换屏 | 800元 |

| 问题 | 答案 |
| --- | --- |
| 能开票吗 | 能<br>电子的 |
"""
    pieces = read(write(tmp_path / "a.md", text))
    assert told(pieces) == [
        ("售后手册", "请认真阅读 链接。"),
        ("售后手册 › 能退吗？", "能，看订单。\n1. 拍照\n2. 填写"),
        ("售后手册 › 收费", "项目 | 价格\n换屏 | 800元"),
        ("售后手册 › 收费 › 能开票吗", "能\n电子的"),
    ]
    assert [piece.place for piece in pieces] == ["第6行", "第10行", "第17行", "第21行"]


# ---- PDF


def test_a_pdf(tmp_path: Path) -> None:
    top, foot = "某某公司内部资料", "第{}页 共3页"
    pages = [
        [top, "一、七天无理由", "收到货起七天内可以退货，商品要完好，包装可以拆开但是配件要", "齐全，赠品一并退回。", foot.format(1)],
        [top, "二、质量问题", "运费由商家承担。", "第二行写满了一整行的字看看它会不会和下一行接在一起变成一", foot.format(2)],
        [top, "段话。", "问：多久退款？", "答：签收后两天内。", foot.format(3)],
    ]
    pieces = read(write(tmp_path / "政策.pdf", pdf(pages)))
    assert told(pieces) == [
        ("一、七天无理由", "收到货起七天内可以退货，商品要完好，包装可以拆开但是配件要齐全，赠品一并退回。"),
        ("二、质量问题", "运费由商家承担。\n第二行写满了一整行的字看看它会不会和下一行接在一起变成一段话。"),
        ("二、质量问题 › 多久退款？", "签收后两天内。"),
    ]
    assert [piece.place for piece in pieces] == ["第1页", "第2页", "第3页"]
    assert pieces[2].questions == ("多久退款？",)


def test_bookmarks_of_a_pdf_are_headings(tmp_path: Path) -> None:
    content = pdf([["退货说明", "七天内。"], ["换货说明", "十五天内。"]], bookmarks=[("退货说明", 1), ("换货说明", 2)])
    assert told(read(write(tmp_path / "a.pdf", content))) == [("退货说明", "七天内。"), ("换货说明", "十五天内。")]


# ---- what cannot be read


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.txt", b"", "是空的"),
        ("空白.txt", b"  \n\n ", "没有可读的文字"),
        ("大.txt", b"\n" * (FILE_BYTES + 1), "MB 的上限"),
        ("锁.docx", LOCKED, "去掉密码"),
        ("锁.xlsx", LOCKED, "去掉密码"),
        ("锁.pdf", pdf([["甲"]], locked=True), "去掉密码"),
        ("旧.docx", LOCKED.replace("EncryptedPackage".encode("utf-16-le"), b""), "另存为 .docx"),
        ("坏.docx", b"PK\x03\x04 broken", "坏了"),
        ("坏.xlsx", b"not a zip", "坏了"),
        ("坏.pdf", b"%PDF-1.4 broken", "坏了"),
        ("扫描.pdf", pdf([[], []]), "文字识别"),
        ("图.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "不是文本"),
        ("怪.txt", b"\xff\xfe" + b"\0\xd8" * 20, "不是文本"),
        ("乱.txt", b"\x01\x02\x03\x81\x40" * 40, "不是文本"),
        ("引号.csv", ('"' + "字\n" * 100_000).encode(), "CSV"),
        ("空表.csv", b",,,\n", "没有可读的文字"),
        ("脚本.html", b"<script>1</script>", "没有可读的文字"),
        ("a.doc", b"1", "另存为 .docx"),
        ("a.xls", b"1", "另存为 .xlsx"),
        ("a.exe", b"1", "能读的是"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(write(tmp_path / name, content))
    sentence = str(caught.value)
    assert sentence.startswith(f"「{name}」")
    assert said in sentence
    assert sentence.endswith("。")
    assert "\n" not in sentence


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="不在这里"):
        read(tmp_path / "没有.txt")
    with pytest.raises(UnreadableDocument, match="不是文件"):
        read(tmp_path)


def test_too_many_pieces_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="上限"):
        read(write(tmp_path / "a.csv", TABLE), most=1)


def test_every_format_named_is_made_above() -> None:
    assert set(READERS) == {".md", ".txt", ".html", ".htm", ".docx", ".pdf", ".xlsx", ".csv"}
    assert load_workbook  # what the tests write, openpyxl can read


# ---- ids


def test_ids_hold_when_another_section_is_edited(tmp_path: Path) -> None:
    before = read(write(tmp_path / "a.md", "# 甲\n一。\n# 乙\n二。\n# 乙\n三。\n"))
    after = read(write(tmp_path / "a.md", "# 甲\n改了很多。\n## 新\n新的。\n# 乙\n二。\n# 乙\n三。\n"))
    kept = {piece.text: piece.id for piece in after}
    assert [kept[piece.text] for piece in before[1:]] == [piece.id for piece in before[1:]]
    assert before[0].id == after[0].id  # same title, new text
    assert len({piece.id for piece in after}) == len(after)


def test_ids_depend_on_the_name_of_the_file_and_are_the_same_every_time(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "一段话。")
    assert [piece.id for piece in read(path)] == [piece.id for piece in read(path)]
    assert read(path, "甲/a.txt")[0].id != read(path)[0].id
    assert read(path, "甲/a.txt")[0].file == "甲/a.txt"


def test_an_endless_title_is_cut_and_the_question_kept(tmp_path: Path) -> None:
    (piece,) = read(write(tmp_path / "a.csv", f"问题,答案\n{'长' * 500},七天\n"))
    assert len(piece.title) == 160
    assert piece.questions == ("长" * 500,)
    assert identify([], "a") == []
