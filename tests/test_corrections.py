"""What a later turn says about figures told before: more or fewer of them, the count that comes out, one value instead of another."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from assistant.reading import Reader
from assistant.understanding import Exchange, Understood

from .readings import NOW, best

DISPUTES = Understood("dispute_refund_rate", {"liable_refunds": 12.0, "paid_suborders": 9600.0}, text="淘宝成交9600，判责12，纠纷退款率")
RETENTION = Understood("retention_rate", {"end_active": 2000.0, "new_customers": 500.0, "start_active": 1800.0}, text="留存率")
MARGIN = Understood("gross_margin", {"revenue": 2e6, "cost": 1.3e6}, text="维修收入200万，维修成本130万，毛利率")
CHURN = Understood("churn_6m", {"base_customers": 500.0, "returned_within_6m": 430.0}, text="进站500户，回来430户，流失率")
PREMIUM = Understood(
    "commercial_premium", {"pure_risk": 1800.0, "expense_ratio": 0.25, "ncd": 0.6, "violation": 1.0, "autonomous": 1.1}, text="商业险保费",
)
DONE = Understood("kpi_achievement", {"actual": 320.0, "target": 500.0}, text="任务500单，做了320，完成率")


def inputs(reader: Reader, last: Understood, question: str) -> dict[str, Any]:
    reading = best(reader.read(question, NOW, [Exchange(last.text, last)]))
    assert reading.metric.id == last.metric
    return dict(reading.inputs)


@pytest.mark.parametrize(("last", "question", "changed"), [
    (DISPUTES, "那12笔里有2笔申诉赢了，不算我责任了，现在是多少", {"liable_refunds": 10}),
    (DISPUTES, "12笔里面有3笔是误判，撤了", {"liable_refunds": 9}),
    (DISPUTES, "判责漏了2笔", {"liable_refunds": 14}),
    (DISPUTES, "判责多算了2笔", {"liable_refunds": 10}),
    (DISPUTES, "成交少记了400单，实际10000", {"paid_suborders": 10_000}),
    (RETENTION, "新增漏了100个", {"new_customers": 600}),
    (MARGIN, "成本漏了10万，140", {"cost": 1.4e6}),
    (MARGIN, "成本应该是140", {"cost": 1.4e6}),
    (MARGIN, "要是收入做到220万，成本还是130呢", {"revenue": 2.2e6}),
    (CHURN, "430里面还有10户是重复的，实际420", {"returned_within_6m": 420}),
    (CHURN, "430里有10户重复，不算", {"returned_within_6m": 420}),
    (PREMIUM, "NCD我记错了，是0.8不是0.6", {"ncd": 0.8}),
    (PREMIUM, "不是1.1，是0.9", {"autonomous": 0.9}),
    (DONE, "昨天又成了30单", {"actual": 350}),
])
def test_what_was_told_is_set_right(reader: Reader, last: Understood, question: str, changed: dict[str, float]) -> None:
    assert inputs(reader, last, question) == pytest.approx({**last.inputs, **changed})


@pytest.mark.parametrize(("question", "metric", "after", "before"), [
    ("这月4万票丢了12件，假如再丢4件变16件，遗失率多少", "express_loss_rate", {"bad": 16, "volume": 40_000}, {"bad": 12}),
    ("工单1260张返修126张，要是返修砍一半只剩63张，一次修好率能到几", "first_time_fix_rate", {"rework": 63, "total": 1_260}, {"rework": 126}),
    ("京东商责9 双方责任3 申诉已过2 下单8000。要是再申诉成功4单，交易纠纷率能降到多少", "jd_dispute_rate", {"appeal_ok": 6}, {"appeal_ok": 2}),
    ("进价21.9万的车压了90天，年息5%，如果总共压到150天才卖掉，资金成本总共多少", "vehicle_carry_cost", {"days": 150}, {"days": 90}),
    ("淘宝现在8单判责，成交1.6万。手上还有4单在介入，要是全判我输，成交不变，纠纷退款率变成多少", "dispute_refund_rate",
     {"liable_refunds": 12, "paid_suborders": 16_000}, {"liable_refunds": 8}),
    ("应发2000单，48小时内揽收的1860单。要是漏扫的那90单当时都按时扫了，揽收及时率会是多少", "pickup_48h",
     {"picked_48h": 1_950}, {"picked_48h": 1_860}),
    ("纯风险2400，附加费用率25%，违法系数1，自主系数0.9，NCD要是从0.6变回1.0，商业险多少", "commercial_premium", {"ncd": 1}, {"ncd": 0.6}),
])
def test_a_what_if_reaches_the_count_it_comes_to(
    reader: Reader, question: str, metric: str, after: dict[str, float], before: dict[str, float]
) -> None:
    reading = best(reader.read(question, NOW))
    assert reading.metric.id == metric
    assert {name: reading.inputs[name] for name in after} == pytest.approx(after)
    assert {name: reading.before[name] for name in before} == pytest.approx(before)


@given(st.integers(20, 5000), st.integers(1, 19), st.booleans())
def test_a_count_is_the_sum_only_when_it_is(reader: Reader, held: int, more: int, right: bool) -> None:
    last = Understood("dispute_refund_rate", {"liable_refunds": float(held), "paid_suborders": 90_000.0}, text="纠纷退款率")
    told = held + more if right else held + more + 7
    got = inputs(reader, last, f"判责漏了{more}笔，一共{told}笔")
    assert (got["liable_refunds"] == told) or not right
    assert got["paid_suborders"] == 90_000


def test_a_list_of_one_beside_another_figure_of_its_kind_is_no_list(reader: Reader) -> None:
    reading = best(reader.read("仅退款平均4小时300笔，退货退款平均60小时100笔，加权下来退款时长多少", NOW))
    assert reading.metric.id == "refund_duration_weighted"
    assert dict(reading.inputs) == {"h_only": 4, "n_only": 300, "h_return": 60, "n_return": 100}
    several = reader.read("退款时长一类4小时，另一类60小时", NOW).readings
    assert not any(one.complete and one.inputs.get("durations_hours") in ((4.0,), (60.0,)) for one in several)


def test_a_part_is_no_new_value_of_its_whole(reader: Reader) -> None:
    last = Understood("absorption_rate", {"service_gross_profit": 1.5e6, "total_opex": 2.5e6}, text="售后毛利150万，全店费用250万，零服吸收率")
    reading = best(reader.read("费用里有50万是新车二手车的变动销售费用，换NADA口径呢", NOW, [Exchange(last.text, last)]))
    assert (reading.metric.id, reading.complete) == ("absorption_rate_nada", True)
    assert dict(reading.inputs) == {"service_gross_profit": 1.5e6, "total_opex": 2.5e6, "vehicle_variable_selling": 5e5}


SCORES = Understood(
    "csi", {"scores": (88.0, 92.0, 84.0, 90.0, 80.0), "weights": (0.25, 0.15, 0.2, 0.25, 0.15)},
    text="csi 接待88分权重25% 设施92权重15% 过程84权重20% 质量90权重25% 交付80权重15% 加权多少",
)
BEST = Understood("target_vs_best", {"target": 1300.0, "history": (900.0, 1000.0, 1050.0, 1150.0)}, text="目标1300，做了900、1000、1050、1150")
HOURS = Understood("refund_duration", {"durations_hours": (5.0, 9.0, 14.0, 20.0)}, text="四笔退款从申请到完结5、9、14、20小时")
BILL = Understood("repair_total", {"labor_fees": (480.0,), "part_prices": (45.0, 272.0), "other": 0}, text="工时费480，机滤45，机油272，一共多少")
STOCK = Understood("dead_stock_share", {"dead_value": 390_000.0, "inv_value": 2_600_000.0}, text="库存总额260万，呆滞39万")
CLOSED = Understood("self_close_rate", {"self_closed": 540.0, "all_closed": 600.0}, text="自己完结540笔，完结总数600")
ONLY = Understood("refund_only_share", {"n_only": 90.0, "n_self_closed": 360.0}, text="仅退款90笔，自主完结360笔")
COMPLAINTS = Understood("express_complaint_ppm", {"complaints": 6.0, "volume": 480_000.0}, text="业务量48万件，被申诉6件")


@pytest.mark.parametrize(("last", "question", "changed"), [
    (SCORES, "交付提到86分", {"scores": (88, 92, 84, 90, 86)}),
    (BEST, "1150那个录错了，应该1250", {"history": (900, 1000, 1050, 1250)}),
    (BEST, "不是1150，是1250", {"history": (900, 1000, 1050, 1250)}),
    (HOURS, "漏了一笔32小时的，补上", {"durations_hours": (5, 9, 14, 20, 32)}),
    (BILL, "还换了个空调滤85块", {"part_prices": (45, 272, 85)}),
    (BILL, "另外收了检测费60", {"other": 60}),
    (STOCK, "处理掉13万呆滞，库存总额也就剩247万了", {"dead_value": 260_000, "inv_value": 2_470_000}),
    (CLOSED, "里面24笔最后是小二点的，从自己完结那边减掉，总数不变", {"self_closed": 516}),
    (ONLY, "又来18笔仅退款，总数也多18", {"n_only": 108, "n_self_closed": 378}),
    (COMPLAINTS, "有一件用户撤了，不算", {"complaints": 5}),
    (COMPLAINTS, "按6件算，业务量要是50万", {"volume": 500_000}),
    (RETENTION, "新增不是500 是700", {"new_customers": 700}),
    (DISPUTES, "又判了1笔", {"liable_refunds": 13}),
])
def test_one_of_several_is_set_right_added_or_taken_off(reader: Reader, last: Understood, question: str, changed: dict[str, Any]) -> None:
    assert inputs(reader, last, question) == {**last.inputs, **changed}
