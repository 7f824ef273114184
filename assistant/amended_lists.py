"""One of several figures told before is set right, told anew by its name, or added to them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import isclose

from assistant import phrases
from assistant.amendments import MISSED, Settled, contrast, supposed
from assistant.assignment import Placed, unit_price, value_of
from assistant.figures import Figure
from assistant.mentions import Mention
from assistant.metrics import InputValue, Metric

_LABEL = re.compile(r"([一-龥]{2,4}?)(?:分数|得分|那项|这项)?(?:能|要)?(?:提到|提高到|升到|改成|改为|变成|做到|降到|换成|是|为)?$")
_BESIDES = re.compile(r"(?:还|又|再|另外?|外加)(?:换|加|做|有|要|收|买|洗|配)了?[^，。；,;\d]{0,8}$")
_PUT_IN = re.compile(r"^[^。；;\d]{0,6}(?:补上|补进去|加上|加进去|算上|也算)")


class AmendedLists:
    """Reads what a text says about the lists that are held."""

    def __init__(
        self, text: str, metric: Metric, naming: Mapping[str, Sequence[Mention]], held: Mapping[str, InputValue], told: str
    ) -> None:
        """`told`: the folded words the values were told in."""
        self._text, self._metric, self._naming, self._told = text, metric, naming, told
        self._lists = {
            one.name: value for one in metric.fields
            if one.kind == "many" and isinstance(value := held.get(one.name), tuple) and len(value) > (not one.spec.adds)
        }
        self._numbers = [one for one in metric.fields if one.kind == "number" and one.name in held]

    def read(self, found: Sequence[Figure]) -> Iterator[Settled]:
        """One of several: set right (1150那个录错了，应该1250), told anew by its name (交付提到86), or added (漏了一笔32小时的)."""
        for name, values in self._lists.items():
            own = [figure for figure in found if self._listed(name, figure) is not None]
            for first, second in pairwise(found):
                pair = contrast(self._text, first, second)
                if pair and pair[0] in own and pair[1] in own and (place := self._place(name, pair[1])) is not None:
                    yield Settled(name, _with(values, place, self._listed(name, pair[0])), pair)
            for figure in own:
                place = self._labelled(figure, values)
                if place is not None:
                    yield Settled(name, _with(values, place, self._listed(name, figure)), (figure,), supposed(self._text, figure))
                elif self._added(name, figure) or (len(own) == 1 and _PUT_IN.search(self._text[figure.end :])):
                    yield Settled(name, (*values, self._listed(name, figure) or 0.0), (figure,))

    def _added(self, name: str, figure: Figure) -> bool:
        """Whether a figure comes to a list: 漏了一笔32小时的; of several lists to the one named in its clause: 还换了个空调滤85块."""
        before = self._text[: figure.start]
        if not (MISSED.search(before) or _BESIDES.search(before)):
            return False
        start = max((end.end() for end in phrases.CLAUSE_END.finditer(before)), default=0)
        named = {other for other, mentions in self._naming.items() for m in mentions if start <= m.start and m.end <= figure.start}
        rivals = [*self._lists, *(one.name for one in self._numbers if unit_price(figure, one) is not None)]
        return name in named or (not named and len(rivals) == 1)

    def _listed(self, name: str, figure: Figure) -> float | None:
        """The figure as one of a list; None when it cannot be."""
        one = self._metric.field(name)
        if unit_price(figure, one) is None:
            return None
        value = value_of(one, Placed(name, (figure,), True, 0.0))
        return value[0] if isinstance(value, tuple) else None

    def _place(self, name: str, figure: Figure) -> int | None:
        """Where in the list the figure stands; None when it does not, or twice."""
        value = self._listed(name, figure)
        places = [at for at, one in enumerate(self._lists[name]) if value is not None and isclose(one, value, rel_tol=1e-6)]
        return places[0] if len(places) == 1 else None

    def _labelled(self, figure: Figure, values: Sequence[float]) -> int | None:
        """Where in a list the figure stood that was told behind the same word: of 接待88 … 交付80 the word 交付 means the last."""
        label = _LABEL.search(self._text[: figure.start])
        if label is None:
            return None
        told = re.search(rf"{re.escape(label[1])}[^\d。；;，,]{{0,3}}(\d+(?:\.\d+)?)", self._told)
        places = [at for at, one in enumerate(values) if told and isclose(one, float(told[1]), rel_tol=1e-6)]
        return places[0] if len(places) == 1 else None


def _with(values: Sequence[float], place: int, value: float | None) -> tuple[float, ...]:
    """A list with another value in one place."""
    return (*values[:place], values[place] if value is None else value, *values[place + 1 :])
