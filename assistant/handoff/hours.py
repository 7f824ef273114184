"""When people are there: the hand-off section of a site, and what its hours mean at a moment."""

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from assistant.handoff.channels import Channel

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_GROUPS = {(0, 1, 2, 3, 4): "工作日", (5, 6): "周末", (0, 1, 2, 3, 4, 5, 6): "每天"}
_SPAN = re.compile(r"(\d{1,2}):(\d{2}) *[-–~] *(\d{1,2}):(\d{2})")
_MINUTES_OF_DAY = 24 * 60
_FARTHEST = 60  # days looked ahead for the next opening

Span = tuple[int, int]
"""minutes since midnight: begin, and end after it (24:00 is 1440)"""


def wrong(sentence: str) -> PydanticCustomError:
    """What pydantic tells as it stands, without words of its own."""
    return PydanticCustomError("wrong", "{sentence}", {"sentence": sentence})


def _as_written(value: Any) -> Any:
    """A clock range stays the words it was typed as, a list of ranges is joined."""
    return ", ".join(value) if isinstance(value, list | tuple) else value


Clock = Annotated[str, BeforeValidator(_as_written)]


class HandoffSettings(BaseModel):
    """The `handoff` section of a site."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = True
    timezone: str = "Asia/Shanghai"
    hours: dict[str, Clock] = Field(default_factory=lambda: {"mon-fri": "9:00-18:00"})
    """days → clock ranges: {"mon-fri": "9:00-12:00, 13:30-18:00"}; empty: nobody waits, messages are left"""
    closed_on: tuple[date, ...] = ()
    open_on: dict[date, Clock] = Field(default_factory=dict)
    """days with hours of their own, such as a Saturday worked for a holiday; they outrank the week"""
    after_misses: int = Field(default=2, ge=1, le=20)
    channels: tuple[Channel, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise wrong(f"没有「{value}」这个时区，例如 Asia/Shanghai") from None
        return value

    @field_validator("hours")
    @classmethod
    def _readable_hours(cls, value: dict[str, str]) -> dict[str, str]:
        taken: set[int] = set()
        for days, clock in value.items():
            named = set(_days(days))
            if taken & named:
                raise wrong(f"「{days}」里有一天写了两次")
            taken |= named
            _spans(clock)
        return value

    @field_validator("open_on")
    @classmethod
    def _readable_days(cls, value: dict[date, str]) -> dict[date, str]:
        for clock in value.values():
            _spans(clock)
        return value

    @field_validator("channels")
    @classmethod
    def _told_apart(cls, value: tuple[Channel, ...]) -> tuple[Channel, ...]:
        names = [channel.name for channel in value]
        if len(set(names)) != len(names):
            raise wrong("同一个渠道写了两次")
        return value

    def spans(self, day: date) -> tuple[Span, ...]:
        """The hours of one day, in order; none when closed."""
        if day in self.open_on:
            return _spans(self.open_on[day])
        if day in self.closed_on:
            return ()
        return next((_spans(clock) for days, clock in self.hours.items() if day.weekday() in _days(days)), ())

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there. `now` is aware."""
        local = now.astimezone(ZoneInfo(self.timezone))
        minute = local.hour * 60 + local.minute
        return self.enabled and any(begin <= minute < end for begin, end in self.spans(local.date()))

    @property
    def words(self) -> str:
        """'工作日 9:00–18:00，周六 10:00–16:00'; '留言后回复' when there are no hours."""
        told = []
        for days, clock in self.hours.items():
            ranges = "、".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in _spans(clock))
            told.append(f"{_day_words(_days(days))} {ranges}".replace(" 0:00–24:00", "全天"))
        return "，".join(told) or "留言后回复"

    @property
    def text(self) -> str:
        """The line visitors read: '人工服务：工作日 9:00–18:00'."""
        return f"人工服务：{self.words}"

    def next_opening(self, now: datetime) -> datetime | None:
        """When somebody is there again, in the site's own time; None when it is not in sight."""
        zone = ZoneInfo(self.timezone)
        local = now.astimezone(zone)
        for ahead in range(_FARTHEST):
            day = local.date() + timedelta(days=ahead)
            for begin, _ in self.spans(day):
                opening = datetime.combine(day, time(begin // 60, begin % 60), zone)
                if opening > local:
                    return opening
        return None

    def back(self, now: datetime) -> str:
        """The same in words: '今天 13:30', '明天 9:00', '周一 9:00', '10月8日 9:00'; '' when it is not in sight."""
        opening = self.next_opening(now)
        if opening is None:
            return ""
        today = now.astimezone(opening.tzinfo).date()
        away = (opening.date() - today).days
        day = ("今天", "明天")[away] if away <= 1 else DAY_WORDS[opening.weekday()]
        if away >= 7:
            day = f"{opening.month}月{opening.day}日"
        return f"{day} {_clock(opening.hour * 60 + opening.minute)}"


def _days(written: str) -> tuple[int, ...]:
    """'mon-fri', 'sat' or 'mon, wed, fri' → weekdays, Monday is 0. Raises in a sentence that pydantic passes on."""
    found: list[int] = []
    for part in written.lower().split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            raise wrong(f"「{written}」不是星期的写法，例如 mon-fri、sat 或 mon, wed")
        begin, end = DAYS.index(first), DAYS.index(last if dash else first)
        found += [day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)]
    return tuple(sorted(set(found)))


def _spans(written: str) -> tuple[Span, ...]:
    """'9:00-12:00, 13:30-18:00' → minutes, in order. Raises in a sentence that pydantic passes on."""
    found: list[Span] = []
    for part in re.split(r"[,，、]", written):
        match = _SPAN.fullmatch(part.strip())
        numbers = [int(number) for number in match.groups()] if match else [0, 60, 0, 0]
        begin, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
        if max(numbers[1], numbers[3]) > 59 or not 0 <= begin < end <= _MINUTES_OF_DAY:
            raise wrong(f"「{written}」不是时间的写法，例如 9:00-18:00；过零点的请分成两天写")
        found.append((begin, end))
    found.sort()
    if any(one[1] > other[0] for one, other in pairwise(found)):
        raise wrong(f"「{written}」里的时间段有重叠")
    return tuple(found)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _day_words(days: tuple[int, ...]) -> str:
    if days in _GROUPS:
        return _GROUPS[days]
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{DAY_WORDS[days[0]]}至{DAY_WORDS[days[-1]]}"
    return "、".join(DAY_WORDS[day] for day in days)
