"""Every day, month and year mentioned in a sentence, and the day from which its rules should be read.

A day without a year is the nearest such day that lies not more than 60 days ahead. Lunar festivals are not read: that
would need a calendar nobody here keeps.
"""

import calendar
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from assistant.numerals import numeral

_LEANS = re.compile(r"(同年|当年|那年|该年|次年|第二年)的?$")
_CLOSED = re.compile(r"[)的 ]{0,2}")
AHEAD = timedelta(days=60)

Span: TypeAlias = tuple[date, date]
Groups: TypeAlias = dict[str, str | None]


@dataclass(frozen=True)
class Day:
    """A mention of a day or a period. `precise`: it is one day. `dated`: its year was said, not guessed."""

    first: date
    last: date
    start: int
    end: int
    raw: str
    precise: bool
    dated: bool = True


_BACK = {"大前年": 3, "前年": 2, "去年": 1, "上年": 1, "今年": 0, "本年": 0, "明年": -1}
_FEASTS = {
    "双11": (11, 11), "双十一": (11, 11), "双12": (12, 12), "双十二": (12, 12), "国庆节": (10, 1), "国庆": (10, 1),
    "十一": (10, 1), "元旦": (1, 1), "五一": (5, 1), "618": (6, 18), "六一八": (6, 18),
}  # fmt: skip
_NEAR = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
_WEEKS = {"上上": -2, "上": -1, "下": 1}
_STEP = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}


def mentions(text: str, today: date) -> list[Day]:
    """The days, months and years in a folded text, in order; impossible ones (2月30日) are left out."""
    found = []
    for match, reader in _scan(text):
        groups = match.groupdict()
        try:
            first, last = reader(groups, today)
        except (ValueError, OverflowError):
            continue
        dated = any(groups.get(name) for name in ("y", "y2", "back", "n"))
        found.append(Day(first, last, match.start(), match.end(), match[0], first == last, dated))
    return _same_year(text, sorted(found, key=lambda day: day.start))


def _same_year(text: str, found: list[Day]) -> list[Day]:
    """'去年(2025年)6月', '2022年7月…同年9月': a month without a year takes that of the mention it leans on."""
    settled: list[Day] = []
    for day in found:
        before = settled[-1] if settled else None
        leans = _LEANS.search(text, 0, day.start)
        close = before is not None and bool(_CLOSED.fullmatch(text[before.end : day.start])) and (before.last - before.first).days >= 364
        if before is None or day.dated or not (leans or close):
            settled.append(day)
            continue
        year = before.first.year + (1 if leans and leans[1] in ("次年", "第二年") else 0)
        with suppress(ValueError):  # 2月29日 of a year that has none is left out like any impossible day
            settled.append(replace(day, first=day.first.replace(year=year), last=_last(day, year), dated=True))
    return settled


def _last(day: Day, year: int) -> date:
    """The last day of a period moved to another year; a February ends on its own last day."""
    if day.precise:
        return day.last.replace(year=year)
    return day.last.replace(year=year, day=calendar.monthrange(year, day.last.month)[1])


def impossible(text: str, today: date) -> str:
    """A day the calendar does not have, as written: 2月30日; empty when there is none."""
    for match, reader in _scan(text):
        if reader in (_full, _month_day):
            try:
                reader(match.groupdict(), today)
            except (ValueError, OverflowError):
                return match[0]
    return ""


def calendar_spans(text: str) -> list[tuple[int, int]]:
    """Where days of the calendar stand, so that their numbers are not taken for figures; 3天前 is left out."""
    return sorted(match.span() for match, reader in _scan(text) if reader is not _ago)


def _year(groups: Groups, today: date) -> int:
    if back := groups.get("back"):
        return today.year - _BACK[back]
    written = groups["y"] or ""
    if written.isascii():
        return int(written) if len(written) == 4 else 2000 + int(written)
    return int(numeral(written) or 0)


def _number(written: str | None) -> int:
    value = numeral(written or "")
    if value is None:
        raise ValueError(written)
    return int(value)


def _month(year: int, month: int) -> Span:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _one(day: date) -> Span:
    return day, day


def _nearest(month: int, day: int, today: date) -> date:
    """The day of that name nearest in the past, or up to 60 days ahead."""
    for year in (today.year + 1, today.year, today.year - 1):
        if day <= calendar.monthrange(year, month)[1] and date(year, month, day) <= today + AHEAD:
            return date(year, month, day)
    raise ValueError(f"{month}-{day}")


def _full(groups: Groups, today: date) -> Span:
    return _one(date(_year(groups, today), _number(groups["m"]), _number(groups["d"])))


def _year_month(groups: Groups, today: date) -> Span:
    return _month(_year(groups, today), _number(groups["m"]))


def _months(groups: Groups, today: date) -> Span:
    first, last = _number(groups["m"]), _number(groups["m2"])
    year = _year(groups, today) if groups["y"] or groups["back"] else _nearest(last, 1, today).year
    return _month(year if first <= last else year - 1, first)[0], _month(year, last)[1]


def _whole_year(groups: Groups, today: date) -> Span:
    year, part = _year(groups, today), groups.get("part") or ""
    months = (1, 12)
    if "半年" in part:
        months = (1, 6) if part[0] == "上" else (7, 12)
    elif part.endswith("初"):
        months = (1, 3)
    elif part.endswith(("底", "末")):
        months = (10, 12)
    elif part:
        quarter = _number(re.sub("[第季度q]", "", part))
        months = (3 * quarter - 2, 3 * quarter)
    return _month(year, months[0])[0], _month(year, months[1])[1]


def _quarter(groups: Groups, today: date) -> Span:
    """A quarter or half without a year: the latest one that has begun."""
    for back in ("今年", "去年"):
        span = _whole_year({**groups, "back": back}, today)
        if span[0] <= today:
            return span
    raise ValueError(groups["part"])


def _feast(groups: Groups, today: date) -> Span:
    month, day = _FEASTS[groups["feast"] or ""]
    if groups.get("y") or groups.get("back"):
        return _one(date(_year(groups, today), month, day))
    return _one(_nearest(month, day, today))


def _month_day(groups: Groups, today: date) -> Span:
    return _one(_nearest(_number(groups["m"]), _number(groups["d"]), today))


def _bare_month(groups: Groups, today: date) -> Span:
    first = _nearest(_number(groups["m"]), 1, today)
    return _month(first.year, first.month)


def _near_month(groups: Groups, today: date) -> Span:
    back = (groups["which"] or "").count("上") - (groups["which"] or "").count("下")
    year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
    first, last = _month(year, month + 1)
    return _one(first.replace(day=int(groups["d"] or 1))) if groups["d"] else (first, last)


def _near_day(groups: Groups, today: date) -> Span:
    return _one(today + timedelta(days=_NEAR[groups["which"] or ""]))


def _week(groups: Groups, today: date) -> Span:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_WEEKS.get(groups["which"] or "", 0))
    if not groups["weekday"]:
        return monday, monday + timedelta(days=6)
    return _one(monday + timedelta(days="一二三四五六日".index(groups["weekday"].replace("天", "日"))))


def _ago(groups: Groups, today: date) -> Span:
    count = 0.5 if groups["n"] == "半" else float(_number(groups["n"])) + (0.5 if groups["half"] else 0)
    unit = (groups["unit"] or "").removeprefix("个")
    if unit in _STEP:
        return _one(today - timedelta(days=round(count * _STEP[unit])))
    months = round(count * (12 if unit == "年" else 1))
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return _month(year, month + 1) if months else _one(today - timedelta(days=15))


def _bare_day(groups: Groups, today: date) -> Span:
    day = int(groups["d"] or 0)
    for month in range(0, 3):
        year, index = divmod(today.year * 12 + today.month - 1 - month, 12)
        if day <= calendar.monthrange(year, index + 1)[1] and date(year, index + 1, day) <= today + timedelta(days=15):
            return _one(date(year, index + 1, day))
    raise ValueError(day)


_Y = r"(?<![\d.])(?P<y>(?:19|20)\d\d|[一二][九〇零○][〇零○一二三四五六七八九]{2})"
_M = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])"
_FOUR, _MM, _DD = r"(?:19|20)\d\d", "1[0-2]|0?[1-9]", r"3[01]|[12]\d|0?[1-9]"
_DAY_END = r"(?: ?[日号](?!均)|(?![\d.]| ?[个天单笔件台元户人次万小年条]))"
_BACKWARDS = r"(?P<back>大前年|前年|去年|上年|今年|本年|明年)"
_FEAST = (
    rf"(?<![\d.块点])(?<!\d,)(?P<feast>{'|'.join(sorted(_FEASTS.keys() - {'十一'}, key=len, reverse=True))}"
    r"|十一(?=假期|黄金周|长假|期间|小长假))(?![\d.]|(?<=618) ?(?:单(?!量)|[笔件台元户人万条次票个]))"  # 618笔 is a count
)
_PART = r"(?P<part>上半年|下半年|年?[初底末]|第?[一二三四1-4]个?季度|q[1-4])"
_ALONE = r"(?<![\d./一二三四五六七八九十个])"

Reader: TypeAlias = Callable[[Groups, date], Span]
_SHAPES: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (rf"(?:{_Y} ?年 ?|{_BACKWARDS}的?)?{_ALONE}{_M}(?:月份?)?[-~到至](?P<m2>{_MM})月份?(?!\d)", _months),
        (rf"{_Y} ?年 ?{_M} ?月份? ?{_D}{_DAY_END}", _full),
        (rf"(?<![\d.])(?P<y>{_FOUR})(?P<gap>[-./])(?P<m>{_MM})(?P=gap)(?P<d>{_DD})(?!\d)", _full),
        (
            r"(?<![\d.,a-z])(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d|[.,]\d| ?[单笔件元台万])",
            _full,
        ),
        (rf"(?:{_Y} ?年?|{_BACKWARDS})的?{_FEAST}", _feast),
        (r"(?<=\()(?P<y>(?:19|20)\d\d)(?=[、,和~)-])", _whole_year),
        (rf"{_Y} ?年 ?{_M} ?月份?", _year_month),
        (r"(?<![\d.-])(?P<y>(?:19|20)\d\d)[-/](?P<m>0[1-9]|1[0-2])(?![\d/-])", _year_month),
        (rf"{_BACKWARDS}的?{_M}月份? ?{_D}{_DAY_END}", _full),
        (rf"{_BACKWARDS}的?{_M}月份?", _year_month),
        (rf"(?:{_Y} ?年(?!龄)|{_BACKWARDS})(?:的?{_PART})?", _whole_year),
        (rf"(?<![\d.,])(?P<y>[0-3]\d)年{_M}月份?{_D}{_DAY_END}", _full),
        (rf"(?<![\d.,])(?P<y>[0-3]\d)年{_M}月份?", _year_month),
        (
            r"(?:(?<![\d.,一-龥])|(?<=[在从按自到至截是和跟比我们于有说]))(?P<y>[012]\d)年(?![多半内了以前后质保]| ?\d)"
            rf"(?:的?{_PART})?|(?<![\d.])(?<!\d,)(?P<y2>[012]\d)年(?=那会|那时|的时候|款|底|初|买|提|上牌|的新?车)",
            lambda groups, today: _whole_year({**groups, "y": groups["y"] or groups["y2"]}, today),
        ),
        (rf"{_ALONE}{_M} ?月份? ?{_D}{_DAY_END}", _month_day),
        (rf"(?<!\d/)(?<![\d.])(?P<m>{_MM})[./](?P<d>{_DD})[日号]", _month_day),
        (rf"(?<=[到至于在从])(?P<m>{_MM})/(?P<d>{_DD})(?![\d/.])", _month_day),
        (rf"{_ALONE}{_M}月(?:份|底|初|末|中旬|上旬|下旬)?", _bare_month),
        (rf"(?P<which>上上|上|[本当这]|下)个?月(?!台)(?:(?P<d>{_DD})[日号])?", _near_month),
        (r"(?P<which>大前|前|昨|今|明|后)[天日](?!猫)|(?P<which2>昨|今)晚", lambda groups, today: _near_day(
            {"which": groups["which"] or groups["which2"]}, today)),
        (
            r"(?P<which>上上|上|这|本|下)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![件单台个笔次户条票])",
            _week,
        ),
        (r"(?P<which>上上|上|这|本|下)个?(?:周|星期|礼拜)(?!转|[一二三四五六日天](?![件单台个笔次户条票]))(?P<weekday>x)?", _week),
        (
            r"(?<![近过一二两三四五六七八九十百\d.])(?P<n>\d{1,3}|半|[一二两三四五六七八九十]{1,3})"
            r"(?P<unit>天|日|个?星期|周|个?礼拜|个月|年)(?P<half>半)?(?:以|之)?前",
            _ago,
        ),
        (_FEAST, _feast),
        (rf"(?<![\d.])(?P<d>{_DD})号(?=收|签|寄|退|发|提|买|报|交|受理|判|入库|出厂|到货|拿)", _bare_day),
        (
            rf"(?:(?<=[到至在于从是那])|(?<=截止)|(?<![\d.一-龥a-z]))(?P<d>{_DD})号(?![码令文线店楼库车公工柴汽油])",
            _bare_day,
        ),
        (r"(?<![个\d.一二三四五六七八九十])(?P<part>第?[一二三四1-4]季度|(?<![a-z])q[1-4](?!\d)|[上下]半年)", _quarter),
    )
)


def _scan(text: str) -> list[tuple[re.Match[str], Reader]]:
    """Every shape in turn; what one has read, the next does not see."""
    found = []
    for pattern, reader in _SHAPES:
        matches = list(pattern.finditer(text))
        found += [(match, reader) for match in matches]
        if matches:
            text = pattern.sub(lambda match: "\x00" * len(match[0]), text)
    return found


_TURN = r"(?:[^,;。?!0-9]{0,6}(?:改革|综改|大改|改版|改制|新规|新政|新办法|调整|放宽|扩围)(?:实施|施行|生效|落地|上线)?)?"  # 2020年车险改革以后
_AFTER = re.compile(rf"{_TURN}(?:以后|之后|往后|后|起|开始|以来|至今)")
_BEFORE = re.compile(rf"{_TURN}(?:以前|之前|前)(?![面后])")
_CUE_AFTER = re.compile(
    r".{0,3}(?:那会|那时|那阵|那次|那版|那个时候|当时|当年|时候|买|提的?车|购|上牌|签(?!收))"
    r"|[^,;。?!]{0,12}(?:门槛|规则|规定|口径|政策|标准)"
)
_MOVED = re.compile(r"(?:^|那|再|往)(?P<where>[前早后晚])(?P<n>[0-9]{1,2}|[一两二三四五六七八九十])个?(?P<unit>月|年)(?!前|内|以)")
_CUE_BEFORE = re.compile(r"(?:按|按照|依|照)$")


def as_of(text: str, today: date) -> date | None:
    """The day from which rules should be read, or None for today's.

    A day is itself, a month its last day, a year its 1 July; 「以后」 is the last day of what it follows, 「以前」 the day
    before it. A period that holds today, or one without a year and without a word such as 那会儿 or 口径, says when the
    person's own figures were taken and changes nothing. Of several, the one with such a word counts.
    """
    said: list[tuple[bool, date]] = []
    for day in mentions(text, today):
        cue = bool(_CUE_AFTER.match(text, day.end) or _CUE_BEFORE.search(text, max(0, day.start - 2), day.start))
        written = day.raw[0].isdigit() or day.raw[0] in "一二"
        if not day.dated or not (written or cue) or day.first <= today <= day.last:
            continue
        if _AFTER.match(text, day.end):
            said.append((True, min(day.last, today)))
        elif _BEFORE.match(text, day.end):
            said.append((True, day.first - timedelta(days=1)))
        else:
            said.append((cue, _middle(day)))
    if not said:
        return None
    chosen = [day for cue, day in said if cue] or [day for _, day in said]
    return chosen[0] if len(set(chosen)) == 1 or any(cue for cue, _ in said) else None


def moved(text: str, day: date) -> date | None:
    """The day a follow-up steps to from the one spoken of before: 那前两个月呢, 再早一年呢; None when it does not step."""
    step = _MOVED.search(text)
    if step is None:
        return None
    by = _number(step["n"]) * (12 if step["unit"] == "年" else 1) * (-1 if step["where"] in ("前", "早") else 1)
    months = day.year * 12 + day.month - 1 + by
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    at_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if at_end else min(day.day, last))


def _middle(day: Day) -> date:
    """One day for a mention: a month gives its last, for who names the month of a change means what came of it;
    a year gives its 1 July, other periods their middle."""
    if day.precise:
        return day.first
    if (day.first.year, day.first.month) == (day.last.year, day.last.month):
        return day.last
    if (day.last - day.first).days >= 364:
        return day.first.replace(month=7)
    return day.first + (day.last - day.first) / 2
