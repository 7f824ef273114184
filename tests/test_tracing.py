"""Spans of a turn: which there are, how they hang together, what they say and what they keep to themselves."""

import asyncio
import contextvars
import json
from collections.abc import AsyncIterator, Iterator
from concurrent import futures
from contextlib import aclosing
from threading import Thread
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.sdk.trace import ReadableSpan

from assistant import tracing
from assistant.answer import Event, Turn
from assistant.batch import events_of
from assistant.engine import Engine
from assistant.errors import AssistantError
from assistant.settings import Settings, read_settings

from .conftest import MakeEngine

QUESTION = "成交1000单，判责7笔，纠纷退款率多少"


def facts(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_turn_is_one_tree_of_spans(engine: Engine) -> None:
    with tracing.collected() as taken:
        events_of(engine, [QUESTION])
        spans = taken()
    whole = spans[-1]
    assert whole.name == "invoke_agent after-sales-assistant"
    assert facts(whole) | {"gen_ai.operation.name": "invoke_agent", "assistant.status": "answered"} == facts(whole)
    assert [span.name for span in spans[:-1]] == ["read", "retrieval", "execute_tool dispute_refund_rate"]
    assert all(span.parent is not None and whole.context is not None and span.parent.span_id == whole.context.span_id for span in spans[:-1])
    read, retrieval, tool = map(facts, spans[:-1])
    assert (read["assistant.figures"], read["assistant.metrics"]) == (2, ("dispute_refund_rate",))
    assert retrieval["gen_ai.operation.name"] == "retrieval"
    assert len(retrieval["assistant.documents"]) == 10
    assert (tool["gen_ai.tool.name"], tool["gen_ai.tool.type"]) == ("dispute_refund_rate", "function")


def test_two_turns_are_two_traces(make_engine: MakeEngine) -> None:
    with tracing.collected() as taken:
        events_of(make_engine(), [QUESTION, "判责换成20笔呢"])
        spans = taken()
    assert len({span.context.trace_id for span in spans if span.context}) == 2
    assert taken() == ()


def test_what_people_write_is_kept_out_unless_asked_for(make_engine: MakeEngine, capsys: pytest.CaptureFixture[str]) -> None:
    engine = make_engine()
    with tracing.sending("console"):
        events_of(engine, [QUESTION])
    said = capsys.readouterr()
    assert (said.out, "invoke_agent after-sales-assistant" in said.err, "判责" in said.err) == ("", True, False)
    with tracing.sending("console", texts=True):
        events_of(engine, [QUESTION])
    assert QUESTION in capsys.readouterr().err
    with tracing.sending(""):
        events_of(engine, [QUESTION])
    assert capsys.readouterr().err == ""


def test_an_error_keeps_its_kind_and_not_its_words(make_engine: MakeEngine) -> None:
    engine = make_engine()

    async def broken(turn: Turn) -> AsyncIterator[Event]:
        raise RuntimeError(turn.question)
        yield

    engine.answerer = broken
    with tracing.collected() as taken, pytest.raises(RuntimeError):
        events_of(engine, [QUESTION])
    whole = taken()[-1]
    assert (facts(whole)["error.type"], whole.status.is_ok) == ("RuntimeError", False)
    assert "判责" not in str(json.loads(whole.to_json()))


async def test_a_stopped_turn_ends_its_span(make_engine: MakeEngine) -> None:
    engine = make_engine()
    with tracing.collected() as taken:
        async with aclosing(engine.ask("c", QUESTION)) as stream:  # type: ignore[type-var]
            await anext(stream)
        whole = taken()[-1]
    assert (whole.name.split()[0], facts(whole)["assistant.status"], "error.type" in facts(whole)) == ("invoke_agent", "stopped", False)


async def test_steps_taken_by_different_tasks_belong_to_the_same_span() -> None:
    async def four() -> AsyncIterator[int]:
        try:
            for number in range(4):
                with tracing.span(f"step {number}"):
                    await asyncio.sleep(0)
                yield number
        finally:
            with tracing.span("closing"):
                pass

    with tracing.collected() as taken:
        with tracing.span("whole") as whole:
            stream = whole.around(four())
        for number in range(3):
            step = asyncio.create_task(anext(stream), context=contextvars.Context())  # type: ignore[arg-type]
            assert await step == number
            with tracing.span("beside"):
                pass
        await stream.aclose()
        spans = taken()
    by_name = {span.name: span for span in spans}
    assert all(by_name[name].parent == by_name["whole"].context for name in ("step 0", "step 1", "step 2", "closing"))
    assert by_name["beside"].parent is None


def test_spans_of_a_thread_belong_to_whoever_sent_it() -> None:
    def work() -> None:
        with tracing.span("below"):
            pass

    with tracing.collected() as taken:
        with tracing.span("above") as above:
            thread = Thread(target=above.run, args=(work,))
            thread.start()
            thread.join()
        below, over = taken()
    assert below.parent == over.context


def test_off_nothing_is_noted() -> None:
    with tracing.span("nothing", {"a": 1}) as nothing:
        nothing.note({"b": 2})
        nothing.happened("c", {})
        nothing.failed("d")
    assert not tracing.on()
    assert nothing.run(lambda: tracing.words("text")) is None


class Collector(trace_service_pb2_grpc.TraceServiceServicer):
    """Takes what an exporter sends."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def Export(self, request: Any, context: Any) -> Any:
        self.names += [span.name for group in request.resource_spans for scope in group.scope_spans for span in scope.spans]
        return trace_service_pb2.ExportTraceServiceResponse()


@pytest.fixture
def collector() -> Iterator[tuple[str, Collector]]:
    """(address, collector), listening."""
    server = grpc.server(futures.ThreadPoolExecutor(1))
    taking = Collector()
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(taking, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"http://127.0.0.1:{port}", taking
    server.stop(None).wait()


def test_spans_reach_a_collector(make_engine: MakeEngine, collector: tuple[str, Collector]) -> None:
    address, taking = collector
    with tracing.sending(address):
        events_of(make_engine(), [QUESTION])
    assert taking.names == ["read", "execute_tool dispute_refund_rate", "invoke_agent after-sales-assistant"]


def test_a_place_that_is_none_is_one_sentence() -> None:
    assert Settings().trace == ""
    with pytest.raises(AssistantError, match="ASSISTANT_TRACE"):
        read_settings(trace="nowhere")
