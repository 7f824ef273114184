"""Tables: those with a column of questions and one of answers give a part a row, all others are text under their head row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.intake.blocks import Row, Table, Unfit
from assistant.intake.cutting import Unit, cut
from assistant.intake.piece import Part
from assistant.numerals import fold

ROWS = 20_000  # of a table
HEAD_WITHIN = 10  # the head row stands among the first rows that hold anything
QUESTIONS = 60  # ways of asking one thing; further ones are left out
HEADING_CHARACTERS = 20  # a longer cell is no heading

ASKED = frozenset(
    "问题 问 q question questions 标准问 标准问题 标准问法 主问题 主问 问法 常见问题 客户问题 用户问题 买家问题 客户提问 用户提问 提问 faq"
    " 问题标题 问句".split()
)
ALSO_ASKED = frozenset(
    "相似问 相似问题 相似问法 相似提问 相似说法 扩展问 扩展问法 扩展问题 同义问 同义问法 同义问题 其他问法"
    " 其它问法 别的问法 用户问法 similar similarquestion similarquestions".split()
)
ANSWERED = frozenset(
    "答案 答 回答 a answer answers 内容 解答 答复 回复 标准答案 标准回答 标准回复 参考答案 回答内容"
    " 答案内容 回复内容 话术 回复话术 应答 应答话术".split()
)
GROUPED = frozenset("分类 类别 类目 一级分类 二级分类 分组 栏目 模块 category".split())
UNSAID = frozenset(
    "序号 编号 id no 行号 状态 启用 是否启用 创建人 创建时间 创建日期 更新人 更新时间 更新日期 修改时间 修改人 浏览量 点击量 排序 权重".split()
)
_DECORATION = re.compile(r"[(\[【（].*?[)\]】）]|[\d\s*#:：._\-/、]+")
_SEVERAL = re.compile(r"[\n|｜;；]+")
_EMPTY = "—"


@dataclass(frozen=True)
class Columns:
    """Which columns of a table mean what."""

    asked: tuple[int, ...]
    answered: tuple[int, ...]
    grouped: tuple[int, ...]
    said: tuple[tuple[int, str], ...]
    """other columns worth telling, with their headings"""


def name(cell: str) -> str:
    """A heading without brackets, figures, stars and case: 「*问题1（必填）」 is 「问题」."""
    return _DECORATION.sub("", fold(cell)) if len(cell) <= HEADING_CHARACTERS else ""


def columns(row: Row) -> Columns | None:
    """What the columns under this head row mean; None when it heads no questions and answers."""
    names = [name(cell) for cell in row.cells]
    asked = [n for n, heading in enumerate(names) if heading in ASKED] + [n for n, heading in enumerate(names) if heading in ALSO_ASKED]
    answered = [n for n, heading in enumerate(names) if heading in ANSWERED]
    if not asked or not answered:
        return None
    grouped = [n for n, heading in enumerate(names) if heading in GROUPED]
    used = {*asked, *answered, *grouped}
    said = [(n, row.cells[n].strip()) for n, heading in enumerate(names) if n not in used and heading not in UNSAID]
    return Columns(tuple(asked), tuple(answered), tuple(grouped), tuple(said))


def split_table(table: Table) -> tuple[list[Row], Columns | None, list[Row]]:
    """(rows above the head row, its columns, rows below) of a table of questions, or (all rows, None, [])."""
    rows = [row for row in table.rows if any(row.cells)]
    if len(rows) > ROWS:
        raise Unfit(f"有一张 {len(rows)} 行的表，超过 {ROWS} 行的上限：请拆成几个文件")
    for place, row in enumerate(rows[:HEAD_WITHIN]):
        found = columns(row)
        if found:
            return rows[:place], found, [below for below in rows[place + 1:] if below.cells != row.cells]
    return rows, None, []


def answers(path: tuple[str, ...], found: Columns, rows: Sequence[Row]) -> Iterator[Part]:
    """One part a row; a row that answers nothing is left out, one that asks nothing stays as text."""
    for row in rows:
        cells = row.cells
        questions = list(dict.fromkeys(
            question for n in found.asked for part in _SEVERAL.split(cells[n]) if (question := " ".join(part.split()))
        ))[:QUESTIONS]
        answer = "\n".join(cells[n] for n in found.answered if cells[n])
        if not answer:
            continue
        more = [f"{heading}：{cells[n]}" if heading else cells[n] for n, heading in found.said if cells[n]]
        groups = tuple(" ".join(cells[n].split()) for n in found.grouped if cells[n])
        # the whole answer under every part of it: each part answers the question
        for text in cut("\n".join([answer, *more])):
            yield Part((*path, *groups, *questions[:1]), tuple(questions), text, row.place)


def units(rows: Sequence[Row]) -> list[Unit]:
    """Rows as lines under their head row; what stands above it as a line of its own."""
    wide = max((sum(map(bool, row.cells)) for row in rows), default=0)
    found: list[Unit] = []
    head = ""
    for row in rows:
        line = told(row)
        if head or sum(map(bool, row.cells)) < min(2, wide):
            found.append(Unit(line, row.place, head))
        else:
            head = line
    if head and not any(unit.head for unit in found):
        found.append(Unit(head, rows[0].place))
    return found


def told(row: Row) -> str:
    """A row as one line."""
    cells = [" ".join(cell.split()) for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    return " | ".join(cell or _EMPTY for cell in cells)
