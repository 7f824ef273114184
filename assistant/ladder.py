"""Topics that hold for a stretch from a beginning only: which of them covers the age a question tells.

提车四十天 is past the first week: what may be asked for then is told by the next topic of the ladder.
"""

import re

from assistant import phrases
from assistant.answer import Turn
from assistant.figures import Figure
from assistant.library import Document, Library

_IN_DAYS = {"日": 1, "天": 1, "周": 7, "月": 30, "年": 365}
_IN_KILOMETRES = {"公里": 1, "万公里": 10_000}
JUST_OVER = 1.001  # 超过5万公里 is past a limit of just that
_CLAUSE = re.compile(r"[^，,。；;！!？?\n]*")


def covering(library: Library, turn: Turn, first: Document) -> Document | None:
    """The topic to tell instead of `first` when the age or the distance told is past the stretch that one speaks of."""
    told = _told(turn)
    own = _topic_of(library, turn, first)
    if not told or not own.within or _covers(library, turn, own, told):
        return None

    def reach(document: Document) -> float:
        return _limits(library, turn, document).get("days", 0.0)

    further = (one for one in library.on(turn.understanding.day).values() if one.within and one.area == own.area and one.current)
    ladder = sorted((one for one in further if reach(one) > reach(own)), key=reach)
    return next((one for one in ladder if _covers(library, turn, one, told)), ladder[-1] if ladder else None)


def _topic_of(library: Library, turn: Turn, document: Document) -> Document:
    """The topic that tells a rule, else the document itself."""
    rule = library.rules.get(document.id.removeprefix("rule/")) if document.kind == "rule" else None
    return library.on(turn.understanding.day).get(f"topic/{rule.topic}", document) if rule is not None else document


def _told(turn: Turn) -> dict[str, float]:
    """How old or how far a thing is by the words of the question: {"days": 40, "km": 2500}."""
    text, told = turn.understanding.text, dict[str, float]()
    for figure in turn.understanding.figures:
        measured = _measured(figure.value, figure.unit)
        if measured is not None and figure.kind != "range" and (measured[0] == "km" or _of_age(text, figure)):
            over = JUST_OVER if phrases.OVER.search(text[: figure.start]) else 1.0
            told[measured[0]] = max(told.get(measured[0], 0.0), measured[1] * over)
    return told


def _of_age(text: str, figure: Figure) -> bool:
    """Whether a length belongs to the thing's age: 提了四十天, 跑了2500公里; not 修了三天 or 等了两个月."""
    start = max((found.end() for found in phrases.CLAUSE_END.finditer(text, 0, figure.start)), default=0)
    clause = _CLAUSE.match(text, figure.end)
    after = clause[0] if clause else ""
    return bool(phrases.AGE_BEFORE.search(text[start : figure.start]) or phrases.AGE_AFTER.match(after))


def _limits(library: Library, turn: Turn, document: Document) -> dict[str, float]:
    """How long and how far a topic's stretch reaches."""
    looked = (library.lookup(name, turn.understanding.day) for name in document.within)
    return dict(filter(None, (_measured(value, unit) for value, unit in looked if isinstance(value, int | float))))


def _covers(library: Library, turn: Turn, document: Document, told: dict[str, float]) -> bool:
    limits = _limits(library, turn, document)
    return all(value <= limits.get(kind, value) for kind, value in told.items())


def _measured(value: float, unit: str) -> tuple[str, float] | None:
    if unit in _IN_DAYS:
        return "days", value * _IN_DAYS[unit]
    return ("km", value * _IN_KILOMETRES[unit]) if unit in _IN_KILOMETRES else None
