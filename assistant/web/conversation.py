"""One person's conversation as the page shows it: questions, the events so far, and how each answer ended."""

import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Literal

from assistant.answer import Event, Working
from assistant.errors import AssistantError
from assistant.web import drawing
from assistant.web.contract import Engine
from assistant.web.words import WORDS, Language, Words

log = logging.getLogger(__name__)

State = Literal["busy", "done", "stopped", "failed"]


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
    """Held by Gradio for one browser tab. `language` is that of the interface words."""

    id: str = ""
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

    async def ask(self, engine: Engine, question: str, audience: str | None) -> AsyncIterator[None]:
        """Ask and collect the events; yields whenever there is something new to draw."""
        if not self.id:
            self.id = secrets.token_urlsafe(12)
        exchange = Exchange(question, f"a{len(self.exchanges) + 1}")
        self.exchanges.append(exchange)
        try:
            yield
            if not engine.ready:
                exchange.events.append(Working(self.words.waiting))
                yield
            stream = engine.ask(self.id, question, audience=audience)
            try:
                async for event in stream:
                    exchange.events.append(event)
                    yield
            finally:
                # a pressed stop button must reach the engine now, not when the garbage is collected
                if isinstance(stream, AsyncGenerator):
                    await stream.aclose()
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
