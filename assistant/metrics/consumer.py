"""What a consumer can count on: days of returns, of complaints and reports to 12315, and the damages for fraud."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from assistant.metrics import Input, metric
from assistant.metrics.workdays import after_workdays


@metric(
    "七日无理由退货最后日", "date",
    aliases=(
        "七天无理由最后一天", "七天无理由截止日", "七日无理由截止", "无理由退货截止", "七天无理由到几号",
        "七天无理由", "七日无理由", "7天无理由", "7日无理由", "无理由退货", "退货截止日", "退货最后一天",
        "最晚哪天退",
            "无理由退", "还能无理由",
        ),
)
def no_reason_return_deadline(
    sign_date: Annotated[date, Input(
        "签收日期", "date",
        aliases=("签收", "收货", "收到货", "收到", "拿到", "到货", "取件", "签收日", "收货日", "到手", "送到",
            "签收了", "签收的",
        ),
        hint="看物流显示的签收日",
    )],
    *,
    no_reason_return_days: Mapping[str, float],
) -> date:
    """签收日期 ＋ 规定的天数（签收次日为第1日）。"""
    return sign_date + timedelta(days=no_reason_return_days["days"])


@metric(
    "欺诈增加赔偿", "元",
    aliases=(
        "退一赔三", "假一赔三", "赔三倍", "三倍赔偿", "三倍赔", "欺诈赔偿", "欺诈能赔", "惩罚性赔偿", "惩罚性三倍", "按三倍赔", "赔3倍",
        "3倍赔偿", "要三倍", "要3倍",
    ),
)
def fraud_damages(
    price: Annotated[float, Input(
        # no further names: 服务费 or 花了 would make any purchase a fraud, so the metric itself must be named
        "商品价款或服务费", "元",
        hint="被骗的那件商品或那项服务实际付的钱",
    )],
    *,
    fraud_compensation: Mapping[str, float],
) -> float:
    """商品价款或服务费 × 倍数，不足最低数额的按最低数额；价款本身另退。"""
    return max(price * fraud_compensation["times"], fraud_compensation["minimum"])


@metric(
    "商家退款最后日", "date",
    aliases=(
        "退款最后日", "退款截止日", "最晚哪天退款", "几号前退款", "退款期限", "商家几号前要退钱", "退钱截止",
        "多少天内退钱", "哪天要退款", "哪天要退钱", "哪天要把钱退", "几号前得退款", "几号前要退款", "几号前退钱",
        "几号前退给我", "哪天之前退钱",
            "把钱打回去", "钱打回去", "几号得把钱", "退钱给买家", "把钱退", "把款退",
            "必须退我钱", "退我钱", "必须退",
        ),
    about=("退款", "退钱", "退给我", "退回来", "退我"),
)
def refund_deadline(
    received_date: Annotated[date, Input(
        "商家收到退货的日期", "date",
        aliases=(
            "商家收到", "收到退货", "退货签收", "商家签收", "卖家收到", "店家收到", "卖家签收", "退件签收",
            "寄回签收", "退回签收", "收到退件", "签收了我退的货", "收到我退的货", "寄到", "签收", "收到",
            "签字收了", "退到", "收到货", "收了",
        ),
        hint="看退货物流显示的商家签收日",
    )],
    *,
    refund_after_return: Mapping[str, float],
) -> date:
    """商家收到退货的日期 ＋ 规定的天数。"""
    return received_date + timedelta(days=refund_after_return["days"])


@metric(
    "投诉受理决定最后日", "date",
    aliases=(
        "12315受理最后日", "12315受理截止", "投诉受理最后日", "投诉受理截止", "几号前决定受理",
        "几号前要决定受不受理", "最晚哪天受理",
        "哪天前要受理", "受理决定最后日", "几号前必须受理", "最晚哪天决定受理", "投诉受理期限到哪天",
    ),
    about=("受理",),
)
def complaint_accept_deadline(
    received: Annotated[date, Input(
        "投诉提交那天", "date",
        aliases=("提交投诉", "投诉提交", "提交的投诉", "打12315", "打了12315", "提交12315", "12315投诉", "去12315投诉"),
        hint="12315平台上显示的投诉提交日期",
    )],
    *,
    complaint_handling_20: Mapping[str, float],
) -> date:
    """投诉提交那天 ＋ 旧办法规定的受理工作日数（只跳过周六周日，未扣法定节假日）。"""
    return after_workdays(received, complaint_handling_20["accept"])


@metric(
    "投诉调解最后日", "date",
    aliases=(
        "12315调解最后日", "12315调解截止", "调解最后日", "调解截止", "调解到哪天", "最晚调解到哪天",
        "几号前调解完", "哪天终止调解",
        "调解期限到哪天", "几号调解到期", "调解什么时候到期", "最晚哪天调解完",
    ),
    about=("调解",),
)
def complaint_mediation_deadline(
    accepted: Annotated[date, Input(
        "投诉受理那天", "date", aliases=("受理那天", "受理日期", "决定受理", "受理的投诉", "已受理",
        "受理了投诉", "受理之日"),
        hint="受理告知书或短信上写的日期",
    )],
    *,
    complaint_handling_20: Mapping[str, float],
) -> date:
    """投诉受理那天 ＋ 旧办法规定的调解工作日数（只跳过周六周日，未扣法定节假日）。"""
    return after_workdays(accepted, complaint_handling_20["mediate"])


@metric(
    "举报核查最后日", "date",
    aliases=(
        "举报核查截止", "举报最晚哪天核查", "几号前决定立案", "最晚哪天立案", "哪天前决定立不立案",
        "举报核查到哪天", "举报核查期限到哪天",
        "几号前核查完", "最晚哪天决定立案", "几号前要决定立不立案",
    ),
    about=("核查", "立案",),
)
def report_check_deadline(
    reported: Annotated[date, Input(
        "举报提交那天", "date", aliases=("提交举报", "举报提交", "提交的举报", "举报那天", "举报日期", "递的举报"),
        hint="12315平台上显示的举报提交日期",
    )],
    *,
    report_handling_20: Mapping[str, float],
) -> date:
    """举报提交那天 ＋ 旧办法规定的核查工作日数（只跳过周六周日，未扣法定节假日，可以延长）。"""
    return after_workdays(reported, report_handling_20["check"])
