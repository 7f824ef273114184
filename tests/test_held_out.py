"""An eighth of the ways to ask becomes queries, and none of them stands in the corpus."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.bench_retrieval import Asked, Passage
from assistant.check import problems
from assistant.errors import AssistantError, KnowledgeError
from assistant.generation.searchable import folded
from assistant.held_out import FEWEST_KEPT, FEWEST_QUESTIONS, PARTS, hold_out, make, part_of
from assistant.judgements import read_judgements
from assistant.library import Library

DAY = date(2026, 11, 23)
QUESTIONS = st.text("退货保费几天多少吗？", min_size=1, max_size=8)


@st.composite
def collections(draw: st.DrawFn) -> list[Passage]:
    asked = draw(st.lists(st.lists(QUESTIONS, max_size=12), min_size=1, max_size=5))
    titles = draw(st.lists(QUESTIONS, min_size=len(asked), max_size=len(asked)))
    return [Passage(f"d{n}", title, "", tuple(questions)) for n, (title, questions) in enumerate(zip(titles, asked, strict=True))]


@given(collections(), st.integers(0, PARTS - 1))
def test_no_query_stands_in_the_corpus(documents: list[Passage], part: int) -> None:
    held = hold_out(documents, {}, {}, part)
    standing = {folded(text) for document in documents for text in (document.title, *held.kept[document.id])}
    assert not standing & {folded(question) for question in held.queries}


@given(collections(), st.integers(0, PARTS - 1))
def test_only_questions_of_the_part_are_left_out_and_enough_stay(documents: list[Passage], part: int) -> None:
    held = hold_out(documents, {}, {}, part)
    for document in documents:
        kept = held.kept[document.id]
        out = [question for question in document.questions if question not in kept]
        assert all(part_of(question) == part for question in out)
        if len(document.questions) < FEWEST_QUESTIONS:
            assert kept == document.questions
        elif len(set(document.questions)) == len(document.questions):
            assert len(kept) >= FEWEST_KEPT
    for question, groups in held.queries.items():
        assert part_of(question) == part
        assert groups


def test_a_group_is_judged_as_one_and_judgements_are_added() -> None:
    questions = [f"退货第{n}问" for n in range(40)]
    own = [Passage("topic/a", "甲", "", tuple(questions[:20])), Passage("rule/a", "乙", "", tuple(questions[20:]))]
    documents = [*own, Passage("topic/b", "丙", "")]
    judged = dict.fromkeys(questions, ("topic/b", "rule/a", "topic/gone"))
    held = hold_out(documents, {"rule/a": "topic/a"}, judged)
    assert held.queries
    assert set(held.queries.values()) == {("topic/a", "topic/b")}


def test_the_same_folder_is_made_twice(library: Library, tmp_path: Path) -> None:
    made = [make(tmp_path / name, library, DAY) for name in ("one", "two")]
    assert made[0] == made[1]
    for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_what_is_made_can_be_read_and_keeps_groups_and_judgements(library: Library, tmp_path: Path) -> None:
    made = make(tmp_path, library, DAY, 5)
    asked = Asked.read(tmp_path)
    assert (len(asked.corpus), len(asked.queries)) == (made.documents, made.queries)
    assert asked.leads == library.leads
    ids = {passage.id for passage in asked.corpus}
    assert all(document in ids and document not in asked.leads for grades in asked.judged.values() for document in grades)
    texts = {folded(question) for passage in asked.corpus for question in passage.questions}
    assert not texts & {folded(text) for text in asked.queries.values()}
    judged = {text: set(asked.judged[id]) for id, text in asked.queries.items()}
    known = {question: ids for question, ids in library.judgements.items() if question in judged}
    assert known
    assert all({library.leads.get(id, id) for id in ids} <= judged[question] for question, ids in known.items())
    assert all(part_of(json.loads(line)["text"]) == 5 for line in (tmp_path / "queries.jsonl").read_text("utf-8").splitlines())


def test_every_question_is_in_one_of_the_parts_always() -> None:
    assert [part_of(question) for question in ("七天无理由从哪天起算", " 七天無理由從哪天起算")] == [part_of("七天无理由从哪天起算")] * 2
    assert {part_of(str(n)) for n in range(200)} == set(range(PARTS))


def test_a_folder_that_cannot_be_written_is_told(library: Library, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(AssistantError, match="写不进去"):
        make(tmp_path / "taken", library, DAY)


@pytest.mark.parametrize(("text", "told"), [("问句 没有制表符", "第1行"), ("# 说明\n问句\t ,", "第2行"), ("问\ta\n问\tb", "第2行.*两次")])
def test_a_wrong_line_of_the_judgements_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "judgements.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=told):
        read_judgements(path)


def test_judgements_of_what_is_gone_are_told(tiny_folder: Path, tiny: Library) -> None:
    question = next(iter(tiny.topics.values())).questions[0]
    (tiny_folder / "judgements.tsv").write_text(f"没有这一问\ttopic/gone\n{question}\trule/dispute_line\n", encoding="utf-8")
    told = [problem for problem in problems(Library.read(tiny_folder)) if "judgements" in problem]
    assert len(told) == 2
    assert all("没有这一问" in problem for problem in told)
    assert "topic/gone" in told[1]


def test_judgements_are_read_and_may_be_absent(tmp_path: Path) -> None:
    path = tmp_path / "judgements.tsv"
    assert read_judgements(path) == {}
    path.write_text("# 说明\n\n几天能退\ttopic/a, topic/b\n", encoding="utf-8")
    assert read_judgements(path) == {"几天能退": ("topic/a", "topic/b")}
