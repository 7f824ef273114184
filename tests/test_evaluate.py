"""Cases are data; an answer is held against plain facts and the first thing wrong is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import AssistantError
from assistant.evaluate import Case, Expect, evaluate, fault, read_cases

from .conftest import KNOWLEDGE, MakeEngine

ANSWER: dict[str, Any] = {
    "text": "**纠纷退款率：0.7%**\n\n超过了 1,200 元，已**停用**。", "status": "answered", "ms": 1.0, "suggestions": [],
    "citations": [{"id": "rule/dispute_line"}],
    "calculations": [{"metric": "dispute_refund_rate", "value": 0.007}, {"metric": "no_reason_return_deadline", "value": "2026-11-04"}],
}


@pytest.mark.parametrize(
    "expect",
    [
        {}, {"status": "answered"}, {"status": "declined|answered"}, {"values": [{"value": 0.007}]},
        {"values": [{"value": 0.0071, "tol": 0.0001}]}, {"values": [{"value": 0.007, "metric": "dispute_refund_rate"}]},
        {"say": [["没有", "停用"], ["1200元"]]}, {"say": [["1,200"]]}, {"never": ["没有停用"]}, {"cite": True},
        {"cite": "rule/dispute_line"},
    ],
)
def test_an_answer_that_holds_everything_has_no_fault(expect: dict[str, Any]) -> None:
    assert fault(Expect(**expect), ANSWER) == ""


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ({"status": "asked"}, "asked"), ({"values": [{"value": 0.008}]}, "0.008"),
        ({"values": [{"value": 0.007, "metric": "refund_rate"}]}, "0.007"), ({"say": [["停用"], ["现行"]]}, "现行"),
        ({"never": ["停用"]}, "停用"), ({"cite": "rule/other"}, "rule/other"),
    ],
)
def test_the_first_thing_wrong_is_named(expect: dict[str, Any], told: str) -> None:
    assert told in fault(Expect(**expect), ANSWER)


def test_an_answer_without_sources_is_a_fault_where_one_is_wanted() -> None:
    assert fault(Expect(cite=True), {**ANSWER, "citations": []}) != ""


def test_a_report_counts_by_kind_and_lists_what_failed(make_engine: MakeEngine) -> None:
    question = "成交1000单，判责7笔，纠纷退款率多少"
    cases = [
        Case(id="one", kind="metric", area="ecommerce", turns=(question,), expect=Expect(values=({"value": 0.007},))),
        Case(id="two", kind="metric", area="ecommerce", turns=(question,), expect=Expect(status="declined")),
        Case(id="three", kind="multi", area="ecommerce", turns=(question, "判责换成20笔呢"), expect=Expect(values=({"value": 0.02},))),
        Case(id="four", kind="asof", area="ecommerce", turns=(question,), as_of="2021-05-05", expect=Expect(say=(("接近红线",),))),
    ]
    steps: list[tuple[int, int]] = []
    report = evaluate(make_engine(), cases, lambda done, total: steps.append((done, total)))
    assert [bool(outcome.fault) for outcome in report.outcomes] == [False, True, False, False]
    assert (report.rate, steps) == (0.75, [(1, 4), (2, 4), (3, 4), (4, 4)])
    table = report.table(failing=True)
    assert "50.0%" in table
    assert "75.0%" in table
    assert "two" in table
    assert "two" not in report.table(failing=False)


def test_no_cases_make_a_report_of_nothing(make_engine: MakeEngine) -> None:
    report = evaluate(make_engine(), [], lambda *_: None)
    assert report.rate == 0
    assert "0" in report.table(failing=True)


CASE = {"id": "x", "kind": "metric", "area": "kpi", "turns": ["问"], "expect": {"status": "answered"}}


def test_cases_are_read_from_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.yaml").write_text(f"- {json.dumps(CASE)}\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({**CASE, "id": "y"}) + "\n\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no case", encoding="utf-8")
    assert sorted(case.id for case in read_cases([tmp_path])) == ["x", "y"]
    assert [case.id for case in read_cases([tmp_path / "b.jsonl"])] == ["y"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.jsonl", "{", "a.jsonl"), ("a.jsonl", '{"id": "x"}', "a.jsonl"), ("a.yaml", "- {id: [}", "a.yaml"),
        ("a.yaml", json.dumps([{**CASE, "expct": {}}]), "expct"), ("a.yaml", json.dumps([{**CASE, "expect": {"sayy": []}}]), "sayy"),
        ("a.jsonl", "", "用例"), ("a.yaml", "kind: metric", "a.yaml"),
        ("a.yaml", json.dumps([{**CASE, "as_of": "去年"}]), "as_of"),
        ("a.yaml", json.dumps([{**CASE, "turns": []}]), "turns"),
        ("a.yaml", json.dumps([{**CASE, "expect": {"say": [["(没"]]}}]), "say"),
    ],
)
def test_a_wrong_case_is_told_with_file_or_field(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(AssistantError, match=told):
        read_cases([tmp_path])


def test_a_case_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes("{\"id\": \"甲\"}".encode("gb18030"))
    with pytest.raises(AssistantError, match=r"a\.jsonl"):
        read_cases([tmp_path])


def test_our_own_cases_can_be_read_and_have_names_of_their_own() -> None:
    cases = read_cases([KNOWLEDGE.parent / "tests" / "cases"])
    assert len({case.id for case in cases}) == len(cases) > 20
