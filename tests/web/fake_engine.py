"""A small engine with fixed answers of every kind, for tests. By hand: python -m tests.web.fake_engine 8020"""

import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any

import anyio

from assistant.answer import (
    Accepted,
    Asked,
    Calculated,
    Citation,
    Cited,
    Declined,
    Done,
    Drafted,
    Event,
    InputShown,
    Refused,
    Ruled,
    RuleRow,
    Suggested,
    Text,
    Working,
)
from assistant.drafting import Draft
from assistant.errors import InvalidInput, QuestionRefused
from assistant.store import IN_MEMORY, Store
from assistant.web.contract import Thumb
from assistant.wording import say

RATE = "dispute_refund_rate"
SOURCES = Cited((
    Citation(
        "rule/dispute_refund_rate", "纠纷退款率的口径", "53shop · 2017天猫售后指标变化",
        "近30天（售中＋售后）判定商家责任且生效的退款笔数÷近30天支付宝成交笔数（子订单数）", "https://example.com/53",
        "2017-04-07 起", "high",
    ),
    Citation(
        "rule/score", "淘宝网营销活动规范", "淘宝规则", "报名改看店铺综合体验分，不低于4.2", "",
        "2024-02-19 起", "medium",
    ),
    Citation("rule/real", "淘宝平台店铺真实体验分规范", "淘宝规则", "服务保障看三项指标", "", "2025-06-30 起", "high"),
    Citation(
        "rule/appeal", "新灯塔指标与申诉", "新灯塔说明", "退款成功页72小时内可申诉", "javascript:alert(1)",
        "2021口径", "low",
    ),
))


def rate(refunds: float, orders: float) -> Calculated:
    """The card of the first answer, for any two figures."""
    value = refunds / orders
    return Calculated(
        RATE, "纠纷退款率", {"liable_refunds": refunds, "paid_suborders": orders}, value, "ratio", say(value, "ratio"),
        "ok" if value < 0.001 else "breach", "不影响报名" if value < 0.001 else "偏高", "taobao_dispute_gate",
        "判商家责任且生效的退款笔数÷支付宝成交子订单数", "近30天 · 2017-04-07 起", "high",
        (
            InputShown(
                "liable_refunds", "判卖家责且生效的退款", "笔", refunds, say(refunds, "笔"), "介入但没判商家责任的不计入",
            ),
            InputShown("paid_suborders", "支付宝成交（子订单）", "笔", orders, say(orders, "笔")),
        ),
        ("liable_refunds", "paid_suborders"), "介入但没判你责任、双方自行和解的不计入；一单多件按子订单数填。[1]",
    )


RULES = Ruled((
    RuleRow("2018-07-26 止", "天猫：售后服务综合指标排名≤90%", "已停用", True),
    RuleRow("2024-02-18 止", "淘宝：DSR与纠纷退款率达标才能报名", "已停用", True),
    RuleRow("2024-02-19 起", "淘宝：店铺综合体验分≥4.2 [2]", "报名线·单一来源", False),
    RuleRow(
        "2025-06-30 起", "真实体验分：三维九项，没有纠纷退款率，相关的是退款处理时长、平台求助率 [3]",
        "评分口径", False,
    ),
))
ACTS = Text(
    "- **先看体验分够不够4.2。**在千牛诊断页重点看退款处理时长和平台求助率。\n"
    "- **不服的判责，72小时内申诉。**退款成功页点「我要申诉」，审核约48小时（2021口径）。[4]\n"
    "- **每天扫两次列表。**退款待处理、待确认收货、平台介入；能和解先和解。", "acts",
)
NEXT = Suggested(("再来3笔判责会怎样", "想压到0.05%最多几笔", "真实体验分看哪九项", "判责不服怎么申诉"))
MAIN: list[Event] = [
    Working("读到成交12,000单、判责7笔"), Working("算出纠纷退款率0.0583%"), Working("核对2024-02-19起的报名规则"),
    rate(7, 12000), Text("淘宝活动报名从2024-02-19起不再看纠纷退款率，改看店铺综合体验分，要≥4.2。[2]", "say"),
    RULES, ACTS, SOURCES, NEXT, Done("answered", 12.0),
]
ASKED: list[Event] = [
    Asked(
        "还差一个数：全店运营费用。", "service_absorption", "零服吸收率",
        (
            InputShown("aftersales_gross_profit", "售后毛利", "元", 420000.0, "42万元"),
            InputShown("operating_expense", "全店运营费用", "元", None, "", "固定＋变动，取同一个月"),
        ),
        "分子也有用售后利润的，前后别混用",
    ),
    Done("asked", 3.0),
]
REFUSED: list[Event] = [
    Refused("判责退款120笔多过成交80笔，算不出来。\n判责退款是成交里的一部分，不会超过成交笔数。是不是下面哪种？"),
    Suggested(("两个数写反了", "120是退款申请数", "80是今天的成交")), Done("asked", 2.0),
]
DECLINED: list[Event] = [
    Declined(
        "答不了：九项的权重没有公开来源。\n"
        "规范只公布了三个维度、九个指标（2025-06-30 起），给你一个权重就是编的。这几个能答：", "unknown",
    ),
    Suggested(("真实体验分看哪九项", "4.6分和4.8分各影响什么", "近30天不到30单会怎样")), Done("declined", 2.0),
]
CONFLICT: list[Event] = [
    Text("四处来源互相矛盾，给不了一个准数。", "say"),
    Text(
        "| 说法 | 出处 |\n| --- | --- |\n"
        "| 延迟：承诺≤48小时赔5%、更长赔10%，单笔5–50元；缺货30%，最高500元 | [1] |\n"
        "| 缺货：承诺≤48小时赔10%（5–100元）、更长赔15%（5–500元） | [2] |\n"
        "| 1%，3–30元 | [3] |\n| 旧天猫：30%，最高500元，赔积分 | [4] |"
    ),
    Text("**两边平台不同。**到规则中心查当日条文，以它为准。", "note"), SOURCES, Done("answered", 4.0),
]
INSURANCE: list[Event] = [
    Calculated(
        "insurance_or_cash", "走保险还是自费",
        {"repair": 1800.0, "premium": 4000.0, "factor": 0.7, "band": "连续四年没出险"},
        1000.0, "元", "自费省1,000元", "ok", "自费", None, "修车费－往后续保多付的保费", "NCD 2020-09-19 起", "calc",
        (
            InputShown("repair", "修车费", "元", 1800.0, "1,800元"),
            InputShown("premium", "基准保费×自主系数", "元", 4000.0, "4,000元"),
            InputShown("factor", "折扣", "ratio", 0.7, "70%"),
            InputShown("band", "出险记录", "", "连续四年没出险", "连续四年没出险"),
        ), None, "", date(2026, 11, 23),
    ),
    Text("走保险修车省1,800元，往后5次续保共多付2,800元。", "say"),
    Calculated(
        "renewal_gap", "第一年多付", {"premium": 4000.0}, 800.0, "元", "800元", "watch", "要留意", None,
        "基准保费×(0.7－0.5)", "", "low", (InputShown("premium", "基准保费", "元", 4000.0, "4,000元"),), None,
        "中间档待核实",
    ),
    Done("answered", 5.0),
]

PAPER = (
    "# 淘宝/天猫判责申诉说明\n\n## 一、期限\n\n| 事项 | 日子 |\n| --- | --- |\n| 申诉最后日 | {last} |\n\n"
    "- ☐ **签收拆包录像**，一镜到底[4]\n- ☐ 称重与发货对比照\n\n申诉人：＿＿＿＿\n"
)
DRAFTED: list[Event] = [
    Text("申诉清单和申诉说明写好了，72小时内提交。[4]", "say"),
    Drafted(
        "appeal", "淘宝/天猫判责申诉说明", PAPER.format(last="2026-11-26（还剩1天）"),
        {"dispute_appeal_deadline": {"judged": date(2026, 11, 23)}}, date(2026, 11, 25), "淘宝、天猫判责申诉说明-2026-11-25",
    ),
    Text("把订单编号告诉我，我填进去。", "acts"), SOURCES, Suggested(("申诉多久出结果",)), Done("answered", 6.0),
]


class FakeEngine:
    """Answers by a word of the question; remembers what the page told it."""

    def __init__(self, *, ready: bool = True, pause: float = 0.0, store: Store | None = None) -> None:
        self.ready, self.pause = ready, pause
        self.store = store or Store(IN_MEMORY)
        self.checked_on = date(2026, 11, 23)
        self.starters: Mapping[str, Sequence[str]] = {
            "merchant": ("近30天1.2万单，判责退款7笔，会影响报名活动吗", "买家退回来影响二次销售，能不能拒绝退款"),
            "dealer": ("零服吸收率怎么算，多少算好", "刚接手售后前台，客户流失率从哪算起"),
            "owner": ("小剐蹭走保险划算，还是自费",),
            "express": ("总部指标太高完不成被罚，怎么办",),
        }
        self.asked: list[tuple[str, str | None]] = []
        self.thumbs: list[tuple[str, Thumb]] = []
        self.forgotten: list[str] = []
        self.taken: list[tuple[str, Mapping[str, Mapping[str, Any]], date | None]] = []
        self.closed_early = 0

    def keeping_in(self, store: Store) -> "FakeEngine":
        """The same answers, kept elsewhere; what was asked and closed early is counted there."""
        return FakeEngine(ready=self.ready, pause=self.pause, store=store)

    async def ask(self, conversation_id: str, question: str, *, audience: str | None = None) -> AsyncIterator[Event]:
        """Yield the answer that fits; 「慢」 never ends by itself, 「崩」 crashes."""
        self.asked.append((question, audience))
        while not self.ready:  # noqa: ASYNC110, it is set from the thread of the test
            await anyio.sleep(0.02)
        if len(question) > 500:
            raise QuestionRefused("问题太长，请缩短到500字以内再问。")
        if "崩" in question:
            raise RuntimeError("secret detail")
        turn = self.store.accept(conversation_id, question, audience=audience)
        told: list[Event] = []
        done = False
        try:
            yield Accepted(turn)
            for event in _pick(question):
                told.append(event)
                if isinstance(event, Done):
                    self.store.record(turn, told, None)
                yield event
                await anyio.sleep(self.pause)
            if "慢" in question:
                await anyio.sleep_forever()
            done = True
        finally:
            if not done and not any(isinstance(event, Done) for event in told):
                self.store.stop(turn, "stopped", told)
            self.closed_early += not done

    def recalculate(self, metric: str, inputs: dict[str, Any], day: date | None) -> Calculated:
        """Compute the fraction again."""
        if metric != RATE:
            raise InvalidInput("这张卡片不能改。")
        if inputs["liable_refunds"] > inputs["paid_suborders"]:
            raise InvalidInput("判责退款超过了成交，不合理，请核对。")
        return rate(inputs["liable_refunds"], inputs["paid_suborders"])

    def draft(self, guide: str, given: Mapping[str, Mapping[str, Any]], day: date | None) -> Draft:
        """The same paper, rendered again from what the page sent."""
        self.taken.append((guide, given, day))
        if guide != "appeal":
            raise InvalidInput("没有这份文书，请刷新页面再试。")
        judged = given["dispute_appeal_deadline"]["judged"]
        paper = PAPER.format(last=f"{judged.isoformat()}起算")
        return Draft("appeal", "淘宝/天猫判责申诉说明", "", paper, (), (), (), "淘宝、天猫判责申诉说明-2026-11-25")

    def feedback(self, conversation_id: str, question: str, thumb: Thumb, reason: str = "") -> None:
        """Keep the thumb."""
        self.thumbs.append((question, thumb))

    def forget(self, conversation_id: str) -> None:
        """Forget, and keep that it was asked for."""
        self.forgotten.append(conversation_id)
        self.store.forget(conversation_id)


def _pick(question: str) -> list[Event]:
    known = {"权重": DECLINED, "零服": ASKED, "120": REFUSED, "延迟": CONFLICT, "保险": INSURANCE, "申诉说明": DRAFTED}
    for word, events in known.items():
        if word in question:
            return events
    if "慢" in question:
        return MAIN[:3]
    if "<" in question:
        return [Text(f"你问的是 {question}", "say"), Text(f"**{question}**"), Done("answered")]
    return MAIN


if __name__ == "__main__":
    import uvicorn

    from assistant.settings import Settings
    from assistant.web.app import create_app

    port = int(sys.argv[1])
    served = create_app(FakeEngine(pause=0.05), Settings(port=port))
    uvicorn.run(served, host="127.0.0.1", port=port, log_level="warning")
