"""Which number was before and which is after, which way something went: a model that exchanges them tells what was as what is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.stated import Numbers, Stated, narrowed, stated

_OLD = re.compile(r"原来|原先|原本|改动?前|此前|旧|从前|以前|之前|前一种|起初")
_NEW = re.compile(r"改动?后|现在|如今|目前|现行|眼下|变[成为]了?|[降升涨提增减]低?高?加?少?[到至成]了?|后一种")
_NOW = re.compile(r"现在|如今|目前|现行|今天|眼下|仍|依然|还是")
_ENDED = re.compile(r"不再|停用|废止|作废|不适用|旧|原来|以前|之前|此前|当时|那时|截至|为止|\d ?止|过时|改成|改为|不能|别")
_GONE = re.compile(r"停用|废止|作废|不适用|过时|不再")
_STOPPED = re.compile(r"已?停用|已?不适用|废止|作废|更旧|都?属?旧口径|旧[表版规]|\d ?止")
_MORE = re.compile(r"(?:上升|增加|上涨|涨|多|高|升|提高|增长)[了出]?$")
_LESS = re.compile(r"(?:下降|减少|下跌|降|少|低|跌|省|便宜|降低)[了出掉]?$")
_FROM = re.compile(r"从.{0,4}$")
_CUT = re.compile(r"[，。；：！？|\n,;:!?（）()]")
_SENTENCE = re.compile(r"[^。！？!?\n]+")
_SINCE = re.compile(r" ?(?:起|以后|之后|开始)")


@dataclass(frozen=True)
class Turns:
    """The numbers of an answer that were before, those that are after, those that tell a rise and those that tell a fall."""

    old: Numbers
    new: Numbers
    more: Numbers
    less: Numbers
    since: Numbers
    """days from which on what holds now holds"""
    changed: bool = False
    """whether a rule is told as it was and as it is"""

    @classmethod
    def of(cls, texts: Iterable[str], ended: Iterable[str], current: Iterable[tuple[str, str]], *, past: bool) -> "Turns":
        """`texts` are told; `ended`: what no longer holds; `current`: period and text of what holds; `past`: nothing told holds today."""
        held: dict[str, list[Stated]] = {"old": [], "new": [], "more": [], "less": []}
        for text in texts:
            for sentence in _SENTENCE.findall(text):
                stopped = bool(_STOPPED.search(sentence))
                for number, roles in _told(sentence, list(stated(sentence))):
                    for role in roles or {"old" if stopped or past else "new"}:
                        held[role].append(number)
        current, ended = list(current), list(ended)
        held["old"] += [number for text in ended for number in stated(text)]
        held["new"] += [number for _, text in current for number in stated(text)]
        changed = bool(ended) and bool(current)
        since = Numbers(number for period, _ in current for number in stated(period))
        return cls(Numbers(held["old"]), Numbers(held["new"]), Numbers(held["more"]), Numbers(held["less"]), since, changed)

    @property
    def _pairs(self) -> Sequence[tuple[str, Numbers, Numbers]]:
        """Each role, its numbers, those of the opposite role."""
        return (
            ("old", self.old, self.new), ("new", self.new, self.old), ("more", self.more, self.less), ("less", self.less, self.more),
        )

    def vouched(self, sentence: str, found: Sequence[Stated]) -> frozenset[int]:
        """Where numbers begin that are told as what was and only that, or as what is and only that, where something changed."""
        if not self.changed:
            return frozenset()
        return frozenset(
            number.start for number, roles in _told(sentence, [number for number in found if number.end])
            for role, here, there in self._pairs[:2] if role in roles and here.hold(number) and not there.hold(number)
        )

    def exchanged(self, sentence: str, found: Sequence[Stated]) -> str:
        """A number told as what is when it is what was, or the reverse, or the other way; empty when there is none."""
        found = [number for number in found if number.end]
        ended = bool(_ENDED.search(sentence))
        gone = bool(_GONE.search(sentence))
        now = bool(_NOW.search(sentence)) or any(
            number.day and self.since.hold(number) and _SINCE.match(sentence, number.end) for number in found
        )
        for number, roles in _told(sentence, found):
            if number.day:
                continue
            told = (roles - {"new"} if gone else roles) or ({"new"} if now and not ended else set())
            for role, here, there in self._pairs:
                if role in told and (self.changed or role != "old") and there.hold(number) and not here.hold(number):
                    return sentence[number.start : number.end]
        return ""


def _told(sentence: str, found: Sequence[Stated]) -> Iterator[tuple[Stated, set[str]]]:
    plain = narrowed(sentence)
    for number in found:
        cuts = [cut.end() for cut in _CUT.finditer(plain, 0, number.start)]
        begin = max([*cuts[-1:], *(other.end for other in found if other.end <= number.start)], default=0)
        before = plain[begin : number.start]
        roles = set()
        if _OLD.search(before) or _FROM.search(before):
            roles.add("old")
        if _NEW.search(before):
            roles.add("new")
        if _MORE.search(before):
            roles.add("more")
        if _LESS.search(before):
            roles.add("less")
        yield number, set() if {"old", "new"} <= roles else roles
