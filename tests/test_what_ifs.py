"""A change told in the same message as the figures it changes: which input it means, and by how much."""

from typing import Any

import pytest

from assistant.reading import Reader
from tests.readings import NOW, best


def after(reader: Reader, question: str) -> dict[str, Any]:
    return dict(best(reader.read(question, NOW)).inputs)


@pytest.mark.parametrize(("question", "inputs"), [
    ("淘宝纠纷15笔成交5000笔，如果少判3笔，纠纷退款率能到多少", {"liable_refunds": 12, "paid_suborders": 5000}),
    ("拼多多成团6000单介入判责12单，要是少判4单，纠纷退款率变多少", {"grouped_orders": 6000, "liable_refunds": 8}),
    ("一个月维修800台返修24台，如果少返修6台，返修率是多少", {"total": 800, "rework": 18}),
    ("维修收入120万成本78万,配件采购省下来6万,毛利率能到多少", {"revenue": 1_200_000, "cost": 720_000}),
])
def test_fewer_are_taken_off(reader: Reader, question: str, inputs: dict[str, float]) -> None:
    assert after(reader, question) == inputs


@pytest.mark.parametrize(("question", "inputs"), [
    ("京东 商责8 双方责任2 申诉通过0 下单6400 还有3单在审 万一全判商责 交易纠纷率多少",
     {"merchant_liable": 11, "both_liable": 2, "appeal_ok": 0, "orders": 6400}),
    ("淘宝30天成交4500 已判责5笔 另外4笔小二还没判 都算我头上的话纠纷退款率？", {"liable_refunds": 9, "paid_suborders": 4500}),
    ("淘宝成交6000笔判责3笔，另有3笔处理中，全判我责任的话纠纷退款率是多少", {"liable_refunds": 6, "paid_suborders": 6000}),
    ("应发3000单48h揽收了2890单,如果另外60单也能赶上,揽收及时率能到多少", {"picked_48h": 2950, "shipped_due": 3000}),
    ("目标600台 完成420台 还剩10天 要是能宽限5天 每天要做几台", {"target": 600, "actual": 420, "days_left": 15}),
    ("任务900完成600剩15天，要是延长5天，日均要补多少", {"target": 900, "actual": 600, "days_left": 20}),
    ("产值84w台次700 产值多做5万 台次不动 单车产值变多少", {"output": 890_000, "ro_count": 700}),
    ("派件12万罚款6000 罚款多罚2000 派件不变 每票罚多少", {"fines": 8000, "volume": 120_000}),
])
def test_what_is_pending_or_granted_is_added(reader: Reader, question: str, inputs: dict[str, float]) -> None:
    assert after(reader, question) == inputs


def test_what_is_pending_is_not_added_while_nothing_is_said_of_its_end(reader: Reader) -> None:
    assert after(reader, "淘宝成交4500，判责5笔，还有4笔没判，纠纷退款率多少")["liable_refunds"] == 5


def test_a_comparison_with_last_month_changes_nothing(reader: Reader) -> None:
    assert after(reader, "这个月成交5000判责12笔，比上月多判3笔，纠纷退款率多少") == {"paid_suborders": 5000, "liable_refunds": 12}


@pytest.mark.parametrize("question", [
    "干了4年5个月月均6000 我要是再干两个月才被解除 合法的 经济补偿多少", "工作4年5个月月均6000，要是再干2个月被裁，经济补偿多少",
])
def test_months_are_added_to_years(reader: Reader, question: str) -> None:
    assert after(reader, question) == {"years": pytest.approx(4 + 7 / 12), "avg_wage_12m": 6000}


@pytest.mark.parametrize(("question", "inputs"), [
    ("拼多多成团八千单 纠纷退款10单，假如大促后纠纷翻倍、成团涨一半 纠纷退款率是多少", {"grouped_orders": 12_000, "liable_refunds": 20}),
    ("淘宝成交4000判责8笔，要是成交翻倍、判责涨一半，纠纷退款率多少", {"paid_suborders": 8000, "liable_refunds": 12}),
    ("淘宝成交4000判责8笔，要是成交和判责都翻倍，纠纷退款率多少", {"paid_suborders": 8000, "liable_refunds": 16}),
    ("判责8笔成交4000，要是少一半判责，纠纷退款率多少", {"paid_suborders": 4000, "liable_refunds": 4}),
    ("罚款8000，派费收入16万，要是两个都翻倍，罚款占派费多少", {"fines": 16_000, "delivery_income": 320_000}),
    ("派件10万罚款8000，假如罚款砍掉一半、派件涨两成，每票罚多少", {"volume": 120_000, "fines": 4000}),
    ("定额4工时 每工时240 系数1.2 要是工时单价涨一成 工时费多少", {"std_hours": 4, "rate": 264, "complexity": 1.2}),
    ("配件年出库成本600万 期初80万期末120万 平均库存砍两成 周转率能到几次",
     {"annual_cogs": 6_000_000, "begin_inv": 640_000, "end_inv": 960_000}),
    ("配件年出库成本480万，年初库存90万年末110万，要是平均库存降到60万，周转率几次",
     {"annual_cogs": 4_800_000, "begin_inv": 600_000, "end_inv": 600_000}),
])
def test_each_share_and_factor_changes_what_is_named_before_it(reader: Reader, question: str, inputs: dict[str, float]) -> None:
    assert after(reader, question) == {name: pytest.approx(value) for name, value in inputs.items()}


@pytest.mark.parametrize(("question", "before", "now"), [
    ("20万的库存车 年利率6% 库龄从45天拖到60天 资金成本要多花多少钱", 45, 60),
    ("进价18万的车年利率5%，库龄从30天变成90天，资金成本多多少", 30, 90),
    ("一天54台次,现在12个工位,扩到15个工位,周转率是几", 12, 15),
    ("日均48台次，目前16个工位，减到12个工位，工位周转率是几", 16, 12),
])
def test_both_ends_of_a_change_are_kept(reader: Reader, question: str, before: float, now: float) -> None:
    reading = best(reader.read(question, NOW))
    name = "bays" if "bays" in reading.inputs else "days"
    assert (reading.before[name], reading.inputs[name]) == (before, now)


@pytest.mark.parametrize(("question", "parts"), [
    ("工时费300 机油4升每升90 机滤50 如果机油换成65一升的 总价多少", (260, 50)),
    ("工时费200，刹车片2片每片180，如果刹车片换成150一片的，总价多少", (300,)),
    ("工时费200，机油300，机滤60，要是机油改用220的，总价多少", (220, 60)),
    ("机油4升一升90，工时费100，要是机油换成每升70的，一共多少", (280,)),
])
def test_a_part_at_another_price_replaces_its_amount(reader: Reader, question: str, parts: tuple[float, ...]) -> None:
    inputs = after(reader, question)
    assert inputs["part_prices"] == parts
    assert "other" not in inputs


def test_a_new_price_that_may_be_each_or_all_is_asked_for(reader: Reader) -> None:
    assert not best(reader.read("工时费200，刹车片2片每片180，如果刹车片换成300的，总价多少", NOW)).complete


@pytest.mark.parametrize(("question", "inputs"), [
    ("揽收：应发4200，及时4032。如果再多赶上105单，48h揽收率多少", {"picked_48h": 4137, "shipped_due": 4200}),
    ("NPS现在250份里推荐120贬损40；如果把贬损里10个人变成7-8分，NPS多少", {"promoters": 120, "detractors": 30, "total": 250}),
    ("拼多多成团8400单，品质退款五十单左右——准确是42单，品质退款率多少", {"quality_refunds": 42, "grouped_orders": 8400}),
])
def test_what_comes_in_time_is_turned_or_said_exactly(reader: Reader, question: str, inputs: dict[str, float]) -> None:
    assert {name: after(reader, question).get(name) for name in inputs} == inputs


def test_a_year_beside_a_name_is_no_figure_of_it(reader: Reader) -> None:
    readings = reader.read("J.D. Power中国CSI 2022行业多少分，能跟我们百分制88直接比吗", NOW).readings
    assert not any(2022.0 in value for one in readings for value in one.inputs.values() if isinstance(value, tuple))
