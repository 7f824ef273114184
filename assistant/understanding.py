"""What was read in a question: the metric meant, its inputs, what is missing and what is wanted. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assistant.days import Day
from assistant.figures import Figure
from assistant.metrics import Field, InputValue, Metric


@dataclass(frozen=True)
class Understood:
    """What a turn was about, kept so that the next one can leave things out."""

    metric: str | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    previous: Mapping[str, Any] = field(default_factory=dict)
    """the inputs before the last change, so that both can be compared afterwards"""
    platform: str | None = None
    subject: str = ""
    """label of the metric or title of the document last spoken of"""
    target: float | None = None
    day: date | None = None
    """the past day spoken of, which a follow-up still means"""
    open: bool = False
    """figures were given and nothing could be computed yet: the next turn may bring the rest"""
    text: str = ""
    """the folded words the choices were read from, so that another day can read them again"""
    guide: str = ""
    """id of the paper just handed out"""
    also: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """other metrics told in the same answer → their inputs: a change means them as well"""
    sought: str | None = None
    """the input by which the target was to be reached"""
    at_most: bool = False
    """whether the target was a limit: 最多几单"""


@dataclass(frozen=True)
class Exchange:
    """An earlier question of the conversation and what was understood."""

    question: str
    understood: Understood


@dataclass(frozen=True)
class Goal:
    """What is wanted of a metric besides its value: a target to reach by changing one input."""

    target: float | None
    field: str | None
    at_most: bool = False
    relative: bool = False
    """asked as a difference (还差多少), so the present value is needed too"""
    since: float | None = None
    """another result given beside the target: asked is how much the field differs between the two"""
    rest: bool = False
    """asked is how many of the whole may stay outside the field: 最多允许几单没按时"""


@dataclass(frozen=True)
class Reading:
    """A metric with the inputs found in the text (and, in a follow-up, carried over)."""

    metric: Metric
    inputs: Mapping[str, InputValue]
    typed: frozenset[str]
    missing: tuple[Field, ...]
    options: Mapping[str, tuple[str, ...]]
    score: float
    named: bool
    goal: Goal | None = None
    vouched: bool = False
    """every figure given to it stands beside a word that names the input, and there are two or more"""
    unused: bool = False
    """the text holds figures that this metric has no use for"""
    line: float | None = None
    stated: float | None = None
    """the metric's own value as the person gives it: 一次修好率88%"""
    before: Mapping[str, InputValue] = field(default_factory=dict)
    """the inputs of the other case: before a change, or the first of two that are compared"""
    compared: bool = False
    """two cases stand side by side: none of them is what was before"""
    carried: bool = False
    """the metric, and perhaps some inputs, come from the turn before"""
    unproven: bool = False
    """only inputs that may all be left out speak for this metric"""
    how_much: bool = False
    """the value itself is asked right behind the metric's name: 交强险多少"""
    loose: bool = False
    """a figure went to an input that no word names"""
    day: date | None = None
    """the day whose rules count, where the question names one for each of several cases"""
    where: str = ""
    """what tells this case from the others of the question: the platform, or the day as written"""
    source: "Reading | None" = None
    """the reading whose result is one of the inputs: the NCD level behind an NCD factor"""

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


@dataclass(frozen=True)
class Understanding:
    """All that was read in one question."""

    text: str
    figures: tuple[Figure, ...]
    days: tuple[Day, ...]
    day: date
    dated: bool
    platform: str | None
    readings: tuple[Reading, ...]
    following: bool
    wants_formula: bool
    asks_to_compute: bool
    day_words: str = ""
    """how the question named the day: 2017年5月"""
    wants_advice: bool = False
    """asks what to do, whether it is allowed, how long it takes: not for a value"""
    wants_meaning: bool = False
    """asks what a value leads to: whether it hurts, what happens, whether it is good"""
    history: Understood | None = None
    impossible: str = ""
    """a day the calendar does not have, as it was written"""
    only_a_name: bool = False
    """a metric's name and nothing else"""
    only_figures: bool = False
    """figures with their names and nothing else: nothing is asked yet"""
