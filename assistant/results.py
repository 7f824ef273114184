"""What an evaluation found, case by case and run by run; kept as a file so that two versions can be compared."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from pydantic import Field

from assistant.errors import AssistantError
from assistant.files import build
from assistant.schema import Strict
from assistant.spending import Spent


class Trial(Strict):
    """One run of a case. `fault`: the first thing wrong with the last answer, empty when nothing was; `ms`: of that answer."""

    fault: str
    status: str
    text: str
    ms: float
    spent: Spent = Spent()


class Tried(Strict):
    """A case with all its runs."""

    id: str
    kind: str
    question: str
    trials: tuple[Trial, ...]

    @property
    def passed(self) -> int:
        """Runs without a fault."""
        return sum(not trial.fault for trial in self.trials)

    @property
    def fault(self) -> str:
        """Of the first run that had one."""
        return next((trial.fault for trial in self.trials if trial.fault), "")

    def all_pass(self, k: int) -> float:
        """The chance that k runs are all right: C(passed, k) / C(runs, k), without bias for any k up to the number of runs."""
        return math.comb(self.passed, k) / math.comb(len(self.trials), k)


class Results(Strict):
    """One answerer over all cases. `prompts` and `knowledge` tell versions apart; `prices`: in,out of a million tokens."""

    answerer: str
    model: str = ""
    made_at: str = ""
    prompts: Mapping[str, str] = Field(default_factory=dict)
    knowledge: str = ""
    prices: str = ""
    cases: tuple[Tried, ...] = ()

    @property
    def repeats(self) -> int:
        """Runs of each case."""
        return min((len(case.trials) for case in self.cases), default=1)

    @property
    def rate(self) -> float:
        """Share of runs that passed, 0 when there were none."""
        return rate(self.cases)

    @property
    def times(self) -> list[float]:
        """Milliseconds of every run's last answer, in order of size."""
        return sorted(trial.ms for case in self.cases for trial in case.trials)

    @property
    def spent(self) -> Spent:
        """Everything added up."""
        each = [trial.spent for case in self.cases for trial in case.trials]
        return Spent(
            calls=sum(one.calls for one in each), prompt=sum(one.prompt for one in each),
            completion=sum(one.completion for one in each), model_ms=sum(one.model_ms for one in each),
            caught=tuple(why for one in each for why in one.caught), instead=tuple(why for one in each for why in one.instead),
        )

    @property
    def cost(self) -> float | None:
        """In the currency of the prices; None without them."""
        if not self.prices:
            return None
        (into, out), spent = map(float, self.prices.split(",")), self.spent
        return (spent.prompt * into + spent.completion * out) / 1e6

    def save(self, folder: Path) -> Path:
        """Write a file of its own into the folder; returns its path. Raises AssistantError with a sentence."""
        name = f"{self.answerer}-{self.made_at[:19].replace(':', '').replace('T', '-')}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = next(path for path in _names(folder, name) if not path.exists())
            path.write_text(json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1), encoding="utf-8")
        except OSError as error:
            raise AssistantError(f"评测结果存不进 {folder}，请检查路径和权限。") from error
        return path

    @classmethod
    def read(cls, path: Path) -> "Results":
        """Raises AssistantError naming what is wrong with the file."""
        try:
            return build(cls, path, json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise AssistantError(f"评测结果 {path} 读不出来：应是 assistant evaluate --save 存的 JSON。") from error


def rate(cases: Sequence[Tried], k: int = 1) -> float:
    """The mean chance that k runs of a case all pass; with k = 1 the share of runs that passed. 0 without cases."""
    return fmean(case.all_pass(k) for case in cases) if cases else 0.0


def fingerprint(files: Iterable[Path]) -> str:
    """A short name for exactly these contents."""
    summed = hashlib.sha256()
    for file in sorted(files):
        summed.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return summed.hexdigest()[:12]


def _names(folder: Path, name: str) -> Iterable[Path]:
    yield folder / f"{name}.json"
    yield from (folder / f"{name}-{number}.json" for number in range(2, 1000))
