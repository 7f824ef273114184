"""Conversations and their turns: kept in order, whole, masked, and found again by another process."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from assistant.answer import Accepted, Calculated, Citation, Cited, Declined, Done, Event, Text, Working, markdown
from assistant.errors import InvalidInput
from assistant.store import MOST_EXCHANGES, OWN_PAGE, Store
from assistant.store.schema import metadata
from assistant.understanding import Exchange, Understood
from assistant.wire import from_wire, to_wire

from ..web.fake_engine import DECLINED, MAIN
from .conftest import Open

SOURCE = Citation("rule/a", "题", "源", "句", "https://example.com/4412345678901234", "2024 起", "high")
WHOLE: list[Event] = [
    Working("读"), Calculated("m", "值", {"day": date(2026, 1, 2), "hours": (2.0, 4.0)}, 0.5, "ratio", "50%", "ok", "好", "rule_a"),
    Calculated("n", "另", {}, date(2026, 1, 2), "date", "2026-01-02", aside=True), Text("说[1]", "say"), Cited((SOURCE, SOURCE)),
    Done("answered", 3.5),
]


def rows(store: Store, table: str) -> list[sa.RowMapping]:
    found = metadata.tables[table]
    return list(store.read(lambda connection: connection.execute(sa.select(found)).mappings().all()))


def told(store: Store, conversation: str, question: str, events: list[Event] = MAIN, understood: Understood | None = None) -> str:
    turn = store.accept(conversation, question)
    store.record(turn, [Accepted(turn), *events], Exchange(question, understood or Understood()))
    return turn


def test_an_accepted_question_is_there_for_another_process(store: Store, url: str, opened: Open) -> None:
    turn = store.accept("c", "第一问", audience="dealer")
    (row,) = opened(url).turns("c")
    assert (row.id, row.seq, row.question, row.status, row.events, row.answered_at) == (turn, 1, "第一问", "accepted", (), None)
    (conversation,) = rows(store, "conversations")
    assert (conversation["site"], conversation["visitor"], conversation["audience"]) == (OWN_PAGE, None, "dealer")


def test_a_recorded_answer_is_kept_whole(store: Store) -> None:
    turn = told(store, "c", "问", WHOLE)
    (row,) = store.turns("c")
    assert (row.status, row.text) == ("answered", markdown(WHOLE))
    assert [from_wire(event) for event in row.events] == WHOLE
    assert row.answered_at is not None
    assert row.answered_at >= row.asked_at
    (turned,) = rows(store, "turns")
    assert turned["ms"] == 3.5
    computed = sorted(rows(store, "calculations"), key=lambda one: one["position"])
    assert [(one["turn"], one["metric"], one["inputs"], one["value"], one["unit"], one["verdict"], one["rule"]) for one in computed] == [
        (turn, "m", {"day": {"date": "2026-01-02"}, "hours": [2.0, 4.0]}, 0.5, "ratio", "ok", "rule_a"),
        (turn, "n", {}, {"date": "2026-01-02"}, "date", None, None),
    ]
    cited = rows(store, "citations")
    assert [(one["document"], one["title"], one["quote"], one["address"]) for one in cited] == [("rule/a", "题", "句", SOURCE.address)] * 2


def test_turns_are_numbered_one_by_one_whoever_asks(store: Store, url: str, opened: Open) -> None:
    """Two processes, several threads each, one conversation."""
    other, failures = opened(url), []

    def ask(through: Store, name: str) -> None:
        try:
            for number in range(5):
                through.accept("c", f"{name}-{number}")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(through, f"{place}")) for place, through in enumerate([store, other] * 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [row.seq for row in store.turns("c")] == list(range(1, 31))


def test_turns_are_read_page_by_page(store: Store) -> None:
    for number in range(5):
        store.accept("c", str(number))
    store.accept("d", "x")
    assert [row.question for row in store.turns("c", after_seq=1, limit=2)] == ["1", "2"]
    assert [row.question for row in store.turns("c", after_seq=3)] == ["3", "4"]
    assert store.turns("nowhere") == []


def test_a_conversation_is_recalled_in_order_and_apart_from_others(store: Store, url: str, opened: Open) -> None:
    about = Understood("m", {"a": 7, "b": 7.5, "on": date(2026, 1, 2)}, {"a": 6}, "天猫", "值", 0.1, date(2025, 1, 1), True, "词", "paper")
    told(store, "a", "一", understood=about)
    told(store, "a", "二")
    told(store, "b", "三")
    for one in (store, opened(url)):
        assert one.recall("a") == (Exchange("一", about), Exchange("二", Understood()))
        assert repr(one.recall("a")[0].understood) == repr(about)
        assert [exchange.question for exchange in one.recall("b")] == ["三"]
        assert one.recall("c") == ()


def test_only_the_last_exchanges_are_recalled_and_only_answered_ones(store: Store) -> None:
    for number in range(MOST_EXCHANGES + 5):
        told(store, "a", str(number))
    store.stop(store.accept("a", "stopped"), "stopped", [Working("读")])
    store.accept("a", "waiting")
    assert [exchange.question for exchange in store.recall("a")] == [str(number) for number in range(5, MOST_EXCHANGES + 5)]


def test_a_stopped_answer_is_kept_as_far_as_it_came(store: Store) -> None:
    turn = store.accept("c", "问")
    store.stop(turn, "stopped", WHOLE[:2])
    store.record(turn, WHOLE, Exchange("问", Understood()))
    (row,) = store.turns("c")
    assert (row.status, [from_wire(event) for event in row.events]) == ("stopped", WHOLE[:2])
    assert (len(rows(store, "calculations")), len(rows(store, "citations"))) == (1, 0)


def test_what_a_dead_process_left_is_marked_and_what_lives_is_still_answered(store: Store) -> None:
    told(store, "c", "一")
    waiting = store.accept("c", "二")
    store.accept("c", "三")
    assert store.mark_interrupted() == 2
    store.record(waiting, MAIN, Exchange("二", Understood()))
    assert [row.status for row in store.turns("c")] == ["answered", "answered", "interrupted"]
    assert store.mark_interrupted() == 0


def test_a_declined_question_is_a_gap_and_misses_in_a_row_are_counted(store: Store) -> None:
    store.open("c", "demo")
    for expected in (1, 2):
        store.record(store.accept("c", "天气如何"), [Declined("答不了。", "scope"), Done("declined")], None, missed=True)
        assert store.misses("c") == expected
    told(store, "c", "好", MAIN)
    assert store.misses("c") == 0
    assert store.gaps() == [("天气如何", "scope")] * 2
    assert {row["site"] for row in rows(store, "unanswered")} == {"demo"}


def test_an_answer_to_an_erased_question_is_kept_nowhere(store: Store) -> None:
    turn = store.accept("c", "问")
    store.forget("c")
    store.record(turn, DECLINED, Exchange("问", Understood()))
    assert store.turns("c") == []
    assert store.gaps() == []


def test_what_points_at_a_person_is_masked_wherever_it_is_kept(store: Store) -> None:
    said = "我是张三，电话13812345678，车牌京a12345，车架LSVAM4187C2184847，邮箱zhangsan@qq.com"
    secrets = ("13812345678", "京a12345", "京A12345", "LSVAM4187C2184847", "lsvam4187c2184847", "zhangsan")
    events: list[Event] = [
        Working(f"读到{said}"), Text("本店电话010-66513888", "say"), Cited((SOURCE,)), Declined(f"没看懂「{said.lower()}」。", "weak"),
        Done("declined"),
    ]
    turn = store.accept("c", said)
    store.record(turn, events, Exchange(said, Understood(text=said.lower())))
    store.stop(store.accept("c", said), "failed", events[:1])
    store.feedback("c", said, "down", said, turn)
    store.unanswered(said, "weak", "c")
    everything = "".join(str(rows(store, name)) for name in metadata.tables)
    assert [secret for secret in secrets if secret in everything] == []
    assert everything.count("138****5678") >= 9
    assert "010-66513888" in everything, "a number of the shop's own in the answer stays"
    assert SOURCE.address in everything


def test_recalled_words_are_the_same_before_and_after_a_restart(store: Store, url: str, opened: Open) -> None:
    said = "电话13812345678，成交1000单"
    told(store, "c", said, understood=Understood(text=said))
    (exchange,) = store.recall("c")
    assert opened(url).recall("c") == (exchange,)
    assert exchange == Exchange("电话138****5678，成交1000单", Understood(text="电话138****5678，成交1000单"))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(st.characters(codec=None), max_size=30), number=st.floats(allow_nan=False) | st.integers(-(2**60), 2**60))
def test_any_text_and_number_can_be_kept(store: Store, question: str, number: float) -> None:
    """Also NUL, half a surrogate pair and infinity, which databases and JSON refuse."""
    event = Calculated("m", question, {"a": number}, number, "", question)
    turn = store.accept(f"c{id(question)}{number}", question)
    store.record(turn, [event, Done("answered")], Exchange(question, Understood("m", {"a": number}, text=question)))
    (row,) = store.turns(f"c{id(question)}{number}")
    kept = from_wire(row.events[0])
    assert isinstance(kept, Calculated)
    assert repr(kept.value) == repr(number)
    assert to_wire(kept)["label"] == row.events[0]["label"]


def test_thumbs_belong_to_turns_and_the_last_one_counts(store: Store) -> None:
    turn, other = told(store, "c", "问"), told(store, "d", "他")
    store.feedback("c", "问", "down", "数不对", turn)
    store.feedback("c", "问", "up", "", turn)
    store.feedback("c", "随便", "down", "")
    assert store.thumbs() == [("问", "up", ""), ("随便", "down", "")]
    assert [row.thumb for row in store.turns("c")] == ["up"]
    for wrong in (other, "nowhere"):
        with pytest.raises(InvalidInput, match=r"。$"):
            store.feedback("c", "问", "up", "", wrong)


def test_feedback_and_gaps_outlive_the_process(store: Store, url: str, opened: Open) -> None:
    store.feedback("a", "问一", "down", "数不对")
    store.feedback("a", "问二", "up", "")
    store.unanswered("天气'); DROP TABLE unanswered;--", "scope")
    store.close()
    second = opened(url)
    assert second.thumbs() == [("问一", "down", "数不对"), ("问二", "up", "")]
    assert second.gaps() == [("天气'); DROP TABLE unanswered;--", "scope")]
