"""Cases × engine → plain facts per case. A case is data: turns and what the last answer must hold."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import Field

from assistant import tracing
from assistant.batch import answer_turns
from assistant.engine import Engine
from assistant.errors import AssistantError
from assistant.files import build, read_yaml
from assistant.results import Results, Trial, Tried
from assistant.schema import Pattern, Strict
from assistant.spending import spent

_SPACE = re.compile(r"[\s*`_#>|~]+")


class Wanted(Strict):
    """A value that must be computed: the unrounded number, within `tol`."""

    value: float
    tol: float = 1e-6
    unit: str = ""
    metric: str | None = None


class Expect(Strict):
    """What the last answer must hold. `say`: one pattern of every group; `never`: none of the patterns."""

    status: str = ""
    values: tuple[Wanted, ...] = ()
    say: tuple[tuple[Pattern, ...], ...] = ()
    never: tuple[Pattern, ...] = ()
    cite: bool | str = False


class Case(Strict):
    """One conversation."""

    id: str
    kind: str
    area: str
    turns: tuple[str, ...] = Field(min_length=1)
    expect: Expect
    as_of: date | None = None


def read_cases(paths: Sequence[Path]) -> list[Case]:
    """Cases of YAML or JSONL files, or of all such files in folders. Raises AssistantError naming what is wrong."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted([*path.rglob("*.yaml"), *path.rglob("*.jsonl")])
        elif path.is_file():
            files.append(path)
        else:
            raise AssistantError(f"找不到用例 {path}。")
    cases = [build(Case, file, data) for file in files for data in _raw(file)]
    if not cases:
        raise AssistantError("没有找到任何用例。")
    return cases


def _raw(file: Path) -> list[Any]:
    if file.suffix == ".yaml":
        return read_yaml(file) or []
    try:
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except ValueError as error:
        raise AssistantError(f"用例文件 {file} 不是逐行 JSON：{error}") from error


def sampled(cases: Sequence[Case], most: int) -> list[Case]:
    """At most so many cases, from every kind in turn so that none is left out, spread over each; always the same ones."""
    kinds: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        kinds[case.kind].append(case)
    turns = sorted((place, kind) for kind, group in kinds.items() for place in range(len(group)))[:most]
    shares = Counter(kind for _, kind in turns)
    return [kinds[kind][place * len(kinds[kind]) // share] for kind, share in shares.items() for place in range(share)]


def evaluate(
    engine: Engine, cases: Sequence[Case], advance: Callable[[int, int], None], repeat: int = 1, **made_of: Any
) -> Results:
    """Ask every case `repeat` times and grade the last answer. `made_of`: what else the results tell of themselves."""
    tried = []
    with tracing.collected() as taken:
        for number, case in enumerate(cases, 1):
            trials = []
            for _ in range(repeat):
                answer = answer_turns(engine, list(case.turns), case.as_of)[-1]
                trials.append(Trial(
                    fault=fault(case.expect, answer), status=answer["status"], text=answer["text"], ms=answer["ms"], spent=spent(taken()),
                ))
            tried.append(Tried(id=case.id, kind=case.kind, question=case.turns[-1], trials=tuple(trials)))
            advance(number, len(cases))
    made_at = datetime.now(UTC).isoformat()
    return Results(**{"answerer": "composer", "made_at": made_at} | made_of, cases=tuple(tried))


def fault(expect: Expect, answer: dict[str, Any]) -> str:
    """The first thing wrong with an answer, empty when nothing is."""
    text = answer["text"]
    if expect.status and answer["status"] not in expect.status.split("|"):
        return f"状态是 {answer['status']}，应是 {expect.status}"
    for wanted in expect.values:
        if not any(_same(wanted, calculation) for calculation in answer["calculations"]):
            return f"没有算出 {wanted.value:g}{wanted.unit}"
    for group in expect.say:
        if not any(_found(pattern, text) for pattern in group):
            return f"没有说到 {' / '.join(group)}"
    for pattern in expect.never:
        if _found(pattern, text):
            return f"不该说 {pattern}"
    cited = [citation["id"] for citation in answer["citations"]]
    if expect.cite and (not cited or (isinstance(expect.cite, str) and expect.cite not in cited)):
        return f"没有引用 {expect.cite if isinstance(expect.cite, str) else '任何来源'}"
    return ""


def _same(wanted: Wanted, calculation: dict[str, Any]) -> bool:
    value = calculation["value"]
    if not isinstance(value, float | int) or (wanted.metric and wanted.metric != calculation["metric"]):
        return False
    if wanted.unit == "ratio" and calculation["unit"] == "%":
        value /= 100  # 零整比 is given out of a hundred, a case may state it as a ratio
    return abs(float(value) - wanted.value) <= wanted.tol + 1e-9 * max(1.0, abs(wanted.value))


def _found(pattern: str, text: str) -> bool:
    return bool(re.search(pattern, text, re.S) or re.search(pattern, _SPACE.sub("", text).replace(",", ""), re.S))
