"""After-sales metrics of a 4S dealer: turnover, customers, margin, repair quality and satisfaction."""

from typing import Annotated

from assistant.errors import InvalidInput
from assistant.metrics import Input, metric
from assistant.wording import plain

VISITS = (
    "出厂台次", "进厂台次", "回厂台次", "来厂台次", "维修台次", "总台次", "结算台次", "台次", "进厂", "出厂", "回厂",
    "来厂", "接车", "车次", "接待台次", "台数",
)
TURNOVER = (
    "售后产值", "维修产值", "总产值", "产值", "售后营业额", "营业额", "售后收入", "维修收入", "总收入", "收入",
    "流水",
    "service revenue", "revenue")
_PROFIT = ("售后毛利润", "售后毛利", "服务毛利", "零服毛利", "毛利润", "毛利额", "毛利", "售后利润", "利润")
_VISITORS = (
    "进站客户数", "进站客户", "进厂客户", "来店客户", "当月进站", "进站", "基盘客户", "基盘", "客户数", "客户",
    "基数",
    "进厂",
)
_RETURNED = (
    "后续6个月回站", "6个月内回站", "回站客户", "再进站", "再次进站", "回站", "回来过", "回来了", "回来", "回厂",
    "回店", "又回来", "又来过", "又来", "再来", "回来过的", "又回来", "回来了", "要回来")
_EXPENSES = (
    "全店运营费用", "全店月费用", "全店费用", "全店总费用", "专营店总费用", "营业费用", "运营费用", "经营费用",
    "总费用", "月费用", "费用", "全店开支", "总开支", "开支", "开销",
)


@metric("售后净产值", "元", worse="lower", aliases=("净产值", "不含税产值", "税后产值", "净营业额"))
def net_output(
    bill_total: Annotated[float, Input(
        "结算合计", "元", aliases=("结算合计", "结算总额", "结算金额", "结算", "合计", "账单", "含税产值",
        "开单金额"),
    )],
    discount: Annotated[float, Input(
        "优惠", "元", part_of="bill_total", aliases=("优惠", "折扣", "减免", "让利", "打折", "抹零", "卡券",
            "优惠了",
        ),
        hint="没有优惠就填零",
    )],
    vat: Annotated[float, Input(
        "增值税税率", "ratio", maximum=1, aliases=("增值税税率", "增值税率", "增值税", "税率", "税点"),
        hint="按开票税率填",
    )],
) -> float:
    """（结算合计 － 优惠）÷（1 ＋ 增值税税率）。"""
    return (bill_total - discount) / (1 + vat)


@metric(
    "单车产值", "元/台次", worse="lower",
    aliases=(
        "单台产值", "单台营收", "单台次产值", "单车营收", "台次产值", "台均产值", "客单价", "单台营业额",
        "单车营业额",
        "单产",
            "revenue per ro",
            "单台",
        ),
)
def revenue_per_visit(
    output: Annotated[float, Input("维修产值", "元", aliases=TURNOVER, hint="工时＋配件，机电、钣喷、养护合在一起")],
    ro_count: Annotated[float, Input(
        "出厂台次", "台次", positive=True, aliases=(*VISITS, "工单",
            "ro count", "ro", "ros",
        ), hint="按结算出厂的次数，同车多次各算一次",
    )],
) -> float:
    """维修产值 ÷ 出厂台次。"""
    return output / ro_count


@metric(
    "台次售后毛利", "元/台次", worse="lower",
    aliases=("单车毛利", "单台毛利", "台次毛利", "单台售后毛利", "每台次毛利", "台均毛利"),
)
def gross_profit_per_visit(
    service_gross_profit: Annotated[float, Input("售后毛利", "元", signed=True, aliases=_PROFIT)],
    ro_count: Annotated[float, Input("出厂台次", "台次", positive=True, aliases=(*VISITS, "工单"))],
) -> float:
    """售后毛利 ÷ 出厂台次。"""
    return service_gross_profit / ro_count


@metric(
    "定期保养台次占比", "ratio", worse="lower",
    aliases=("定保台次占比", "定保占比", "保养占比", "定期保养占比", "保养台次占比"),
)
def maintenance_share(
    maint_ro: Annotated[float, Input(
        "定期保养台次", "台次", part_of="total_ro",
        aliases=("定期保养台次", "定期保养", "定保台次", "定保", "保养台次", "保养进厂", "做保养", "保养"),
    )],
    total_ro: Annotated[
        float, Input("总进厂台次", "台次", positive=True, aliases=("总进厂台次", "总进厂", "一共", "总共", *VISITS)),
    ],
) -> float:
    """定期保养台次 ÷ 总进厂台次。"""
    return maint_ro / total_ro


@metric(
    "维修毛利率", "ratio", worse="lower",
    aliases=("维修差价率", "差价率", "售后毛利率", "工时毛利率", "配件毛利率", "毛利率"),
)
def gross_margin(
    revenue: Annotated[
        float, Input("维修收入", "元", positive=True, aliases=(*TURNOVER, "工时收入", "配件收入", "销售额")),
    ],
    cost: Annotated[
        float,
        Input("维修成本", "元", aliases=("维修成本", "售后成本", "总成本", "成本", "进价", "进货成本", "人工成本")),
    ],
) -> float:
    """（维修收入 － 维修成本）÷ 维修收入。"""
    return (revenue - cost) / revenue


@metric(
    "零服吸收率", "ratio", worse="lower",
    aliases=("营业费用吸收率", "费用吸收率", "服务吸收率", "售后吸收率", "零服务吸收率", "吸收率",
            "国内口径", "国内算法",
            "absorption rate", "absorption",
        ),
)
def absorption_rate(
    service_gross_profit: Annotated[float, Input(
        "售后毛利", "元", signed=True, aliases=_PROFIT, hint="填毛利，不要填扣完费用的净利润，否则会偏低",
    )],
    total_opex: Annotated[
        float, Input("全店运营费用", "元", positive=True, aliases=_EXPENSES, hint="固定＋变动，与毛利同一期间"),
    ],
) -> float:
    """售后毛利 ÷ 全店运营费用。"""
    return service_gross_profit / total_opex


@metric(
    "零服吸收率（NADA口径）", "ratio", worse="lower",
    aliases=("NADA口径吸收率", "NADA吸收率", "NADA口径", "NADA", "美式吸收率", "剔除销售费用的吸收率",
            "NADA口径的吸收率", "NADA算法的吸收率", "NADA标准的吸收率", "按NADA口径算吸收率",
        ),
)
def absorption_rate_nada(
    service_gross_profit: Annotated[
        float, Input("售后毛利", "元", signed=True, aliases=_PROFIT, hint="配件＋维修＋钣喷的毛利"),
    ],
    total_opex: Annotated[float, Input("全店费用", "元", positive=True, aliases=_EXPENSES)],
    vehicle_variable_selling: Annotated[float, Input(
        "新车与二手车变动销售费用", "元", part_of="total_opex",
        aliases=(
            "变动销售费用", "销售变动费用", "变动费用", "销售费用", "销售提成", "新车销售费用", "卖车费用",
            "整车变动费用",
        ),
        hint="随卖车数量变动的费用，例如销售提成",
    )],
) -> float:
    """售后毛利 ÷（全店费用 － 新车与二手车变动销售费用）。"""
    return service_gross_profit / (total_opex - vehicle_variable_selling)


@metric("客户流失率（6个月滚动）", "ratio", worse="higher", aliases=(
    "客户流失率", "流失率", "6个月流失率", "六个月流失率", "滚动6个月流失率", "滚动6月流失率", "半年流失率",
    "滚动流失率",
))
def churn_6m(
    base_customers: Annotated[float, Input(
        "进站客户数", "户", positive=True, aliases=_VISITORS, hint="看6个月前那个月进站的客户，按客户去重",
    )],
    returned_within_6m: Annotated[float, Input(
        "后6个月内回站客户数", "户", part_of="base_customers", aliases=_RETURNED,
        others=("没回来", "没回厂", "没回店", "没回站", "没来", "流失",),
        hint="同一批客户里，之后6个月内至少回来过一次的",
    )],
) -> float:
    """1 － 后6个月内回站客户数 ÷ 进站客户数。"""
    return 1 - returned_within_6m / base_customers


@metric(
    "回厂率（6个月）", "ratio", worse="lower",
    aliases=("回厂率", "返厂率", "回站率", "返店率", "回店率", "6个月回厂率", "回头率"),
)
def return_rate_6m(
    returned_within_6m: Annotated[float, Input(
        "后6个月内回站客户数", "户", part_of="base_customers", aliases=_RETURNED,
        others=("没回来", "没回厂", "没回店", "没回站", "没来", "流失",),
    )],
    base_customers: Annotated[float, Input(
        "进站客户数", "户", positive=True, aliases=_VISITORS, hint="看6个月前那个月进站的客户，按客户去重",
    )],
) -> float:
    """后6个月内回站客户数 ÷ 进站客户数。"""
    return returned_within_6m / base_customers


@metric("客户流失率（12个月）", "ratio", worse="higher", aliases=(
    "12个月流失率", "十二个月流失率", "一年流失率", "年流失率", "12月流失率", "按12个月算流失率", "基盘流失率",
    "客户流失率", "流失率",
            "12个月口径流失", "按12个月", "一年口径",
        ))
def churn_yearly(
    lost_12m: Annotated[float, Input(
        "12个月以上未到店客户数", "户", part_of="active_base", aliases=(
            "12个月未到店", "一年没来", "一年未到店", "12个月没来", "超过一年没来", "流失客户", "未到店", "没到店",
            "没来", "未回", "没回来", "没回站", "未回站", "没回厂", "未回厂", "没回店", "流失", "沉睡客户", "沉睡",
            "一年以上没", "没露过面", "没露面", "超过一年没", "12个月以上没", "超过12个月", "超12个月",
        ), hint="最后一次到店早于12个月前的客户",
    )],
    active_base: Annotated[float, Input(
        "有效基盘客户数", "户", positive=True, aliases=(
            "有效基盘客户", "有效基盘", "基盘客户", "基盘", "客户总数", "总客户", "保有客户", "保有量", "活跃客户",
            "客户",
        ), hint="口径要与厂家一致",
    )],
) -> float:
    """12个月以上未到店客户数 ÷ 有效基盘客户数。"""
    return lost_12m / active_base


@metric("客户留存率", "ratio", worse="lower", aliases=("留存率", "客户保持率", "保持率", "客户保有率", "老客留存率"))
def retention_rate(
    end_active: Annotated[float, Input(
        "期末活跃客户数", "户",
        aliases=("期末活跃客户", "期末活跃", "期末客户", "期末", "年末", "年底", "月末", "现在"),
    )],
    new_customers: Annotated[float, Input(
        "期内新增客户数", "户", part_of="end_active",
        aliases=("新增客户", "新客户", "新客", "新增", "期内新增", "新进"),
    )],
    start_active: Annotated[float, Input(
        "期初客户数", "户", positive=True,
        aliases=("期初活跃客户", "期初客户", "期初活跃", "期初", "年初", "月初", "原来", "开始"),
    )],
) -> float:
    """（期末活跃客户数 － 期内新增客户数）÷ 期初客户数。"""
    return (end_active - new_customers) / start_active


@metric("续保率", "ratio", worse="lower", aliases=("续保比例", "续保成功率", "续保完成率", "到期续保率",
            "续保要做到", "续保做到",
        ))
def renewal_rate(
    renewed: Annotated[float, Input(
        "续保台数", "台", part_of="expiring",
        aliases=("续保台数", "续保成功", "成功续保", "续保", "续回", "续上", "续了", "已续", "续成", "续单",
            "续在我们", "续在店里", "在店续", "留在我们店续", "续到",
        ),
        others=("没续", "没续上", "未续", "续到别家", "去别家", "流失", "跑了",),
    )],
    expiring: Annotated[float, Input(
        "到期应续台数", "台", positive=True,
        aliases=(
            "到期应续台数", "到期应续", "应续台数", "应续保", "应续", "到期台数", "到期车辆", "到期保单", "到期",
            "该续", "保险到期",
            "到期的", "到其",
        ),
        hint="分子分母要是同一个到期月",
    )],
) -> float:
    """续保台数 ÷ 同期到期应续台数。"""
    return renewed / expiring


@metric("净推荐值", "分", worse="lower", aliases=("NPS", "净推荐值NPS", "推荐值", "净推荐"))
def nps(
    promoters: Annotated[float, Input(
        "推荐者人数", "人", part_of="total",
        aliases=(
            "推荐者", "9到10分", "9-10分", "9~10分", "9–10分", "9至10分", "9、10分", "9和10分", "9分10分", "9分以上",
            "9分及以上", "九到十分", "十分九分", "九分十分", "10分9分", "9分和10分", "打高分", "高分", "推荐",
            "打9分10分",
        ),
        hint="打9到10分的人数",
    )],
    detractors: Annotated[float, Input(
        "贬损者人数", "人", part_of="total", rest_of="total",
        aliases=(
            "贬损者", "批评者", "0到6分", "0-6分", "0~6分", "0–6分", "0至6分", "6分以下", "6分及以下", "零到六分",
            "打低分", "低分", "贬损",
        ),
        hint="打0到6分的人数",
    )],
    total: Annotated[float, Input(
        "评分总人数", "人", positive=True,
        aliases=(
            "评分人数", "总人数", "有效样本", "有效问卷", "样本", "问卷", "受访", "调查", "电话回访", "回访", "收回", "回收", "回来",
            "一共", "总共",
            "访了", "一共访了",
        ),
    )],
    passives: Annotated[float, Input(
        "被动者人数", "人", part_of="total", default=0,
        aliases=(
            "被动者", "中立者", "中立", "被动", "中间派", "7到8分", "7-8分", "7、8分", "7和8分", "七八分", "八分七分", "七分八分",
            "7分8分", "8分7分", "打7分", "打8分", "中间分",
            "7~8分",
        ),
        hint="打7到8分的人数，不影响得分，知道就填",
    )],
) -> float:
    """100 ×（推荐者 － 贬损者）÷ 评分总人数。"""
    counted = {"推荐者": promoters, "被动者": passives, "贬损者": detractors}
    if sum(counted.values()) > total:
        groups = "、".join(f"{name}{plain(count, 0)}人" for name, count in counted.items() if count)
        raise InvalidInput(f"{groups}加起来超过了评分总人数{plain(total, 0)}人，不合理，请核对。")
    return 100 * (promoters - detractors) / total


@metric(
    "客户满意度CSI", "分", worse="lower",
    aliases=("CSI", "客户满意度", "满意度得分", "满意度总分", "服务满意度", "CSI得分", "CSI总分"),
)
def csi(
    scores: Annotated[tuple[float, ...], Input(
        "各维度得分", "分", adds=True, maximum=100,
        aliases=("各维度得分", "维度得分", "各项得分", "分项得分", "得分", "打分", "评分", "分数"),
        hint="按百分制，依次填接待、设施、过程、质量、交付等维度",
    )],
    weights: Annotated[tuple[float, ...], Input(
        "各维度权重", "", adds=True, aliases=("各维度权重", "维度权重", "权重", "占比", "比重"),
        hint="与得分一一对应",
    )],
) -> float:
    """各维度得分 × 权重 之和 ÷ 权重之和。"""
    if len(scores) != len(weights):
        raise InvalidInput(f"得分有{len(scores)}项，权重有{len(weights)}项，对不上，请核对。")
    return sum(score * weight for score, weight in zip(scores, weights, strict=True)) / sum(weights)
