"""From its chunks it is seen when a call of a model has come to its end."""

from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk

from assistant.call_end import CallEnd
from assistant.pieces import Used

TALK = AIMessageChunk("先和解。", response_metadata={"model_provider": "openai"})
STOP = AIMessageChunk("", response_metadata={"model_provider": "openai", "finish_reason": "stop"})
COUNTED: Any = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
COUNT = AIMessageChunk("", usage_metadata=COUNTED)
LAST = AIMessageChunk("", chunk_position="last")
WANTED = AIMessageChunk("", tool_call_chunks=[{"name": "compute", "args": "{}", "id": "1", "index": 0}])  # type: ignore[list-item,typeddict-item]


@pytest.mark.parametrize(("chunks", "ends", "took"), [
    ([TALK, STOP, COUNT, LAST], 3, Used(7, 3)),
    ([TALK, COUNT, TALK, COUNT, STOP, LAST], 5, Used(7, 3)),  # counted with every chunk
    ([TALK, STOP, LAST], 3, Used(7, 3)),  # nothing is counted: about as many as the signs make
    ([AIMessageChunk("先和解。"), LAST], 2, Used(7, 3)),  # a server that does not say why it stops
    ([AIMessageChunk("先和解。", usage_metadata=COUNTED, chunk_position="last")], 1, Used(7, 3)),
    ([TALK, LAST], None, None),  # cut off
    ([TALK, COUNT, LAST], None, None),
    ([TALK, WANTED, STOP, COUNT, LAST], None, None),
    ([TALK, STOP], None, None),
    ([AIMessage("先和解。", usage_metadata=COUNTED)], None, None),  # whole: nothing is waited for behind it
])
def test_the_end_is_seen_with_the_last_chunk_that_matters(chunks: list[AIMessage], ends: int | None, took: Used | None) -> None:
    call = CallEnd(10)
    heard = [call.feed(chunk) for chunk in chunks]
    assert [place for place, one in enumerate(heard, 1) if one][:1] == ([ends] if ends else [])
    assert next(filter(None, heard), None) == took
