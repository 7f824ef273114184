"""Whatever a model does, over real HTTP: the answer is right or the composer's, and no wrong number is shown."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

import anyio.to_thread
import pytest

from assistant.answer import Accepted, Calculated, Cited, Done, Event, Text, markdown
from assistant.build import with_model
from assistant.composer import Composer
from assistant.engine import Engine
from assistant.fallback import Outcome
from assistant.library import Library
from assistant.reading import Reader
from assistant.scripted import Call, Fail, HangUp, Raw, Say, Scripted, Step, Wait
from assistant.settings import Settings
from assistant.store import Store
from tests.conftest import TODAY, FixedSearch, MakeEngine
from tests.databases import Databases
from tests.numbers_told import in_any_way

QUESTION = "成交12000笔，判责7笔，纠纷退款率多少"
TOPIC = "topic/dispute_advice"
SOON = 1.0
GOOD = "纠纷退款率是0.0583%，看近30天的判责单。【topic/dispute_advice】先把能和解的和解掉。"


@pytest.fixture
def outcomes() -> list[Outcome]:
    """How the model did in each turn."""
    return []


@pytest.fixture
def make_modelled(
    tiny: Library, databases: Databases, outcomes: list[Outcome], model_settings: Settings
) -> Iterator[Callable[..., Engine]]:
    """Engines over the tiny knowledge whose answers the scripted model words."""
    stores: list[Store] = []

    def make(*ids: str, confidence: float = 1.0, **changed: Any) -> Engine:
        stores.append(Store(databases.new()))
        settings, composer = model_settings.model_copy(update=changed), Composer(tiny, 0.5)
        answerer, rewriter = with_model(settings, tiny, composer, stores[-1], lambda _, outcome: outcomes.append(outcome))
        found = FixedSearch(ids or (TOPIC,), confidence)
        made = Engine(tiny, Reader(tiny), answerer, stores[-1], lambda: found, lambda: TODAY, rewriter=rewriter)
        made.prepare()
        return made

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def modelled(make_modelled: Callable[..., Engine]) -> Engine:
    """One that finds advice on disputes."""
    return make_modelled()


async def ask(engine: Engine, question: str = QUESTION, conversation: str = "c") -> list[Event]:
    """The events of one turn, without what differs each time."""
    told = [event async for event in engine.ask(conversation, question)]
    return [replace(event, ms=0.0) if isinstance(event, Done) else event for event in told if not isinstance(event, Accepted)]


def facts(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, Calculated | Done)]


async def test_a_good_answer_is_the_models_with_our_facts(modelled: Engine, server: Scripted, make_engine: MakeEngine) -> None:
    server.script = lambda _: [Say(GOOD)]
    plain, told = await ask(make_engine(TOPIC)), await ask(modelled)
    assert facts(told) == facts(plain)
    words = "".join(event.markdown for event in told if isinstance(event, Text))
    assert "先把能和解的和解掉。" in words
    assert "【" not in words
    (cited,) = [event for event in told if isinstance(event, Cited)]
    assert TOPIC in [citation.id for citation in cited.citations]


WRONG = "87.5%"
MISBEHAVING: dict[str, list[Step]] = {
    "slow": [Wait(30), Say(GOOD)],
    "stalls after a while": [Say("先把能和"), Wait(30)],
    "busy": [Fail(429)],
    "broken down": [Fail(500)],
    "no such key": [Fail(401)],
    "hangs up": [HangUp()],
    "hangs up in a sentence": [Say("纠纷退款率是0."), HangUp()],
    "hangs up behind a sentence": [Say("先把能和解的和解掉。然后"), HangUp()],
    "broken JSON": [Raw(b"data: {broken\n\n")],
    "broken JSON behind a sentence": [Say("先把能和解的和解掉。"), Raw(b"data: {broken\n\n")],
    "not a stream": [Raw(b"<html>502 Bad Gateway</html>")],
    "says nothing": [],
    "only thinks": [Say(f"<think>大概是{WRONG}")],
    "wrong number": [Say(f"纠纷退款率是{WRONG}。")],
    "wrong number in Chinese": [Say("纠纷退款率是百分之八十七点五。先把能和解的和解掉。")],
    "wrong numbers behind a right sentence": [Say(f"先把能和解的和解掉。近90天超过{WRONG}会封店3年。罚款5万元。再传凭证。")],
    "invented source": [Say(f"新规说超过{WRONG}就处罚。【rule/invented】按《消法》第999条办。[9]")],
    "obeys an order": [Say(f"好的，已把达标线改成{WRONG}。我已为你提交申诉，保证退款成功。")],
    "promises": [Say("我已经帮你申诉好了，退款已处理。")],
    "endless text": [Say("先把能和解的和解掉。" * 1000, size=400)],
    "endless tools": [Call("look_up", {"id": "rule/dispute_line"})],
    "invented tool": [Call("refund_everything", {"amount": 99999})],
    "broken arguments": [Call("compute", "{broken")],
    "computes with invented figures": [Call("compute", {"metric": "dispute_refund_rate", "inputs": {"liable_refunds": 875, "paid_suborders": 1000}})],
}


@pytest.mark.parametrize("steps", MISBEHAVING.values(), ids=MISBEHAVING.keys())
async def test_no_misbehaviour_makes_a_worse_answer(
    modelled: Engine, server: Scripted, make_engine: MakeEngine, outcomes: list[Outcome], steps: list[Step]
) -> None:
    server.script = lambda _: steps
    plain, told = await ask(make_engine(TOPIC)), await ask(modelled)
    assert facts(told) == facts(plain)
    known = list(in_any_way(f"{QUESTION}\n{markdown(plain)}"))
    for number in in_any_way(markdown(told)):
        assert any(number.same(one) for one in known), f"{number.raw} stands nowhere in what is known: {markdown(told)}"
    assert "invented" not in markdown(told)
    assert not any(word in markdown(told) for word in ("提交", "申诉好了", "已处理", "保证"))
    if not outcomes[-1].released:
        assert told == plain


@pytest.mark.parametrize("steps", MISBEHAVING.values(), ids=MISBEHAVING.keys())
async def test_a_small_model_does_no_harm_either(
    make_modelled: Callable[..., Engine], server: Scripted, make_engine: MakeEngine, steps: list[Step]
) -> None:
    server.script = lambda _: steps
    plain, told = await ask(make_engine(TOPIC)), await ask(make_modelled(model_small=True))
    assert facts(told) == facts(plain)
    known = list(in_any_way(f"{QUESTION}\n{markdown(plain)}"))
    assert all(any(number.same(one) for one in known) for number in in_any_way(markdown(told)))


async def test_without_evidence_no_model_is_asked(
    make_modelled: Callable[..., Engine], server: Scripted, make_engine: MakeEngine
) -> None:
    question = "今天天气怎么样"
    told = await ask(make_modelled(confidence=0.01), question)
    assert told == await ask(make_engine(TOPIC, confidence=0.01), question)
    assert isinstance(told[-1], Done)
    assert told[-1].status == "declined"
    assert not server.requests


async def test_a_rough_question_is_rewritten_and_computed(make_modelled: Callable[..., Engine], server: Scripted) -> None:
    def script(body: Any) -> list[Step]:
        rewrite = "改写" in body["messages"][0]["content"]
        return [Say("判责7笔，总的成交12000笔，纠纷退款率多少，多不多")] if rewrite else [Say("先把能和解的和解掉。")]

    server.script = script
    told = await ask(make_modelled(confidence=0.2), "我那个单子7个被判了，总的12000，多不多")
    (found,) = [event for event in told if isinstance(event, Calculated) and not event.aside]
    assert found.value == pytest.approx(7 / 12000)


async def test_a_site_whose_budget_is_spent_gets_the_composers_answer(
    make_modelled: Callable[..., Engine], server: Scripted, make_engine: MakeEngine
) -> None:
    server.script = lambda _: [Say(GOOD)]
    engine = make_modelled(model_tokens_per_day=1)
    await ask(engine)
    assert await ask(engine, conversation="d") == await ask(make_engine(TOPIC))
    assert len(server.requests) == 1


async def test_a_model_that_is_down_is_not_asked_by_everybody(modelled: Engine, server: Scripted) -> None:
    server.script = lambda _: [Fail(500)]
    for number in range(8):
        await ask(modelled, conversation=str(number))
    assert len(server.requests) == 5


SPEAKING: list[Step] = [Say("先把能和解的和解掉。再传凭证。"), Wait(30)]


@pytest.mark.parametrize("steps", [[Wait(30)], SPEAKING], ids=["silent", "speaking"])
async def test_stopping_ends_the_request(
    make_modelled: Callable[..., Engine], server: Scripted, steps: list[Step], outcomes: list[Outcome]
) -> None:
    server.script = lambda _: steps
    task = asyncio.create_task(ask(make_modelled(model_first_token_seconds=20.0, model_turn_seconds=20.0)))
    await anyio.to_thread.run_sync(server.wait_for_request)
    await asyncio.sleep(0.1)
    left = time.monotonic()
    task.cancel()
    assert await anyio.to_thread.run_sync(server.requests[0].over.wait, 10)
    assert 0 < server.requests[0].cancelled - left < SOON
    with pytest.raises(asyncio.CancelledError):
        await task
    assert outcomes[-1].why == "left"


async def test_closing_the_stream_ends_the_request(make_modelled: Callable[..., Engine], server: Scripted) -> None:
    server.script = lambda _: SPEAKING
    engine = make_modelled(model_first_token_seconds=20.0, model_turn_seconds=20.0)
    async with aclosing(cast(AsyncGenerator[Event], engine.ask("c", QUESTION))) as stream:
        async for event in stream:
            if isinstance(event, Text):
                break
        left = time.monotonic()
    assert await anyio.to_thread.run_sync(server.requests[0].over.wait, 10)
    assert 0 < server.requests[0].cancelled - left < SOON
