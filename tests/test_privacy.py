"""What points at a person is masked whatever stands around it; figures, money, dates and order numbers stay as typed."""

import io
import logging
import re
from datetime import date

import pytest
from hypothesis import assume, example, given, strategies as st
from uvicorn.logging import AccessFormatter

from assistant.figures import figures, fold
from assistant.privacy import MaskingFilter, echoes, mask

SERIAL = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def digits(number: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=number, max_size=number)


def luhn(head: str) -> str:
    """The digits with the check digit that makes them a card's."""
    total = 0
    for place, digit in enumerate(reversed(head)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return head + str(-total % 10)


def grouped(number: str, sizes: tuple[int, ...], between: str) -> str:
    parts, rest = [], number
    for size in sizes:
        parts.append(rest[:size])
        rest = rest[size:]
    return between.join([*parts, rest] if rest else parts)


@st.composite
def mobiles(draw: st.DrawFn) -> tuple[str, str]:
    number = "1" + draw(st.sampled_from("3456789")) + draw(digits(9))
    return draw(st.sampled_from(["", "+86", "+86 ", "86-", "0086", "0"])) + grouped(number, (3, 4, 4), draw(st.sampled_from(["", " ", "-"]))), number


@st.composite
def landlines(draw: st.DrawFn) -> tuple[str, str]:
    area, number = draw(st.sampled_from([("010", 8), ("021", 8), ("0571", 8), ("0931", 7), ("0755", 8), ("0893", 7)]))
    local = draw(st.sampled_from("2345678")) + draw(digits(number - 1))
    start = draw(st.sampled_from([f"{area}-", f"{area} ", area, f"({area})"]))
    return start + local, area + local


@st.composite
def plates(draw: st.DrawFn) -> tuple[str, str]:
    serial = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=1, max_size=1)
    rest = draw(st.one_of(
        digits(5), st.tuples(serial, digits(4)).map("".join), st.tuples(digits(2), serial, serial, digits(1)).map("".join),
        st.tuples(st.sampled_from("DFABCEGHJK"), serial | digits(1), digits(4)).map("".join),
        st.tuples(digits(5), st.sampled_from("DFABCEGHJK")).map("".join), st.tuples(digits(4), st.sampled_from("学警港澳挂领")).map("".join),
    ))
    head = draw(st.sampled_from(PROVINCES)) + draw(serial)
    return head + draw(st.sampled_from(["", "·", " ", "-"])) + rest, head + rest


@st.composite
def vins(draw: st.DrawFn) -> tuple[str, str]:
    number = draw(st.sampled_from(["LSV", "LFV", "LVS", "WBA", "1G1"])) + draw(st.text(SERIAL.replace("Q", ""), min_size=10, max_size=10))
    whole = number + draw(digits(4))
    return whole, whole


@st.composite
def identities(draw: st.DrawFn) -> tuple[str, str]:
    born = draw(st.dates(min_value=date(1930, 1, 1), max_value=date(2024, 12, 31)))
    head = draw(st.sampled_from(["110101", "330106", "440305", "650102"])) + born.strftime("%Y%m%d") + draw(digits(3))
    total = sum(int(digit) * weight for digit, weight in zip(head, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    number = head + "10X98765432"[total % 11]
    return grouped(number, (6, 8, 4), draw(st.sampled_from(["", " ", "-"]))), number


@st.composite
def cards(draw: st.DrawFn) -> tuple[str, str]:
    start, size = draw(st.sampled_from([("6222", 19), ("6225", 16), ("6217", 19), ("4392", 16), ("5187", 16), ("9558", 19)]))
    number = luhn(start + draw(digits(size - 5)))
    return grouped(number, (4, 4, 4, 4), draw(st.sampled_from(["", " ", "-"]))), number


@st.composite
def mails(draw: st.DrawFn) -> tuple[str, str]:
    address = draw(st.from_regex(r"[a-z0-9][a-z0-9._-]{0,12}@(qq|163|example-shop)\.(com|com\.cn)", fullmatch=True))
    return address, address


PERSONAL = st.one_of(mobiles(), landlines(), plates(), vins(), identities(), cards(), mails())
AROUND = ["", "电话", "我是", "，", "。", " ", "：", "（", "联系", "车牌是", "\n", "号码:", "和"]


def bare(text: str) -> str:
    return re.sub(r"[ ()·-]", "", text).upper()


@given(PERSONAL, st.sampled_from(AROUND), st.sampled_from(["", "，", "。", " ", "谢谢", "）", "的", "\n成交1000单"]), st.booleans(), st.booleans())
def test_no_whole_number_is_left(made: tuple[str, str], before: str, after: str, wide: bool, small: bool) -> None:
    typed, number = made
    typed = typed.lower() if small else typed
    typed = typed.translate(FULL_WIDTH) if wide else typed
    masked = mask(before + typed + after)
    narrow = masked.translate({wide: code for code, wide in FULL_WIDTH.items()})
    assert bare(number) not in bare(narrow)
    assert masked.startswith(before)
    assert masked.endswith(after)
    assert "***" in masked


@given(st.lists(st.tuples(PERSONAL, st.sampled_from(["，", "；", " / ", "、"])), min_size=2, max_size=4))
def test_several_in_one_text_are_all_masked(made: list[tuple[tuple[str, str], str]]) -> None:
    masked = mask("".join(typed + between for (typed, _), between in made))
    assert not [number for (_, number), _ in made if bare(number) in bare(masked)]


@given(st.lists(PERSONAL.map(lambda made: made[0]) | st.text(max_size=8) | st.sampled_from(AROUND), max_size=5).map("，".join))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(PERSONAL, st.integers(1, 99999), st.integers(1, 999))
def test_a_masked_number_is_no_figure(made: tuple[str, str], orders: int, refunds: int) -> None:
    """The words kept of one turn are read again in the next."""
    text = f"我的{made[0]}，成交{orders}单，判责{refunds}笔"
    assert [one.value for one in figures(fold(mask(text)))] == [orders, refunds]


@pytest.mark.parametrize(("typed", "shown"), [
    ("打13812345678", "打138****5678"), ("+86 138-1234-5678", "138****5678"), ("010-66513888", "010-****3888"),
    ("（0571）88886666转801", "0571-****6666转801"), ("电话88886666", "电话****6666"),
    ("京A12345的车", "京A·***45的车"), ("沪AD12345", "沪A·****45"), ("粤b·12345", "粤b·***45"),
    ("LSVAM4187C2184847", "LSV**********4847"), ("11010519491231002X", "110***********002X"),
    ("6222 0212 3456 7890 128", "6222***********0128"), ("zhangsan@qq.com", "z***@qq.com"), ("ab@qq.com", "***@qq.com"),
    ("13812345678@139.com", "1***@139.com"),
])
def test_ends_are_kept(typed: str, shown: str) -> None:
    assert mask(typed) == shown


@pytest.mark.parametrize("text", [
    "成交13800单", "1.2万单", "2026-11-29", "成交138001234单，判责7笔", "近30天1.2万单", "客单价13800.50元", "保费4,138.00元",
    "13,812,345,678元", "0.13812345678", "13812345678.5", "从2026-11-01到2026-11-29", "20261129", "订单号 20261129138123456",
    "订单4412345678901234567", "123456789012345678", "110101199013014477", "11010119900307775X", "打12315、12378或400-820-8820", "GB 7258-2017",
    "95518", "010", "第1389号", "京东A12345", "新车A级", "川菜12345", "京A1234", "京A123456789", "iPhone13 128G", "SKU1380013800",
    "6222021234567890121", "1:138:12345678", "4S店", "3.15", "版本138.1234.56", "2024年2月19日", "7×24小时", "100%", "ABCDEFGHJKLMNPRST",
    "12345678901234567", "https://example.com/a?b=1", "@张三", "a@b", "12 34 56 78 90 12", "138 1234 567", "1381234567", "138123456789",
])
def test_what_points_at_nobody_stays(text: str) -> None:
    assert mask(text) == text


UNITS = st.sampled_from(["单", "笔", "元", "万元", "%", "件", "天", "台", "万单", "小时", "‰", "块", "条", "亿"])


AMOUNTS = st.floats(0, 9_999_999_999).map(lambda amount: round(amount, 2)) | st.integers(0, 9_999_999_999)


@given(AMOUNTS, UNITS, st.sampled_from(["", "成交", "判责", "￥", "约"]))
@example(138001, "单", "成交")
@example(1381234567, "元", "")
def test_counts_and_money_stay(number: float, unit: str, before: str) -> None:
    for text in (f"{before}{number}{unit}", f"{before}{number:,}{unit}"):
        assert mask(text) == text


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%m-%d"]), st.dates())
def test_days_stay(day: object, form: str, other: object) -> None:
    text = f"{day:{form}}到{other:{form}}，共3天，{day:{form}}-{other:{form}}"
    assert mask(text) == text


@given(st.integers(12, 30).flatmap(digits))
def test_order_numbers_stay(number: str) -> None:
    assume(not number.startswith(("0", "86", "62", "9558", "4", "5", "2", "35")) and len(number) != 18)
    assert mask(f"订单号{number}，什么时候发货") == f"订单号{number}，什么时候发货"


@given(digits(18).filter(lambda number: number[0] in "13678" and not number.startswith("62")))
def test_order_numbers_of_eighteen_digits_stay_unless_their_check_digit_holds(number: str) -> None:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    assume("10X98765432"[total % 11] != number[17])
    assert mask(number) == number


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(mask(text), str)


@pytest.mark.parametrize("seed", ["1", "1 ", "138-", "京A", "a", "a@", "a.", "0571-", "(", "62 ", "1a", "@a.", "电话", "*"])
def test_long_text_takes_time_by_its_length_only(seed: str) -> None:
    """Twenty thousand signs; time by the square of them would be minutes."""
    text = seed * (20_000 // len(seed))
    assert len(mask(text)) >= len(text) * 0.5 or "*" in mask(text)


def test_an_echo_is_masked_and_nothing_else() -> None:
    masked = echoes("电话１３８12345678，京A12345")
    assert masked("没看懂「电话13812345678，京a12345」，店里电话是010-66513888") == "没看懂「电话138****5678，京A·***45」，店里电话是010-66513888"
    assert echoes("成交1000单")("13812345678") == "13812345678"


def logged(formatter: logging.Formatter, name: str, *said: object, error: Exception | None = None) -> str:
    """What one record looks like in the log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(MaskingFilter())
    record = logging.LogRecord(name, logging.INFO, "f.py", 1, said[0], said[1:], (type(error), error, error.__traceback__) if error else None)
    handler.handle(record)
    return stream.getvalue()


class Named:
    """An object that says more than its type does."""

    def __repr__(self) -> str:
        return "visitor 13812345678"


@pytest.mark.parametrize("said", [
    ("打13812345678",), ("打%s", "13812345678"), ("%s%s", "1381234", "5678"), ("%(tel)s", {"tel": "13812345678"}), ("%r", Named()),
    ("%d", 13812345678), ("%s", ["13812345678"]),
])
def test_a_log_record_is_masked_however_it_is_put_together(said: tuple[object, ...]) -> None:
    line = logged(logging.Formatter("%(message)s"), "assistant", *said)
    assert "138****5678" in line
    assert "13812345678" not in line


def test_a_traceback_is_masked() -> None:
    try:
        raise ValueError("京A12345 is no number")
    except ValueError as error:
        line = logged(logging.Formatter("%(message)s"), "assistant", "failed", error=error)
    assert "ValueError: 京A·***45 is no number" in line


def test_a_log_of_requests_keeps_its_form() -> None:
    formatter = AccessFormatter('%(client_addr)s "%(request_line)s" %(status_code)s', use_colors=False)
    line = logged(formatter, "uvicorn.access", '%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/?tel=13812345678", "1.1", 200)
    assert line == '127.0.0.1:1 "GET /?tel=138****5678 HTTP/1.1" 200 OK\n'


def test_other_records_pass_untouched() -> None:
    assert logged(logging.Formatter("%(message)s"), "assistant", "%d of %s, %.1f", 13800, "x", 2.5) == "13800 of x, 2.5\n"
