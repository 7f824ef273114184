"""Figures told before that are set right: so many more or fewer of them, the count that comes out, one value instead of another.

Everything here is checked against what is held: a count is only taken for the sum when it is the sum, a value only for the old one when it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import isclose

from assistant import phrases
from assistant.amended_lists import AmendedLists
from assistant.amendments import AGAIN, MISSED, SENTENCE_END, TOO_MANY, TOTAL, Settled, contrast, pointed_at, supposed
from assistant.assignment import Placed, unit_price, value_of
from assistant.figures import Figure
from assistant.mentions import Mention
from assistant.metrics import InputValue, Metric

NEAR = 16  # characters between a difference and the count it comes to
LARGEST_STEP = 20.0  # times: a value set right seldom lies further from the one before
SCALES = (1.0, 1e4, 1e8)  # 漏了10万，140: the count is told in the unit of the difference
_TURN = re.compile(r"再|又|多|少|漏|另|还|增|加|减|扣|去|剔|变|共|总|剩|只|实|现|重复|退|撤|成了|回")
_AMONG = re.compile(r"(?:里面?|之中|当中|中)(?:面)?(?:还|又|其实|实际)?有?[^，。；,;\d]{0,4}$")
_NOT_COUNTED = re.compile(
    r"[^。；;\d]{0,14}?(?:不算|不该算|没算|撤|赢|剔|重复|退回|取消|误判|改判|不是我|不归我|排除|扣掉|刨|申诉(?:成功|通过|过)|消掉|不计|作废)"
)
_AS_HELD = re.compile(r"(?:按|照|还是|仍是|就按|依旧)$")
_THEREOF = re.compile(r"(?:里面?|其中|当中)(?:还|又|其实|实际)?有?$|^(?:后来|但是?)?有$")
_TAKEN_OFF = re.compile(r"[^。；;\d]{0,24}?(?:减掉|减去|扣掉|扣除|剔掉|剔除|去掉|刨掉|刨去|拿掉)")


class Corrections:
    """Reads what a text says about the values that are held."""

    def __init__(
        self, text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]], held: Mapping[str, InputValue], told: str = ""
    ) -> None:
        """`told`: the folded words the values were told in."""
        self._text, self._metric, self._naming = text, metric, naming
        self._lists = AmendedLists(text, metric, naming, held, told)
        self._held = {
            one.name: float(value) for one in metric.fields
            if one.kind == "number" and isinstance(value := held.get(one.name), float | int) and not isinstance(value, bool)
        }

    def read(self, found: Sequence[Figure]) -> tuple[list[Settled], list[Figure]]:
        """(what is set right, the figures that say something else)."""
        settled: list[Settled] = []
        left = list(found)
        for one in (*self._instead(found), *self._lists.read(found), *self._sums(found), *self._parts(found), *self._missed(found)):
            if all(figure in left for figure in one.figures) and one.field not in [other.field for other in settled]:
                settled.append(one)
                left = [figure for figure in left if figure not in one.figures]
        contradicted = {figure for pair in self._contradicted(left) for figure in pair}
        return settled, [figure for figure in left if figure not in contradicted]

    def sums(self, found: Sequence[Figure]) -> tuple[list[Settled], list[Figure]]:
        """Only what the figures themselves prove: a difference with the count it comes to."""
        settled = list(self._sums(found))
        return settled, [figure for figure in found if not any(figure in one.figures for one in settled)]

    def _instead(self, found: Sequence[Figure]) -> Iterator[Settled]:
        """NCD是0.8不是0.6: the input that was 0.6 is 0.8."""
        for first, second in pairwise(found):
            pair = contrast(self._text, first, second)
            if pair is None:
                continue
            new, old = pair
            was = [name for name in self._fitting(old) if isclose(self._as(name, old), self._held[name], rel_tol=1e-6)]
            name = self._one_of(was, first.start)
            if name is not None and name in self._fitting(new):
                yield Settled(name, self._as(name, new), (new, old))

    def _sums(self, found: Sequence[Figure]) -> Iterator[Settled]:
        """再丢4件变16件 of 12: what is more or fewer, with the count that comes out."""
        for place, difference in enumerate(found):
            start = found[place - 1].end if place else 0
            for total in found[place + 1 : place + 2]:
                between = self._text[difference.end : total.start]
                if len(between) > NEAR or SENTENCE_END.search(between) or not _TURN.search(self._text[start : total.start]):
                    continue
                outcomes = {
                    name: value for name in self._fitting(difference)
                    if (value := self._outcome(name, difference, total)) is not None and difference.value and value != self._held[name]
                }
                name = self._one_of(list(outcomes), total.start)
                if name is not None:
                    figures: tuple[Figure, ...] = (difference, total)
                    if place and self._is(name, found[place - 1]):
                        figures = (found[place - 1], difference, total)
                    elif self._beside_another(difference, name):
                        figures = (total,)  # 处理掉13万呆滞，库存总额剩247万: the 13万 change another input as well
                    yield Settled(name, outcomes[name], figures, supposed(self._text, difference))

    def _beside_another(self, figure: Figure, name: str) -> bool:
        """Whether the name of another input stands right behind a figure."""
        return any(
            0 <= m.start - figure.end <= 1 for other, mentions in self._naming.items() if other != name and other in self._held for m in mentions
        )

    def _parts(self, found: Sequence[Figure]) -> Iterator[Settled]:
        """那12笔里有2笔不算了: a part of what was told is none of it after all."""
        for whole, part in pairwise(found):
            among = _AMONG.search(self._text[whole.end : part.start])
            if among is None or among.start() > 1 or supposed(self._text, part):
                continue
            name = self._one_of([name for name in self._fitting(whole) if self._is(name, whole)], part.start)
            if name is None or not (pointed_at(self._text, whole) or among):
                continue
            value = self._held[name] - self._as(name, part) if _NOT_COUNTED.match(self._text[part.end :]) else self._held[name]
            if value >= 0 and not self._named_otherwise(part, name):
                yield Settled(name, value, (whole, part))
        for figure in found:  # 按5件算: what was told, said again
            held = [name for name in self._fitting(figure) if self._is(name, figure)]
            if _AS_HELD.search(self._text[: figure.start]) and len(held) == 1:
                yield Settled(held[0], self._held[held[0]], (figure,))
        for part in found:  # 里面1200申诉退回来了: of what is counted
            said = _THEREOF.search(self._text[: part.start])
            if said is None or supposed(self._text, part):
                continue
            taken = _TAKEN_OFF.match(self._text[part.end :])
            if taken is None and _NOT_COUNTED.match(self._text[part.end :]) is None:
                continue
            reach = part.end + (taken.end() if taken else 0)
            named = [name for name in self._fitting(part) for m in self._naming[name] if part.end <= m.start and m.end <= reach]
            name = named[0] if taken and len(set(named)) == 1 else self._one_of(self._fitting(part), part.start) or self._counted(part)
            if name is not None and self._held[name] >= self._as(name, part):
                yield Settled(name, self._held[name] - self._as(name, part), (part,))

    def _missed(self, found: Sequence[Figure]) -> Iterator[Settled]:
        """新增漏了100个, 又成了30单: so many more than was told."""
        doubtful = {figure for figure, _ in self._contradicted(found)}
        for figure in found:
            before = self._text[: figure.start]
            more, fewer = MISSED.search(before) or AGAIN.search(before), TOO_MANY.search(before)
            if not (more or fewer) or figure in doubtful or supposed(self._text, figure):
                continue
            name = self._one_of(self._fitting(figure), figure.start) or self._behind(figure)
            if name is None and AGAIN.search(before):
                name = self._counted(figure)
            if name is not None:
                much = self._as(name, figure)
                yield Settled(name, self._held[name] + (much if more else -much), (figure,))

    def _contradicted(self, found: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
        """A difference with a count told besides that is not the sum: one of them is wrong, so neither is read."""
        for figure, after in pairwise(found):
            before = self._text[: figure.start]
            said = MISSED.search(before) or AGAIN.search(before) or TOO_MANY.search(before)
            if said and TOTAL.search(self._text[figure.end : after.start]):
                yield figure, after

    def _fitting(self, figure: Figure) -> list[str]:
        return [one.name for one in self._metric.fields if one.name in self._held and unit_price(figure, one) is not None]

    def _as(self, name: str, figure: Figure) -> float:
        value = value_of(self._metric.field(name), Placed(name, (figure,), True, 0.0))
        assert isinstance(value, float | int)
        return float(value)

    def _is(self, name: str, figure: Figure) -> bool:
        return name in self._fitting(figure) and isclose(self._as(name, figure), self._held[name], rel_tol=1e-6)

    def _outcome(self, name: str, difference: Figure, total: Figure) -> float | None:
        """The total as the input, when it is what was held with the difference added or taken away."""
        if unit_price(total, self._metric.field(name)) is None:
            return None
        held, much = self._held[name], self._as(name, difference)
        for scale in SCALES if not total.unit else SCALES[:1]:
            value = self._as(name, total) * scale
            if isclose(value, held + much, rel_tol=1e-6) or isclose(value, held - much, rel_tol=1e-6):
                return value
        return None

    def _one_of(self, names: Sequence[str], place: int) -> str | None:
        """The input meant: the only one, else the one named last before the place in the same sentence."""
        if len(names) < 2:
            return names[0] if names else None
        start = max((end.end() for end in SENTENCE_END.finditer(self._text, 0, place)), default=0)
        named = [(m.end, name) for name in names for m in self._naming[name] if start <= m.start and m.end <= place]
        return max(named)[1] if named else None

    def _behind(self, figure: Figure) -> str | None:
        """The input named right behind a figure: 又来18笔仅退款."""
        named = {name for name in self._fitting(figure) for m in self._naming[name] if 0 <= m.start - figure.end <= 1}
        return named.pop() if len(named) == 1 else None

    def _counted(self, figure: Figure) -> str | None:
        """What a rate counts, which more of comes to by itself: 又判了1笔, 里面1200退回来了."""
        fraction = self._metric.fraction
        return fraction[0] if fraction is not None and fraction[0] in self._fitting(figure) else None

    def _named_otherwise(self, figure: Figure, name: str) -> bool:
        """Whether the words behind a figure are the name of another input: 12笔里有2笔双方责任."""
        end = phrases.CLAUSE_END.search(self._text, figure.end)
        stop = end.start() if end else len(self._text)
        return any(
            figure.end <= m.start and m.end <= stop and not any(m.start < o.end and o.start < m.end for o in self._naming[name])
            for other, mentions in self._naming.items() if other != name for m in mentions
        )

def in_its_size(one: Placed, held: InputValue | None) -> Placed:
    """A bare 140 beside a cost that was 130万 is told in 万 as well."""
    (figure, *more) = one.figures
    if more or figure.unit or not isinstance(held, float | int) or not held or not figure.value:
        return one
    for scale in SCALES[1:]:
        if abs(held) / abs(figure.value) > LARGEST_STEP and 0.2 < figure.value * scale / held < 5:
            bigger = Figure(figure.value * scale, figure.unit, figure.start, figure.end, figure.raw, figure.kind, figure.per)
            return Placed(one.field, (bigger,), one.named, one.price)
    return one


def too_far(text: str, one: Placed, metric: Metric, held: InputValue | None) -> bool:
    """Whether a figure that no word but 一共 gives to an input lies too far from the value held for it: 28 for 90,000 orders."""
    named = one.named and not TOTAL.search(text[: one.figures[0].start])
    if named or not isinstance(held, float | int) or isinstance(held, bool) or not held:
        return False
    value = value_of(metric.field(one.field), one)
    return isinstance(value, float | int) and not 1 / LARGEST_STEP <= abs(value / held) <= LARGEST_STEP
