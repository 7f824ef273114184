"""How refunds are closed and disputed on 淘宝 and 天猫, and the old composite ranking that judged it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from assistant.metrics import Input, metric

TAOBAO = ("淘宝", "天猫")
HOURS_A_DAY = 24


@metric(
    "特色服务退款纠纷率（介入即计）", "ratio", worse="higher", platforms=("天猫",),
    aliases=(
        "特色服务退款纠纷率", "特色服务纠纷率", "破损无忧纠纷率", "过敏包退纠纷率", "小二介入率", "介入率",
        "退款介入率",
            "特色服务的退款纠纷率", "破损无忧", "过敏包退", "特色服务",
        ),
)
def intervene_rate_special(
    intervened: Annotated[float, Input(
        "指定原因的小二介入退款笔数", "笔", part_of="applied",
        aliases=(
            "小二介入退款", "介入退款", "小二介入", "客服介入", "平台介入", "介入笔数", "介入单", "介入了", "介入",
            "小二插手", "插手的", "插手", "介入的",
        ),
        hint="不分责任，介入就算",
    )],
    applied: Annotated[float, Input(
        "指定原因的退款申请笔数", "笔", positive=True,
        aliases=("退款申请笔数", "退款申请", "申请退款", "申请笔数", "申请单", "申请", "总退款", "退款",
            "申请退款的", "来申请退款", "申请的",
        ),
    )],
) -> float:
    """指定原因的小二介入退款笔数 ÷ 指定原因的退款申请笔数。"""
    return intervened / applied


@metric(
    "退款自主完结率", "ratio", worse="lower", platforms=TAOBAO,
    aliases=("自主完结率", "退款自主完结比例", "自主完结比例", "自己完结率"),
)
def self_close_rate(
    self_closed: Annotated[float, Input(
        "商家自主完结的退款笔数", "笔", part_of="all_closed",
        aliases=(
            "商家自主完结退款", "商家自主完结", "自主完结退款", "自主完结的退款", "自主完结笔数", "自主完结",
            "自己完结的退款", "自己完结", "自行完结", "自己处理完", "自己处理", "自己退", "自主退款", "自主",
        ),
        hint="系统超时自动退款、介入后自己点退款都算，只要最后一步不是小二操作",
        others=("小二操作", "小二介入", "平台介入", "小二判", "平台判", "介入完结", "小二处理", "平台完结",),
    )],
    all_closed: Annotated[float, Input(
        "店铺完结退款总笔数", "笔", positive=True,
        aliases=(
            "店铺完结退款总笔数", "店铺完结退款总共", "店铺完结退款", "完结退款总笔数", "完结退款总数", "完结退款",
            "退款完结总数", "全部完结", "总完结", "完结总数", "一共完结", "总共完结", "全店完结", "总退款",
            "退款总数", "全部退款", "退款总共", "总共", "一共",
        ),
        hint="按退款完结时间取数",
    )],
) -> float:
    """商家自主完结退款笔数 ÷ 店铺完结退款总笔数。"""
    return self_closed / all_closed


@metric(
    "平均退款完结时长", "小时", worse="higher", platforms=TAOBAO,
    aliases=(
        "退款完结时长", "退款时长", "平均退款时长", "退款平均时长", "退款处理时长", "退款速度", "平均完结时长",
        "退货退款处理时长", "平均处理时长", "退款申请到完结",
            "退款平均多久", "平均多久弄完", "平均多久处理", "退款多久弄完", "平均要多久",
        ),
)
def refund_duration(
    durations_hours: Annotated[tuple[float, ...], Input(
        "每笔退款从申请到完结的小时数", "小时",
        aliases=("退款用了", "分别用了", "用时", "耗时", "完结时长", "每笔时长", "处理时长", "时长", "用了", "花了"),
        hint="一笔填一个数；只填小二没有实际介入的单",
    )],
) -> float:
    """Σ（完结时刻 － 申请时刻）÷ 完结笔数。"""
    return sum(durations_hours) / len(durations_hours)


@metric(
    "退款自主完结时长（两类加权）", "小时", worse="higher", platforms=TAOBAO,
    aliases=(
        "自主完结时长", "退款自主完结时长", "加权完结时长", "退款完结时长加权", "综合退款时长", "综合完结时长",
        "加权退款时长",
            "加权下来", "加权以后", "加权后", "按笔数加权", "加权合起来", "两类加权", "两块加权", "加权的完结时长",
            "两类退款合一块", "合一块的平均时长", "两类合起来",
        ),
)
def refund_duration_weighted(
    h_only: Annotated[float, Input(
        "仅退款平均时长", "小时",
        aliases=(
            "仅退款自主完结时长", "仅退款平均时长", "仅退款时长", "仅退款平均", "只退款时长", "仅退款用时",
            "仅退款耗时",
            "仅退款那块",
            "仅退款",
        ),
    )],
    n_only: Annotated[float, Input(
        "仅退款笔数", "笔",
        aliases=("仅退款笔数", "仅退款单数", "仅退款单", "只退款笔数", "仅退款有", "仅退款"),
    )],
    h_return: Annotated[float, Input(
        "退货退款平均时长", "小时",
        aliases=(
            "退货退款自主完结时长", "退货退款平均时长", "退货退款时长", "退货退款平均", "退货平均", "退货时长",
            "退货退款用时", "退货退款耗时",
            "退货退款那块",
            "退货退款",
        ),
    )],
    n_return: Annotated[float, Input(
        "退货退款笔数", "笔",
        aliases=("退货退款笔数", "退货退款单数", "退货退款单", "退货笔数", "退货退款有", "退货退款", "退货"),
    )],
) -> float:
    """（仅退款时长 × 仅退款笔数 ＋ 退货退款时长 × 退货退款笔数）÷（仅退款笔数 ＋ 退货退款笔数）。"""
    return (h_only * n_only + h_return * n_return) / (n_only + n_return)


@metric("仅退款占比", "ratio", platforms=TAOBAO, aliases=("仅退款比例", "仅退款占多少", "只退款占比", "仅退款的占比"))
def refund_only_share(
    n_only: Annotated[float, Input(
        "仅退款笔数", "笔", part_of="n_self_closed",
        aliases=("仅退款自主完结笔数", "仅退款笔数", "仅退款单数", "仅退款单", "只退款", "仅退款"),
    )],
    n_self_closed: Annotated[float, Input(
        "自主完结退款总笔数", "笔", positive=True,
        aliases=(
            "自主完结退款总笔数", "自主完结总数", "自主完结退款", "自主完结笔数", "自主完结", "总退款", "退款总数",
            "全部退款", "总数", "总笔数", "总共", "一共",
        ),
    )],
) -> float:
    """仅退款自主完结笔数 ÷ 自主完结退款总笔数。"""
    return n_only / n_self_closed


@metric(
    "售后服务综合指标排名（旧）", "ratio", worse="higher", platforms=("天猫",),
    aliases=(
        "售后综合指标排名", "售后服务综合指标", "售后综合指标", "售后综合评分排名", "售后综合排名", "服务综合指标",
        "综合指标排名", "售后排名", "行业排名占比",
    ),
)
def aftersale_rank(
    rank_pct: Annotated[float, Input(
        "同类目行业排名占比", "ratio", maximum=1.0,
        aliases=(
            "行业排名占比", "行业排名", "排名占比", "同行排名", "类目排名", "综合指标排名", "综合指标", "综合排名",
            "排名", "排在",
        ),
        hint="数值越小越好",
    )],
) -> float:
    """看板显示的同类目行业排名占比，数值越小越好。"""
    return rank_pct


@metric(
    "售后综合得分近似（旧，按流传的权重）", "分", worse="lower", platforms=("天猫",),
    aliases=(
        "售后综合得分", "综合得分近似", "售后综合分", "三项加权得分", "三项综合得分",
        "综合得分", "综合多少分", "综合几分", "综合得多少分", "综合得几分", "合成多少分", "加权多少分", "加权总分",
    ),
)
def composite_score_old(
    s_dispute: Annotated[float, Input(
        "纠纷退款率得分", "分",
        aliases=("纠纷退款率得分", "纠纷退款得分", "纠纷率得分", "纠纷得分", "纠纷退款率", "纠纷率", "纠纷"),
    )],
    s_duration: Annotated[float, Input(
        "退款完结时长得分", "分",
        aliases=("退款完结时长得分", "完结时长得分", "退款时长得分", "时长得分", "完结时长", "退款时长", "时长"),
    )],
    s_selfclose: Annotated[float, Input(
        "自主完结率得分", "分",
        aliases=("退款自主完结率得分", "自主完结率得分", "自主完结得分", "自主完结率", "自主完结", "自主"),
    )],
    *,
    composite_score_old: Mapping[str, float],
) -> float:
    """（纠纷退款率得分 × 权重 ＋ 完结时长得分 × 权重 ＋ 自主完结率得分 × 权重）÷ 权重之和。"""
    weights = composite_score_old
    total = s_dispute * weights["dispute"] + s_duration * weights["duration"] + s_selfclose * weights["self_close"]
    return total / (weights["dispute"] + weights["duration"] + weights["self_close"])


@metric(
    "判责申诉最后日", "date", platforms=TAOBAO,
    aliases=(
        "申诉最后日", "申诉截止", "申诉截止日", "申诉最后一天", "判责申诉截止", "几号前申诉", "最晚哪天申诉",
        "哪天前申诉", "申诉到哪天",
        "申诉到几号", "还能申诉到几号", "申诉期到哪天", "申诉期到几号", "几号前要申诉", "申诉还剩几天",
        "还剩几天能申诉", "申诉最晚哪天",
    ),
)
def dispute_appeal_deadline(
    judged: Annotated[date, Input(
        "判责那天", "date",
        aliases=(
            "判责", "判责日", "判责日期", "判的责", "判我责", "判了我责任", "判卖家责", "判商家责", "判我输",
            "判我们责任", "判了责", "判的",
            "小二判", "被判责",
        ),
        hint="退款成功页显示的退款成功那天",
    )],
    *,
    taobao_dispute_appeal: Mapping[str, float],
) -> date:
    """判责那天 ＋ 申诉时限（小时数折成天）。"""
    return judged + timedelta(days=taobao_dispute_appeal["appeal"] // HOURS_A_DAY)


@metric(
    "判责单移出统计日", "date", platforms=TAOBAO,
    aliases=(
        "纠纷单移出日", "判责单移出日", "移出统计", "哪天移出", "几号移出", "哪天消掉", "几号消掉",
        "哪天能消掉", "几号能消掉", "哪天消除",
        "哪天不算了", "几号不算了", "什么时候移出统计", "哪天从纠纷率里移出", "影响到几号", "影响到哪天",
    ),
)
def dispute_rolloff_day(
    effective: Annotated[date, Input(
        "判责生效那天", "date",
        aliases=("判责生效", "判责生效日", "生效那天", "判责", "判责日", "判责日期", "判的责", "判我责", "判了责", "被判责", "判的", "判卖家责"),
        hint="退款成功页显示的退款成功那天",
    )],
    *,
    dispute_refund_rate: Mapping[str, float],
) -> date:
    """判责生效那天 ＋ 纠纷退款率的统计天数。"""
    return effective + timedelta(days=dispute_refund_rate["window"])
