"""How far a target is away, whether history supports it, what an employer may take from or owes on top of wages, until when."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated

from assistant.errors import InvalidInput
from assistant.metrics import Input, metric
from assistant.metrics.workdays import after_years

# a target is counted in anything (台, 单, 元 …): an empty unit agrees with all of them
_TARGET = (
    "目标", "目标值", "指标", "任务", "任务量", "考核目标", "考核指标", "考核线", "定额", "要做到", "要完成",
    "给我定", "总任务", "上面要", "领导要", "总部要", "下个月定", "派我们", "派给", "派了", "下达", "压给", "分到", "压了",
    "月目标", "年目标", "本月任务", "任务是", "指标是", "指标定", "任务定", "kpi",
)
_ACTUAL = (
    "完成", "实际", "实际完成", "已完成", "已经完成", "目前完成", "现在完成", "做了", "已做", "做到", "完成了",
    "才做", "只做", "到今天", "到现在", "截至今天", "揽了", "卖了", "收了", "到目前",
    "只完成", "才完成", "实绩", "业绩", "达成", "现在做了", "目前做了", "现在是", "目前是", "现在只有",
    "目前只有", "现在才",
    "成了", "又成", "干到", "干到今天", "现在干到", "干了", "已干", "干完", "也就是", "做到今天",
)
_DAYS = ("剩", "还剩", "剩余", "剩下", "还有", "离月底", "离月末", "离考核", "剩余天数", "天数", "工作天")
_HISTORY = (
    "历史", "过去", "近几个月", "前几个月", "往期", "历史数据", "历史业绩", "历史完成", "近12个月", "近六个月",
    "近半年", "过去几期",
    "前几期", "实际完成", "每月完成", "各月", "之前", "完成量", "过去一年", "去年", "最近几个月",
)


@metric(
    "目标达成率", "ratio", worse="lower",
    aliases=("达成率", "完成率", "任务完成率", "指标完成率", "目标完成率", "完成度", "完成百分之几", "完成了百分之多少", "任务达成率"), aim=1.0,
)
def kpi_achievement(
    actual: Annotated[float, Input("实际完成", "", aliases=_ACTUAL)],
    target: Annotated[float, Input("目标", "", positive=True, aliases=_TARGET)],
) -> float:
    """实际完成 ÷ 目标。"""
    return actual / target


@metric(
    "所需提升率", "ratio", worse="higher",
    aliases=(
        "提升率", "要提升", "还要提升", "要提升多少", "需要提升", "需提升", "提升百分之几", "提高百分之几", "再提高",
        "再提升", "提升幅度", "要涨多少", "需提高",
        "还要提高百分之多少", "要提高多少", "增长率要多少", "要增长多少",
            "还要在现在基础上提升", "还要提升百分之多少", "提升百分之多少", "要提升百分之", "基础上提升",
            "再涨多少", "再提百分之",
        ),
)
def kpi_lift(
    actual: Annotated[float, Input("实际完成", "", positive=True, aliases=_ACTUAL)],
    target: Annotated[float, Input("目标", "", aliases=(*_TARGET, "提到"))],
) -> float:
    """目标 ÷ 实际完成 － 1。"""
    return target / actual - 1


@metric(
    "日均需补量", "", worse="higher",
    aliases=("日均补量", "每天要补", "每天要做多少", "每天还要做", "每天还要完成", "平均每天", "一天要做多少", "每日需完成", "日均要做",
             "每天得做", "每天得完成", "每天补多少", "一天得做", "每天要完成",
            "日均还要补", "每天得干", "每天干几", "日均补", "往后每天", "每天得补", "每天要干", "一天得干",
            "平均每天要", "日均还差", "每天还得",
            "一天要补", "一天补", "一天还要", "一天得补", "剩下每天", "每天要做几", "每天做几", "每天得做几", "每天要卖", "每天要出",
        ),
)
def kpi_daily_needed(
    target: Annotated[float, Input("目标", "", aliases=_TARGET)],
    actual: Annotated[float, Input("实际完成", "", aliases=_ACTUAL)],
    days_left: Annotated[float, Input("剩余天数", "天", positive=True, aliases=_DAYS)],
) -> float:
    """（目标 － 实际完成）÷ 剩余天数，已达标时为 0。"""
    return max(0.0, target - actual) / days_left


@metric(
    "所需人手", "人", worse="higher",
    aliases=("需要几个人", "要多少人", "需要多少人", "要加几个人", "要几个人", "补多少人手", "人手要多少", "人力缺口", "需要人手"),
)
def kpi_people_needed(
    target: Annotated[float, Input("目标", "", aliases=_TARGET)],
    actual: Annotated[float, Input("实际完成", "", aliases=_ACTUAL)],
    days_left: Annotated[float, Input("剩余天数", "天", positive=True, aliases=_DAYS)],
    per_person_daily: Annotated[float, Input(
        "每人每天完成量", "", positive=True,
        aliases=("每人每天", "人均每天", "一个人一天", "单人日产", "人均日产", "人效", "每人日均", "人均每日", "一人一天"),
        hint="用过去的平均数，不用最好那天的数",
    )],
) -> float:
    """（目标 － 实际完成）÷ 剩余天数 ÷ 每人每天完成量，向上取整。"""
    people = max(0.0, target - actual) / days_left / per_person_daily
    # a quotient such as 3.0000000001 is three people, not four
    return float(math.ceil(round(people, 9)))


@metric(
    "目标与历史均值之比", "ratio", worse="higher",
    aliases=(
        "目标比均值", "历史均值", "历史平均", "平均的百分之几", "平均的多少倍", "目标是平均的多少", "目标除以均值",
        "目标比平均", "目标与平均值之比", "目标和平均比", "目标相当于平均",
        "目标合理性", "高出平均多少",
            "平均数的几倍", "是平均数", "平均的几倍", "均值的几倍", "是均值",
            "平均水平的几倍", "平均水平的多少", "均值的多少", "是平均的几",
        ),
)
def target_vs_average(
    target: Annotated[float, Input("目标", "", aliases=_TARGET)],
    history: Annotated[tuple[float, ...], Input(
        "往期实际完成", "", positive=True, aliases=_HISTORY, hint="最近十二期的实际完成数，逐个写",
    )],
) -> float:
    """目标 ÷ 往期实际完成的平均值。"""
    return target / (sum(history) / len(history))


@metric(
    "目标与历史最好之比", "ratio", worse="higher",
    aliases=(
        "目标比历史最好", "历史最好", "历史最高", "最好的百分之几", "最高的百分之几", "最好成绩", "历史最大值",
        "目标比最高", "目标是最好的多少", "目标除以最大值", "目标与最大值之比",
        "目标与历史最高之比", "目标超过历史最好", "超历史最好", "比历史最高", "目标合不合理", "目标合理吗",
            "最好那个月", "最好的那个月", "最好的一个月", "最好那期", "最高那个月", "最高的那个月",
            "最好的月份", "跟最好", "是最好", "最高那个",
            "最好那个月的几倍", "最好的几倍", "最高的几倍", "最好月份的几倍",
        ),
)
def target_vs_best(
    target: Annotated[float, Input("目标", "", aliases=_TARGET)],
    history: Annotated[tuple[float, ...], Input(
        "往期实际完成", "", positive=True, aliases=_HISTORY, hint="最近十二期的实际完成数，逐个写",
    )],
) -> float:
    """目标 ÷ 往期实际完成的最大值。"""
    return target / max(history)


@metric(
    "每月最多可扣的赔偿", "元",
    aliases=(
        "工资扣款上限", "扣款上限", "最多扣", "最多扣我", "扣我多少", "让我赔", "要我赔", "能扣我", "工资扣赔偿上限",
        "最多扣多少", "最多能扣", "最多可以扣", "能扣多少",
        "顶多扣", "顶多能扣", "每月扣款上限", "扣工资上限", "赔偿扣款", "每月最多扣", "每个月最多扣",
        "最高能扣", "扣多少合法",
            "从工资扣", "从我工资扣", "能从我工资", "从我的工资", "工资扣多少", "工资里扣",
            "每月按上限扣", "每月扣多少", "按上限扣",
            "最多能从我工资", "能从我工资里扣多少", "从我工资里扣多少", "从我工资扣多少", "一个月最多能",
        ),
)
def wage_deduction_cap(
    wage: Annotated[float, Input(
        "当月工资", "元", aliases=("工资", "月工资", "应发工资", "应发", "月薪", "薪水", "薪资", "底薪", "工钱",
        "每月发", "到手",
            "开", "一个月开", "发", "挣", "一个月挣",
            "只有",
        ),
    )],
    min_wage: Annotated[float, Input(
        "当地最低工资标准", "元",
        aliases=("最低工资", "最低工资标准", "当地最低工资", "本市最低工资", "我们市最低工资", "最低标准", "最低线", "最低月薪"),
        hint="查当地人社局公布的月最低工资标准",
    )],
    *,
    wage_deduction: Mapping[str, float],
) -> float:
    """当月工资 × 扣款比例上限 与（当月工资 － 当地最低工资）取小，不低于 0。"""
    return max(0.0, min(wage_deduction["share"] * wage, wage - min_wage))


@metric(
    "扣清赔偿要几个月", "个月",
    aliases=(
        "几个月扣完", "几个月才扣完", "得扣几个月", "要扣几个月", "几个月扣得完", "扣多久", "多久扣完",
        "几个月扣清", "扣几个月", "多少个月扣完",
    ),
)
def wage_deduction_months(
    owed: Annotated[float, Input(
        "要赔的总额", "元", aliases=("要赔", "赔公司", "要赔公司", "赔偿总额", "总共要赔", "一共赔", "赔",
        "让赔", "要我赔", "欠公司"),
    )],
    wage: Annotated[float, Input(
        "当月工资", "元", aliases=("工资", "月工资", "应发工资", "应发", "月薪", "薪水", "薪资", "底薪",
        "每月发", "到手", "一个月开"),
    )],
    min_wage: Annotated[float, Input(
        "当地最低工资标准", "元", aliases=("最低工资", "最低工资标准", "当地最低工资", "本市最低工资",
        "最低标准", "最低线"),
        hint="查当地人社局公布的月最低工资标准",
    )],
    *,
    wage_deduction: Mapping[str, float],
) -> float:
    """要赔的总额 ÷ 每月最多可扣的赔偿，不满一个月的按一个月。"""
    most = max(0.0, min(wage_deduction["share"] * wage, wage - min_wage))
    if most == 0:
        raise InvalidInput("按这个工资和最低工资，当月一分钱都不能扣，只能另行协商或起诉，算不出几个月扣完。")
    return float(math.ceil(round(owed / most, 9)))


def _months(years: float, rule: Mapping[str, float]) -> float:
    """Months of pay for the years served: whole years, then a half or a whole month for the rest."""
    whole = math.floor(years)
    rest = round(years - whole, 9)
    if rest == 0:
        return whole * rule["year_months"]
    return whole * rule["year_months"] + (rule["short_months"] if rest < rule["short_below"] else rule["year_months"])


_YEARS = Input(
    "工作年限", "年",
    aliases=("工龄", "工作年限", "干了", "做了", "工作了", "入职", "年限", "上班", "在职", "待了", "在公司",
             "工作", "这儿工作", "在这儿工作", "在这干", "入职满", "熬到满", "做满", "干满", "熬到"),
    hint="满几年零几个月按年写，例如三年半写三点五",
)
_AVERAGE_WAGE = Input(
    "离职前十二个月平均工资", "元",
    aliases=("平均工资", "月平均工资", "月均工资", "前12个月平均工资", "前十二个月平均工资", "近12个月平均", "月工资", "月薪", "工资",
             "平均月薪", "月均", "平均", "均薪", "平均一个月", "平均每月", "一个月平均"),
    hint="应得工资的月平均，含奖金津贴",
)


@metric(
    "经济补偿金", "元",
    aliases=("经济补偿", "补偿金", "离职补偿", "辞退补偿", "赔几个月工资", "补偿多少钱", "N补偿", "n补偿", "解除补偿", "合法辞退补偿",
             "裁员补偿",
            "合法解除", "离职补偿该", "合法裁", "合法辞退", "正常裁", "裁员给",
            "合法的那个", "合法裁补", "合法的",
        ),
)
def labor_severance(
    years: Annotated[float, _YEARS],
    avg_wage_12m: Annotated[float, _AVERAGE_WAGE],
    *,
    severance_pay: Mapping[str, float],
) -> float:
    """按工作年限折算的月数 × 离职前十二个月平均工资。"""
    return _months(years, severance_pay) * avg_wage_12m


@metric(
    "违法解除赔偿金", "元",
    aliases=("违法解除", "违法辞退", "违法解除劳动合同赔偿", "2N", "2n", "双倍赔偿", "违法辞退赔偿", "赔偿金", "违法开除", "非法辞退",
             "无故辞退", "违法解约",
            "违法的那个", "违法裁", "违法的",
        ),
)
def labor_illegal_dismissal_pay(
    years: Annotated[float, _YEARS],
    avg_wage_12m: Annotated[float, _AVERAGE_WAGE],
    *,
    severance_pay: Mapping[str, float],
) -> float:
    """按工作年限折算的月数 × 离职前十二个月平均工资 × 违法解除的倍数。"""
    return _months(years, severance_pay) * avg_wage_12m * severance_pay["illegal_multiple"]


@metric(
    "申请劳动仲裁最后日", "date",
    aliases=(
        "劳动仲裁最后日", "仲裁最后日", "仲裁截止", "仲裁截止日", "劳动仲裁截止", "最晚哪天申请仲裁",
        "几号前申请仲裁", "仲裁时效到哪天",
        "仲裁时效到几号", "仲裁到哪天过期", "哪天前要去仲裁", "最晚哪天去仲裁", "仲裁哪天过期",
        "劳动仲裁到什么时候", "时效到哪天", "时效到几号",
        "最晚什么时候去仲裁", "仲裁最晚哪天",
    ),
    about=("仲裁",),
)
def labor_arbitration_deadline(
    known: Annotated[date, Input(
        "知道权利被侵害那天", "date",
        aliases=("知道被扣", "发现被扣", "被扣工资", "扣的工资", "扣工资", "扣了工资", "被辞退", "辞退", "离职", "解除合同", "被开除",
                 "收到解除通知",
            "离的职", "走的", "离开公司", "被裁",
        ),
        hint="发现被扣钱或收到解除通知那天；离职后讨工资的，填离职那天",
    )],
    *,
    labor_arbitration_limit: Mapping[str, float],
) -> date:
    """知道权利被侵害那天（离职后讨工资的，离职那天）＋ 仲裁时效的年数。"""
    return after_years(known, labor_arbitration_limit["years"])
