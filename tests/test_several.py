"""Several cases in one question are read and told side by side; what only looks like several is left as one."""

from datetime import date

import pytest

from assistant.answer import Calculated, Text, Turn
from assistant.composer import Composer
from assistant.library import Library
from assistant.reading import Reader
from assistant.understanding import Exchange, Reading, Understood

NOW, THEN = date(2026, 11, 23), date(2021, 5, 5)


def cases(reader: Reader, question: str, history: list[Exchange] | None = None) -> list[Reading]:
    return list(reader.read(question, NOW, history or []).readings)


def told(library: Library, question: str, today: date) -> tuple[list[Calculated], str]:
    turn = Turn(question, Reader(library).read(question, today), (), 0.0, today)
    events = list(Composer(library, 0.5).events(turn))
    values = [event for event in events if isinstance(event, Calculated) and not event.aside]
    return values, "\n".join(event.markdown for event in events if isinstance(event, Text))


def spoken(metric: str, inputs: dict[str, float], platform: str | None = None) -> Exchange:
    return Exchange("…", Understood(metric, inputs, platform=platform))


TAOBAO = spoken("dispute_refund_rate", {"liable_refunds": 6.0, "paid_suborders": 2000.0}, "淘宝")
PINDUODUO = spoken("pdd_dispute_rate", {"liable_refunds": 54.0, "grouped_orders": 3600.0}, "拼多多")


# by platform


def test_each_platform_with_figures_of_its_own_is_a_case(reader: Reader) -> None:
    read = cases(reader, "淘宝成交2000单判责6单，京东下单900单，商责2单，双方责任1单，申诉通过0单，纠纷率各是多少")
    assert [(one.where, one.metric.id, dict(one.inputs)) for one in read] == [
        ("淘宝", "dispute_refund_rate", {"liable_refunds": 6, "paid_suborders": 2000}),
        ("京东", "jd_dispute_rate", {"merchant_liable": 2, "both_liable": 1, "appeal_ok": 0, "orders": 900}),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "淘宝成交2000单判责6单，纠纷退款率多少", "淘宝成交2000单判责6单，京东呢", "京东和淘宝的纠纷率各怎么算",
        "淘宝成交2000单判责6单，拼多多成团3600单，纠纷率分别多少", "淘宝成交2000单，淘宝判责6单，纠纷退款率多少",
    ],
)
def test_one_platform_or_one_without_all_its_figures_is_no_second_case(reader: Reader, question: str) -> None:
    assert [one.where for one in cases(reader, question)] == [""]


# by the name of each case


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("甲店成交1000单判责5单，乙店成交2000单判责6单，纠纷退款率各多少", ["甲店", "乙店"]),
        ("淘宝，上个月成交1000单判责5单，这个月成交2000单判责6单，纠纷退款率哪个月低", ["上个月", "这个月"]),
        ("10月成交1000单判责5单，11月成交2000单判责6单，纠纷退款率分别多少", ["10月", "11月"]),
        ("A店成交1000单判责5单，B店成交2000单判责6单，纠纷退款率多少", ["A店", "B店"]),
    ],
)
def test_each_name_with_figures_of_its_own_is_a_case(reader: Reader, question: str, names: list[str]) -> None:
    read = cases(reader, question)
    assert [one.where for one in read] == names
    assert [dict(one.inputs) for one in read] == [
        {"liable_refunds": 5, "paid_suborders": 1000}, {"liable_refunds": 6, "paid_suborders": 2000},
    ]
    assert [dict(one.before) for one in read] == [{}, {}], "none of them is what was before"


@pytest.mark.parametrize(
    "question",
    [
        "甲店成交1000单，乙店判责6单，纠纷退款率多少",
        "甲店成交1000单判责5单，纠纷退款率多少",
        "甲店成交1000单判责5单，乙店接待640台次产值80万，各是多少",
        "甲店成交1000单判责5单，乙店成交2000单判责6单，纠纷退款率要降到千分之二还差多少单成交",
    ],
)
def test_too_few_figures_two_metrics_or_a_target_are_no_cases_by_name(reader: Reader, question: str) -> None:
    assert [one.where for one in cases(reader, question)] == [""]


@pytest.mark.parametrize(
    "question",
    [
        "甲店成交1000单判责5单，乙店成交2000单判责6单，合并算纠纷退款率多少",
        "甲店成交1000单判责5单，乙店成交2000单判责6单，两家店加起来纠纷退款率多少",
        "甲店1000单成交5单判责，乙店2000单成交6单判责，合并算纠纷退款率多少",
    ],
)
def test_two_shops_put_together_are_one_case_of_their_sums(reader: Reader, question: str) -> None:
    (read,) = cases(reader, question)
    assert (read.where, dict(read.inputs)) == ("", {"liable_refunds": 11, "paid_suborders": 3000})


# by day


def test_two_days_are_two_cases_where_the_rule_changed_between(reader: Reader) -> None:
    read = cases(reader, "淘宝80元的订单延迟发货，2022年7月10号下单跟2022年7月25号下单各赔多少")
    assert [(one.day, one.where, dict(one.inputs)) for one in read] == [
        (date(2022, 7, 10), "2022年7月10号", {"paid": 80}), (date(2022, 7, 25), "2022年7月25号", {"paid": 80}),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "2022年7月10号跟2022年7月25号，成交1000单判责5单，纠纷退款率各多少",  # the formula borrows nothing
        "淘宝80元的订单延迟发货，2022年7月10号下单赔多少",
        "2026年11月1日签收和2026年11月3日签收，七天无理由最后一天各是几号",  # the days are inputs
    ],
)
def test_days_that_change_nothing_make_no_cases(reader: Reader, question: str) -> None:
    assert [one.where for one in cases(reader, question)] == [""]


# two results of before


def test_two_earlier_results_are_set_side_by_side(reader: Reader) -> None:
    read = cases(reader, "这俩哪个高", [TAOBAO, PINDUODUO])
    assert [(one.where, one.metric.id) for one in read] == [("淘宝", "dispute_refund_rate"), ("拼多多", "pdd_dispute_rate")]
    assert all(one.carried and one.complete for one in read)


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("这俩哪个高", [TAOBAO]), ("这俩哪个高", [TAOBAO, TAOBAO]), ("这俩怎么办", [TAOBAO, PINDUODUO]),
        ("两个都按10单判责算，哪个高", [TAOBAO, PINDUODUO]),
        ("这俩哪个高", [TAOBAO, Exchange("…", Understood("pdd_dispute_rate", {"liable_refunds": 54.0}, open=True))]),
    ],
)
def test_one_result_one_metric_new_figures_or_half_a_case_are_not_compared(
    reader: Reader, question: str, history: list[Exchange]
) -> None:
    assert len(cases(reader, question, history)) <= 1


# told


def test_every_case_is_told_by_its_name_and_the_highest_when_asked_for(tiny: Library) -> None:
    values, text = told(tiny, "甲店成交1000单判责3单，乙店成交2000单判责16单，哪家纠纷退款率高", THEN)
    assert [(one.label, one.value, one.verdict) for one in values] == [
        ("甲店：纠纷退款率", 0.003, "ok"), ("乙店：纠纷退款率", 0.008, "watch"),
    ]
    assert "最高的是乙店：纠纷退款率，0.8%" in text


def test_the_lowest_is_told_when_that_is_asked_for_and_nothing_when_neither_is(tiny: Library) -> None:
    start = "甲店成交1000单判责3单，乙店成交2000单判责16单，"
    assert "最低的是甲店：纠纷退款率，0.3%" in told(tiny, f"{start}哪家纠纷退款率最低", THEN)[1]
    text = told(tiny, f"{start}纠纷退款率各多少", THEN)[1]
    assert "最高" not in text
    assert "最低" not in text


def test_each_day_is_computed_by_its_own_rule(library: Library) -> None:
    values, _ = told(library, "淘宝80元的订单延迟发货，2022年7月10号下单跟2022年7月25号下单各赔多少", NOW)
    rule = library.rules["taobao_delay_compensation"]
    for one, day in zip(values, (date(2022, 7, 10), date(2022, 7, 25)), strict=True):
        numbers = {name: float(number) for name, number in rule.numbers(day).items() if isinstance(number, float)}
        assert one.value == pytest.approx(min(max(80 * numbers["rate"], numbers["lo"]), numbers["hi"]))
        assert one.day == day
