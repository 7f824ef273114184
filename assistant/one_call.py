"""One call of a model with what an answer's calls have too: the breaker's leave, the site's budget, and only so much time."""

import asyncio
from collections.abc import Awaitable, Callable

from assistant.breaker import CircuitBreaker
from assistant.budget import Budget
from assistant.errors import ModelFailed
from assistant.pieces import Used, about
from assistant.prompts import Prompt

OURS = ("broken", "loop", "unknown")  # the service answered, if nothing useful
Ask = Callable[[str, str], Awaitable[tuple[str, Used]]]


class OneCall:
    """Asks a model for a short text. `ask` takes what the model is and what it is told."""

    def __init__(self, ask: Ask, breaker: CircuitBreaker, budget: Budget, seconds: float) -> None:
        self._ask, self._breaker, self._budget, self._seconds = ask, breaker, budget, seconds

    async def __call__(self, prompt: Prompt, conversation: str) -> str:
        """The whole text. Raises ModelFailed."""
        if self._budget.limited and not await asyncio.to_thread(self._budget.left, conversation):
            raise ModelFailed("今天的模型额度用完了。", "quota")
        if not self._breaker.allows():
            raise ModelFailed("模型服务刚才一直不答，先不问它。", "resting")
        used = Used(about(len(prompt.system) + len(prompt.message)), 0)  # what was sent is paid for, whatever comes of it
        try:
            async with asyncio.timeout(self._seconds):
                text, used = await self._ask(prompt.system, prompt.message)
        except TimeoutError:
            self._breaker.failed()
            await self._spent(conversation, used)
            raise ModelFailed("模型没有按时回答。", "timeout") from None
        except ModelFailed as error:
            if error.reason in OURS:
                self._breaker.succeeded()
                await self._spent(conversation, used)
            else:
                self._breaker.failed()
            raise
        except BaseException:
            self._breaker.left()
            raise
        self._breaker.succeeded()
        await self._spent(conversation, used)
        return text

    async def _spent(self, conversation: str, used: Used) -> None:
        await asyncio.to_thread(self._budget.spend, conversation, used)
