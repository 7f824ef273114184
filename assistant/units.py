"""The words that may follow a number, what they mean, and the words they only seem to begin.

A unit is told from a longer word by what follows: 3成 is a ratio, 3成交 is not; 5单 is a count, 5单价 is not.
"""

import re
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Unit:
    """What a unit word means: its normal name, the kind of figure, and what the number is multiplied by.

    `unless` is a pattern: followed by it, the characters are another word.
    """

    name: str
    kind: str
    times: Fraction = Fraction(1)
    unless: str = ""


def _of(name: str, kind: str, words: str, times: Fraction = Fraction(1), unless: str = "") -> dict[str, Unit]:
    return {word: Unit(name, kind, times, unless) for word in words.split()}


_LETTER = "[a-z]"
# of 产值84万台次700 and 产值84万台次是700 the word is the label of the next figure; in 12单3000单 it counts the one before
_LABELS_NEXT = r"(?:是|为|:|共) ?\d|\d[\d.]*+[万wk]?+(?![\d.%‰a-z一-龥])"
_COUNTED = {
    "笔": "", "台次": _LABELS_NEXT, "车次": _LABELS_NEXT, "人次": _LABELS_NEXT, "工位": _LABELS_NEXT,
    "工时": "费|单价|定额|利用|毛利|产值", "工位小时": "", "户": "", "圈": "", "张": "",
    "页": "", "箱": "", "瓶": "",
    "片": "区", "根": "据|本|治", "支": "付|持|出|撑", "只": r"(?!\d[\d.,]*+(?:元|块)|每|各|单价)",
    "对": "方|比|账|应|手|象|照|公|面|口|我|你|他|客|于|待",
    "桶": "", "罐": "", "盒": "", "辆": "", "网点": "", "门店": "", "车位": "", "间": "",
    "单": r"价|号|证|独|方|店|位|纯|项|据|台|车|次|笔|日(?!均)|月(?!均)",
    "人": "次|民|均|工|事|为|伤|力|家",
    "件": "均",
    "条": "件|例|款|码",
    "台": "次|湾|账|阶|风|式",
    "回": "来|家|复|访|厂|店|站|头|购|收|合|执|款|到|馈|去|本|报",
    "次": "日(?!均)|年|月|均|序|品|新|卡|性",
    "部": "分|门|队|件|位|长|署|委|落|颁",
    "份": "额",
    "家": "用|庭|装|属|长|里|电|居|具|政|自用|暴",
    "名": "称|单|字|义|下|额|次|声|誉",
    "位": "置|数",
    "项": "目标",
    "例": "如|外|行|子",
    "批": "发|准|评|改|复",
    "套": "餐|路|利|取|现",
    "组": "织|成|长|合|装|员",
    "票": "据|面",
    "包": "退|赔|邮|装|括|含|修|换|月|年|干|车|牌|间",
    "款": "项|式|额|待",
    "种": "类",
    "起": r"(?!事故|案|纠纷|投诉|申诉|交通|有责|责任|追尾|理赔|剐|刮|碰|客诉|退款|赔|诉讼|的)[一-龥a-z\d]",
    "个": "别|性|体",
}
_PERCENT, _PERMILLE, _TENTH, _SIXTIETH = Fraction(1, 100), Fraction(1, 1000), Fraction(1, 10), Fraction(1, 60)

UNITS: dict[str, Unit] = {
    **{word: Unit(word, "count", unless=unless) for word, unless in _COUNTED.items()},
    **_of("单", "count", "订单 工单 子订单 dan"),
    **_of("笔", "count", "bi", unless=_LETTER),
    **_of("人", "count", "员工"),
    **_of("台", "count", "tai", unless=_LETTER),
    **_of("件", "count", "jian", unless=_LETTER),
    **_of("户", "count", "hu", unless=_LETTER),
    **_of("人", "count", "ren", unless=_LETTER),
    **_of("票", "count", "piao", unless=_LETTER),
    **_of("天", "duration", "tian", unless=_LETTER),
    **_of("户", "count", "客户"),
    **_of("元", "money", "元整 块钱 人民币 rmb yuan"),
    **_of("元", "money", "元", unless="旦|素"),
    **_of("元", "money", "块", unless="组成|内容|指标|业务|工作|儿|屏|牌|钱"),
    **_of("元", "money", "毛钱", _TENTH),
    **_of("元", "money", "毛", _TENTH, "利|坯|率|病|巾"),
    **_of("元", "money", "角", _TENTH, "色|度|落"),
    **_of("元", "money", "分钱", _PERCENT),
    **_of("ratio", "ratio", "% 个百分点 百分点", _PERCENT),
    **_of("ratio", "ratio", "个点", _PERCENT, "击|评|赞|位"),
    **_of("ratio", "ratio", "‰ 个千分点", _PERMILLE),
    **_of("ratio", "ratio", "成", _TENTH, "不变|交|团|功|单|本|品|立|为|员|绩|熟|长|就|分|份|套|都|果|人|色|年"),
    **_of("ppm", "ppm", "ppm"),
    **_of("小时", "duration", "小时 钟头 hours hour"),
    **_of("小时", "duration", "h", unless=_LETTER),
    **_of("小时", "duration", "分钟", _SIXTIETH),
    **_of("小时", "duration", "min", _SIXTIETH, _LETTER),
    **_of("秒", "duration", "秒钟"),
    **_of("秒", "duration", "秒", unless="杀|拍|退|回"),
    **_of("工作日", "duration", "工作日"),
    **_of("天", "duration", "自然日"),
    **_of("天", "duration", "天", unless="猫|津|河|然"),
    **_of("天", "duration", "d", unless=_LETTER),
    **_of("日", "duration", "日", unless="均|本|志|常|产|报|用|游|元|历"),
    **_of("周", "duration", "星期 礼拜", unless="[一二三四五六日天]"),
    **_of("周", "duration", "周", unless="转|末|边|围|报|期|会|[一二三四五六日](?![单件台])"),
    **_of("月", "duration", "月", unless="薪|租|饼|台|结|卡|利率|息|供"),
    **_of("季度", "duration", "季度"),
    **_of("年", "duration", "年", unless="初|末|底|轻|龄|会|均|卡|报|款|薪|货|终|利率|化|息"),
    **_of("分", "score", "分", unless="[之析店摊期别开类成组布配部销拨档批给行项母子歧享明手]|公司"),
    **_of("公里", "distance", "公里 千米"),
    **_of("公里", "distance", "km", unless=_LETTER),
    **_of("米", "distance", "米"),
    **_of("座", "size", "座位"),
    **_of("座", "size", "座", unless="谈|椅|机"),
    **_of("吨", "size", "吨"),
    **_of("吨", "size", "t", unless=r"[a-z\d]"),
    **_of("cc", "size", "排量 的排量"),
    **_of("升", "size", "升", unless="级|到|至|为|高|降|幅|值|职"),
    **_of("升", "size", "l", unless=r"[a-z\d]"),
    **_of("cc", "size", "cc", unless=_LETTER),
    **_of("cc", "size", "毫升"),
    **_of("公斤", "size", "公斤 千克 kg"),
    **_of("斤", "size", "斤"),
    **_of("星", "grade", "星 颗星", unless="期|级|座"),
    **_of("级", "grade", "级", unless="别|联|差"),
    **_of("档", "grade", "档", unless="案|口|次|期"),
    **_of("倍", "number", "倍", unless="增|率"),
    **_of("折", "number", "折", unless="旧|扣率|叠|合|损|现|算"),
    **_of("", "number", "个亿", Fraction(10**8)),
}
"""unit word → meaning"""

_SPELLED = "|".join(
    re.escape(word) + (f"(?!{unit.unless})" if unit.unless else "")
    for word, unit in sorted(UNITS.items(), key=lambda item: -len(item[0]))
)
# 3个小时 is three hours; 3个月 is a length where 3月 is a month, so the reader is told that 个 was there
_AFTER_GE = (
    "小时|钟头|工作日|自然日|星期|礼拜|月|季度|年|天|周|工位|工时|人|单|件|网点|门店|车位|员工|客户|子?订单|工单"
)
UNIT = re.compile(
    rf"(?P<apart> )?(?P<measure>个(?=半?(?:{_AFTER_GE})))?(?P<half>半)?(?P<word>(?>{_SPELLED}))"
    # 产值80万 台次640: after a space the word may be the label of the next figure
    r"(?(apart)(?!(?:[是为:有共 ]|[再多少][一-龥]?)?[\d一二两三四五六七八九十]))"
)
PER = re.compile(r" ?[/每]个?(?P<per>台次|工位|工时|小时|单|笔|件|台|次|人|户|年|月|天|日|辆|吨|升|公里|票)(?!均)")
