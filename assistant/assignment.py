"""Which figure is which input: all figures of a question against all inputs of a metric, solved as one assignment.

The price of a pair is how badly the units agree plus how far the figure stands from a word that names the input. Leaving
a figure out has a price too, so a figure that fits nothing stays out rather than landing somewhere.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import log10

from assistant.figures import Figure
from assistant.mentions import Mention
from assistant.metrics import COUNT_UNITS, Field, InputValue, Metric
from assistant.rows import runs

LEAVE_OUT = 8.0
NO_NAME = 5.0  # a figure whose input is not named anywhere near: only its unit speaks for it
IMPOSSIBLE = 1e6
MINOR_UNIT = 1.5
SPECIFIC = 3  # characters from which a word is hardly ever meant otherwise
FAR_NAME = 0.005  # of the price of a name too far to count: among inputs that only the unit speaks for, the nearest still wins
FARTHEST = 30.0
OWN_FIGURE = 3  # characters between a name and the figure it names
UNIT_NAMES_IT = 1.0
ANY_UNIT = 0.3
NAME_BEHIND = 1.5
SENTENCE_APART = 4.0  # a name in another sentence or part of one says less than one behind a figure and a comma
NEXT_SENTENCE = 2.0  # … and one in the sentence to come even less: that sentence has figures of its own
CLAUSE_APART = 2.5
LIST = 3  # figures in a row that are surely a list
NOT_THE_LIST = 3.0
TOTAL_WORDS = frozenset("一共 总共 共用 合计".split())
ONLY_A_TOTAL = 2.5  # 一共 says of what only when nothing else does
LONGER_NAME = 0.32  # a character more of a name outweighs one more between it and the figure
MOST_FACTOR = 10.0  # a bare number above it is an amount, not a factor
MOST_BARE_TIME = 400.0
PER_MAGNITUDE = 0.5
BEYOND_IT = 0.8  # a change larger than what it changes is stranger than a small one
UNKNOWN_BEFORE = 1.0
GOES_ON = 0.5  # NCD现在0.5，要是变成0.7 goes on from what was told last
RIGHTED = 3.5  # what a reading in which the part fits into its whole may cost more than one in which it does not
MOST_TRIED = 6  # figures up to which every way of giving them is tried
BARE_FOR_TIME = 2.0  # days, years and times are hardly ever given without their unit

_TIMES = frozenset("天 日 年 次 小时 月".split())
_FAMILIES = (
    frozenset("笔 单 件 条 个 票 包裹".split()),
    frozenset("台次 台 次 辆 单 个 张".split()),
    frozenset("户 人 个 位 名 台 家 份".split()),
    frozenset("次 次/年 回".split()),
    frozenset("小时 工时 工位小时 个 h".split()),
    frozenset("天 日 个工作日 工作日".split()),
    frozenset("年 岁".split()),
    frozenset("公里 km".split()),
    frozenset("个 工位 台".split()),
    frozenset("级 档".split()),
)
CONVERTED = {("天", "小时"): 24.0, ("月", "年"): 1 / 12}
_SENTENCE_STOP = re.compile(r"[。；;！!？?\n]")
_STRONG_STOP = re.compile(r"[，,：:（）()]")
_WEAK_STOP = re.compile(r"[、 ]")


@dataclass(frozen=True)
class Placed:
    """A figure, or a row of figures for a list, given to an input. `named` is false when only the unit speaks for it."""

    field: str
    figures: tuple[Figure, ...]
    named: bool
    price: float


def unit_price(figure: Figure, field: Field) -> float | None:
    """0 when the units are the same, more when they merely agree, None when the figure cannot be this input."""
    unit = field.spec.unit
    if figure.kind in ("window", "range", "approx"):
        return None
    if figure.unit == unit:
        return 0.0
    if unit == "":
        return ANY_UNIT if figure.kind in ("money", "count", "ratio", "number") and figure.unit != "项" else None
    if unit == "ratio":
        fits = figure.unit == "" and 0 <= figure.value <= 1
        return MINOR_UNIT if fits else None
    if (unit == "level" or unit in COUNT_UNITS) and figure.value != int(figure.value):
        return None  # nobody has 0.7 claims
    if unit == "factor":
        if figure.unit == "":
            return 0.0 if abs(figure.value) <= MOST_FACTOR else None
        return MINOR_UNIT if figure.unit == "ratio" else None
    if figure.unit in ("ratio", "ppm"):
        return None
    if figure.unit == "":
        if unit in _TIMES or unit.startswith("次/"):
            return BARE_FOR_TIME if figure.value <= MOST_BARE_TIME else None
        if unit == "元" and 0 < abs(figure.value) < 1:
            return None  # a bare 0.8 is a coefficient, not eighty cents
        return 0.6
    if unit == "元/工时" and figure.unit == "元":
        return 0.0
    if unit == "个" and (figure.kind == "duration" or figure.unit in ("工时", "工位小时")):
        return None  # of 8个工位营业10小时 the hours are no bays
    if any(figure.unit in family and unit in family for family in _FAMILIES):
        return 0.8
    if (figure.unit, unit) in CONVERTED:
        return 1.0
    if figure.unit == "元" or unit == "元":
        return None
    if unit.startswith(figure.unit) or figure.unit.startswith(unit):
        return 0.4
    return None


def name_price(
    text: str, figure: Figure, mentions: Sequence[Mention], others: Sequence[Figure], name_first: bool = False
) -> float | None:
    """The price of the nearest naming word; None when none stands in the text."""
    behind = NAME_BEHIND if name_first else 0.0
    stop = CLAUSE_APART if name_first else SENTENCE_APART  # a change is often told after the case it changes
    prices = [_distance(text, figure, m, others, stop) + (behind if m.start >= figure.end else 0.0) for m in mentions]
    return min(prices) if prices else None


def _distance(text: str, figure: Figure, mention: Mention, others: Sequence[Figure], stop: float) -> float:
    if mention.start < figure.end and figure.start < mention.end:
        return UNIT_NAMES_IT  # the unit itself names the input: '12个工位'
    before = mention.end <= figure.start
    start, end = (mention.end, figure.start) if before else (figure.end, mention.start)
    between = text[start:end]
    price = len(between) * (0.3 if before else 0.4) + (0.0 if before else 0.3)
    price += (stop if before else stop + NEXT_SENTENCE) * len(_SENTENCE_STOP.findall(between))
    price += CLAUSE_APART * len(_STRONG_STOP.findall(between)) + 1.0 * len(_WEAK_STOP.findall(between))
    price += 2.0 * sum(start <= other.start < end for other in others)
    if mention.name in TOTAL_WORDS:
        return price + ONLY_A_TOTAL
    return price - min(mention.end - mention.start, 6) * LONGER_NAME


def converted(figure: Figure, field: Field) -> float:
    """What a figure is multiplied by for its input: days given for hours, months given for years."""
    return CONVERTED.get((figure.unit, field.spec.unit), 1.0)


def value_of(field: Field, placed: Placed) -> InputValue:
    """What the figures are as the input, in its own unit: all of them for a list, else their sum."""
    values = tuple(figure.value * converted(figure, field) for figure in placed.figures)
    return values if field.kind == "many" else sum(values)


def assign(
    text: str, figures: Sequence[Figure], metric: Metric, mentions: Mapping[str, Sequence[Mention]], *,
    name_first: bool = False, asked: frozenset[str] = frozenset(), current: Mapping[str, object] | None = None, told: Sequence[Figure] = (),
    barred: Mapping[Figure, frozenset[str]] | None = None, recent: Mapping[Figure, str] | None = None,
    foreign: Mapping[Figure, str] | None = None,
) -> list[Placed]:
    """Give figures to the number inputs of `metric`. `mentions` holds the naming words by input name.

    `name_first`: a name behind the figure counts for less ('交易做到4000笔退款还是…' changes 交易, not 退款).
    `asked`: inputs whose value is asked for; only a figure beside their name is theirs. `current`: what the inputs are
    before a change; a figure that no name claims changes the input of its own magnitude (再多2000单 of 8000, not of 12).
    `told`: the figures of the case that is changed; a name right in front of one of them names no difference.
    `foreign`: figures that a word of other metrics names, with the word.
    `barred`: inputs a figure cannot be. `recent`: the input a figure goes on from when no name claims it.
    """
    fields = [field for field in metric.fields if field.kind in ("number", "many")]
    if not figures or not fields:
        return []
    lists = any(field.kind == "many" for field in fields)
    named = [mention for found in mentions.values() for mention in found]
    groups = runs(text, figures, named) if lists else [(figure,) for figure in figures]
    prices = [
        [_price(text, group, field, mentions.get(field.name, ()), figures, name_first, told) for field in fields]
        for group in groups
    ]
    longest = max(len(group) for group in groups)
    for group, row in zip(groups, prices, strict=True):
        for column, field in enumerate(fields):
            if field.kind == "many" and len(group) < longest >= LIST:
                row[column] = row[column][0] + NOT_THE_LIST, row[column][1]  # beside a row of six, a single figure is no list
    for row in prices:
        for column, field in enumerate(fields):
            if field.name in asked and not row[column][1]:
                row[column] = (IMPOSSIBLE, False)
    _without_foreign(groups, prices, foreign or {})
    if current is not None:
        for group, row in zip(groups, prices, strict=True):
            strange = [_strangeness(group[0], current.get(field.name)) for field in fields]
            for column, (price, sure) in enumerate(row):
                if not sure:
                    row[column] = price + strange[column] - min(strange), sure
    for group, row in zip(groups, prices, strict=True):
        for column, field in enumerate(fields):
            price, sure = row[column]
            if field.name in (barred or {}).get(group[0], ()):
                row[column] = IMPOSSIBLE, False
            elif not sure and (recent or {}).get(group[0]) == field.name:
                row[column] = price - GOES_ON, sure
    costs = [[price for price, _ in row] for row in prices]
    pairs = _righted(_cheapest(costs), costs, groups, fields)
    return [
        Placed(fields[column].name, groups[row], prices[row][column][1], prices[row][column][0]) for row, column in pairs
    ]


def _without_foreign(
    groups: Sequence[tuple[Figure, ...]], prices: Sequence[list[tuple[float, bool]]], foreign: Mapping[Figure, str]
) -> None:
    """Bar what a word of other metrics names from inputs that no word names: by a long word always (派费收入17.5万 is no fine),
    by a short one where another figure is there for it."""
    unclaimed = [group[0] not in foreign and not any(sure for _, sure in row) for group, row in zip(groups, prices, strict=True)]
    for group, row in zip(groups, prices, strict=True):
        word = foreign.get(group[0], "")
        for column, (_, sure) in enumerate(row):
            rivalled = any(free and other[column][0] < LEAVE_OUT for free, other in zip(unclaimed, prices, strict=True))
            if word and not sure and (rivalled or len(word) >= SPECIFIC):
                row[column] = IMPOSSIBLE, False


def _unspent(figure: Figure, mentions: Sequence[Mention], told: Sequence[Figure]) -> Sequence[Mention]:
    """Without the names in front that have a figure of their own behind them: of 判责12笔，再多2000单 the first names 12 alone."""
    return [
        m for m in mentions if m.end > figure.start or not any(m.end <= other.start <= m.end + OWN_FIGURE for other in told)
    ]


def _strangeness(figure: Figure, now: object) -> float:
    """How far a change is from the magnitude of what it would change; an input that is not there yet is not changed."""
    if not isinstance(now, float | int) or isinstance(now, bool):
        return UNKNOWN_BEFORE
    if not now or not figure.value:
        return 0.0
    apart = log10(abs(figure.value) / abs(now))
    return min(UNKNOWN_BEFORE, (BEYOND_IT if apart > 0 else PER_MAGNITUDE) * abs(apart))


def _righted(
    pairs: list[tuple[int, int]], costs: Sequence[Sequence[float]], groups: Sequence[tuple[Figure, ...]], fields: Sequence[Field]
) -> list[tuple[int, int]]:
    """Where a part came out larger than its whole: the cheapest way in which it does not, if that is not far-fetched."""
    if not _overflows(pairs, groups, fields) or len(groups) > MOST_TRIED:
        return pairs
    def total(found: Sequence[tuple[int, int]]) -> float:
        return sum(costs[row][column] for row, column in found) + LEAVE_OUT * (len(groups) - len(found))

    columns = [*range(len(fields)), *[-1] * len(groups)]
    ways = {tuple((row, column) for row, column in enumerate(way) if column >= 0) for way in permutations(columns, len(groups))}
    possible = [
        way for way in ways
        if all(costs[row][column] < LEAVE_OUT for row, column in way) and not _overflows(way, groups, fields)
    ]
    best = min(possible, key=total, default=None)
    if best is None or len(best) < len(pairs) or total(best) > total(pairs) + RIGHTED:
        return pairs
    return list(best)


def _overflows(pairs: Sequence[tuple[int, int]], groups: Sequence[tuple[Figure, ...]], fields: Sequence[Field]) -> bool:
    given = {fields[column].name: groups[row][0].value for row, column in pairs if len(groups[row]) == 1}
    return any(
        field.spec.part_of in given and given.get(field.name, 0.0) > given[field.spec.part_of]
        for field in fields if field.spec.part_of
    )


def _price(
    text: str, group: tuple[Figure, ...], field: Field, mentions: Sequence[Mention], others: Sequence[Figure],
    name_first: bool, told: Sequence[Figure] = (),
) -> tuple[float, bool]:
    units = [unit_price(figure, field) for figure in group]
    if any(price is None for price in units) or (len(group) > 1 and field.kind != "many"):
        return IMPOSSIBLE, False
    unit = max(price for price in units if price is not None)
    rest = [other for other in others if other not in group]
    near = name_price(text, group[0], mentions, rest, name_first)
    sure = name_price(text, group[0], _unspent(group[0], mentions, told), rest, name_first) if told else near
    if sure is not None and sure < NO_NAME:
        return unit + sure, True
    if field.spec.maximum is not None and any(figure.value > field.spec.maximum for figure in group):
        return IMPOSSIBLE, False  # neither named nor possible
    far = FAR_NAME * min(FARTHEST if near is None else near, FARTHEST)
    return unit + NO_NAME + far + (0.0 if (unit == 0.0 or len(group) > 1) and group[0].unit else 2.0), False


def _cheapest(prices: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """(row, column) pairs of least total price; a row left out costs LEAVE_OUT."""
    import numpy
    from scipy.optimize import linear_sum_assignment  # costs 0.2 s to import

    rows, columns = len(prices), len(prices[0])
    matrix = numpy.full((rows, columns + rows), LEAVE_OUT)
    matrix[:, :columns] = prices
    picked = zip(*linear_sum_assignment(matrix), strict=True)
    return [(int(row), int(column)) for row, column in picked if column < columns and prices[row][column] < LEAVE_OUT]
