"""What looks like a figure and is none, blanked out with the length kept: the rest can be read without guessing."""

import re
from functools import lru_cache

from assistant.days import calendar_spans

BLANK = "\x00"  # cannot occur in folded text

_HAN = "零〇一二两三四五六七八九十百千"
_MEASURED = r" ?(?:[万亿单笔件条台次人户个元块%‰]|wan|[wk](?![a-z]))"
_CODE = r"[a-z]{0,5}[ -]?\d[a-z\d-]*+"
_NUMBERED = (
    "店铺|订单|运单|快递|物流|发票|商品|会员|用户|客户|保单|报案|流水|工单|商家|微信|车架|发动机|身份证|银行卡|手机|许可证|"
    "备案|案件|任务|投诉|退款|售后|卡|账|帐|货|款|批|工|尾|单|票|案|q"
)
_PRODUCTS = (
    r"iphone|ipad|model|mate|note|redmi|honor|nova|reno|find|pura|usb|mp|ios|android|win|windows|iso|gb|ver|version|type|"
    r"vip|lv|es|et|ec|gl|glc|gle|ct|rx|nx|xt|cs|mg|co|no\.|sku|spu|pm|p\.s"
)
_ADDRESS = re.compile(r"https?://[!-~]++|www\.[!-~]++|(?<![a-z\d._+-])[a-z\d._+-]{1,64}+@[a-z\d.-]++")
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d.])\d{1,5}(?:\.\d{1,5}){2,5}+(?!\.?\d)|(?<![a-z])v\d++(?:\.\d++)*+",
        rf"(?<![\d-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}(?!\d|{_MEASURED})",
        r"(?<!\d)[48]00-?\d{3}-?\d{4}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)|(?<!\d)[48]00-\d{4}-\d{3}(?!\d)",
        r"(?<![a-z\d.·_+-])[a-z\d.·_+-]*+\*{3,}+[a-z\d@._+-]*+",  # masked before it was kept
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·• -]?[a-z\d]{5,6}(?![a-z\d])",
        rf"(?:{_NUMBERED})(?:id|编号|号码?|编码)(?:是|为|[:#=\s])*{_CODE}",
        rf"(?<![a-z])(?:id|no|vin|sn)[.:#= ]{{0,3}}{_CODE}",
        rf"(?:编号|编码|号码|[尾末后][三四五六]位(?:数)?)(?:是|为|[:#=\s])*{_CODE}|#\d++",
        rf"(?:电话|热线|传真|邮编|tel|打|拨|拨打|qq)[是为: ]{{0,2}}\d[\d-]{{2,}}+(?!{_MEASURED})",
        rf"(?<![\d.交量数单额值本费利入资户件笔:])123\d\d(?![\d.]|{_MEASURED})",
        r"(?<![a-z\d])(?=[a-z]*\d)[a-hj-npr-z\d]*[a-z][a-hj-npr-z\d]{10,}+(?![a-z])|(?<![a-z])[a-z]{1,5}\d{6,}[a-z\d]*+",
        rf"(?<![\d.,])\d{{12,}}+(?![\d.]|{_MEASURED})",
        rf"每(?:个|年)?月(?:的)?(?:\d{{1,2}}|[{_HAN}]{{1,3}}) ?[号日]",  # a day that comes round
        rf"第 ?(?:\d++(?:[.-]\d++)?|[{_HAN}]++)(?:[-到至、](?:第?\d++|[{_HAN}]++)(?=[条款项章]))?",
        r"(?:令|文|公告|[〔\[(]\d{4}[〕\])])第? ?\d++ ?号|\d++号(?:令|文|公告|部令|汽油|柴油|油|线|工位|楼|库|店|车)",
        r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])",
        r"(?<![\d.])(?:[01]?\d|2[0-4])点(?:[到至-]|~)(?:[01]?\d|2[0-4])点(?![\d几])",
        r"(?<![\d.])(?:[01]?\d|2[0-4])点(?:半|整|钟|[0-5]\d(?=分|[^\d万千百亿%‰一-龥]|$)分?|(?=[之以前后到过]))",
        rf"(?:早上?|上午|中午|下午|晚上?|凌晨|今晚|傍晚)(?:\d{{1,2}}|[{_HAN}]{{1,3}})点(?:半|整|钟|[\d{_HAN}]{{1,3}}分?)?",
        r"(?<!十)[一二两三四五六七八九十]{1,2}点(?:半|整|钟)",
        rf"(?<![a-z])(?:{_PRODUCTS})[ -]?\d++[a-z]*+",
        r"(?<![a-z])top ?\d++(?!%)|(?<![a-z\d.])[a-z]\d{1,4}(?![\d%万]|\.\d)[a-z]?",
        r"(?:加v|加微|微信|vx|wx|v信)[: ]{0,2}[a-z\d_-]{4,}",
        r"(?<![\d.])(?:19|20)\d\d ?(?:年?[版款]|新版|旧版)|\((?:19|20)\d\d(?:[、,和到~-](?:19|20)\d\d)*年?\)",
        r"[一二两三四五六七八九几]块(?=各|分别|都(?![是要])|一起|内容|里(?:面|头)?)|[加合放搁]一块儿?(?!钱)|[这那][一两三四五六七八九]块(?!钱)|[两俩](?:个|家|边|种|者)(?=差|相差|比|分别|哪|一比|对比|加起来)",
        r"7 ?[*x×] ?24(?:小时)?|(?<!\d)9[0-9]新",
        r"(?:^|\n) {0,3}\(?\d{1,2}(?:[、)]|\.(?!\d))|[①-⑳]",
        # words that hold a numeral but count nothing
        rf"抹零|零[件售]|零配件|零部件|(?<!分)之一|(?<![\d{_HAN}])[万单]一(?![{_HAN}万])|"
        rf"(?<=[统唯逐不每某任哪这那另上下进同专如])一(?![{_HAN}万点])|一一|最后一(?![{_HAN}万点])|"
        r"退一赔[一二三十]|假一赔[一二三十]|三番[两五]次|一次性|一件代发|一条龙|一站式|一对一|一成不变|一个劲|一年到头|一天到晚|三天两头|一年四季|一元一次|再三|接二连三|"
        r"二次(?:销售|加工|利用|开发|元|污染|上架|转化|进店|进厂|返修|伤害|事故)|"
        r"一(?:分|毛|块)钱(?=[没不都也])|十分(?=[^\s,;:。、!?)的以左钟\d])(?<![打得给扣到是为满拿有]十分)|初[一二三四五六七八九十]",
        r"[一二三四五六七八九]个[一二三四五六七八九]个|一起(?!事故|案|纠纷|投诉|申诉|交通|有责)",
    )
)
_MARK = re.compile(r"(?:^|(?<=[\s;:。!?,、)]))\(?(\d{1,2})(?:[、)]|\.(?!\d))(?=[ 一-龥a-z])")


def blanked(text: str, names: tuple[str, ...]) -> str:
    """`text` with everything that is no figure replaced by blanks, every other character at its place."""
    if names:
        text = _names(names).sub(_blank, text)
    text = _listing(text)
    text = _ADDRESS.sub(_blank, text)
    parts, last = [], 0
    for start, end in calendar_spans(text):
        parts += [text[last:start], BLANK * (end - start)]
        last = end
    text = "".join([*parts, text[last:]])
    for pattern in _PATTERNS:
        text = pattern.sub(_blank, text)
    return text


def _blank(found: re.Match[str]) -> str:
    return BLANK * len(found[0])


@lru_cache(maxsize=8)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Longest first; a name that begins or ends with a numeral must not cut one: 618 is not in 16180."""
    spelled = []
    for name in sorted({name.lower() for name in names if name}, key=len, reverse=True):
        before = rf"(?<![\d.{_HAN}])" if re.match(rf"[\d{_HAN}万亿]", name) else ""
        after = rf"(?![\d.{_HAN}万])" if re.search(rf"[\d{_HAN}]$", name) else ""
        spelled.append(before + re.escape(name) + after)
    return re.compile("|".join(spelled) or r"(?!)")


def _listing(text: str) -> str:
    """Blank the numbers of a list typed in one line: 1、… 2、… — they start at one and rise by one."""
    marks = list(_MARK.finditer(text))
    wanted = 1
    rising = []
    for mark in marks:
        if int(mark[1]) == wanted:
            rising.append(mark)
            wanted += 1
    if len(rising) < 2:
        return text
    chars = list(text)
    for mark in rising:
        chars[mark.start() : mark.end()] = BLANK * (mark.end() - mark.start())
    return "".join(chars)
