"""What clauses say and what they say is not so, by general words of negation: a claim turned round is seen beside the one it was made from.

Read are pairs of signs, as in `contexts`. A pair right behind a negation is denied. A clause contradicts a text when what it affirms is
only ever denied there, or the reverse, or when the clause it is most like says the opposite. Measured on the knowledge itself: of its sentences
with one 不能, 没有 or 可以 turned round two in three are seen, of a topic's beside the rules it was written apart from 1 in 70 is doubted.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.stated import narrowed

MOST_LIKE = 0.6  # share of a clause's pairs that stand in the clause it is held against
SUPPORT = 0.5  # share of its pairs that stand in the sentence around what it turns round
NEARLY = 0.8  # clauses that share this much of what the best shares count as well
_CLAUSE = re.compile(r"[^，。；：！？\n,;:!?()（）]+")
_SENTENCE = re.compile(r"[^。！？!?\n]+")
_MARK = re.compile(r"\[\^?[^\]\s]{1,40}\]")
_PLAIN = str.maketrans(dict.fromkeys("*_`~“”「」\"' \u3000"))
_NOT = (
    r"(?:不(?!过(?!了)|同|仅|但|如|论|管|良|锈|动产|足|详|妨|变|一样|只|少于|超过|低于|高于|多于|大于|小于|满|及|到\d|[了着成起])|没(?!收)|未(?!来)"
    r"|无(?=[法需须效权])|并非|绝非|非(?=官方|法定|必)|勿|别(?![的人家名处称]))(?:有|曾|须|需)?|禁止|严禁|免(?=收)"
)
_TWICE = re.compile(r"不得不|不能不|不会不|无不|没有不|并非不|不是不")  # says so
_LIGHT = r"(?:再|会|能|可以?|是|得|被|受|用|要|必须?|予以?|以|都|也|就|全|太|很|曾|该|应当?|需要?|许|准|算(?!法)|急着|急于)*+"
_DENIED = re.compile(rf"(?:{_NOT}){_LIGHT}(?!的|超过|超出|低于|高于|少于|多于|大于|小于)(?=(?P<head>[\u3400-\u9fff]{{0,3}}))")
_CANNOT = re.compile(r"[\u3400-\u9fff]不(?:了|到|着|上|成|起)")
_EITHER = re.compile(r"(?P<one>[\u3400-\u9fff])(?:不|没)(?P=one)|是否|有没有|能否|可否|与否|不一定|未必|不见得")
_ONLY = re.compile(r"才|只有|除非|除了|以外|之外|误读|误传|误以为|不对|错|假的|不采信")
_IF = re.compile(r"如果|若|要是|假如|一旦|万一|只要|除非|哪怕|即使|[的时]$|的话$|以前$|之前$")
_ADVERB = re.compile("直接|自行|自己|马上|一定|必然|已经|目前|现在|一般|当然|其实|仍然|照样|确实|真的")
_BEHIND = re.compile(r"没[有设写标查][^就则便而都也]{0,12}|.[^的就则便而都也]{0,9}")
_GRANTED = re.compile(r"(?:没|不|未|低于|少于)[^，。；：！？\n也]{0,24}也(?:可以|能|算|行|照样|要|会)[^，。；！？\n]{0,12}")
_NEVERTHELESS = re.compile(r"也|仍|照样|还[是能要]|都")
_RUN = re.compile(r"[\u3400-\u9fff]+")
_FUNCTION = frozenset("的了是在和与及或也都就要可能会为把被对从到给让这那其个约以还再又才只仍然已经于所而之吗呢吧啊着过不没未很太它们算")
_COMPARED = frozenset("超过 低于 高于 达到 少于 多于 大于 小于 超出 不足".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """The pairs of signs of a clause, those that are denied in it, and whether it denies something at all."""

    pairs: frozenset[str]
    denied: frozenset[str]
    denies: bool
    after: frozenset[str] = frozenset()
    """pairs behind its last negation: none follows them that could deny them"""
    loose: bool = False
    """whether it asks, supposes or restricts, so that nothing can be said of what it affirms"""
    supposes: bool = False
    asks: bool = False
    bare: bool = False
    """whether a denial has nothing behind it: 签收当天不算"""
    behind: frozenset[str] = frozenset()
    """pairs not far behind a negation: they may be denied"""


class Claims:
    """The clauses of a text."""

    def __init__(self, text: str) -> None:
        self._clauses: list[tuple[Clause, frozenset[str]]] = []
        self._where: dict[str, list[int]] = {}
        self._affirmed: set[str] = set()
        self._denied: set[str] = set()
        self._behind: set[str] = set()
        self._granted: list[frozenset[str]] = []
        for sentence in _SENTENCE.findall(text):
            clauses = read(sentence)
            around = frozenset(pair for clause in clauses for pair in clause.pairs)
            if _NEVERTHELESS.search(sentence):
                self._granted.append(around)
            for clause in clauses:
                for pair in clause.pairs:
                    self._where.setdefault(pair, []).append(len(self._clauses))
                self._clauses.append((clause, around))
                self._denied |= clause.denied
                self._behind |= clause.behind
                if not clause.asks:
                    self._affirmed |= clause.pairs - clause.denied - clause.behind

    def turned(self, clause: Clause, texts: Sequence["Claims"]) -> str:
        """What a clause says the opposite of; empty when it does not. Nothing does that is said in one of the other texts."""
        return self._only_denied(clause, texts) or self._only_affirmed(clause, texts) or self._most_like(clause)

    def _only_denied(self, clause: Clause, texts: Sequence["Claims"]) -> str:
        if clause.loose:
            return ""
        for pair in (clause.after if clause.denies else clause.pairs) - clause.denied - clause.behind - _COMPARED:
            if pair in self._denied and not any(pair in text._affirmed for text in texts):
                return pair
        return ""

    def _only_affirmed(self, clause: Clause, texts: Sequence["Claims"]) -> str:
        if clause.supposes or clause.loose:
            return ""
        if any(pair in text._behind for pair in clause.denied for text in texts):
            return ""
        for pair in clause.denied - _COMPARED:
            if pair in self._affirmed:
                best = max(len(clause.pairs & self._clauses[place][1]) for place in self._where[pair])
                if best > SUPPORT * len(clause.pairs):
                    return pair
        return ""

    def grants(self, pairs: frozenset[str]) -> bool:
        """Whether a sentence much like it grants something nevertheless."""
        return any(len(pairs & granted) >= min(2, len(pairs)) for granted in self._granted)

    def says(self, clause: Clause) -> bool:
        """Whether a clause most like it says the same."""
        found = self._like(clause)
        return bool(found) and any(other.denies == clause.denies and (not clause.denied or clause.denied & other.denied) for other in found)

    def _most_like(self, clause: Clause) -> str:
        if clause.loose:
            return ""
        found = self._like(clause)
        if not found or not all(_opposite(clause, other) for other in found):
            return ""
        disputed = {pair for other in found for pair in (clause.denied & other.pairs) | (other.denied & clause.pairs)}
        for pair in disputed:
            for place in self._where.get(pair, ()):
                other = self._clauses[place][0]
                if len(other.pairs & clause.pairs) > 1 and (pair in other.denied) == (pair in clause.denied):
                    return ""
        return next(iter(disputed), "") or next(iter(clause.pairs))

    def _like(self, clause: Clause) -> list[Clause]:
        shared: dict[int, int] = {}
        for pair in clause.pairs:
            for place in self._where.get(pair, ()):
                shared[place] = shared.get(place, 0) + 1
        best = max(shared.values(), default=0)
        if best < 2 or best < MOST_LIKE * len(clause.pairs):
            return []
        return [self._clauses[place][0] for place, number in shared.items() if number >= NEARLY * best]


def read(sentence: str) -> list[Clause]:
    """The clauses of a sentence."""
    return list(_read(_MARK.sub("", sentence).translate(_PLAIN)))


def _read(plain: str) -> Iterator[Clause]:
    for whole in _CLAUSE.findall(_ADVERB.sub("", narrowed(plain))):
        either = _EITHER.search(whole)
        part = _TWICE.sub("必须", _EITHER.sub("  ", whole) if either else whole)
        then = part.find("就") + 1  # what is denied before it is only a condition
        every = list(_DENIED.finditer(part))
        found = [one for one in every if one.start() >= then]
        heads = frozenset(pair for one in found for pair in _pairs(one["head"]))
        unmet = frozenset(pair for one in every if one.start() < then for pair in _pairs(one["head"]))
        pairs = frozenset(_pairs(part)) - unmet
        if not pairs:
            continue
        cannot = len(_CANNOT.findall(part))
        odd = len(found) % 2 == 1
        last = found[-1].end() if found else 0
        yield Clause(
            pairs, heads, odd or cannot > 0, frozenset() if cannot else frozenset(_pairs(part[last:])),
            bool(either or _ONLY.search(part)), bool(_IF.search(part)), bool(either),
            cannot > 0 or any(len(one["head"]) < 2 for one in found),
            frozenset(pair for one in found for pair in _pairs(_behind(part, one.start()))),
        )


def _behind(part: str, place: int) -> str:
    found = _BEHIND.match(part, place)
    return found[0] if found else ""


def _opposite(clause: Clause, other: Clause) -> bool:
    if clause.denies == other.denies or other.loose:
        return False
    denier, affirmer = (clause, other) if clause.denies else (other, clause)
    if clause.denies and clause.supposes:
        return False
    return (not denier.denied and denier.bare) or bool(denier.denied & affirmer.pairs - affirmer.denied - _COMPARED)


def _pairs(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        for place in range(len(run) - 1):
            if run[place] not in _FUNCTION and run[place + 1] not in _FUNCTION:
                yield run[place : place + 2]


def turned(sentence: str, texts: Sequence[Claims]) -> str:
    """What of a sentence turns round what one of the texts says; empty when nothing does."""
    for granted in _GRANTED.finditer(sentence):
        if not any(text.grants(frozenset(_pairs(granted[0]))) for text in texts):
            return granted[0]
    for clause in read(sentence):
        for text in texts:
            if (found := text.turned(clause, texts)) and not any(other.says(clause) for other in texts if other is not text):
                return found
    return ""
