"""One question, once down and back: recall → read → search → answer → remember."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing
from copy import copy
from dataclasses import replace
from datetime import date
from threading import Event as Flag
from typing import Any, Literal, TypeVar

import anyio
import anyio.to_thread

from assistant import phrases, tracing
from assistant.answer import Accepted, Answerer, Calculated, Declined, Done, Event, Suggested, Turn
from assistant.days import moved
from assistant.drafting import Draft, draft
from assistant.errors import AssistantError, InvalidInput, QuestionRefused
from assistant.figures import fold
from assistant.findings import compute
from assistant.gathering import gathered, told
from assistant.guides import Guide
from assistant.library import Document, Library
from assistant.metrics import Field, InputValue
from assistant.offering import asked_for, filled_on
from assistant.person import Offers, People, PersonAsked, brought, is_miss
from assistant.reading import Reader
from assistant.remembering import understood
from assistant.rewriting import Rewriter
from assistant.search import Found, Search
from assistant.store import Store
from assistant.understanding import Exchange, Understanding

log = logging.getLogger(__name__)
Result = TypeVar("Result")

MAX_QUESTION_CHARS = 2000
MOST_DOCUMENTS = 8
MOST_FOUND = 10  # guides among them are set apart
READERS = 4  # reading is work for the processor: more threads would only delay each other, and whoever writes
KEEPERS = 64  # writing is waiting for the disk
TURN = f"invoke_agent {tracing.SERVICE}"
WARMING = "成交100单，判责1笔，jiufen退款率多少"  # touches what is loaded on first use
_WORD = re.compile(r"[0-9a-z\u3400-\u9fff]")
_CLAUSE = re.compile(r"(?:[^。！!？?；;，,：:\n.]|\.(?!\s))*(?:[。！!？?；;，,：:\n]|\.(?=\s))?")

_SETS = re.compile(
    r"(?:改为|改成|设为|设成|变为|变成|调整为|调成|更新为|替换为|算作|当成|当作|承认|就是|必减)"
    r"[^。，；]{0,8}[0-9一二两三四五六七八九十百千万]"
    r"|[=＝][^。；]{0,40}[×x*÷/]"  # a formula of one's own
)


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
        self._orders = [re.compile(pattern) for pattern in library.vocabulary.instructions]

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
            self._refuse(question)
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
        self._refuse(question)
        self._done.wait()
        turn = self._understand("", question, None, day or self.today())
        assert self._search is not None
        return turn, self._search.retrieval.enough

    def recalculate(self, metric: str, inputs: Mapping[str, Any], day: date | None) -> Calculated:
        """Compute a metric again for changed inputs. Raises AssistantError with a sentence."""
        found = self.library.metrics.get(metric)
        if found is None:
            raise InvalidInput("没有这个指标，请刷新页面再试。")
        given: dict[str, InputValue] = {}
        for one in found.fields:
            value = inputs.get(one.name, one.spec.default)
            if value is None:
                raise InvalidInput(f"还差{one.spec.label}。")
            given[one.name] = _typed(one, value)
        return compute(self.library, found, given, day or self.today(), None)

    def draft(self, guide: str, given: Mapping[str, Mapping[str, Any]], day: date | None) -> Draft:
        """Fill a paper again from what it was filled with. Raises AssistantError with a sentence."""
        held = self.library.guides.get(guide)
        if held is None:
            raise InvalidInput("没有这份文书，请刷新页面再试。")
        typed = {
            id: {one.name: _typed(one, given[id][one.name]) for one in self.library.metrics[id].fields if one.name in given[id]}
            for id in held.metrics if id in given
        }
        return draft(self.library, held, typed, day or self.today(), self.today())

    def feedback(self, conversation_id: str, question: str, thumb: str, reason: str = "", turn: str | None = None) -> None:
        """Keep a thumb for an answer."""
        self.store.feedback(conversation_id, question, thumb, reason, turn)

    def forget(self, conversation_id: str) -> None:
        """Delete a conversation with everything in it."""
        self.store.forget(conversation_id)

    def _refuse(self, question: str) -> None:
        if len(question) > MAX_QUESTION_CHARS:
            raise QuestionRefused(f"问题太长了，请缩短到{MAX_QUESTION_CHARS}字以内，只留数字和想问的事。")
        if not _WORD.search(fold(question)):
            raise QuestionRefused("没看懂你想问什么，请用一句话告诉我，可以带上数字。")

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
        asked = self._without_orders(question)
        with tracing.span("read") as reading:
            asked = self.reader.completed(asked, history)
            understanding = self.reader.read(asked, today, history)
            reading.note({
                "assistant.figures": len(understanding.figures),
                "assistant.metrics": [one.metric.id for one in understanding.readings], "assistant.following": understanding.following,
            })
        found = self._find(asked, understanding)
        if asked != question:
            # a clause that gives orders is not read for figures, but it may say what the question is about
            found = max(found, self._find(question, understanding), key=lambda one: one.confidence)
        understanding = self._by_the_end(understanding, found)
        documents = self.library.on(understanding.day)
        hits = [hit for hit in found.hits if hit.id in documents]
        guide = self._guide(asked, understanding, [documents[hit.id] for hit in hits], found.confidence, today)
        found = replace(found, hits=tuple(hit for hit in hits if documents[hit.id].kind != "guide")[:MOST_DOCUMENTS])
        picked = tuple(documents[hit.id] for hit in found.hits)
        beside = found.beside(self._search.retrieval.beside)
        return Turn(
            question, understanding, picked, found.confidence, today, audience, documents.get(beside) if beside else None,
            guide, gathered(self.reader, guide, asked, today, history) if guide else {}, found.own,
            conversation_id, tuple(exchange.question for exchange in history),
        )

    def _by_the_end(self, understanding: Understanding, found: Found) -> Understanding:
        """Of a year that is asked about its end, when what is found came about only later in it than its middle."""
        best = found.hits[0].id if found.hits else ""
        if not best or _begun(self.library, best, understanding.day) or any(one.complete for one in understanding.readings):
            return understanding
        ends = (day.last for day in understanding.days if day.first <= understanding.day < day.last and day.dated)
        end = next((day for day in ends if _begun(self.library, best, day)), None)
        return replace(understanding, day=end) if end is not None else understanding

    def _guide(
        self, asked: str, understanding: Understanding, documents: Sequence[Document], confidence: float, today: date
    ) -> Guide | None:
        """The paper asked for, or the one just handed out when the message only tells figures for it."""
        assert self._search is not None
        last, text = understanding.history, understanding.text
        guide = asked_for(self.library, text, documents, confidence >= self._search.retrieval.enough, last)
        if guide is None and last is not None and last.guide and filled_on(text):
            held = self.library.guides[last.guide]
            if told(self.reader, held, asked, today):
                return held
        return guide

    def _find(self, asked: str, understanding: Understanding) -> Found:
        """Search; a follow-up that leaves its subject out gets it back when it points at it or finds nothing alone."""
        assert self._search is not None
        last = understanding.history
        leaning = understanding.following and last is not None and not any(r.named for r in understanding.readings)
        if not leaning or last is None or not last.subject:
            return self._search.find(asked, MOST_FOUND)
        whole = f"{last.subject} {asked}"
        stepped = moved(understanding.text, understanding.day) is not None
        if stepped or phrases.POINTING.search(understanding.text) or phrases.NO_SUBJECT.fullmatch(understanding.text):
            return self._search.find(whole, MOST_FOUND)
        alone = self._search.find(asked, MOST_FOUND)
        if alone.confidence >= self._search.retrieval.enough:
            return alone
        return self._search.find(whole, MOST_FOUND)

    def _without_orders(self, question: str) -> str:
        """The question without clauses that try to change the rules; all of it when nothing else is left."""
        clauses = [part for part in _CLAUSE.findall(question) if part]
        kept = [part for part in clauses if not any(order.search(fold(part)) for order in self._orders)]
        if len(kept) == len(clauses):
            return question
        # beside an order, a clause that sets a number is part of it
        asked = "".join(part for part in kept if not _SETS.search(fold(part)))
        return asked if _WORD.search(fold(asked)) else question


def _typed(one: Field, value: Any) -> InputValue:
    """A value as JSON gives it, as the metric takes it; what does not fit is refused by the metric's own check."""
    if isinstance(value, list):
        return tuple(value)
    if one.kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value  # type: ignore[no-any-return]


def _begun(library: Library, id: str, day: date) -> bool:
    """Whether a document holds on a day, or has held before; a rule is told of on days before it as well."""
    rule = library.rules.get(id.removeprefix("rule/"))
    return id in library.on(day) and (rule is None or rule.on(day) is not None)


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
