"""Figures for Prometheus, in a registry of their own. No label holds anything a person wrote."""

from collections.abc import AsyncGenerator, AsyncIterator
from time import perf_counter
from typing import get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from assistant.answer import Declined, Done, Event, Status

TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_REASONS = ("scope", "unsafe", "unknown", "weak", "empty")


class Measures:
    """Counts of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._questions = Counter(
            "assistant_questions", "Questions by how their answer ended", ["status"], registry=self.registry
        )
        self._declines = Counter("assistant_declines", "Declined questions by reason", ["reason"], registry=self.registry)
        self._first = Histogram(
            "assistant_first_event_seconds", "From the question to the first event", registry=self.registry, buckets=_SECONDS
        )
        self._whole = Histogram(
            "assistant_answer_seconds", "From the question to the last event", registry=self.registry, buckets=_SECONDS
        )
        self.open_streams = Gauge("assistant_open_streams", "Streams open now", registry=self.registry)
        self._handoffs = Counter("assistant_handoffs", "Hand-offs to a person by reason", ["reason"], registry=self.registry)
        self._limited = Counter(
            "assistant_limited", "Requests refused because there were too many, by limit", ["limit"], registry=self.registry
        )
        for status in (*get_args(Status), "stopped", "failed"):
            self._questions.labels(status)
        for reason in (*_REASONS, "other"):
            self._declines.labels(reason)

    async def answered(self, stream: AsyncIterator[Event]) -> AsyncGenerator[Event]:
        """The stream, measured on its way."""
        started = perf_counter()
        first, status = True, "stopped"
        try:
            async for event in stream:
                if first:
                    self._first.observe(perf_counter() - started)
                    first = False
                match event:
                    case Declined(reason=reason):
                        self._declines.labels(reason if reason in _REASONS else "other").inc()
                    case Done(ended):
                        status = ended
                yield event
        except Exception:
            status = "failed"
            raise
        finally:
            self._questions.labels(status).inc()
            if status not in ("stopped", "failed"):
                self._whole.observe(perf_counter() - started)

    def handed_off(self, reason: str) -> None:
        """Count a hand-off; `reason` is one of a fixed few."""
        self._handoffs.labels(reason).inc()

    def limited(self, limit: str) -> None:
        """Count a refusal; `limit` is the name of the limit."""
        self._limited.labels(limit).inc()

    def page(self) -> bytes:
        """All figures in Prometheus' text form."""
        return generate_latest(self.registry)
