"""One person's conversation as the page shows it: questions, the events so far, and how each answer ended."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, cast

import anyio.to_thread

from assistant.answer import Event, Working
from assistant.errors import AssistantError
from assistant.sites import OWN
from assistant.store import TurnRow
from assistant.store.presence import last_turn
from assistant.web import drawing
from assistant.web.api.context import Context
from assistant.web.entering import enter
from assistant.web.words import WORDS, Language, Words
from assistant.wire import from_wire

log = logging.getLogger(__name__)

State = Literal["busy", "done", "stopped", "failed"]
MOST_RESTORED = 100
LONGEST_KEPT = 64
_ENDED: dict[str, State] = {"answered": "done", "asked": "done", "declined": "done", "failed": "failed"}


@dataclass
class Exchange:
    """One question and what has been answered to it so far."""

    question: str
    key: str
    events: list[Event] = field(default_factory=list)
    state: State = "busy"
    problem: str = ""


@dataclass
class Conversation:
    """Held by Gradio for one browser tab. `language` is that of the interface words, `secret` tells who the visitor is."""

    id: str = ""
    secret: str = ""
    language: Language = "zh"
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def words(self) -> Words:
        """The interface words in the chosen language."""
        return WORDS[self.language]

    @property
    def busy(self) -> bool:
        """Whether an answer is being made."""
        return bool(self.exchanges) and self.exchanges[-1].state == "busy"

    @property
    def kept(self) -> dict[str, str]:
        """What the browser keeps, so that the visitor comes back to it."""
        return {"visitor": self.secret, "conversation": self.id}

    def messages(self) -> list[dict[str, str]]:
        """The whole conversation drawn, in the form the chat component takes."""
        drawn = []
        for exchange in self.exchanges:
            drawn.append({"role": "user", "content": drawing.question(exchange.question)})
            drawn.append({"role": "assistant", "content": self._draw(exchange)})
        return drawn

    def _draw(self, exchange: Exchange) -> str:
        return drawing.answer(
            exchange.events, self.words, key=exchange.key, conversation=self.id, asked=exchange.question,
            busy=exchange.state == "busy", problem=exchange.problem, stopped=exchange.state == "stopped",
        )

    def restore(self, kit: Context, kept: Any) -> None:
        """Come back to what the browser kept, if it is this visitor's. Anything else is left aside."""
        told = kept if isinstance(kept, dict) else {}
        secret, id = (value if isinstance(value, str) else "" for value in (told.get("visitor"), told.get("conversation")))
        if not 0 < len(secret) <= LONGEST_KEPT or len(id) > LONGEST_KEPT:
            return
        visitor = kit.store.visitor_by_secret(OWN, secret)
        if visitor is None:
            return
        self.secret = secret
        if id and kit.store.owner(id) == (OWN, visitor):
            self.id = id
            last = kit.store.read(partial(last_turn, conversation=id))
            rows = kit.store.turns(id, max(0, last - MOST_RESTORED), MOST_RESTORED)
            self.exchanges = [self._restored(row, f"a{place}") for place, row in enumerate(rows, 1)]

    def _restored(self, row: TurnRow, key: str) -> Exchange:
        state = _ENDED.get(row.status, "stopped")
        problem = self.words.failed if state == "failed" else ""
        return Exchange(row.question, key, [from_wire(event) for event in row.events], state, problem)

    async def ask(self, kit: Context, question: str, audience: str | None) -> AsyncIterator[None]:
        """Ask and collect the events; yields whenever there is something new to draw or to keep."""
        exchange = Exchange(question, f"a{len(self.exchanges) + 1}")
        self.exchanges.append(exchange)
        try:
            yield
            entered = await anyio.to_thread.run_sync(enter, kit.store, OWN, self.secret, self.id, audience)
            self.secret, self.id = entered.secret, entered.conversation
            await kit.rates.question(kit.sites.by_key[OWN], entered.visitor)
            if not kit.engine.ready:
                exchange.events.append(Working(self.words.waiting))
                yield
            stream = cast(AsyncGenerator[Event], kit.engine.ask(self.id, question, audience=audience))
            # a pressed stop button must reach the engine now, not when the garbage is collected
            async with aclosing(stream), aclosing(kit.measures.answered(stream)) as measured:
                async for event in measured:
                    exchange.events.append(event)
                    yield
            exchange.state = "done"
        except AssistantError as error:
            exchange.state, exchange.problem = "failed", str(error)
        except Exception:
            log.exception("an answer failed")
            exchange.state, exchange.problem = "failed", self.words.failed
        finally:
            self.stop()
        yield

    def stop(self) -> None:
        """Leave the answer under way as far as it has come."""
        if self.busy:
            self.exchanges[-1].state = "stopped"
