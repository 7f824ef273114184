"""Which questions are taken, and what of them is read: not without words or end, not the clauses that give orders."""

import re
from collections.abc import Iterable

from assistant.errors import QuestionRefused
from assistant.figures import fold

MAX_QUESTION_CHARS = 2000
_WORD = re.compile(r"[0-9a-z\u3400-\u9fff]")
_CLAUSE = re.compile(r"(?:[^。！!？?；;，,：:\n.]|\.(?!\s))*(?:[。！!？?；;，,：:\n]|\.(?=\s))?")
# what is dressed up as a message of the system: no part of it is the person's question
_BLOCK = re.compile(
    r"(?:-{2,}|<{1,3}|\[{1,2}|【|#{2,}) ?(?:begin|start)[^\n]{0,40}?(?:-{2,}|>{1,3}|\]{1,2}|】|#{2,})"
    r".{0,400}?(?:-{2,}|<{1,3}|\[{1,2}|【|#{2,}) ?/?end[^\n]{0,40}?(?:-{2,}|>{1,3}|\]{1,2}|】|#{2,})"
    r"|<(system|admin|instruction|developer)[^>]{0,40}>.{0,400}?</\1>", re.IGNORECASE | re.DOTALL,
)
_SETS = re.compile(
    r"(?:改为|改成|设为|设成|变为|变成|调整为|调成|更新为|替换为|算作|当成|当作|承认|就是|必减)"
    r"[^。，；]{0,8}[0-9一二两三四五六七八九十百千万]"
    r"|[=＝][^。；]{0,40}[×x*÷/]"  # a formula of one's own
)


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
            return question
        # beside an order, a clause that sets a number is part of it
        asked = "".join(part for part in kept if not _SETS.search(fold(part)))
        return asked if _WORD.search(fold(asked)) else question
