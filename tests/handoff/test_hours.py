"""When people are there, in the site's own time, and how it is told."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from assistant.handoff.hours import HandoffSettings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(clock: str, day: int = 23) -> datetime:
    """A moment of November 2026 in Shanghai; the 23rd is a Monday."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=SHANGHAI)


def settings(**given: Any) -> HandoffSettings:
    return HandoffSettings.model_validate(given)


def test_the_usual_week() -> None:
    usual = settings()
    assert usual.text == "人工服务：工作日 9:00–18:00"
    assert [usual.is_open(at(clock)) for clock in ("8:59", "9:00", "17:59", "18:00")] == [False, True, True, False]
    assert not usual.is_open(at("10:00", day=28))  # a Saturday


def test_the_moment_is_read_in_the_time_of_the_site() -> None:
    nine_in_shanghai = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert settings().is_open(nine_in_shanghai)
    assert not settings(timezone="UTC").is_open(nine_in_shanghai)


def test_breaks_and_several_groups_of_days() -> None:
    broken = settings(hours={"mon-fri": "13:30-18:00, 9:00-12:00", "sat": "10:00-16:00"})
    assert broken.text == "人工服务：工作日 9:00–12:00、13:30–18:00，周六 10:00–16:00"
    assert not broken.is_open(at("12:30"))
    assert broken.back(at("12:30")) == "今天 13:30"
    assert broken.back(at("18:00")) == "明天 9:00"
    assert broken.back(at("17:00", day=28)) == "周一 9:00"


@pytest.mark.parametrize(("days", "words"), [
    ("mon-sun", "每天"), ("sat-sun", "周末"), ("mon-sat", "周一至周六"), ("sat", "周六"), ("mon, wed", "周一、周三"),
    ("fri-mon", "周一、周五、周六、周日"),
])
def test_how_days_are_called(days: str, words: str) -> None:
    assert settings(hours={days: "9:00-18:00"}).words == f"{words} 9:00–18:00"


def test_round_the_clock_and_never() -> None:
    always, never = settings(hours={"mon-sun": "0:00-24:00"}), settings(hours={})
    assert always.text == "人工服务：每天全天"
    assert always.is_open(at("23:59"))
    assert never.text == "人工服务：留言后回复"
    assert not never.is_open(at("10:00"))
    assert never.back(at("10:00")) == ""


def test_closed_days_and_days_worked_for_them() -> None:
    feast = settings(closed_on=["2026-11-23"], open_on={"2026-11-28": "9:00-12:00"})
    assert not feast.is_open(at("10:00"))
    assert feast.back(at("10:00")) == "明天 9:00"
    assert feast.is_open(at("10:00", day=28))


def test_a_far_opening_names_the_day() -> None:
    closed = [date(2026, 11, day).isoformat() for day in range(23, 31)]
    assert settings(closed_on=closed).back(at("10:00")) == "12月1日 9:00"


def test_switched_off_is_never_open() -> None:
    assert not settings(enabled=False).is_open(at("10:00"))


@pytest.mark.parametrize(("given", "told"), [
    ({"hours": {"mon-fry": "9:00-18:00"}}, "不是星期的写法"),
    ({"hours": {"mon": "9-18"}}, "不是时间的写法"),
    ({"hours": {"mon": "22:00-2:00"}}, "过零点的请分成两天写"),
    ({"hours": {"mon": "9:00-25:00"}}, "不是时间的写法"),
    ({"hours": {"mon": "9:00-12:00, 11:00-13:00"}}, "重叠"),
    ({"hours": {"mon-fri": "9:00-18:00", "wed": "9:00-12:00"}}, "写了两次"),
    ({"timezone": "Asia/Peking"}, "没有「Asia/Peking」这个时区"),
    ({"open_on": {"2026-11-28": "morning"}}, "不是时间的写法"),
    ({"channels": [{"kind": "mail", "to": "a@example.com"}, {"kind": "mail", "to": "a@example.com"}]}, "写了两次"),
])
def test_what_is_written_wrongly_is_told(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        settings(**given)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_the_next_opening_is_open_and_nothing_before_it(moment: datetime) -> None:
    usual = settings(hours={"mon-fri": "9:00-12:00, 13:30-18:00"})
    opening = usual.next_opening(moment)
    assert opening is not None
    assert opening > moment
    assert usual.is_open(opening)
