"""What a figure does in a sentence: a value given, a value changed, a target for the result, somebody's line."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from assistant import phrases
from assistant.assignment import unit_price
from assistant.figures import Figure
from assistant.mentions import Mention
from assistant.metrics import COUNT_UNITS, Metric

Role = Literal["value", "old", "new", "more", "less", "target", "line", "stated", "aside"]

BESIDE = 6  # characters between a metric's name and the value stated for it
HOURS_A_DAY = 24
MOST_PERCENT = 200  # a rate aimed at without its sign: 吸收率要100
_IS = re.compile(r"[是为按]?")
_FIRST_YEAR, _LAST_YEAR = 1990, 2050  # a bare number between them may be a year
_LOOK_BACK, _LOOK_AHEAD = 14, 12


def role(
    text: str, figure: Figure, metric: Metric, own: Sequence[Mention], naming: Mapping[str, Sequence[Mention]]
) -> Role:
    """`own` are the mentions of the metric itself, `naming` those of its inputs."""
    if not any(one.kind == "many" for one in metric.fields) and _in_proportion(text, figure):
        return "aside"  # 按3:2:1算 tells how others are weighed
    before = text[max(0, figure.start - _LOOK_BACK) : figure.start]
    after = text[figure.end : figure.end + _LOOK_AHEAD]
    excluded = phrases.SET_ASIDE_FIGURE.match(after) and all(_named_before(text, figure, found) < 0 for found in naming.values())
    if phrases.ROUGHLY.match(text[figure.end :]):
        return "aside"  # 五十单左右，准确是42单
    if not figure.unit and figure.raw.isdigit() and _FIRST_YEAR <= figure.value <= _LAST_YEAR and phrases.TYPICAL.search(text):
        return "aside"  # CSI 2022 行业多少分
    if figure.kind == "duration" and phrases.A_RULES.search(before):
        return "aside"  # 算那个30天的时候
    if phrases.HEARSAY.search(before) or phrases.CLAIMED.search(before) or excluded:
        return "aside"  # 网上有说5的, 钣喷6个工位不算
    if metric.unit == "ratio" and not figure.unit and phrases.NEARLY.search(before):
        return "aside"  # a rate that is nearly there, or that a page may show, counts nothing
    fits_input = any(unit_price(figure, one) is not None for one in metric.fields if one.kind in ("number", "many"))
    # of a score that is its own input, '体验分到4.6' gives the value
    if len(metric.fields) > 1 or not fits_input:
        aimed = any(m.end <= figure.start and aimed_at(text[m.end : figure.start]) for m in own) or any(
            m.end <= figure.start and _IS.fullmatch(text[m.end : figure.start]) and phrases.TARGET_NAME.search(text[: m.start])
            for m in own
        )
        if aimed and as_result(figure, metric.unit, aimed=True) is not None:
            asks_level = phrases.LEVEL.search(text) and not phrases.WANTED.search(text)
            return "stated" if asks_level else "target"
        if _told(text, figure, metric, own) or _reached(text, figure, metric, own):
            return "stated"
    if as_result(figure, metric.unit) is not None:
        found = _of_result(text, figure, metric, own, naming, before, after, fits_input)
        if found is not None:
            return found
    return _of_input(text, figure, before, after)


def _of_result(
    text: str, figure: Figure, metric: Metric, own: Sequence[Mention], naming: Mapping[str, Sequence[Mention]],
    before: str, after: str, fits_input: bool,
) -> Role | None:
    """What a figure in the unit of the result is to the result; None when it is not about it."""
    if phrases.LINE.match(after):
        return "line"
    bound = phrases.BOUND.search(before) or phrases.BOUND_AFTER.match(after)
    beside = any(0 <= figure.start - mention.end <= BESIDE for mention in own)
    if beside and not bound and len(metric.fields) > 1 and phrases.LEVEL.search(text):
        return "stated"
    wanted = phrases.WANTED.search(text)
    named = _named_before(text, figure, own)
    fitting = [one.name for one in metric.fields if unit_price(figure, one) is not None]
    input_named = max((_named_before(text, figure, naming[name]) for name in fitting), default=-1)
    wished = wanted and phrases.WISHED.search(before) and not fits_input
    if wished or phrases.TARGET.search(before) or phrases.TARGET_AFTER.match(after):
        could_be_input = fits_input and metric.unit != "ratio" and (figure.unit == "" or input_named > named)
        if not could_be_input and (not fits_input or wanted):
            return "target"
    compared = bound and phrases.COMPARED.search(bound[0])
    if bound and not wanted and (compared or named >= 0 or not fits_input):
        return "line"  # somebody's threshold, not the asker's own value
    return None if fits_input else "stated" if beside else "value"


def _of_input(text: str, figure: Figure, before: str, after: str) -> Role:
    turned = figure.unit == "人" and phrases.PERSUADED.match(after) and not phrases.FROM.search(before)  # 把贬损里10个人变成7-8分
    if (phrases.FROM.search(before) and phrases.FROM_AFTER.match(after)) or (phrases.FROM_DIRECTLY.match(after) and not turned):
        return "old"
    clause_end = phrases.CLAUSE_END.search(text, figure.end)
    clause = text[_clause_start(text, figure.start) : clause_end.start() if clause_end else len(text)]
    if phrases.TAKEN_OUT.match(after) or (phrases.PERSUADED.match(after) and phrases.HYPOTHETICAL.search(clause)):
        return "less"
    if phrases.COMPARED_TO.search(text[_clause_start(text, figure.start) : figure.start]) and not phrases.HYPOTHETICAL.search(clause):
        return "aside"  # 比上月多判3笔 tells of last month, the figure of this one is given besides
    if phrases.PENDING.match(text[figure.end :]):
        return "more"
    if figure.kind == "duration" and phrases.GRACE.search(before):
        return "more"
    also = phrases.ALSO.match(after)
    if also and (phrases.HYPOTHETICAL.search(clause) or phrases.HYPOTHETICAL.search(also[0])):
        return "more"  # 要是那5单也判我责任 adds them
    if phrases.BECOMES.search(before) and (phrases.HYPOTHETICAL.search(clause) or phrases.MORE.search(before)):
        return "new"  # 自主再给到0.85 says what it becomes, not how much more it is
    if phrases.LESS.search(before):
        return "less"  # 再省5万 is less, not more
    if phrases.MORE.search(before):
        return "more"
    return "new" if phrases.TO.search(before) and phrases.HYPOTHETICAL.search(clause) else "value"


def _told(text: str, figure: Figure, metric: Metric, own: Sequence[Mention]) -> bool:
    """'工时费200' tells the amount that 工时费 would be computed for: it is no input of it."""
    told = any(m.end <= figure.start and _IS.fullmatch(text[m.end : figure.start]) for m in own)
    return told and metric.unit.startswith("元") and as_result(figure, metric.unit, aimed=True) is not None


def _reached(text: str, figure: Figure, metric: Metric, own: Sequence[Mention]) -> bool:
    """退款率都快100了 tells the rate itself, without its sign."""
    told = any(m.end <= figure.start and phrases.REACHED.fullmatch(text[m.end : figure.start]) for m in own)
    return told and as_result(figure, metric.unit, aimed=True) is not None


def _in_proportion(text: str, figure: Figure) -> bool:
    return any(found.start() <= figure.start < found.end() for found in phrases.PROPORTION.finditer(text))


def aimed_at(between: str) -> bool:
    """Whether the words between a name and a figure make the figure its target: '单车产值要到1250'."""
    if len(between) > BESIDE or phrases.CLAUSE_END.search(between):
        return False
    return bool(phrases.TARGET.search(between) or phrases.AIM.match(between))


def as_result(figure: Figure, unit: str, *, aimed: bool = False) -> float | None:
    """The figure in the unit of a result, or None when it cannot be one. `aimed`: said of the result in so many words."""
    if figure.kind in ("window", "range", "approx"):
        return None
    if unit == "%":
        return figure.value * 100 if figure.unit == "ratio" else figure.value if aimed and not figure.unit else None
    if figure.unit and (unit == figure.unit or unit.startswith(f"{figure.unit}/")):
        return figure.value
    if figure.unit == "级" and unit == "level":
        return figure.value
    if unit == "小时" and figure.unit == "天":
        return figure.value * HOURS_A_DAY
    if unit == "ratio" and aimed and figure.unit == "" and 1 < figure.value <= MOST_PERCENT:
        return figure.value / 100
    if figure.unit == "":
        return figure.value if unit in ("分", "factor", "level") or (aimed and unit not in ("ratio", "bool", "date")) else None
    counted = aimed and figure.kind == "count" and (unit == "" or unit in COUNT_UNITS)
    return figure.value if counted else None


def per_one(text: str, figure: Figure) -> bool:
    """一天收多少, 一台次赚多少: the rate is asked, nothing is counted."""
    return bool(phrases.A_SINGLE.match(figure.raw) and phrases.PER_ONE.match(text[figure.end :]))


def _clause_start(text: str, place: int) -> int:
    return max((found.end() for found in phrases.CLAUSE_END.finditer(text, 0, place)), default=0)


def _named_before(text: str, figure: Figure, mentions: Sequence[Mention]) -> int:
    """Where the last of the mentions in the figure's clause before it ends; -1 when there is none."""
    start = _clause_start(text, figure.start)
    return max((m.end for m in mentions if start <= m.start and m.end <= figure.start), default=-1)
