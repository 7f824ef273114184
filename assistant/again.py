"""A few words that want the value of before once more: the same, on another day, or as it would be if something else held."""

import re
from datetime import date

from assistant import phrases
from assistant.figures import fold
from assistant.metrics import Metric
from assistant.understanding import Reading, Understanding

_SAID_AGAIN = re.compile(
    r"知道了|明白了?|清楚了|好[的吧]|行吧?|嗯+|哦+|噢|ok|谢谢|那么?|所以|也就是说|就是说|总之|我|咱们?|这个?|那个?|[件单笔台]|到底|究竟|最后|最[晚迟终]|一天|"
    r"是|在|到|至|截止|期限|日期|哪一?天|几月几[号日]|几[号日]|(?:什么|啥)时候|何时|之?前|以前|要|得|必须|应该|该|能|可以|来着|"
    r"再[说报]一?[遍次下]|一共|总共|多少|几|结果|一下|[帮给看啊呢呀吧的了嘛]|[\s，。,.？?！!、：:]"
)
_ONCE_MORE = re.compile(r"到底|究竟|来着|再[说报]|所以|总之|^(?:知道|明白|清楚|好的|嗯|哦|ok|行)|我|咱")
_ASKS = re.compile(r"哪一?天|几月|几[号日]|时候|何时|截止|最后一?天|最[晚迟]|多少")
_OTHER_DAY = re.compile(
    r"那么?|要是|如果|假如|假设|换[成到]?|改[成到]?|按照?|是|的|那会儿?|那时候?|时候|当时|下|买|付款?|拍|成交|那?[单笔件个](?:子|订单)?|订单|"
    r"版本?|规则|口径|标准|算|呢|[\s，。,.？?！!]"
)
_PLAIN = re.compile(r"怎么|咋|如何|能|合法|会不会|多久|什么|啥|吗")


def asked_again(reading: Reading, understanding: Understanding) -> bool:
    """Whether a value told before is wanted again: 知道了，那我这个最后一天到底是几号; what is left names nothing but the value."""
    text = understanding.text
    if not (reading.carried and reading.complete) or understanding.figures or understanding.days:
        return False
    if not (_ASKS.search(text) and _ONCE_MORE.search(text)) or phrases.TYPICAL.search(text):
        return False
    return not more_than(text, reading.metric)


def more_than(text: str, metric: Metric) -> str:
    """What a text says besides asking for a metric's value: the letters of it that none of the metric's names has."""
    own = {letter for name in (metric.label, *metric.aliases) for letter in fold(name)}
    return "".join(letter for letter in _SAID_AGAIN.sub("", text) if letter not in own)


def on_another_day(reading: Reading, understanding: Understanding) -> bool:
    """Whether all that is told is another day for what the rules of that day make of it: 换成2022年9月的单呢."""
    counted = reading.carried and reading.complete and not reading.typed and bool(reading.metric.borrowed)
    if not counted or not understanding.dated or understanding.figures or any(isinstance(one, date) for one in reading.inputs.values()):
        return False
    rest, done = "", 0
    for day in understanding.days:
        rest, done = rest + understanding.text[done : day.start], day.end
    return bool(understanding.days) and not _OTHER_DAY.sub("", rest + understanding.text[done:])


def supposed(text: str) -> bool:
    """Whether a text is nothing but a supposition: 要是公司属于违法解除的呢."""
    return bool(phrases.SUPPOSED.fullmatch(text)) and not _PLAIN.search(text)
