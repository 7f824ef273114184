"""All knowledge as it reads on a day, read strictly from files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.errors import KnowledgeError
from assistant.library import Library
from assistant.topics import split_prose

NOW = date(2026, 11, 23)


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Change one passage of a knowledge file."""
    path = next(folder.rglob(name))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_file_becomes_a_document(tiny: Library) -> None:
    assert set(tiny.on(NOW)) == {
        "rule/absorption_line", "rule/dispute_line", "rule/dispute_refund_rate", "rule/no_reason_return_days",
        "rule/wage_deduction", "table/compulsory_base_premium", "table/compulsory_float", "table/compulsory_region",
        "topic/dispute_advice", "topic/inner_line", "topic/seven_days",
    }


def test_a_topic_borrows_the_numbers_of_the_day(tiny: Library) -> None:
    said = [tiny.on(day)["topic/dispute_advice"].say for day in (date(2016, 5, 1), NOW)]
    assert [text.startswith(start) for text, start in zip(said, ("纠纷退款率看近28天", "纠纷退款率看近30天"), strict=True)] == [True, True]
    assert tiny.on(NOW)["topic/dispute_advice"].borrowed == ("dispute_refund_rate",)


def test_before_a_rule_began_its_first_version_is_told(tiny: Library) -> None:
    document = tiny.on(date(2010, 1, 1))["rule/dispute_refund_rate"]
    assert "28天" in document.say
    assert not document.current


def test_an_ended_rule_is_not_current_and_keeps_its_time_line(tiny: Library) -> None:
    document = tiny.on(NOW)["rule/dispute_line"]
    assert (document.current, document.timeline, document.say) == (False, ("dispute_line",), "纠纷退款率这条线已停用。")
    earlier = tiny.on(date(2021, 1, 1))["rule/dispute_line"]
    assert earlier.current
    assert "0.5%" in earlier.say


@pytest.mark.parametrize(
    ("day", "holds"),
    [(date(2014, 3, 14), False), (date(2014, 3, 15), True), (date(2030, 12, 31), True), (date(2031, 1, 1), False)],
)
def test_a_topic_holds_from_its_first_to_its_last_day(tiny: Library, day: date, holds: bool) -> None:
    assert tiny.topics["seven_days"].holds_on(day) is holds
    assert tiny.on(day)["topic/seven_days"].current is holds


@given(st.dates(date(1995, 1, 1), date(2035, 12, 31)))
def test_every_document_reads_without_slots_on_every_day(tiny: Library, day: date) -> None:
    for document in tiny.on(day).values():
        assert "{{" not in "".join((document.title, document.text))
        assert document.say


def test_a_table_document_shows_its_rows(tiny: Library) -> None:
    body = tiny.on(NOW)["table/compulsory_base_premium"].body
    assert "| 家用六座以下 | 1,000元 |" in body


def test_the_quote_is_the_sentence_without_marks_and_not_too_long(tiny: Library) -> None:
    document = tiny.on(NOW)["topic/dispute_advice"]
    assert document.quote() == "纠纷退款率看近30天的判责单。"
    assert document.quote(8) == "纠纷退款率看近…"


def test_what_is_searched_is_everything_a_person_reads(tiny: Library) -> None:
    text = tiny.on(NOW)["topic/dispute_advice"].text
    assert all(part in text for part in ("判责单", "和解掉", "先回留言", "以后台显示为准"))


def test_numbers_for_a_metric_are_those_of_the_day(tiny: Library) -> None:
    assert tiny.numbers(date(2016, 5, 1))("dispute_refund_rate") == {"window": 28}
    assert tiny.numbers(NOW)("compulsory_base_premium")["truck"] == 1500


@pytest.mark.parametrize(
    ("name", "day"),
    [("dispute_refund_rate", date(2015, 12, 31)), ("dispute_line", NOW), ("compulsory_base_premium", date(2007, 1, 1)), ("nothing", NOW)],
)
def test_numbers_that_do_not_exist_on_the_day_are_told_with_day_and_name(tiny: Library, name: str, day: date) -> None:
    with pytest.raises(KnowledgeError, match=f"{day.isoformat()}.*{name}"):
        tiny.numbers(day)(name)


def test_looking_up_an_unknown_rule_or_number_fails(tiny: Library) -> None:
    assert tiny.lookup("no_reason_return_days.days", NOW) == (7, "天")
    for name in ("nothing.days", "no_reason_return_days.weeks"):
        with pytest.raises(KeyError):
            tiny.lookup(name, NOW)


def test_metrics_find_their_definition_and_their_graded_rules(tiny: Library) -> None:
    definition = tiny.definition("dispute_refund_rate")
    assert definition is not None
    assert definition.id == "dispute_refund_rate"
    assert [rule.id for rule in tiny.rules_for("dispute_refund_rate")] == ["dispute_line"]
    assert tiny.definition("nps") is None


def test_sources_are_named_for_people(tiny: Library) -> None:
    assert tiny.source_line(("law", "page")) == "测试部《测试条例》；某站：一篇转述"


def test_prose_has_four_parts() -> None:
    text = "\n第一段\n同一段\n\n第二段\n\n第三段\n## 接下来做什么\n- 做一\n## 注意\n别忘了\n"
    assert split_prose(text) == {"say": "第一段\n同一段", "body": "第二段\n\n第三段", "acts": "- 做一", "note": "别忘了"}


Fault = Callable[[Path], None]
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "a misspelt field of a rule": ("dispute_line.yaml", "worse: higher", "worst: higher", "worst|worse"),
    "an unknown unit-less number": ("dispute_line.yaml", "watch: 0.01, breach: 0.02", "watch: 0.01, brech: 0.02", "brech"),
    "a slot of an unknown number in a rule": ("wage_deduction.yaml", "{{share}}", "{{shares}}", "shares"),
    "a slot of an unknown rule in a topic": ("seven_days.md", "no_reason_return_days.days", "no_such_rule.days", "no_such_rule"),
    "too few questions": ("seven_days.md", ", 七天是自然日吗, 退货期从哪天起", "", "questions"),
    "a validity that is no day": ("seven_days.md", "2014-03-15", "前年", "前年"),
    "an end that is no day": ("seven_days.md", '"2030"', "以后", "以后"),
    "a topic without prose": ("inner_line.md", "没有公开来源写过限流的线，请问平台客服。", "", "say"),
    "a doubled key in a table": ("compulsory_float.yaml", "clean1: -0.3,", "clean1: -0.3, clean1: -0.2,", "clean1"),
    "a source without a name": ("sources.yaml", "title: 测试条例, ", "", "title"),
    "a boundary of an unknown reason": ("boundaries.yaml", "reason: scope", "reason: whim", "reason"),
    "a boundary pattern that is no pattern": ("boundaries.yaml", "any_of: [天气]", "any_of: ['天气(']", "天气"),
    "an order pattern that is no pattern": ("vocabulary.yaml", "忽略[^，。]{0,8}规则", "忽略[规则", "忽略"),
    "a measure pattern that is no pattern": ("vocabulary.yaml", "{n} ?座", "({n} ?座", "座"),
    "an end that is not known": ("wage_deduction.yaml", "{{share}}", "{{share}}（到{{until}}）", "until"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_file_is_told_with_its_name_and_the_field(tiny_folder: Path, fault: str) -> None:
    name, old, new, told = FAULTS[fault]
    edit(tiny_folder, name, old, new)
    with pytest.raises(KnowledgeError) as error:
        Library.read(tiny_folder).on(NOW)
    assert name in str(error.value)
    assert any(word in str(error.value) for word in told.split("|"))


def test_a_folder_that_is_no_knowledge_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="ASSISTANT_KNOWLEDGE_DIR"):
        Library.read(tmp_path)


def test_boundaries_may_be_left_out(tiny_folder: Path) -> None:
    (tiny_folder / "boundaries.yaml").unlink()
    assert Library.read(tiny_folder).boundaries == ()
