"""Questions from the command line: one, or a file of conversations, answered in the evaluation contract."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio

from assistant.answer import Event, as_json
from assistant.engine import Engine
from assistant.errors import AssistantError

log = logging.getLogger(__name__)


def answer_one(engine: Engine, question: str) -> dict[str, Any]:
    """One question of a conversation of its own, as the contract's answer object."""
    return answer_turns(engine, [question], None)[0]


def answer_turns(engine: Engine, turns: list[str], today: date | None) -> list[dict[str, Any]]:
    """The turns of one conversation, answered in order."""
    return [as_json(events) for events in events_of(engine, turns, today)]


def events_of(engine: Engine, turns: list[str], today: date | None = None) -> list[list[Event]]:
    """The events of every turn of one conversation; nothing of it is remembered afterwards."""

    async def run() -> list[list[Event]]:
        conversation = uuid4().hex
        told: list[list[Event]] = []
        for question in turns:
            told.append([event async for event in engine.ask(conversation, question, today=today)])
        engine.forget(conversation)
        return told

    return anyio.run(run)


def answer_file(engine: Engine, path: Path, advance: Callable[[int, int], None]) -> Iterator[str]:
    """One JSON line out for each line in, in order; a bad line yields an object that names its error."""
    try:
        # not splitlines: U+2028 and its like may stand inside a question
        lines = [(n, line) for n, line in enumerate(path.read_text("utf-8-sig").split("\n"), 1) if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"文件 {path} 读不出来：要有读的权限，且是 UTF-8 文本。") from error
    for done, (number, line) in enumerate(lines, 1):
        yield json.dumps(_answer_line(engine, number, line), ensure_ascii=False)
        advance(done, len(lines))


def _answer_line(engine: Engine, number: int, line: str) -> dict[str, Any]:
    case: Any = None
    try:
        case = json.loads(line)
        turns, today = _conversation(case)
        return {"id": case.get("id"), "answers": answer_turns(engine, turns, today)}
    except (ValueError, AssistantError) as error:
        return {"id": case.get("id") if isinstance(case, dict) else None, "error": f"第{number}行：{error}"}
    except Exception:
        log.exception("line %d could not be answered", number)
        return {"id": case.get("id"), "error": f"第{number}行：没有答出来，原因已写进日志。"}


def _conversation(case: Any) -> tuple[list[str], date | None]:
    """(turns, day asked from) of an input line. Raises ValueError with a sentence."""
    if not isinstance(case, dict):
        raise ValueError("应是一个 JSON 对象")  # noqa: TRY004 - the line is wrong, not the program
    turns = case.get("turns")
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
        raise ValueError("turns 应是至少一句话的列表")
    as_of = case.get("as_of")
    if as_of is None:
        return turns, None
    try:
        return turns, date.fromisoformat(str(as_of))
    except ValueError:
        raise ValueError(f"as_of 应写成 2026-11-23 这样，现在是「{as_of}」") from None
