"""Guide files: read strictly, found like any document, and checked for slots that nothing could fill."""

from datetime import date
from pathlib import Path

import pytest

from assistant.check import problems
from assistant.errors import KnowledgeError
from assistant.guides import Slot
from assistant.library import Library

from .guide_files import GUIDE, with_guide

NOW = date(2026, 11, 23)


def test_a_guide_file_is_read_in_its_two_parts(tiny_folder: Path) -> None:
    guide = with_guide(tiny_folder).guides["return_paper"]
    assert guide.say == "说明写好了，{{no_reason_return_days.days}}内提交。[^law]"
    assert guide.paper.startswith("## 一、期限")
    assert [slot for slot in guide.slots if slot.kind != "blank"] == [
        ("given", "no_reason_return_deadline", "sign_date"), ("clock", "no_reason_return_deadline", ""),
        ("value", "wage_deduction_cap", ""), ("value", "dispute_refund_rate", ""), ("today", "", ""),
    ]


def test_a_guide_is_a_document_of_every_day_without_its_paper(tiny_folder: Path) -> None:
    library = with_guide(tiny_folder)
    document = library.on(NOW)["guide/return_paper"]
    assert (document.kind, document.title, document.current) == ("guide", "退货/扣款 说明", True)
    assert document.say == "说明写好了，7天内提交。[^law]"
    assert document.text == document.say
    assert document.borrowed == ("no_reason_return_days",)
    assert "guide/return_paper" in library.on(date(2001, 1, 1))


@pytest.mark.parametrize(("written", "slot"), [
    ("today", Slot("today", "")), ("sheet.tiers", Slot("sheet", "tiers")), ("value.nps", Slot("value", "nps")),
    ("given.nps.total", Slot("given", "nps", "total")), ("blank.name", Slot("blank", "name")),
    ("no_reason_return_days.days", None), ("values.nps", None),
])
def test_a_slot_is_read_from_its_name(written: str, slot: Slot | None) -> None:
    assert Slot.read(written) == slot


@pytest.mark.parametrize(("old", "new", "told"), [
    ("topics: [seven_days]", "topics: []", "topics"),
    ("audience: [consumer]", "audience: [nobody]", "audience"),
    ("checked_on: 2026-11-23", "checked: 2026-11-23", "checked"),
    (", 拟一份退货说明, 导出退货说明", "", "questions"),
    ("说明写好了，", "说明写好了，{{value.wage_deduction_cap}}，", "第一段"),
    ("title: 退货/扣款 说明", "title: \"{{today}} 说明\"", "标题"),
    ("\n\n## 一、期限", "\n## 一、期限", "paper"),
])
def test_a_wrong_guide_file_is_one_sentence_with_its_name(tiny_folder: Path, old: str, new: str, told: str) -> None:
    text = GUIDE.replace(old, new)
    assert text != GUIDE
    if told == "paper":
        text = text[: text.index("## 一")]
    with pytest.raises(KnowledgeError) as error:
        with_guide(tiny_folder, text)
    assert "return_paper.md" in str(error.value)
    assert told in str(error.value)


def test_a_paragraph_with_an_unknown_number_is_told_when_it_is_read(tiny_folder: Path) -> None:
    library = with_guide(tiny_folder, GUIDE.replace("{{no_reason_return_days.days}}内提交", "{{no_reason_return_days.weeks}}内提交"))
    with pytest.raises(KnowledgeError, match=r"return_paper\.md.*weeks"):
        library.on(NOW)


def of_guides(library: Library) -> list[str]:
    return [problem for problem in problems(library) if problem.startswith("guides/")]


def test_a_sound_guide_has_no_problem(tiny_folder: Path) -> None:
    assert of_guides(with_guide(tiny_folder)) == []


@pytest.mark.parametrize(("old", "new", "told"), [
    ("topics: [seven_days]", "topics: [no_topic]", "no_topic"),
    ("sources: [law, page]", "sources: [lost]", "lost"),
    ("[^page]", "[^blog]", "blog"),
    ("metrics: [no_reason_return_deadline, wage", "metrics: [no_metric, no_reason_return_deadline, wage", "no_metric"),
    ("{{value.wage_deduction_cap}}", "{{value.nps}}", "没有这个指标"),
    ("{{value.wage_deduction_cap}}", "{{clock.wage_deduction_cap}}", "不是日期"),
    ("{{value.wage_deduction_cap}}", "{{given.wage_deduction_cap.salary}}", "没有这个输入"),
    ("{{value.wage_deduction_cap}}", "{{sheet.tiers}}", "target_vs_best"),
    ("{{value.wage_deduction_cap}}", "{{sheet.nothing}}", "没有这张表"),
    ("{{value.wage_deduction_cap}}", "{{wage_deduction.part}}", "没有这个规则或数字"),
    ("{{blank.name}}", "{{blank.nobody}}", "blanks 里没有这一项"),
    ("{{blank.name}}", "", "「name」没有用到"),
    ("次日起{{no_reason_return_days.days}}内。", "次日起7天内。", "直接写了数字"),
    ("blanks:", "feeds: {wage_deduction_cap.wage: nps}\nblanks:", "feeds"),
    ("blanks:", "feeds: {wage_deduction_cap.wage: dispute_refund_rate}\nblanks:", "单位要相同"),
])
def test_what_could_never_be_filled_is_told(tiny_folder: Path, old: str, new: str, told: str) -> None:
    assert old in GUIDE
    found = of_guides(with_guide(tiny_folder, GUIDE.replace(old, new)))
    assert any(told in problem and "return_paper.md" in problem for problem in found), found
