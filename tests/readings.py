"""What the tests of reading share: the day, the reading that counts, and the turn before."""

from datetime import date

from assistant.understanding import Exchange, Reading, Understanding, Understood

NOW = date(2026, 11, 23)


def best(understood: Understanding) -> Reading:
    """The reading an answer would go by."""
    assert understood.readings, understood.text
    return understood.readings[0]


def history(understood: Understanding) -> list[Exchange]:
    """The turn before, as the engine keeps it."""
    reading = best(understood)
    kept = Understood(
        reading.metric.id, dict(reading.inputs), platform=understood.platform, subject=reading.metric.label,
        target=reading.goal.target if reading.goal else None, text=understood.text,
    )
    return [Exchange(understood.text, kept)]
