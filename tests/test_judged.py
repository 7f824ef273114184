"""A judgement stands where it is made; a yes is not told where we say no; a grade goes with its number."""

import pytest

from assistant.judged import Graded, answered_otherwise, judgements, misgraded, unjudged
from assistant.stated import stated

RULE = "零服吸收率参考区间（非官方统计）：60%及格、80%良、100%优、120%很好。"
RATE = Graded.of("零服吸收率", "60%", "及格", ("很好", "优", "良", "及格", "不及格"), fine=False)
GATE = Graded.of("纠纷退款率", "0.25%", "当时不能报名", ("够报名线", "当时够报名", "当时不能报名"), fine=False)
TURN = Graded.of("达到三包换退条件", "否", "还没达到换退条件", ("达到换退条件", "还没达到换退条件"), fine=False)


@pytest.mark.parametrize("told", [
    "零服吸收率60%，不及格。", "按60%看，良。", "60%属于优。", "60%是良，80%是优。", "属于良好水平。", "80%就很好了。",
])
def test_another_grade_than_the_one_given_is_seen(told: str) -> None:
    assert misgraded(told, list(stated(told)), [RATE], [RULE, "按60%看，及格。"])


@pytest.mark.parametrize("told", [
    "零服吸收率60%，刚及格。", "离良的80%还差20个百分点。", "80%才算良，100%是优。", "优惠少一点也行。", "如果想评优，要做到100%。", "先做优化。",
])
def test_the_grade_given_and_those_of_other_numbers_stand(told: str) -> None:
    assert not misgraded(told, list(stated(told)), [RATE], [RULE, "按60%看，及格。"])


def test_a_grade_that_is_part_of_another() -> None:
    assert misgraded("已经达到换退条件了。", [], [TURN], [])
    assert misgraded("达到三包换退条件：是。", [], [TURN], [])
    assert not misgraded("还没达到换退条件。", [], [TURN], [])
    assert misgraded("按0.25%看，够报名。", list(stated("按0.25%看，够报名。")), [GATE], [])
    assert not misgraded("按0.25%看，当时不能报名。", list(stated("按0.25%看，当时不能报名。")), [GATE], [])


@pytest.mark.parametrize(("told", "text"), [
    ("这样做是合法的。", "企业没有罚款的权力。"), ("公司有权罚你。", "企业没有对员工罚款的权力。"), ("这个率超标了。", "按0.125%看，不影响报名。"),
    ("这是官方统计。", "参考区间（非官方统计）。"), ("算过高了。", "还没有过高。"), ("罚款不超过20%就合法。", "网上“罚款不超过20%就合法”是误读。"),
    ("没问题，不用管。", "不合法。"), ("低于行业平均。", "续保率65%。"), ("0.15%是平台的门槛。", "0.15%是你设的目标，不是现行门槛。"),
])
def test_a_judgement_made_nowhere_is_seen(told: str, text: str) -> None:
    assert unjudged(told, [judgements(text)], "", fine=False)


@pytest.mark.parametrize(("told", "text", "asked"), [
    ("不合法，企业没有权力罚款。", "不合法：企业没有对员工罚款的权力。", ""), ("“不超过20%就合法”是误读。", "", ""),
    ("违法解除是两倍。", "按2倍付。", "违法解除比合法解除多拿多少"), ("行业平均757分。", "行业757分。", "行业平均多少分"),
    ("你说的标准是7%。", "", ""),
])
def test_a_judgement_that_is_made_asked_about_or_reported_stands(told: str, text: str, asked: str) -> None:
    assert not unjudged(told, [judgements(text)], asked, fine=False)


def test_good_may_be_said_of_what_was_graded_as_good() -> None:
    assert unjudged("这个水平不错。", [], "", fine=False)
    assert not unjudged("这个水平不错。", [], "", fine=True)


@pytest.mark.parametrize(("ours", "told"), [
    ("不合法：企业没有罚款的权力。", "合法，制度写了就行。"), ("不要做：好评返现属于诱导评价。", "可以做，没人管。"), ("不计入。", "会算进去的。"),
    ("都还有：三包跟着车走。", "不认了，只管首任车主。"), ("要看是哪类商品，没确认的不得拒绝。", "算数，写了就不能退。"),
    ("不是真的：那是赔偿的上限。", "是真的。"),
])
def test_a_yes_where_we_say_no_is_seen(ours: str, told: str) -> None:
    assert answered_otherwise(told, ours)


@pytest.mark.parametrize(("ours", "told"), [
    ("不合法：企业没有罚款的权力。", "不行，企业没有这个权力。"), ("不计入。", "不会的，这种不计入。"), ("不计入。", "只有判了责任的才会算进去。"),
    ("要看是哪类商品。", "不一定，要看商品。"), ("7日内可以免费换车。", "可以，7日内能换。"), ("不等于。工时是计价单位。", "工时是计价单位。"),
    ("", "可以。"),
])
def test_the_same_answer_is_not(ours: str, told: str) -> None:
    assert not answered_otherwise(told, ours)
