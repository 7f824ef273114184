"""One claim and the renewals after it: which coefficient each year, and what it costs beside a clean record."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from assistant.metrics import Input, metric
from assistant.metrics.insurance import no_claims_level

Cells: TypeAlias = Mapping[str, float]


def levels(clean_years: float, *, claimed: bool, renewals: float, rule: Cells) -> list[float]:
    """NCD levels of the coming renewals after `clean_years` insured years without a claim.

    `claimed`: the last of those years had one claim; no further one follows. A year not finished
    does not count; years beyond what counts change nothing.
    """
    found, whole = [], max(1.0, float(int(clean_years)))
    for renewal in range(1, int(renewals) + 1):
        insured = whole + renewal - 1
        recent = 1.0 if claimed and renewal <= rule["window"] else 0.0
        since = float(renewal - 1) if claimed else insured
        found.append(no_claims_level(recent, insured, since, rule))
    return found


def factors(clean_years: float, renewals: float, rule: Cells, table: Cells) -> list[tuple[float, float]]:
    """(factor with the claim, factor without) of each coming renewal."""
    claimed, clean = (
        levels(clean_years, claimed=with_claim, renewals=renewals, rule=rule) for with_claim in (True, False)
    )
    return [(table[f"{a:.0f}"], table[f"{b:.0f}"]) for a, b in zip(claimed, clean, strict=True)]


@metric(
    "出一次险往后多交的保费", "元", worse="higher",
    aliases=(
        "出一次险多交多少", "出险一次多交多少", "出一次险往后多交", "出一次险以后多交", "出险一次往后多交",
        "走一次保险往后多交多少",
        "报一次保险多交多少", "报一次险往后多交", "出一次险要多花多少保费", "走一次险多交多少",
        "走一次保险要多交多少", "出险一次多花多少",
        "出一次险一共多交多少",
        "出一次险往后几年多交", "出险一次往后几年多交", "出险一次后面几年多交",
            "总共要多掏", "总共多交多少", "一共多交多少", "总共多交", "一共多交", "往后几年总共",
            "后面几年一共多交", "总共多掏", "往后几年一共",
            "后面几年总共", "走一次商业险", "报一次商业险", "报了一次商业险", "后面几年多交",
            "总共要多交", "要多交多少", "多交多少商业险", "前后几年总共",
            "比不出险多掏多少", "比不出险多交多少", "比不出险多花多少", "加起来比不出险", "往后这几年加起来", "后面几年总共多交", "往后几年多交",
            "一次都没报比", "跟没报比", "跟没出险比", "比没出险",
        ),
)
def claim_extra_premium(
    base_x_autonomous: Annotated[float, Input(
        "基准保费×自主定价系数", "元",
        aliases=("基准保费", "基准保费乘自主系数", "基准乘自主系数", "基准保费乘系数", "基准保费×自主系数", "打折前保费", "基准", "不打折保费",
            "基准×自主系数", "基准×自主", "基准保费×自主", "基准保费乘自主",
        ),
        hint="用保单上的商业险保费除以NCD系数就是",
    )],
    clean_years: Annotated[float, Input(
        "连续投保且没出险的年数", "年",
        measure="clean_years",
        aliases=("没出险", "连续没出险", "连续未出险", "没出过险", "无赔款", "连续投保", "投保", "没理赔", "老客户", "没出过", "买了"),
        hint="到出险这一年为止，连这一年算，新车头一年写一年",
    )],
    *,
    ncd_level: Cells,
    ncd_2020: Cells,
    one_claim_path: Cells,
) -> float:
    """基准保费×自主定价系数 × 往后各次续保(出一次险的NCD系数 － 一直没出险的NCD系数)之和。"""
    renewals = one_claim_path["renewals"]
    years = factors(clean_years, renewals, ncd_level, ncd_2020)
    return base_x_autonomous * sum(claimed - clean for claimed, clean in years)
