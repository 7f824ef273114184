"""Results in columns, as files, and what changed between two of them."""

from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.results import Results, Trial, Tried, fingerprint
from assistant.side_by_side import compared, table
from assistant.spending import Spent

SPENT = Spent(calls=2, prompt=900, completion=100, model_ms=1500, caught=("number", "number", "promise"), instead=("timeout",))


def tried(id: str, *faults: str, kind: str = "metric", ms: float = 2, spent: Spent | None = None) -> Tried:
    """A case with a run for each fault; the first one spent something."""
    trials = tuple(
        Trial(fault=fault, status="answered", text="", ms=ms, spent=spent if spent and not place else Spent())
        for place, fault in enumerate(faults)
    )
    return Tried(id=id, kind=kind, question=f"问{id}", trials=trials)


COMPOSER = Results(answerer="composer", made_at="2026-11-23T08:00:00+00:00", cases=(
    tried("a", "", ""), tried("b", "没有算出 1", ""), tried("c", "", "", kind="refuse"), tried("d", "状态是 asked", "", kind="refuse"),
))
MODEL = Results(answerer="model", model="openai:some", made_at="2026-11-23T09:00:00+00:00", prices="1,10", prompts={"agent.md": "1"}, cases=(
    tried("a", "", "", spent=SPENT), tried("b", "", ""), tried("c", "", "不该说 保证", kind="refuse"), tried("d", "状态是 asked", "", kind="refuse"),
))


def test_one_answerer_is_told_with_what_failed() -> None:
    told = table([COMPOSER], failing=True).splitlines()
    assert [line.split() for line in told[:4]] == [
        ["类别", "条数", "通过", "通过率", "pass^2"], ["metric", "2", "1", "75.0%", "50.0%"], ["refuse", "2", "1", "75.0%", "50.0%"],
        ["合计", "4", "2", "75.0%", "50.0%"],
    ]
    assert told[4:] == ["每轮用时：中位 2.0 ms，p95 2.0 ms", "  b 问b — 没有算出 1", "  d 问d — 状态是 asked"]
    assert "问b" not in table([COMPOSER], failing=False)


def test_two_answerers_stand_side_by_side() -> None:
    told = table([COMPOSER, MODEL], failing=True).splitlines()
    assert [line.split() for line in told[:4]] == [
        ["类别", "条数", "composer", "pass^2", "model", "pass^2"], ["metric", "2", "75.0%", "50.0%", "100.0%", "100.0%", "+25.0"],
        ["refuse", "2", "75.0%", "50.0%", "50.0%", "0.0%", "-25.0"], ["合计", "4", "75.0%", "50.0%", "75.0%", "50.0%", "+0.0"],
    ]
    assert told[6:] == [
        "model 模型：调用 2 次，共 1.5 s，输入 900、输出 100 token，费用 0.0019", "model 护栏改掉或拦下 3 句（number 2，promise 1）",
        "model 改由规则作答 1 轮（timeout 1）", "model 比 composer 差：1条", "  c 问c — 不该说 保证", "model 比 composer 好：1条",
        "  b 问b — 没有算出 1",
    ]


def test_results_are_kept_and_read_again(tmp_path: Path) -> None:
    first, second = MODEL.save(tmp_path / "kept"), MODEL.save(tmp_path / "kept")
    assert [first.name, second.name] == ["model-2026-11-23-090000.json", "model-2026-11-23-090000-2.json"]
    assert Results.read(first) == Results.read(second) == MODEL
    (tmp_path / "occupied").write_text("")
    with pytest.raises(AssistantError, match="occupied"):
        MODEL.save(tmp_path / "occupied")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"answerer": "a", "rates": []}'])
def test_a_file_that_holds_no_results_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text)
    with pytest.raises(AssistantError, match=r"odd\.json"):
        Results.read(tmp_path / "odd.json")


def test_two_prompt_versions_are_compared() -> None:
    after = MODEL.model_copy(update={"prompts": {"agent.md": "2"}, "knowledge": "k", "cases": (*MODEL.cases[1:], tried("e", ""))})
    told = compared(MODEL, after)
    assert "A：model openai:some 2026-11-23T09:00 每条2遍" in told
    assert "提示词 agent.md 不同：1 → 2" in told
    assert "知识不同" in told
    assert "只在一边有的用例 2 条" in told
    assert told.splitlines()[-1] == "B 比 A 好：0条"
    assert "知识" not in compared(MODEL, MODEL)


def test_a_fingerprint_tells_contents_and_names_apart(tmp_path: Path) -> None:
    for name, text in (("a", "1"), ("b", "2"), ("c", "1")):
        (tmp_path / name).write_text(text)
    a, b, c = (tmp_path / name for name in "abc")
    assert fingerprint([a, b]) == fingerprint([b, a])
    assert len({fingerprint(files) for files in ([a], [b], [c], [a, b], [])}) == 5
