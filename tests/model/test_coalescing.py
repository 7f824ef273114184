"""Deltas that piled up become one, and nothing else of a stream changes."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, strategies as st

from assistant.coalescing import Coalesced, coalesced


def event(delta: dict[str, Any], **more: Any) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return b"data: " + json.dumps({"id": "a", "choices": [choice], **more}, ensure_ascii=False).encode() + b"\n\n"


def text(words: str) -> bytes:
    return event({"content": words})


END = b'data: {"id": "a", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
TEXTS = [event({"role": "assistant", "content": ""}), event({"content": None, "reasoning_content": "想"})]
ODD = [
    event({"content": "x", "refusal": "y"}),
    event({"tool_calls": [{"index": 0, "function": {"arguments": "{"}}]}), event({"content": "z"}, usage={"prompt_tokens": 1}),
    b'data: {"id": "a", "choices": []}\n\n', b'data: {"id": "a", "cho\n\n', b"data: 7\n\n", b": ping\n\n", b'event: error\ndata: {"error": 1}\n\n',
    b'data: {"id": "b", "choices": [{"index": 1, "delta": {"content": "two"}}]}\n\n', b'data: {"choices": [7]}\n\n', END,
]


OTHERS = {part for odd in ODD for part in odd.split(b"\n\n")}


class Cut(httpx.AsyncByteStream):
    def __init__(self, reads: Sequence[bytes]) -> None:
        self.reads, self.closed = reads, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for read in self.reads:
            yield read

    async def aclose(self) -> None:
        self.closed = True


def through(reads: Sequence[bytes]) -> list[bytes]:
    async def read() -> list[bytes]:
        return [part async for part in Coalesced(Cut(reads))]

    return asyncio.run(read())


def signs(stream: bytes) -> list[Any]:
    """What a client hears: sign by sign of each kind of text, and every other event as it is."""
    heard: list[Any] = []
    for part in stream.split(b"\n\n"):
        if part in OTHERS:
            heard.append(part)
            continue
        delta = json.loads(part.removeprefix(b"data: "))["choices"][0]["delta"]
        heard += [(name, sign) for name in ("reasoning_content", "content") for sign in delta.get(name) or ""]
    return heard


def test_what_came_together_is_one() -> None:
    merged = coalesced(text("纠纷") + text("退款") + text("率🙂") + END)
    assert merged == text("纠纷退款率🙂") + END


def test_alone_it_is_as_it_came() -> None:
    assert coalesced(TEXTS[0]) == TEXTS[0]
    assert through([text("先"), text("和解")]) == [text("先"), text("和解")]


def test_the_role_of_the_first_stays() -> None:
    merged = coalesced(event({"role": "assistant", "content": ""}) + text("好"))
    assert json.loads(merged[6:])["choices"][0]["delta"] == {"role": "assistant", "content": "好"}


def test_thoughts_and_words_stay_apart() -> None:
    thought = event({"content": None, "reasoning_content": "想"})
    merged = coalesced(thought + thought + text("好") + text("的"))
    assert [json.loads(part[6:])["choices"][0]["delta"] for part in merged.split(b"\n\n")[:-1]] == [
        {"content": None, "reasoning_content": "想想"}, {"content": "好的"},
    ]


@given(
    events=st.lists(st.one_of(st.sampled_from(TEXTS + ODD), st.text(max_size=4).map(text)), max_size=20),
    cuts=st.lists(st.integers(0, 3000), max_size=12),
)
def test_a_stream_says_the_same_however_it_is_cut(events: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(events)
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    came = b"".join(through([stream[begin:end] for begin, end in pairwise(places)]))
    assert signs(came) == signs(stream)


def test_an_event_without_an_end_is_not_held_for_ever() -> None:
    endless = [b"x" * 400_000] * 4
    assert b"".join(through(endless)[:1]) == b"x" * 1_200_000


@pytest.mark.parametrize("windows", [b"data: {}\r\n\r\n", b'data: {"a": 1}\r\n\r\ndata: {"b": 2}\r\n\r\n'])
def test_other_line_ends_pass(windows: bytes) -> None:
    assert b"".join(through([windows])) == windows


def test_closing_it_closes_what_it_reads() -> None:
    stream = Cut([])
    asyncio.run(Coalesced(stream).aclose())
    assert stream.closed
