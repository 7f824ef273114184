"""Which document is told: of the day meant, and of what may be done rather than how it is counted."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.answer import Asked, Calculated, Declined, Done, Event, Text, Turn
from assistant.boundaries import Boundary
from assistant.composer import Composer
from assistant.deciding import crossed
from assistant.figures import fold
from assistant.library import Library
from assistant.picking import picked
from assistant.reading import Reader
from assistant.understanding import Exchange, Understood

TODAY = date(2026, 11, 30)
EXCESS = Understood("contract_penalty_excess", {"penalty": 100000.0, "loss": 50000.0}, subject="违约金超出损失的比例")
VALID = Understood("express_valid_complaint_ppm", {"valid_complaints": 1.0, "volume": 1500000.0}, subject="快递有效申诉率")


def turn_of(library: Library, reader: Reader, question: str, *found: str, last: Understood | None = None) -> Turn:
    history = [Exchange("上一句", last)] if last else []
    understanding = reader.read(question, TODAY, history)
    documents = library.on(understanding.day)
    return Turn(question, understanding, tuple(documents[id] for id in found), 1.0, TODAY)


def events(library: Library, turn: Turn) -> list[Event]:
    return list(Composer(library, 0.5).events(turn))


def words(told: list[Event]) -> str:
    return "\n".join(event.markdown for event in told if isinstance(event, Text))


@pytest.mark.parametrize(("question", "low", "high"), [
    ("2020年改革后三者险最高能买多少", "10万元", "1,000万元"), ("2020年综改之后三者险封顶多少", "10万元", "1,000万元"),
    ("2020年车险改革以后三者险有哪些档", "10万元", "1,000万元"), ("2020年车险改革前，三者险最高多少", "5万元", "500万元"),
])
def test_a_year_with_its_change_is_read_from_the_side_that_is_named(
    library: Library, reader: Reader, question: str, low: str, high: str
) -> None:
    said = picked(library, turn_of(library, reader, question, "rule/third_party_limit")).say
    assert low in said
    assert high in said


@pytest.mark.parametrize("question", ["这样能说过高让法院减吗", "那这样可以让法院少判点吗", "这种能请求调低吗"])
def test_a_follow_up_about_what_may_be_done_is_told_the_topic(library: Library, reader: Reader, question: str) -> None:
    turn = turn_of(library, reader, question, "rule/contract_penalty_excess", last=EXCESS)
    assert "30%" in words(events(library, turn))


def test_how_it_is_counted_still_gets_the_definition(library: Library, reader: Reader) -> None:
    turn = turn_of(library, reader, "那这个比例怎么算的", "rule/contract_penalty_excess", last=EXCESS)
    assert picked(library, turn).id == "rule/contract_penalty_excess"


@pytest.mark.parametrize("question", ["2023年四季度全国有效申诉率是多少来着，比一下", "那全国2023年四季度的有效申诉率是多少"])
def test_the_figure_of_the_country_is_quoted_beside_ones_own(library: Library, reader: Reader, question: str) -> None:
    told = events(library, turn_of(library, reader, question, "rule/national_complaints_2023_q4", last=VALID))
    assert "0.24" in words(told)
    assert [round(event.value, 2) for event in told if isinstance(event, Calculated) and isinstance(event.value, float)] == [0.67]


@pytest.mark.parametrize("question", ["2020年8月天猫延迟发货按几个点赔的，后来降了吧", "2020年8月天猫延迟发货赔30%，后来改了吗"])
def test_what_came_after_is_told_beside_what_was(library: Library, reader: Reader, question: str) -> None:
    said = words(events(library, turn_of(library, reader, question, "rule/tmall_delay_compensation")))
    assert "30%" in said
    assert "5%" in said.replace("15%", "")


@pytest.mark.parametrize("question", [
    "保险公司跟我11月20号签了赔付协议，法律上最晚哪天要把钱打给我", "11月20号跟保险公司达成赔付协议，什么时候前必须打款",
])
def test_a_day_beside_a_which_day_is_counted(library: Library, reader: Reader, question: str) -> None:
    told = events(library, turn_of(library, reader, question, "topic/claim_deadlines"))
    assert [event.value for event in told if isinstance(event, Calculated)] == [date(2026, 11, 30)]


@pytest.mark.parametrize("question", [
    "判责纠纷9单，成交4200，我想把它摊薄下来，还要冲多少单", "有5单判责，成交3000，要冲多少单才能稀释掉", "6单判责4000成交，想把率摊下来要补多少单",
])
def test_how_many_more_without_a_target_asks_for_it(library: Library, reader: Reader, question: str) -> None:
    told = events(library, turn_of(library, reader, question, "topic/dispute_reduce"))
    assert [event.text for event in told if isinstance(event, Asked)] == ["你想把纠纷退款率控制在多少？告诉我目标，就能倒推。"]


@pytest.mark.parametrize("question", ["拼多多后台退款率都快100了，它还会显示一百二吗", "多多退款率现在接近100，后面会不会显示超过100"])
def test_what_a_page_shows_is_no_count(library: Library, reader: Reader, question: str) -> None:
    told = events(library, turn_of(library, reader, question, "topic/pdd_refund_over_hundred"))
    assert "封顶100%" in words(told)
    assert not [event for event in told if isinstance(event, Calculated)]


def test_a_discount_is_not_answered_with_a_question_for_an_amount(library: Library, reader: Reader) -> None:
    told = events(library, turn_of(library, reader, "两年没出险了，今年蹭了一下，商业险折扣变几折", "topic/clean_then_claim"))
    assert isinstance(told[-1], Done)
    assert told[-1].status == "answered"


def boundary(library: Library, question: str) -> Boundary | None:
    return crossed(library, fold(question))


@pytest.mark.parametrize("question", [
    "你登录我账号把那笔退款直接点同意了吧", "你帮我进一下千牛后台把那单退款点了", "能不能替我提交一下理赔申请", "登我号看看那个退款到哪步了",
    "帮我把这单售后撤了吧", "帮我打12315投诉他们", "帮我登进淘宝看看订单3298876501退款到哪步了", "帮我查一下我的快递到哪了",
])
def test_acting_for_somebody_is_declined(library: Library, reader: Reader, question: str) -> None:
    crossing = boundary(library, question)
    assert crossing is not None
    assert crossing.id == "act_for_you"
    told = events(library, turn_of(library, reader, question, "topic/refund_dragged"))
    assert [event.reason for event in told if isinstance(event, Declined)] == ["scope"]


@pytest.mark.parametrize("question", [
    "4S店说帮我提交理赔，我能信吗", "客服替我点了同意退款怎么办", "帮我写一份投诉材料", "帮我算一下纠纷退款率", "理赔申请怎么提交",
    "帮我看看够不够三包换退", "帮我把维修费各项加个总数", "你帮我分析下退款率为什么高", "怎么在后台点我要申诉",
])
def test_asking_how_or_about_others_is_not(library: Library, question: str) -> None:
    assert boundary(library, question) is None


def test_the_line_is_told_beside_how_a_value_is_counted(library: Library, reader: Reader) -> None:
    turn = turn_of(library, reader, "抖音报大促体验分有啥要求，看一天还是几天的均值", "rule/douyin_week_score")
    told = words(events(library, turn))
    assert "70分" in told
    assert "近7天" in told


def test_a_second_document_of_another_platform_is_left_out(library: Library, reader: Reader) -> None:
    turn = turn_of(library, reader, "京东星级怎么分的，按分还是按排名", "rule/jd_star", "topic/real_score_levels")
    assert "4.6" not in words(events(library, replace(turn, beside=turn.documents[1])))


@pytest.mark.parametrize(("before", "subject", "question"), [
    ("真实体验分有哪几个维度", "真实体验分由哪三块九项组成", "每个维度占多少权重啊"),
    ("北京NCD最低多少", "北京、厦门的NCD系数", "出险两次是多少系数"),
])
def test_what_is_not_published_is_declined_where_the_subject_was_named_before(
    library: Library, reader: Reader, before: str, subject: str, question: str
) -> None:
    understood = reader.read(question, TODAY, [Exchange(before, Understood(None, subject=subject))])
    turn = Turn(question, understood, (library.on(TODAY)["topic/csi_scale"],), 1.0, TODAY, earlier=(before,))
    assert isinstance(events(library, turn)[0], Declined)


@pytest.mark.parametrize(("question", "found"), [
    ("单次赔付超过保费20%算1.5次出险?", "topic/ncd_count_not_amount"), ("退车使用补偿系数0.8%对不对", "topic/sanbao_use_fee_how"),
])
def test_figures_that_only_repeat_what_was_found_ask_for_nothing(library: Library, reader: Reader, question: str, found: str) -> None:
    assert not any(isinstance(event, Asked) for event in events(library, turn_of(library, reader, question, found)))


def test_a_day_that_comes_round_is_no_count(library: Library, reader: Reader) -> None:
    assert reader.read("纠纷退款率每个月1号自动清零,是这样不", TODAY).figures == ()


def test_every_line_a_question_names_is_told(library: Library, reader: Reader) -> None:
    told = words(events(library, turn_of(library, reader, "淘宝店体验分4.7 报活动够格吗 搜索4.6那档筛选过得了不", "topic/real_score_levels")))
    assert "4.2分" in told
    assert "4.6分" in told


@pytest.mark.parametrize("question", [
    "你现在替我上12315把投诉提交了,材料我等下发", "帮我去淘宝后台把退款申请点了同意", "你替我去拼多多把申诉交上去行吗", "替我到抖店后台把罚单申诉了",
    "你去京东帮我把售后单关了",
])
def test_acts_are_declined_in_any_order_of_words(library: Library, question: str) -> None:
    found = crossed(library, fold(question))
    assert found is not None
    assert found.id == "act_for_you"


@pytest.mark.parametrize("question", ["替我上12315投诉要准备啥材料", "帮我看看去哪投诉", "怎么上12315把投诉提交了"])
def test_asking_how_to_act_is_answered(library: Library, question: str) -> None:
    assert crossed(library, fold(question)) is None


@pytest.mark.parametrize(("question", "value"), [
    ("2019年续保,上一年出险2次,商业险系数按老表几折", "1.25"), ("2018年出险三次，第二年商业险老表打几折", "1.5"),
    ("按改革前旧表，去年出了4次险，商业险系数多少", "1.75"),
])
def test_the_old_table_is_looked_up_for_its_own_days(library: Library, reader: Reader, question: str, value: str) -> None:
    assert value in words(events(library, turn_of(library, reader, question)))


def test_the_old_table_is_not_told_of_today(library: Library, reader: Reader) -> None:
    assert "旧表" not in words(events(library, turn_of(library, reader, "上一年出险2次，商业险几折", "topic/ncd_rules")))


@pytest.mark.parametrize("question", ["服务费300一个月，网点要交吗", "对方修车花了8600,超出来的谁赔", "茶叶168一盒买了3盒是假的 退一赔三"])
def test_no_damages_are_counted_for_what_is_not_called_fraud_or_is_not_one_price(library: Library, reader: Reader, question: str) -> None:
    told = events(library, turn_of(library, reader, question, "topic/fraud_three_times"))
    assert not any(isinstance(event, Calculated) for event in told)


@pytest.mark.parametrize("question", ["厦门的车商业险NCD跟外地一样是十级吗", "北京的商业险ncd是11级吧", "厦门ncd也是十级吗"])
def test_how_many_levels_there_are_is_no_level(library: Library, reader: Reader, question: str) -> None:
    told = events(library, turn_of(library, reader, question, "topic/ncd_beijing"))
    assert "11级" in words(told)
    assert "0.4" in words(told)
