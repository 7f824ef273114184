"""Cases are data; an answer is held against plain facts and the first thing wrong is named."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from assistant import tracing
from assistant.answer import Answerer, Done, Event, Turn
from assistant.errors import AssistantError
from assistant.evaluate import Case, Expect, evaluate, fault, read_cases, sampled
from assistant.side_by_side import table

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


QUESTION = "成交1000单，判责7笔，纠纷退款率多少"


def case(id: str, kind: str = "metric", turns: tuple[str, ...] = (QUESTION,), as_of: str | None = None, **expect: Any) -> Case:
    return Case(id=id, kind=kind, area="ecommerce", turns=turns, as_of=as_of, expect=Expect(**expect))


def test_cases_are_asked_and_graded(make_engine: MakeEngine) -> None:
    cases = [
        case("one", values=({"value": 0.007},)), case("two", status="declined"),
        case("three", "multi", (QUESTION, "判责换成20笔呢"), values=({"value": 0.02},)),
        case("four", "asof", as_of="2021-05-05", say=(("接近红线",),)),
    ]
    steps: list[tuple[int, int]] = []
    results = evaluate(make_engine(), cases, lambda done, total: steps.append((done, total)), answerer="ours")
    assert [bool(tried.fault) for tried in results.cases] == [False, True, False, False]
    assert (results.answerer, results.rate, steps) == ("ours", 0.75, [(1, 4), (2, 4), (3, 4), (4, 4)])
    told = results.cases[0].trials[0]
    assert (told.status, "0.7%" in told.text, told.ms > 0) == ("answered", True, True)


class Forgetful:
    """Answers a third of the time: not the second and third run of a case."""

    def __init__(self, composer: Answerer) -> None:
        self.composer, self.calls = composer, 0

    async def __call__(self, turn: Turn) -> AsyncIterator[Event]:
        self.calls += 1
        if self.calls % 3 != 1:
            yield Done("declined")
            return
        async for event in self.composer(turn):
            yield event


def test_a_case_is_asked_several_times(make_engine: MakeEngine) -> None:
    engine = make_engine()
    engine.answerer = Forgetful(engine.answerer)
    results = evaluate(engine, [case("one", status="answered"), case("two", status="answered")], lambda *_: None, 3)
    assert [[trial.status for trial in tried.trials] for tried in results.cases] == [["answered", "declined", "declined"]] * 2
    assert [tried.all_pass(k) for tried in results.cases[:1] for k in (1, 2, 3)] == [pytest.approx(1 / 3), 0, 0]
    assert results.cases[0].fault


def test_what_was_spent_is_read_from_the_spans(make_engine: MakeEngine) -> None:
    engine = make_engine()
    composer = engine.answerer

    async def costly(turn: Turn) -> AsyncIterator[Event]:
        with tracing.span("chat some", {tracing.OPERATION: tracing.CHAT, tracing.PROMPT_TOKENS: 100, tracing.COMPLETION_TOKENS: 20}):
            pass
        with tracing.span("guard") as guard:
            guard.happened(tracing.CAUGHT, {tracing.WHY: "number"})
        with tracing.span("answer", {tracing.INSTEAD: "timeout"}):
            async for event in composer(turn):
                yield event

    engine.answerer = costly
    results = evaluate(engine, [case("one", turns=(QUESTION, QUESTION)), case("two")], lambda *_: None)
    first, second = (tried.trials[0].spent for tried in results.cases)
    assert (first.calls, first.prompt, first.completion, first.caught, first.instead) == (2, 200, 40, ("number",) * 2, ("timeout",) * 2)
    assert (second.calls, second.prompt) == (1, 100)
    assert (results.spent.calls, results.spent.model_ms > 0, results.cost) == (3, True, None)
    assert results.model_copy(update={"prices": "2,10"}).cost == pytest.approx((300 * 2 + 60 * 10) / 1e6)


def test_no_cases_make_results_of_nothing(make_engine: MakeEngine) -> None:
    results = evaluate(make_engine(), [], lambda *_: None)
    assert (results.rate, results.repeats) == (0, 1)
    assert "0" in table([results], failing=True)


def test_a_sample_holds_every_kind_and_is_always_the_same() -> None:
    cases = [case(f"{kind}{place}", kind) for kind, count in (("asof", 1), ("metric", 30), ("multi", 9)) for place in range(count)]
    assert [one.id for one in sampled(cases, 6)] == ["asof0", "metric0", "metric10", "metric20", "multi0", "multi4"]
    assert sampled(cases, 100) == cases


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
