"""No number comes from nowhere: what an answer tells stands in the question, in a calculation or in a source it cites."""

from datetime import date
from typing import Any

import pytest

from assistant.batch import answer_turns
from assistant.engine import Engine
from assistant.evaluate import Case, read_cases, sampled

from .conftest import KNOWLEDGE, TODAY
from .numbers_told import computed, in_any_way, in_digits

CASES = read_cases([KNOWLEDGE.parent / "tests" / "cases"])
SHARES = 16  # shared by all workers; tells where a red run lies
SAMPLE = 1200


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """A sample of every kind, or all: `make provenance`."""
    return CASES if request.config.getoption("--every-case") else sampled(CASES, SAMPLE)


def unproved(answer: dict[str, Any], questions: list[str], day: date) -> list[str]:
    """The numbers of an answer that are neither asked with, computed, cited nor the day it is asked on."""
    told = [*questions, day.isoformat()]
    told += [citation[part] for citation in answer["citations"] for part in ("quote", "title", "source", "period")]
    known = [number for text in told for number in in_any_way(text)]
    results = [
        number for one in answer["calculations"] for number in (*computed(one["value"], one["unit"]), *computed(one["inputs"]))
    ]
    return [
        number.raw for number in in_digits(answer["text"])
        if not any(number.same(other) for other in known) and not any(number.rounds(other) for other in results)
    ]


@pytest.mark.parametrize("share", range(SHARES))
def test_every_number_of_every_answer_has_a_source(engine: Engine, cases: list[Case], share: int) -> None:
    found: dict[str, list[str]] = {}
    for case in cases[share::SHARES]:
        for turn, answer in enumerate(answer_turns(engine, list(case.turns), case.as_of), 1):
            if bad := unproved(answer, list(case.turns[:turn]), case.as_of or TODAY):
                found[f"{case.id} {turn}: {case.turns[turn - 1]}"] = bad
    assert found == {}


ANSWER: dict[str, Any] = {
    "text": "", "citations": [{"quote": "成交1,200笔，线是0.5%。", "title": "三十天", "source": "《条例》2017年版", "period": "2017-04-06 止"}],
    "calculations": [{"value": 0.0058333, "unit": "ratio", "inputs": {"liable": 7.0, "day": "2026-11-04"}}],
}


@pytest.mark.parametrize("text", [
    "1200", "1,200笔", "0.12万", "0.5%", "千分之5", "5‰", "30天", "2017年", "2017年4月", "2017-04-06", "0.583%", "0.58333%", "7笔",
    "2026年11月4日", "11月4日", "24000元", "8,600", "2026-11-23", "1. 先看\n2. 再看[3]", "4S店", "没有数",
])
def test_a_number_told_before_is_proved_in_any_notation(text: str) -> None:
    assert unproved(ANSWER | {"text": text}, ["价格2万4，还有八千六"], TODAY) == []


@pytest.mark.parametrize("text", ["1201", "120", "0.5", "5%", "31天", "2018年", "2017-04-07", "2017年5月", "0.584%", "70", "11月5日", "12315", "-7‰"])
def test_a_number_told_nowhere_is_found(text: str) -> None:
    assert len(unproved(ANSWER | {"text": f"这里写着{text}。"}, ["价格2万4"], TODAY)) == 1
