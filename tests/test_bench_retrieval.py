"""Retrieval quality over a folder in BEIR's format."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.bench_retrieval import measure, ndcg, run
from assistant.errors import AssistantError
from assistant.search import Found, Hit, Mode, Search
from assistant.settings import Settings

from .conftest import KNOWLEDGE

CORPUS = [
    {"_id": "d1", "title": "七天无理由", "text": "签收次日起七日内可以退货。"},
    {"_id": "d2", "title": "交强险保费", "text": "基础保费乘以浮动比率。", "questions": ["交强险一年多少钱"]},
    {"_id": "d3", "title": "快递申诉", "text": "向邮政管理部门申诉。"},
    {"_id": "d4", "text": "零服吸收率是售后毛利除以全店费用。"},
]
QUERIES = [
    {"_id": "q1", "text": "几天内能无理由退货"}, {"_id": "q2", "text": "交强险要交多少"}, {"_id": "q3", "text": "零服吸收率"},
    {"_id": "q4", "text": "没有判定的问句"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t2\nq2\td3\t0\nq3\td4\t1\n"


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    for name, lines in (("corpus", CORPUS), ("queries", QUERIES)):
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (folder / f"{name}.jsonl").write_text(text + "\n\n", encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return folder


@pytest.mark.xdist_group("index")
def test_a_small_folder_is_measured_in_every_mode(beir: Path) -> None:
    steps: list[tuple[int, int]] = []
    table = run(beir, Settings(knowledge_dir=KNOWLEDGE), lambda done, total: steps.append((done, total)))
    rows = {line.split()[0]: [float(part) for part in line.split()[1:]] for line in table.split("\n") if re.match(r"(bm25|dense|hybrid) ", line)}
    assert set(rows) == {"bm25", "dense", "hybrid"}
    for recall1, recall5, recall10, mrr, gain, _ in rows.values():
        assert 0 < recall1 <= recall5 <= recall10 <= 1
        assert recall1 <= mrr <= 1
        assert 0 < gain <= 1
    assert rows["hybrid"][:5] == [1, 1, 1, 1, 1]
    assert "语料4篇，问句3条" in table
    assert "去掉" not in table
    assert steps[-1][0] == steps[-1][1] > 0


@pytest.mark.xdist_group("index")
def test_every_part_is_left_out_once(beir: Path) -> None:
    table = run(beir, Settings(knowledge_dir=KNOWLEDGE), lambda *_: None, ablate=True)
    assert [line.split()[0] for line in table.split("\n")[1:-1]] == [
        "bm25", "dense", "hybrid", "去掉同义词", "不合并同组", "去掉标题", "去掉正文", "去掉问法",
    ]


class Listed(Search):
    """A search that returns the lists it was given."""

    def __init__(self, found: dict[str, list[str]], leads: Mapping[str, str] | None = None) -> None:
        self.listed, self.leads = found, leads or {}

    def find(self, question: str, limit: int = 8, *, mode: Mode = "hybrid") -> Found:
        return Found(tuple(Hit(id, 1.0, 1.0, 1.0) for id in self.listed[question][:limit]), 1.0)


def test_the_means_are_those_worked_out_by_hand() -> None:
    found = {"甲": ["x", "a", "b"], "乙": ["c"]}
    scores = measure(Listed(found), {"1": "甲", "2": "乙"}, {"1": {"a": 1, "b": 1, "z": 1, "y": 0}, "2": {"c": 2}}, "hybrid")
    assert scores.recall[1] == pytest.approx((0 + 1) / 2)
    assert scores.recall[5] == pytest.approx((2 / 3 + 1) / 2)
    assert scores.mrr == pytest.approx((1 / 2 + 1) / 2)
    assert scores.ms >= 0


def test_recall_is_capped_where_more_is_relevant_than_can_be_found() -> None:
    scores = measure(Listed({"甲": ["a", "b", "c", "d", "e"]}), {"1": "甲"}, {"1": dict.fromkeys("abcdefghijkl", 1)}, "hybrid")
    assert scores.recall[1] == 1
    assert scores.recall[5] == 1
    assert scores.recall[10] == pytest.approx(5 / 10)


@given(st.lists(st.sampled_from("abcdefghijklmn"), unique=True), st.sets(st.sampled_from("abcdefghijklmn"), min_size=1))
def test_recall_is_a_share_of_what_the_cut_allows(found: list[str], relevant: set[str]) -> None:
    scores = measure(Listed({"甲": found}), {"1": "甲"}, {"1": dict.fromkeys(relevant, 1)}, "hybrid")
    assert all(0 <= share <= 1 for share in scores.recall.values())
    best = measure(Listed({"甲": sorted(relevant)}), {"1": "甲"}, {"1": dict.fromkeys(relevant, 1)}, "hybrid")
    assert all(share == 1 for cut, share in best.recall.items() if cut <= len(relevant) or len(relevant) <= 10)


@pytest.mark.parametrize("searched", [{"rule": "topic"}, {}])
def test_documents_of_one_group_count_once(searched: Mapping[str, str]) -> None:
    leads = {"rule": "topic"}
    scores = measure(Listed({"甲": ["x", "rule", "topic", "b"]}, searched), {"1": "甲"}, {"1": {"topic": 1, "b": 1}}, "hybrid", leads)
    assert scores.mrr == pytest.approx(1 / 2)
    assert scores.recall[1] == 0
    assert scores.recall[5] == 1


def test_gain_falls_with_the_rank_and_rises_with_the_grade() -> None:
    assert ndcg(["a", "b"], {"a": 2, "b": 1}) == 1
    assert ndcg(["x", "a"], {"a": 1}) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg(["b", "a"], {"a": 2, "b": 1}) < 1
    assert ndcg(["x"], {"a": 1}) == 0
    assert ndcg(["a"], {}) == 0


@given(st.lists(st.sampled_from("abcdefghijklmn"), unique=True), st.dictionaries(st.sampled_from("abcdefghijklmn"), st.integers(0, 3)))
def test_gain_is_a_share_of_the_best_possible(found: Sequence[str], grades: dict[str, int]) -> None:
    best = sorted(grades, key=lambda id: -grades[id])
    assert 0 <= ndcg(found, grades) <= 1 + 1e-12
    assert ndcg(found, grades) <= ndcg(best, grades) + 1e-12


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("corpus.jsonl", "{", "第1行"),
        ("corpus.jsonl", '{"_id": "a", "text": "甲"}\n{"_id": "b"}', "第2行"),
        ("corpus.jsonl", "[]", "第1行"),
        ("corpus.jsonl", "", "语料"),
        ("queries.jsonl", "not json", "第1行"),
        ("queries.jsonl", "", "问句"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\n", "第2行.*三列"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tgood\n", "第2行"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t0\n", "判定"),
    ],
)
def test_a_wrong_file_is_told_with_its_place(beir: Path, name: str, text: str, told: str) -> None:
    (beir / name).write_text(text, encoding="utf-8")
    with pytest.raises(AssistantError, match=told):
        run(beir, Settings(knowledge_dir=KNOWLEDGE), lambda *_: None)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_told_by_name(beir: Path, name: str) -> None:
    (beir / name).unlink()
    with pytest.raises(AssistantError, match=Path(name).name):
        run(beir, Settings(knowledge_dir=KNOWLEDGE), lambda *_: None)
