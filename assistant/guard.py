"""Stands between a model's words and the person: a sentence is released when everything in it is proved, else mended or dropped."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.contexts import belongs, exchanged, placed
from assistant.evidence import Evidence, bare
from assistant.labels import SUPPOSED, fits, labels, misnamed, values
from assistant.promises import obeyed, promised
from assistant.sentences import LONGEST, Sentence, Sentences
from assistant.stated import Stated, narrowed, stated

OFTEN = 3  # a sentence said this often is a loop
_MARK = re.compile(r"[ \t]*[【［\[]\s*([^【】［］\[\]\n]{1,120}?)\s*[】］\]](?!\()")
_APART = re.compile(r"[,，、;；\s]+")
_ID = re.compile(r"(?:rule|topic|table|source|guide)/[\w.\-/]+|own-[0-9a-f]+|S\d{1,3}|\d{1,3}")
_NAMED = re.compile(r"^(?:\^|id[:：]|来源[:：]?|文档[:：]?|资料[:：]?|#)+", re.I)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()（）\]】，。；、]+|\]\((?!#)[^)]*\)", re.I)
_ITEM = re.compile(r"\s*(?:[-*+•·|]|[①-⑳]|\d{1,2}[.、)])")
_RULER = re.compile(r"[|\-:\s=]+")
_IF = re.compile(r"如果|假如|要是|假设|若|即使|哪怕")
_RULE = re.compile(r"门槛|标准|规定|要求|上限|下限|最高|最低|最多|最少|至少|封顶|不得|必须|应当|规则|条例|红线|及格线|达标线|考核线|时限|期限")
_YOURS = re.compile(r"[你您](?:说|提|给|填|报|设|问|想|的目标)|按[你您]|目标")


@dataclass(frozen=True)
class Caught:
    """A sentence as the model wrote it, why it could not stand, and what was told instead (nothing when empty)."""

    sentence: str
    why: str
    instead: str = ""


class Guard:
    """Takes a model's text in pieces and releases what is proved. The released strings put together are the text that may be shown.

    However the text is cut into pieces, the same is released.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.caught: list[Caught] = []
        self.cited: list[str] = []
        """ids of the sources marked in what was released, in the order of their first marks"""
        self.relied: dict[str, list[Stated]] = {}
        """id → numbers that were released because that source, marked beside them, states them"""
        self._numbers = dict(evidence.markers)
        self._sentences = Sentences()
        self._break = ""
        self._fresh = True
        self._said: dict[str, int] = {}
        self._lead: tuple[str, ...] = ()
        """sources marked in the sentence that leads in a list or a table: they stand for its items too"""
        self._labels, self._values = labels(evidence.calculations), values(evidence.calculations)

    @property
    def added(self) -> list[str]:
        """Ids of cited sources that the composer does not cite; their numbers follow on its own, in this order."""
        return [id for id in self._numbers if id not in self.evidence.markers]

    def learn(self, evidence: Evidence) -> None:
        """Hold what comes against more: values computed meanwhile, documents looked up. The composer's sources stay as they are."""
        self.evidence = evidence
        self._labels, self._values = labels(evidence.calculations), values(evidence.calculations)

    def feed(self, chunk: str) -> list[str]:
        """The sentences that can be released now, each with the blanks behind it."""
        return list(self._released(self._sentences.feed(chunk)))

    def finish(self) -> list[str]:
        """The last of them."""
        return list(self._released(self._sentences.finish()))

    def _released(self, sentences: Iterable[Sentence]) -> Iterator[str]:
        for sentence in sentences:
            told = self._told(sentence.text)
            if told:
                yield f"{self._break}{told}{sentence.blanks}"
                self._fresh, self._break = "\n" in sentence.blanks, ""
            elif "\n" in sentence.blanks and not self._fresh:
                self._break, self._fresh = sentence.blanks, True

    def _told(self, sentence: str) -> str:
        """The sentence as it may be shown; empty when it is dropped or was nothing but marks."""
        text = "".join(sign for sign in sentence if sign == "\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cs"))
        marked = _Marked(text, self._numbers, self.evidence)
        marked.leaning = self._lead if self._fresh and _ITEM.match(text) else ()
        if not bare(marked.text):
            return marked.text if _RULER.fullmatch(marked.text) else ""
        told, why = ("", "一句话没有尽头") if len(sentence) >= LONGEST else self._proved(marked)
        if told != marked.text:
            self.caught.append(Caught(sentence, why, told))
        elif marked.invented:
            self.caught.append(Caught(sentence, f"没有这个来源：{'、'.join(marked.invented)}", told))
        if told:
            self._keep(marked, told)
        return told

    def _keep(self, marked: "_Marked", told: str) -> None:
        self._numbers = marked.numbers
        if not marked.leaning:
            self._lead = tuple(marked.ids)
        self.cited += [id for id in dict.fromkeys(marked.ids) if id not in self.cited]
        for number in self._stated(told):
            if not self._given(number):
                for id in marked.sources:
                    if id in self.evidence.sources and self.evidence.sources[id].numbers.hold(number):
                        self.relied.setdefault(id, []).append(number)

    def _proved(self, marked: "_Marked") -> tuple[str, str]:
        """(what may be told, why it is not what the model wrote)."""
        text, words = marked.text, bare(marked.text)
        self._said[words] = self._said.get(words, 0) + 1
        if self._said[words] >= OFTEN and "|" not in text:
            return "", "一直重复"
        if order := obeyed(text):
            return "", f"听从了别处的指令：{order}"
        ours = words in self.evidence.own_words
        if not ours and (promise := promised(text)):
            return "", f"承诺了做不到的事：{promise}"
        for address in _ADDRESS.finditer(text):
            if address[0].strip("]()") not in self.evidence.addresses:
                return "", "网址没有出处"
        if not ours and (doubt := self._doubt(marked)):
            return "", doubt
        return self._numbered(marked, ours=ours)

    def _doubt(self, marked: "_Marked") -> str:
        """Why the words cannot stand, whatever their numbers; what stands in a source word for word can."""
        if self.evidence.doubts is None or self.evidence.verbatim(marked.text):
            return ""
        sources = [self.evidence.sources[id].text for id in marked.sources if id in self.evidence.sources]
        return self.evidence.doubts.why(marked.text, self._stated(marked.text), [text.partition("\n")[2] or text for text in sources])

    def _numbered(self, marked: "_Marked", *, ours: bool) -> tuple[str, str]:
        text = marked.text
        found = self._stated(text)
        wrong = [number for number in found if not self._holds(number, marked.sources)]
        if wrong and not marked.ids and (source := self.evidence.verbatim(text)):
            marked.mark(source.id)
            text, wrong = marked.text, [number for number in wrong if not self._holds(number, marked.sources)]
        named = [] if ours else [number for number in found if number not in wrong and misnamed(text, number, self._labels)]
        if not wrong and not named:
            if not ours and (strange := self._misplaced(marked, found)):
                return "", f"{strange}说的不是这件事"
            if not ours and _RULE.search(text) and not _YOURS.search(text) and any(self._only_asked(number, marked.sources) for number in found):
                return "", "把问题里的数说成了规则"
            return text, ""
        placed = [number for number in (*wrong, *named) if number.end]
        raw = "、".join(text[number.start : number.end] for number in placed)
        mended = self._mended(text, placed[0]) if len(placed) == 1 else ""
        if mended and all(self._holds(number, marked.sources) for number in self._stated(mended)):
            return mended, f"{raw}和算出的不一样"
        return "", f"{raw}没有出处" if wrong else f"{raw}不是算出的那个数"

    def _stated(self, text: str) -> list[Stated]:
        found = stated(text, at_line_start=self._fresh)
        plain = re.sub(r"\*\*|__|`", "", text)
        if plain != text:  # emphasis may stand inside a number, and between it and its unit
            found = [*found, *(replace(number, start=0, end=0) for number in stated(plain, at_line_start=self._fresh))]
        return found

    def _given(self, number: Stated) -> bool:
        return self.evidence.told.hold(number) or self.evidence.asked.hold(number)

    def _holds(self, number: Stated, ids: Iterable[str]) -> bool:
        sources = self.evidence.sources
        return self._given(number) or any(sources[id].numbers.hold(number) for id in ids if id in sources)

    def _only_asked(self, number: Stated, ids: Iterable[str]) -> bool:
        sources = self.evidence.sources
        return not self.evidence.told.hold(number) and not any(sources[id].numbers.hold(number) for id in ids if id in sources)

    def _misplaced(self, marked: "_Marked", found: Iterable[Stated]) -> str:
        """A number that is known from something else than it is told of; empty when there is none."""
        text = marked.text
        numbers = [number for number in found if number.end]
        if not numbers or self.evidence.verbatim(text):
            return ""
        free = not _RULE.search(text) or _YOURS.search(text)  # what is the person's own may be told of in any words that state no rule
        sources = [self.evidence.sources[id] for id in marked.sources if id in self.evidence.sources]
        vouched = self.evidence.doubts.turns.vouched(text, numbers) if self.evidence.doubts else frozenset()
        for one in placed(text, numbers):
            if one.number.start in vouched or ("|" in text and (one.alone or not one.number.kind)):  # the head of a column says what its numbers are
                continue
            if self._values.hold(one.number) or (free and self.evidence.asked.hold(one.number)):
                if not exchanged(one, self.evidence.figured):
                    continue
                if free:
                    return text[one.number.start : one.number.end]
            if _IF.search(text, 0, one.number.start):
                continue
            if not belongs(one, (*self.evidence.placed, *(known for source in sources for known in source.placed))):
                return text[one.number.start : one.number.end]
        return ""

    def _mended(self, text: str, number: Stated) -> str:
        """The sentence with the value of the one calculation it names in place of a wrong number; empty when none or several are meant."""
        if SUPPOSED.search(text):
            return ""
        plain = narrowed(text)
        meant: set[str] = set()
        for label, named in self._labels.items():
            if label in plain:
                meant |= {one.said for one in named.calculations if fits(one, number)}
                plain = plain.replace(label, "\0" * len(label))
        return f"{text[: number.start]}{meant.pop()}{text[number.end :]}" if len(meant) == 1 else ""


class _Marked:
    """A sentence with its marks turned into [n]: what they point to, what they only pretend to."""

    def __init__(self, text: str, numbers: dict[str, int], evidence: Evidence) -> None:
        self.numbers = dict(numbers)
        self.ids: list[str] = []
        self.invented: list[str] = []
        self.leaning: tuple[str, ...] = ()
        """sources that stand behind it without a mark of its own"""
        self._evidence = evidence
        self.text = _MARK.sub(self._numbered, text)

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of what its numbers may come from."""
        return (*self.ids, *self.leaning)

    def mark(self, id: str) -> None:
        """Add a mark behind the sentence."""
        body = self.text.rstrip()
        self.text = f"{body}[{self._number(id)}]{self.text[len(body):]}"

    def _numbered(self, found: re.Match[str]) -> str:
        names = [name for part in _APART.split(found[1]) if (name := _NAMED.sub("", part))]
        if not names or not all(self._known(name) or _ID.fullmatch(name) for name in names):
            return found[0]
        real = [name for name in names if self._known(name)]
        self.invented += [name for name in names if name not in real]
        return "".join(dict.fromkeys(f"[{self._number(name)}]" for name in real))

    def _known(self, name: str) -> bool:
        if name.isdecimal():
            return int(name) in self.numbers.values()
        return name in self.numbers or name in self._evidence.sources

    def _number(self, name: str) -> int:
        if name.isdecimal():
            number = int(name)
            id = next(id for id, held in self.numbers.items() if held == number)
        else:
            id, number = name, self.numbers.setdefault(name, len(self.numbers) + 1)
        self.ids.append(id)
        return number
