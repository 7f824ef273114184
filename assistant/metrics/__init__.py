"""A metric is one function: its signature is the form, the question asked when a figure is missing, and the tool schema.

Positional parameters are inputs, each `Annotated[type, Input(…)]`. Keyword-only parameters name a rule or a table; the
library hands in that day's numbers, so no threshold stands in a metric. The modules of this folder are the registry.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any, TypeAlias, get_args, get_origin, get_type_hints

from assistant.errors import InvalidInput
from assistant.wording import Value, say

InputValue: TypeAlias = float | str | date | tuple[float, ...]
Knowledge: TypeAlias = Callable[[str], Mapping[str, Any]]
"""rule or table id → that day's numbers or rows; raises KnowledgeError when there is none for the day."""

COUNT_UNITS = frozenset("笔 单 件 条 台 台次 户 人 次 个 级".split())


@dataclass(frozen=True)
class Input:
    """What one parameter of a metric is. `unit` as in wording; counts are whole numbers."""

    label: str
    unit: str
    aliases: tuple[str, ...] = ()
    part_of: str | None = None
    """the input this one is counted in: it may not exceed it"""
    positive: bool = False
    """true for denominators: zero is refused in a sentence"""
    signed: bool = False
    """true where a negative value makes sense"""
    maximum: float | None = None
    default: float | None = None
    hint: str = ""
    """said under the field when asking: where the figure is found, what it excludes"""
    choice: str | None = None
    """id of the table whose rows (or, with `column`, columns) are the possible values"""
    column: bool = False
    adds: bool = False
    """true where several figures under the input's names are parts of it and add up: 虚假发货8单、缺货11单"""
    rest_of: str = ""
    """the input of which this one is what the other parts leave, when the question says so"""
    others: tuple[str, ...] = ()
    """names of what the whole holds besides this part: 小二操作的 beside 自主完结的"""
    measure: str = ""
    """the measure of the vocabulary that gives the value when no figure does: 连续三年没出险"""


@dataclass(frozen=True)
class Field:
    """A named input of a metric with its Python kind: number, many (a list of numbers), date or choice."""

    name: str
    kind: str
    spec: Input

    @property
    def whole(self) -> bool:
        """Counts come in whole numbers; solving rounds them to the safe side."""
        return self.kind == "number" and self.spec.unit in COUNT_UNITS

    def say(self, value: InputValue) -> str:
        """The value in words, as read back to the person."""
        if isinstance(value, str):
            return value
        if isinstance(value, tuple):
            return "、".join(say(part, self.spec.unit) for part in value)
        return say(value, self.spec.unit)


@dataclass(frozen=True)
class Metric:
    """A formula with its label, unit and inputs. `aliases` are further names people use for the result."""

    id: str
    label: str
    unit: str
    function: Callable[..., Value]
    aliases: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    worse: str | None = None
    area: str = ""
    about: tuple[str, ...] = ()
    aim: float | None = None
    """the value everyone aims at when no target is named: all of the task"""
    then: str = ""
    """id of the metric of one input that people look up with this result"""

    @property
    def formula(self) -> str:
        """The first line of the docstring: the formula in words."""
        return (inspect.getdoc(self.function) or "").split("\n", 1)[0].rstrip("。")

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The inputs in the order of the formula."""
        hints = get_type_hints(self.function, include_extras=True)
        found = []
        for name, parameter in inspect.signature(self.function).parameters.items():
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                continue
            annotation = hints[name]
            if get_origin(annotation) is not Annotated:
                raise TypeError(f"{self.id}.{name} needs Annotated[type, Input(...)]")
            kind, spec = get_args(annotation)[:2]
            found.append(Field(name, _kind(kind, spec), spec))
        return tuple(found)

    @cached_property
    def borrowed(self) -> tuple[str, ...]:
        """Ids of the rules and tables the formula takes numbers from."""
        parameters = inspect.signature(self.function).parameters.values()
        return tuple(p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)

    @cached_property
    def fraction(self) -> tuple[str, str] | None:
        """(numerator, denominator) when the card can be drawn as a fraction bar."""
        if len(self.fields) != 2:
            return None
        above, below = self.fields
        drawn = above.spec.part_of == below.name or (below.spec.positive and "÷" in self.formula)
        return (above.name, below.name) if drawn and above.kind == below.kind == "number" else None

    def field(self, name: str) -> Field:
        """The input called `name`; KeyError if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def check(self, inputs: Mapping[str, InputValue]) -> None:
        """Refuse figures that cannot be right. Raises InvalidInput with a sentence; missing inputs are not its concern."""
        for field in self.fields:
            if field.name in inputs and not _of_kind(field, inputs[field.name]):
                raise InvalidInput(f"{field.spec.label}应填{_KINDS[field.kind]}，请核对。")
        given = [field for field in self.fields if field.name in inputs]
        for field in sorted(given, key=lambda field: not field.spec.positive):  # a zero denominator is the first cause
            self._check_one(field, inputs)

    def _check_one(self, field: Field, inputs: Mapping[str, InputValue]) -> None:
        value, spec = inputs[field.name], field.spec
        numbers = value if isinstance(value, tuple) else (value,)
        for number in numbers:
            if isinstance(number, str | date):
                continue
            if number < 0 and not spec.signed:
                raise InvalidInput(f"{spec.label}写成了{say(number, spec.unit)}，不能是负数，请核对。")
            if number == 0 and spec.positive:
                raise InvalidInput(f"{spec.label}是0，不能作分母，{self.label}无法计算，请核对这个数。")
            if spec.maximum is not None and number > spec.maximum:
                raise InvalidInput(f"{spec.label}{say(number, spec.unit)}超过了{say(spec.maximum, spec.unit)}，不合理，请核对。")
        whole = inputs.get(spec.part_of) if spec.part_of else None
        if isinstance(value, float | int) and isinstance(whole, float | int) and value > whole:
            other = self.field(str(spec.part_of))
            raise InvalidInput(
                f"{spec.label}{field.say(value)}超过了{other.spec.label}{other.say(whole)}，不合理，算不出{self.label}，请核对。"
            )

    def compute(self, inputs: Mapping[str, InputValue], knowledge: Knowledge) -> Value:
        """The value for complete inputs. Raises InvalidInput when the figures cannot be right."""
        self.check(inputs)
        given = {field.name: inputs.get(field.name, field.spec.default) for field in self.fields}
        borrowed = {name: knowledge(name) for name in self.borrowed}
        beyond = f"这些数或日期大得不合理，算不出{self.label}，请核对。"
        try:
            value = self.function(**given, **borrowed)
        except ZeroDivisionError:
            raise InvalidInput(f"按这些数，分母是0，{self.label}无法计算，请核对。") from None
        except (OverflowError, ValueError):  # also a day after the year 9999
            raise InvalidInput(beyond) from None
        except KeyError as error:
            raise InvalidInput(f"表里没有「{error.args[0]}」这一项，算不出{self.label}，请核对。") from None
        if isinstance(value, float) and not math.isfinite(value):
            raise InvalidInput(beyond)
        return value


_KINDS = {"number": "一个数", "many": "一个或几个数", "date": "日期", "choice": "表里的一项"}


def _of_kind(field: Field, value: object) -> bool:
    if field.kind == "many":
        return isinstance(value, tuple) and len(value) > 0 and all(_is_number(part) for part in value)
    if field.kind == "date":
        return isinstance(value, date)
    return isinstance(value, str) if field.kind == "choice" else _is_number(value)


def _is_number(value: object) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)


def _kind(annotation: object, spec: Input) -> str:
    if spec.choice:
        return "choice"
    if annotation is date:
        return "date"
    return "many" if get_origin(annotation) is tuple else "number"


def metric(
    label: str, unit: str, *, aliases: tuple[str, ...] = (), platforms: tuple[str, ...] = (), worse: str | None = None,
    about: tuple[str, ...] = (), aim: float | None = None, then: str = "",
) -> Callable[[Callable[..., Value]], Metric]:
    """Turn a function into a Metric; its name becomes the id. `worse` is 'higher' or 'lower'. `about` are words that name
    the metric where the question asks for a day: 三包有效期 … 到哪天. `then`: the metric its result is looked up for."""

    def wrap(function: Callable[..., Value]) -> Metric:
        area = function.__module__.rsplit(".", 1)[-1]
        return Metric(function.__name__, label, unit, function, aliases, platforms, worse, area, about, aim, then)

    return wrap


@cache
def registry() -> Mapping[str, Metric]:
    """All metrics by id, found in the modules of this folder."""
    found: dict[str, Metric] = {}
    for module in iter_modules(__path__):
        for value in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, Metric):
                found[value.id] = value
    return found
