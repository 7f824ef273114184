"""From a typed sentence to a metric with its inputs: exact in any notation and order, whatever else stands around."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import cn2an
import pytest
from hypothesis import given, settings, strategies as st

from assistant.library import Library
from assistant.metrics import Metric, registry
from assistant.numerals import fold
from assistant.reading import Reader

from .readings import NOW, best

# any notation


def colloquial(value: int) -> str:
    """一千二 and 三万六 where people say so, else the full numeral."""
    text = str(cn2an.an2cn(value))
    for last, place in (("百", "十"), ("千", "百"), ("万", "千")):
        if text.endswith(place) and len(text) > 2 and text[-3] == last and text[-2] != "一":  # 三万一件 is three of one
            return text[:-1]
    return text


def wide(text: str) -> str:
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,."})


def notations(value: int) -> list[str]:
    forms = [str(value), f"{value:,}", wide(str(value)), str(cn2an.an2cn(value)), colloquial(value)]
    if value >= 1000 and value % 100 == 0:
        forms += [f"{Decimal(value) / 10000}万", f"{Decimal(value) / 10000}w"]
    return forms


def written(low: int, high: int) -> st.SearchStrategy[tuple[str, float]]:
    """A count as someone may type it, with its value."""
    counts = st.integers(low, high)
    if high >= 1000:
        counts |= st.integers(-(-low // 100), high // 100).map(lambda n: n * 100)
    return counts.flatmap(lambda n: st.sampled_from(notations(n)).map(lambda form: (form, float(n))))


def ratio_forms(thousandths: int) -> list[str]:
    percent = Decimal(thousandths) / 10
    return [
        f"{percent}%", f"百分之{percent}", f"百分之{cn2an.an2cn(str(percent))}", f"千分之{thousandths}",
        f"千分之{cn2an.an2cn(thousandths)}", f"{thousandths}‰", f"{percent}个百分点", f"万分之{thousandths * 10}",
    ]


NOISE = [
    "截至2024年2月19日", "数据到11月20号", "2026-10-31的截图", "上周五报的", "电话13812345678", "车牌京A12345", "客服0571-88157858",
    "店铺ID 10086521", "发票尾号4412", "运单SF1234567890123", "早上8:30拉的", "4S店的", "急", "不懂这些", "",
]
Part = tuple[str, tuple[str, float], str]


def sentence(parts: list[Part], noise: list[str], stop: str, ask: str) -> str:
    """Parts such as 成交1.2万单 in a row, something irrelevant behind each."""
    said = [f"{before}{form}{after}" for before, (form, _), after in parts]
    return stop.join(text for pair in zip(said, noise, strict=False) for text in pair if text) + stop + ask


def check(reader: Reader, data: st.DataObject, id: str, ask: str, parts: Mapping[str, tuple[str, st.SearchStrategy[tuple[str, float]], str]]) -> None:
    """Draw figures for the inputs, in any order and notation, and read them back."""
    drawn = {name: (before, data.draw(form), after) for name, (before, form, after) in parts.items()}
    order = data.draw(st.permutations(sorted(drawn)))
    noise = data.draw(st.lists(st.sampled_from(NOISE), min_size=len(drawn), max_size=len(drawn)))
    text = sentence([drawn[name] for name in order], noise, data.draw(st.sampled_from(["，", "。", "；", "\n"])), ask)
    reading = best(reader.read(text, NOW))
    assert reading.metric.id == id, text
    assert dict(reading.inputs) == {name: part[1][1] for name, part in drawn.items()}, text
    assert reading.complete


@settings(max_examples=80)
@given(data=st.data())
def test_dispute_figures_are_read_back(reader: Reader, data: st.DataObject) -> None:
    check(reader, data, "dispute_refund_rate", "淘宝的纠纷退款率是多少", {
        "liable_refunds": ("判责退款", written(2, 900), "笔"), "paid_suborders": ("成交子订单", written(1000, 900_000), "笔"),
    })


@settings(max_examples=80)
@given(data=st.data())
def test_absorption_figures_are_read_back(reader: Reader, data: st.DataObject) -> None:
    check(reader, data, "absorption_rate", "零服吸收率算下来多少", {
        "service_gross_profit": ("售后毛利", written(1000, 9_000_000), "元"), "total_opex": ("全店费用", written(1000, 9_000_000), "元"),
    })


@settings(max_examples=80)
@given(data=st.data())
def test_four_jd_figures_are_read_back(reader: Reader, data: st.DataObject) -> None:
    check(reader, data, "jd_dispute_rate", "京东交易纠纷率多少", {
        "merchant_liable": ("商责", written(20, 90), "单"), "both_liable": ("双方责任", written(2, 40), "单"),
        "appeal_ok": ("申诉通过", written(2, 20), "单"), "orders": ("下单", written(1000, 90_000), "单"),
    })


@settings(max_examples=80)
@given(data=st.data())
def test_nps_figures_are_read_back(reader: Reader, data: st.DataObject) -> None:
    check(reader, data, "nps", "NPS是多少", {
        "promoters": ("打9到10分的", written(100, 400), "个"), "detractors": ("0到6分的", written(2, 90), "个"),
        "total": ("电话回访", written(500, 900), "人"),
    })


@settings(max_examples=80)
@given(data=st.data())
def test_labor_figures_are_read_back(reader: Reader, data: st.DataObject) -> None:
    hours = st.integers(1, 99).map(lambda n: (f"{Decimal(n) / 10}", n / 10))
    check(reader, data, "labor_fee", "工时费多少", {
        "std_hours": ("定额", hours, "工时"), "rate": ("单价", written(50, 900), "元/工时"),
        "complexity": ("复杂系数", st.integers(5, 30).map(lambda n: (f"{Decimal(n) / 10}", n / 10)), ""),
    })


@settings(max_examples=80)
@given(data=st.data())
def test_a_premium_of_money_ratio_and_bare_factors_is_read_back(reader: Reader, data: st.DataObject) -> None:
    factor = st.integers(40, 140).map(lambda n: (f"{Decimal(n) / 100}", n / 100))
    ratio = st.integers(50, 400).flatmap(lambda n: st.sampled_from(ratio_forms(n)).map(lambda form: (form, n / 1000)))
    check(reader, data, "commercial_premium", "商业险保费多少", {
        "pure_risk": ("基准纯风险保费", written(800, 9000), "元"), "expense_ratio": ("附加费用率", ratio, ""),
        "ncd": ("NCD系数", factor, ""), "violation": ("违法系数", factor, ""), "autonomous": ("自主定价系数", factor, ""),
    })


COUNTED = [
    one for one in registry().values()
    if one.fraction and not {one.field(name).spec.unit for name in one.fraction} & {"ratio", "factor", "分", ""}
]


def called(data: st.DataObject, names: tuple[str, ...]) -> str:
    """Any of the names people use; Latin ones would run into the figure, and 订单数十万 is some hundred thousand."""
    name = data.draw(st.sampled_from([name for name in names if not name[-1].isascii()]))
    return f"{name}是" if name.endswith("数") else name


@pytest.mark.parametrize("metric", COUNTED, ids=lambda one: one.id)
@settings(max_examples=25)
@given(data=st.data())
def test_part_and_whole_are_read_back_by_any_of_their_names(reader: Reader, metric: Metric, data: st.DataObject) -> None:
    part, whole = (metric.field(name).spec for name in metric.fraction or ())
    said = [
        (called(data, (part.label, *part.aliases)), data.draw(written(3, 900)), part.unit),
        (called(data, (whole.label, *whole.aliases)), data.draw(written(1000, 900_000)), whole.unit),
    ]
    noise = data.draw(st.lists(st.sampled_from([*NOISE, "双11那几天"]), min_size=2, max_size=2))
    ask = f"{(*metric.platforms, '')[0]}{metric.label}是多少"
    text = sentence(data.draw(st.permutations(said)), noise, data.draw(st.sampled_from(["，", "。", "；", "\n"])), ask)
    reading = best(reader.read(text, NOW))
    assert reading.metric.id == metric.id, text
    assert list(map(dict(reading.inputs).get, metric.fraction or ())) == [figure[1] for _, figure, _ in said], text


def test_most_rates_of_counts_and_amounts_are_read_back_so() -> None:
    assert len(COUNTED) >= 30


@settings(max_examples=80)
@given(data=st.data())
def test_a_target_is_read_back_in_any_notation(reader: Reader, data: st.DataObject) -> None:
    thousandths = data.draw(st.integers(1, 60))
    aim = data.draw(st.sampled_from(ratio_forms(thousandths)))
    (liable, many), (orders, all_) = data.draw(written(10, 90)), data.draw(written(1000, 9000))
    text = f"淘宝判责{liable}笔，成交{orders}笔，纠纷退款率要降到{aim}还差多少单成交"
    reading = best(reader.read(text, NOW))
    assert reading.metric.id == "dispute_refund_rate"
    assert dict(reading.inputs) == {"liable_refunds": many, "paid_suborders": all_}, text
    assert reading.goal is not None
    assert reading.goal.target == pytest.approx(thousandths / 1000), text
    assert reading.goal.field == "paid_suborders"


# what is meant


@pytest.mark.parametrize(
    ("question", "id"),
    [
        ("拼多多纠纷退款14单，成团3500单，纠纷退款率多少", "pdd_dispute_rate"),
        ("京东商责1单，双方责任2单，申诉通过0单，下单900单，纠纷率", "jd_dispute_rate"),
        ("淘宝判责7单，成交1200单，纠纷率", "dispute_refund_rate"),
        ("毛利90万，费用120万，ling服吸收率", "absorption_rate"),
        ("近30天申诉9件，派件300万件，申诉率百万分之几", "express_complaint_ppm"),
    ],
)
def test_the_platform_and_the_name_decide_which_metric_is_meant(reader: Reader, question: str, id: str) -> None:
    reading = best(reader.read(question, NOW))
    assert (reading.metric.id, reading.complete) == (id, True)


def test_a_metric_named_only_to_be_denied_is_not_read(reader: Reader) -> None:
    reading = best(reader.read("淘宝退款139笔，子订单2780笔，退款率，不是纠纷退款率", NOW))
    assert reading.metric.id == "refund_rate"


def test_two_metrics_asked_for_are_both_read(reader: Reader) -> None:
    understood = reader.read("上月台次1050，维修产值126万，其中定保588台次，要单车产值和定保台次占比", NOW)
    assert {reading.metric.id for reading in understood.readings} == {"revenue_per_visit", "maintenance_share"}
    assert all(reading.complete for reading in understood.readings)


def test_what_is_missing_is_listed(reader: Reader) -> None:
    reading = best(reader.read("一次修好率，今年返修了47单", NOW))
    assert dict(reading.inputs) == {"rework": 47}
    assert [field.name for field in reading.missing] == ["total"]
    assert not reading.complete


def test_a_window_is_no_input(reader: Reader) -> None:
    reading = best(reader.read("近30天判责7笔，纠纷退款率", NOW))
    assert dict(reading.inputs) == {"liable_refunds": 7}


def test_nothing_known_reads_as_nothing(reader: Reader) -> None:
    understood = reader.read("今天中午吃什么", NOW)
    assert understood.readings == ()
    assert (understood.platform, understood.dated, understood.day) == (None, False, NOW)


def test_the_day_spoken_of_is_the_day_of_the_rules(reader: Reader) -> None:
    understood = reader.read("2018年6月天猫报活动还看排名吗", NOW)
    assert (understood.day, understood.dated, understood.platform) == (date(2018, 6, 30), True, "天猫")
    assert understood.day_words == "2018年6月"


def test_a_day_is_an_input_where_a_day_is_asked_for(reader: Reader) -> None:
    reading = best(reader.read("2026年10月28日签收，七天无理由最后一天是几号", NOW))
    assert (reading.metric.id, dict(reading.inputs)) == ("no_reason_return_deadline", {"sign_date": date(2026, 10, 28)})


def test_days_are_counted_as_hours_where_hours_are_asked_for(reader: Reader) -> None:
    reading = best(reader.read("3笔退款从申请到完结分别用了2天、12小时、36小时，平均退款完结时长多少", NOW))
    assert dict(reading.inputs) == {"durations_hours": (48, 12, 36)}


def test_choices_are_read_from_words_and_measures(reader: Reader, library: Library) -> None:
    reading = best(reader.read("湖北家用五座轿车，去年出了两次有责事故，没有死亡，交强险保费多少", NOW))
    assert reading.metric.id == "compulsory_premium"
    assert reading.inputs["record"] == "A5"
    assert reading.inputs["vehicle"] == "家用6座以下"
    assert "湖北" in library.numbers(NOW)("compulsory_region")[str(reading.inputs["region"])]


def test_a_question_about_the_formula_advice_or_a_sum_is_known_as_such(reader: Reader) -> None:
    assert reader.read("纠纷退款率怎么算", NOW).wants_formula
    assert reader.read("帮我算一下纠纷退款率", NOW).asks_to_compute
    assert reader.read("纠纷退款率太高怎么办", NOW).wants_advice
    plain = reader.read("纠纷退款率", NOW)
    assert [plain.wants_formula, plain.asks_to_compute, plain.wants_advice] == [False, False, False]


def test_a_goal_says_what_may_change_and_whether_it_is_a_limit(reader: Reader) -> None:
    most = best(reader.read("淘宝30天成交9000单，纠纷退款率不超过千分之一，最多还能出几单纠纷", NOW)).goal
    assert most is not None
    assert (most.field, most.at_most, most.target) == ("liable_refunds", True, pytest.approx(0.001))
    need = best(reader.read("全店月费用260万，售后毛利182万，要做到零服吸收率100%，毛利还差多少", NOW)).goal
    assert need is not None
    assert (need.field, need.target, need.relative) == ("service_gross_profit", 1, True)


def test_a_value_stated_for_the_metric_itself_is_no_input(reader: Reader) -> None:
    reading = best(reader.read("一次修好率88%算什么水平", NOW))
    assert (reading.metric.id, dict(reading.inputs), reading.stated) == ("first_time_fix_rate", {}, 0.88)


# what the turns before leave standing


@settings(max_examples=150)
@given(st.text(alphabet="纠纷退款率成交判责单笔万千百零点%0123456789.,-降到还差多少再如果呢，。 毛利费用工时nps\n", max_size=80))
def test_any_words_are_read_without_an_error(reader: Reader, text: str) -> None:
    understood = reader.read(text, NOW)
    assert all(set(reading.inputs) <= {field.name for field in reading.metric.fields} for reading in understood.readings)
    assert all(reading.score <= understood.readings[0].score for reading in understood.readings)


@pytest.mark.parametrize(("typed", "spelt"), [
    ("hunan 5zuo jiayong", "湖南 5座 家用"), ("lianxu 2nian meiyou youze shigu", "连续 2年 没有有责事故"), ("1xing 18tiao", "1星 18条"),
    ("shanxi 5zuo", "shanxi 5座"), ("zhejiang 7zuo shangnian mei chuxian", "浙江 7座 上年没出险"),
])
def test_words_and_units_typed_in_pinyin_are_spelt_out(library: Library, reader: Reader, typed: str, spelt: str) -> None:
    assert reader.glossary.spelt(fold(typed)) == spelt
