"""Files whose sources somebody should look at again: no mistake, but a reminder that comes with time."""

from collections.abc import Iterator
from datetime import date

from assistant.checks.places import Kept, everything, place
from assistant.library import Library
from assistant.tables import Table


def overdue(library: Library, today: date) -> Iterator[str]:
    """Every file past its day of review, the longest overdue first, and every file checked on a day still to come."""
    late = [(due, kept) for kept in everything(library) if (due := _due(library, kept)) is not None and due < today]
    for due, kept in sorted(late, key=lambda found: (found[0], place(found[1]))):
        yield (
            f"{place(kept)} 该在 {due} 前复核（{_why(kept)}）：请对照 sources（{'、'.join(kept.sources)}）核对，"
            f"再把 checked_on 改成当天{'、改写或删去 review_by' if kept.review_by else ''}"
        )
    for kept in everything(library):
        if kept.checked_on > today:
            yield f"{place(kept)} 的 checked_on 是 {kept.checked_on}，还没到：请写成真正核对的那天"


def _due(library: Library, kept: Kept) -> date | None:
    if kept.review_by is not None:
        return kept.review_by
    if library.review is None:
        return None
    kinds = {library.sources[id].kind for id in kept.sources if id in library.sources}
    platforms = () if isinstance(kept, Table) else kept.platforms
    return library.review.due(kept.checked_on, kept.area, platforms, law=kinds == {"law"})


def _why(kept: Kept) -> str:
    return f"review_by: {kept.review_by}" if kept.review_by else f"checked_on: {kept.checked_on}，周期见 review.yaml"
