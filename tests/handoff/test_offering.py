"""The engine offers a person: when asked for one, after a decline, and when it did not help twice."""

from collections.abc import Callable

import anyio
import pytest

from assistant.answer import Accepted, Done, Event, Offered, Suggested, Text
from assistant.composer import Composer
from assistant.engine import Engine
from assistant.handoff.desk import Desk
from assistant.library import Library
from assistant.person import People
from assistant.reading import Reader
from assistant.store import Store

from ..conftest import TODAY, FixedSearch
from .conftest import NIGHT, Clock, Sites

Ask = Callable[..., list[Event]]
COMPUTED = "成交1000单，判责7笔，纠纷退款率多少"


@pytest.fixture
def desk(store: Store, sites: Sites, clock: Clock) -> Desk:
    store.open("c", "demo")
    return Desk(store, sites, now=clock)


@pytest.fixture
def search() -> FixedSearch:
    return FixedSearch((), 0.0)


@pytest.fixture
def asks(tiny: Library, store: Store, search: FixedSearch, desk: Desk) -> Ask:
    def ask(*questions: str, conversation: str = "c", people: People | None = desk) -> list[Event]:
        engine = Engine(tiny, Reader(tiny), Composer(tiny, 0.5), store, lambda: search, lambda: TODAY, people)
        engine.prepare()

        async def run() -> list[Event]:
            events: list[Event] = []
            for question in questions:
                events = [event async for event in engine.ask(conversation, question)]
            return events

        return anyio.run(run)

    return ask


def offers(events: list[Event]) -> list[str]:
    return [event.reason for event in events if isinstance(event, Offered)]


def test_who_asks_for_a_person_is_told_the_hours_without_search(asks: Ask, search: FixedSearch, store: Store) -> None:
    search.asked.clear()
    events = asks("我要转人工")
    accepted, text, offered, done = events
    assert isinstance(accepted, Accepted)
    assert text == Text("可以转人工，现在有人（工作日 9:00–18:00）；这段对话、算出的数和引用的规则会一起转过去，不用再说一遍。", "say")
    assert offered == Offered("asked")
    assert isinstance(done, Done)
    assert done.status == "answered"
    assert "我要转人工" not in search.asked
    (turn,) = store.turns("c")
    assert (turn.status, [event["type"] for event in turn.events]) == ("answered", ["text", "offered", "done"])


def test_at_night_the_contact_is_asked_for(asks: Ask, clock: Clock) -> None:
    clock.moment = NIGHT
    text = next(event.markdown for event in asks("人工") if isinstance(event, Text))
    assert "留下手机号或邮箱，明天 9:00上班后回你" in text


def test_what_was_spoken_of_is_not_forgotten_over_it(asks: Ask, store: Store) -> None:
    asks(COMPUTED, "转人工")
    events = asks("判责换成20笔呢")
    assert [exchange.understood.metric for exchange in store.recall("c")] == ["dispute_refund_rate"] * 2
    assert offers(events) == []


def test_a_question_beside_the_wish_is_answered_too(asks: Ask) -> None:
    events = asks(f"{COMPUTED}？转人工吧")
    assert offers(events) == ["asked"]
    assert any(type(event).__name__ == "Calculated" for event in events)


def test_after_a_decline_a_person_is_offered_before_the_suggestions(asks: Ask) -> None:
    events = asks("今天天气怎么样")
    assert offers(events) == ["declined"]
    kinds = [type(event) for event in events]
    assert kinds.index(Offered) < kinds.index(Suggested)
    assert isinstance(events[-1], Done)
    assert events[-1].status == "declined"


def test_the_second_miss_in_a_row_is_told_as_such(asks: Ask, store: Store) -> None:
    assert offers(asks("今天天气怎么样", "明天天气怎么样")) == ["misses"]
    assert store.misses("c") == 2
    assert offers(asks(COMPUTED)) == []
    assert store.misses("c") == 0
    assert offers(asks("后天天气怎么样")) == ["declined"]


def test_asked_again_without_progress_is_a_miss(asks: Ask, store: Store) -> None:
    assert offers(asks("帮我算一下纠纷退款率")) == []
    assert store.misses("c") == 0
    events = asks("帮我算一下纠纷退款率")
    assert (store.misses("c"), offers(events)) == (1, [])  # asked once more: not yet a reason to offer anybody
    assert offers(asks("帮我算一下纠纷退款率")) == ["misses"]


def test_how_many_misses_a_site_says(asks: Ask, sites: Sites) -> None:
    sites.use(after_misses=3)
    assert offers(asks("今天天气怎么样", "明天天气怎么样")) == ["declined"]
    assert offers(asks("后天天气怎么样")) == ["misses"]


def test_where_nobody_is_nobody_is_offered(asks: Ask, search: FixedSearch, sites: Sites) -> None:
    assert offers(asks("今天天气怎么样", people=None)) == []
    search.asked.clear()
    assert offers(asks("转人工", people=None)) == []
    assert "转人工" in search.asked  # answered like anything else
    sites.use(enabled=False)
    assert offers(asks("转人工", "今天天气怎么样", "明天天气怎么样")) == []
    assert offers(asks("转人工", conversation="own")) == []


def test_a_bare_wish_is_not_the_question_that_is_handed_over(asks: Ask, desk: Desk) -> None:
    asks(COMPUTED, "转人工")
    assert desk.open("c", "asked")["packet"]["question"] == COMPUTED
