"""What stands without a source, what nobody can find, and what is due for review."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.check import problems, reminders
from assistant.errors import KnowledgeError
from assistant.library import Library
from assistant.review import Review, later

from .guide_files import GUIDE, with_guide
from .test_check import new_problems

NOW = date(2026, 11, 23)
REVIEW = "law: 12\nplatforms: 3\nareas: {ecommerce: 6, dealer: 24}\n"
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def reviewed(folder: Path, text: str = REVIEW) -> Library:
    (folder / "review.yaml").write_text(text, encoding="utf-8")
    return Library.read(folder)


# orphans


def test_prose_without_any_source_is_told(tiny_folder: Path, tiny: Library) -> None:
    path = tiny_folder / "topics" / "dispute_advice.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[^law]", "").replace("[^page]", ""), encoding="utf-8")
    (found,) = [one for one in problems(Library.read(tiny_folder), NOW) if one not in problems(tiny, NOW)]
    assert found.startswith("topics/dispute_advice.md")
    assert "law、page" in found


def test_prose_that_says_nothing_is_known_needs_no_source(tiny: Library) -> None:
    assert tiny.topics["inner_line"].unknown
    assert "[^" not in tiny.topics["inner_line"].prose
    assert not [one for one in problems(tiny, NOW) if "inner_line" in one]


def test_a_guide_without_any_source_is_told(tiny_folder: Path) -> None:
    bare = GUIDE.replace("[^law]", "").replace("[^page]", "")
    assert any("guides/return_paper.md" in one and "没有一处标来源" in one for one in problems(with_guide(tiny_folder, bare), NOW))
    assert not any("没有一处标来源" in one for one in problems(with_guide(tiny_folder), NOW))


def test_a_source_in_the_prose_stands_in_the_list_too(tiny_folder: Path, tiny: Library) -> None:
    (found,) = new_problems(tiny_folder, tiny, "dispute_advice.md", "sources: [law, page]", "sources: [law]")
    assert "dispute_advice.md" in found
    assert "[^page]" in found


def test_a_source_nobody_uses_is_told(tiny_folder: Path, tiny: Library) -> None:
    line = "spare: {about: 没用到, publisher: 某站, kind: forum, confidence: low, checked_on: 2026-11-23}\nlaw: {"
    (found,) = new_problems(tiny_folder, tiny, "sources.yaml", "law: {", line)
    assert "sources.yaml" in found
    assert "spare" in found


def test_a_rule_nobody_can_find_is_told(tiny_folder: Path, tiny: Library) -> None:
    text = (tiny_folder / "rules" / "wage_deduction.yaml").read_text(encoding="utf-8")
    text = text.replace("label: 扣款上限", "label: 没人问的线").replace("每月扣除不超过当月工资的", "此处另有")
    path = tiny_folder / "rules" / "lost_rule.yaml"
    path.write_text(text, encoding="utf-8")
    (found,) = [one for one in problems(Library.read(tiny_folder), NOW) if one not in problems(tiny, NOW)]
    assert "rules/lost_rule.yaml" in found
    for mended in ("questions: [怎么没人问]\n", "topic: seven_days\n"):
        path.write_text(text + mended, encoding="utf-8")
        assert [one for one in problems(Library.read(tiny_folder), NOW) if one not in problems(tiny, NOW)] == []


def test_numbers_of_our_own_reckoning_are_not_certain(tiny_folder: Path, tiny: Library) -> None:
    (found,) = new_problems(tiny_folder, tiny, "sources.yaml", "kind: law", "kind: derived")[:1]
    assert "rules/" in found
    assert "confidence" in found


def test_a_table_that_writes_a_number_into_its_text_is_told(tiny_folder: Path, tiny: Library) -> None:
    (found,) = new_problems(tiny_folder, tiny, "compulsory_base_premium.yaml", "text: 基础保费按车辆类别定。", "text: 货车要1500元。")
    assert "tables/compulsory_base_premium.yaml" in found


@pytest.mark.parametrize("text", ["货车要{{truck}}，{{since}}年起。", "家用六座以下比货车少，退货{{no_reason_return_days.days}}。"])
def test_a_table_borrows_its_own_cells_and_numbers_of_rules(tiny_folder: Path, tiny: Library, text: str) -> None:
    found = new_problems(tiny_folder, tiny, "compulsory_base_premium.yaml", "text: 基础保费按车辆类别定。", f'text: "{text}"')
    assert found == []
    said = Library.read(tiny_folder).on(NOW)["table/compulsory_base_premium"].say
    assert "{{" not in said
    assert "1,500元，2008年起" in said or "退货7天" in said


def test_a_cell_that_does_not_exist_is_told(tiny_folder: Path, tiny: Library) -> None:
    (found,) = new_problems(tiny_folder, tiny, "compulsory_base_premium.yaml", "text: 基础保费按车辆类别定。", 'text: "要{{bus}}。"')
    assert "compulsory_base_premium.yaml" in found
    assert "bus" in found
    with pytest.raises(KnowledgeError, match=r"compulsory_base_premium\.yaml.*bus"):
        Library.read(tiny_folder).on(NOW)


def test_a_topic_borrows_a_cell_of_a_table(tiny_folder: Path, tiny: Library) -> None:
    found = new_problems(tiny_folder, tiny, "seven_days.md", "从签收次日起数", "方案A{{compulsory_float.A.clean1}}。从签收次日起数")
    assert found == []
    document = Library.read(tiny_folder).on(NOW)["topic/seven_days"]
    assert "方案A-30%" in document.say
    assert document.borrowed == ("no_reason_return_days",)


@pytest.mark.parametrize(("name", "old"), [
    ("seven_days.md", "sources: [law]"), ("dispute_line.yaml", "sources: [law]"), ("compulsory_float.yaml", "sources: [law]"),
])
@pytest.mark.parametrize("new", ["sources: []", ""])
def test_a_file_without_sources_is_not_read_at_all(tiny_folder: Path, name: str, old: str, new: str) -> None:
    path = next(tiny_folder.rglob(name))
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        Library.read(tiny_folder)
    assert name in str(error.value)
    assert "sources 有误：" in str(error.value)
    assert "should" not in str(error.value)


# reviews


def test_nothing_is_due_when_the_folder_does_not_say_how_long_files_hold(tiny: Library) -> None:
    assert tiny.review is None
    assert reminders(tiny, date(2040, 1, 1)) == []


def test_a_rule_past_its_review_is_told_and_silent_again_once_checked(tiny_folder: Path) -> None:
    library = reviewed(tiny_folder)
    due = date(2028, 11, 23)
    assert not any("absorption_line" in one for one in reminders(library, due))
    (found,) = [one for one in reminders(library, due + timedelta(days=1)) if "absorption_line" in one]
    for part in ("rules/absorption_line.yaml", "2028-11-23", "checked_on", "page"):
        assert part in found
    path = tiny_folder / "rules" / "absorption_line.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-11-23", "2028-11-20"), encoding="utf-8")
    assert not any("absorption_line" in one for one in reminders(Library.read(tiny_folder), due + timedelta(days=1)))


def test_a_review_day_of_its_own_counts_instead(tiny_folder: Path) -> None:
    path = tiny_folder / "rules" / "absorption_line.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "review_by: 2026-12-01\n", encoding="utf-8")
    library = Library.read(tiny_folder)
    assert reminders(library, date(2026, 12, 1)) == []
    (found,) = reminders(library, date(2026, 12, 2))
    assert "absorption_line.yaml" in found
    assert "review_by" in found


def test_what_is_due_is_no_mistake(tiny_folder: Path, tiny: Library) -> None:
    library = reviewed(tiny_folder)
    assert reminders(library, date(2040, 1, 1))
    assert problems(library, date(2040, 1, 1)) == problems(tiny, date(2040, 1, 1))


def test_a_day_of_checking_that_has_not_come_is_told(tiny: Library) -> None:
    found = reminders(tiny, date(2026, 11, 22))
    assert any("dispute_line.yaml" in one and "还没到" in one for one in found)
    assert reminders(tiny, NOW) == []


@given(day=DAYS, months=st.integers(1, 60))
def test_months_later_is_the_same_day_or_the_last_of_that_month(day: date, months: int) -> None:
    then = later(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day == day.day or (then.day < day.day and (then + timedelta(days=1)).day == 1)


@given(day=DAYS, law=st.booleans(), platforms=st.sampled_from([(), ("淘宝",)]))
def test_a_platform_is_reviewed_no_later_than_the_rest(day: date, law: bool, platforms: tuple[str, ...]) -> None:
    review = Review(law=12, platforms=3, areas={"ecommerce": 6})
    due = review.due(day, "ecommerce", platforms, law=law)
    assert day < due <= review.due(day, "ecommerce", (), law=law)
    assert due == later(day, 3 if platforms else 12 if law else 6)
