"""Cutting long text: nothing is lost, nothing is too long, no sentence and no table row is torn that fits."""

import re

import pytest
from hypothesis import given, strategies as st

from assistant.intake.blocks import Block, Heading, Line, Row, Table, Unfit
from assistant.intake.cutting import PIECE_CHARACTERS, Unit, cut, pack
from assistant.intake.faq import ROWS, split_table, units
from assistant.intake.sections import parts

BOUND = 40
SENTENCES = st.lists(st.text("甲乙丙丁abc，、 ", min_size=1, max_size=30).map(lambda s: f"句{s}。"), min_size=1, max_size=30)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(st.text("甲乙丙 ，。；！？\n”a.1", max_size=400))
def test_cutting_loses_nothing_and_keeps_the_bound(text: str) -> None:
    cuts = cut(text, BOUND)
    assert bare("".join(cuts)) == bare(text)
    assert all(0 < len(part) <= BOUND for part in cuts)


@given(SENTENCES)
def test_no_sentence_is_torn_that_fits(sentences: list[str]) -> None:
    for part in cut("".join(sentences), BOUND):
        assert part.startswith("句")
        assert part.endswith("。")


def test_an_endless_sentence_is_cut_at_its_clauses() -> None:
    assert cut("一二三四五，六七八九十，" * 5, 14) == ["一二三四五，六七八九十，"] * 5
    assert cut("字" * 25, 10) == ["字" * 10, "字" * 10, "字" * 5]


def test_closing_quotes_stay_with_their_sentence() -> None:
    assert cut("他说：“可以退。”然后走了。", 9) == ["他说：“可以退。”", "然后走了。"]


def test_version_numbers_are_not_sentence_ends() -> None:
    assert cut("门槛是4.2分以上。另外说明", 12) == ["门槛是4.2分以上。", "另外说明"]


@given(st.lists(st.text("甲乙，。", min_size=1, max_size=90).filter(str.strip), max_size=12))
def test_packing_keeps_order_and_bound(paragraphs: list[str]) -> None:
    packed = pack([Unit(text, str(n)) for n, text in enumerate(paragraphs)], BOUND)
    assert bare("".join(text for text, _ in packed)) == bare("".join(paragraphs))
    assert all(len(text) <= BOUND for text, _ in packed)


def test_a_table_is_cut_between_rows_and_its_head_is_repeated() -> None:
    table = [Row(("型号", "价格"), "第1行"), *(Row((f"型号{n}", f"{n}元"), f"第{n + 1}行") for n in range(1, 10))]
    packed = pack(units(table), BOUND)
    assert len(packed) > 1
    assert all(text.split("\n")[0] == "型号 | 价格" for text, _ in packed)
    assert [line for text, _ in packed for line in text.split("\n")[1:]] == [f"型号{n} | {n}元" for n in range(1, 10)]
    assert packed[0][1] == "第2行"
    assert all(len(text) <= BOUND for text, _ in packed)


def test_a_row_too_long_for_a_piece_is_cut_under_its_head() -> None:
    packed = pack(units([Row(("名", "说明"), "第1行"), Row(("甲", "这是一句话。" * 12), "第2行")]), BOUND)
    assert all(text.startswith("名 | 说明\n") and len(text) <= BOUND for text, _ in packed)


def test_a_table_with_a_head_only_is_not_lost() -> None:
    assert pack(units([Row(("型号", "价格"), "第1行")])) == [("型号 | 价格", "第1行")]


def test_a_line_above_the_head_row_stays_above() -> None:
    rows = [Row(("价目表", ""), "第1行"), Row(("型号", "价格"), "第2行"), Row(("甲", "1元"), "第3行")]
    assert pack(units(rows)) == [("价目表\n型号 | 价格\n甲 | 1元", "第1行")]


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(Unfit, match="上限"):
        split_table(Table(tuple(Row((str(n), "值"), "") for n in range(ROWS + 1))))


TEXTS = st.lists(st.text("甲乙丙丁", min_size=1, max_size=40).map(lambda s: f"{s}。"), min_size=1, max_size=8).map("".join)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Heading, st.text("子丑寅卯", min_size=1, max_size=10), st.integers(0, 6), st.just("处")),
        st.builds(Line, TEXTS, st.just("处"), st.booleans()),
        st.builds(Line, st.text("子丑", min_size=1, max_size=6).map(lambda s: f"1、{s}"), st.just("处")),
        st.builds(Line, st.text("子丑", min_size=1, max_size=6).map(lambda s: f"问：{s}？"), st.just("处")),
        st.builds(Line, st.text("子丑", min_size=1, max_size=6).map(lambda s: f"❶{s}怎么办"), st.just("处")),
    ),
    max_size=25,
)


@given(BLOCKS)
def test_a_document_loses_no_sentence_and_keeps_the_bound(blocks: list[Block]) -> None:
    made = parts(blocks)
    said = "".join(bare("".join(part.path) + "".join(part.questions) + part.text) for part in made)
    for block in blocks:
        assert not isinstance(block, Table)
        for sentence in re.findall(r"[^。]+。?", block.text):
            assert bare(sentence.removeprefix("问：").removeprefix("❶")) in said
    assert all(len(part.text) <= PIECE_CHARACTERS for part in made)
