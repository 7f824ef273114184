"""Every figure typed in a sentence, read exactly: value, unit and where it stands.

What looks like a figure and is none (dates, clock times, telephone numbers, plates, order numbers, versions, ordinals,
list numbering, names) is blanked first, so that the reading itself never has to guess.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from assistant.blanks import blanked
from assistant.lists import commas_apart
from assistant.numerals import fold, numeral
from assistant.units import PER, UNIT, UNITS, Unit

__all__ = ["Figure", "figures", "fold"]


@dataclass(frozen=True)
class Figure:
    """A number with its unit. Money is 元, ratios are decimals, minutes are hours; `per` is 工时 in 280元/工时.

    kind: number, count, ratio, ppm, money, duration, score, size, grade or distance; `range` for either end of 3-5天,
    `approx` for 两百多, `window` for a period such as 近30天 that says when, not how much.
    """

    value: float
    unit: str
    start: int
    end: int
    raw: str
    kind: str
    per: str = ""


_DIGIT = "零〇○一二两俩三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_HEAD = _DIGIT + "十拾廿卅"
_TIMES = "十拾百佰千仟万亿"
# 6 400 and 1 260 000 are one number each, 200 210 190 are three: blanks group digits only where no list can be meant
_SPACED = r"(?<!\d )(?<!\d)(?:\d(?: \d{3}){1,3}+|\d\d \d{3}|\d{3} \d{3}(?= ?[单笔元件票台户人次]))(?!\d|[.,]\d| \d)"
_ARABIC = rf"(?:\d{{1,3}}(?:,\d{{3}})++(?:\.\d+)?(?![\d.])|{_SPACED}|\d++(?:\.\d++)?)"
# of 230万一个月 and 三千一台 the 一 belongs to what is counted; 一万一千 and 1万2 are one number
_EACH_ONE = r"(?<=[百千万])一(?:个|[年月天日台单件辆张人家户季周次票])"
_LATIN = r" ?(?:(?:wan|qian|bai|[wk])(?=yuan|dan|bi|rmb)|(?:wan|qian|bai|[wk])(?![a-z]))"
_MIXED = (
    rf"{_ARABIC}(?:点\d++)?"
    rf"(?:(?: ?[{_TIMES}](?!米|克|瓦)[{_TIMES}]*+(?:零?\d++(?:\.\d++)?|(?!{_EACH_ONE})[{_DIGIT}](?![{_DIGIT}]))?)"
    rf"|{_LATIN}(?:\d(?![\d.]))?){{0,4}}+"
)
_HAN = (
    rf"[{_HEAD}](?:(?!{_EACH_ONE})[{_HEAD}]|[{_TIMES}](?!米|克|瓦|分之)){{0,24}}+"
    rf"(?:点(?:[{_DIGIT}]{{1,9}}+|\d{{1,9}}+)[{_TIMES}]{{0,3}}+|(?<=[{_TIMES}])\d++)?"
)
_RUN = re.compile(
    rf"(?P<part>百万分之|十万分之|万分之|千分之|百分之|(?:[一二三四五六七八九十]|\d{{1,3}}+)分之)?"
    rf"(?P<sign>负|(?<![a-z\d%])[-+])?(?P<money>[¥￥$] ?)?"
    rf"(?:(?P<run>{_MIXED}|{_HAN}|(?<=百分之)百)|(?P<half>半)(?=个?(?:小时|钟头|月|年|天|日|工时|百分点|点|成|星期)))"
)
_PARTS = {
    "百万分之": Fraction(1), "十万分之": Fraction(1, 10**5), "万分之": Fraction(1, 10**4),
    "千分之": Fraction(1, 1000), "百分之": Fraction(1, 100),
}  # fmt: skip
_COUNTLESS = re.compile(r"[几数好上]$")
_MORE = re.compile(
    r"多(?!少|久|长|大|次)|余(?!额|下|款|量|数|的|留|件)|[来几](?=[个台单笔件条天年月小户人万元块])|\+(?! ?\d)|(?<=十)几(?!乎|号)"
)
_LONGER = re.compile(r"多(?!少|久|长|大|次|付|交|扣|收|赔|退|个)")
_JOIN = re.compile(r" ?(?:到|至|-+|~+) ?")
_FROM = re.compile(r"[从由]$")
WHOLE = 100  # more than so many percent are no share
_SCALES = tuple("千万亿wk")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_LEADING = re.compile(rf"[-+¥￥$ ]*(?:\d[\d,.]*|[{_DIGIT}](?=[百千万亿])|[{_HEAD}{_TIMES}]+)")
_PERIODS = {"天", "日", "月", "周", "年", "小时", "季度", "工作日"}
_UNCHANGED = re.compile(r"(?:数|量)?(?:保持|还是)?(?:不变|不动|没变|没动|照旧|一样)")  # of 产值108万台次不变 the 台次 begin the next clause
_USUAL = {7, 14, 15, 28, 30, 60, 90, 180, 365}
_AIMED = re.compile(r"(?:[压降缩减控拉提做守]到|控制在|压在|压进|缩短到|不超过|别超过)了?$")
_LASTED = re.compile(r"(?:平均|均|用了?|花了?|耗时|历时|时长)(?:是|为|要)?$")
_USUAL_HOURS = {12, 24, 36, 48, 72}
_WINDOW_BEFORE = re.compile(
    r"(?:[最将]?近|过去|滚动|往[前后]|未来|今后|后面|(?<![收货修买提签到款车延推落最记成完改])后|前面|(?<!提)前) ?$"
)
_WINDOW_AFTER = re.compile(
    r" ?(?:之?内|以内|里(?!程)|期间|滚动|窗口|法(?!定)|[以之][前后]|[前后](?!轮|杠|桥|排|台|挡))"
)
_PERIOD_OF = re.compile(
    r" ?(?:累计|总?成交|成团|支付|交易|下单|订单|单量|销量|揽收|发货|签收|口径|\)|\d[\d,.]*+[万wk]? ?(?:单|笔|件|台次))"
)
_ALONE_AFTER = re.compile(r"$|[\s\x00,;:。、!?)/…~-]")
_ALONE_BEFORE = re.compile(r"[统唯专划合周期拜小老初双之不归如逐同万星再其为张]$")
_MONEY_TAIL = re.compile(
    rf"零?(\d|[{_DIGIT}])(?:毛钱?|角)?(?![\d.{_TIMES}单笔件台个人户次天年月小点条%wk]|(?!一[件单个台次斤])[{_DIGIT}])"
)
_TENTH_TAIL = re.compile(r"[一二三四五六七八九](?![单笔件台个户人次天年月小点条元块万千百十成票座公])")
_HOUR_TAIL = re.compile(r" ?(\d{1,2}|[二三四五]?十[五]?)(?:分钟?|min)(?!之)")
_MONTH_TAIL = re.compile(rf" ?零?(\d{{1,2}}|十[{_DIGIT}]?|[{_DIGIT}])个月")
_SCORED = re.compile(r"[打得给扣到是为满拿有:]$")


def figures(text: str, names: Sequence[str] = ()) -> list[Figure]:
    """The figures of a folded text in order; `names` are words that hold numerals but no figure (4s店, 双11)."""
    clear = commas_apart(blanked(text, tuple(names)))
    found: list[Figure] = []
    place = 0
    while match := _RUN.search(clear, place):
        place = match.end()
        if figure := _read(clear, match, found[-1].end if found else -1):
            found.append(replace(figure, raw=text[figure.start : figure.end]))
            place = figure.end
    return _joined(clear, found)


def _read(clear: str, match: re.Match[str], previous: int) -> Figure | None:
    """One match with the words after it, or None when it is no figure after all; `previous` is where the last ended."""
    part, start, end = match["part"], match.start(), match.end()
    run = match["run"] or "半"
    value = Fraction(1, 2) if run == "半" else _fraction(run)
    if value is None or (run[0] in _TIMES and _COUNTLESS.search(clear, max(0, start - 1), start)):
        return None
    if match["sign"] == "-" and start == previous:
        start += 1  # 3天-5天: the stroke joins two figures
    elif match["sign"] in ("负", "-"):
        value = -value
    kind, unit, per, approx = "number", "", "", False
    if more := _MORE.match(clear, end):
        if run in ("十", "拾") or not (run[-1] in _TIMES or run[-1].isascii()):
            return None
        approx, end = True, more.end()
    if part:
        kind = unit = "ppm" if part == "百万分之" else "ratio"
        value *= _PARTS.get(part) or 1 / (_fraction(part[:-2]) or Fraction(1))
    elif (after := UNIT.match(clear, end)) and not _UNCHANGED.match(clear, after.end()):
        if not _fits(clear, run, after, start):
            return None
        word = _resolved(after["word"], run, value)
        end, kind, unit = after.end(), word.kind, word.name
        value = (value + (Fraction(1, 2) if after["half"] else 0)) * word.times
        value, end = _tail(clear, value, word, after["word"], end)
        if kind == "duration" and (longer := _LONGER.match(clear, end)):
            approx, end = True, longer.end()
        if kind in ("money", "count", "distance") and (over := PER.match(clear, end)):
            per, end = over["per"], over.end()
    elif clear[end : end + 1].isascii() and clear[end : end + 1].isalpha():
        return None  # 5g, 4s, 3c
    elif len(run) == 1 and not run.isascii() and not _alone(clear, start, end):
        return None
    elif over := PER.match(clear, end):
        per, end = over["per"], over.end()
    if match["money"]:
        kind, unit = "money", "元"
    if kind == "duration" and unit in _PERIODS and _is_window(clear, start, end, value, unit):
        kind = "window"
    return Figure(float(value), unit, start, end, clear[start:end], "approx" if approx else kind, per)


def _fraction(run: str) -> Fraction | None:
    value = numeral(run)
    return None if value is None else Fraction(value)


def _alone(clear: str, start: int, end: int) -> bool:
    """Whether a single 一 to 九 without a unit stands for itself: 双方责任四, but not 小二介入."""
    return not _ALONE_BEFORE.search(clear, max(0, start - 1), start) and bool(_ALONE_AFTER.match(clear, end))


def _fits(clear: str, run: str, after: re.Match[str], start: int) -> bool:
    """Whether number and unit go together: 四季度 is a time of the year, 十分满意 no score, 一起 mostly 'together'."""
    word = after["word"]
    if word == "季度":
        return bool(after["measure"])
    if word == "分" and run == "十":
        return bool(_SCORED.search(clear, max(0, start - 1), start) or _ALONE_AFTER.match(clear, after.end()))
    return True


def _resolved(spelled: str, run: str, value: Fraction) -> Unit:
    """The meaning of a unit word here: 2.0t is an engine, 3t a load; 125排量 counts cc, 1.6排量 litres."""
    litres = (spelled == "t" and "." in run) or (spelled.endswith("排量") and value < 50)
    return UNITS["l" if litres else spelled]


def _tail(clear: str, value: Fraction, word: Unit, spelled: str, end: int) -> tuple[Fraction, int]:
    """What may still follow a unit: 三成半, 一成五, 两年半, 3块5, 1小时30分, 3年7个月."""
    if word.kind in ("duration", "ratio") and spelled not in "%‰" and clear.startswith("半", end):
        return value + word.times / 2, end + 1
    if spelled == "成" and (tail := _TENTH_TAIL.match(clear, end)):
        return value + (_fraction(tail[0]) or Fraction(0)) / 100, tail.end()
    if spelled in ("块", "元") and (tail := _MONEY_TAIL.match(clear, end)):
        return value + (_fraction(tail[1]) or Fraction(0)) / 10, tail.end()
    if spelled in ("毛", "角") and (tail := _MONEY_TAIL.match(clear, end)):
        return value + (_fraction(tail[1]) or Fraction(0)) / 100, tail.end()
    if word.name == "小时" and word.times == 1 and (tail := _HOUR_TAIL.match(clear, end)):
        return value + (_fraction(tail[1]) or Fraction(0)) / 60, tail.end()
    if word.name == "年" and (tail := _MONTH_TAIL.match(clear, end)):
        return value + (_fraction(tail[1]) or Fraction(0)) / 12, tail.end()
    return value, end


def _is_window(clear: str, start: int, end: int, value: Fraction, unit: str) -> bool:
    """Whether a length of time says when (近30天, 48小时内, 30天成交…) rather than how long."""
    if _AIMED.search(clear, max(0, start - 4), start):
        return False  # 周转天数压到40天以内 is a length aimed at
    if _WINDOW_BEFORE.search(clear, max(0, start - 3), start) or _WINDOW_AFTER.match(clear, end):
        return True
    if _LASTED.search(clear, max(0, start - 4), start):
        return False  # 退货退款平均48小时100笔
    usual = unit == "月" or value in (_USUAL_HOURS if unit == "小时" else _USUAL)
    after = _PERIOD_OF.match(clear, end) if usual else None
    return bool(after and (after[0] != ")" or clear[:start].rstrip().endswith("(")))


def _joined(clear: str, found: list[Figure]) -> list[Figure]:
    """Ranges and lists: 3-5天 gives both ends, 7、8分 gives both figures their unit."""
    scaled = carrier = ""  # the written form of the figure whose scale, or unit, the list before it shares
    for place in range(len(found) - 2, -1, -1):
        first, second = found[place], found[place + 1]
        between = clear[first.end : second.start]
        joined = bool(_JOIN.fullmatch(between)) and not _no_percentage(first, second)
        if not joined and between != "、":
            scaled = carrier = ""
            continue
        carrier = second.raw if second.unit and not second.raw[-1:].isdigit() else carrier
        scaled = second.raw if second.raw[-1:] in _SCALES and not second.unit else scaled
        if not joined and scaled and first.kind == "number" and _DIGITS.fullmatch(first.raw):
            found[place] = _reread(first, first.raw + scaled[_leading(scaled) :])  # 82、88、85万: the scale is said once
            continue
        if not first.unit and first.kind == "number" and (second.unit or joined):
            first = _like(first, replace(second, raw=carrier) if carrier and not joined else second)
        elif joined and first.unit in ("ratio", "ppm") and not second.unit and "分之" in first.raw:
            second = _reread(second, first.raw[: first.raw.index("之") + 1] + second.raw)
        if joined and not _FROM.search(clear, max(0, first.start - 1), first.start):
            first, second = replace(first, kind="range"), replace(second, kind="range")
        found[place : place + 2] = [first, second]
    return found


def _no_percentage(first: Figure, second: Figure) -> bool:
    """售后毛利203万 到80%还差多少: an amount and a rate are no two ends of a range."""
    return second.unit == "ratio" and not first.unit and (first.raw[-1:] in _SCALES or first.value > WHOLE)


def _leading(written: str) -> int:
    """Where the digits end and the scale begins."""
    leading = _LEADING.match(written)
    return leading.end() if leading else 0


def _like(first: Figure, second: Figure) -> Figure:
    """`first` with the unit that only `second` carries: 3-5万元 is 30,000 to 50,000元, but 500到1万 stays 500."""
    leading = _LEADING.match(second.raw)
    if leading is None:
        return first
    mantissa = _fraction(leading[0].lstrip("-+¥￥$ "))
    rest = second.raw[leading.end() :]
    if mantissa is None or first.value >= mantissa:
        rest = rest.lstrip(" 百千万亿wk")
    return _reread(first, first.raw + rest)


def _reread(figure: Figure, written: str) -> Figure:
    match = _RUN.match(written)
    read = _read(written, match, -1) if match else None
    return replace(figure, value=read.value, unit=read.unit, kind=read.kind, per=read.per) if read else figure
