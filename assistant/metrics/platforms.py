"""Refund, dispute and experience metrics of 拼多多, 京东 and 抖音."""

from collections.abc import Mapping
from typing import Annotated

from assistant.errors import InvalidInput
from assistant.metrics import Input, metric

GROUPED = (
    "成团订单数", "成团订单量", "成团订单", "成团单量", "成团单数", "成团单", "成团了", "成团量", "成团", "拼成",
    "订单总数", "总订单", "订单数", "订单量", "订单", "单量", "总单数", "卖了", "成交", "总共", "一共",
)


@metric(
    "拼多多纠纷退款率", "ratio", worse="higher", platforms=("拼多多",),
    aliases=("纠纷退款率", "退款纠纷率", "纠纷率", "纠纷退款", "判责率"),
)
def pdd_dispute_rate(
    liable_refunds: Annotated[float, Input(
        "平台介入且判商家责任的退款单", "单", part_of="grouped_orders",
        aliases=(
            "判商责的介入退款", "判商家责任", "判商家责", "判商责", "商责单", "商责", "介入退款", "判我责任",
            "判我们责任", "判我们商家责任", "判我方责任",
            "判我责", "判责", "纠纷退款单", "纠纷退款", "纠纷单数", "纠纷单", "纠纷数", "纠纷",
        ),
        hint="平台介入、退款成功且判商家责任才算",
    )],
    grouped_orders: Annotated[float, Input("成团订单数", "单", positive=True, aliases=GROUPED)],
) -> float:
    """平台介入且判商家责任的退款单 ÷ 成团订单数。"""
    return liable_refunds / grouped_orders


@metric(
    "拼多多退款率", "ratio", worse="higher", platforms=("拼多多",),
    aliases=("成功退款率", "退款率", "退款比例", "退单率"),
)
def pdd_refund_rate(
    refunded: Annotated[float, Input(
        "成功退款订单", "单",
        aliases=("成功退款订单", "成功退款", "退款成功", "退款订单", "退款单", "退款", "退了", "退单",
            "退成功", "退成功的",
        ),
        hint="往期订单的退款也计入，所以可能多于同期成团单",
    )],
    grouped_orders: Annotated[float, Input("成团订单数", "单", positive=True, aliases=GROUPED)],
) -> float:
    """成功退款订单 ÷ 成团订单数。"""
    return refunded / grouped_orders


@metric(
    "拼多多品质退款率", "ratio", worse="higher", platforms=("拼多多",),
    aliases=("品质退款率", "品退率", "质量退款率", "品质退货率"),
)
def pdd_quality_rate(
    quality_refunds: Annotated[float, Input(
        "品质退款订单", "单", part_of="grouped_orders",
        aliases=("品质退款订单", "品质退款单", "品质退款", "质量问题退款", "质量退款", "品退单", "品退", "质量问题"),
    )],
    grouped_orders: Annotated[float, Input("成团订单数", "单", positive=True, aliases=GROUPED)],
) -> float:
    """品质退款订单 ÷ 成团订单数。"""
    return quality_refunds / grouped_orders


@metric(
    "拼多多平台求助率", "ratio", worse="higher", platforms=("拼多多",),
    aliases=("平台求助率", "求助率", "平台介入率", "介入率", "平台求助"),
)
def pdd_help_rate(
    help_orders: Annotated[float, Input(
        "产生平台求助的成团订单", "单", part_of="grouped_orders",
        aliases=(
            "产生平台求助", "平台求助单", "平台求助", "求助平台", "求助订单", "求助单", "求助", "平台介入", "介入单",
            "介入",
        ),
    )],
    grouped_orders: Annotated[float, Input(
        "成团订单数", "单", positive=True, aliases=GROUPED,
        hint="分母是成团单，不是售后单",
    )],
) -> float:
    """产生平台求助的成团订单 ÷ 成团订单数。"""
    return help_orders / grouped_orders


@metric(
    "拼多多3分钟人工回复率", "ratio", worse="lower", platforms=("拼多多",),
    aliases=("3分钟人工回复率", "三分钟人工回复率", "3分钟回复率", "三分钟回复率", "人工回复率", "客服回复率"),
)
def pdd_reply_3min(
    consult: Annotated[float, Input(
        "咨询人数", "人", positive=True,
        aliases=("咨询人数", "咨询总人数", "咨询客户", "来咨询", "咨询了", "进线", "咨询", "接待", "总共", "一共"),
        hint="只算8点到23点的咨询",
    )],
    not_replied_3min: Annotated[float, Input(
        "3分钟内没有人工回复的人数", "人", part_of="consult",
        aliases=(
            "3分钟内没有人工回复", "3分钟内没回复", "3分钟没回", "三分钟没回", "三分钟内没回", "没有回复", "没回复",
            "未回复", "没回", "漏回", "超时",
        ),
    )],
) -> float:
    """（咨询人数 － 3分钟内没有人工回复的人数）÷ 咨询人数。"""
    return (consult - not_replied_3min) / consult


@metric(
    "拼多多物流综合处罚率", "ratio", worse="higher", platforms=("拼多多",),
    aliases=("物流综合处罚率", "物流处罚率", "物流违规率", "发货处罚率"),
)
def pdd_logistics_penalty_rate(
    penalized: Annotated[float, Input(
        "被物流处罚的单", "单", part_of="shipped",
        adds=True, aliases=("被物流处罚", "物流处罚", "被处罚", "处罚单", "被罚", "处罚", "罚了", "违规单", "违规",
            "虚假发货", "缺货", "延迟", "虚假轨迹", "欺诈", "欺诈发货", "延迟发货",
        ),
        hint="虚假发货、缺货、延迟、欺诈、虚假轨迹都算",
    )],
    shipped: Annotated[float, Input(
        "发货单", "单", positive=True,
        aliases=("发货订单", "发货总数", "发货单", "发货了", "发货", "发了", "发出", "总订单", "订单", "总共", "一共"),
    )],
) -> float:
    """被物流处罚的单 ÷ 发货单。"""
    return penalized / shipped


@metric(
    "京东交易纠纷率", "ratio", worse="higher", platforms=("京东",),
    aliases=("交易纠纷率", "纠纷率", "京东纠纷率", "纠纷单率", "纠纷占比"),
)
def jd_dispute_rate(
    merchant_liable: Annotated[float, Input(
        "商责单", "单",
        aliases=(
            "商家责任单", "商家责任", "商责单", "商责", "判商家责任", "卖家责任", "我方责任", "我们责任", "判我责任",
            "判责",
        ),
    )],
    both_liable: Annotated[float, Input(
        "双方责任单", "单",
        aliases=("双方责任单", "双方责任", "双方", "双方有责", "双方都有责", "双责单", "双责", "各有责任"),
    )],
    appeal_ok: Annotated[float, Input(
        "申诉通过单", "单",
        aliases=("申诉通过单", "申诉通过", "申诉成功", "申诉后来过了", "申诉过了", "申诉下来", "申诉赢了", "申诉"),
    )],
    orders: Annotated[float, Input(
        "下单单量", "单", positive=True,
        aliases=(
            "下单单量", "下单量", "下单数", "下单", "总单量", "订单总量", "总订单", "订单量", "订单数", "订单",
            "单量", "总共", "一共",
        ),
    )],
) -> float:
    """（商责单 ＋ 双方责任单 － 申诉通过单）÷ 下单单量。"""
    disputes = merchant_liable + both_liable - appeal_ok
    if disputes < 0:
        raise InvalidInput("申诉通过单比商责单与双方责任单加起来还多，算不出交易纠纷率，请核对。")
    if disputes > orders:
        raise InvalidInput("纠纷单超过了下单单量，不合理，算不出交易纠纷率，请核对。")
    return disputes / orders


@metric(
    "京东售后处理时长", "小时", worse="higher", platforms=("京东",),
    aliases=("售后处理时长", "售后服务时长", "售后时长", "平均售后时长", "售后审核处理时长"),
)
def jd_service_hours(
    audit_hours: Annotated[float, Input(
        "审核时长（申请到审核）", "小时",
        aliases=("申请到审核", "审核时长", "审核用了", "审核花了", "审核耗时", "审核"),
    )],
    wait_customer_hours: Annotated[float, Input(
        "其中等待客户反馈的时长", "小时", part_of="audit_hours",
        aliases=("等待客户反馈", "待客户反馈", "等客户反馈", "客户反馈", "等客户", "待客户", "等买家", "等待", "剔除",
            "等过客户", "等客户回话", "客户没回",
        ),
    )],
    handle_hours: Annotated[float, Input(
        "处理时长（收货登记到处理）", "小时",
        aliases=("收货登记到处理", "处理时长", "处理用了", "处理花了", "处理耗时", "收货到处理", "收货后处理", "处理",
            "收货登记以后", "收货登记后", "登记后", "又弄了", "处理完",
        ),
    )],
) -> float:
    """（审核时长 － 待客户反馈时长）＋ 处理时长。"""
    return audit_hours - wait_customer_hours + handle_hours


@metric(
    "京东退换货返修率", "ratio", worse="higher", platforms=("京东",),
    aliases=("退换货返修率", "退换货率", "返修率", "退换货/返修率", "退换返修率"),
)
def jd_return_repair_rate(
    service_orders: Annotated[float, Input(
        "售后服务单", "单",
        aliases=("售后服务单", "服务单", "退换货返修单", "退换货单", "退换货", "返修单", "返修", "售后单"),
    )],
    completed_items: Annotated[float, Input(
        "已完成订单商品件数", "件", positive=True,
        aliases=(
            "已完成订单商品", "完成订单商品", "已完成商品", "完成商品", "商品件数", "完成件数", "已完成", "完成",
            "商品", "件数",
        ),
    )],
) -> float:
    """售后服务单 ÷ 已完成订单商品件数。"""
    return service_orders / completed_items


@metric(
    "京东商品评价差评率", "ratio", worse="higher", platforms=("京东",),
    aliases=("商品评价差评率", "商品差评率", "评价差评率", "差评率", "差评占比"),
)
def jd_bad_review_rate(
    one_star: Annotated[float, Input(
        "1星评价", "条", part_of="valid_reviews",
        aliases=("1星评价", "一星评价", "1星", "一星", "差评数", "差评"),
    )],
    valid_reviews: Annotated[float, Input(
        "有效评价", "条", positive=True,
        aliases=("有效评价", "评价总数", "总评价", "全部评价", "评价数", "评价", "评论", "总共", "一共"),
    )],
) -> float:
    """1星评价数 ÷ 有效评价数。"""
    return one_star / valid_reviews


@metric(
    "抖音体验分（旧5分制）", "分", worse="lower", platforms=("抖音",),
    aliases=(
        "抖音体验分", "抖店体验分", "商家体验分", "店铺体验分", "综合体验分", "体验分", "抖音综合分", "综合多少分",
        "五分制综合分", "旧体验分",
            "综合",
        ),
)
def douyin_score(
    product: Annotated[float, Input(
        "商品体验分", "分", maximum=5.0,
        aliases=("商品体验分", "商品体验", "商品得分", "商品分", "商品", "货品", "产品体验", "产品分", "产品"),
    )],
    service: Annotated[float, Input(
        "服务体验分", "分", maximum=5.0,
        aliases=("服务体验分", "服务体验", "服务得分", "服务分", "服务", "客服体验", "客服分", "客服"),
    )],
    logistics: Annotated[float, Input(
        "物流体验分", "分", maximum=5.0,
        aliases=("物流体验分", "物流体验", "物流得分", "物流分", "物流", "快递体验", "快递分", "快递", "发货"),
    )],
    *,
    douyin_score: Mapping[str, float],
) -> float:
    """商品体验分 × 商品权重 ＋ 服务体验分 × 服务权重 ＋ 物流体验分 × 物流权重（旧5分制）。"""
    weights = douyin_score
    return product * weights["product"] + service * weights["service"] + logistics * weights["logistics"]


@metric(
    "抖音近7日体验分均值", "分", worse="lower", platforms=("抖音",),
    aliases=(
        "近7日体验分均值", "近7日体验分", "近七日体验分", "7日均值", "七日均值", "7天均分", "大促体验分",
        "体验分均值", "平均体验分", "抖音体验分", "抖店体验分", "抖音小店体验分", "抖音店铺体验分",
    ),
)
def douyin_week_score(
    scores: Annotated[tuple[float, ...], Input(
        "近7日每天的体验分", "分", maximum=100.0,
        aliases=(
            "每天的体验分", "近7日体验分", "近7天体验分", "近七天体验分", "每日体验分", "体验分", "分别是", "每天",
        ),
        hint="一天填一个；只知道均值就填一个数",
    )],
) -> float:
    """近7日体验分之和 ÷ 天数。"""
    return sum(scores) / len(scores)
