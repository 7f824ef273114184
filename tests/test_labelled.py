"""Cases told apart by a name keep their own figures; where one cannot be read whole it is asked for, never filled from another."""

import pytest

from assistant.reading import Reader
from assistant.understanding import Reading
from tests.readings import NOW


def cases(reader: Reader, question: str) -> list[Reading]:
    return list(reader.read(question, NOW).readings)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "两个淘宝店，A店30天退款成功210笔/子订单3500；B店264笔/子订单5500，退款率各多少，哪个更高？",
            {"A店": {"refunded": 210, "suborders": 3500}, "B店": {"refunded": 264, "suborders": 5500}},
        ),
        (
            "开区域会用:东区店总台次1,250其中定保675,西区店总台次960其中定保576,两家定保台次占比各是多少,哪家高",
            {"东区店": {"total_ro": 1250, "maint_ro": 675}, "西区店": {"total_ro": 960, "maint_ro": 576}},
        ),
        (
            "甲店成交4000单判责6单，乙店5000单4单，纠纷退款率哪个高",
            {"甲店": {"paid_suborders": 4000, "liable_refunds": 6}, "乙店": {"paid_suborders": 5000, "liable_refunds": 4}},
        ),
        (
            "万达网点签收9000件时效内8100，银泰网点签收7000件时效内6600，时效达成率分别多少",
            {"万达网点": {"signed": 9000, "signed_in_std": 8100}, "银泰网点": {"signed": 7000, "signed_in_std": 6600}},
        ),
        (
            "小王任务100台做了80台，小李任务120台做了90台，完成率各多少，谁高",
            {"小王": {"target": 100, "actual": 80}, "小李": {"target": 120, "actual": 90}},
        ),
        (
            "A店退款210笔B店退款264笔，A店订单3500，B店订单5500，拼多多退款率各多少",
            {"A店": {"refunded": 210, "grouped_orders": 3500}, "B店": {"refunded": 264, "grouped_orders": 5500}},
        ),
        (
            "城东店和城西店：成交3000和5000，判责6和12，纠纷退款率各多少",
            {"城东店": {"paid_suborders": 3000, "liable_refunds": 6}, "城西店": {"paid_suborders": 5000, "liable_refunds": 12}},
        ),
        (
            "今年年底活跃客户2000新增500年初1800，去年年底1800新增400年初1700，留存率各多少",
            {
                "今年": {"end_active": 2000, "new_customers": 500, "start_active": 1800},
                "去年": {"end_active": 1800, "new_customers": 400, "start_active": 1700},
            },
        ),
    ],
)
def test_each_named_case_is_read_with_its_own_figures(reader: Reader, question: str, told: dict[str, dict[str, float]]) -> None:
    assert {one.where: dict(one.inputs) for one in cases(reader, question)} == told


@pytest.mark.parametrize(
    "question",
    [
        "A店210笔、3500笔；B店264笔、5500笔，退款率各多少",
        "东店退款成功210笔，子订单3500；西店子订单5500，另有38单在处理，退款率各多少",
    ],
)
def test_figures_of_two_shops_are_never_one_case(reader: Reader, question: str) -> None:
    for one in cases(reader, question):
        assert one.missing or one.where, "what is lacking is asked for"
        assert len(set(one.inputs.values()) & {210.0, 3500.0}) * len(set(one.inputs.values()) & {264.0, 5500.0}) == 0


@pytest.mark.parametrize("question", ["到店1250台次，全店费用320万，售后毛利256万，吸收率多少", "网店30天成交4000单，判责6单，纠纷退款率多少"])
def test_words_that_only_end_like_a_shop_name_none(reader: Reader, question: str) -> None:
    assert [one.where for one in cases(reader, question)] == [""]


def test_the_shop_that_lacks_a_figure_is_the_one_asked_about(reader: Reader) -> None:
    (one,) = cases(reader, "东区店总台次1,250其中定保675,西区店总台次960,两家定保台次占比各是多少")
    assert (one.where, dict(one.inputs), [field.name for field in one.missing]) == ("西区店", {}, ["maint_ro", "total_ro"])
