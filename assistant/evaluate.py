"""Cases × engine → plain facts per case and rates per kind. A case is data: turns and what the last answer must hold."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field

from assistant.batch import answer_turns
from assistant.engine import Engine
from assistant.errors import AssistantError
from assistant.files import build, read_yaml
from assistant.library import Pattern
from assistant.rules import Strict

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


@dataclass(frozen=True)
class Outcome:
    """A case and the first thing that was wrong with its answer; `fault` is empty when it passed."""

    case: Case
    fault: str
    ms: float


@dataclass(frozen=True)
class Report:
    """All outcomes of one run."""

    outcomes: tuple[Outcome, ...]

    @property
    def rate(self) -> float:
        """Share of cases that passed, 0 when there were none."""
        return sum(not outcome.fault for outcome in self.outcomes) / len(self.outcomes) if self.outcomes else 0.0

    def table(self, *, failing: bool) -> str:
        """The rates by kind as text, and the failing cases when asked for."""
        groups: dict[str, list[Outcome]] = defaultdict(list)
        for outcome in self.outcomes:
            groups[outcome.case.kind].append(outcome)
        lines = [f"{'类别':<12}{'条数':>6}{'通过':>6}{'通过率':>9}"]
        for kind, group in sorted(groups.items()):
            passed = sum(not outcome.fault for outcome in group)
            lines.append(f"{kind:<12}{len(group):>6}{passed:>6}{passed / len(group):>9.1%}")
        lines.append(f"{'合计':<12}{len(self.outcomes):>6}{sum(not o.fault for o in self.outcomes):>6}{self.rate:>9.1%}")
        times = sorted(outcome.ms for outcome in self.outcomes)
        if times:
            lines.append(f"每轮用时：中位 {times[len(times) // 2]:.1f} ms，p95 {times[math.ceil(len(times) * 0.95) - 1]:.1f} ms")
        if failing:
            lines += [f"  {o.case.id} {o.case.turns[-1][:40]} — {o.fault}" for o in self.outcomes if o.fault]
        return "\n".join(lines)


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


def evaluate(engine: Engine, cases: Sequence[Case], advance: Callable[[int, int], None]) -> Report:
    """Ask every case and grade the last answer."""
    outcomes = []
    for number, case in enumerate(cases, 1):
        answer = answer_turns(engine, list(case.turns), case.as_of)[-1]
        outcomes.append(Outcome(case, fault(case.expect, answer), float(answer["ms"])))
        advance(number, len(cases))
    return Report(tuple(outcomes))


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
