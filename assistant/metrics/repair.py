"""What a repair costs, and the figures of the car warranty law (汽车三包)."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated

from assistant.errors import InvalidInput
from assistant.metrics import Input, metric
from assistant.metrics.workdays import after_workdays

HOURS_A_DAY = 24


@metric("工时费", "元", aliases=("人工费", "维修工时费", "手工费", "工钱", "工费"))
def labor_fee(
    std_hours: Annotated[float, Input(
        "工时定额", "工时",
        aliases=("定额", "工时定额", "标准工时", "工时数", "定额工时", "工时", "几个工时"),
        hint="看厂家或行业的工时定额表；一个工时不等于一小时",
    )],
    rate: Annotated[float, Input(
        "工时单价", "元/工时",
        aliases=("单价", "工时单价", "每工时", "一个工时", "一工时", "工时价", "每个工时", "小时单价", "每小时"),
        hint="看店内公示的工时单价",
    )],
    complexity: Annotated[float, Input(
        "车型技术复杂系数", "factor", default=1,
        aliases=("复杂系数", "技术复杂系数", "车型系数", "难度系数", "系数", "复杂度",
            "技术系数",
        ),
        hint="不乘系数的地区按1",
    )],
) -> float:
    """工时定额 × 工时单价 × 车型技术复杂系数。"""
    return std_hours * rate * complexity


@metric(
    "维修总价", "元", worse="higher",
    aliases=(
        "修车总价", "维修费", "修理费", "维修总费用", "修车一共多少钱", "总价", "一共多少钱",
            "加一遍", "总共要多少", "总价该是多少",
            "修车一共", "修车总共", "修车合计", "修车一共多少",
            "修车账单", "修车单子", "账单帮我加", "单子帮我加", "账单合计",
        ),
)
def repair_total(
    labor_fees: Annotated[tuple[float, ...], Input(
        "各项工时费", "元", aliases=("工时费", "人工费", "人工", "手工费", "工时", "工费", "工钱",
            "工时费两项", "工时另收", "工时三项",
        ),
        hint="一个项目一个数",
    )],
    part_prices: Annotated[tuple[float, ...], Input(
        "各项配件金额（数量×单价）", "元",
        adds=True, aliases=(
            "配件费", "配件", "零件", "零配件", "材料费", "材料", "配件金额", "件钱", "换了", "换了个", "还换了",
        ),
        hint="同一种换了几件的，先乘好数量再填",
    )],
    other: Annotated[float, Input(
        "外加工、检测等其他费用", "元", default=0,
        aliases=("其他", "其他费用", "外加工", "外加工费", "检测费", "诊断费", "辅料费", "拖车费", "救援费", "杂费",
            "四轮定位", "做四轮定位", "外面做",
        ),
    )],
) -> float:
    """各项工时费之和 ＋ 各项配件金额之和 ＋ 外加工检测等其他费用。"""
    return sum(labor_fees) + sum(part_prices) + other


@metric(
    "配件加价率", "ratio", worse="higher",
    aliases=(
        "加价率", "配件加价", "加价比例", "配件加了几成", "加了几成", "加几成", "配件毛加价", "加价多少",
            "加了几个点", "加价几个点", "加了多少个点", "加了百分之几",
            "加价",
        ),
)
def parts_markup(
    price: Annotated[float, Input(
        "配件售价", "元",
        aliases=(
            "售价", "卖价", "报价", "卖给客户", "卖到", "卖", "装车价", "收客户", "收我", "零售价", "对外价",
        ),
    )],
    cost: Annotated[float, Input(
        "配件进价", "元", positive=True,
        aliases=(
            "进价", "进货价", "成本", "成本价", "拿货价", "采购价", "进货", "拿货",
        ),
    )],
) -> float:
    """配件售价 ÷ 配件进价 － 1。"""
    return price / cost - 1


@metric("零整比", "%", worse="higher", aliases=("零整比系数", "整车零整比", "配件整车比", "全车配件比车价"))
def parts_to_car_ratio(
    parts_sum: Annotated[float, Input(
        "全车配件价格之和", "元",
        aliases=(
            "配件价格之和", "配件之和", "配件总价", "全部配件", "全车配件", "零件总价", "配件加起来", "零件加起来",
            "拆开买", "零件", "配件",
        ),
        hint="同一车型、同一时点、同一渠道的配件价",
    )],
    car_price: Annotated[float, Input(
        "整车售价", "元", positive=True,
        aliases=("整车售价", "整车价", "整车价格", "车价", "新车价", "裸车价", "指导价", "整车", "售价"),
    )],
) -> float:
    """全车配件价格之和 ÷ 整车售价 × 100。"""
    return 100 * parts_sum / car_price


@metric(
    "三包退换车使用补偿费", "元", worse="higher",
    aliases=(
        "使用补偿费", "补偿费", "退车折旧", "退车折旧费", "折旧费", "使用费", "退车扣多少", "退车要交多少",
        "退车要扣多少",
    ),
)
def warranty_use_fee(
    car_price: Annotated[float, Input(
        "车价款", "元", aliases=("车价款", "车价", "购车款", "裸车价", "发票价", "开票价", "买车花了", "车款",
        "车子"),
        hint="按购车发票上的价款",
    )],
    km: Annotated[float, Input(
        "行驶里程", "公里",
        aliases=(
            "行驶里程", "里程", "公里数", "公里", "跑了", "开了", "行驶", "已跑", "表显里程", "表显", "km",
            "开到", "跑到", "拖到",
        ),
    )],
    n: Annotated[float, Input(
        "使用补偿系数n", "ratio", aliases=("使用补偿系数", "补偿系数", "系数n", "n值", "n", "系数", "折旧系数"),
        hint="看三包凭证上写的n，高于规定上限的按上限算",
    )],
    *,
    warranty_use_fee: Mapping[str, float],
) -> float:
    """车价款 × 行驶里程 ÷ 1000 × 使用补偿系数n（高于当时规定上限的按上限）。"""
    return car_price * km / warranty_use_fee["per"] * min(n, warranty_use_fee["cap"])


@metric(
    "达到三包换退条件", "bool",
    aliases=(
        "三包换车退车条件", "三包换退条件", "换车条件", "退车条件", "够不够退车", "够不够换车",
        "能不能退车", "能不能换车", "能退车吗", "能换车吗", "可以退车吗", "符合退车条件",
        "符合换退条件", "符合三包退换", "达到退车", "达到换车",
        "达到换退条件", "换退条件", "能退不能退", "退得掉", "退得了", "换得了",
            "够不够换退", "换退的线", "够退车", "够换车", "够不够三包", "三包够不够",
        ),
)
def warranty_lemon_test_24(
    repair_days: Annotated[float, Input(
        "累计修理天数", "天", default=0,
        aliases=(
            "累计修理", "累计修了", "修理天数", "累计修理时间", "修理时间", "一共修了", "总共修了", "在店里放了",
            "停在店里", "前后修了", "累计", "占用",
        ),
        hint="因质量问题修理的；每次先按满天取整再相加，没提到的按没有算",
    )],
    same_fault_repairs: Annotated[float, Input(
        "同一问题修理次数", "次", default=0,
        aliases=(
            "同一质量问题", "同一问题", "同一故障", "同样的问题", "同样毛病", "同一个毛病", "同一毛病", "同一个问题",
            "同一个故障", "老毛病", "这毛病", "修了",
        ),
        hint="以修理记录上写的故障为准",
    )],
    severe_repairs_unresolved: Annotated[float, Input(
        "严重安全故障修理次数", "次", default=0,
        aliases=(
            "严重安全性能故障", "严重安全故障", "安全性能故障", "安全故障", "严重故障", "失灵", "刹车失灵",
            "转向失灵",
        ),
        hint="修了仍未排除，或又出新的严重故障",
    )],
    assembly_replaced_unresolved: Annotated[float, Input(
        "大总成更换次数", "次", default=0,
        aliases=(
            "换发动机", "换变速箱", "换变速器", "换电池", "换电机", "换总成", "总成更换", "更换总成", "发动机换了",
            "变速箱换了", "电池换了", "电机换了",
        ),
        hint="发动机、变速器、动力蓄电池、驱动电机换了仍不能用的；和它的零部件不重复计",
    )],
    same_part_replaced_unresolved: Annotated[float, Input(
        "同一零部件更换次数", "次", default=0,
        aliases=("同一零部件更换", "同一个零件换了", "同一主要零部件", "同一零部件", "同一个件换了", "同一零件"),
        hint="转向、制动、悬架、传动、污染控制装置、车身里的同一主要零部件，换了仍不能用的",
    )],
    *,
    sanbao_replace_lines: Mapping[str, float],
    sanbao_repeat_lines: Mapping[str, float],
) -> bool:
    """修理天数、同一问题次数、严重安全故障次数、大总成更换次数、同一零部件更换次数，任一项越过当时的线即达到。"""
    return (
        repair_days > sanbao_replace_lines["days"]
        or same_fault_repairs > sanbao_replace_lines["times"]
        or severe_repairs_unresolved >= sanbao_repeat_lines["severe"]
        or assembly_replaced_unresolved >= sanbao_repeat_lines["assembly"]
        or same_part_replaced_unresolved >= sanbao_repeat_lines["part"]
    )


@metric(
    "三包单次修理天数", "天", worse="higher",
    aliases=(
        "修理天数", "三包修理天数", "修理占用天数", "算几天", "修理占用时间", "占用几天",
            "累计算几日", "合起来算几天", "累计算几天", "折算修理天数",
        ),
)
def warranty_repair_days(
    hours: Annotated[tuple[float, ...], Input(
        "每次从确定修理到修好的小时数", "小时",
        aliases=(
            "确定修理到修好", "修理时间", "修了", "修理", "修好用了", "从确定修理", "一共", "总共", "共用", "在店",
            "从说好要修到修完", "从定下来修到修好", "占用",
        ),
        hint="从双方确定修理时起，到完成修理时止",
    )],
    excluded_hours: Annotated[float, Input(
        "可扣除的小时数", "小时", default=0,
        aliases=(
            "可扣除", "扣除", "运输", "运输时间", "路途", "路上", "救援路途", "电池运输", "零部件运输", "等件运输",
            "外出救援",
            "运定制", "特殊零件占", "零件占", "定制件",
        ),
        hint="只有定制特殊零部件、动力蓄电池的运输时间和外出救援路途时间能扣",
    )],
) -> float:
    """（每次从确定修理到修好的小时数 － 可扣除的小时数）÷ 24，不满一天的按一天，各次相加。"""
    if len(hours) > 1 and excluded_hours:
        raise InvalidInput("可扣除的时间要从那一次里减：请把各次的小时数减好再报，或者一次一次地算。")
    return sum(math.ceil(max(0.0, each - excluded_hours) / HOURS_A_DAY) for each in hours)


@metric(
    "应给备用车或交通补偿的天数", "天",
    aliases=(
        "备用车天数", "备用车", "代步车", "代步车天数", "交通补偿天数", "交通补偿", "代步补偿", "代步费", "补几天",
        "补偿几天", "补偿多少天", "补多少天",
    ),
)
def warranty_backup_vehicle(
    single_repair_days: Annotated[float, Input(
        "这一次修理的天数", "天",
        aliases=(
            "单次修理", "这次修了", "修了", "修理", "在店里放了", "停在店里", "在店", "等零件", "等件", "等配件",
            "车在店里", "放了", "一次修理", "拖了", "修车拖了",
        ),
        hint="含等零件的时间",
    )],
    *,
    sanbao_backup_car: Mapping[str, float],
) -> float:
    """这一次修理的天数 － 规定的免补天数，不够的按0。"""
    return max(0.0, single_repair_days - sanbao_backup_car["free_days"])


@metric(
    "三包换退答复最后日", "date",
    aliases=("答复期限", "答复最后日", "什么时候必须答复", "答复截止", "最晚答复", "几号前答复", "答复"),
)
def warranty_reply_deadline(
    request_date: Annotated[date, Input(
        "向销售者提出换退的日期", "date",
        aliases=(
            "提出", "申请", "提出退车", "提出换车", "提的", "要求退车", "要求换车", "书面提出", "递交", "交的",
            "申请退车", "提交",
        ),
    )],
    *,
    sanbao_reply_days: Mapping[str, float],
) -> date:
    """提出日期 ＋ 规定的答复工作日数（只跳过周六周日，未扣法定节假日）。"""
    return after_workdays(request_date, sanbao_reply_days["reply"])


@metric(
    "三包换退办结最后日", "date",
    aliases=(
        "办结期限", "办结最后日", "什么时候办完", "办结截止", "最晚办结", "几号前办完", "几号前退款", "办结", "办完",
    ),
)
def warranty_settle_deadline(
    request_date: Annotated[date, Input(
        "向销售者提出换退的日期", "date",
        aliases=(
            "提出", "申请", "提出退车", "提出换车", "提的", "要求退车", "要求换车", "书面提出", "递交", "交的",
            "申请退车", "提交",
        ),
    )],
    *,
    sanbao_reply_days: Mapping[str, float],
) -> date:
    """提出日期 ＋ 规定的办结工作日数（只跳过周六周日，未扣法定节假日）。"""
    return after_workdays(request_date, sanbao_reply_days["settle"])
