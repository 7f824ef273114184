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


def covers(words: str, text: str) -> bool:
    """Whether `words` say what `text` says: every number of it, and much of its wording."""
    told = Numbers(meant(words))
    if not all(told.hold(number) for number in stated(text)):
        return False
    plain, other = bare(text), bare(words)
    pairs = {plain[place : place + PAIR] for place in range(len(plain) - 1)}
    return sum(pair in other for pair in pairs) >= ALIKE * len(pairs)
