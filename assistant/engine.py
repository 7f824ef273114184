"""One question, once down and back: recall → read → search → answer → remember."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing
from copy import copy
from datetime import date
from threading import Event as Flag
from typing import Any, Literal, TypeVar

import anyio
import anyio.to_thread

from assistant import tracing
from assistant.answer import Accepted, Answerer, Calculated, Declined, Done, Event, Suggested, Turn
from assistant.drafting import Draft
from assistant.errors import AssistantError, QuestionRefused
from assistant.inquiry import Inquiry
from assistant.library import Library
from assistant.person import Offers, People, PersonAsked, brought, is_miss
from assistant.reading import Reader
from assistant.recounting import recalculate, refill
from assistant.remembering import understood
from assistant.rewriting import Rewriter
from assistant.screening import refuse
from assistant.search import Search
from assistant.store import Store
from assistant.understanding import Exchange

log = logging.getLogger(__name__)
Result = TypeVar("Result")

READERS = 4  # reading is work for the processor: more threads would only delay each other, and whoever writes
KEEPERS = 64  # writing is waiting for the disk
TURN = f"invoke_agent {tracing.SERVICE}"
WARMING = "成交100单，判责1笔，jiufen退款率多少"  # touches what is loaded on first use


class Engine:
    """Answers questions of conversations. Built at once, ready when `prepare` has run (it loads the heavy parts)."""

    def __init__(
        self, library: Library, reader: Reader, answerer: Answerer, store: Store, search: Callable[[], Search],
        today: Callable[[], date] = date.today, people: People | None = None, rewriter: Rewriter | None = None,
    ) -> None:
        """`search` builds the index and loads the embedder when called; it is called once, by `prepare`.

        Without `people` nobody is offered, and whoever asks for a person is answered like anybody else. Without a `rewriter` every question
        is read as it was typed.
        """
        self.library, self.reader, self.answerer, self.store, self.today = library, reader, answerer, store, today
        self._offers = Offers(PersonAsked(library.vocabulary.person), people, store.misses)
        self._make_search, self._rewriter = search, rewriter
        self._search: Search | None = None
        self._done = Flag()
        self.failure: AssistantError | None = None
        self._readers, self._keepers = ThreadPoolExecutor(READERS, "read"), ThreadPoolExecutor(KEEPERS, "keep")
        self._inquiry = Inquiry(library, reader)

    @property
    def ready(self) -> bool:
        """Whether questions are answered without waiting."""
        return self._search is not None

    def searching(self) -> Search:
        """What finds documents; blocks until the engine is prepared. Raises the AssistantError that kept it from being ready."""
        self._done.wait()
        if self._search is None:
            raise self.failure or AssistantError("检索还没有准备好，请稍后再试。")
        return self._search

    @property
    def starters(self) -> Mapping[str, Sequence[str]]:
        """Audience → questions for the first screen."""
        return self.library.vocabulary.starters

    @property
    def checked_on(self) -> date:
        """The day the knowledge was last checked."""
        return max(rule.checked_on for rule in self.library.rules.values())

    def prepare(self) -> None:
        """Load the embedder and open the index; blocking. A failure is kept in `failure` and told to whoever asks."""
        try:
            search = self._make_search()
            search.find("售后", 1)
            self.reader.read(WARMING, self.today())
            self._search = search
        except AssistantError as error:
            self.failure = error
        finally:
            self._done.set()
        if self._search is not None and self._search.own is not None:
            self._search.own.catch_up()  # many new documents take minutes: what is known already answers meanwhile

    def keeping_in(self, store: Store) -> "Engine":
        """The same engine with its conversations kept in another store. Of a ready engine only."""
        made = copy(self)
        made.store = store
        return made

    async def ask(
        self, conversation_id: str, question: str, *, audience: str | None = None, today: date | None = None
    ) -> AsyncIterator[Event]:
        """Answer one question. The first event is Accepted, once the question is kept; the last is Done, once the answer is.

        A question that cannot be taken (empty, too long) is declined without being kept. When the stream is closed or its task cancelled,
        what was answered so far is kept as stopped. Raises AssistantError, a sentence, when there is no answering.
        """
        whole = tracing.span(TURN, {
            tracing.OPERATION: "invoke_agent", "gen_ai.agent.name": tracing.SERVICE, "gen_ai.conversation.id": conversation_id,
            "gen_ai.input.messages": tracing.words(question),
        })
        status = "stopped"
        try:
            async with aclosing(self._ask(whole, conversation_id, question, audience, today)) as events:
                async for event in events:
                    status = event.status if isinstance(event, Done) else status
                    yield event
        except Exception as error:
            whole.failed(error)
            raise
        finally:
            whole.note({"assistant.status": status})
            whole.end()

    async def _ask(
        self, whole: tracing.Span, conversation_id: str, question: str, audience: str | None, today: date | None
    ) -> AsyncGenerator[Event, None]:
        started = time.perf_counter()
        question = question.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be kept
        day = today or self.today()
        try:
            refuse(question)
        except QuestionRefused as refusal:
            yield Declined(str(refusal), "empty")
            yield Suggested(tuple(group[0] for group in self.starters.values()))
            yield Done("declined", _since(started))
            return
        events: list[Event] = []
        kept = offered = missed = False
        wish = self._offers.wish(question)
        accepting = self._keepers.submit(self.store.accept, conversation_id, question, audience=audience)
        begin = self._done.is_set() and wish != "only"
        reading = self._read(whole, conversation_id, question, audience, day) if begin else None
        turn: Turn | None = None
        try:
            yield Accepted(await asyncio.wrap_future(accepting))
            help = await self._kept(self._offers.about, conversation_id) if wish == "only" else None
            if help is None:
                if reading is None:
                    await anyio.to_thread.run_sync(self._done.wait, abandon_on_cancel=True)
                    started = time.perf_counter()
                    reading = self._read(whole, conversation_id, question, audience, day)
                read = await asyncio.wrap_future(reading)
                turn = await whole.over(self._clearer(read, whole, conversation_id, audience, day))
            answering = self.answerer(turn) if turn is not None else brought(help)
            async with aclosing(whole.around(answering)) as answer:  # whoever leaves ends a model's request with it
                async for event in answer:
                    if turn is not None and isinstance(event, Suggested | Done) and not offered:
                        offered, missed = True, is_miss(events, understood(turn, events), turn.understanding.history)
                        if offer := await self._kept(self._offers.offer, conversation_id, tuple(events), wish, missed):
                            events.append(offer)
                            yield offer
                    if isinstance(event, Done):
                        events.append(Done(event.status, _since(started)))
                        exchange = Exchange(question, understood(turn, events)) if turn is not None else None
                        with anyio.CancelScope(shield=True):
                            await self._kept(self.store.record, accepting.result(), events, exchange, missed)
                        kept = True
                        yield events[-1]
                        return
                    events.append(event)
                    yield event
        except BaseException as error:
            if reading is not None:
                reading.cancel()
            if not kept:
                status: Literal["failed", "stopped"] = "failed" if isinstance(error, Exception) else "stopped"
                with anyio.CancelScope(shield=True):
                    await self._kept(self._stop, accepting, status, events)
            raise

    def consult(self, question: str, day: date | None = None) -> tuple[Turn, float]:
        """(what is understood and found for a question outside any conversation, the confidence below which it is no evidence).

        Blocks until the engine is prepared. Raises AssistantError with a sentence.
        """
        question = question.encode("utf-8", "replace").decode("utf-8")
        refuse(question)
        self._done.wait()
        turn = self._understand("", question, None, day or self.today())
        assert self._search is not None
        return turn, self._search.retrieval.enough

    def recalculate(self, metric: str, inputs: Mapping[str, Any], day: date | None) -> Calculated:
        """Compute a metric again for changed inputs. Raises AssistantError with a sentence."""
        return recalculate(self.library, metric, inputs, day or self.today())

    def draft(self, guide: str, given: Mapping[str, Mapping[str, Any]], day: date | None) -> Draft:
        """Fill a paper again from what it was filled with. Raises AssistantError with a sentence."""
        return refill(self.library, guide, given, day or self.today(), self.today())

    def feedback(self, conversation_id: str, question: str, thumb: str, reason: str = "", turn: str | None = None) -> None:
        """Keep a thumb for an answer."""
        self.store.feedback(conversation_id, question, thumb, reason, turn)

    def forget(self, conversation_id: str) -> None:
        """Delete a conversation with everything in it."""
        self.store.forget(conversation_id)

    def _read(self, below: tracing.Span, conversation_id: str, question: str, audience: str | None, day: date) -> "Future[Turn]":
        return self._readers.submit(below.run, self._understand, conversation_id, question, audience, day)

    async def _clearer(self, turn: Turn, whole: tracing.Span, conversation_id: str, audience: str | None, day: date) -> Turn:
        """The turn as it is best understood."""
        if self._rewriter is None:
            return turn

        async def again(question: str) -> Turn:
            return await asyncio.wrap_future(self._read(whole, conversation_id, question, audience, day))

        return await self._rewriter(turn, again)

    async def _kept(self, call: Callable[..., Result], *given: Any) -> Result:
        """The result of a call that waits for the disk."""
        return await asyncio.wrap_future(self._keepers.submit(call, *given))

    def _stop(self, accepting: "Future[str]", status: Literal["failed", "stopped"], told: Sequence[Event]) -> None:
        """Keep how far a turn came, if it was ever accepted. It has failed already: what fails here is only logged."""
        try:
            if not accepting.cancel():
                self.store.stop(accepting.result(), status, [event for event in told if not isinstance(event, Done)])
        except AssistantError:
            log.warning("a turn that ended early could not be kept", exc_info=True)

    def _understand(self, conversation_id: str, question: str, audience: str | None, today: date) -> Turn:
        if self._search is None:
            raise self.failure or AssistantError("检索还没有准备好，请稍后再试。")
        history = self.store.recall(conversation_id)
        return self._inquiry.turn(self._search, question, today, history, audience=audience, conversation=conversation_id)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
