"""Computed tables of a paper, drawn from the figures a person gave; what was not given is left to be filled in by hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from assistant.guides import LINE
from assistant.library import Library
from assistant.metrics import InputValue
from assistant.metrics.claims import factors
from assistant.wording import plain, say

Given: TypeAlias = Mapping[str, Mapping[str, InputValue]]
"""metric → input → value, as far as they are known"""

EMPTY_PERIODS = 6  # rows to be filled in by hand when no period was given


@dataclass(frozen=True)
class Sheet:
    """A table and the metrics whose inputs it is drawn from."""

    metrics: tuple[str, ...]
    draw: Callable[[Library, Given, date], str]


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _renewals(library: Library, given: Given, day: date) -> str:
    """One claim or none, renewal by renewal: both coefficients, what the year costs more, and the running total."""
    inputs = given.get("claim_extra_premium", {})
    numbers = library.numbers(day)
    count = int(numbers("one_claim_path")["renewals"])
    base, years = _number(inputs.get("base_x_autonomous")), _number(inputs.get("clean_years"))
    pairs = factors(years, count, numbers("ncd_level"), numbers("ncd_2020")) if years is not None else []
    rows, total = [], 0.0
    for place in range(count):
        cells = [f"第{place + 1}次", LINE, LINE, LINE, LINE]
        if pairs:
            claimed, clean = pairs[place]
            cells[1:3] = [say(claimed, "factor"), say(clean, "factor")]
            if base is not None:
                more = base * (claimed - clean)
                total += more
                cells[3:] = [say(more, "元"), say(total, "元")]
        rows.append(cells)
    return table(["往后续保", "走保险的NCD系数", "不走的NCD系数", "当年多交", "累计多交"], rows)


def _history(library: Library, given: Given, day: date) -> str:
    """Every period and its share of the target."""
    inputs = given.get("target_vs_best", {})
    done, target = _numbers(inputs.get("history")), _number(inputs.get("target"))
    rows = [
        [f"第{place}期", plain(value, 2), say(value / target, "ratio") if target else LINE, ""]
        for place, value in enumerate(done, 1)
    ] or [[f"第{place}期", LINE, LINE, ""] for place in range(1, EMPTY_PERIODS + 1)]
    return table(["期", "实际完成", "占目标", "当期特殊条件（活动、加人、旺季）"], rows)


def _tiers(library: Library, given: Given, day: date) -> str:
    """Three targets: what is done on average, what was done once, what is asked; the lift each needs, what is left to do."""
    inputs = given.get("target_vs_best", {})
    done, target = _numbers(inputs.get("history")), _number(inputs.get("target"))
    now = _number(given.get("kpi_lift", {}).get("actual"))
    average = sum(done) / len(done) if done else None
    tiers = (("可达", "历史平均", average), ("冲刺", "历史最好", max(done, default=None)), ("原目标", "上面给的数", target))
    rows = [
        [tier, origin, LINE if value is None else plain(value, 2), _lift(average, value), _left(now, value), ""]
        for tier, origin, value in tiers
    ]
    return table(["档", "怎么来的", "数", "比历史平均要提升", "现在还差", "要到它还缺什么（人、时间、预算、系统）"], rows)


def _lift(average: float | None, value: float | None) -> str:
    if not average or value is None:
        return LINE
    return say(value / average - 1, "ratio") if value > average else "不用提"


def _left(now: float | None, value: float | None) -> str:
    return LINE if now is None or value is None else plain(max(0.0, value - now), 2)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None


def _numbers(value: object) -> tuple[float, ...]:
    return tuple(float(part) for part in value) if isinstance(value, tuple) else ()


SHEETS: Mapping[str, Sheet] = {
    "renewals": Sheet(("claim_extra_premium",), _renewals),
    "history": Sheet(("target_vs_best",), _history),
    "tiers": Sheet(("target_vs_best", "kpi_lift"), _tiers),
}
