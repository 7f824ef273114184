"""A paper is wanted, or only spoken of."""

import pytest

from assistant.figures import fold
from assistant.library import Library
from assistant.wanted import paper_wanted


@pytest.mark.parametrize("text", [
    "帮我写一份申诉说明", "给我申诉材料清单", "有没有申诉模板", "帮我出一份谈判表", "我要一份给总部的异议函", "定损复核申请书怎么写",
    "帮我拟一份退车申请", "三包退车书面申请范本", "出一张走保险还是自费的账单", "导出word", "做一张三档目标表", "写封投诉信", "客户嫌贵话术给我一套",
    "罚单异议函下载", "不会写申诉", "成交1.2万单，判责7笔，帮我写个申诉", "总部罚了3万，有没有异议函模板？", "店里让我书面提，帮我写",
    "麻烦生成一份投诉书 DOCX", "能不能给我一张对比表",
])
def test_asked_for(text: str) -> None:
    assert paper_wanted(fold(text))


@pytest.mark.parametrize("text", [
    "被判责不服怎么申诉", "申诉要准备什么材料", "修车不给结算清单怎么办", "店里不给我清单怎么办", "总部让我写检讨怎么办",
    "保险公司让我写情况说明", "价格异议有哪些话术", "谈指标的话术怎么说", "维修工单要存多久", "12315投诉多久有回应",
    "公司逼我写一份自愿放弃的说明合法吗", "NCD系数表", "怎么打12315投诉",
])
def test_only_spoken_of(text: str) -> None:
    assert not paper_wanted(fold(text))


def test_hardly_any_question_of_the_topics_asks_for_a_paper(library: Library) -> None:
    asked = [question for topic in library.topics.values() for question in topic.questions]
    found = [question for question in asked if paper_wanted(fold(question))]
    assert len(found) <= len(asked) / 250, found


def test_every_way_a_guide_is_asked_for_asks_for_a_paper(library: Library) -> None:
    asked = [question for guide in library.guides.values() for question in guide.questions]
    assert asked
    assert [question for question in asked if not paper_wanted(fold(question))] == []
