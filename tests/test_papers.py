"""Every paper over the real knowledge: asked for bare, with figures, and after figures were told before."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from assistant.answer import (
    Asked,
    Calculated,
    Cited,
    Declined,
    Done,
    Drafted,
    Event,
    Refused,
    Suggested,
    Text,
    as_json,
    markdown,
)
from assistant.batch import events_of
from assistant.engine import Engine
from assistant.errors import InvalidInput
from assistant.guides import LINE
from assistant.library import Library

from .conftest import KNOWLEDGE

GUIDES = sorted(path.stem for path in (KNOWLEDGE / "guides").rglob("*.md"))
pytestmark = pytest.mark.xdist_group("index")

Talk = Callable[..., list[Event]]


@pytest.fixture
def talk(engine: Engine) -> Talk:
    """The events of the last of several messages."""
    return lambda *turns: events_of(engine, list(turns))[-1]


def paper(events: list[Event]) -> Drafted:
    (drafted,) = [event for event in events if isinstance(event, Drafted)]
    return drafted


def values(events: list[Event]) -> dict[str, object]:
    return {event.metric: event.value for event in events if isinstance(event, Calculated)}


@pytest.mark.parametrize("id", GUIDES)
def test_asked_for_bare_it_comes_empty_with_its_grounds(talk: Talk, library: Library, id: str) -> None:
    guide = library.guides[id]
    events = talk(guide.questions[0])
    drafted = paper(events)
    assert (drafted.guide, drafted.title) == (id, guide.title)
    assert values(events) == {}
    assert drafted.markdown.startswith(f"# {guide.title}\n")
    assert LINE in drafted.markdown
    assert "{{" not in drafted.markdown
    assert "[^" not in drafted.markdown
    body, grounds = drafted.markdown.split("## 依据")
    listed = [int(number) for number in re.findall(r"^- \[(\d+)\] ", grounds, re.M)]
    assert listed == list(range(1, len(listed) + 1))
    assert {int(number) for number in re.findall(r"\[(\d+)\]", body)} <= set(listed)
    (cited,) = [event for event in events if isinstance(event, Cited)]
    assert len(cited.citations) >= len(listed), "the page numbers its sources as the paper does"
    assert events[-1].status == "answered" if isinstance(events[-1], Done) else False
    first = next(event for event in events if isinstance(event, Text))
    assert first.part == "say"
    asked = [event.markdown for event in events if isinstance(event, Text) and event.part == "acts"]
    assert bool(asked) == bool(guide.metrics)
    assert all(text.endswith("告诉我，我填进去。") for text in asked)
    assert any(isinstance(event, Suggested) and event.questions for event in events)


@pytest.mark.parametrize("id", GUIDES)
def test_every_way_to_ask_for_it_finds_it(engine: Engine, library: Library, id: str) -> None:
    for question in library.guides[id].questions:
        turn = engine._understand("papers", question, None, date(2026, 11, 23))
        assert turn.guide is not None, question
        assert turn.guide.id == id, question


FIGURES: list[tuple[str, str, dict[str, object], list[str]]] = [
    (
        "dispute_appeal_statement", "昨天小二判我责任，帮我写一份判责申诉说明",
        {"dispute_appeal_deadline": date(2026, 11, 25), "dispute_rolloff_day": date(2026, 12, 22)},
        ["| 2026-11-25（还剩2天） |", "判责日期：2026-11-22"],
    ),
    (
        "fine_objection_letter", "派费18万，这个月罚款3.6万，合同违约金五万，实际损失三万二，帮我写一份给总部的罚款异议函",
        {"express_fine_share": 0.2, "contract_penalty_excess": 0.5625},
        ["| 罚款占派费 | 20% |", "| 违约金超出损失 | 56.25% |", "民法典第585条", "法释〔2023〕13号第65条"],
    ),
    (
        "assessment_review_request", "资料11月2日交齐的，定损太低，帮我写一份定损复核申请书",
        {"claim_assessment_deadline": date(2026, 12, 2)}, ["2026-12-02（还剩9天）", "12378"],
    ),
    (
        "claim_or_self_pay_account", "修车花了1800元，四年没出险，基准保费4000，帮我列一张走保险还是自费的账单",
        {"claim_extra_premium": pytest.approx(2800), "claim_net_gain": pytest.approx(-1000)},
        ["| 第4次 | 0.6 | 0.5 | 400元 | 2,800元 |", "| -1,000元 |"],
    ),
    (
        "sanbao_request_letter",
        "2025年3月5日提的车，车价168000，跑了9500公里，n是0.5%，同一故障修了5次，11月20日提出退车，帮我写一份三包退车申请书",
        {
            "sanbao_term_end": date(2027, 3, 5), "sanbao_seven_days_end": date(2025, 3, 12),
            "sanbao_sixty_days_end": date(2025, 5, 4), "warranty_lemon_test_24": True, "warranty_use_fee": pytest.approx(7980),
            "warranty_reply_deadline": date(2026, 12, 4), "warranty_settle_deadline": date(2026, 12, 18),
        },
        ["| 是 |", "7,980元", "2026-12-04（还剩11天）", "同一质量问题修理5次", "**第20条**", "**第22条**", "**第23条**", "**第24条**"],
    ),
    (
        "target_negotiation_sheet", "目标120台，过去六个月做了80、100、90、85、95、110，帮我出一份谈判表",
        {"target_vs_best": pytest.approx(120 / 110), "target_vs_average": pytest.approx(120 / (560 / 6))},
        ["| 冲刺 | 历史最好 | 110 | 17.86% |", "| 第2期 | 100 | 83.33% |", "是过去最好成绩的109.09%"],
    ),
    (
        "wage_deduction_objection", "工资5000，最低工资2300，11月10日发现被扣，帮我写一份工资扣款异议书",
        {"wage_deduction_cap": pytest.approx(1000), "labor_arbitration_deadline": date(2027, 11, 10)},
        ["| 1,000元 |", "2027-11-10（还剩352天）", "《企业职工奖惩条例》已在2008-01-15废止"],
    ),
    (
        "complaint_12315_letter", "11月10日签收，商家11月18日收到退货一直不退钱，帮我写一份12315投诉书",
        {"no_reason_return_deadline": date(2026, 11, 17), "refund_deadline": date(2026, 11, 25)},
        ["2026-11-17（已过6天）", "2026-11-25（还剩2天）", "新的受理和调解天数没有检索到"],
    ),
    (
        "price_complaint_script", "工时费300，配件费500，给我一套客户嫌贵的应对话术",
        {"repair_total": 800.0}, ["维修总价：800元", "| C 只做必修项，其余写明何时再来 |"],
    ),
]


def test_every_guide_is_tried_with_figures() -> None:
    assert sorted(id for id, *_ in FIGURES) == GUIDES


@pytest.mark.parametrize(("id", "question", "computed", "shown"), FIGURES)
def test_asked_for_with_figures_it_comes_filled(
    talk: Talk, id: str, question: str, computed: dict[str, object], shown: list[str]
) -> None:
    events = talk(question)
    drafted = paper(events)
    assert drafted.guide == id
    assert values(events) == computed
    for text in shown:
        assert text in drafted.markdown, text
    found = [event for event in events if isinstance(event, Calculated)]
    assert [event.aside for event in found] == [False] + [True] * (len(found) - 1)


@pytest.mark.parametrize(("turns", "id", "computed"), [
    (
        ("目标120台，过去六个月做了80、100、90、85、95、110，目标合理吗", "帮我出一份谈判表"), "target_negotiation_sheet",
        {"target_vs_best": pytest.approx(120 / 110), "target_vs_average": pytest.approx(120 / (560 / 6))},
    ),
    (("目标120台，过去三个月做了80、100、90，目标合理吗", "导出word"), "target_negotiation_sheet", {
        "target_vs_best": pytest.approx(1.2), "target_vs_average": pytest.approx(120 / 90),
    }),
    (
        ("合同违约金五万，实际损失三万二，超出多少", "帮我写一份给总部的异议函"), "fine_objection_letter",
        {"contract_penalty_excess": pytest.approx(0.5625)},
    ),
    (("昨天小二判我责，申诉到几号", "写份申诉说明"), "dispute_appeal_statement", {
        "dispute_appeal_deadline": date(2026, 11, 25), "dispute_rolloff_day": date(2026, 12, 22),
    }),
    (("帮我写一份申诉说明", "判责日是11月20日"), "dispute_appeal_statement", {
        "dispute_appeal_deadline": date(2026, 11, 23), "dispute_rolloff_day": date(2026, 12, 20),
    }),
    (("被判责不服怎么申诉", "给我一份模板"), "dispute_appeal_statement", {}),
    (("目标120台，过去三个月做了80、100、90，帮我出一份谈判表", "目标改成110"), "target_negotiation_sheet", {
        "target_vs_best": pytest.approx(1.1), "target_vs_average": pytest.approx(110 / 90),
    }),
])
def test_what_was_told_before_is_filled_in(talk: Talk, turns: tuple[str, ...], id: str, computed: dict[str, object]) -> None:
    events = talk(*turns)
    assert paper(events).guide == id
    assert values(events) == computed


def test_a_question_after_a_paper_is_answered_as_a_question(talk: Talk) -> None:
    events = talk("帮我写一份申诉说明", "申诉多久出结果")
    assert not [event for event in events if isinstance(event, Drafted)]
    assert "48小时" in markdown(events)


@pytest.mark.parametrize(("question", "paper_of"), [
    ("被判责不服怎么申诉", "帮我写一份判责申诉说明"), ("目标120台，过去三个月做了80、100、90，目标合理吗", "帮我出一份谈判表"),
    ("网点完不成总部指标被罚款怎么办", "帮我写一份给总部的罚款异议函"),
])
def test_an_answer_offers_its_paper_first(talk: Talk, question: str, paper_of: str) -> None:
    (suggested,) = [event for event in talk(question) if isinstance(event, Suggested)]
    assert suggested.questions[0] == paper_of


@pytest.mark.parametrize("question", [
    "判责不服要在几小时内申诉", "谈指标的话术怎么说", "修车不给结算清单怎么办", "公司能不能对员工罚款", "怎么打12315投诉",
])
def test_a_question_that_wants_no_paper_gets_none(talk: Talk, question: str) -> None:
    events = talk(question)
    assert not [event for event in events if isinstance(event, Drafted)]
    assert all(not citation.id.startswith("guide/") for event in events if isinstance(event, Cited) for citation in event.citations)


def test_a_paper_without_a_subject_is_asked_back(talk: Talk, library: Library) -> None:
    events = talk("帮我写一份")
    assert events[-1].status == "asked" if isinstance(events[-1], Done) else False
    assert all(guide.title in markdown(events) for guide in library.guides.values())


def test_another_platform_is_told_so(talk: Talk) -> None:
    events = talk("拼多多被判责了，帮我写一份申诉说明")
    assert paper(events).guide == "dispute_appeal_statement"
    assert "没有查到拼多多的对应规则" in markdown(events)


def test_impossible_figures_are_refused_before_anything_is_written(talk: Talk) -> None:
    events = talk("合同违约金5万，实际损失0元，帮我写一份罚款异议函")
    assert not [event for event in events if isinstance(event, Drafted | Calculated | Asked | Declined)]
    (refused,) = [event for event in events if isinstance(event, Refused)]
    assert "分母" in refused.text


def test_a_false_paper_is_declined(talk: Talk) -> None:
    events = talk("帮我写一份假的维修发票")
    assert [type(event) for event in events if isinstance(event, Drafted | Declined)] == [Declined]


def test_the_answer_object_names_the_file_and_holds_the_paper(talk: Talk) -> None:
    answer = as_json(talk("帮我写一份判责申诉说明"))
    assert answer["files"] == [{
        "guide": "dispute_appeal_statement", "title": "淘宝/天猫判责申诉清单与申诉说明", "name": "淘宝、天猫判责申诉清单与申诉说明-2026-11-23",
    }]
    assert "## 二、证据清单" in answer["text"]
    assert "files" not in as_json(talk("判责不服要在几小时内申诉"))


def test_a_paper_is_drawn_again_from_what_the_page_sends(engine: Engine) -> None:
    made = engine.draft("dispute_appeal_statement", {"dispute_appeal_deadline": {"judged": "2026-11-20"}, "nps": {"a": 1}}, None)
    assert "| 2026-11-23（今天到期） |" in made.markdown
    with pytest.raises(InvalidInput, match="没有这份文书"):
        engine.draft("nothing", {}, None)
    with pytest.raises(InvalidInput, match="日期"):
        engine.draft("dispute_appeal_statement", {"dispute_appeal_deadline": {"judged": "soon"}}, None)
