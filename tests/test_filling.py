"""Figures of one message: lists that are counted first, parts that are the whole, words that name another metric's input."""

from typing import Any

import pytest

from assistant.reading import Reader
from tests.readings import NOW, best, history


def read(reader: Reader, question: str) -> tuple[str, dict[str, Any]]:
    reading = best(reader.read(question, NOW))
    return reading.metric.id, dict(reading.inputs)


@pytest.mark.parametrize(
    "question",
    [
        "以前那套售后综合指标按3:2:1粗算下：纠纷退款率得分80，完结时长得分70，自主完结率得分95，综合多少分",
        "老的售后综合3:2:1,纠纷得分80、时长得分70、自主完结得分95,综合得分多少",
        "按3:2:1那个老说法，纠纷退款率得80分、完结时长70分、自主完结率95分，售后综合得多少分",
    ],
)
def test_a_proportion_weighs_and_the_scores_stay_with_their_names(reader: Reader, question: str) -> None:
    assert read(reader, question) == ("composite_score_old", {"s_dispute": 80, "s_duration": 70, "s_selfclose": 95})


@pytest.mark.parametrize(
    "question",
    [
        "回访结果:推荐者156,中立84,贬损60,没打通的40不算,nps多少分",
        "NPS调研:推荐者156人,被动者84人,贬损者60人,拒访的20人不计,净推荐值多少",
        "打9-10分的156人,7-8分的84人,0-6分的60人,NPS多少",
    ],
)
def test_parts_that_leave_nothing_over_are_the_whole(reader: Reader, question: str) -> None:
    assert read(reader, question) == ("nps", {"promoters": 156, "passives": 84, "detractors": 60, "total": 300})


def test_without_the_third_part_the_whole_is_asked(reader: Reader) -> None:
    assert [one.name for one in best(reader.read("推荐的200,贬损120,nps", NOW)).missing] == ["total"]


@pytest.mark.parametrize(
    ("question", "claimed", "clean"),
    [
        ("报一次险后面五年NCD是0.7/0.7/0.7/0.6/0.5,不报都是0.5,基准保费×自主系数是4500,总共多付多少", (0.7, 0.7, 0.7, 0.6, 0.5), (0.5,) * 5),
        (
            "头一年就出一次险,后五年NCD是1.0、0.8、0.7、0.6、0.5;不出的话0.8、0.7、0.6、0.5、0.5。基准保费乘自主系数4500,走保险一共多交多少",
            (1.0, 0.8, 0.7, 0.6, 0.5), (0.8, 0.7, 0.6, 0.5, 0.5),
        ),
        ("不报的话五年都是0.5,报了是0.7 0.7 0.7 0.6 0.5,基准保费乘自主系数4500,总共多交多少", (0.7, 0.7, 0.7, 0.6, 0.5), (0.5,) * 5),
        (
            "没出险五年0.6/0.5/0.5/0.5/0.5,出一次险0.8/0.8/0.8/0.6/0.5,基准乘自主4500,往后多交多少",
            (0.8, 0.8, 0.8, 0.6, 0.5), (0.6, 0.5, 0.5, 0.5, 0.5),
        ),
    ],
)
def test_each_list_of_factors_goes_with_its_path(
    reader: Reader, question: str, claimed: tuple[float, ...], clean: tuple[float, ...]
) -> None:
    metric, inputs = read(reader, question)
    assert metric == "claim_cost_over_years"
    assert (inputs["ncd_with"], inputs["ncd_without"], inputs["base_x_autonomous"]) == (claimed, clean, 4500)


@pytest.mark.parametrize(
    ("question", "scores", "weights"),
    [
        (
            "CSI五个维度:接待90、设施85、过程80、质量88、交付92,权重25%、15%、20%、25%、15%,总分几分",
            (90, 85, 80, 88, 92), (0.25, 0.15, 0.2, 0.25, 0.15),
        ),
        ("CSI四项得分85、90、88、92，权重30%、20%、25%、25%，满意度总分多少", (85, 90, 88, 92), (0.3, 0.2, 0.25, 0.25)),
        ("满意度三个方面80、90、70分,占比50%、30%、20%,客户满意度得多少", (80, 90, 70), (0.5, 0.3, 0.2)),
    ],
)
def test_the_number_of_a_list_is_none_of_it(
    reader: Reader, question: str, scores: tuple[float, ...], weights: tuple[float, ...]
) -> None:
    assert read(reader, question) == ("csi", {"scores": scores, "weights": weights})


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("工时费858，再换两个150块的配件,这次修车总价多少", (300,)),
        ("工时费400，换4条480一条的轮胎，维修总价多少", (1920,)),
        ("工时费300,三个80元的滤芯,两只35块的垫片,维修总价", (240, 70)),
        ("换三条轮胎每条480,工时费200,维修总价", (1440,)),
        ("换2根雨刮一根60,人工20,修车总价多少", (120,)),
        ("两个150块的配件加上三个20块的卡扣,工时费300,总共多少", (300, 60)),
        ("工时费300,换了3个配件100、200、300,维修总价", (100, 200, 300)),
    ],
)
def test_a_number_of_things_at_a_price_each_is_one_amount(reader: Reader, question: str, parts: tuple[float, ...]) -> None:
    assert read(reader, question)[1]["part_prices"] == parts


@pytest.mark.parametrize(
    ("question", "metric", "named"),
    [
        ("我要赔公司2万，每个月能从我工资扣多少？本地最低工资2280", "wage_deduction_cap", {"min_wage": 2280}),
        ("派费收入17.5万，派了14万件，一件摊多少", "express_fine_per_piece", {"volume": 140000}),
        ("刮了个门修车报价1400，基准×自主系数2600，走保险划算吗", "claim_net_gain", {"repair_cost": 1400}),
    ],
)
def test_what_a_word_of_another_metric_names_is_not_given_by_its_unit(
    reader: Reader, question: str, metric: str, named: dict[str, float]
) -> None:
    reading = best(reader.read(question, NOW))
    assert (reading.metric.id, dict(reading.inputs)) == (metric, named)


def test_further_parts_come_to_those_before(reader: Reader) -> None:
    before = history(reader.read("工时费300,配件200元,维修总价", NOW))
    assert best(reader.read("再换两个150块的配件,总价多少", NOW, before)).inputs["part_prices"] == (200, 300)


@pytest.mark.parametrize(
    ("question", "whole", "field"),
    [
        ("淘宝30天7,400单,纠纷退款率想控在千分之1.5以内,最多还能容几单(总数)", {"paid_suborders": 7400}, "liable_refunds"),
        ("丢件率要压到万分之一以内，这个月25万票，最多能丢几件", {"volume": 250000}, "bad"),
        ("拼多多成团9000单，纠纷退款率不超过0.1%，最多允许几单", {"grouped_orders": 9000}, "liable_refunds"),
    ],
)
def test_of_what_is_bad_at_most_asks_for_the_part(reader: Reader, question: str, whole: dict[str, float], field: str) -> None:
    reading = best(reader.read(question, NOW))
    assert (dict(reading.inputs), reading.goal and reading.goal.field) == (whole, field)


@pytest.mark.parametrize(
    ("question", "metric", "missing"),
    [
        ("我网点这个月罚了1.2万,占派费百分之多少", "express_fine_share", "delivery_income"),
        ("油漆辅料花了5.4万,占钣喷收入多少", "paint_material_ratio", "paint_revenue"),
        ("呆滞件18万，占库存多少", "dead_stock_share", "inv_value"),
        ("零服吸收率,全店费用230万一个月", "absorption_rate", "service_gross_profit"),
    ],
)
def test_what_is_missing_is_missing_of_the_metric_asked_for(reader: Reader, question: str, metric: str, missing: str) -> None:
    reading = best(reader.read(question, NOW))
    assert (reading.metric.id, [one.name for one in reading.missing]) == (metric, [missing])


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "罚款1.8万,派费15万,12万票,要是罚款能砍半到9千,占派费多少、每票合多少元",
            {"express_fine_share": {"fines": 9000, "delivery_income": 150000}, "express_fine_per_piece": {"fines": 9000, "volume": 120000}},
        ),
        (
            "月任务120万,做了66万,要是只剩12天了,每天得干多少,现在完成率几成",
            {
                "kpi_daily_needed": {"target": 1200000, "actual": 660000, "days_left": 12},
                "kpi_achievement": {"target": 1200000, "actual": 660000},
            },
        ),
        (
            "罚款占派费几个点、每件摊多少:罚款6000 派费5万 派4万件",
            {"express_fine_share": {"fines": 6000, "delivery_income": 50000}, "express_fine_per_piece": {"fines": 6000, "volume": 40000}},
        ),
        (
            "派费收入17.5万，派了14万件，罚款2.1万，占几个点，一件摊多少",
            {"express_fine_share": {"fines": 21000, "delivery_income": 175000}, "express_fine_per_piece": {"fines": 21000, "volume": 140000}},
        ),
    ],
)
def test_two_metrics_asked_for_are_both_read(reader: Reader, question: str, told: dict[str, dict[str, float]]) -> None:
    assert {one.metric.id: dict(one.inputs) for one in reader.read(question, NOW).readings} == told


@pytest.mark.parametrize(
    "question",
    ["拼多多后台退款率都快100了,慌得一批,它还会显示一百二吗", "拼多多退款率已经快到100了,会不会显示成120", "拼多多退款率显示98,是不是快封顶了"],
)
def test_a_rate_as_it_is_shown_is_nobodys_count(reader: Reader, question: str) -> None:
    assert best(reader.read(question, NOW)).inputs == {}


def test_the_days_of_one_stay_go_on_with_the_courtesy_car(reader: Reader) -> None:
    before = history(reader.read("包修期内车在店里修了9天,该给几天备用车或者交通补偿", NOW))
    for question in ("最后一共拖了21天,那是几天", "最后总共修了21天,那是几天"):
        reading = best(reader.read(question, NOW, before))
        assert (reading.metric.id, dict(reading.inputs)) == ("warranty_backup_vehicle", {"single_repair_days": 21})
