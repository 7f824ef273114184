"""One short call: it is counted for the site whatever comes of it, and it says how the service does."""

import asyncio
from datetime import date

import pytest

from assistant.breaker import CircuitBreaker
from assistant.budget import Budget
from assistant.errors import ModelFailed
from assistant.one_call import Ask, OneCall
from assistant.pieces import Used, about
from assistant.prompts import Prompt
from assistant.store import IN_MEMORY, OWN_PAGE, Store

from .conftest import TODAY

PROMPT = Prompt("改写。" * 10, "多少？" * 10)


async def slow(_system: str, _message: str) -> tuple[str, Used]:
    await asyncio.sleep(60)
    raise AssertionError


async def broken(_system: str, _message: str) -> tuple[str, Used]:
    raise ModelFailed("读不懂。", "broken")


async def absent(_system: str, _message: str) -> tuple[str, Used]:
    raise ModelFailed("连不上。", "connection")


async def good(_system: str, message: str) -> tuple[str, Used]:
    return message[:2], Used(70, 3)


@pytest.mark.parametrize(("ask", "tokens", "state"), [
    (good, 73, "closed"), (slow, about(60), "open"), (broken, about(60), "closed"), (absent, 0, "open"),
])
async def test_what_was_sent_is_counted(ask: Ask, tokens: int, state: str) -> None:
    store = Store(IN_MEMORY)
    breaker, budget = CircuitBreaker(failures=1), Budget(store, "some", today=lambda: TODAY)
    call = OneCall(ask, breaker, budget, 0.05)
    if ask is good:
        assert await call(PROMPT, "") == "多少"
    else:
        with pytest.raises(ModelFailed):
            await call(PROMPT, "")
    assert (store.tokens_used(TODAY, OWN_PAGE), breaker.state) == (tokens, state)
    store.close()


async def test_a_spent_budget_asks_nobody() -> None:
    store = Store(IN_MEMORY)
    budget = Budget(store, "some", tokens_per_day=1, today=lambda: date(2026, 11, 23))
    budget.spend("", Used(1, 0))
    with pytest.raises(ModelFailed, match="额度"):
        await OneCall(slow, CircuitBreaker(), budget, 60)(PROMPT, "")
    store.close()
