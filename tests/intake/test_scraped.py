"""Scraped pages: furniture goes, injected characters go, real text stays as it is. The page below is our own, with our own noise."""

import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.intake import injections
from assistant.intake.blocks import Block, Line, Row, Table, lines, texts
from assistant.intake.reader import convert
from assistant.intake.scraped import clean, looks_scraped
from assistant.intake.sections import parts

KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"

PAGE = """导航:首页 > 家电问题 > 洗衣机漏水怎么办

洗衣机漏水怎么办

发布时间:2023-05-06 09:10:11

❶ 洗衣机底下漏水是哪里坏了

咨询记录 · 回答于2022-03-04

漏水以后还能不能继续用

先拔掉电源,再关水龙头。地上的水擦干以后才能检查,不然有触电的危回险这一点师傅都会答先说。

❸ 师傅上门要收多少钱

上门费一般三十到五十元,配件另内算需要提前问清价容格。回访电话里会再确认一次收费内容,来源不明的配件不要装。
1、换进水管
建议:买原厂的管子,接口要拧紧,来回检查两遍。
2、换密封圈
建议:密封圈老化很常见,换的时候来把旧胶清理干净源再装新的。

❹ 保修期过了怎么办
能不能修看零件。过保以后费用自己出,修之前让师傅写清楚报价,修完要收好单据。回厂检修一般要等三到五天,来店取件记得带单子。
保回修卡丢了可以拿发票答来换,两样都没有就看机身上的日期。

扩展阅读:【家电】怎么选,看这一篇就够了

阅读全文

与洗衣机漏水怎么办相关的资料

热点内容
空调不制冷怎么修 浏览:863
冰箱门关不严怎么办 浏览:17
电视黑屏多少钱 浏览:569
"""
QUESTIONS = [
    "洗衣机底下漏水是哪里坏了", "漏水以后还能不能继续用", "师傅上门要收多少钱", "保修期过了怎么办",
]
REPAIRS = {  # noisy → as it was
    "触电的危回险这一点师傅都会答先说": "触电的危险这一点师傅都会先说",
    "配件另内算需要提前问清价容格": "配件另算需要提前问清价格",
    "换的时候来把旧胶清理干净源再装新的": "换的时候把旧胶清理干净再装新的",
    "保回修卡丢了可以拿发票答来换": "保修卡丢了可以拿发票来换",
}
LEFT = ["回访电话", "收费内容", "来源不明", "来回检查", "回厂检修", "来店取件"]

# fragments of the page named in the brief of this work: what a careful reader finds injected there, and what stands there rightly
FOUND = {
    "问回题导致消费者的答体验": "问题导致消费者的体验",
    "客来户的实际想源法": "客户的实际想法",
    "一个内综合评估数据容": "一个综合评估数据",
}
RIGHTLY = [
    "回答于", "指标怎么回到", "主要利润来源有", "必然会越来越少", "加上国内目前金融", "主要利润来源将集中在", "主要利润来源,销售",
    "利润来源。如何", "加强销售部内部管理", "回厂台次", "重要利润来源", "只要有资源就可能带来收入", "综合指标越来越低", "费用来厘定保费",
    "相对来说", "热点内容",
]


def page(text: str = PAGE) -> list[Block]:
    return list(lines(text, "处"))


def words(text: str) -> str:
    return "\n".join(part.text for part in convert(text.encode(), ".txt").parts)


def test_the_page_falls_into_its_questions() -> None:
    made = convert(PAGE.encode(), ".txt")
    assert [part.questions[0] for part in made.parts] == QUESTIONS
    assert {part.path[0] for part in made.parts} == {"洗衣机漏水怎么办"}
    assert made.parts[0].text == ""  # asked there, and nobody answered
    assert made.parts[1].text.startswith("先拔掉电源")
    assert made.parts[1].place == "第13行"
    assert (made.repairs, made.dropped) == (2 * len(REPAIRS), 10)


def test_furniture_goes() -> None:
    said = words(PAGE)
    assert not any(word in said for word in ("导航", "发布时间", "咨询记录", "扩展阅读", "阅读全文", "相关的资料", "热点", "浏览", "电视黑屏"))


def test_injected_characters_go_and_real_ones_stay() -> None:
    said = words(PAGE)
    for noisy, clean_text in REPAIRS.items():
        assert noisy not in said
        assert clean_text in said
    assert all(word in said for word in LEFT)


@pytest.mark.parametrize(("noisy", "real"), FOUND.items())
def test_every_injection_of_the_measured_page_is_found(noisy: str, real: str) -> None:
    assert injections.repaired(noisy)[0] == real


@pytest.mark.parametrize("fragment", RIGHTLY)
def test_what_rightly_stands_on_the_measured_page_is_left(fragment: str) -> None:
    assert injections.repaired(fragment) == (fragment, ())


def test_a_lone_half_goes_where_a_word_closes_over_it() -> None:
    assert injections.repaired("售后服回务做得好")[0] == "售后服务做得好"
    assert injections.repaired("我们来讨论") == ("我们来讨论", ())


def test_both_halves_are_found_wherever_they_are_in_the_text() -> None:
    text = "前面一句正常。不要因为流程的问回题导致消费者的答体验变差，后面也正常。"
    repaired, gone = injections.repaired(text)
    assert repaired == "前面一句正常。不要因为流程的问题导致消费者的体验变差，后面也正常。"
    assert [text[place] for place in gone] == ["回", "答"]


def test_one_certain_injection_makes_a_page_scraped() -> None:
    blocks = page("搞清楚客来户的实际想源法。\n阅读全文\n售后服回务。")
    assert looks_scraped(blocks)
    assert list(texts(clean(blocks).blocks)) == ["搞清楚客户的实际想法。", "售后服务。"]


def test_noise_in_tables_goes_too() -> None:
    cleaned = clean([Table((Row(("问题", "答案"), ""), Row(("怎么想", "客来户的实际想源法"), "")))])
    assert list(texts(cleaned.blocks)) == ["问题", "答案", "怎么想", "客户的实际想法"]
    assert cleaned.repairs == 2


def test_a_persons_own_page_keeps_lines_that_look_like_furniture() -> None:
    own = page("退货说明\n发布时间:2023-05-06\n七天内可退。\n扩展阅读:换货说明")
    assert not looks_scraped(own)
    assert clean(own).blocks == tuple(own)


def test_cleaning_twice_changes_nothing_more() -> None:
    once = clean(page())
    twice = clean(once.blocks)
    assert twice.blocks == once.blocks
    assert (twice.repairs, twice.dropped) == (0, 0)


CHARACTERS = st.text("问题客户想法服务综合的了一回答内容来源，。", max_size=60)


@given(st.lists(CHARACTERS, max_size=6), st.booleans())
def test_cleaning_is_idempotent_whatever_the_text(texts_of_page: list[str], furnished: bool) -> None:
    furniture = "导航:首页 > 甲\n发布时间:2023-05-06\n阅读全文\n" if furnished else ""
    once = clean(page(furniture + "\n".join(texts_of_page)))
    assert clean(once.blocks).blocks == once.blocks
    assert parts(clean(once.blocks).blocks) == parts(once.blocks)


@given(CHARACTERS)
def test_repairing_only_takes_out_halves_of_the_marks(text: str) -> None:
    repaired, gone = injections.repaired(text)
    assert repaired == "".join(c for place, c in enumerate(text) if place not in gone)
    assert all(text[place] in "回答内容来源" for place in gone)
    assert injections.repaired(repaired) == (repaired, ())


def prose() -> list[str]:
    return [line for path in sorted(KNOWLEDGE.glob("topics/*/*.md")) for line in path.read_text(encoding="utf-8").split("\n")]


def test_nothing_is_repaired_in_all_the_prose_of_the_knowledge() -> None:
    """Even if each of those pages were taken for a scraped one."""
    text = prose()
    assert sum(len(re.findall("[回答内容来源]", line)) for line in text) > 1_000
    assert [line for line in text if injections.sure(line) or injections.repaired(line)[1]] == []


def test_injections_into_the_prose_of_the_knowledge_are_found() -> None:
    """Pairs set into every tenth stretch of text, each half inside or beside a word as it falls."""
    runs = [run for line in prose() for run in re.findall("[\u4e00-\u9fff]{14,}", line)][::10]
    found = wrong = 0
    for number, run in enumerate(runs):
        opening, closing = list(injections.PAIRS.items())[number % 3]
        start, stop = 2 + number % 4, 7 + number % 6
        noisy = run[:start] + opening + run[start:stop] + closing + run[stop:]
        repaired, gone = injections.repaired(noisy)
        found += repaired == run
        wrong += repaired != run and bool(set(gone) - {start, stop + 1})
    assert len(runs) > 100
    assert found >= 0.85 * len(runs)
    assert wrong <= 0.01 * len(runs)


def test_lines_of_text_are_lines() -> None:
    assert isinstance(page("甲")[0], Line)
