"""Car insurance of owners: compulsory and commercial premiums, what one claim costs later, and the days of a claim."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from assistant.errors import InvalidInput
from assistant.metrics import Input, metric

Cells = Mapping[str, float]

# where the days of two deadlines begin
MaterialsComplete = Annotated[date, Input(
    "资料交齐那天", "date",
    aliases=("资料交齐", "材料交齐", "资料齐", "材料齐", "交齐", "提交资料", "收到资料", "收到", "交了资料", "交材料", "资料"),
)]


@metric(
    "交强险保费", "元",
    aliases=(
        "交强险", "交强", "交强险多少钱", "交强险要交多少", "强制险", "强险", "交强险价格", "交强险费用",
        "机动车交通事故责任强制保险",
    ),
)
def compulsory_premium(
    vehicle: Annotated[str, Input(
        "车辆类别", "", choice="compulsory_base_premium",
        aliases=("什么车", "车型", "车辆类别", "几座", "座位数", "排量", "吨位", "用途"),
        hint="用途加座位数，例如家用五座；货车说吨位，摩托车说排量",
    )],
    region: Annotated[str, Input(
        "投保地区", "", choice="compulsory_region",
        aliases=("地区", "省份", "哪里上的牌", "哪个省", "上牌地", "投保地", "所在地"),
        hint="说省份或城市，各地浮动方案不同",
    )],
    record: Annotated[str, Input(
        "有责事故记录", "", choice="compulsory_float", column=True,
        aliases=("出险情况", "事故记录", "有责事故", "出险记录", "连续几年没出险", "上年出险"),
        hint="连续几年没有有责事故，或上一年出了几次有责事故",
    )],
    *,
    compulsory_base_premium: Cells,
    compulsory_float: Mapping[str, Cells],
    compulsory_region: Mapping[str, tuple[str, ...]],
) -> float:
    """基础保费 × (1 ＋ 与道路交通事故相联系的浮动比率)。"""
    # an earlier day may know only one plan for the whole country: a plan named for a later day means that one
    plans = [plan for plan, places in compulsory_region.items() if region == plan or region in places]
    rates = compulsory_float[plans[0] if plans else next(iter(compulsory_float))]
    return compulsory_base_premium[vehicle] * (1 + rates[record])


@metric(
    "超出交强险财产限额的部分", "元",
    aliases=("交强险不够赔的部分", "三者险要赔多少", "超出交强险的部分", "交强险赔完还差多少", "超出财产限额", "走三者险的部分"),
)
def compulsory_property_excess(
    damage: Annotated[float, Input(
        "对方车物损失", "元",
        aliases=("对方车损", "对方修车费", "对方损失", "修对方车", "对方维修费", "三者车损", "财产损失", "对方车修了", "修车费", "车损"),
    )],
    *,
    compulsory_limit: Cells,
) -> float:
    """对方车物损失 － 交强险有责财产损失限额，不足时为零。"""
    return max(0.0, damage - compulsory_limit["property"])


@metric("未投保交强险的罚款", "元", worse="higher", aliases=("没买交强险罚多少", "没交强险罚款", "交强险脱保罚款", "不买交强险罚多少钱"))
def compulsory_fine(
    premium: Annotated[float, Input(
        "应交的交强险保费", "元", aliases=("应交保费", "应交的保费", "该交的保费", "交强险保费", "强险保费"),
        hint="按最低责任限额应交的那一年保费",
    )],
    *,
    compulsory_fine: Cells,
) -> float:
    """应交的交强险保费 × 罚款倍数。"""
    return premium * compulsory_fine["times"]


def no_claims_level(claims: float, insured: float, clean: float, rule: Cells) -> float:
    """The NCD level for recent claims, years insured without a gap and years without a claim."""
    if claims == 0 and insured >= rule["best_years"] and clean >= rule["best_years"]:
        return rule["best"]
    return min(rule["worst"], claims - min(insured, rule["window"]))


@metric(
    "NCD等级", "level", worse="higher", then="ncd_factor",
    aliases=("无赔款优待等级", "NCD级别", "无赔款等级", "优待等级", "ncd是几级", "NCD几级", "无赔等级", "出险等级",
            "NCD到几级", "ncd到几级", "到几级", "几级", "NCD等级",
        ),
)
def ncd_level(
    claims_3y: Annotated[float, Input(
        "近三年出险次数", "次",
        aliases=("出险次数", "近三年出险", "最近三年出险", "赔款次数", "理赔次数", "近三年理赔", "近三年赔款",
            "报了", "报过", "报了险", "报过险", "报了商业险", "报过商业险", "出过险", "出了险", "出险", "报案",
            "报一次",
            "走过", "走过保险",
            "走了", "走了保险",
            "共出了", "一共出了",
            "出过",
        ),
        hint="只数商业险有赔款的次数，不看金额",
    )],
    insured_years: Annotated[float, Input(
        "连续投保年数", "年",
        aliases=("连续投保", "投保年数", "连续投保年限", "投保", "连着投保", "连续买保险", "连续续保",
            "投保满", "连续投保满", "保了",
            "连着买了", "买了", "连续买了",
            "投了", "连续保了", "连续投", "没断过", "连续保",
        ),
    )],
    clean_years: Annotated[float, Input(
        "连续没有赔款的年数", "年", default=0,
        aliases=("连续无赔款", "连续没出险", "连续未出险", "连续没有赔款", "连续没有出险", "连续没理赔", "无赔款年数"),
        hint="近三年出过险的不用填",
    )],
    *,
    ncd_level: Cells,
) -> float:
    """近三年出险次数 － 连续投保年数（年数封顶）；连续投保且无赔款的年数够最优一级的，直接取最优级。"""
    if claims_3y == 0 and insured_years >= ncd_level["best_years"] and clean_years == 0:
        # without a claim the level hangs on how long: the default of no clean years cannot be true here
        raise InvalidInput("近三年没有出险，还要知道连续没有赔款的年数，才能定是不是最优一级，请补上。")
    return no_claims_level(claims_3y, insured_years, clean_years, ncd_level)


@metric(
    "NCD系数", "factor", worse="higher",
    aliases=("ncd", "无赔款优待系数", "无赔款系数", "无赔系数", "优待系数", "NCD", "等级对应的系数", "级对应的系数"),
)
def ncd_factor(
    level: Annotated[float, Input(
        "NCD等级", "级", signed=True, aliases=("等级", "级别", "级", "NCD等级", "ncd等级", "优待等级"),
        hint="看保单或投保单，优待为负数",
    )],
    *,
    ncd_2020: Cells,
) -> float:
    """按NCD等级查表取系数。"""
    key = f"{level:.0f}"
    if key not in ncd_2020:
        first, *_, last = ncd_2020
        raise InvalidInput(f"没有NCD {key}级：除北京、厦门外，等级从{first}到{last}，请核对保单。")
    return ncd_2020[key]


@metric(
    "商业险保费", "元", worse="higher",
    aliases=("商业险", "商业保险", "商业车险", "商业险多少钱", "商业保费", "车险保费", "保费", "商业险价格"),
)
def commercial_premium(
    pure_risk: Annotated[float, Input(
        "基准纯风险保费", "元",
        aliases=("纯风险保费", "基准纯风险", "纯风险", "风险保费", "基准纯风险保费", "基准风险保费"),
        hint="看报价单明细，没有就问保险公司",
    )],
    expense_ratio: Annotated[float, Input(
        "附加费用率", "ratio", maximum=1, aliases=("附加费用率", "费用率", "附加费率", "附加费用", "附加费"),
    )],
    ncd: Annotated[float, Input(
        "NCD系数", "factor",
        aliases=("NCD", "ncd", "无赔款优待系数", "无赔款系数", "无赔款优待", "无赔系数", "优待系数", "ncd系数", "无赔款"),
        hint="看保单上的无赔款优待系数",
    )],
    violation: Annotated[float, Input(
        "交通违法系数", "factor",
        aliases=("违法系数", "交通违法系数", "违章系数", "交通违法", "违法", "违章"), hint="多数地区不用，填一",
    )],
    autonomous: Annotated[float, Input(
        "自主定价系数", "factor",
        aliases=("自主系数", "自主定价系数", "自主定价", "定价系数", "自主", "自主核保系数"),
        hint="看保单或报价单上印的系数；新能源车只按保单上的填，不要套燃油车区间",
    )],
) -> float:
    """基准纯风险保费 ÷ (1 － 附加费用率) × NCD系数 × 交通违法系数 × 自主定价系数。"""
    return pure_risk / (1 - expense_ratio) * ncd * violation * autonomous


@metric(
    "走一次保险往后多交的保费", "元", worse="higher",
    aliases=(
        "走保险多交多少", "往后多交", "后面多交", "多交多少", "总共多交", "后面总共多交", "走一次保险后面多交",
        "出一次险多花多少",
        "走保险的代价", "出险的代价", "保费一共涨多少", "以后多交多少", "走一次保险多花",
            "总共要多掏", "一共多交多少", "一共多交", "总共多掏",
            "总共多交多少", "要多交多少", "总共要多交", "往后几年多交", "后面几年多交", "后面几年总共多交", "往后几年总共", "后面几年总共",
            "比不出险多交多少", "比不出险多花多少", "总共多付多少", "一共多付多少", "总共多付", "一共多付", "往后多付",
            "报一次多花", "报一次多花多少", "报一次多交", "报一次多交多少", "走一次多交", "走一次多交多少",
        ),
)
def claim_cost_over_years(
    base_x_autonomous: Annotated[float, Input(
        "基准保费×自主定价系数", "元",
        aliases=("基准保费", "基准保费乘自主系数", "基准乘自主系数", "基准保费乘系数", "基准保费×自主系数", "打折前保费", "基准",
            "基准×自主系数", "基准×自主", "基准保费×自主", "基准保费乘自主",
        ),
        hint="用保单上的商业险保费除以NCD系数就是",
    )],
    ncd_with: Annotated[tuple[float, ...], Input(
        "走保险后各年的NCD系数", "factor",
        aliases=("走保险", "出险", "走了保险", "报保险", "报险", "理赔", "走的话", "含险", "走",
            "报案", "报案的话", "报一次险", "出一次险", "出了险", "报了", "报的话", "出的话", "用一次保险",
        ),
        hint="按年份顺序填，一直不变的填一个数",
    )],
    ncd_without: Annotated[tuple[float, ...], Input(
        "不走保险各年的NCD系数", "factor",
        aliases=("不走保险", "不出险", "不走", "自费", "自己修", "不报保险", "不报险", "没走保险", "不走的话", "自掏腰包",
            "NCD一直", "一直是", "一直",
            "不报", "不报的话", "没报", "没报的话", "不出", "不出的话", "没出", "没出的话", "没出险", "没出险的话", "一直不出", "不用保险", "没走",
        ),
        hint="按年份顺序填，一直不变的填一个数",
    )],
    extra_sali: Annotated[float, Input(
        "交强险多交的部分", "元", default=0, signed=True,
        aliases=("交强险多交", "交强险多出", "交强险多花", "强险多交", "交强险涨了", "交强险涨", "交强险差额",
            "交强险另外多交", "另外多交",
            "交强险那边多交", "那边多交", "交强险另多交", "交强险要多交", "交强险还多交", "交强险得多交",
        ),
    )],
) -> float:
    """基准保费×自主定价系数 × 各年(走保险的NCD系数 － 不走的NCD系数)之和 ＋ 交强险多交的部分。"""
    # "一直0.5" is one figure that stands for every year
    claimed = ncd_with * len(ncd_without) if len(ncd_with) == 1 else ncd_with
    clean = ncd_without * len(ncd_with) if len(ncd_without) == 1 else ncd_without
    if len(claimed) != len(clean):
        raise InvalidInput(f"走保险写了{len(claimed)}年的系数，不走写了{len(clean)}年，年数不一样，请补齐再算。")
    if sum(claimed) < sum(clean):
        raise InvalidInput("走保险后的NCD系数合计比不走的还低，两行可能填反了，请核对。")
    return base_x_autonomous * sum(a - b for a, b in zip(claimed, clean, strict=True)) + extra_sali


@metric(
    "走保险比自费净省", "元", worse="lower",
    aliases=("走保险划不划算", "走保险划算吗", "走保险合不合算", "走保险省多少", "净省", "划不划算", "划算吗", "合算吗",
            "亏不亏", "走不走划算", "走保险亏不亏", "划得来", "走保险值不值",
            "报还是不报", "到底报不报", "报不报", "走还是不走",
        ),
)
def claim_net_gain(
    repair_cost: Annotated[float, Input(
        "自费要付的修车钱", "元",
        aliases=("修车", "修车费", "维修费", "修车钱", "自费要付", "自费", "修理费", "修一下", "补漆", "定损", "损失", "喷漆",
            "修车报价", "修车要", "报价",
            "修要",
        ),
        hint="由自己这边保险赔的那部分",
    )],
    extra_premium: Annotated[float, Input(
        "走保险往后多交的保费", "元",
        aliases=("往后多交", "多交", "以后多交", "后面多交", "保费上涨", "保费多交", "来年多交", "多花保费", "涨保费", "保费涨",
            "走一次保险往后多交的保费",
            "出一次险往后多交的保费",
        ),
    )],
) -> float:
    """自费要付的修车钱 － 走保险往后多交的保费。"""
    return repair_cost - extra_premium


@metric(
    "自主定价系数变化带来的保费变化", "ratio",
    aliases=(
        "自主定价系数变化", "自主系数变化", "系数变化幅度", "自主定价系数上限", "自主定价系数下限",
        "自主系数扩围", "自主定价系数扩围",
        "最多能降多少", "最多能涨多少", "理论降幅", "理论涨幅", "最大降幅", "最大涨幅", "极值变化", "保费变化",
        "保费变化幅度",
            "最多能涨", "最多能降", "最多涨", "最多降", "保费最多能涨", "保费最多能降",
        ),
)
def autonomous_factor_change(
    new: Annotated[float, Input(
        "调整后的自主定价系数", "factor",
        aliases=("放到", "降到", "调到", "变成", "扩到", "提到", "升到", "涨到", "新系数", "改成", "新的系数"),
    )],
    old: Annotated[float, Input(
        "调整前的自主定价系数", "factor", positive=True, aliases=("系数从", "系数由", "下限从", "上限从",
        "原来的系数", "旧系数", "原系数"),
    )],
) -> float:
    """调整后的自主定价系数 ÷ 调整前的自主定价系数 － 1。"""
    return new / old - 1


@metric(
    "理赔核定最晚日", "date",
    aliases=("核定期限", "核定时限", "什么时候核定完", "最晚哪天核定", "核定最晚哪天", "最晚哪天要核定", "哪天前核定", "几号前核定", "核定截止日",
            "哪天给我核定", "核定结果", "给我核定", "给核定", "出核定",
        ),
    about=("核定",),
)
def claim_assessment_deadline(materials_complete: MaterialsComplete, *, claim_assessment_deadline: Cells) -> date:
    """资料交齐那天 ＋ 法定核定天数。"""
    return materials_complete + timedelta(days=claim_assessment_deadline["days"])


@metric(
    "赔款到账最晚日", "date",
    aliases=("赔付期限", "赔款期限", "打款期限", "什么时候到账", "最晚哪天赔", "最晚哪天打款", "多久到账", "付款最晚哪天",
        "赔付截止日", "最晚哪天付款",
             "最晚哪天到账", "哪天前打款", "哪天前到账"),
    about=("打款", "到账", "赔款", "打钱", "付款"),
)
def claim_payment_deadline(
    agreement: Annotated[date, Input(
        "达成赔付协议那天", "date", aliases=("达成协议", "协议", "签协议", "谈妥", "谈好", "双方同意",
        "确认金额", "同意赔", "签字"),
    )],
    *,
    claim_payment_deadline: Cells,
) -> date:
    """达成赔付协议那天 ＋ 法定赔付天数。"""
    return agreement + timedelta(days=claim_payment_deadline["days"])


@metric(
    "拒赔通知最晚日", "date",
    aliases=("拒赔通知期限", "拒赔书期限", "什么时候给拒赔通知", "最晚哪天给拒赔书", "拒赔书最晚哪天", "拒赔书面说明", "拒赔通知",
             "拒赔通知书", "拒赔书"),
    about=("拒赔",),
)
def claim_refusal_notice_deadline(
    assessment: Annotated[date, Input(
        "保险公司作出核定那天", "date", aliases=("作出核定", "核定", "核定日", "核定不赔", "决定不赔", "说不赔",
        "核定结果"),
    )],
    *,
    claim_refusal_notice_deadline: Cells,
) -> date:
    """保险公司作出核定那天 ＋ 法定通知天数。"""
    return assessment + timedelta(days=claim_refusal_notice_deadline["days"])


@metric(
    "先行赔付最晚日", "date",
    aliases=("先付期限", "先行赔付", "先予支付", "什么时候先付", "最晚哪天先付", "先赔一部分", "先付一部分", "最晚哪天先赔"),
    about=("先赔", "先付", "先拿", "六十天", "60天", "60日", "六十日",),
)
def claim_advance_deadline(materials_complete: MaterialsComplete, *, claim_advance_deadline: Cells) -> date:
    """资料交齐那天 ＋ 法定先付天数。"""
    return materials_complete + timedelta(days=claim_advance_deadline["days"])


@metric("车船税滞纳金", "元", worse="higher", aliases=("车船税滞纳", "车船税逾期", "滞纳金", "车船税晚交"))
def vehicle_tax_late_fee(
    tax: Annotated[float, Input("欠交的车船税", "元", aliases=("车船税", "税额", "税款", "欠税", "欠了", "车船税额"))],
    days: Annotated[float, Input("滞纳天数", "天", aliases=("晚了", "逾期", "滞纳", "晚交", "拖了", "欠了几天", "超期"))],
    *,
    vehicle_tax_late_fee: Cells,
) -> float:
    """欠交的车船税 × 每日滞纳比例 × 滞纳天数。"""
    return tax * vehicle_tax_late_fee["daily"] * days
