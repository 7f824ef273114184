"""Refund, dispute and experience metrics of 淘宝/天猫, 拼多多, 京东 and 抖音."""

from typing import Annotated

from assistant.metrics import Input, metric


@metric(
    "纠纷退款率", "ratio", worse="higher", platforms=("淘宝", "天猫"),
    aliases=("退款纠纷率", "纠纷率", "纠纷退款", "判责率"),
)
def dispute_refund_rate(
    liable_refunds: Annotated[float, Input(
        "判商家责任且生效的退款笔数", "笔", part_of="paid_suborders",
        aliases=("判责退款", "判我责", "判我责任", "判卖家责任", "判责", "小二判责", "纠纷退款", "纠纷单", "纠纷"),
        hint="介入但没判商家责任、双方自行和解的不计入",
    )],
    paid_suborders: Annotated[float, Input(
        "支付宝成交子订单数", "笔", positive=True, aliases=("成交", "成交笔数", "订单", "子订单", "单量", "总单数", "卖了"),
        hint="一单多件按子订单数填",
    )],
) -> float:
    """判商家责任且生效的退款笔数 ÷ 支付宝成交子订单数。"""
    return liable_refunds / paid_suborders
