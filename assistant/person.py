"""When a person should be brought in: somebody asks for one, or was not helped. Language comes from the vocabulary."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from assistant.answer import Asked, Declined, Done, Event, Offered, Refused, Text
from assistant.figures import fold
from assistant.understanding import Understood
from assistant.vocabulary import PersonWords

Wish = Literal["only", "beside"]
"""only: the message asks for a person and for nothing else; beside: it holds a question of its own as well"""

LONGEST_CLAUSE = 40  # whoever asks for a person does so in few words
_STOPS = re.compile(r"[，,。.；;！!？?：:、~…\n]+")
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
_ASKING = re.compile(r"怎么|怎样|咋|如何|多少|什么|啥|为何|哪|几[个天单笔年月日次点]|多久|多长|能不能|会不会|是不是|有没有|要不要|该不该|吗$|呢$|么$")


@dataclass(frozen=True)
class Help:
    """The people of one site, as they stand at this moment."""

    hours: str
    """工作日 9:00–18:00"""
    open: bool
    back: str = ""
    """when they are there again: 明天 9:00"""
    after_misses: int = 2


class People(Protocol):
    """Who can be brought in. The call may block."""

    def about(self, conversation: str) -> Help | None:
        """The people of the site a conversation belongs to; None when it has none."""
        ...


class PersonAsked:
    """Recognises that somebody asks for a person: a whole clause must be made of the words for it."""

    def __init__(self, words: PersonWords) -> None:
        self._before = sorted(words.before, key=len, reverse=True)
        self._after = sorted(words.after, key=len, reverse=True)
        self._wishes = [re.compile(pattern) for pattern in words.wishes]
        self._reported = re.compile(f"(?:{'|'.join(words.reported)})$") if words.reported else None
        self._idle = {fold(idle) for idle in words.idle}

    def __call__(self, question: str) -> Wish | None:
        """Whether `question` asks for a person, and whether it asks anything else."""
        written = _BETWEEN_CHINESE.sub("", fold(question))
        clauses = [clause.strip(" \"'“”‘’「」()") for clause in _STOPS.split(written)]
        clauses = [clause for clause in clauses if clause]
        wished = [n for n, clause in enumerate(clauses) if self._is_wish(clause) and not self._is_reported(clauses[:n])]
        if not wished:
            return None
        rest = [clause for n, clause in enumerate(clauses) if n not in wished and clause not in self._idle]
        return "beside" if any(_ASKING.search(clause) for clause in rest) else "only"

    def _is_wish(self, clause: str) -> bool:
        if len(clause) > LONGEST_CLAUSE:
            return False
        # what may stand before is taken off word by word; the wish may begin after any of them
        while True:
            for wish in self._wishes:
                found = wish.match(clause)
                if found and self._only_after(clause[found.end():]):
                    return True
            word = next((word for word in self._before if clause.startswith(word)), None)
            if word is None:
                return False
            clause = clause[len(word):].lstrip()

    def _only_after(self, rest: str) -> bool:
        rest = rest.strip()
        while rest:
            word = next((word for word in self._after if rest.startswith(word)), None)
            if word is None:
                return False
            rest = rest[len(word):].lstrip()
        return True

    def _is_reported(self, before: list[str]) -> bool:
        """Whether the clause ahead says that somebody else says so: 买家一直说，转人工."""
        return bool(before and self._reported and self._reported.search(before[-1]))


class Offers:
    """Decides when an answer ends with the offer of a person. Without people it never does."""

    def __init__(self, asked: PersonAsked, people: People | None, misses: Callable[[str], int]) -> None:
        """`misses`: how many answers of a conversation in a row did not help; may block, as `about` and `offer` do."""
        self._asked, self._people, self._misses = asked, people, misses

    def wish(self, question: str) -> Wish | None:
        """Whether a question asks for a person, where there are any."""
        return self._asked(question) if self._people is not None else None

    def about(self, conversation: str) -> Help | None:
        """The people of a conversation."""
        return self._people.about(conversation) if self._people is not None else None

    def offer(self, conversation: str, told: Sequence[Event], wish: Wish | None, missed: bool) -> Offered | None:
        """What an answer ends with: a person was asked for beside the question, or it did not help, or not for the second time."""
        if not (wish or missed) or (help := self.about(conversation)) is None:
            return None
        if wish:
            return Offered("asked")
        if self._misses(conversation) + 1 >= help.after_misses:
            return Offered("misses")
        return Offered("declined") if any(isinstance(event, Declined) for event in told) else None


async def brought(help: Help | None) -> AsyncIterator[Event]:
    """The whole answer for whoever asks for a person and nothing else: nothing is looked up."""
    assert help is not None
    yield Text(told(help), "say")
    yield Offered("asked")
    yield Done("answered")


def told(help: Help) -> str:
    """The one sentence for whoever asks for a person: the hours, and what is handed over."""
    along = "这段对话、算出的数和引用的规则会一起转过去，不用再说一遍"
    if help.open:
        return f"可以转人工，现在有人（{help.hours}）；{along}。"
    back = f"，{help.back}上班后回你" if help.back else "，看到后回你"
    return f"人工服务时间是{help.hours}，现在没人在；留下手机号或邮箱{back}，{along}。"


def is_miss(told: Sequence[Event], now: Understood, before: Understood | None) -> bool:
    """Whether an answer left the person where they were: declined, or asked again with nothing new known."""
    if any(isinstance(event, Declined) for event in told):
        return True
    if not any(isinstance(event, Asked | Refused) for event in told):
        return False
    stuck = before is not None and before.open and now.metric == before.metric and dict(now.inputs) == dict(before.inputs)
    return now.metric is None or stuck
