"""Who asks for a person, and who only uses the words; what counts as not being helped."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from assistant.answer import Asked, Declined, Event, Refused, Text
from assistant.library import Library
from assistant.person import Help, PersonAsked, is_miss, told
from assistant.understanding import Understood

CASES = Path(__file__).parent / "cases"
ASKED = """
转人工 · 人工 · 人工客服 · 找真人 · 找个人看看 · 有两笔我不服，想找人看看 · 我要转人工！！！ · 帮我转接人工客服，谢谢 · 转人工 谢谢
能不能给我接个人工 · 怎么转人工 · 如何联系人工客服 · 在哪里找人工 · 有人吗 · 有没有真人在线 · 你好，在吗，转人工 · 不要机器人
别再让机器人回复我 · 我想跟真人说话 · 换个人来跟我说 · 找你们经理 · 叫你们主管来 · 轉人工客服 · 不会用，叫个懂行的人来看看 · 听不懂，人工
算了还是人工吧 · 申请人工客服 · 人 工 客 服 · 请安排专人对接 · 可以找人工吗 · 我要找客服 · 麻烦转一下人工 · 有人工客服吗
这都答不了，找个活人来 · 退了三次都没退成，找人处理一下 · 跟机器说不清楚，给我转个真人行不行 · talk to a human
I want to speak with a real person · human agent please · zhuan rengong
"""
NOT_ASKED = """
人工费怎么算 · 转人工后多久回 · 转人工要等多久 · 3分钟人工回复率怎么算 · 转人工率多少算正常 · 人工客服几点上班 · 买家要求转人工没人接会扣分吗
要人工费吗 · 人工智能会不会取代客服 · 不用转人工 · 先别转人工 · 想找个人看看车要多少钱 · 找人刷单会怎样 · 找个人代签收算虚假签收吗
平台人工客服电话多少 · 怎么联系淘宝人工客服 · 客服介入算纠纷吗 · 人工审核要几天 · 买家一直说，转人工 · 系统提示“转人工”是什么意思
更换人工工时怎么算 · 有人工伤了怎么赔 · 有人投诉我怎么办 · 有人签收了但不是本人 · 4S店收的人工和工时是一回事吗 · 换人开车保险还赔吗
找客服改地址算不算介入 · 让客服在3分钟内回复 · 转账给客户怎么开票 · 你是真人还是机器 · 一个人工小时多少钱 · 人呢没收到货怎么赔
我要投诉 · 转人工之后会话算谁的 · 人工成本占比多少 · 我想找经理谈涨薪 · 近30天1.2万单，判责退款7笔，会影响报名活动吗
"""


def each(block: str) -> list[str]:
    return [question.strip() for line in block.strip().split("\n") for question in line.split("·")]


@pytest.fixture(scope="module")
def asks(library: Library) -> PersonAsked:
    return PersonAsked(library.vocabulary.person)


@pytest.mark.parametrize("question", each(ASKED))
def test_a_person_is_asked_for(asks: PersonAsked, question: str) -> None:
    assert asks(question) == "only"


@pytest.mark.parametrize("question", each(NOT_ASKED))
def test_the_words_alone_are_no_wish(asks: PersonAsked, question: str) -> None:
    assert asks(question) is None


@pytest.mark.parametrize("question", ["纠纷退款率多少？不行就转人工", "转人工，我的纠纷退款率怎么算"])
def test_a_question_beside_the_wish_is_not_lost(asks: PersonAsked, question: str) -> None:
    assert asks(question) == "beside"


def test_no_question_of_the_cases_is_taken_for_a_wish(asks: PersonAsked) -> None:
    wished = []
    for path in sorted(CASES.iterdir()):
        written = path.read_text(encoding="utf-8")
        jsonl = path.suffix == ".jsonl"
        cases = [json.loads(line) for line in written.splitlines() if line] if jsonl else yaml.safe_load(written)
        wished += [turn for case in (cases if isinstance(cases, list) else cases["cases"]) for turn in case["turns"] if asks(turn)]
    assert wished == ["跟机器说不清楚，给我转个真人行不行"]


@given(st.text(max_size=60))
def test_any_text_can_be_looked_at(asks: PersonAsked, text: str) -> None:
    assert asks(text) in (None, "only", "beside")


def test_what_whoever_asks_is_told() -> None:
    along = "这段对话、算出的数和引用的规则会一起转过去，不用再说一遍"
    assert told(Help("工作日 9:00–18:00", True)) == f"可以转人工，现在有人（工作日 9:00–18:00）；{along}。"
    away = told(Help("工作日 9:00–18:00", False, "周一 9:00"))
    assert away == f"人工服务时间是工作日 9:00–18:00，现在没人在；留下手机号或邮箱，周一 9:00上班后回你，{along}。"


DECLINED: list[Event] = [Declined("答不了", "unknown")]
ASKED_AGAIN: list[Event] = [Asked("还差一个数", "rate", "纠纷退款率", ())]


def test_misses() -> None:
    waiting = Understood("rate", {"refunds": 7.0}, open=True)
    assert is_miss(DECLINED, Understood(), None)
    assert not is_miss([Text("说明")], Understood(), None)
    assert not is_miss(ASKED_AGAIN, waiting, None)  # asked for the first time
    assert is_miss(ASKED_AGAIN, waiting, waiting)  # asked again, and no wiser
    assert is_miss([Refused("算不出来")], waiting, waiting)
    assert not is_miss(ASKED_AGAIN, Understood("rate", {"refunds": 7.0, "orders": 12.0}, open=True), waiting)
    assert not is_miss(ASKED_AGAIN, Understood("other", {}, open=True), waiting)
    assert is_miss(ASKED_AGAIN, Understood(), None)
