"""What is found for a question, and how far it is trusted. Model, Chroma and BM25 are real."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assistant.embedding import Embedder
from assistant.errors import KnowledgeError
from assistant.generation.reading import Near
from assistant.index import Index
from assistant.lexical import tokens
from assistant.search import Evidence, Retrieval, Search, Signals
from assistant.strangers import Strangers

RETRIEVAL = Retrieval.read(Path(__file__).resolve().parent.parent / "knowledge" / "retrieval.yaml")
UNVOTED = RETRIEVAL.model_copy(update={"vote_weight": 0.0})


@dataclass(frozen=True)
class Page:
    """A document as the index sees it."""

    id: str
    title: str
    questions: tuple[str, ...]
    text: str


PAGES = [
    Page("topic/dispute", "纠纷退款率怎么算", ("纠纷退款率的口径", "小二判我责任算不算纠纷退款"), "判定商家责任的退款笔数除以成交笔数。[^S1]"),
    Page("topic/seven_days", "七天无理由从哪天算", ("七天无理由退货怎么数天数", "签收当天算不算"), "自签收次日起算。"),
    Page("topic/rear_end", "被追尾对方不赔", ("对方全责不肯赔钱怎么办", "代位求偿怎么走"), "可以找自己的保险公司先赔。"),
    Page("topic/absorption", "零服吸收率", ("零服吸收率多少算好", "售后毛利养不养得起店"), "售后毛利除以全店费用。"),
    Page("topic/fine", "没完成任务被罚款", ("公司完不成任务扣工资合法吗", "业绩没达标罚钱"), "企业没有罚款权。"),
    Page("topic/parts", "配件周转", ("配件库存周转率", "配件积压怎么办"), "年出库成本除以平均库存。"),
]


@pytest.fixture(scope="module")
def search(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    """A small index with the project's own weights."""
    index = Index(tmp_path_factory.mktemp("search"), embedder)
    index.sync(PAGES)
    yield Search(index, embedder, RETRIEVAL, {"零服吸收率": ("服务吸收度",)})
    index.close()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("纠纷退款率咋算的", "topic/dispute"),
        ("別人追尾我，他全責又不賠，怎麼辦", "topic/rear_end"),
        ("业绩不达标公司罚我钱", "topic/fine"),
        ("售后挣的毛利够不够养店", "topic/absorption"),
        ("收到货第几天还能无理由退", "topic/seven_days"),
    ],
)
def test_the_fitting_document_comes_first(search: Search, question: str, expected: str) -> None:
    assert search.find(question).hits[0].id == expected


def test_every_spelling_finds_the_same(search: Search) -> None:
    plain = search.find("配件库存周转率是多少")
    for spelling in ("配件庫存周轉率是多少", "配件库存周转率\u200b是多少", " 配件库存周转率是多少 "):
        assert search.find(spelling) == plain
    assert search.find("４Ｓ店ＣＳＩ") == search.find("4s店csi")


def test_a_synonym_leads_to_our_word(search: Search) -> None:
    with_ours = search.find("服务吸收度", mode="bm25")
    assert with_ours.hits[0].id == "topic/absorption"
    without = Search(search.index, search.embedder, RETRIEVAL).find("服务吸收度", mode="bm25")
    assert with_ours.hits[0].lexical > without.hits[0].lexical


def test_modes_use_their_side_only(search: Search) -> None:
    assert all(hit.dense == 0 for hit in search.find("配件周转", mode="bm25").hits)
    assert all(hit.lexical == 0 for hit in search.find("配件周转", mode="dense").hits)
    assert search.find("配件周转").hits[0].lexical > 0


def test_strangers_are_trusted_less(search: Search) -> None:
    known = min(search.find(page.questions[0] + "呢").confidence for page in PAGES)
    strange = max(search.find(text).confidence for text in ("红烧肉怎么做", "今天天气怎么样", "推荐一部电影"))
    assert known > RETRIEVAL.enough > strange


def test_nothing_to_search_for_finds_nothing(search: Search) -> None:
    for text in ("", "  ", "？！", "😂👍", "\u200b"):
        assert search.find(text).hits == ()
        assert search.find(text).confidence == 0


def test_limit(search: Search) -> None:
    assert len(search.find("退款", 2).hits) == 2
    assert len(search.find("退款", 50).hits) <= len(PAGES)


def test_weights_with_a_misspelt_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "retrieval.yaml"
    path.write_text("dense_wieght: 0.5\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"retrieval\.yaml"):
        Retrieval.read(path)


def test_tokens_are_characters_words_and_neighbours() -> None:
    assert tokens("4s店退款") == ["4s", "4s店", "店", "店退", "退", "退款", "款"]
    assert tokens("退,款") == ["退", "款"]
    assert tokens("") == []


@given(st.text())
def test_tokens_of_anything(text: str) -> None:
    assert all(token.strip() for token in tokens(text))


_SCORES = st.dictionaries(st.integers(0, 9), st.floats(0, 50), max_size=10)
_NEAR = st.lists(st.builds(Near, st.integers(0, 9), st.sampled_from(["question", "title", "text"]), st.floats(-1, 1), st.floats(-1, 1)), max_size=20)


@given(_NEAR, _SCORES, _SCORES)
def test_fusion_stays_between_nought_and_one_and_loses_nobody(
    near: list[Near], question: dict[int, float], text: dict[int, float]
) -> None:
    ranking = Evidence(near, {"question": question, "text": text}).rank(UNVOTED)
    assert set(ranking.order) == {one.document for one in near} | set(question) | set(text)
    assert all(0 <= score <= 1 + 1e-9 for score in ranking.scores.values())
    assert [ranking.scores[d] for d in ranking.order] == sorted(ranking.scores.values(), reverse=True)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 8), st.floats(0, 0.2))
def test_confidence_is_a_share_and_grows_with_the_evidence(
    cosine: float, coverage: float, around: float, length: float, more: float
) -> None:
    less = Signals(cosine, coverage, around, length).confidence(RETRIEVAL.confidence)
    # what is nearer to us while the questions outside stay where they are has a larger margin too
    greater = Signals(cosine + more, coverage + more, around, length, more, more).confidence(RETRIEVAL.confidence)
    assert 0 <= less <= greater <= 1


def test_questions_outside_are_measured_against_and_never_found(embedder: Embedder, tmp_path: Path) -> None:
    index = Index(tmp_path / "index", embedder)
    index.sync([*PAGES, Strangers(("今天天气怎么样", "红烧肉怎么做好吃", "推荐一部电影"))])
    found = Search(index, embedder, RETRIEVAL).find("今天天气怎么样呀", 50)
    known = Search(index, embedder, RETRIEVAL).find("纠纷退款率的口径是什么", 50)
    index.close()
    assert {hit.id for hit in found.hits} <= {page.id for page in PAGES}
    assert found.signals
    assert known.signals
    assert found.signals.margin < 0 < known.signals.margin


def test_a_rule_and_the_topic_that_tells_it_are_found_as_one() -> None:
    near = [Near(0, "question", 0.95), Near(1, "question", 0.94), Near(2, "question", 0.93)]
    alone = Evidence(near, {"question": {0: 3.0, 1: 1.0, 2: 2.0}}).rank(UNVOTED)
    grouped = Evidence(near, {"question": {0: 3.0, 1: 1.0, 2: 2.0}}).rank(UNVOTED, lead={1: 0})
    assert set(alone.order) == {0, 1, 2}
    assert grouped.order == [0, 2], "the member nearest to the question speaks for both"
    assert grouped.scores[0] == pytest.approx(1)


def test_the_vote_of_the_stored_questions_moves_a_document_up_and_a_group_has_one_vote() -> None:
    near = [Near(0, "question", 0.95, 0.1), Near(1, "question", 0.94, 0.3), Near(2, "question", 0.93, 0.35)]
    matched = {"question": {0: 3.0, 1: 1.0, 2: 1.0}}
    voted = RETRIEVAL.model_copy(update={"vote_weight": 0.9})
    assert Evidence(near, matched).rank(UNVOTED).order[0] == 0
    assert Evidence(near, matched).rank(voted).order[0] == 2
    assert Evidence(near, matched).rank(voted, lead={1: 0}).order[0] in (0, 1), "0.1 and 0.3 outvote 0.35"
    assert Evidence(near, matched).rank(voted, "bm25").order[0] == 0
    assert Evidence(near, matched).rank(voted, "dense").order[0] == 0
