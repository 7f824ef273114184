"""What-if for any metric that is monotone in the input asked for: which value of one input meets a target. No code per metric."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import InvalidInput
from assistant.metrics import Field, InputValue, Knowledge, Metric

LARGEST = 1e15
_PROBES = (1.0, 0.5, 2.0, 0.25, 4.0, 0.125, 8.0)  # of the present size of the input, to see where the metric goes
CLOSE = 1e-9  # relative: values nearer than this to the target meet it


@dataclass(frozen=True)
class Solution:
    """`needed` is the value the input must have, `now` what it is (None when unknown), `met` whether nothing is to be done.

    Counts are whole numbers on the side that meets the target.
    """

    field: Field
    target: float
    needed: float
    now: float | None
    met: bool

    @property
    def gap(self) -> float:
        """How much is still missing; 0 when the target is met already."""
        return 0.0 if self.met or self.now is None else abs(self.needed - self.now)

    @property
    def upward(self) -> bool:
        """True when more of the input is needed, False when it must shrink or may not exceed `needed`."""
        return self.now is not None and self.needed > self.now


def solve(
    metric: Metric, inputs: Mapping[str, InputValue], name: str, target: float, knowledge: Knowledge
) -> Solution:
    """The value of input `name` that brings `metric` to `target`, the other inputs held.

    Raises InvalidInput when the target cannot be reached or the metric does not depend on the input.
    """
    field = metric.field(name)
    rising, allowed = _slope(metric, inputs, field, knowledge)
    better_when_lower = metric.worse == "higher"
    exact = _invert(metric, inputs, field, target, rising, allowed, knowledge)
    if not abs(exact) <= LARGEST:
        raise InvalidInput(f"只改{field.spec.label}，{metric.label}到不了这个目标。")
    needed = _whole(exact, rising == better_when_lower) if field.whole else exact
    now = inputs.get(name)
    current = float(now) if isinstance(now, float | int) else None
    met = current is not None and _meets(_value(metric, inputs, field, current, knowledge), target, better_when_lower)
    return Solution(field, target, needed, current, met)


def _slope(metric: Metric, inputs: Mapping[str, InputValue], field: Field, knowledge: Knowledge) -> tuple[bool, float]:
    """(whether the metric rises with the input, a value of the input that the formula takes)."""
    base = _scale(metric, inputs, field)
    for factor in _PROBES:
        low, high = (_value(metric, inputs, field, base * factor * times, knowledge) for times in (1.0, 2.0))
        if math.isnan(low) or math.isnan(high):
            continue  # the formula refuses such a value: 28 hours in use of 24
        if low != high:  # what is reached already may change nothing any more
            return high > low, base * factor
    raise InvalidInput(f"{metric.label}不随{field.spec.label}变化，没法倒推。")


def _scale(metric: Metric, inputs: Mapping[str, InputValue], field: Field) -> float:
    """A value of the input that is surely allowed, to start from."""
    now = inputs.get(field.name)
    if isinstance(now, float | int) and now > 0:
        return float(now)
    wholes = [inputs.get(other.name) for other in metric.fields if other.name != field.name]
    sizes = [float(value) for value in wholes if isinstance(value, float | int) and value > 0]
    return max(sizes, default=1.0)


def _value(metric: Metric, inputs: Mapping[str, InputValue], field: Field, x: float, knowledge: Knowledge) -> float:
    """The metric at x, checks aside: a numerator may pass its whole while the root is being looked for.

    Not a number where the formula itself refuses x, or x is a whole smaller than its part.
    """
    parts = (inputs.get(other.name) for other in metric.fields if other.spec.part_of == field.name)
    if any(isinstance(part, float | int) and part > x for part in parts):
        return math.nan
    given = {f.name: inputs.get(f.name, f.spec.default) for f in metric.fields} | {field.name: x}
    borrowed = {name: knowledge(name) for name in metric.borrowed}
    try:
        return float(metric.function(**given, **borrowed))  # type: ignore[arg-type]
    except ZeroDivisionError:
        return math.inf
    except (InvalidInput, OverflowError, ValueError):
        return math.nan


def _invert(
    metric: Metric, inputs: Mapping[str, InputValue], field: Field, target: float, rising: bool,
    allowed: float, knowledge: Knowledge,
) -> float:
    def above(x: float) -> bool:
        value = _value(metric, inputs, field, x, knowledge)
        if math.isnan(value):
            return x > allowed
        return value >= target if rising else value <= target

    low, high = 0.0, allowed
    if above(low) and math.isfinite(_value(metric, inputs, field, low, knowledge)):
        return _at_zero(metric, inputs, field, target, knowledge)
    while not above(high):
        low, high = high, high * 2
        if high > LARGEST:
            raise InvalidInput(f"只改{field.spec.label}，{metric.label}到不了这个目标。")
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if above(middle) else (middle, high)
    refused = any(math.isnan(_value(metric, inputs, field, x, knowledge)) for x in (low, high))
    if refused and not _hits(metric, inputs, field, high, target, knowledge):  # what the formula takes ends before
        raise InvalidInput(f"只改{field.spec.label}，{metric.label}到不了这个目标。")
    return _tidy(metric, inputs, field, high, target, knowledge)


def _at_zero(
    metric: Metric, inputs: Mapping[str, InputValue], field: Field, target: float, knowledge: Knowledge
) -> float:
    value = _value(metric, inputs, field, 0.0, knowledge)
    if math.isclose(value, target, rel_tol=CLOSE, abs_tol=1e-12) or field.spec.signed:
        return 0.0
    raise InvalidInput(f"只改{field.spec.label}，{metric.label}到不了这个目标。")


def _tidy(
    metric: Metric, inputs: Mapping[str, InputValue], field: Field, x: float, target: float, knowledge: Knowledge
) -> float:
    """Prefer the shortest decimal that hits the target as well: 4000, not 3999.9999999998."""
    for decimals in range(9):
        short = round(x, decimals)
        if _hits(metric, inputs, field, short, target, knowledge):
            return short
    return x


def _hits(
    metric: Metric, inputs: Mapping[str, InputValue], field: Field, x: float, target: float, knowledge: Knowledge
) -> bool:
    return math.isclose(_value(metric, inputs, field, x, knowledge), target, rel_tol=CLOSE, abs_tol=1e-15)


def _whole(x: float, down: bool) -> float:
    nearest = round(x)
    if math.isclose(x, nearest, rel_tol=CLOSE, abs_tol=1e-9):
        return float(nearest)
    return float(math.floor(x) if down else math.ceil(x))


def _meets(value: float, target: float, lower: bool) -> bool:
    if math.isclose(value, target, rel_tol=CLOSE, abs_tol=1e-15):
        return True
    return value <= target if lower else value >= target
