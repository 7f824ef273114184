"""How long knowledge holds before somebody looks at its sources again: knowledge/review.yaml."""

import calendar
from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field

from assistant.schema import Area, Strict

Months = Annotated[int, Field(ge=1)]


class Review(Strict):
    """Months from `checked_on` to the next review. The shortest that applies holds, but a text of law has its own."""

    law: Months
    """what rests on laws alone"""
    platforms: Months
    """what names a platform: its rules change without notice"""
    areas: dict[Area, Months]
    """everything else, by area"""

    def due(self, checked_on: date, area: Area, platforms: Iterable[str], *, law: bool) -> date:
        """The day of the next review. An area the file does not name is reviewed as often as the laws."""
        months = self.law if law else self.areas.get(area, self.law)
        if any(platforms):
            months = min(months, self.platforms)
        return later(checked_on, months)


def later(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month: 2026-08-31 and 6 months → 2027-02-28."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
