"""Figures are read exactly in every notation people type, and nothing else is taken for a figure."""

from decimal import Decimal
from itertools import pairwise

import cn2an
import pytest
from hypothesis import given, settings, strategies as st

from assistant.figures import Figure, figures, fold
from assistant.numerals import numeral

NAMES = (
    *("4S店", "4S", "三包", "三者险", "双11", "双十一", "一次修好率", "第一次"),
    *("七日无理由", "七天无理由", "7天无理由"),
)


def said(sentence: str) -> list[str]:
    """The figures in short: '40 单', '0.02 ratio', and the kind where the unit does not tell it."""
    told = []
    for f in figures(fold(sentence), NAMES):
        kind = f.kind if f.kind in ("range", "approx", "window") else ""
        told.append(" ".join(filter(None, (f"{f.value:.10g}", f.unit + (f"/{f.per}" if f.per else ""), kind))))
    return told


EXAMPLES: list[tuple[str, list[str]]] = [
    # multipliers and numerals
    ("成交1.2万", ["12000"]),
    ("成交一万二", ["12000"]),
    ("成交1万2", ["12000"]),
    ("成交1万2千单", ["12000 单"]),
    ("毛利12k", ["12000"]),
    ("毛利3w", ["30000"]),
    ("毛利90wan 费用120wan", ["900000", "1200000"]),
    ("拼多多 3.6万单成团", ["36000 单"]),
    ("一千二百单", ["1200 单"]),
    ("成交三千六", ["3600"]),
    ("成交1,200单", ["1200 单"]),
    ("成交１，２００单", ["1200 单"]),
    ("成交12 000单", ["12000 单"]),
    ("产值1,260,000元", ["1260000 元"]),
    ("产值1260000，毛利74.4万", ["1260000", "744000"]),
    ("二十单纠纷，640单成交", ["20 单", "640 单"]),
    ("成交一百二", ["120"]),
    ("成交一百二十单", ["120 单"]),
    ("成交壹佰单", ["100 单"]),
    ("廿三单，卅单", ["23 单", "30 单"]),
    ("商责十一，双方责任四", ["11", "4"]),
    ("营收一亿二", ["120000000"]),
    ("营收3个亿", ["300000000"]),
    ("成交二千零五十笔", ["2050 笔"]),
    ("成交八五零单", ["850 单"]),
    ("負3分", ["-3 分"]),
    ("净推荐值-3", ["-3"]),
    ("總額1點2萬元", ["12000 元"]),
    ("3k2", ["3200"]),
    # money
    ("赔1200块", ["1200 元"]),
    ("16.8万元的车", ["168000 元"]),
    ("¥1,200 和 ￥3.5", ["1200 元", "3.5 元"]),
    ("3块5一件", ["3.5 元", "1 件"]),
    ("每件5毛，运费8角", ["0.5 元", "0.8 元"]),
    ("单价280元/工时，280每小时", ["280 元/工时", "280 /小时"]),
    ("三块五一单，十块零五毛", ["3.5 元", "1 单", "10.5 元"]),
    ("提到10次/年", ["10 次/年"]),
    ("罚3w元", ["30000 元"]),
    ("80毛利", ["80"]),
    # ratios
    ("附加费用率25%", ["0.25 ratio"]),
    ("目标２％", ["0.02 ratio"]),
    ("目标百分之二", ["0.02 ratio"]),
    ("目标百分之2", ["0.02 ratio"]),
    ("目标百分之二点五", ["0.025 ratio"]),
    ("目标千分之三", ["0.003 ratio"]),
    ("目标万分之五", ["0.0005 ratio"]),
    ("目标3‰", ["0.003 ratio"]),
    ("赔3成，三成半", ["0.3 ratio", "0.35 ratio"]),
    ("一成五，百分之百", ["0.15 ratio", "1 ratio"]),
    ("降了0.35个百分点，也就是2个点", ["0.0035 ratio", "0.02 ratio"]),
    ("申诉率百万分之1.5", ["1.5 ppm"]),
    ("三分之一", ["0.3333333333 ratio"]),
    ("640单成交", ["640 单"]),
    ("3成交", ["3"]),
    ("百分之二到三", ["0.02 ratio range", "0.03 ratio range"]),
    ("降到几个点", []),
    ("百分之多少", []),
    # lengths of time
    ("用了两个半小时", ["2.5 小时"]),
    ("用了90分钟", ["1.5 小时"]),
    ("用了1小时30分钟", ["1.5 小时"]),
    ("修了3天", ["3 天"]),
    ("车龄半年", ["0.5 年"]),
    ("车龄一年半", ["1.5 年"]),
    ("合同还有一个半月", ["1.5 月"]),
    ("等了3个工作日", ["3 工作日"]),
    ("3-5天", ["3 天 range", "5 天 range"]),
    ("3天-5天", ["3 天 range", "5 天 range"]),
    ("3到5万元", ["30000 元 range", "50000 元 range"]),
    ("500到1万元", ["500 元 range", "10000 元 range"]),
    ("连着三年没出过责任事故", ["3 年"]),
    ("两年多", ["2 年 approx"]),
    # periods
    ("近30天成功退款139笔", ["30 天 window", "139 笔"]),
    ("最近30天", ["30 天 window"]),
    ("成团（30天）", ["30 天 window"]),
    ("30天内", ["30 天 window"]),
    ("我30天成交9000单", ["30 天 window", "9000 单"]),
    ("淘宝30天3000单", ["30 天 window", "3000 单"]),
    ("近一个月", ["1 月 window"]),
    ("后面6个月里回来的688户", ["6 月 window", "688 户"]),
    ("48小时内揽收3,112单", ["48 小时 window", "3112 单"]),
    ("三天前签收", ["3 天 window"]),
    # measures
    ("五座轿车，7座家用", ["5 座", "7 座"]),
    ("125排量摩托，125cc", ["125 cc", "125 cc"]),
    ("1.6L，1.6升，1.6T", ["1.6 升", "1.6 升", "1.6 升"]),
    ("3吨货车，2t", ["3 吨", "2 吨"]),
    ("跑了9,500公里", ["9500 公里"]),
    ("跑了1.2万公里，3千米", ["12000 公里", "3 公里"]),
    ("产值一百二十万 台次一千零五十", ["1200000", "1050"]),
    ("12个工位，81工位小时，1.5工时", ["12 工位", "81 工位小时", "1.5 工时"]),
    ("综合4.2分", ["4.2 分"]),
    ("打9到10分的236个,7、8分", ["9 分 range", "10 分 range", "236 个", "7 分", "8 分"]),
    ("从1.0降到0.8", ["1", "0.8"]),
    ("从60单到80单", ["60 单", "80 单"]),
    ("NCD0.5，CSI86", ["0.5", "86"]),
    ("0.7、0.7、0.6", ["0.7", "0.7", "0.6"]),
    ("台次640，单车产值", ["640"]),
    # inexact
    ("十来个", []),
    ("几十单", []),
    ("五六百单", []),
    ("两百多单", ["200 单 approx"]),
    ("100+单", ["100 单 approx"]),
    ("1200多少钱", ["1200"]),
    # no figures at all
    ("2024年2月19日，2024-02-19，2.19号，11月20号，10月，去年", []),
    ("8:30到9点半", []),
    ("电话13812345678，400-820-8820", []),
    ("京A12345", []),
    ("店铺ID 10086521，订单号 20240219123456789，发票尾号4412，单号SF1234567890", []),
    ("VIN LSVAM4187C2184847", []),
    ("192.168.1.10 https://a.cn/b?c=12 v2.1.3", []),
    ("打12315投诉", []),
    ("成交12345，纠纷7", ["12345", "7"]),
    ("假一赔十，张三，加v：abc123", []),
    ("今年1-10月产值800万", ["8000000"]),
    ("第16条，令43号，第一次，第3年", []),
    ("iPhone15，Model 3，A4，5G，DSR，Q3", []),
    ("1. 判责7笔\n2、成交1200单\n③其他", ["7 笔", "1200 单"]),
    ("请看：1、判责7笔；2、成交1200单", ["7 笔", "1200 单"]),
    ("4S店三包，双11，七日无理由，一次修好率", []),
    ("小二一下子一直统一零件十分满意，一次性二次销售", []),
    ("周五、上半年、四季度、618、国庆", []),
    ("三块组成", []),
    ("1200单20240219", ["1200 单"]),
    ("成交20240219单", ["20240219 单"]),
]


@pytest.mark.parametrize(("sentence", "expected"), EXAMPLES)
def test_examples(sentence: str, expected: list[str]) -> None:
    """Each notation by hand."""
    assert said(sentence) == expected


def test_place() -> None:
    """A figure knows where it stands in the folded text."""
    text = fold("判責７筆，成交1.2萬單")
    assert [text[f.start : f.end] for f in figures(text)] == ["7笔", "1.2万单"] == [f.raw for f in figures(text)]


def test_fold() -> None:
    """Full width, traditional characters, capitals and invisible characters become one spelling; numbering stays."""
    assert fold("ＡＢ１２％　糾紛\u200b退\x00款 ①≤≥‰") == "ab12% 纠纷退款 ①≤≥‰"


@given(st.integers(0, 10**12))
def test_chinese_numerals(value: int) -> None:
    """Written out by another library, read back by ours."""
    assert numeral(cn2an.an2cn(value)) == value
    assert numeral(cn2an.an2cn(value, "up")) == value


@given(st.integers(0, 99999), st.integers(1, 999))
def test_chinese_decimals(whole: int, places: int) -> None:
    """三点零五."""
    value = Decimal(f"{whole}.{places:03d}")
    assert numeral(cn2an.an2cn(str(value))) == value


def colloquial(value: int) -> str:
    """一千二, 三万六 where people would say so, else the full numeral."""
    text = cn2an.an2cn(value)
    for last, next_place in (("百", "十"), ("千", "百"), ("万", "千")):
        if text.endswith(next_place) and len(text) > 2 and text[-3] == last:
            return str(text[:-1])
    return str(text)


def wide(text: str) -> str:
    """Full-width digits and comma."""
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,.%"})


counts = st.integers(1, 5_000_000).flatmap(
    lambda n: st.sampled_from(
        [str(n), f"{n:,}", wide(str(n)), wide(f"{n:,}"), colloquial(n), cn2an.an2cn(n), f"{Decimal(n) / 10000}万",
         f"{Decimal(n) / 10000}w"]
    ).map(lambda written: (written, float(n)))
)  # fmt: skip
units = st.sampled_from(
    [
        *((word, word) for word in ("单", "笔", "件", "台次", "户", "元", "公里", "")),
        ("块钱", "元"),
    ]
)
ratios = st.integers(1, 999).flatmap(
    lambda n: st.sampled_from(
        [(f"{Decimal(n) / 10}%", n / 1000), (wide(f"{Decimal(n) / 10}%"), n / 1000), (f"{n}‰", n / 1000),
         (f"百分之{cn2an.an2cn(str(Decimal(n) / 10))}", n / 1000), (f"百分之{Decimal(n) / 10}", n / 1000),
         (f"千分之{cn2an.an2cn(n)}", n / 1000), (f"万分之{n}", n / 10000), (f"{Decimal(n) / 10}个百分点", n / 1000),
         (f"{cn2an.an2cn(n % 9 + 1)}成", (n % 9 + 1) / 10)]
    )
)  # fmt: skip
told = st.one_of(
    st.tuples(counts, units).map(lambda pair: (pair[0][0] + pair[1][0], pair[0][1], pair[1][1])),
    ratios.map(lambda pair: (pair[0], pair[1], "ratio")),
)
noise = st.sampled_from(
    [
        *("2024年2月19日", "2024-02-19", "11月20号", "10月", "上周五", "去年双11", "早上8:30"),
        *("电话13812345678", "车牌京A12345", "店铺ID 10086521", "尾号4412", "单号SF1234567890123", "打12315"),
        *("4S店", "第16条", "iPhone15", "七日无理由", "小二介入", "一下"),
    ]
)
words = st.sampled_from(["成交", "判责", "目标是", "产值", "其中", "毛利", "一共"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(words, told, st.sampled_from("，。；、 "), noise), min_size=1, max_size=5))
def test_any_notation_between_distractors(parts: list[tuple[str, tuple[str, float, str], str, str]]) -> None:
    """Whatever is typed in whatever notation and order is read back exactly, and nothing else."""
    sentence = "".join(f"{word}{written}{stop}{other}，" for word, (written, _, _), stop, other in parts)
    read: list[Figure] = figures(fold(sentence), NAMES)
    assert [(figure.value, figure.unit) for figure in read] == [(value, unit) for _, (_, value, unit), _, _ in parts]


@given(st.text(alphabet="一二十百千万亿点零半两0123456789.,-+%年月日天个成分之元单 wk几多到、(近第", max_size=60))
def test_never_fails(text: str) -> None:
    """Nonsense is read without an error, and figures stand in order without overlapping."""
    read = figures(fold(text), NAMES)
    assert all(first.end <= second.start for first, second in pairwise(read))


@pytest.mark.parametrize("seed",
    [
        *("1", "一", "1 234", "1,234", "一万", "a1", "1.", "a", "第", "半", "3天-", "１", "1、", "号:", "\n"),
        *("-", "1 ", "上上个", "单号1", "二〇", "2024", "2024年", "1@", "a-"),
    ],
)
def test_long_text_of_anything_is_read_in_order(seed: str) -> None:
    """Twenty thousand characters of anything: figures follow each other in the text."""
    read = figures(fold(seed * (20_000 // len(seed))), NAMES)
    assert all(first.end <= second.start for first, second in pairwise(read))


@pytest.mark.parametrize(
    ("text", "value"),
    [("全店费用230万一个月", 2.3e6), ("工资三万一个月", 30000), ("罚款1.2万一年", 12000), ("一千一件", 1000), ("1万一", 11000),
     ("一万一千台", 11000)],
)
def test_one_of_a_measure_is_no_end_of_the_amount_before(text: str, value: float) -> None:
    assert figures(text)[0].value == value


def test_units_are_read_in_pinyin() -> None:
    assert [(one.value, one.unit) for one in figures("daoqi 200tai, xu le 150 tai, 3tian, 12wan piao")] == [
        (200, "台"), (150, "台"), (3, "天"), (120000, "票"),
    ]
