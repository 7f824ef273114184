"""Conversations from a file: one line in, one line out, in order, whatever stands in a line."""

import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistant.batch import answer_file, answer_one, answer_turns
from assistant.errors import AssistantError
from assistant.store.schema import conversations

from .conftest import MakeEngine

KEYS = {"text", "status", "citations", "calculations", "suggestions", "ms"}
QUESTION = "成交1000单，判责7笔，纠纷退款率多少"


def test_one_question_gives_the_answer_object_of_the_contract(make_engine: MakeEngine) -> None:
    answer = answer_one(make_engine(), QUESTION)
    assert set(answer) == KEYS
    assert answer["status"] == "answered"
    (calculation,) = answer["calculations"]
    assert set(calculation) == {"metric", "label", "inputs", "value", "unit", "verdict", "rule"}
    assert calculation["value"] == 0.007
    assert calculation["inputs"] == {"liable_refunds": 7, "paid_suborders": 1000}
    assert {"id", "title", "source", "quote"} <= set(answer["citations"][0])
    assert json.loads(json.dumps(answer)) == answer


def test_turns_lean_on_each_other_and_leave_nothing_behind(make_engine: MakeEngine) -> None:
    engine = make_engine()
    answers = answer_turns(engine, [QUESTION, "判责换成20笔呢"], None)
    assert [answer["calculations"][0]["value"] for answer in answers] == [0.007, 0.02]
    assert engine.store.read(lambda connection: connection.scalar(sa.select(sa.func.count()).select_from(conversations))) == 0


def test_the_day_asked_from_reaches_the_rules(make_engine: MakeEngine) -> None:
    (answer,) = answer_turns(make_engine(), [QUESTION], date(2021, 5, 5))
    assert answer["calculations"][0]["verdict"] == "watch"


def lines_out(make_engine: MakeEngine, tmp_path: Path, text: str) -> list[dict[str, object]]:
    path = tmp_path / "cases.jsonl"
    path.write_text(text, encoding="utf-8")
    steps: list[tuple[int, int]] = []
    out = [json.loads(line) for line in answer_file(make_engine(), path, lambda done, total: steps.append((done, total)))]
    assert steps == [(number + 1, len(out)) for number in range(len(out))]
    return out


def test_a_file_is_answered_line_by_line_in_order(make_engine: MakeEngine, tmp_path: Path) -> None:
    text = "\n".join(json.dumps({"id": f"x{n}", "turns": [QUESTION], "other": 1}, ensure_ascii=False) for n in range(3))
    out = lines_out(make_engine, tmp_path, text + "\n\n")
    assert [line["id"] for line in out] == ["x0", "x1", "x2"]
    assert all(len(line["answers"]) == 1 for line in out)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "id", "told"),
    [
        ("{", None, "第2行"),
        ("[1]", None, "JSON 对象"),
        ('"纠纷"', None, "JSON 对象"),
        ('{"id": "bad"}', "bad", "turns"),
        ('{"id": "bad", "turns": []}', "bad", "turns"),
        ('{"id": "bad", "turns": "问"}', "bad", "turns"),
        ('{"id": "bad", "turns": [1]}', "bad", "turns"),
        ('{"id": "bad", "turns": ["问"], "as_of": "去年"}', "bad", "as_of"),
    ],
)
def test_a_bad_line_is_told_and_stops_nothing(
    make_engine: MakeEngine, tmp_path: Path, line: str, id: str | None, told: str
) -> None:
    good = json.dumps({"id": "x", "turns": [QUESTION]})
    first, bad, last = lines_out(make_engine, tmp_path, f"{good}\n{line}\n{good}")
    assert "answers" in first
    assert "answers" in last
    assert (bad["id"], "answers" in bad) == (id, False)
    assert "第2行" in str(bad["error"])
    assert told in str(bad["error"])


def test_a_line_is_counted_as_an_editor_counts_it(make_engine: MakeEngine, tmp_path: Path) -> None:
    good = json.dumps({"id": "x", "turns": [QUESTION]})
    out = lines_out(make_engine, tmp_path, f"{good}\n\n{{")
    assert "第3行" in str(out[1]["error"])


def test_separators_inside_a_question_do_not_cut_its_line(make_engine: MakeEngine, tmp_path: Path) -> None:
    text = json.dumps({"id": "x", "turns": [f"第一段\u2028{QUESTION}\x85"]}, ensure_ascii=False)
    (out,) = lines_out(make_engine, tmp_path, text)
    assert "answers" in out


def test_a_byte_order_mark_is_no_error(make_engine: MakeEngine, tmp_path: Path) -> None:
    (out,) = lines_out(make_engine, tmp_path, "\ufeff" + json.dumps({"id": "x", "turns": [QUESTION]}))
    assert "answers" in out


@pytest.mark.parametrize("question", ["", "\x00", "a\ud800天气", "<b>x</b>", "9" * 30_000])
def test_a_strange_question_still_gets_an_answer(make_engine: MakeEngine, tmp_path: Path, question: str) -> None:
    (out,) = lines_out(make_engine, tmp_path, json.dumps({"id": "x", "turns": [question]}))
    (answer,) = out["answers"]  # type: ignore[misc]
    assert set(answer) == KEYS


def test_a_file_that_cannot_be_read_is_a_sentence(make_engine: MakeEngine, tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes("{\"id\": \"甲\"}".encode("gb18030"))
    for name in ("nothing.jsonl", "latin.jsonl"):
        with pytest.raises(AssistantError, match=name):
            list(answer_file(make_engine(), tmp_path / name, lambda *_: None))
