"""Days are read in every notation, relative ones from today, and rules are read from the right day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from assistant.days import as_of, mentions, moved
from assistant.numerals import fold

TODAY = date(2026, 11, 23)


def said(sentence: str) -> list[str]:
    """Each mention as its day, or first..last."""
    return [
        day.first.isoformat() if day.precise else f"{day.first}..{day.last}" for day in mentions(fold(sentence), TODAY)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2024年2月19日", ["2024-02-19"]),
        ("2024-02-19", ["2024-02-19"]),
        ("2024.2.19起", ["2024-02-19"]),
        ("2024/2/19", ["2024-02-19"]),
        ("20240219", ["2024-02-19"]),
        ("２０２４年２月１９日", ["2024-02-19"]),
        ("二〇一九年三月五日", ["2019-03-05"]),
        ("24年2月19号", ["2024-02-19"]),
        ("11月15日签收", ["2026-11-15"]),
        ("十一月十五号", ["2026-11-15"]),
        ("12月25日", ["2026-12-25"]),
        ("3月1日", ["2026-03-01"]),
        ("2.19号", ["2026-02-19"]),
        ("截至11/20", ["2026-11-20"]),
        ("到20号", ["2026-11-20"]),
        ("2017年5月", ["2017-05-01..2017-05-31"]),
        ("10月出厂620台次", ["2026-10-01..2026-10-31"]),
        ("2019年", ["2019-01-01..2019-12-31"]),
        ("19年买的车", ["2019-01-01..2019-12-31"]),
        ("2023年四季度", ["2023-10-01..2023-12-31"]),
        ("2024年上半年", ["2024-01-01..2024-06-30"]),
        ("今年1-10月", ["2026-01-01..2026-10-31"]),
        ("5月到7月", ["2026-05-01..2026-07-31"]),
        ("三季度", ["2026-07-01..2026-09-30"]),
        ("去年", ["2025-01-01..2025-12-31"]),
        ("前年11月", ["2024-11-01..2024-11-30"]),
        ("今年5月3日", ["2026-05-03"]),
        ("去年双11", ["2025-11-11"]),
        ("双十一那天", ["2026-11-11"]),
        ("国庆", ["2026-10-01"]),
        ("上个月", ["2026-10-01..2026-10-31"]),
        ("本月3号", ["2026-11-03"]),
        ("昨天、前天、大前天、今天", ["2026-11-22", "2026-11-21", "2026-11-20", "2026-11-23"]),
        ("上周五", ["2026-11-20"]),
        ("上上周日", ["2026-11-15"]),
        ("本周", ["2026-11-23..2026-11-29"]),
        ("三天前", ["2026-11-20"]),
        ("两个星期前", ["2026-11-09"]),
        ("三个月前", ["2026-08-01..2026-08-31"]),
        ("一年半前", ["2025-05-01..2025-05-31"]),
        ("2月30日", []),
        ("干了12年，连续三年，3个月，修了5天", []),
        ("周转率、月费用、3.5分、1200单", []),
        ("92号汽油，43号令，3号工位", []),
        ("天猫", []),
    ],
)
def test_mentions(sentence: str, expected: list[str]) -> None:
    """Each notation by hand."""
    assert said(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2019年那会儿怎么算", date(2019, 7, 1)),
        ("19年那会儿怎么算", date(2019, 7, 1)),
        ("2018年6月天猫报活动还看排名吗", date(2018, 6, 30)),
        ("2021年6月买的车，当时三包的线是多少", date(2021, 6, 30)),
        ("2017年4月7日那次调整", date(2017, 4, 7)),
        ("按2022年口径", date(2022, 7, 1)),
        ("按去年口径", date(2025, 7, 1)),
        ("前年报活动的门槛是多少", date(2024, 7, 1)),
        ("2024年2月19日之后门槛是多少", date(2024, 2, 19)),
        ("2024年2月以后", date(2024, 2, 29)),
        ("2024年2月19日之前", date(2024, 2, 18)),
        ("2012年左右", date(2012, 7, 1)),
        ("2023年四季度", date(2023, 11, 15)),
        ("2024年5月18号提的车，现在2026年11月20日要退", date(2024, 5, 18)),
        ("去年出了两次事故，今年保费多少", None),
        ("2026年新办法", None),
        ("今年5月进站860户", None),
        ("11月15日签收", None),
        ("上个月罚得我没脸", None),
        ("2019年和2023年有什么不同", None),
        ("退款率怎么算", None),
    ],
)
def test_as_of(sentence: str, expected: date | None) -> None:
    """The day whose rules are asked for, or None for today's."""
    assert as_of(fold(sentence), TODAY) == expected


@given(
    st.dates(date(2001, 1, 1), date(2030, 12, 31)),
    st.sampled_from(
        ["{y}年{m}月{d}日", "{y}年{m}月{d}号", "{y}-{m:02}-{d:02}", "{y}.{m}.{d}", "{y}/{m}/{d}", "{y}{m:02}{d:02}"]
    ),
    st.sampled_from(["", "签收", "，", "那天", "提的车"]),
)
def test_any_notation(day: date, notation: str, after: str) -> None:
    """A full date is read back exactly and stands where it was typed."""
    sentence = "我" + notation.format(y=day.year, m=day.month, d=day.day) + after
    (found,) = mentions(sentence, TODAY)
    assert (found.first, found.last, found.precise, found.dated) == (day, day, True, True)
    assert sentence[found.start : found.end] == found.raw


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 12), st.integers(1, 28))
def test_day_without_year_is_near(today: date, month: int, day: int) -> None:
    """Never more than 60 days ahead, never more than a year or so back."""
    (found,) = mentions(f"{month}月{day}日签收", today)
    assert (found.first.month, found.first.day) == (month, day)
    assert today - timedelta(days=306) <= found.first <= today + timedelta(days=60)


@pytest.mark.parametrize("seed", ["1", "一", "2024年", "上上个", "十", "去年", "3天前", "1.1.", "第一", "20"])
def test_long_text_of_anything_is_read_in_order(seed: str) -> None:
    """Twenty thousand characters of anything: no mention overlaps another, each stands where it says."""
    text = seed * (20_000 // len(seed))
    read = mentions(text, TODAY)
    assert all(text[one.start : one.end] == one.raw for one in read)
    assert all(first.end <= second.start for first, second in pairwise(read))


@pytest.mark.parametrize(("sentence", "expected"), [
    ("那前两个月呢", date(2018, 6, 30)), ("再早一年呢", date(2017, 8, 31)), ("那后6个月呢", date(2019, 2, 28)), ("前年呢", None),
    ("前3个月内的单", None),
])
def test_a_follow_up_steps_from_the_day_before(sentence: str, expected: date | None) -> None:
    assert moved(sentence, date(2018, 8, 31)) == expected


def test_before_and_after_a_day_is_not_before_it() -> None:
    assert as_of("延迟发货2022年7月18号前后各赔多少", date(2026, 11, 23)) == date(2022, 7, 18)
    assert as_of("延迟发货2022年7月18号之前赔多少", date(2026, 11, 23)) == date(2022, 7, 17)
