"""The Word file of a paper, opened again."""

from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.oxml.ns import qn
from hypothesis import given, strategies as st

from assistant.paper import to_word

PAPER = """# 标题

第一段，**先核对。**再申诉[1]。
接着一行

## 小标题

- ☐ **录像**，一镜到底
- [ ] 称重
- 普通
    - 下一层

1. 甲
2. 乙

> 话术

| 单号 | 金额 |
| --- | --- |
| **A** | ~~1~~ |
| B |  |

---

末段
"""


def opened(markdown: str, title: str = "") -> Opened:
    return Document(BytesIO(to_word(markdown, title)))


@pytest.fixture(scope="module")
def paper() -> Opened:
    """The paper above as a Word file."""
    return opened(PAPER, "题目")


def test_headings_paragraphs_and_bold(paper: Opened) -> None:
    told = [(one.style.name, one.text) for one in paper.paragraphs if one.style and one.text]
    assert told[:3] == [("Heading 1", "标题"), ("Normal", "第一段，先核对。再申诉[1]。\n接着一行"), ("Heading 2", "小标题")]
    assert [run.text for run in paper.paragraphs[1].runs if run.bold] == ["先核对。"]
    assert paper.core_properties.title == "题目"


def test_lists_and_boxes_to_tick(paper: Opened) -> None:
    told = [(one.style.name, one.text) for one in paper.paragraphs if one.style]
    assert ("Normal", "☐ 录像，一镜到底") in told
    assert ("Normal", "☐ 称重") in told
    assert ("List Bullet", "普通") in told
    assert ("List Bullet 2", "下一层") in told
    assert ("Normal", "1. 甲") in told
    assert ("Normal", "2. 乙") in told
    boxed = next(one for one in paper.paragraphs if one.text.startswith("☐"))
    assert boxed.paragraph_format.first_line_indent is not None
    assert [run.text for run in boxed.runs if run.bold] == ["录像"]


def test_tables_with_a_head_that_is_repeated(paper: Opened) -> None:
    (table,) = paper.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["单号", "金额"], ["A", "1"], ["B", ""]]
    assert all(run.bold for cell in table.rows[0].cells for run in cell.paragraphs[0].runs)
    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.cell(1, 1).paragraphs[0].runs[0].font.strike


def test_chinese_has_a_chinese_face_in_every_style_used(paper: Opened) -> None:
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        fonts = paper.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "宋体"
        assert fonts.get(qn("w:eastAsiaTheme")) is None, "a theme's font would win"
    page = paper.sections[0]
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (21.0, 29.7)


@given(st.text(max_size=60))
def test_any_text_becomes_a_file_that_opens(text: str) -> None:
    assert opened(f"# {text}\n\n{text}\n\n| a |\n| --- |\n| {text} |\n\n- {text}", text).paragraphs


def test_a_rule_begins_a_new_page(paper: Opened) -> None:
    broken = [one.text for one in paper.paragraphs if "w:br" in one._p.xml and 'w:type="page"' in one._p.xml]
    assert len(broken) == 1
    assert paper.paragraphs[-1].text == "末段"


def test_html_stays_text() -> None:
    assert opened("<b>粗</b> <script>1</script>").paragraphs[0].text == "<b>粗</b> <script>1</script>"
