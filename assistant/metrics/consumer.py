"""Days a consumer can count on when returning what was bought at a distance."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from assistant.metrics import Input, metric


@metric(
    "七日无理由退货最后日", "date",
    aliases=(
        "七天无理由最后一天", "七天无理由截止日", "七日无理由截止", "无理由退货截止", "七天无理由到几号",
        "七天无理由", "七日无理由", "7天无理由", "7日无理由", "无理由退货", "退货截止日", "退货最后一天",
        "最晚哪天退",
    ),
)
def no_reason_return_deadline(
    sign_date: Annotated[date, Input(
        "签收日期", "date",
        aliases=("签收", "收货", "收到货", "收到", "拿到", "到货", "取件", "签收日", "收货日", "到手", "送到"),
        hint="看物流显示的签收日",
    )],
    *,
    no_reason_return_days: Mapping[str, float],
) -> date:
    """签收日期 ＋ 规定的天数（签收次日为第1日）。"""
    return sign_date + timedelta(days=no_reason_return_days["days"])


@metric(
    "商家退款最后日", "date",
    aliases=(
        "退款最后日", "退款截止日", "最晚哪天退款", "几号前退款", "退款期限", "商家几号前要退钱", "退钱截止",
        "多少天内退钱", "哪天要退款", "哪天要退钱", "哪天要把钱退", "几号前得退款", "几号前要退款", "几号前退钱",
        "几号前退给我", "哪天之前退钱",
    ),
)
def refund_deadline(
    received_date: Annotated[date, Input(
        "商家收到退货的日期", "date",
        aliases=(
            "商家收到", "收到退货", "退货签收", "商家签收", "卖家收到", "店家收到", "卖家签收", "退件签收",
            "寄回签收", "退回签收", "收到退件", "签收了我退的货", "收到我退的货", "寄到", "签收", "收到",
        ),
        hint="看退货物流显示的商家签收日",
    )],
    *,
    refund_after_return: Mapping[str, float],
) -> date:
    """商家收到退货的日期 ＋ 规定的天数。"""
    return received_date + timedelta(days=refund_after_return["days"])
