"""What a model may have done for it in a turn: compute, solve, look up. Only with figures the person gave; the results are ours."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answer import Calculated, Event, Turn
from assistant.arguments import filled
from assistant.deciding import relevant
from assistant.errors import InvalidInput
from assistant.figures import figures, fold
from assistant.findings import compute, solved
from assistant.library import Document, Library
from assistant.metrics import Field, InputValue, Metric
from assistant.understanding import Goal, Reading

CLOSE = 1e-9


@dataclass(frozen=True)
class Toolbox:
    """The tools of one turn. Errors are InvalidInput or KnowledgeError with a sentence the model can act on."""

    library: Library
    turn: Turn
    plain: Sequence[Event]

    def compute(self, id: str, inputs: Mapping[str, Any]) -> Calculated:
        """A metric of the figures the person gave, by the rules of the day asked about."""
        metric = self._metric(id)
        given = self._given(metric, inputs, without=None)
        understanding = self.turn.understanding
        return compute(self.library, metric, given, understanding.day, understanding.platform, relevant(self.turn))

    def solve(self, id: str, inputs: Mapping[str, Any], change: str, target: float) -> list[Calculated]:
        """What the input `change` must be for the metric to reach `target`; the first is the answer."""
        metric = self._metric(id)
        if change not in {one.name for one in metric.fields} or metric.field(change).kind != "number":
            raise InvalidInput(f"{metric.label}没有叫 {change} 的数可以倒推。")
        if metric.unit in ("date", "bool"):
            raise InvalidInput(f"{metric.label}不能倒推。")
        if not _among(target, self._numbers()):
            raise InvalidInput(f"目标 {target:g} 不是对方说的数，不能用。")
        given = self._given(metric, inputs, without=change)
        reading = Reading(metric, given, frozenset(given), (), {}, 0.0, True, Goal(target, change))
        return solved(self.library, reading, target, self.turn.understanding.day)[1]

    def look_up(self, id: str) -> Document:
        """A document as it reads on the day asked about."""
        found = self.library.on(self.turn.understanding.day).get(id.strip("【】[]［］ "))
        if found is None or found.kind == "guide":
            raise InvalidInput(f"没有编号为「{id}」的资料，只能读列出来的编号。")
        return found

    def _metric(self, id: str) -> Metric:
        metric = self.library.metrics.get(id)
        if metric is None:
            raise InvalidInput(f"没有编号为「{id}」的指标，只能用「参数」里列出来的编号。")
        if any(isinstance(event, Calculated) and event.metric == id and not event.aside for event in self.plain):
            raise InvalidInput(f"{metric.label}已经算好，直接引用，不要再算。")
        return metric

    def _given(self, metric: Metric, inputs: Mapping[str, Any], without: str | None) -> dict[str, InputValue]:
        """The inputs as the metric takes them. Each figure is one the person gave, and is what our own reading took it for."""
        given = filled(self.library, metric, inputs, self.turn.understanding.day, without)
        given.pop(without or "", None)
        read = next((one.inputs for one in self.turn.understanding.readings if one.metric.id == metric.id), {})
        free = [value for value in self._numbers() if not _among(value, _flat(read.values()))]
        for one in metric.fields:
            if one.name not in given or given[one.name] == one.spec.default:
                continue
            value = given[one.name]
            if one.name in read:
                if not _same(value, read[one.name]):
                    raise InvalidInput(f"{one.spec.label}读到的是{one.say(read[one.name])}，请照用。")
            else:
                self._spend(one, value, free)
        metric.check(given)
        return given

    def _spend(self, one: Field, value: InputValue, free: list[float]) -> None:
        """Take a value out of the figures that are not used yet. One figure is one input."""
        if isinstance(value, date):
            if value not in self._days():
                raise InvalidInput(f"{one.spec.label}{value.isoformat()}不是对方说的日期，不能用。")
            return
        if isinstance(value, str):
            raise InvalidInput(f"{one.spec.label}对方没有说清，请直接问他。")
        for part in value if isinstance(value, tuple) else (value,):
            held = next((number for number in free if _near(number, part)), None)
            if held is None:
                raise InvalidInput(f"{one.spec.label}{one.say(part)}不是对方说的数，或已用在别处，不能用。还差这个数就直接问他。")
            free.remove(held)

    def _numbers(self) -> list[float]:
        """Every number the person gave in this conversation, as often as it was given in this question."""
        understanding = self.turn.understanding
        now = [figure.value for figure in understanding.figures]
        before = [figure.value for question in self.turn.earlier for figure in figures(fold(question))]
        last = understanding.history
        if last is not None:
            before += _flat((*last.inputs.values(), *last.previous.values()))
        return now + [value for value in dict.fromkeys(before) if not _among(value, now)]

    def _days(self) -> set[date]:
        understanding = self.turn.understanding
        said = {day.first for day in understanding.days if day.precise}
        last = understanding.history
        held = last.inputs.values() if last is not None else ()
        return said | {value for value in held if isinstance(value, date)} | {self.turn.today}


def _flat(values: Iterable[Any]) -> list[float]:
    return [part for value in values for part in _parts(value)]


def _parts(value: Any) -> Iterator[float]:
    if isinstance(value, tuple | list):
        for part in value:
            yield from _parts(part)
    elif isinstance(value, float | int) and not isinstance(value, bool):
        yield float(value)


def _among(value: float, numbers: Iterable[float]) -> bool:
    return any(_near(value, number) for number in numbers)


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


def _same(one: InputValue, other: InputValue) -> bool:
    mine, theirs = _flat((one,)), _flat((other,))
    if mine or theirs:
        return len(mine) == len(theirs) and all(map(_near, mine, theirs))
    return one == other
