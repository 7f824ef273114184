"""Inputs of one metric filled from the figures and words of a text, beside those of the turn before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant import phrases
from assistant.assignment import Placed, assign, unit_price, value_of
from assistant.changing import apply_changes, both_ends, changes_by_figures, put_back
from assistant.corrections import Corrections, in_its_size, too_far
from assistant.counting import counted, multiplied
from assistant.figures import Figure
from assistant.grouping import added_up, collected
from assistant.implied import (
    average_changes,
    fill_alike,
    fill_average,
    fill_equal_lists,
    fill_none,
    fill_rest,
    fill_whole,
)
from assistant.mentions import Mention
from assistant.metrics import InputValue, Metric
from assistant.outside import asked_outside, complement
from assistant.repriced import repriced
from assistant.roles import Role
from assistant.rows import runs
from assistant.scaling import scaled, shares

WELL = 0.5  # below this price a unit surely fits
_LABEL = re.compile(r"(?:^|[ ，、；,;。：:])[\u3400-\u9fff]{2,3}$")
LONG_LIST = 3  # figures in a row that are a list whatever stands before them


@dataclass(frozen=True)
class Filled:
    """The inputs, the figures they came from, and the inputs as they were before a change."""

    inputs: dict[str, InputValue]
    placed: tuple[Placed, ...]
    changes: tuple[Placed, ...]
    before: Mapping[str, InputValue]
    proved: bool = False
    """whether the figures themselves prove that they set right what was told before"""


def fill_numbers(
    text: str, found: Sequence[Figure], metric: Metric, roles: Mapping[Figure, Role],
    naming: Mapping[str, Sequence[Mention]], carried: Mapping[str, InputValue], named: bool, foreign: Mapping[Figure, str] | None = None,
    told: str = "",
) -> Filled:
    """Give the figures to the inputs; `carried` are the inputs of the turn before, `named` whether the metric is named.

    `foreign`: figures that a word of other metrics names, with the word. `told`: the words of the turns before.
    """
    inputs, before = dict(carried), dict(carried)
    naming, asked = _asked_apart(text, metric, naming)
    typed = list(found)
    if any(one.kind == "many" and one.spec.unit == "元" for one in metric.fields):
        found = multiplied(text, found)
        roles = {**{figure: _role_of(figure, roles) for figure in found}, **roles}
    settled, found = Corrections(text, metric, naming, carried, told).read(found) if carried else ([], list(found))
    found, ends = both_ends(found, roles, metric)
    lists = any(one.kind == "many" for one in metric.fields)
    listed = {run[0] for run in runs(text, found, ()) if len(run) >= LONG_LIST} if lists else set()
    # 没出的话是0.8 0.7 0.6: what begins a list is no change
    stated = counted(text, [figure for figure in found if roles[figure] in ("value", "old") or figure in listed], named)
    placed = _places(text, stated, metric, naming, asked, carried, named, foreign or {}, ends)
    inputs |= {one.field: value_of(metric.field(one.field), one) for one in placed}
    fill_alike(text, naming, placed, metric, inputs)
    fill_average(text, stated, metric, inputs)
    complement(text, metric, placed, inputs)
    fill_rest(text, metric, inputs)
    fill_whole(metric, inputs)
    by_share = shares(text, found, metric, naming, inputs)
    changed = [one for one in found if roles[one] in ("new", "more", "less") and one not in listed and one not in by_share]
    of_average, changed = average_changes(text, changed, metric, inputs)
    of_parts, doubtful, changed = repriced(text, changed, typed, placed, metric, roles)
    summed, changed = Corrections(text, metric, naming, inputs).sums(changed)
    changes = [*of_average, *changes_by_figures(
        text, changed, stated, metric, roles, naming, inputs, placed, frozenset(one.field for one in settled),
    )]
    changes = [in_its_size(one, inputs.get(one.field)) if roles[one.figures[0]] == "new" else one for one in changes]
    changes += of_parts
    settled += [one for one in summed if one.field not in [other.field for other in changes]]
    inputs |= {one.field: one.value for one in settled if not one.supposed}
    placed += [one.placed(metric) for one in settled if not one.supposed]
    if placed and (changes or any(one.supposed for one in settled)):
        before |= inputs
    apply_changes(metric, {**roles, **{one.figures[0]: "new" for one in changes if one.figures[0] not in roles}}, changes, inputs)
    inputs |= {one.field: one.value for one in settled if one.supposed}
    inputs = {name: value for name, value in inputs.items() if name not in doubtful}
    changes += [one.placed(metric) for one in settled if one.supposed]
    base = dict(inputs)
    worded = scaled(text, found, metric, naming, inputs, frozenset(one.field for one in changes))
    if worded:
        before |= {name: value for name, value in base.items() if name not in before or not changes}
        changes += worded
    if carried:
        put_back(text, metric, naming, inputs)
    if named:
        fill_none(text, metric, naming, inputs)
    if phrases.ALL_ALONG.search(text):
        fill_equal_lists(metric, inputs)
    return Filled(inputs, tuple(placed), tuple(changes), before, bool(settled))


def _places(
    text: str, stated: Sequence[Figure], metric: Metric, naming: Mapping[str, Sequence[Mention]], asked: frozenset[str],
    carried: Mapping[str, InputValue], named: bool, foreign: Mapping[Figure, str], ends: Sequence[Placed],
) -> list[Placed]:
    """Where the figures given go; `ends` are those placed before, `asked` the inputs asked for."""
    optional = {one.name for one in metric.fields if one.spec.default is not None}  # what may be left out is not filled by guess
    given = assign(text, stated, metric, naming, asked=asked | optional, current=carried or None, foreign=foreign)
    placed = [*ends, *_of_one_kind(_drop_doubtful(text, given, stated, metric), metric, stated)]
    own = [figure for figure in stated if figure not in foreign]  # 判责6单和退款200单: the 6 are no part of 退款
    placed = added_up(text, placed, own, metric, naming) if named else placed
    bill = any(one.named and metric.field(one.field).kind == "many" and metric.field(one.field).spec.unit == "元" for one in placed)
    placed = collected(text, placed, stated, metric, naming) if named or bill else placed
    placed = [in_its_size(one, carried.get(one.field)) for one in placed]
    return [one for one in placed if not too_far(text, one, metric, carried.get(one.field))]


def _role_of(figure: Figure, roles: Mapping[Figure, Role]) -> Role:
    """What an amount does that was multiplied from its number and its price: what its price does."""
    return next(roles[other] for other in sorted(roles, key=lambda one: -one.start) if figure.start <= other.start and other.end <= figure.end)


def unused(found: Sequence[Figure], roles: Mapping[Figure, Role], placed: Sequence[Placed]) -> bool:
    """Whether a given figure found no input."""
    used = [figure for one in placed for figure in one.figures]
    return any(
        roles[figure] == "value" and figure.kind not in ("window", "range", "approx")
        and not any(one.start <= figure.start and figure.end <= one.end for one in used)
        for figure in found
    )


def _asked_apart(
    text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]]
) -> tuple[Mapping[str, Sequence[Mention]], frozenset[str]]:
    """(the names that may have a figure, the inputs that are asked for).

    出库成本要到多少 and 最多返修几单 ask for it: the word names no figure that stands elsewhere.
    """
    answered = {
        name: [
            m for m in mentions
            if not phrases.ASKED_OF.match(text[m.end :]) and not phrases.AS_REST.search(text[: m.start])
            and not phrases.ASKED_JUST_BEFORE.search(text[: m.start]) and not _whole_of(text, m, name, naming)
        ]
        for name, mentions in naming.items()
    }
    wanted = bool(phrases.WANTED.search(text))
    # nobody asks for a whole list: 走保险一共多交多少
    asked = frozenset(
        name for name, mentions in naming.items()
        if wanted and len(answered[name]) < len(mentions) and metric.field(name).kind != "many"
    )
    outside = asked_outside(text, metric.fields, naming)
    if wanted and not asked and metric.fraction and metric.worse == "higher" and phrases.MOST_OF.search(text):
        asked = frozenset(metric.fraction[:1])  # 7400单，最多还能容几单: of what is bad the part has an upper bound, not the whole
    return answered, asked if outside is None else asked | {outside.name}


def _whole_of(text: str, mention: Mention, name: str, naming: Mapping[str, Sequence[Mention]]) -> bool:
    """费用里有50万是变动销售费用: what stands before 里有 is the whole, the figure is of the part named behind it."""
    part = phrases.PART_OF.match(text, mention.end)
    if part is None:
        return False
    end = phrases.CLAUSE_END.search(text, part.end())
    stop = end.start() if end else len(text)
    return any(part.end() <= m.start and m.end <= stop for other, mentions in naming.items() if other != name for m in mentions)


def _drop_doubtful(text: str, placed: list[Placed], stated: Sequence[Figure], metric: Metric) -> list[Placed]:
    """A figure that only its unit speaks for is kept when no other left-over figure could be that input as well."""
    used = {figure for one in placed for figure in one.figures}
    spare = [figure for figure in stated if figure not in used]

    def rivalled(one: Placed) -> bool:
        own = metric.field(one.field)
        said = {(figure.value, figure.unit) for figure in one.figures}  # 已经90天 … 这90天 is said twice
        # 机电78万 钣喷58万 养护30万: each has a name of its own, so none is the whole
        labelled = bool(_LABEL.search(text[: one.figures[0].start]))
        return any(
            (price := unit_price(figure, own)) is not None
            and (price < WELL or (labelled and figure.unit == one.figures[0].unit and _LABEL.search(text[: figure.start])))
            for figure in spare if (figure.value, figure.unit) not in said
        )

    def one_of_several(one: Placed) -> bool:
        """仅退款平均4小时，退货退款平均60小时: a list that takes one figure and leaves another like it is no list."""
        own = metric.field(one.field)
        alone = sum(other.kind == "many" for other in metric.fields) == 1  # of a bill's lists the others take what one leaves
        return own.kind == "many" and alone and len(one.figures) == 1 and any(
            figure.unit == one.figures[0].unit != "" and unit_price(figure, own) is not None for figure in spare
        )

    return [one for one in placed if not one_of_several(one) and (one.named or not rivalled(one))]


def _of_one_kind(placed: list[Placed], metric: Metric, stated: Sequence[Figure]) -> list[Placed]:
    """What is counted in anything is counted in one thing: '高三成的目标' gives no target beside a number of pieces."""
    loose = [one for one in placed if metric.field(one.field).spec.unit == ""]
    ratios = [one for one in loose if any(figure.unit == "ratio" for figure in one.figures)]
    others = any(figure.unit not in ("ratio", "") and figure.kind == "count" for figure in stated)
    rows = [one for one in ratios if len(one.figures) > 1]  # 权重25%、15%… are a list whatever else is counted
    return placed if len(ratios) == len(loose) and not others else [one for one in placed if one not in ratios or one in rows]
