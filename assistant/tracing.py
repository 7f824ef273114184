"""Spans of a turn for OpenTelemetry, named by its GenAI conventions: what was done and how long it took, not what people wrote.

Off unless `sending`; a span costs next to nothing then. Nothing is registered with OpenTelemetry's global state: what other
libraries trace stays theirs.
"""

import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
    from opentelemetry.trace import Tracer

CONSOLE = "console"
SERVICE = "after-sales-assistant"
OPERATION = "gen_ai.operation.name"
CHAT = "chat"
PROMPT_TOKENS, COMPLETION_TOKENS = "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"
CAUGHT, WHY = "caught", "assistant.why"  # an event for each sentence the guard changed or dropped
INSTEAD = "assistant.instead"  # on the span of an answer: why the composer's words were told although the model was asked

Result = TypeVar("Result")
Given = ParamSpec("Given")
Attributes = Mapping[str, Any]


@dataclass(frozen=True)
class _Sending:
    """Where spans go. `tracer` is None while nothing is traced."""

    tracer: "Tracer | None" = None
    processors: "tuple[SpanProcessor, ...]" = ()
    texts: bool = False


_sendings = [_Sending()]  # the last one is in force


class Span:
    """One piece of work. Inside `with` it is the parent of what starts there, and it ends there; else `end` ends it.

    An attribute that is None is left out.
    """

    __slots__ = ("_entered", "_span")

    def __init__(self, span: Any = None) -> None:
        """`span`: of OpenTelemetry; None makes one that notes nothing."""
        self._span = span
        self._entered: Any = None

    def note(self, attributes: Attributes) -> None:
        """Keep facts with the span."""
        if self._span is not None:
            self._span.set_attributes(_given(attributes))

    def happened(self, what: str, attributes: Attributes) -> None:
        """Something happened at this moment."""
        if self._span is not None:
            self._span.add_event(what, _given(attributes))

    def failed(self, error: BaseException | str) -> None:
        """It went wrong. Only the kind is kept: what an error says may repeat what a person wrote."""
        if self._span is not None:
            from opentelemetry.trace import StatusCode

            self._span.set_status(StatusCode.ERROR)
            self._span.set_attribute("error.type", error if isinstance(error, str) else type(error).__qualname__)

    def end(self) -> None:
        """It is over; ending it again changes nothing."""
        if self._span is not None and self._span.is_recording():
            self._span.end()

    def run(self, call: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        """The result of a call, made in whatever thread; what is traced in it stands below this span."""
        if self._span is None:
            return call(*given, **named)
        with self._current():
            return call(*given, **named)

    async def over(self, work: Awaitable[Result]) -> Result:
        """The result of what is waited for; what is traced in it stands below this span."""
        if self._span is None:
            return await work
        with self._current():
            return await work

    async def around(self, stream: AsyncIterator[Result]) -> AsyncGenerator[Result, None]:
        """A stream whose every step is made below this span. Closing it closes the stream."""
        steps = _closable(stream)
        try:
            while True:
                try:
                    step = await self.over(anext(steps))  # never current across a yield: the next step may be taken by another task
                except StopAsyncIteration:
                    return
                yield step
        finally:
            await self.over(steps.aclose())

    def __enter__(self) -> "Span":
        if self._span is not None:
            self._entered = self._current()
            self._entered.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        if self._span is not None:
            self._entered.__exit__(None, None, None)
            if error is not None:
                self.failed(error)
            self.end()

    @contextmanager
    def _current(self) -> Iterator[None]:
        from opentelemetry import context, trace

        token = context.attach(trace.set_span_in_context(self._span))
        try:
            yield
        finally:
            context.detach(token)


_NOTHING = Span()


def span(name: str, attributes: Attributes | None = None) -> Span:
    """Work that starts now, below whatever is current."""
    tracer = _sendings[-1].tracer
    if tracer is None:
        return _NOTHING
    return Span(tracer.start_span(name, attributes=_given(attributes or {})))


def on() -> bool:
    """Whether anything is traced; for what would cost something to find out."""
    return _sendings[-1].tracer is not None


def words(text: str) -> str | None:
    """What a person or a model wrote, where texts were asked for."""
    return text if _sendings[-1].texts else None


@contextmanager
def sending(where: str, *, texts: bool = False) -> Iterator[None]:
    """Send spans meanwhile: to "console" (one line each on the error stream), to the gRPC address of an OTLP collector, "" to nobody.

    `texts`: with what people and models wrote. The last ones are sent when it ends.
    """
    if not where:
        yield
        return
    processor = _processor(where)
    with _in_force(_traced((processor,), texts)):
        try:
            yield
        finally:
            processor.shutdown()


@contextmanager
def collected() -> Iterator[Callable[[], "Sequence[ReadableSpan]"]]:
    """Keep what is traced meanwhile, whether it is sent as well or not. Yields what gives the spans ended since it was last called."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    kept, before = InMemorySpanExporter(), _sendings[-1]

    def taken() -> "Sequence[ReadableSpan]":
        spans = kept.get_finished_spans()
        kept.clear()
        return spans

    with _in_force(_traced((*before.processors, SimpleSpanProcessor(kept)), before.texts)):
        yield taken


@contextmanager
def _in_force(sending: _Sending) -> Iterator[None]:
    _sendings.append(sending)
    try:
        yield
    finally:
        _sendings.remove(sending)


def _traced(processors: "tuple[SpanProcessor, ...]", texts: bool) -> _Sending:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}), shutdown_on_exit=False)
    for processor in processors:
        provider.add_span_processor(processor)
    return _Sending(provider.get_tracer("assistant"), processors, texts)


def _processor(where: str) -> "SpanProcessor":
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor

    if where == CONSOLE:
        return SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stderr, formatter=_line))
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return BatchSpanProcessor(OTLPSpanExporter(endpoint=where, insecure=where.startswith("http://")))


def _line(ended: "ReadableSpan") -> str:
    """Trace, milliseconds, name, facts; a span stands above the one it belongs to."""
    ms = ((ended.end_time or 0) - (ended.start_time or 0)) / 1e6
    facts = [f"{name}={value!r}" for name, value in (ended.attributes or {}).items()]
    facts += [f"{event.name}={dict(event.attributes or {})}" for event in ended.events]
    trace = format(ended.context.trace_id, "032x")[:8] if ended.context else ""
    return f"{trace} {ms:9.2f} ms {ended.name} {' '.join(facts)}\n"


def _given(attributes: Attributes) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


async def _steps(stream: AsyncIterator[Result]) -> AsyncGenerator[Result, None]:
    async for step in stream:
        yield step


def _closable(stream: AsyncIterator[Result]) -> AsyncGenerator[Result, None]:
    return stream if isinstance(stream, AsyncGenerator) else _steps(stream)
