"""Counting to the last day of a period: in workdays and in years.

Of workdays only Saturdays and Sundays are skipped, for public holidays differ every year and are not known here.
"""

import calendar
from datetime import date, timedelta


def after_workdays(start: date, count: float) -> date:
    """The `count`-th weekday after `start`."""
    day, left = start, int(count)
    while left > 0:
        day += timedelta(days=1)
        left -= day.isoweekday() <= 5
    return day


def after_years(start: date, years: float) -> date:
    """The same day so many years later; a period begun on 29 February ends with February."""
    year = start.year + int(years)
    return start.replace(year=year, day=min(start.day, calendar.monthrange(year, start.month)[1]))
