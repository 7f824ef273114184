"""Words that judge (合格, 超标, 有权, 偏低, 门槛 …) have to be proved as numbers have; and a yes or no must not be the opposite of ours."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from assistant.stated import Numbers, Stated, narrowed, stated

# what each judges, and the words that say so or the opposite
_KINDS: dict[str, tuple[str, str]] = {
    "lawful": ("合法|合规|合乎规定", "违法|违规|非法|犯法"),
    "passing": ("合格|达标|及格|过关", "超标|挂科"),
    "harmless": ("没问题|不要紧|问题不大|不用管|不必管|不用担心|不用理|高枕无忧", "危险|大麻烦"),
    "good": ("优秀|良好|不错|很好|出色|领先", "很差|糟糕|太差|较差|落后"),
    "high": ("偏高|过高|太高", ""),
    "low": ("偏低|过低|太低", ""),
    "valid": ("有效|算数|管用|在用|仍能用|还能用", "无效|失效|作废|停用|废止|过期"),
    "entitled": ("有权|有.{0,8}(?:权力|权利|资格)", r"无权|没有?[^，。；]{0,8}权(?:力|利|[，。；]|$)"),
    "reasonable": ("合理|说得过去", "离谱"),
    "risky": ("高风险|风险(?:很|较)?高", "低风险|风险(?:很|较)?低|没有?风险|零风险"),
    "true": ("是真的|属实", "是假的|谣言|误传|误读"),
    "red line": ("红线|警戒线", ""), "average": ("平均水平|全国平均|行业平均|平均值|均值|行业水平|行业均值|同行水平", ""),
    "norm": ("标准", ""), "threshold": ("门槛|及格线|达标线|考核线", ""), "official": ("官方|法定|国家规定|法律规定|国家标准|行业标准", ""),
    "forced": ("强制|自动减", ""),
}
_WORDS = re.compile("|".join(
    f"(?P<{'n' if side else 'y'}{number}>{words[side]})" for number, words in enumerate(_KINDS.values()) for side in (1, 0) if words[side]
))
YES_NO = "是", "否"
THEN = "当时"
"""how a grade of an ended rule begins"""
_NOUNS = frozenset(("red line", "average", "norm", "threshold", "official"))
"""what a person may have named first"""
_TURNED = re.compile(r"(?:不|没|未|非|无)(?!论|管|过|但|仅)[\u3400-\u9fff]{0,4}$")
_REPORTED = re.compile(
    r"误读|误传|误以为|不能证明|不代表|不等于|不意味|不说明|不采信|别信|不可信|没有依据|[你您](?:说|报|提|填|设|问)|有人说|说法"
    r"|是否|有没有|能不能|吗|还是要看"
)
_DENIED_QUOTE = re.compile(r"[“「][^”」]{1,60}[”」](?=是误|是错|没有依据|不对|不可信|之说|的说法)")
_YES = re.compile(
    r"(?:是的?|对的?|没错|可以|能|会|行|可以[做用退换]|能[做用退换]|算数?|算的|要|需要|应该|合法|有效|是?真的|认|够|划算|一样|允许)(?:了|啊|哦|吧|的)?"
)
_NO = re.compile(r"(?:不|没|未|否|别|无)[\u3400-\u9fff]{0,4}")
_OPEN = re.compile(r"不一定|不好说|不确定|没查到|没有查到|不清楚|不过|不仅|不但|不光|不只|无论|不管|别急|没有模|不知道|不用急|不急|不够|没有统一")
_DEPENDS = re.compile(r"(?:这|那|先|要|得|还|主要|关键)*看")
_WHERE = re.compile("只要|如果|要是|若|凡是")
_WILL = re.compile(r"(?:这[笔单种样个次]?|那[笔单种样个次]?|它|这种情况)?(?:也|还是|照样|仍然)?(?:会(?!议|计师)|能|算)")
_DENIES = re.compile(r"不|没|未|无|别|非")
_ONLY = re.compile(r"才|只有|如果|要是|除非|的话")
_CLAUSE = re.compile(r"[^，。；：！？!?,;:\n]+")
_PLAIN = str.maketrans(dict.fromkeys("*_`~“”「」 \u3000"))
_GOAL = re.compile(r"离|还差|如果|要是|目标|想|才|以后要|改到|降到|升到|做到")
_STEP = re.compile(r"[，,；;、。：:（）()\n]")
_AROUND = re.compile(r"[\u3400-\u9fff]")
_MAY_PRECEDE = frozenset("是为算属于到得评只能够就达当档叫成")
_MAY_FOLLOW = frozenset("秀好的级档水等线了吧一以，。")


@dataclass(frozen=True)
class Graded:
    """A value, the word it was graded with, and the words that other values would have got."""

    label: str
    said: str
    word: str
    others: tuple[str, ...]
    numbers: Numbers
    fine: bool = False
    """whether the word says that all is well"""

    @classmethod
    def of(cls, label: str, said: str, word: str, words: Iterable[str], *, fine: bool) -> "Graded":
        """`words`: all that the value may be graded with."""
        others = [one.removeprefix(THEN) for one in words if one and one != word]
        return cls(label, said, word, tuple(dict.fromkeys(others)), Numbers(stated(said)), fine)


@lru_cache(maxsize=1024)
def judgements(text: str) -> frozenset[tuple[str, bool]]:
    """What a text judges, and whether so or not so. What it only reports as a mistake is left out."""
    return frozenset(_judged(_DENIED_QUOTE.sub("", text)))


def unjudged(sentence: str, known: Sequence[frozenset[tuple[str, bool]]], asked: str, *, fine: bool) -> bool:
    """Whether a sentence judges what none of the texts does. `asked`: the questions; `fine`: whether a value was graded as good."""
    if _REPORTED.search(sentence):
        return False
    plain = sentence.translate(_PLAIN)
    for kind, found in _found(plain):
        name = plain[found.start() : found.end() + 2]
        if any(kind in one for one in known) or (kind == ("good", True) and fine) or (name in asked and len(name) > len(found[0])):
            continue
        if kind[0] in _NOUNS and found[0] in asked:
            continue
        return True
    return False


def answered_otherwise(sentence: str, ours: str) -> bool:
    """Whether a sentence answers yes where our own first sentence says no, or the reverse, or either where it depends."""
    mine, theirs = _first(ours), _first(sentence)
    if not mine or not theirs or _OPEN.match(theirs):
        return False
    no = bool(_NO.match(mine)) and not _OPEN.match(mine)
    if _YES.fullmatch(theirs):
        return not _YES.fullmatch(mine) and (no or bool(_DEPENDS.match(mine) or (_DENIES.search(mine) and not _WHERE.match(mine))))
    if _NO.fullmatch(theirs):
        return bool(_YES.fullmatch(mine)) or bool(_DEPENDS.match(mine)) or not _DENIES.search(ours)
    return no and bool(_WILL.match(theirs)) and not _DENIES.search(theirs) and not _ONLY.search(sentence)


def misgraded(sentence: str, found: Sequence[Stated], values: Sequence[Graded], texts: Sequence[str]) -> str:
    """A grade told of a value that has another, or of a number that the texts give another; empty when there is none."""
    for value in values:
        if value.said in YES_NO and re.search(rf"{re.escape(value.label)}\W{{0,6}}{YES_NO[value.said == YES_NO[0]]}", sentence):
            return value.label
        whole = narrowed(sentence)
        rest = whole.replace(value.word, "\0" * len(value.word)) if value.word else whole
        for other in value.others:
            plain = whole if value.word in other else rest
            if (place := _placed(other, value.word, plain)) >= 0 and _wrong(other, value, place, plain, found, texts):
                return other
    return ""


def _wrong(other: str, value: Graded, place: int, plain: str, found: Sequence[Stated], texts: Sequence[str]) -> bool:
    cuts = [cut.start() for cut in _STEP.finditer(plain)]
    begin = max((cut + 1 for cut in cuts if cut < place), default=0)
    end = min((cut for cut in cuts if cut >= place), default=len(plain))
    beside = [number for number in found if begin <= number.start < end]
    if beside:
        if any(value.numbers.hold(number) for number in beside):
            return True
        return not any(_stands(other, number, texts) for number in beside)
    before = [number for number in found if number.end and number.end <= begin]
    if before:
        return value.numbers.hold(before[-1])
    return not _GOAL.search(plain)


def _stands(word: str, number: Stated, texts: Sequence[str]) -> bool:
    """Whether a text has the grade in one clause with the number, or does not have it at all."""
    parts = [part for text in texts if word in text for part in _STEP.split(text) if word in part]
    return not parts or any(Numbers(stated(part)).hold(number) for part in parts)


def _placed(other: str, word: str, plain: str) -> int:
    """Where a grade stands as a word of its own; -1 when it does not."""
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(other, word, strict=False))))
    other = other[same:] if len(other) - same > 1 else other
    place = plain.find(other)
    if place < 0 or len(other) > 1:
        return place
    before, after = plain[place - 1 : place], plain[place + 1 : place + 2]
    bounded = (not _AROUND.match(before) or before in _MAY_PRECEDE) and (not _AROUND.match(after) or after in _MAY_FOLLOW)
    return place if bounded else -1


def _judged(text: str) -> Iterable[tuple[str, bool]]:
    return (kind for kind, _ in _found(text.translate(_PLAIN)))


def _found(plain: str) -> Iterable[tuple[tuple[str, bool], re.Match[str]]]:
    kinds = tuple(_KINDS)
    for found in _WORDS.finditer(plain):
        name = found.lastgroup or ""
        turned = bool(_TURNED.search(plain, max(0, found.start() - 6), found.start()))
        yield (kinds[int(name[1:])], (name[0] == "y") != turned), found


def _first(text: str) -> str:
    found = _CLAUSE.search(text.translate(_PLAIN).lstrip("-•· #>"))
    return found[0].strip() if found else ""
