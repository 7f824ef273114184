"""Several cases or several metrics of one message: each keeps its own figures."""

from typing import Any

import pytest

from assistant.reading import Reader
from tests.readings import NOW


def told(reader: Reader, question: str) -> dict[str, dict[str, Any]]:
    return {one.where or one.metric.id: dict(one.inputs) for one in reader.read(question, NOW).readings if one.complete}


def test_two_cars_keep_their_own_figures_and_share_the_rate(reader: Reader) -> None:
    found = told(reader, "两台库存车 一台进价15万压了100天 一台22万压了40天 年利率都是5.5% 资金成本各多少")
    assert found == {
        "第一台": {"cost": 150_000, "days": 100, "annual_rate": 0.055}, "第二台": {"cost": 220_000, "days": 40, "annual_rate": 0.055},
    }


@pytest.mark.parametrize(("question", "costs"), [
    ("两台车，一台进价18万库龄60天，另一台进价30万库龄90天，年利率都是6%，资金成本分别多少", [180_000, 300_000]),
    ("三台库存车，第一台进价20万压了30天，第二台15万压了60天，第三台30万压了90天，年利率6%，资金成本各多少", [200_000, 150_000, 300_000]),
])
def test_what_stands_behind_the_last_case_alone_holds_for_all(reader: Reader, question: str, costs: list[float]) -> None:
    assert [one["cost"] for one in told(reader, question).values()] == costs


@pytest.mark.parametrize(("question", "found"), [
    ("两个件 大灯进价900卖1260 雨刮进价60卖87 加价率各多少", {"大灯": {"cost": 900, "price": 1260}, "雨刮": {"cost": 60, "price": 87}}),
    ("两个配件，机滤进价20卖30，火花塞进价50卖80，加价率分别多少", {"机滤": {"cost": 20, "price": 30}, "火花塞": {"cost": 50, "price": 80}}),
])
def test_two_parts_are_called_by_their_names(reader: Reader, question: str, found: dict[str, Any]) -> None:
    assert told(reader, question) == found


def test_two_cars_told_by_words_are_two_cases(reader: Reader) -> None:
    found = told(reader, "我两台车 陕西家用5座上年没责任事故 新疆营业货车8吨连续三年没有 交强险各多少")
    assert [(one["region"], one["record"]) for one in found.values()] == [("B", "A1"), ("C", "A3")]


@pytest.mark.parametrize("question", [
    "两个件，大灯进价900卖1260，雨刮卖87，加价率各多少", "两台库存车 一台15万 一台22万压了40天 年利率都是5.5% 资金成本各多少",
])
def test_a_case_that_lacks_a_figure_is_asked_for(reader: Reader, question: str) -> None:
    assert not told(reader, question)


@pytest.mark.parametrize(("question", "values"), [
    ("三包期内修了两次 第一次50小时 第二次75小时 按规定各算几天 加起来几天",
     {"第一次": (50,), "第二次": (75,), "合计": (50, 75)}),
    ("三包期内修了三次，分别50小时、30小时、75小时，三包修理天数各几天", {"第一项": (50,), "第二项": (30,), "第三项": (75,)}),
])
def test_items_asked_for_one_by_one(reader: Reader, question: str, values: dict[str, Any]) -> None:
    assert {where: one["hours"] for where, one in told(reader, question).items()} == values


def test_a_list_given_one_by_one_is_still_averaged(reader: Reader) -> None:
    found = told(reader, "四笔退款分别用了6小时、18小时、一个半小时、22.5小时，平均退款完结时长？")
    assert [tuple(one.values()) for one in found.values()] == [((6, 18, 1.5, 22.5),)]


@pytest.mark.parametrize(("question", "metrics"), [
    ("拼多多成团1.5万 纠纷退款21单 品质退款48单 两个率都给我", {"pdd_dispute_rate", "pdd_quality_rate"}),
    ("10个工位一天开10小时 占用72工位小时 日均35台次 工位利用率 周转率", {"bay_utilization", "bay_turnover"}),
    ("签收6500件标准内6110 发货5000及时揽收4500 时效达成率和及时揽收率都算", {"express_on_time_rate", "express_pickup_rate"}),
    ("网点这月罚款1.26万,派费收入21万,派件14万票。罚款占派费多少,平均一票罚多少钱", {"express_fine_share", "express_fine_per_piece"}),
    ("理赔材料11月10号交齐 最晚哪天核定 要是60天还定不了先付那部分最晚哪天", {"claim_assessment_deadline", "claim_advance_deadline"}),
])
def test_both_metrics_of_a_message_are_told(reader: Reader, question: str, metrics: set[str]) -> None:
    assert set(told(reader, question)) == metrics


def test_the_couriers_are_no_volume(reader: Reader) -> None:
    found = told(reader, "申诉15件 其中有效申诉3件 业务量60万 网点有9个快递员 申诉率跟有效申诉率 百万分之几")
    assert found == {
        "express_complaint_ppm": {"complaints": 15, "volume": 600_000},
        "express_valid_complaint_ppm": {"valid_complaints": 3, "volume": 600_000},
    }


def test_hours_are_no_bays(reader: Reader) -> None:
    found = told(reader, "8个工位营业10小时，占用60工位小时，日均24台次，工位利用率和工位周转率")
    assert found["bay_turnover"] == {"bays": 8, "daily_ro": 24}


@pytest.mark.parametrize("weights", ["3比2比1", "3:2:1"])
def test_what_is_weighed_is_not_asked_for_besides(reader: Reader, weights: str) -> None:
    found = told(reader, f"2018年3月售后综合得分,按{weights}(纠纷退款率:时长:自主完结率)加权,三项得分分别80、92、70,加权完几分")
    assert found == {"composite_score_old": {"s_dispute": 80, "s_duration": 92, "s_selfclose": 70}}


@pytest.mark.parametrize("weights", ["2比1比1", "1:2:3"])
def test_other_weights_than_the_rules_give_no_value_of_the_rule(reader: Reader, weights: str) -> None:
    assert "composite_score_old" not in told(reader, f"2018年3月售后综合得分,按{weights}加权,三项得分分别80、92、70,加权完几分")
