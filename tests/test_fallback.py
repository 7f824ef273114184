"""With a model, and never worse than without: slow, broken, endless or lying, the composer's answer comes in the same turn."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

import pytest

from assistant.answer import Answerer, Calculated, Cited, Done, Event, Suggested, Text, Turn, markdown
from assistant.breaker import CircuitBreaker
from assistant.budget import Budget
from assistant.composer import Composer
from assistant.fallback import Limits, Outcome, with_fallback
from assistant.findings import compute
from assistant.library import Library
from assistant.pieces import Computed, Finished, Read, Sent, Used
from assistant.reading import Reader
from assistant.store import IN_MEMORY, Store

from .conftest import MakeEngine
from .models import Echo, Model

THEN = date(2021, 5, 5)
RATE = "成交1000单，判责7笔，纠纷退款率多少"
QUICK = Limits(first_token_seconds=0.05, turn_seconds=0.2, most_characters=400)
PATIENT = Limits(first_token_seconds=20, turn_seconds=20)


@dataclass
class House:
    """An answerer over the tiny knowledge, and how its turns went."""

    library: Library
    model: Model
    limits: Limits = PATIENT
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    tokens_per_day: int = 0
    store: Store = field(default_factory=lambda: Store(IN_MEMORY))
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.composer, self.reader = Composer(self.library, 0.5), Reader(self.library)
        budget = Budget(self.store, "openai:any", self.tokens_per_day, (2.0, 8.0), lambda: THEN)
        self.answerer: Answerer = with_fallback(
            self.model, self.composer, self.library, self.limits, self.breaker, budget, enough=0.5,
            watch=lambda turn, outcome: self.outcomes.append(outcome),
        )

    def turn(self, question: str, *ids: str, confidence: float = 1.0) -> Turn:
        understood = self.reader.read(question, THEN, [])
        documents = self.library.on(understood.day)
        return Turn(question, understood, tuple(documents[id] for id in ids), confidence, THEN)

    async def ask(self, question: str = RATE, *ids: str, confidence: float = 1.0) -> tuple[list[Event], list[Event]]:
        """(the events, those of the composer alone)."""
        turn = self.turn(question, *ids, confidence=confidence)
        return [event async for event in self.answerer(turn)], list(self.composer.events(turn))


MakeHouse = Callable[..., House]


@pytest.fixture
def house(tiny: Library) -> MakeHouse:
    def make(*pieces: Any, model: Model | None = None, **more: Any) -> House:
        return House(tiny, model or Model(pieces), **more)

    return make


def texts(events: list[Event]) -> list[Text]:
    return [event for event in events if isinstance(event, Text)]


async def test_the_models_words_take_the_place_of_the_composers_and_its_facts_stay(house: MakeHouse) -> None:
    made = house(
        "纠纷退款率是0.7%，已经接近红线（1%就超线，0.5%以内才合格，2020-06起）[1][2]。先保持住。\n\n- 核对7笔判责。\n- 逐笔申诉。\n", Used(800, 60),
    )
    events, plain = await made.ask()
    facts = [event for event in events if not isinstance(event, Text)]
    assert facts == [event for event in plain if not isinstance(event, Text)]
    told = texts(events)
    assert told[0] == Text("纠纷退款率是0.7%，已经接近红线（1%就超线，0.5%以内才合格，2020-06起）[1][2]。", "say", worded=True)
    assert told[1:3] == [Text("先保持住。", "body", worded=True), Text("- 核对7笔判责。\n- 逐笔申诉。", "body", worded=True)]
    assert not [text for text in told[3:] if text.part == "say"], "the result is told already"
    (outcome,) = made.outcomes
    assert (outcome.why, outcome.caught, outcome.released, outcome.used) == ("", (), 3, Used(800, 60))
    assert (made.store.usage(THEN)[0].calls, made.store.usage(THEN)[0].cost) == (1, pytest.approx((800 * 2 + 60 * 8) / 1e6))


async def test_what_comes_behind_a_complete_answer_waits_until_it_is_told_and_does_not_count(house: MakeHouse) -> None:
    go_on = asyncio.Event()
    made = house("先保持住现在的水平。", Used(800, 60), Finished(go_on), "还有话。", Used(1, 1), ValueError("late"))
    turn, at_done = made.turn(RATE), []
    told = []
    async for event in made.answerer(turn):
        told.append(event)
        if isinstance(event, Done):
            at_done.append(go_on.is_set())
    assert (at_done, go_on.is_set(), made.model.under_way) == ([False], True, 0)
    assert texts(told)[0] == Text("先保持住现在的水平。", "say", worded=True)
    assert "还有话" not in markdown(told)
    (outcome,) = made.outcomes
    assert (outcome.why, outcome.error, outcome.used) == ("", "", Used(800, 60))
    assert made.breaker.allows()


async def test_a_request_that_is_not_put_away_is_let_go_of(house: MakeHouse) -> None:
    made = house("先保持住现在的水平。", Finished(asyncio.Event()), 600.0)
    events, _ = await made.ask()
    assert events[-1] == Done("answered")
    assert (made.model.under_way, made.outcomes[0].why) == (0, "")


async def test_saying_the_composers_words_back_changes_nothing_that_is_told(house: MakeHouse) -> None:
    made = house(model=Echo())
    for question, ids in ((RATE, ()), ("被判责了怎么办", ("topic/dispute_advice",)), ("七天无理由怎么算", ("topic/seven_days",))):
        events, plain = await made.ask(question, *ids)
        assert ["".join("".join(one.markdown for one in texts(told)).split()) for told in (events, plain)] == [
            "".join(markdown(texts(plain)).split())
        ] * 2
        assert [event for event in events if isinstance(event, Cited)] == [event for event in plain if isinstance(event, Cited)]
    assert [(outcome.why, outcome.caught) for outcome in made.outcomes] == [("", ())] * 3


@pytest.mark.parametrize(("pieces", "why"), [
    ((60.0, "来不及了。"), "slow"), ((ConnectionError("refused"),), "down"), ((Used(5, 0), ValueError("no JSON"),), "down"), ((), "nothing"),
    (("```\n全在代码里。\n```",), "nothing"), (("线是0.9%。要8天。",), "guard"), (("纠纷退款率是3%、4%。我已为你提交申诉。",), "guard"),
    (("来不及", 60.0), "slow"), (("我保证能通过。", "退款已处理。"), "guard"),
])
async def test_before_a_first_proved_sentence_the_composers_answer_is_told_as_it_is(
    house: MakeHouse, pieces: tuple[Any, ...], why: str
) -> None:
    made = house(*pieces, limits=QUICK if 60.0 in pieces else PATIENT)
    events, plain = await made.ask()
    assert events == plain
    assert [outcome.why for outcome in made.outcomes] == [why]
    assert made.model.under_way == 0


@pytest.mark.parametrize(("more", "why"), [
    ((60.0,), "slow"), ((ConnectionError("reset"),), "down"), (("线是0.9%。要8天。",), "guard"), (("没完没了的话，" * 90,), "loop"),
])
async def test_after_it_what_was_told_stays_and_all_the_composer_says_follows(house: MakeHouse, more: tuple[Any, ...], why: str) -> None:
    made = house("先看这个率的线。这", *more, limits=Limits(20, 0.2 if 60.0 in more else 20, 400))
    events, plain = await made.ask()
    assert texts(events)[0] == Text("先看这个率的线。", "say", worded=True)
    assert texts(events)[1:] == texts(plain)
    assert [event for event in events if not isinstance(event, Text)] == [event for event in plain if not isinstance(event, Text)]
    assert [outcome.why for outcome in made.outcomes] == [why]


async def test_a_model_that_runs_in_circles_is_stopped(house: MakeHouse) -> None:
    made = house(model=Model(["请先核对判责记录再说。"], again=True))
    events, plain = await made.ask()
    assert texts(events) == [Text("请先核对判责记录再说。", "say", worded=True), Text("请先核对判责记录再说。", "body", worded=True), *texts(plain)]
    assert (made.outcomes[0].why, made.model.under_way) == ("guard", 0)


async def test_one_sentence_caught_is_dropped_and_what_the_composer_says_besides_is_kept(house: MakeHouse) -> None:
    made = house("接近红线了。线是0.9%。")
    events, plain = await made.ask()
    assert texts(events) == [Text("接近红线了。", "say", worded=True), *texts(plain)], "a bare phrase is no answer"
    assert made.outcomes[0].why == ""


async def test_a_list_alone_is_an_answer(house: MakeHouse) -> None:
    made = house("- 核对7笔判责。\n- 逐笔申诉。\n")
    assert texts((await made.ask())[0])[0] == Text("- 核对7笔判责。\n- 逐笔申诉。", "body", worded=True)


@pytest.mark.parametrize(("question", "ids", "confidence"), [
    ("今天天气怎么样", (), 0.0), ("判责7笔，纠纷退款率多少", (), 1.0), ("成交7单，判责1000笔，纠纷退款率多少", (), 1.0),
    ("平台内部的限流线是多少", ("topic/inner_line",), 1.0),
])
async def test_where_there_is_nothing_to_word_no_model_is_called(
    house: MakeHouse, question: str, ids: tuple[str, ...], confidence: float
) -> None:
    made = house("随便说说。")
    events, plain = await made.ask(question, *ids, confidence=confidence)
    assert events == plain
    assert (made.model.called, made.outcomes[0].why) == (0, "facts")


async def test_a_source_looked_up_is_cited_with_the_sentence_relied_on(house: MakeHouse) -> None:
    result = "纠纷退款率是0.7%，接近红线，0.5%以内合格，1%超线（2020-06起）。"
    made = house(Read("rule/no_reason_return_days"), f"{result}无理由退货是7天【rule/no_reason_return_days】。")
    events, plain = await made.ask()
    (cited,), (before,) = ([event for event in told if isinstance(event, Cited)] for told in (events, plain))
    assert cited.citations[: len(before.citations)] == before.citations
    added = cited.citations[len(before.citations)]
    assert (added.id, "7天" in added.quote) == ("rule/no_reason_return_days", True)
    assert f"无理由退货是7天[{len(before.citations) + 1}]。" in markdown(events)
    assert events.index(cited) < next(place for place, event in enumerate(events) if isinstance(event, Suggested | Done))


async def test_a_value_computed_from_given_figures_is_shown_and_one_from_invented_figures_is_not(tiny: Library, house: MakeHouse) -> None:
    metric = tiny.metrics["dispute_refund_rate"]
    names = [one.name for one in metric.fields]
    given = compute(tiny, metric, dict(zip(names, (7.0, 2000.0), strict=True)), THEN, None)
    invented = compute(tiny, metric, dict(zip(names, (9.0, 3000.0), strict=True)), THEN, None)
    made = house(Computed(given), Computed(invented), "要是2000单，就只有0.35%。要是3000单，就是0.3%。")
    events, _ = await made.ask(f"{RATE}，如果成交2000单呢")
    values = [event.value for event in events if isinstance(event, Calculated)]
    assert given.value in values
    assert invented.value not in values
    assert "要是2000单，就只有0.35%。" in markdown(events)
    assert "3000" not in markdown(events)


async def test_whoever_goes_away_takes_the_model_along(house: MakeHouse) -> None:
    made = house(Sent(800), "先看这个率的线。再", 60.0)
    async with aclosing(cast(Any, made.answerer(made.turn(RATE)))) as events:
        async for event in events:
            if isinstance(event, Text):
                break
    assert made.model.under_way == 0
    assert (made.outcomes[0].why, made.outcomes[0].used) == ("left", Used(800, 6)), "what was sent and said is paid for"


async def test_a_conversation_that_is_stopped_takes_the_model_along(house: MakeHouse, make_engine: MakeEngine) -> None:
    made = house("先看这个率的线。再", 60.0)
    engine = make_engine()
    engine.answerer = made.answerer
    async with aclosing(cast(Any, engine.ask("c", RATE, today=THEN))) as events:
        async for event in events:
            if isinstance(event, Text):
                break
    async with asyncio.timeout(1):
        await made.model.over.wait()
    (turn,) = engine.store.turns("c")
    assert (turn.status, made.model.under_way) == ("stopped", 0)


async def test_earlier_questions_and_the_conversation_reach_the_answerer(make_engine: MakeEngine) -> None:
    engine, turns = make_engine(), []
    composer = engine.answerer

    def answer(turn: Turn) -> Any:
        turns.append(turn)
        return composer(turn)

    engine.answerer = answer
    for question in (RATE, "换成9笔呢"):
        assert [event async for event in engine.ask("c", question, today=THEN)] != []
    assert [(turn.conversation, turn.earlier) for turn in turns] == [("c", ()), ("c", (RATE,))]


async def test_a_cancelled_task_lets_go_of_the_model(house: MakeHouse) -> None:
    made = house(60.0)
    task = asyncio.create_task(made.ask())
    await made.model.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (made.model.under_way, made.breaker.state) == (0, "closed")
    assert [outcome.why for outcome in made.outcomes] == ["left"]


async def test_a_model_that_is_down_is_left_in_peace_then_asked_by_one(house: MakeHouse) -> None:
    now = [0.0]
    made = house(ConnectionError("refused"), breaker=CircuitBreaker(2, 30, lambda: now[0]))
    for _ in range(3):
        events, plain = await made.ask()
        assert events == plain
    assert [outcome.why for outcome in made.outcomes] == ["down", "down", "resting"]
    now[0] = 31
    made.model.pieces = [0.01, "先保持住现在的水平。"]
    await asyncio.gather(*(made.ask() for _ in range(3)))
    assert sorted(outcome.why for outcome in made.outcomes[3:]) == ["", "resting", "resting"]
    assert (made.breaker.state, made.model.called) == ("closed", 3)


async def test_what_the_guard_catches_says_nothing_about_the_endpoint(house: MakeHouse) -> None:
    made = house("线是0.9%。要8天。", breaker=CircuitBreaker(1))
    await made.ask()
    assert (made.outcomes[0].why, made.breaker.state) == ("guard", "closed")


async def test_a_sites_budget_of_a_day_ends_the_models_answers_and_not_the_composers(house: MakeHouse) -> None:
    made = house("先保持住现在的水平。", Used(900, 100), tokens_per_day=1500)
    for _ in range(3):
        await made.ask()
    events, plain = await made.ask()
    assert events == plain
    assert [outcome.why for outcome in made.outcomes] == ["", "", "budget", "budget"]
    assert (made.store.tokens_used(THEN, "page"), made.store.tokens_used(THEN, "demo")) == (2000, 0)
    made.store.open("c", "demo")
    other = replace(made.turn(RATE), conversation="c")
    assert texts([event async for event in made.answerer(other)])[0].markdown == "先保持住现在的水平。"
    assert made.store.tokens_used(THEN, "demo") == 1000


async def test_the_model_is_given_what_may_be_marked(house: MakeHouse, tiny: Library) -> None:
    made = house("先保持住。")
    await made.ask("被判责了怎么办", "topic/dispute_advice", "topic/seven_days")
    assert {"topic/dispute_advice", "topic/seven_days"} <= set(made.model.given[0])
    assert not any("[^" in text for text in made.model.given[0].values())


async def test_many_at_once(house: MakeHouse) -> None:
    made = house("先看这个率的线。", 0.01, "接近红线了。")
    answers = await asyncio.gather(*(made.ask() for _ in range(50)))
    assert all(texts(events)[1] == Text("接近红线了。", "body", worded=True) for events, _ in answers)
    assert made.store.usage(THEN)[0].calls == 50
