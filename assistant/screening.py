"""Which questions are taken, and what of them is read: not without words or end, not the clauses that give orders."""

import re
from collections.abc import Iterable, Sequence

from assistant.errors import QuestionRefused
from assistant.figures import fold

MAX_QUESTION_CHARS = 2000
_WORD = re.compile(r"[0-9a-z\u3400-\u9fff]")
_CLAUSE = re.compile(r"(?:(?!```)[^。！!？?；;，,：:\n.」』”】）)}\]]|\.(?!\s))*(?:```|[。！!？?；;，,：:\n」』”】）)}\]]|\.(?=\s))?")
# what is dressed up as a message of the system: no part of it is the person's question
_BLOCK = re.compile(
    r"(?:-{2,}|<{1,3}|\[{1,2}|【|#{2,}) ?(?:begin|start)[^\n]{0,40}?(?:-{2,}|>{1,3}|\]{1,2}|】|#{2,})"
    r".{0,400}?(?:-{2,}|<{1,3}|\[{1,2}|【|#{2,}) ?/?end[^\n]{0,40}?(?:-{2,}|>{1,3}|\]{1,2}|】|#{2,})"
    r"|<!--.{0,400}?-->|<(system|admin|instruction|developer)[^>]{0,40}>.{0,400}?</\1>", re.IGNORECASE | re.DOTALL,
)
_SETS = re.compile(
    r"(?:改为|改成|设为|设成|变为|变成|调整为|调成|更新为|替换为|算作|当成|当作|承认|就是|必减)"
    r"[^。，；]{0,8}[0-9一二两三四五六七八九十百千万]"
    r"|[=＝][^。；]{0,40}[×x*÷/]"  # a formula of one's own
)
# what a rule is said to be: beside an order, part of it, unless it is the person's own figure or a question
_RULES = re.compile(
    r"(?:门槛|标准|线|要求|上限|下限|限额|阈值|系数|权重|均值|期限|答案|赔付|罚款|天数|thresholds?|limit|minimum|rules?|standard|"
    r"requirement|gate|pass|score|answer|cap|fine)[^，。；;\n]{0,16}?\d", re.IGNORECASE,
)
_OWN = re.compile(r"我|咱|俺|本店|本网点|自己|吗|多少|几|[?？]|\b(?:my|our)\b", re.IGNORECASE)
# a change told as an announcement, in a message that holds no other figure: what it sets is nobody's own figure
_ANNOUNCED = re.compile(
    r"公告|通知|通告|官方|后台|平台(?:说|发|称|宣布|表示)|转发|引用|新规|小道消息|内部消息|(?:小二|客服|群里|有人|朋友|网上|同行)[^，。；;]{0,4}(?:说|讲|传|称)|"
    r"notice|announce|update|bulletin|memo|forwarded",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"(?:(?:改|变更|调整|下调|上调|更新|放宽|提高|降|升|统一|调)(?:为|成|到|至)|现在?是|[=＝≥]|is now|"
    r"(?:changed|lowered|raised|set|updated|moved) to)"
    r"[^，。；;]{0,8}?\d", re.IGNORECASE,
)
_LINE = re.compile(
    r"门槛|线|要求|标准|[上下]限|报名|大促|规则|限额|期限|比例|赔付|罚款|系数|最[高低多少]|阈值|"
    r"threshold|minimum|maximum|limit|rule|requirement", re.IGNORECASE,
)
_TOLD_ME = re.compile(r"(?:私信|告诉|通知|提醒|发给|跟|对)(?:我们?|咱们?|俺)(?:说|讲)?")
_FIGURE = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.]| ?(?:日|天|月|年|号|h\b|小时))")


def refuse(question: str) -> None:
    """Raises QuestionRefused, a sentence, for a question that cannot be taken: longer than MAX_QUESTION_CHARS or without a word."""
    if len(question) > MAX_QUESTION_CHARS:
        raise QuestionRefused(f"问题太长了，请缩短到{MAX_QUESTION_CHARS}字以内，只留数字和想问的事。")
    if not _WORD.search(fold(question)):
        raise QuestionRefused("没看懂你想问什么，请用一句话告诉我，可以带上数字。")


class Orders:
    """Recognises the clauses that try to give the assistant orders, by the patterns of the vocabulary."""

    def __init__(self, instructions: Iterable[str]) -> None:
        self._patterns = [re.compile(pattern) for pattern in instructions]

    def without(self, question: str) -> str:
        """The question without clauses that try to change the rules; all of it when nothing else is left."""
        if _WORD.search(fold(rest := _BLOCK.sub("", question))):
            question = rest
        clauses = [part for part in _CLAUSE.findall(question) if part]
        kept = [part for part in clauses if not any(order.search(fold(part)) for order in self._patterns)]
        if len(kept) == len(clauses):
            return _without_announced(question, clauses)
        # beside an order, a clause that sets a number is part of it
        asked = "".join(part for part in kept if not _SETS.search(fold(part)) and not _rules(fold(part)))
        if not _WORD.search(fold(asked)):  # the question itself stands in the order: what it sets is left out all the same
            asked = "".join(part for part in clauses if not (_SETS.search(fold(part)) or _rules(fold(part))))
        return asked if _WORD.search(fold(asked)) else question


def _rules(clause: str) -> bool:
    """Whether a clause beside an order says what a rule is, and neither asks nor tells a figure of the person's own."""
    return bool(_RULES.search(clause)) and not _OWN.search(clause)


def _claims(clause: str) -> bool:
    """Whether a clause of hearsay says that a line is another one now; 后台显示体验分现在是4.5 says what one's own value is."""
    return bool(_CHANGES.search(clause) and _LINE.search(clause)) and not _OWN.search(clause)


def _without_announced(question: str, clauses: Sequence[str]) -> str:
    """The question without the changes it repeats from an announcement, when they hold all of its figures."""
    if not _ANNOUNCED.search(fold(question)):
        return question
    asked = "".join(part for part in clauses if not _claims(_TOLD_ME.sub("", fold(part))))
    return asked if _WORD.search(fold(asked)) and not _FIGURE.search(fold(asked)) else question
