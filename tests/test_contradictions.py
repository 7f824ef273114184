"""Two statements that cannot both be right are told with both files, and no longer once one is mended or the difference declared."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.check import problems
from assistant.checks.contradictions import contradictions
from assistant.library import Library

from .conftest import TINY
from .guide_files import GUIDE, with_guide

NOW = date(2026, 11, 23)
RIVAL = """label: 网店纠纷线
area: ecommerce
audience: [merchant]
platforms: [淘宝]
metric: absorption_rate
worse: lower
units: {good: ratio, low: ratio}
versions:
  "2020-01-01": {good: 1.0, low: 0.7}
grades:
  - {at: good, level: ok, word: 很好}
  - {at: low, level: watch, word: 尚可}
  - {level: breach, word: 不行}
text: 达到{{good}}算好，不到{{low}}算差。
sources: [page]
confidence: medium
checked_on: 2026-11-23
"""


def added(folder: Path, name: str, text: str) -> Library:
    """The knowledge of a folder with one file more."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Library.read(folder)


def told(library: Library, today: date = NOW) -> list[str]:
    return list(contradictions(library, today))


def rule(text: str, numbers: str = "days: 7", more: str = "", *, units: str = "days: 天", label: str = "退款的时限") -> str:
    return (
        f"label: {label}\narea: consumer\nunits: {{{units}}}\nversions:\n  \"2020-01-01\": {{{numbers}}}\ntext: '{text}'\n"
        f"sources: [law]\nconfidence: high\nchecked_on: 2026-11-23\nquestions: [退款几天]\n{more}"
    )


def test_the_tiny_knowledge_does_not_contradict_itself(tiny: Library) -> None:
    assert told(tiny) == []


# two lines for one metric


def test_two_lines_for_one_metric_are_told_with_both_files(tiny_folder: Path) -> None:
    found = told(added(tiny_folder, "rules/rival_line.yaml", RIVAL))
    assert len(found) == 1
    for part in ("rules/absorption_line.yaml", "rules/rival_line.yaml", "grades", "absorption_rate", "differs_from"):
        assert part in found[0]
    assert found[0] in problems(Library.read(tiny_folder), NOW)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("low: 0.7}", "low: 0.6}"),  # the same lines
        ("confidence: medium", "confidence: conflict"),
        ("checked_on:", "differs_from: {absorption_line: 另一家的培训材料}\nchecked_on:"),
        ('"2020-01-01": {good: 1.0, low: 0.7}', '"2020-01-01": {good: 1.0, low: 0.7}\n  "2024": {ended: true, text: 已停用。, word: 不考核}'),
    ],
    ids=["mended", "conflict", "declared", "ended"],
)
def test_lines_that_agree_or_may_differ_are_not_told(tiny_folder: Path, old: str, new: str) -> None:
    assert old in RIVAL
    assert told(added(tiny_folder, "rules/rival_line.yaml", RIVAL.replace(old, new))) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "count"),
    [
        ("platforms: [京东]\naudience: [merchant]", "platforms: [淘宝]\naudience: [merchant]", 0),
        ("platforms: [京东, 淘宝]\naudience: [merchant]", "platforms: [淘宝]\naudience: [merchant]", 1),
        ("audience: [merchant]", "audience: [dealer]", 0),
        ("tag: 报名线\naudience: [merchant]", "tag: 筛选线\naudience: [merchant]", 0),
        ("tag: 报名线\naudience: [merchant]", "tag: 报名线\naudience: [merchant]", 1),
    ],
)
def test_lines_for_other_platforms_people_or_uses_stand_side_by_side(tiny_folder: Path, mine: str, theirs: str, count: int) -> None:
    (tiny_folder / "rules" / "absorption_line.yaml").unlink()
    plain = RIVAL.replace("audience: [merchant]\nplatforms: [淘宝]", "WHO").replace("label: 网店纠纷线", "label: 甲线")
    added(tiny_folder, "rules/one.yaml", plain.replace("WHO", mine))
    other = plain.replace("0.7", "0.8").replace("甲线", "乙线").replace("达到{{good}}算好", "够{{good}}为上")
    library = added(tiny_folder, "rules/two.yaml", other.replace("WHO", theirs))
    assert len(told(library)) == count


def test_a_line_that_begins_later_is_told_today_already(tiny_folder: Path) -> None:
    late = RIVAL.replace('"2020-01-01"', '"2030-01-01"')
    assert len(told(added(tiny_folder, "rules/rival_line.yaml", late))) == 1


def test_lines_that_were_never_in_force_together_are_not_told(tiny_folder: Path) -> None:
    ended = '"2020-01-01": {good: 1.0, low: 0.7}\n  "2022-01-01": {good: 1.0, low: 0.6}'
    library = added(tiny_folder, "rules/rival_line.yaml", RIVAL.replace('"2020-01-01": {good: 1.0, low: 0.7}', ended))
    assert told(library) == []


LINES = st.tuples(st.integers(1, 40), st.integers(1, 40)).map(lambda pair: (max(pair) / 20 + 0.05, min(pair) / 20))


@given(mine=LINES, theirs=LINES)
def test_lines_are_told_exactly_when_some_value_gets_two_levels(mine: tuple[float, float], theirs: tuple[float, float]) -> None:
    tiny = Library.read(TINY)
    original = tiny.rules["absorption_line"]

    def lined(id: str, lines: tuple[float, float]) -> dict[str, object]:
        version = {"good": lines[0], "low": lines[1]}
        return {**original.model_dump(exclude={"versions", "grades", "examples"}), "id": id, "label": id,
                "versions": {"2020": version}, "grades": original.grades, "text": f"{id}看{{{{good}}}}和{{{{low}}}}。"}

    rules = [type(original)(**lined("one", mine)), type(original)(**lined("two", theirs))]  # type: ignore[arg-type]
    library = Library([], rules, [], tiny.sources, tiny.vocabulary)
    assert bool(told(library)) == (mine != theirs)


# the same number of the same subject


def test_a_metric_defined_twice_is_told(tiny_folder: Path) -> None:
    text = rule("另一种算法。", "", "defines: dispute_refund_rate\n", units="", label="另一种口径")
    found = told(added(tiny_folder, "rules/second_definition.yaml", text))
    assert len(found) == 1
    for part in ("dispute_refund_rate.yaml", "second_definition.yaml", "defines"):
        assert part in found[0]


@pytest.mark.parametrize("label", ["七日无理由的天数", "七日无理由（规定）", "七日無理由 的天數"])
def test_the_same_number_of_the_same_subject_is_told(tiny_folder: Path, label: str) -> None:
    text = rule("签收后{{days}}都能退。", "days: 8", label=label)
    found = told(added(tiny_folder, "rules/eight_days.yaml", text))
    assert len(found) == 1
    for part in ("no_reason_return_days.yaml", "eight_days.yaml", "7天", "8天"):
        assert part in found[0]
    assert told(added(tiny_folder, "rules/eight_days.yaml", text.replace("days: 8", "days: 7"))) == []


def test_numbers_counted_over_other_periods_are_two_things(tiny_folder: Path) -> None:
    def counted(year: int, number: int) -> str:
        numbers = f'rate: {number}, from: "{year}-01-01", to: "{year}-12-31"'
        return rule("{{from}}到{{to}}，全国快递申诉率{{rate}}。", numbers, units="rate: 件, from: date, to: date", label="全国申诉率")

    added(tiny_folder, "rules/year_2023.yaml", counted(2023, 5))
    assert told(added(tiny_folder, "rules/year_2024.yaml", counted(2024, 6))) == []
    assert len(told(added(tiny_folder, "rules/year_2023_again.yaml", counted(2023, 7)))) == 1


# tables


def test_two_tables_that_differ_in_a_cell_are_told(tiny_folder: Path) -> None:
    original = (tiny_folder / "tables" / "compulsory_base_premium.yaml").read_text(encoding="utf-8")
    found = told(added(tiny_folder, "tables/base_again.yaml", original.replace("family_large: 1200", "family_large: 1300")))
    assert len(found) == 1
    for part in ("compulsory_base_premium.yaml", "base_again.yaml", "家用六座及以上", "1,200元", "1,300元"):
        assert part in found[0]
    assert told(added(tiny_folder, "tables/base_again.yaml", original)) == []


# the same words before different numbers


def test_the_same_words_before_different_numbers_are_told(tiny_folder: Path) -> None:
    text = rule("收到商品以后，自收到商品之日起{{days}}内还可以退。", "days: 8")
    same = text.replace("收到商品以后，自", "自")
    assert told(added(tiny_folder, "rules/other_days.yaml", text)) == []
    found = told(added(tiny_folder, "rules/other_days.yaml", same))
    assert len(found) == 1
    for part in ("no_reason_return_days.yaml", "other_days.yaml", "7天", "8天", "differs_from: {"):
        assert part in found[0]
    assert told(added(tiny_folder, "rules/other_days.yaml", same.replace("days: 8", "days: 7"))) == []
    assert told(added(tiny_folder, "rules/other_days.yaml", same + "differs_from: {no_reason_return_days: 两种起算}\n")) == []


def test_a_sentence_that_is_the_same_around_another_number_is_told(tiny_folder: Path) -> None:
    added(tiny_folder, "rules/first.yaml", rule("{{days}}内没有处理的，系统自动同意退款。", "days: 2", label="甲"))
    library = added(tiny_folder, "rules/second.yaml", rule("{{days}}内没有处理的，系统自动同意退款。", "days: 5", label="乙"))
    assert [("first.yaml" in one, "second.yaml" in one) for one in told(library)] == [(True, True)]


def test_a_topic_that_names_a_quantity_twice_with_two_numbers_is_told(tiny_folder: Path, tiny: Library) -> None:
    path = tiny_folder / "topics" / "dispute_advice.md"
    text = path.read_text(encoding="utf-8")
    lines = ["合格线是{{dispute_line.watch@2019-01-01}}。", "合格线是{{dispute_line.watch}}。", "合格线是{{dispute_refund_rate.window}}。"]
    path.write_text(text.replace("以后台显示为准。", "\n".join(lines)), encoding="utf-8")
    assert told(Library.read(tiny_folder)) == []  # a number of another day, and one of another unit, are no contradiction
    path.write_text(text.replace("以后台显示为准。", "达标的线是{{wage_deduction.share}}。\n达标的线是{{absorption_line.low}}。"), encoding="utf-8")
    found = told(Library.read(tiny_folder))
    assert len(found) == 1
    assert "topics/dispute_advice.md" in found[0]
    assert "前后不一" in found[0]


def test_a_guide_may_not_say_otherwise_than_a_topic(tiny_folder: Path) -> None:
    added(tiny_folder, "rules/other_days.yaml", rule("另有规定的，依规定在{{days}}以内办完。", "days: 8"))
    said = "说明写好了，签收次日起要在{{%s.days}}内提交。[^law]"
    path = tiny_folder / "topics" / "seven_days.md"
    path.write_text(path.read_text(encoding="utf-8") + said % "no_reason_return_days", encoding="utf-8")
    old = "说明写好了，{{no_reason_return_days.days}}内提交。[^law]"
    assert told(with_guide(tiny_folder, GUIDE.replace(old, said % "no_reason_return_days"))) == []
    found = told(with_guide(tiny_folder, GUIDE.replace(old, said % "other_days")))
    assert len(found) == 1
    assert "guides/return_paper.md" in found[0]
    assert "topics/seven_days.md" in found[0]


def test_a_difference_is_declared_against_a_file_that_exists(tiny_folder: Path) -> None:
    library = added(tiny_folder, "rules/rival_line.yaml", RIVAL.replace("checked_on:", "differs_from: {lost_line: 旧}\nchecked_on:"))
    assert any("rival_line.yaml" in one and "differs_from" in one and "lost_line" in one for one in problems(library, NOW))
