"""What an editor should mend is found and told with the file it stands in."""

from pathlib import Path

import pytest

from assistant.check import problems
from assistant.library import Library


def new_problems(folder: Path, tiny: Library, name: str, old: str, new: str) -> list[str]:
    """What is told of the tiny knowledge after one change and was not told before."""
    path = next(folder.rglob(name))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    before = set(problems(tiny))
    return [problem for problem in problems(Library.read(folder)) if problem not in before]


def test_sound_topics_and_rules_have_no_problem(tiny: Library) -> None:
    assert [problem for problem in problems(tiny) if problem.startswith(("topics/", "rules/", "tables/", "sources"))] == []


def test_a_metric_without_a_definition_is_told(tiny: Library) -> None:
    assert any("nps" in problem and "defines: nps" in problem for problem in problems(tiny))
    assert not any("defines: dispute_refund_rate" in problem for problem in problems(tiny))


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("seven_days.md", "sources: [law]", "sources: [law, lost]", "lost"),
        ("dispute_advice.md", "metrics: [dispute_refund_rate]", "metrics: [dispute_rate]", "dispute_rate"),
        ("dispute_advice.md", "timeline: [dispute_line]", "timeline: [other_line]", "other_line"),
        ("dispute_advice.md", "rules: [dispute_line]", "rules: [third_line]", "third_line"),
        ("dispute_advice.md", "掉。[^page]", "掉。[^blog]", "blog"),
        ("dispute_advice.md", "dispute_refund_rate.window", "dispute_refund_rate.windows", "windows"),
        ("dispute_line.yaml", "metric: dispute_refund_rate", "metric: no_metric", "no_metric"),
        ("dispute_refund_rate.yaml", "improve: dispute_advice", "improve: no_topic", "no_topic"),
        ("dispute_refund_rate.yaml", "defines: dispute_refund_rate", "defines: no_metric", "no_metric"),
        ("absorption_line.yaml", "sources: [page]", "sources: [nowhere]", "nowhere"),
        ("compulsory_region.yaml", "sources: [law]", "sources: [nowhere]", "nowhere"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(
    tiny_folder: Path, tiny: Library, name: str, old: str, new: str, told: str
) -> None:
    found = new_problems(tiny_folder, tiny, name, old, new)
    assert any(name in problem and told in problem for problem in found), found


def test_a_rule_that_a_metric_borrows_from_must_exist(tiny: Library) -> None:
    assert any("labor_severance" in problem and "severance_pay" in problem for problem in problems(tiny))
    assert not any("no_reason_return_days" in problem for problem in problems(tiny))


@pytest.mark.parametrize("bare", ["3天内申诉", "三天内申诉", "最多２次", "涨百分之五", "扣两成", "等5%", "罚五十元", "十五个工作日"])
@pytest.mark.parametrize("name", ["dispute_advice.md", "dispute_line.yaml"])
def test_a_number_written_into_prose_is_told(tiny_folder: Path, tiny: Library, name: str, bare: str) -> None:
    old = "以后台显示为准。" if name.endswith(".md") else "保持住。"
    found = new_problems(tiny_folder, tiny, name, old, f"{bare}。")
    assert len(found) == 1
    assert name in found[0]
    assert "直接写了数字" in found[0]


@pytest.mark.parametrize("fine", ["打12315问问", "见第十六条", "见第585条", "S1说过", "一定先问客服", "双11前看后台", "日常多看"])
def test_names_that_hold_numbers_are_no_bare_numbers(tiny_folder: Path, tiny: Library, fine: str) -> None:
    assert new_problems(tiny_folder, tiny, "dispute_advice.md", "以后台显示为准。", f"{fine}。") == []


def test_a_year_is_history_in_a_rule_and_a_number_in_a_topic(tiny_folder: Path, tiny: Library) -> None:
    assert new_problems(tiny_folder, tiny, "dispute_line.yaml", "保持住。", "2021年改过。") == []
    assert new_problems(tiny_folder, tiny, "dispute_advice.md", "以后台显示为准。", "2021年改过。") != []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("value: 0.02, level: breach", "value: 0.02, level: ok", "0.02"),
        ("value: 0.004, level: ok, word: 合格", "value: 0.004, level: ok, word: 优秀", "0.004"),
        ("number: breach, equals: 0.01", "number: breach, equals: 0.02", "breach"),
        ("day: 2019-01-01, value", "day: 2017-01-01, value", "2017-01-01"),
    ],
)
def test_an_example_that_does_not_hold_is_told(tiny_folder: Path, tiny: Library, old: str, new: str, told: str) -> None:
    found = new_problems(tiny_folder, tiny, "dispute_line.yaml", old, new)
    assert len(found) == 1
    assert "dispute_line.yaml" in found[0]
    assert told in found[0]
