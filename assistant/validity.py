"""The days from which and to which something in a file holds, with the precision their source gives."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator

EARLIER = "earlier"  # a version whose beginning is not known
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@dataclass(frozen=True, order=True)
class Since:
    """The day something begins, with the precision its source gives: 2016, 2018-10 or 2024-02-19."""

    day: date
    written: str

    @classmethod
    def parse(cls, text: object) -> "Since":
        """Read 'earlier', '2016', '2018-10' or '2024-02-19'. Raises ValueError for anything else."""
        written = str(text)
        if written == EARLIER:
            return cls(date.min, EARLIER)
        found = _DAY.match(written)
        if not found:
            raise ValueError(f"日期「{written}」应写成 2024-02-19、2018-10、2016 或 earlier")
        year, month, day = (int(part) if part else 1 for part in found.groups())
        return cls(date(year, month, day), written)

    def __str__(self) -> str:
        return "起始日不详" if self.written == EARLIER else self.written


def last_day(text: object) -> date:
    """The last day that '2018', '2018-07' or '2018-07-26' covers, for the end of a validity."""
    since = Since.parse(text)
    parts = since.written.split("-")
    if len(parts) == 1:
        return date(since.day.year, 12, 31)
    if len(parts) == 2:
        return since.day.replace(day=calendar.monthrange(since.day.year, since.day.month)[1])
    return since.day


def day_or_value(raw: object) -> object:
    """A day where the text is written like one, whatever it was otherwise."""
    if isinstance(raw, str) and _DAY.match(raw):
        return Since.parse(raw).day
    return raw


Day = Annotated[date, BeforeValidator(lambda raw: Since.parse(raw).day)]
"""A day as it stands in a file: 2024-02-19; a month or a year is its first day."""

SinceKey = Annotated[Since, BeforeValidator(lambda raw: raw if isinstance(raw, Since) else Since.parse(raw))]
"""The beginning of a version as it stands in a file."""
