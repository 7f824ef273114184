"""What a change means, and what a later turn takes from the one before: which input, which target, which metric."""

import pytest

from assistant.reading import Reader
from assistant.understanding import Exchange, Understood

from .readings import NOW, best, history


def test_a_later_turn_keeps_the_figures_and_changes_one(reader: Reader) -> None:
    first = reader.read("这个月产值80万，台次640，单车产值", NOW)
    second = best(reader.read("台次要是做到700呢", NOW, history(first)))
    assert dict(second.inputs) == {"output": 800_000, "ro_count": 700}
    assert dict(second.before) == {"output": 800_000, "ro_count": 640}
    assert second.typed == {"ro_count"}


@pytest.mark.parametrize(("more", "count"), [("再多3单判责呢", 15), ("再多判3单呢", 15), ("要是少2单判责呢", 10), ("判责换成20单", 20)])
def test_a_change_adds_subtracts_or_replaces(reader: Reader, more: str, count: int) -> None:
    first = reader.read("淘宝成交1万单，判责12单，纠纷退款率", NOW)
    second = best(reader.read(more, NOW, history(first)))
    assert second.inputs == {"liable_refunds": count, "paid_suborders": 10_000}


def test_a_what_if_in_one_turn_keeps_both_states(reader: Reader) -> None:
    reading = best(reader.read("占用108工位小时、10个工位、每天开12小时，如果加到12个工位，工位利用率变多少", NOW))
    assert dict(reading.inputs) == {"occupied_hours": 108, "bays": 12, "open_hours": 12}
    assert reading.before["bays"] == 10


@pytest.mark.parametrize(("question", "metric", "after"), [
    ("成交8000单判责12笔，再多2000单纠纷退款率多少", "dispute_refund_rate", {"liable_refunds": 12, "paid_suborders": 10_000}),
    ("成交8000单判责12笔，再多2笔纠纷退款率多少", "dispute_refund_rate", {"liable_refunds": 14, "paid_suborders": 8_000}),
    ("差评率：有效评价800条，1、2星一共20条。再攒200条好评进来的话差评率几个点", "bad_review_rate", {"star12_reviews": 20, "valid_reviews": 1_000}),
    ("售后毛利45万，费用60万，费用降5万零服吸收率多少", "absorption_rate", {"service_gross_profit": 450_000, "total_opex": 550_000}),
    ("售后毛利45万，费用60万，毛利涨10%零服吸收率多少", "absorption_rate", {"service_gross_profit": 495_000, "total_opex": 600_000}),
    ("成交8000判责12，成交涨20%纠纷退款率呢", "dispute_refund_rate", {"liable_refunds": 12, "paid_suborders": 9_600}),
    ("应该签收5000件按时4800件，再晚50件签收及时率多少", "express_on_time_rate", {"signed_in_std": 4_750, "signed": 5_000}),
    ("我淘宝8单纠纷，3000单成交，假如双十二多卖1000单、纠纷不增加，纠纷退款率变多少", "dispute_refund_rate",
     {"liable_refunds": 8, "paid_suborders": 4_000}),
    ("现在成交6000单判责6单，要是这两天那5单也判我责任，纠纷退款率会变成多少", "dispute_refund_rate",
     {"liable_refunds": 11, "paid_suborders": 6_000}),
    ("违约金合同写的6万，实际损失4万。如果法院减到4.8万，还超出损失百分之几", "contract_penalty_excess", {"penalty": 48_000, "loss": 40_000}),
    ("纯风险1800，附加费用率25%，违法系数1，自主系数0.9，NCD现在0.5，要是出次险变成0.7，商业险变多少钱", "commercial_premium",
     {"pure_risk": 1_800, "expense_ratio": 0.25, "violation": 1, "autonomous": 0.9, "ncd": 0.7}),
    ("库存车进价20万，已经90天，现在年利率5.4%，如果涨到7.3%，这90天的资金成本是多少", "vehicle_carry_cost",
     {"cost": 200_000, "days": 90, "annual_rate": 0.073}),
    ("客户6个月没回厂的320个，一共2000个，流失率多少，拉回来50个呢", "churn_6m", {"returned_within_6m": 1_730, "base_customers": 2_000}),
])
def test_a_difference_reaches_the_input_it_speaks_of(reader: Reader, question: str, metric: str, after: dict[str, float]) -> None:
    reading = best(reader.read(question, NOW))
    assert reading.metric.id == metric
    assert dict(reading.inputs) == pytest.approx(after)
    assert reading.before, "the case before the change is kept"


def test_a_verdict_may_be_asked_for_again(reader: Reader) -> None:
    first = reader.read("总工单800，返修64，一次修好率多少", NOW)
    again = best(reader.read("这算哪一档", NOW, history(first)))
    assert (again.metric.id, again.complete, again.carried) == ("first_time_fix_rate", True, True)


def test_one_figure_for_two_names(reader: Reader) -> None:
    reading = best(reader.read("商业险，纯风险3000，附加费用率25%，NCD0.7，违法系数和自主系数都是1", NOW))
    assert reading.complete
    assert (reading.inputs["violation"], reading.inputs["autonomous"]) == (1, 1)


def test_a_share_is_asked_for_by_its_part(reader: Reader) -> None:
    first = reader.read("产值90万，台次750，单车产值多少", NOW)
    share = best(reader.read("其中钣喷29.7万，占比多少", NOW, history(first)))
    assert (share.metric.id, dict(share.inputs)) == ("body_paint_share", {"bp_revenue": 297_000, "output": 900_000})


def test_a_whole_that_another_figure_could_be_is_asked_for(reader: Reader) -> None:
    reading = best(reader.read("机电78.4万 钣喷58.8万 养护30.8万，钣喷占产值多少", NOW))
    assert [one.name for one in reading.missing] == ["output"]


def test_two_offers_are_two_cases(reader: Reader) -> None:
    question = "A公司自主系数0.9，B公司要1.2。纯风险1800元，附加费用率25%，NCD0.6，违法系数1，投B公司商业险多少钱"
    reading = best(reader.read(question, NOW))
    assert (reading.before["autonomous"], reading.inputs["autonomous"]) == (0.9, 1.2)


def test_another_metric_by_name_takes_what_the_question_before_gave(reader: Reader) -> None:
    first = reader.read("任务90万，做了63万，还剩9天，达成率？", NOW)
    reading = best(reader.read("平均每天还得做多少", NOW, history(first)))
    assert (reading.complete, reading.inputs["days_left"]) == (True, 9)


def test_another_target_is_solved_for_what_was_solved_before(reader: Reader) -> None:
    first = reader.read("进价320的件加价率30%，卖多少", NOW)
    goal = best(first).goal
    again = best(reader.read("那40%呢", NOW, history(first))).goal
    assert goal is not None
    assert again is not None
    assert (goal.target, again.target, again.field) == (0.3, 0.4, goal.field)


def test_what_is_said_to_stay_is_not_what_may_change(reader: Reader) -> None:
    goal = best(reader.read("罚款13,500块派了9万票，票量不变想降到每票1毛，罚款总共得压到多少", NOW)).goal
    assert goal is not None
    assert (goal.field, goal.target) == ("fines", 0.1)


def test_figures_of_one_sentence_stay_with_its_name(reader: Reader) -> None:
    question = "仅退款的210笔，平均6.4小时完结；退货退款90笔，平均58小时。两类按笔数加权合起来的完结时长"
    reading = best(reader.read(question, NOW))
    assert dict(reading.inputs) == {"n_only": 210, "h_only": 6.4, "n_return": 90, "h_return": 58}


def test_a_target_in_a_later_turn_uses_the_figures_before(reader: Reader) -> None:
    first = reader.read("淘宝30天3000单，纠纷9单，纠纷退款率", NOW)
    second = best(reader.read("要压到千分之二，还差多少单", NOW, history(first)))
    assert second.goal is not None
    assert (second.goal.target, second.goal.field) == (0.002, "paid_suborders")
    assert dict(second.inputs) == {"liable_refunds": 9, "paid_suborders": 3000}


def test_another_metric_named_starts_afresh(reader: Reader) -> None:
    first = reader.read("淘宝成交1万单，判责12单，纠纷退款率", NOW)
    second = best(reader.read("那售后毛利80万，全店费用100万，零服吸收率呢", NOW, history(first)))
    assert dict(second.inputs) == {"service_gross_profit": 800_000, "total_opex": 1_000_000}


def test_what_is_missing_may_have_been_told_questions_before(reader: Reader) -> None:
    told = "这个月网点被罚2.4万，派费收入20万，派了16万票，罚款占派费多少"
    last = Understood("express_fine_share", {"fines": 24_000.0, "delivery_income": 240_000.0}, text=told)
    earlier = [Exchange(told, last), Exchange("派费算错了，是24万", last)]
    reading = best(reader.read("那平均每票摊多少罚款", NOW, earlier))
    assert (reading.metric.id, dict(reading.inputs)) == ("express_fine_per_piece", {"fines": 24_000, "volume": 160_000})


def test_a_subject_left_behind_is_gone_back_to(reader: Reader) -> None:
    absorption = Understood("absorption_rate", {"service_gross_profit": 6e5, "total_opex": 9e5}, text="售后毛利60万，全店费用90万，零服吸收率")
    day = Understood("no_reason_return_deadline", {"sign_date": NOW}, text="七天无理由到哪天")
    earlier = [Exchange(absorption.text, absorption), Exchange(day.text, day), Exchange(day.text, day)]
    reading = best(reader.read("说回前面，费用要是100万呢", NOW, earlier))
    assert (reading.metric.id, reading.inputs["total_opex"]) == ("absorption_rate", 1e6)


def test_a_case_by_itself_takes_nothing_over(reader: Reader) -> None:
    last = Understood("warranty_repair_days", {"hours": (50.0,), "excluded_hours": 24.0}, text="一次修了50小时")
    reading = best(reader.read("另外一次用了100小时，这次单独算几天", NOW, [Exchange(last.text, last)]))
    assert dict(reading.inputs) == {"hours": (100,)}


def test_a_whole_told_behind_its_parts_is_not_added_to_them(reader: Reader) -> None:
    question = "多多的物流综合处罚率：近30天发货1.2万单，虚假发货3、缺货5、延迟16，总共24单被罚，是多少"
    assert dict(best(reader.read(question, NOW)).inputs) == {"penalized": 24, "shipped": 12_000}
    parts = "拼多多近30天发货9600单，虚假发货6单、缺货9单、延迟15单。物流综合处罚率"
    assert dict(best(reader.read(parts, NOW)).inputs) == {"penalized": 30, "shipped": 9_600}


def test_stars_of_another_kind_are_not_counted(reader: Reader) -> None:
    question = "近30天有效评价960条：五星800、四星106、三星30、二星10、一星14。商品差评率按1-2星算是多少"
    assert dict(best(reader.read(question, NOW)).inputs) == {"star12_reviews": 24, "valid_reviews": 960}


@pytest.mark.parametrize(("record", "key"), [
    ("去年前年都没事故", "A2"), ("上一年没出险，如果今年也不出险（连续两年了）", "A2"), ("已经两年没有责事故了，如果今年也平平安安凑满三年", "A3"),
])
def test_years_without_a_claim_are_counted_to_the_year_supposed(reader: Reader, record: str, key: str) -> None:
    assert best(reader.read(f"陕西五座家用，{record}，下次交强险多少钱", NOW)).inputs["record"] == key
