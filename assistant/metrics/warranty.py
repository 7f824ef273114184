"""Until which day the law's free replacement, 三包 and warranty of a car last, and the guarantee of a repair."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, TypeAlias

from assistant.metrics import Input, metric
from assistant.metrics.workdays import after_years

Cells: TypeAlias = Mapping[str, float]

_STARTED = Input(
    "三包起算日", "date",
    aliases=(
        "提车", "提的车", "提的", "买的", "买的车", "交车", "开票", "开发票", "发票日期", "发票是", "购车",
        "交付", "提车日", "起算日", "买车",
        "拿车", "开的票", "开的发票",
    ),
    hint="开购车发票那天；交车比开票晚的，填交车那天",
)


@metric(
    "三包有效期最后日", "date",
    aliases=(
        "三包有效期到哪天", "三包到哪天", "三包到什么时候", "三包什么时候到期", "三包到期", "三包期到哪天",
        "三包哪天到期", "三包有效期到什么时候",
        "三包有效期截止", "三包截止", "三包过期",
    ),
    about=("三包有效期", "三包",),
)
def sanbao_term_end(started: Annotated[date, _STARTED], *, sanbao_terms: Cells) -> date:
    """三包起算日 ＋ 三包有效期的年数，里程先到的以里程为准。"""
    return after_years(started, sanbao_terms["term_years"])


@metric(
    "包修期最后日", "date",
    aliases=(
        "包修期到哪天", "包修到哪天", "包修到什么时候", "包修什么时候到期", "包修期到什么时候", "质保到哪天",
        "整车质保到什么时候", "包修期截止",
        "包修哪天到期", "质保期到哪天", "整车质保到哪天", "新车质保到哪天",
    ),
    about=("包修期", "包修", "整车质保",),
)
def sanbao_fix_end(started: Annotated[date, _STARTED], *, sanbao_terms: Cells) -> date:
    """三包起算日 ＋ 包修期的年数，里程先到的以里程为准。"""
    return after_years(started, sanbao_terms["fix_years"])


@metric(
    "七日免费换退最后日", "date",
    aliases=(
        "七日免费换退到哪天", "7日免费换退到哪天", "七天免费退车到哪天", "七日退车最后一天", "7天退车到几号",
        "七天退车到几号", "七天退车到哪天",
        "7天退车到哪天", "七天换车到几号", "7天换车到几号", "七日换退到哪天", "7日换退截止", "七日换退截止",
        "七日换退最后一天", "七天内退车到几号",
    ),
)
def sanbao_seven_days_end(started: Annotated[date, _STARTED], *, sanbao_seven_days: Cells) -> date:
    """三包起算日 ＋ 规定的日数。"""
    return started + timedelta(days=sanbao_seven_days["days"])


@metric(
    "六十日换总成换退最后日", "date",
    aliases=(
        "60日换退到哪天", "六十日换退到哪天", "60天免费换总成到哪天", "六十天换总成到哪天", "60天换总成到哪天",
        "六十天退车到几号", "60天退车到几号",
        "60天换车最后一天", "60日换总成截止", "六十日换退截止", "60日换退截止",
    ),
)
def sanbao_sixty_days_end(started: Annotated[date, _STARTED], *, sanbao_sixty_days: Cells) -> date:
    """三包起算日 ＋ 规定的日数，里程先到的以里程为准。"""
    return started + timedelta(days=sanbao_sixty_days["days"])


@metric(
    "维修质量保证期最后日", "date",
    aliases=("维修质保到哪天", "维修质保期到哪天", "质保到哪天", "质保期到哪天", "质保到几号", "维修保修到哪天",
             "修完保到哪天", "修车质保到什么时候", "维修质保最后一天",
             "质保最后一天", "修完质保到几号", "维修质保截止"),
    about=("质保期", "质保", "大修", "小修", "保修", "二级维护", "维修保证期",),
)
def repair_guarantee_end(
    released: Annotated[date, Input(
        "竣工出厂日期", "date",
        aliases=("出厂", "修好", "修完", "竣工", "提车", "取车", "交车", "出厂日", "取的车", "修好取车", "接车"),
        hint="修好出厂那天，看结算单",
    )],
    kind: Annotated[str, Input(
        "维修类别", "", choice="repair_kind", aliases=("维修类别", "修的是什么", "哪一类维修"), hint="结算单上写着",
    )],
    *,
    repair_quality_period: Cells,
) -> date:
    """竣工出厂日期 ＋ 该类维修的质保日数，里程先到的以里程为准。"""
    return released + timedelta(days=repair_quality_period[f"{kind}_days"])
