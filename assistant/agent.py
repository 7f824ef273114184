"""The answerer with a chat model, through LangChain: documents first, metrics as tools, at most three calls. Nothing is checked here.

LangChain is imported with this module: only `build` and tests import it, and only when a model is set.
"""

import asyncio
import logging
import traceback
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

import anyio
from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware
from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError
from langchain.tools import ToolRuntime, tool
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

from assistant.answer import Calculated, Event, Turn
from assistant.briefing import brief, readable, worded
from assistant.call_end import CallEnd, Pause, let_go, says_why, used
from assistant.errors import AssistantError, ModelFailed
from assistant.library import Library
from assistant.pieces import Computed, Finished, ModelAnswerer, ModelPiece, Read, Said, Sent, Used, about
from assistant.prompts import load
from assistant.thinking import Thoughts
from assistant.toolbox import Toolbox

log = logging.getLogger(__name__)

MOST_CALLS = 3
MOST_CHARS = 6000
"""of one answer; a model that writes on has lost itself"""
CANCEL_AGAIN_SECONDS = 0.1
_ANSWER_NOW = "\n（工具次数用完了，请直接回答。）"
_STATUS = {401: "key", 403: "key", 402: "quota", 429: "quota", 408: "timeout", 504: "timeout"}
_SENTENCES = {
    "key": "模型服务不认这个密钥，请检查 ASSISTANT_MODEL_API_KEY。",
    "quota": "模型服务说额度用完了或问得太快。",
    "timeout": "模型没有按时回答。",
    "connection": "连不上模型服务，请检查 ASSISTANT_MODEL_BASE_URL。",
    "status": "模型服务报错。",
    "loop": "模型停不下来，已经打断。",
    "broken": "模型的回答读不懂。",
    "unknown": "模型没有给出能用的回答。",
}


@dataclass
class Work:
    """What the tools of one turn share."""

    tools: Toolbox
    calls: int = 0

    def told(self, sentence: str) -> str:
        """The sentence for the model; behind the last call that may use a tool it is asked to answer."""
        return sentence + (_ANSWER_NOW if self.calls >= MOST_CALLS - 1 else "")


@tool(response_format="content_and_artifact")
async def compute(metric: str, inputs: dict[str, Any], runtime: ToolRuntime[Work]) -> tuple[str, Any]:
    """算一个指标。metric 是指标编号；inputs 是输入名到值，只用对方说过的数，比率写小数，日期写 2026-11-23。"""
    work = runtime.context
    try:
        found = work.tools.compute(metric, inputs)
    except AssistantError as error:
        return work.told(str(error)), None
    return work.told(_told(found)), (found,)


@tool(response_format="content_and_artifact")
async def solve(
    metric: str, inputs: dict[str, Any], change: str, target: float, runtime: ToolRuntime[Work]
) -> tuple[str, Any]:
    """倒推：指标要到 target，输入 change 该是多少。inputs 是其余的输入；target 是对方说的目标，比率写小数。"""
    work = runtime.context
    try:
        found = work.tools.solve(metric, inputs, change, target)
    except AssistantError as error:
        return work.told(str(error)), None
    return work.told("；".join(map(_told, found))), tuple(found)


@tool(response_format="content_and_artifact")
async def look_up(id: str, runtime: ToolRuntime[Work]) -> tuple[str, Any]:
    """读一份资料的全文。id 是资料编号，例如 rule/abc。"""
    work = runtime.context
    try:
        found = work.tools.look_up(id)
    except AssistantError as error:
        return work.told(str(error)), None
    return work.told(f"【{found.id}】{readable(found)}"), (found,)


def model_answerer(model: BaseChatModel, library: Library, *, small: bool = False) -> ModelAnswerer:
    """Answers with a model. `small`: for models too weak to choose tools; one call, which only phrases what the composer found."""
    return _Phrasing(model) if small else _Agent(model, library)


class _Agent:
    def __init__(self, model: BaseChatModel, library: Library) -> None:
        self._library = library
        self._graph: Any = create_agent(
            model, [compute, solve, look_up], context_schema=Work,
            middleware=[ModelCallLimitMiddleware(run_limit=MOST_CALLS, exit_behavior="error")],
        )

    async def __call__(self, turn: Turn, plain: Sequence[Event], documents: Mapping[str, str]) -> AsyncGenerator[ModelPiece]:
        prompt = load("agent", **brief(self._library, turn, plain, documents))
        work = Work(Toolbox(self._library, turn, plain))
        messages = [SystemMessage(prompt.system), HumanMessage(prompt.message)]
        asked = len(prompt.system) + len(prompt.message)
        pause = Pause(asked)
        stream = self._graph.astream(
            {"messages": messages}, {"callbacks": [pause]}, context=work, stream_mode=["messages", "updates"],
        )
        async with aclosing(_careful(self._pieces(stream, work, asked, pause.go_on), gently=False)) as pieces:
            async for piece in pieces:
                yield piece

    async def _pieces(self, stream: AsyncGenerator[Any], work: Work, asked: int, go_on: asyncio.Event) -> AsyncGenerator[ModelPiece]:
        thoughts, call, finished = Thoughts(), CallEnd(asked), False
        yield Sent(about(asked))
        async with aclosing(stream):
            async for mode, data in stream:
                if mode == "messages":
                    message = data[0]
                    if not isinstance(message, AIMessage) or finished:
                        continue
                    if text := thoughts.feed(message.text):
                        yield Said(text)
                    if took := call.feed(message):
                        finished = True
                        for piece in _last(thoughts, took, go_on):
                            yield piece
                    continue
                for step in data.values():
                    for message in (step or {}).get("messages", ()):
                        if isinstance(message, AIMessage):
                            work.calls += 1
                            if not finished:
                                yield used(message, asked)
                            call = CallEnd(asked)
                            _not_cut_off(message)
                        for piece in _found(message):
                            yield piece
                        if isinstance(message, ToolMessage):
                            yield Sent(about(asked))
        if rest := thoughts.finish():
            yield Said(rest)


class _Phrasing:
    def __init__(self, model: BaseChatModel) -> None:
        self._model = model

    async def __call__(self, turn: Turn, plain: Sequence[Event], documents: Mapping[str, str]) -> AsyncGenerator[ModelPiece]:
        prompt = load("phrase", question=turn.question, plain=worded(plain))
        async with aclosing(_careful(said(self._model, prompt.system, prompt.message), gently=True)) as pieces:
            async for piece in pieces:
                yield piece


async def said(model: BaseChatModel, system: str, message: str) -> AsyncGenerator[ModelPiece]:
    """One call without tools."""
    asked, whole, finished = len(system) + len(message), None, False
    thoughts, call, go_on = Thoughts(), CallEnd(asked), asyncio.Event()
    yield Sent(about(asked))
    stream = cast(AsyncGenerator[Any], model.astream([SystemMessage(system), HumanMessage(message)]))
    async with aclosing(stream):
        async for chunk in stream:
            if finished:
                continue
            whole = chunk if whole is None else whole + chunk
            if text := thoughts.feed(chunk.text):
                yield Said(text)
            if took := call.feed(chunk):
                finished = True
                for piece in _last(thoughts, took, go_on):
                    yield piece
                await let_go(go_on)
    if finished:
        return
    if rest := thoughts.finish():
        yield Said(rest)
    if whole is not None:
        yield used(whole, asked)
        _not_cut_off(whole)


async def text_of(model: BaseChatModel, system: str, message: str) -> tuple[str, Used]:
    """The whole text of one call without tools, and what it took. Raises ModelFailed."""
    text, took = "", Used(0, 0)
    async with aclosing(_careful(said(model, system, message), gently=True)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Said):
                text += piece.chunk
            elif isinstance(piece, Used):
                took = piece
            elif isinstance(piece, Finished):
                piece.go_on.set()
    return text, took


def _last(thoughts: Thoughts, took: Used, go_on: asyncio.Event) -> Iterator[ModelPiece]:
    """What is told behind the last chunk."""
    if rest := thoughts.finish():
        yield Said(rest)
    yield took
    yield Finished(go_on)


async def _careful(pieces: AsyncGenerator[ModelPiece], *, gently: bool) -> AsyncGenerator[ModelPiece]:
    """The pieces; whatever is wrong with the model, an answer without a word too, is a ModelFailed."""
    spoke, length = False, 0
    async with aclosing(_ending(pieces, gently)) as ending:
        try:
            async for piece in ending:
                if isinstance(piece, Said):
                    spoke, length = spoke or bool(piece.chunk.strip()), length + len(piece.chunk)
                    if length > MOST_CHARS:
                        raise ModelFailed(_SENTENCES["loop"], "loop")
                if isinstance(piece, Finished) and not spoke:
                    piece.go_on.set()
                    break
                yield piece
        except ModelFailed:
            raise
        except Exception as error:
            raise failed(error) from None  # what the libraries say may repeat what was sent
    if not spoke:
        raise ModelFailed(_SENTENCES["broken"], "broken")


async def _ending(pieces: AsyncGenerator[ModelPiece], gently: bool) -> AsyncGenerator[ModelPiece]:
    """The pieces out of a task of its own: closing a graph's stream waits for the request, cancelling its task ends it.

    `gently`: by cancelling a scope, in which the HTTP client may still put its connection away; a graph does not take that.
    """
    scope = anyio.CancelScope()
    queue: asyncio.Queue[ModelPiece | None] = asyncio.Queue()

    async def fetch() -> None:
        with scope:
            async with aclosing(pieces):
                async for piece in pieces:
                    queue.put_nowait(piece)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            task.exception()  # seen, also when nobody waits any more
        queue.put_nowait(None)

    task = asyncio.create_task(fetch())
    task.add_done_callback(ended)
    try:
        while (piece := await queue.get()) is not None:
            yield piece
        await task
    finally:
        with anyio.CancelScope(shield=True):
            while not task.done():  # a cancellation that meets a result just then is lost: asyncio.wait_for before Python 3.12
                if gently:
                    scope.cancel()
                else:
                    task.cancel()
                await asyncio.wait({task}, timeout=CANCEL_AGAIN_SECONDS)


def failed(error: Exception) -> ModelFailed:
    """What went wrong as one of our errors. Only its kind and place are logged: its words may hold a key or a question."""
    reason = _reason(error)
    if reason == "unknown":
        log.warning("the model failed: %s at\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
    else:
        log.info("the model failed: %s (%s)", reason, type(error).__name__)
    status = getattr(error, "status_code", None)
    return ModelFailed(_SENTENCES[reason] + (f"（HTTP {status}）" if reason == "status" else ""), reason)


def _reason(error: Exception) -> str:
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:
        return _STATUS.get(status, "status")
    if isinstance(error, ModelCallLimitExceededError):
        return "loop"
    names = {kind.__name__ for kind in type(error).__mro__}
    if "TimeoutError" in names or any(name.endswith(("Timeout", "TimeoutException", "TimeoutError")) for name in names):
        return "timeout"
    if names & {"APIConnectionError", "TransportError", "ConnectionError", "RemoteProtocolError"}:
        return "connection"
    if names & {"APIError", "JSONDecodeError", "ValidationError", "ValueError", "KeyError", "TypeError", "OutputParserException"}:
        return "broken"
    return "unknown"


def _not_cut_off(message: AIMessage) -> None:
    """A server that spoke to the end says why it stopped."""
    if says_why(message) and not message.response_metadata.get("finish_reason"):
        raise ModelFailed(_SENTENCES["broken"], "broken")


def _found(message: Any) -> Sequence[ModelPiece]:
    """What a tool found, as pieces."""
    if not isinstance(message, ToolMessage):
        return ()
    return [Computed(one) if isinstance(one, Calculated) else Read(one.id) for one in message.artifact or ()]


def _told(finding: Calculated) -> str:
    verdict = f"（{finding.verdict_word}）" if finding.verdict_word else ""
    rule = f"，依据【{finding.rule}】" if finding.rule else ""
    return f"{finding.label}：{finding.said}{verdict}{rule}"
