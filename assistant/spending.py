"""What a turn cost, told by its spans: calls of a model, tokens, what the guard caught, why the composer answered instead."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant import tracing
from assistant.schema import Strict

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan


class Spent(Strict):
    """Of one conversation. `model_ms` is the time inside calls of the model."""

    calls: int = 0
    prompt: int = 0
    completion: int = 0
    model_ms: float = 0.0
    caught: tuple[str, ...] = ()
    """why, once for each sentence the guard changed or dropped"""
    instead: tuple[str, ...] = ()
    """why the composer's words were told although the model was asked, once for each turn"""


def spent(spans: "Sequence[ReadableSpan]") -> Spent:
    """Added up over the spans of a conversation."""
    facts = [span.attributes or {} for span in spans]
    chats = [span for span, given in zip(spans, facts, strict=True) if given.get(tracing.OPERATION) == tracing.CHAT]
    return Spent(
        calls=len(chats),
        prompt=sum(_number(span, tracing.PROMPT_TOKENS) for span in chats),
        completion=sum(_number(span, tracing.COMPLETION_TOKENS) for span in chats),
        model_ms=sum(((span.end_time or 0) - (span.start_time or 0)) / 1e6 for span in chats),
        caught=tuple(
            str((event.attributes or {}).get(tracing.WHY, "")) for span in spans for event in span.events if event.name == tracing.CAUGHT
        ),
        instead=tuple(str(given[tracing.INSTEAD]) for given in facts if tracing.INSTEAD in given),
    )


def _number(span: "ReadableSpan", name: str) -> int:
    found: Any = (span.attributes or {}).get(name, 0)
    return int(found)
