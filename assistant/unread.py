"""Numbers written so that they are not read as numbers (翻倍, 一半, 下旬, 肆万, ①③), and what they are counted by (每天).

They have to stand in the evidence as they are.
"""

import re
from collections.abc import Iterable

_IN_WORDS = re.compile(
    r"翻[了了一两几]{0,2}[倍番]|成倍|数倍|好?几倍|[一两]倍|双倍|加倍|减半|腰斩|对半|大半|小半|一大?半|过半|全额|全款"
    r"|[上中下]旬|月[底末初]|年[底末初]|元旦|春节|国庆"
    r"|一分钱|分文|一毛钱|十几|几十|几百|几千|几万|上百|上千|上万|数十|数百|数千|好几[天笔单元块次个件]|[三五七八九十][五八][天日]|三天两头"
)
_EACH = re.compile(r"每(天|日|周|月|季度|年|小时|单|件|笔|台|人|次|公里)(?=[^，。；！？\n]{0,8}\d)")
_FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"
_ODD = re.compile(
    rf"(?<![收捡])[{_FORMAL}][零一二三四五六七八九十百千万亿元圆整{_FORMAL}]|[一二三四五六七八九十百千万][{_FORMAL}]"
    r"|[\u2150-\u218b\u2776-\u2793\u3220-\u3229\u3280-\u3289\u00bc-\u00be\u2070-\u2089]|(?<=[^\s\-*>#])[\u2460-\u24ff]|[\u2460-\u24ff](?=[\u2460-\u24ff\d])"
)


def unread(sentence: str, texts: Iterable[str]) -> str:
    """Words of a sentence that state a number and stand in none of the texts; empty when there are none."""
    for found in (*_IN_WORDS.findall(sentence), *_ODD.findall(sentence)):
        if not any(found in text for text in texts):
            return str(found)
    for unit in _EACH.findall(sentence):
        if not any(written in text for text in texts for written in (f"每{unit}", f"/{unit}", f"单{unit}", f"{unit}均")):
            return f"每{unit}"
    return ""
