"""Whether a value a model had computed rests on figures that were given, and whether its words say what ours would."""

from datetime import date

from assistant.answer import Calculated, Turn
from assistant.evidence import Evidence, bare
from assistant.library import Library
from assistant.stated import Numbers, computed, meant, stated

ALIKE = 0.4  # share of the pairs of characters of a text that must be found in another that says the same
PAIR = 2


def grounded(finding: Calculated, evidence: Evidence, turn: Turn, library: Library) -> bool:
    """Whether every input was given by the person, is told already, or is what the metric takes when nothing is given."""
    metric = library.metrics.get(finding.metric)
    if metric is None:
        return False
    fields = {one.name: one.spec for one in metric.fields}
    read = Numbers(number for figure in turn.understanding.figures for number in computed(figure.value))
    for name, value in finding.inputs.items():
        spec = fields.get(name)
        if spec is None:
            return False
        if isinstance(value, date):
            if not any(held.hold(number) for number in computed(value) for held in (evidence.asked, evidence.told)):
                return False
        elif value != spec.default and isinstance(value, int | float) and not isinstance(value, bool):
            numbers = list(computed(value, spec.unit))
            if not all(any(held.hold(number) for held in (evidence.asked, evidence.told, read)) for number in numbers):
                return False
    return True


class Told:
    """What was told so far of an answer, to see which of our words it makes needless."""

    def __init__(self) -> None:
        self._words, self._numbers = "", Numbers()

    def add(self, words: str) -> None:
        """Tell more."""
        self._words += bare(words)
        self._numbers.add(meant(words))

    def covers(self, text: str) -> bool:
        """Whether what was told says what `text` says: much of its wording, and every number of it."""
        plain = bare(text)
        pairs = {plain[place : place + PAIR] for place in range(len(plain) - 1)}
        if sum(pair in self._words for pair in pairs) < ALIKE * len(pairs):
            return False
        return all(self._numbers.hold(number) for number in stated(text))
