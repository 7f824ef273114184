"""Workshop and stock metrics of a 4S dealer: accessories, paint, repair quality, bays, parts and new-car stock."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from assistant.errors import InvalidInput
from assistant.metrics import Input, metric
from assistant.metrics.dealer import TURNOVER, VISITS
from assistant.wording import plain


@metric(
    "单台售后精品", "元/台次", worse="lower",
    aliases=("单台精品", "单车售后精品", "台次精品", "单台次精品", "售后精品单产"),
)
def accessory_per_visit(
    accessory_sales: Annotated[float, Input(
        "售后精品销售额", "元",
        aliases=(
            "售后精品销售额", "售后精品", "精品销售额", "精品营业额", "精品收入", "精品", "养护品", "养护产品",
            "用品",
            "深度养护",
        ),
        hint="只算售后环节卖的养护品和用品，新车加装另算",
    )],
    ro_count: Annotated[float, Input("进厂台次", "台次", positive=True, aliases=VISITS)],
) -> float:
    """售后精品销售额 ÷ 进厂台次。"""
    return accessory_sales / ro_count


@metric("钣喷营业额占比", "ratio", aliases=("钣喷占比", "钣喷产值占比", "钣喷比例", "事故车占比", "事故车产值占比"))
def body_paint_share(
    bp_revenue: Annotated[float, Input(
        "钣喷收入", "元", part_of="output",
        aliases=(
            "钣喷营业额", "钣喷收入", "钣喷产值", "钣喷", "钣金喷漆", "事故车产值", "事故车收入", "事故车",
            "油漆产值",
        ),
    )],
    output: Annotated[float, Input("维修产值", "元", positive=True, aliases=TURNOVER)],
) -> float:
    """钣喷收入 ÷ 维修产值。"""
    return bp_revenue / output


@metric(
    "辅料占比", "ratio", worse="higher",
    aliases=("油漆辅料占比", "喷漆辅料占比", "喷漆料工比", "油漆占比", "漆料占比", "辅料率", "料工比"),
)
def paint_material_ratio(
    paint_material_cost: Annotated[float, Input(
        "油漆辅料成本", "元",
        aliases=(
            "油漆辅料成本", "油漆辅料", "油漆成本", "辅料成本", "漆料成本", "辅料", "漆料", "油漆", "耗材成本",
            "耗材",
        ),
    )],
    paint_revenue: Annotated[float, Input(
        "喷漆收入", "元", positive=True,
        aliases=(
            "喷漆收入", "喷漆产值", "喷漆营业额", "喷漆", "油漆收入", "钣喷收入", "钣喷产值", "钣喷营业额", "钣喷",
        ),
        hint="用喷漆收入还是钣喷收入，前后要一致",
    )],
) -> float:
    """油漆辅料成本 ÷ 喷漆收入。"""
    return paint_material_cost / paint_revenue


@metric(
    "一次修好率", "ratio", worse="lower",
    aliases=("FTFR", "FFR", "一次修复率", "一次性修复率", "首次修复率", "首次修好率", "一次性修好率"),
)
def first_time_fix_rate(
    rework: Annotated[float, Input(
        "返修工单", "单", part_of="total",
        aliases=(
            "返修工单", "返修单", "返修了", "返修", "返工了", "返工", "没修好", "未修好", "外返", "内返", "二次进厂",
            "二次维修", "重修",
        ),
        hint="同一问题再次进厂或当场返工的都算",
    )],
    total: Annotated[float, Input(
        "总工单", "单", positive=True,
        aliases=(
            "总工单", "维修工单", "工单总数", "工单", "总单数", "总单", "一共", "总共", "总维修", "总台次",
            "维修台次",
            "台次",
        ),
    )],
) -> float:
    """1 － 返修工单 ÷ 总工单。"""
    return 1 - rework / total


@metric("返修率", "ratio", worse="higher", aliases=("外返率", "返工率", "维修返修率"))
def rework_rate(
    rework: Annotated[float, Input(
        "返修台数", "台次", part_of="total",
        aliases=("返修台数", "返修台次", "返修了", "返修", "返工", "外返", "没修好"),
    )],
    total: Annotated[
        float,
        Input("进厂台数", "台次", positive=True, aliases=("进厂台数", "一共", "总共", "总工单", "工单", *VISITS)),
    ],
) -> float:
    """返修台数 ÷ 进厂台数。"""
    return rework / total


@metric(
    "准时交车率", "ratio", worse="lower",
    aliases=("按时交车率", "准时交付率", "交车准时率", "准点交车率", "按时交付率",
            "准时率",
        ),
)
def on_time_delivery_rate(
    on_time: Annotated[float, Input(
        "按承诺时间交车台次", "台次", part_of="delivered",
        aliases=(
            "按承诺时间", "承诺时间内", "按时交车", "准时交车", "准点交车", "按时交", "准时交", "按时", "准时",
            "准点",
            "没超时",
            "按说好的点", "按点交", "说好的点",
        ),
        hint="客户同意改过的时间，以改后的为准",
        others=("超时", "延误", "晚点", "晚交", "拖期", "逾期", "没按时", "没准时", "不准时", "没赶上", "没按承诺", "延迟交",),
    )],
    delivered: Annotated[float, Input(
        "总交车台次", "台次", positive=True,
        aliases=("总交车台次", "总交车", "交车台次", "交车", "一共交", "总共交", "交付", "交了", "总台次", "出厂"),
    )],
) -> float:
    """按承诺时间交车台次 ÷ 总交车台次。"""
    return on_time / delivered


@metric(
    "工位利用率", "ratio", worse="lower", aliases=("工位使用率", "工位占用率", "举升机利用率", "车间利用率",
    "利用率"),
)
def bay_utilization(
    occupied_hours: Annotated[float, Input(
        "实际占用工位小时", "小时", aliases=(
            "实际占用工位小时", "占用工位小时", "工位小时", "实际占用", "占用小时", "占用工时", "占用", "用了",
            "实际使用", "在修时间",
            "多占", "占了", "占着",
            "占",
        ), hint="所有工位占用时间加总",
    )],
    bays: Annotated[float, Input("工位数", "个", positive=True, aliases=("工位数", "工位", "举升机", "车位", "机位"))],
    open_hours: Annotated[float, Input(
        "营业小时", "小时", positive=True, aliases=(
            "营业小时", "营业时间", "每天营业", "一天营业", "营业", "每天开门", "每天开", "开门", "上班", "工作时间",
        ), hint="与占用时间同一天；有加班就把加班时间算进去",
    )],
) -> float:
    """实际占用工位小时 ÷（工位数 × 营业小时）。"""
    if occupied_hours > bays * open_hours:
        raise InvalidInput(
            f"占用{plain(occupied_hours, 2)}小时，超过了{plain(bays, 2)}个工位×营业{plain(open_hours, 2)}小时，不合理；"
            "有加班请把营业小时一并加上，请核对。"
        )
    return occupied_hours / (bays * open_hours)


@metric("工位周转率", "台次/工位/日", worse="lower", aliases=("工位周转次数", "工位周转", "单工位台次", "每工位台次"))
def bay_turnover(
    daily_ro: Annotated[float, Input(
        "日均维修台次", "台次",
        aliases=("日均维修台次", "日均维修", "日均台次", "日均进厂", "每天维修", "每天修", "一天修", "日均", "台次"),
    )],
    bays: Annotated[float, Input("工位数", "个", positive=True, aliases=("工位数", "工位", "举升机", "车位", "机位"))],
) -> float:
    """日均维修台次 ÷ 工位数。"""
    return daily_ro / bays


@metric(
    "配件周转率", "次/年", worse="lower",
    aliases=("配件库存周转率", "备件周转率", "备件库存周转率", "配件周转次数", "配件周转", "库存周转率",
            "周转率", "配件周转率",
            "周转几次", "一年周转几次", "转几次算",
        ),
)
def parts_turnover(
    annual_cogs: Annotated[float, Input(
        "年配件出库成本", "元", aliases=(
            "年配件出库成本", "配件出库成本", "备件出库成本", "年出库成本", "出库成本", "年出库", "出库", "配件成本",
            "消耗成本", "销售成本",
        ), hint="按成本价，不是售价",
    )],
    begin_inv: Annotated[float, Input(
        "期初库存", "元", aliases=("期初库存", "年初库存", "期初", "年初", "去年底", "上年末"),
        hint="期初、期末一样填就等于直接用平均库存",
    )],
    end_inv: Annotated[
        float,
        Input("期末库存", "元", aliases=("期末库存", "年末库存", "年底库存", "期末", "年末", "年底", "现有库存")),
    ],
) -> float:
    """年配件出库成本 ÷（（期初库存 ＋ 期末库存）÷ 2）。"""
    return annual_cogs / ((begin_inv + end_inv) / 2)


@metric(
    "配件周转率（按平均库存）", "次/年", worse="lower",
    aliases=("配件周转率", "库存周转率", "周转率", "配件库存周转率", "备件周转率",
            "转几次", "转到", "让配件转",
        ),
)
def parts_turnover_average(
    annual_cogs: Annotated[float, Input(
        "年配件出库成本", "元", aliases=("年出库成本", "配件出库成本", "出库成本", "全年出库", "年出库", "出库"),
    )],
    average_inventory: Annotated[float, Input(
        "平均库存", "元", positive=True, aliases=("平均库存", "库存平均", "平均库存额", "月均库存", "均库存"),
    )],
) -> float:
    """年配件出库成本 ÷ 平均库存。"""
    return annual_cogs / average_inventory


@metric(
    "配件周转天数", "天", worse="higher",
    aliases=("备件周转天数", "配件库存周转天数", "库存周转天数", "周转天数", "配件库存天数",
            "合多少天", "换成天数", "等于多少天", "折多少天", "合几天", "多少天转一回", "多少天转一次",
            "是多少天", "几天转一圈", "折合多少天", "折成天数",
        ),
)
def parts_turnover_days(
    turnover: Annotated[float, Input(
        "配件周转率", "次/年", positive=True,
        aliases=("配件周转率", "备件周转率", "库存周转率", "周转率", "周转次数", "一年周转", "年周转", "周转"),
    )],
) -> float:
    """365 ÷ 配件周转率。"""
    return 365 / turnover


@metric(
    "呆滞库存占比", "ratio", worse="higher",
    aliases=("呆滞占比", "呆滞件占比", "滞销占比", "滞销库存占比", "滞销备件占比", "死库存占比", "呆滞率", "积压占比"),
)
def dead_stock_share(
    dead_value: Annotated[float, Input(
        "呆滞库存金额", "元", part_of="inv_value", aliases=(
            "呆滞库存", "呆滞件", "呆滞", "滞销库存", "滞销备件", "滞销件", "滞销", "死库存", "超期库存", "超期未动",
            "积压", "没动过",
        ), hint="多久没动算呆滞，按厂家口径",
    )],
    inv_value: Annotated[float, Input(
        "库存总额", "元", positive=True,
        aliases=("库存总额", "库存总金额", "总库存", "配件库存", "备件库存", "库存金额", "全部库存", "库存"),
    )],
) -> float:
    """呆滞库存金额 ÷ 库存总额。"""
    return dead_value / inv_value


@metric("新车库存资金成本", "元", worse="higher", aliases=(
    "库存资金成本", "压库利息", "库存利息", "资金占用成本", "资金成本", "库存车利息", "压车成本", "财务费用",
))
def vehicle_carry_cost(
    cost: Annotated[float, Input("车辆进价", "元", aliases=(
        "车辆进价", "进货价", "采购价", "开票价", "提车价", "进价", "车价", "占用资金", "成本价", "货值", "总价",
    ), hint="多台车填进价合计")],
    annual_rate: Annotated[float, Input(
        "年利率", "ratio", maximum=1, aliases=("融资年利率", "贷款利率", "年利率", "年化利率", "年化", "年息",
        "利率"),
        hint="月息先换成年利率",
    )],
    days: Annotated[
        float,
        Input("库龄", "天", aliases=("库龄", "库存天数", "在库天数", "在库", "入库", "压了", "放了", "停了", "压库")),
    ],
) -> float:
    """车辆进价 × 年利率 × 库龄 ÷ 365。"""
    return cost * annual_rate * days / 365


@metric(
    "变成C级库存的日子", "date", worse="lower",
    aliases=("变成C级", "算C级", "成为C级", "转C级", "进C级", "C级库存从哪天"), about=("C级", "长库龄"),
)
def c_stock_day(
    stored: Annotated[date, Input(
        "入库日期", "date", aliases=("入库", "入的库", "到店", "进店", "到库", "进的库"), hint="库存表里的入库日期",
    )],
    *,
    c_stock: Mapping[str, float],
) -> date:
    """入库日期 ＋ C级库存的起算天数。"""
    return stored + timedelta(days=c_stock["days"])
