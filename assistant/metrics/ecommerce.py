"""Dispute, refund, experience and shipping metrics of 淘宝 and 天猫. Refund handling stands in `refunds`."""

from collections.abc import Mapping
from typing import Annotated

from assistant.errors import InvalidInput
from assistant.metrics import Input, metric

TAOBAO = ("淘宝", "天猫")
SUBORDERS = (
    "支付宝成交子订单", "支付宝成交笔数", "支付宝成交", "支付宝交易", "成交子订单", "支付子订单", "笔子订单",
    "子订单数", "子订单", "成交笔数", "成交单量", "成交单数", "成交订单", "成交单", "成交量", "总成交", "成交了",
    "成交", "支付笔数", "支付订单", "付款订单", "付款笔数", "订单总数", "总订单", "订单数", "订单量", "订单",
    "总单量", "总单数", "单量", "交易笔数", "交易", "卖了", "卖出", "销量", "出单", "总共", "一共",
)


@metric(
    "纠纷退款率", "ratio", worse="higher", platforms=TAOBAO,
    aliases=("退款纠纷率", "纠纷率", "纠纷退款", "判责率", "纠纷退款比例", "纠纷占比", "判责占比"),
)
def dispute_refund_rate(
    liable_refunds: Annotated[float, Input(
        "判商家责任且生效的退款笔数", "笔", part_of="paid_suborders",
        aliases=(
            "判商家责任且生效", "判商家责任的退款", "判卖家责任的", "判商家责任", "判卖家责任", "判我责任",
            "判我们责任", "判责退款", "判卖家责", "判商家责", "判我责", "判我们责", "判我们的", "判我的", "判商责",
            "商责单", "商责", "小二判责", "介入判责", "判责的", "判责单", "判责", "判输", "判了", "纠纷退款单",
            "纠纷退款", "纠纷笔数", "纠纷单数", "纠纷单", "纠纷数", "纠纷",
            "判到我头上", "判我头上", "判我们卖家责任", "判我们商家责任", "判咱们责任", "判咱责任", "判了我们责任", "判我方责任", "判店铺责任",
        ),
        hint="介入但没判商家责任、双方自行和解的不计入",
    )],
    paid_suborders: Annotated[float, Input(
        "支付宝成交子订单数", "笔", positive=True, aliases=SUBORDERS,
        hint="一单多件按子订单数填",
    )],
) -> float:
    """判商家责任且生效的退款笔数 ÷ 支付宝成交子订单数。"""
    return liable_refunds / paid_suborders


@metric(
    "退款率", "ratio", worse="higher", platforms=TAOBAO,
    aliases=("成功退款率", "退款比例", "退款占比", "退单率"),
)
def refund_rate(
    refunded: Annotated[float, Input(
        "成功退款笔数", "笔",
        adds=True, aliases=(
            "成功退款笔数", "退款成功", "成功退款", "退款笔数", "退款单数", "退款单", "退了款", "退款", "退了",
            "退单", "退货",
            "退成功", "退成功的",
            "退",
        ),
    )],
    suborders: Annotated[float, Input("支付宝交易笔数（子订单）", "笔", positive=True, aliases=SUBORDERS)],
) -> float:
    """成功退款笔数 ÷ 支付宝交易笔数（子订单）。"""
    return refunded / suborders


@metric(
    "品质退款率", "ratio", worse="higher", platforms=TAOBAO,
    aliases=("品退率", "质量退款率", "品质退货率", "质量问题退款率", "品退占比"),
)
def quality_refund_rate(
    quality_refunds: Annotated[float, Input(
        "品质类原因退款笔数", "笔", part_of="suborders",
        aliases=(
            "品质类原因退款", "品质原因退款", "品质退款", "质量问题退款", "质量原因退款", "质量退款", "品质退货",
            "品退单", "品退", "质量问题",
        ),
        hint="按买家选的退款原因计",
    )],
    suborders: Annotated[float, Input("支付宝成交子订单数", "笔", positive=True, aliases=SUBORDERS)],
) -> float:
    """品质类原因退款笔数 ÷ 支付宝成交子订单数。"""
    return quality_refunds / suborders


@metric(
    "店铺体验分", "分", worse="lower", platforms=TAOBAO,
    aliases=("店铺综合体验分", "综合体验分", "真实体验分", "店铺真实体验分", "体验分", "店铺分"),
)
def shop_experience_score(
    score: Annotated[float, Input(
        "店铺体验分", "分", maximum=5.0,
        aliases=(
            "店铺综合体验分", "综合体验分", "店铺真实体验分", "真实体验分", "店铺体验分", "体验分", "店铺分", "分数",
            "现在是", "只有",
        ),
        hint="千牛诊断页显示的分",
    )],
) -> float:
    """千牛显示的店铺体验分，满分五分制。"""
    return score


@metric(
    "48小时揽收及时率", "ratio", worse="lower", platforms=TAOBAO,
    aliases=("揽收及时率", "48h揽收率", "48小时揽收率", "及时揽收率", "揽收率"),
)
def pickup_48h(
    picked_48h: Annotated[float, Input(
        "48小时内有揽收记录的单", "单", part_of="shipped_due",
        aliases=(
            "48小时内有揽收记录", "48小时内有揽收", "48小时内揽收", "48h内揽收", "有揽收记录", "按时揽收", "及时揽收",
            "揽收了", "有揽收", "揽收",
            "揽到", "48小时揽到", "按时揽", "揽了",
        ),
        others=("没在48小时内揽", "没在48小时",
            "没揽收", "未揽收", "没揽到", "没揽", "超时揽收", "揽收超时", "没及时揽", "延迟揽收", "晚揽收", "没按时揽", "超时", "没按时",),
    )],
    shipped_due: Annotated[float, Input(
        "应发货的单", "单", positive=True,
        aliases=(
            "应发货订单", "应发货", "应发订单", "应揽收", "应发", "该发", "要发", "发货单", "总订单", "订单", "总单",
            "总共", "一共",
        ),
    )],
) -> float:
    """48小时内有揽收记录的单 ÷ 应发货的单。"""
    return picked_48h / shipped_due


@metric(
    "延迟发货或缺货赔付", "元", platforms=TAOBAO,
    aliases=(
        "延迟发货赔付", "缺货赔付", "发货赔付", "延迟赔付", "发货违约金", "延迟发货赔", "缺货赔", "赔付金额",
        "赔多少",
    ),
)
def delay_compensation(
    paid: Annotated[float, Input(
        "订单实付金额", "元",
        aliases=(
            "订单实付", "实付金额", "实付款", "实付", "订单金额", "成交金额", "付款金额", "订单价", "货款", "订单",
            "金额", "付了",
        ),
    )],
    rate: Annotated[float, Input(
        "赔付比例", "ratio", maximum=1.0,
        aliases=("赔付比例", "赔付率", "赔偿比例", "比例", "按照", "按"),
        hint="按订单付款那天的规则版本填，在规则中心查",
    )],
    lo: Annotated[float, Input(
        "单笔最低赔付", "元",
        aliases=("最低赔付", "最少赔", "最低赔", "最低", "不低于", "下限", "至少", "起赔", "保底"),
    )],
    hi: Annotated[float, Input(
        "单笔最高赔付", "元",
        aliases=("最高赔付", "最多赔", "最高赔", "最高", "不超过", "上限", "封顶", "最多"),
    )],
) -> float:
    """实付金额 × 赔付比例，低于最低额按最低额，高于最高额按最高额。"""
    if lo > hi:
        raise InvalidInput("最低赔付额比最高赔付额还大，算不出赔付，请核对。")
    return min(hi, max(lo, paid * rate))


_PAID = Input(
    "订单实付金额", "元",
    aliases=(
        "订单实付", "实付金额", "实付款", "实付", "订单金额", "成交金额", "付款金额", "订单价", "货款", "订单",
        "金额", "付了", "买的",
        "一单", "的单",
    ),
)


@metric(
    "延迟发货赔付（淘宝网）", "元", platforms=("淘宝",),
    aliases=(
        "延迟发货赔", "延迟发货赔付", "延迟发货", "晚发货", "发货晚了", "发货迟了", "晚发", "延迟发",
        "没按时发货", "超时发货", "发货超时", "迟发货",
            "发晚了", "晚发了", "发得晚",
        ),
)
def taobao_late_compensation(paid: Annotated[float, _PAID], *, taobao_delay_compensation: Mapping[str, float]) -> float:
    """实付金额 × 当时版本的赔付比例，低于最低额按最低额，高于最高额按最高额。"""
    version = taobao_delay_compensation
    return min(version["hi"], max(version["lo"], paid * version["rate"]))


@metric(
    "缺货或虚假发货赔付（淘宝网）", "元", platforms=("淘宝",),
    aliases=("缺货赔", "缺货赔付", "缺货", "虚假发货赔", "虚假发货", "发不了货", "没货发", "无货", "断货", "没有货", "说没货"),
)
def taobao_stockout_pay(paid: Annotated[float, _PAID], *, taobao_stockout_compensation: Mapping[str, float]) -> float:
    """实付金额 × 当时版本的赔付比例，低于最低额按最低额，高于最高额按最高额。"""
    version = taobao_stockout_compensation
    return min(version["hi"], max(version["lo"], paid * version["rate"]))


@metric(
    "延迟又缺货的叠加赔付（淘宝网）", "元", platforms=("淘宝",),
    aliases=(
        "叠加赔付", "叠加赔", "叠加一共赔", "叠加总共赔", "叠加起来赔", "叠加起来一共赔", "两样叠加", "两笔叠加",
        "两项叠加", "两个叠加", "延迟加缺货", "延迟缺货叠加",
        "先延迟后缺货", "先延迟又缺货", "先延迟后来又缺货", "先延迟后来缺货", "延迟和缺货一共", "延迟和缺货加起来",
        "延迟缺货加起来", "延迟和缺货叠加",
    ),
)
def taobao_compensation_stack(
    paid: Annotated[float, _PAID], *,
    taobao_compensation_stack: Mapping[str, float],
    taobao_delay_compensation: Mapping[str, float],
    taobao_stockout_compensation: Mapping[str, float],
) -> float:
    """延迟发货赔付 ＋ 缺货赔付，各按当时版本的比例和上下限。"""
    both = (taobao_delay_compensation, taobao_stockout_compensation)
    return sum(min(version["hi"], max(version["lo"], paid * version["rate"])) for version in both)


@metric(
    "首次品退率（自测近似）", "ratio", worse="higher", platforms=TAOBAO,
    aliases=("首次品退率", "首次品质退款率", "首退率"),
)
def first_quality_refund(
    first_quality_refunds: Annotated[float, Input(
        "首次因质量问题退款的订单", "单", part_of="signed_orders",
        aliases=(
            "首次品质退款", "首次质量退款", "首次因质量", "首次品退", "首次退款", "品质退款", "质量退款", "品退单",
            "品退",
        ),
    )],
    signed_orders: Annotated[float, Input(
        "签收订单", "单", positive=True,
        aliases=("签收订单", "已签收", "签收单", "签收了", "签收", "总订单", "订单"),
    )],
) -> float:
    """首次因质量问题退款的订单 ÷ 签收订单。"""
    return first_quality_refunds / signed_orders


@metric(
    "商品差评率（自测近似）", "ratio", worse="higher", platforms=TAOBAO,
    aliases=("商品差评率", "差评率", "差评占比", "差评比例"),
)
def bad_review_rate(
    star12_reviews: Annotated[float, Input(
        "1～2星评价", "条", part_of="valid_reviews",
        adds=True, aliases=("1到2星", "1-2星", "一二星", "一星和二星", "低星评价", "差评数", "差评有", "差评", "低星",
            "1星", "2星", "一星", "二星", "一星评价", "两星",
        ),
    )],
    valid_reviews: Annotated[float, Input(
        "有效评价", "条", positive=True,
        aliases=("有效评价", "评价总数", "总评价", "全部评价", "评价数", "评论数", "评价", "评论", "总共", "一共"),
        hint="只看签收单的评价",
    )],
) -> float:
    """1～2星评价 ÷ 有效评价（只看签收单）。"""
    return star12_reviews / valid_reviews
