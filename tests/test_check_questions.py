"""A question belongs to one file: doubled ones are told however they are spelt, and so are those that never arrive."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.check import problems
from assistant.checks.questions import asked_key
from assistant.library import Library

from .conftest import KNOWLEDGE
from .guide_files import GUIDE, with_guide
from .test_check import new_problems

NOW = date(2026, 11, 23)
ASKED = "七天无理由从哪天算"  # as topics/seven_days.md has it
QUESTIONS = sorted({question for topic in Library.read(KNOWLEDGE).topics.values() for question in topic.questions})


def with_question(folder: Path, tiny: Library, question: str) -> list[str]:
    old = "questions: [七天无理由是几天]"
    return new_problems(folder, tiny, "no_reason_return_days.yaml", old, f'questions: [七天无理由是几天, "{question}"]')


@pytest.mark.parametrize("question", [
    ASKED, "七天无理由从哪天算？", "七天無理由從哪天算", "七天无理由 从哪天算呢", "请问七天无理由到底从哪天算的啊", "七天无理由，从哪天算吗?",
])
def test_a_question_of_two_files_is_told_with_both(tiny_folder: Path, tiny: Library, question: str) -> None:
    (found,) = with_question(tiny_folder, tiny, question)
    for part in ("topics/seven_days.md", "rules/no_reason_return_days.yaml", "questions", ASKED):
        assert part in found


@pytest.mark.parametrize("question", ["七天无理由从哪天起不算", "七天无理由算到哪天", "七天无理由不从哪天算", "无理由从哪天算", "十天无理由从哪天算"])
def test_another_question_is_another_question(tiny_folder: Path, tiny: Library, question: str) -> None:
    assert with_question(tiny_folder, tiny, question) == []


def test_a_rule_that_its_topic_tells_may_share_its_question(tiny_folder: Path, tiny: Library) -> None:
    assert with_question(tiny_folder, tiny, ASKED)
    path = tiny_folder / "rules" / "no_reason_return_days.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "topic: seven_days\n", encoding="utf-8")
    assert problems(Library.read(tiny_folder), NOW) == problems(tiny, NOW)


def test_a_guide_and_a_topic_do_not_share_a_question(tiny_folder: Path) -> None:
    found = problems(with_guide(tiny_folder, GUIDE.replace("有没有退货模板", f"{ASKED}的呢")), NOW)
    assert any("guides/return_paper.md" in one and "topics/seven_days.md" in one for one in found)
    assert not any("guides/return_paper.md" in one for one in problems(with_guide(tiny_folder), NOW))


def test_two_answers_with_other_numbers_to_one_question_say_so(tiny_folder: Path, tiny: Library) -> None:
    text = (tiny_folder / "rules" / "no_reason_return_days.yaml").read_text(encoding="utf-8")
    text = text.replace("days: 7", "days: 8").replace("label: 七日无理由的天数", "label: 另一种").replace("自收到", "从拿到")
    path = tiny_folder / "rules" / "eight_days.yaml"
    path.write_text(text.replace("七天无理由是几天", ASKED), encoding="utf-8")
    (found,) = [one for one in problems(Library.read(tiny_folder), NOW) if one not in problems(tiny, NOW)]
    assert "7天；8天" in found
    path.write_text(text.replace("days: 8", "days: 7").replace("七天无理由是几天", ASKED), encoding="utf-8")
    (found,) = [one for one in problems(Library.read(tiny_folder), NOW) if one not in problems(tiny, NOW)]
    assert "不一样" not in found


def test_a_question_written_twice_into_one_file_is_told(tiny_folder: Path, tiny: Library) -> None:
    (found,) = new_problems(tiny_folder, tiny, "seven_days.md", f"questions: [{ASKED},", f"questions: [{ASKED}, {ASKED}呢,")
    assert "seven_days.md" in found


def test_a_question_that_is_none_of_our_business_belongs_to_no_file(tiny_folder: Path, tiny: Library) -> None:
    (tiny_folder / "calibration.yaml").write_text(f"outside: [今天吃什么, {ASKED}啊]\ninside: []\n", encoding="utf-8")
    (found,) = [one for one in problems(Library.read(tiny_folder), NOW) if one not in problems(tiny, NOW)]
    assert "calibration.yaml" in found
    assert "seven_days.md" in found


def test_a_question_that_a_boundary_declines_is_told(tiny_folder: Path, tiny: Library) -> None:
    (found,) = with_question(tiny_folder, tiny, "天气不好七天无理由怎么数")
    assert "weather" in found
    assert "no_reason_return_days.yaml" in found
    folder = tiny_folder / "boundaries.yaml"
    folder.write_text(folder.read_text(encoding="utf-8").replace("none_of: [", "none_of: [无理由, "), encoding="utf-8")
    assert not any("weather" in one for one in problems(Library.read(tiny_folder), NOW))


def test_a_question_whose_honest_answer_is_a_decline_may_be_declined(tiny_folder: Path, tiny: Library) -> None:
    assert new_problems(tiny_folder, tiny, "inner_line.md", "questions: [限流线是多少", "questions: [天气限流线是多少") == []


@given(st.sampled_from(QUESTIONS), st.sampled_from(["", "？", "呢", "吗？", "啊", " "]), st.booleans())
def test_spelling_does_not_make_another_question(question: str, tail: str, wide: bool) -> None:
    other = question + tail
    if wide:
        other = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in other)
    assert asked_key(other, {}) == asked_key(question, {})


@given(st.sampled_from(QUESTIONS))
def test_what_is_taken_away_is_taken_once(question: str) -> None:
    key = asked_key(question, {})
    assert asked_key(key, {}) == key
