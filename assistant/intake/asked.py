"""Questions and headings that are only typed, not marked up: 「问：…」, 「Q1: …」, 「❶ …」, 「一、…」, 「1. …？」."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.intake.blocks import Block, Heading, Line, Table

QUESTION_CHARACTERS = 120  # a question told in more is a question and a story
ALONE_CHARACTERS = 30  # a question standing alone, without any mark
UNMARKED_CHARACTERS = 50  # one between two marked questions
TITLE_CHARACTERS = 40  # the first line of a text, when it is its title
NUMBERED_CHARACTERS = 40  # 「一、…」 in more is a paragraph

# levels of what is only typed; real headings are 1 to 6
CHAPTER, SECTION, QUESTION, CHINESE, BRACKETED, FIGURE = 7, 8, 9, 10, 11, 12
INNER_QUESTION = 30  # questions sorted under typed headings

_CIRCLED = "❶❷❸❹❺❻❼❽❾❿⓫⓬⓭⓮⓯⓰⓱⓲⓳⓴"
_NUMBER = "[0-9一二三四五六七八九十百零]"
_ASK = re.compile(
    rf"(?:[【\[](?:问|问题|提问|Q)\s*{_NUMBER}*[】\]]\s*[:：]?|(?:问题|提问|问|Question|Q)\s*{_NUMBER}{{0,3}}\s*[:：]|Q\s*\d{{1,3}}\s*[.、．])\s*(?P<text>\S.*)",
    re.IGNORECASE,
)
_TELL = re.compile(
    rf"(?:[【\[](?:答|回答|答案|A)\s*{_NUMBER}*[】\]]\s*[:：]?|(?:回答|答案|答复|答|Answer|A)\s*{_NUMBER}{{0,3}}\s*[:：]|A\s*\d{{1,3}}\s*[.、．])\s*(?P<text>.*)",
    re.IGNORECASE,
)
_TELL_INSIDE = re.compile(rf"(?<=[\s？?。!！])(?:回答|答案|答|A)\s*{_NUMBER}{{0,3}}\s*[:：]\s*")
_MARKED = re.compile(rf"(?P<mark>[{_CIRCLED}])\s*(?P<text>\S.*)")
_ENDS_ASKING = re.compile(r"[？?][”\"』」）)]*$")
_ASKING = re.compile(r"怎么|怎样|如何|什么|哪[些个里种家]|吗|呢$|多少|几[个天年次种点]|是否|能否|可否|能不能|会不会|有没有|要不要|为何|为啥|咋|谁")
_ENDS_SAYING = re.compile(r"[。；;，,：:！!…]$")
_STORY = re.compile(r"[。！!“”\"「」…]")
_SPEAKER = re.compile(r"[^：:？?]{1,8}[：:]")
_NUMBERED = (
    (CHAPTER, re.compile(rf"第{_NUMBER}{{1,4}}(?:[章篇]|部分).{{0,40}}")),
    (SECTION, re.compile(rf"第{_NUMBER}{{1,4}}节.{{0,40}}")),
    (CHINESE, re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]\s*\S.*")),
    (BRACKETED, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*\S.*")),
)
_COUNTED = re.compile(r"(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[）)])\s*(?P<text>\S.*)")
_FIGURED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})(?:\s*[、．]|\s*[.)）](?!\d)|(?<=\.\d)\s|(?<=\.\d\d)\s)\s*(?P<text>\S.*)")


def mark(blocks: Sequence[Block], scraped: bool = False) -> list[Block]:
    """The blocks with typed questions and headings made Headings. On a scraped page every ❶ is a question."""
    found = _alone(_numbered(_titled(list(blocks))))
    return _answered(_told(_marked(found, scraped)))


def question(text: str) -> str:
    """A question without the number or the 「问：」 before it."""
    for pattern in (_ASK, _FIGURED, _COUNTED):
        match = pattern.fullmatch(text)
        if match:
            return match["text"].strip()
    return text


def asks(text: str) -> bool:
    """Whether a line reads like a question, with or without its mark."""
    return bool(_ENDS_ASKING.search(text) or (_ASKING.search(text) and not _ENDS_SAYING.search(text)))


def _titled(blocks: list[Block]) -> list[Block]:
    """A short first line with a gap below it is the title of a text without headings."""
    if len(blocks) < 2 or any(isinstance(block, Heading) for block in blocks):
        return blocks
    first, second = blocks[0], blocks[1]
    if not isinstance(first, Line) or (isinstance(second, Line) and not second.gap) or len(first.text) > TITLE_CHARACTERS:
        return blocks
    if _ENDS_SAYING.search(first.text) or _ASK.match(first.text) or _MARKED.match(first.text) or _level(first.text):
        return blocks
    question = bool(_ENDS_ASKING.search(first.text))
    return [Heading(first.text, 0, first.place, asks=question), *blocks[1:]]


def _level(text: str) -> int:
    """Of a numbered line; 0 when it has no number."""
    for level, pattern in _NUMBERED:
        if pattern.fullmatch(text):
            return level
    figured = _FIGURED.fullmatch(text)
    return FIGURE + figured["number"].count(".") if figured else 0


def _numbered(blocks: list[Block]) -> list[Block]:
    """Short numbered lines with text of their own below become headings; the items of a list stay lines."""
    levels = [_level(block.text) if isinstance(block, Line) else 0 for block in blocks]
    found: list[Block] = []
    for place, block in enumerate(blocks):
        if isinstance(block, Heading) and block.level <= 6:
            found.append(replace(block, asks=block.asks or bool(_ENDS_ASKING.search(block.text) or _ASK.fullmatch(block.text))))
            continue
        level = levels[place]
        below = blocks[place + 1] if place + 1 < len(blocks) else None
        short = isinstance(block, Line) and len(block.text) <= NUMBERED_CHARACTERS and not _ENDS_SAYING.search(block.text)
        has_text = below is not None and not isinstance(below, Heading) and (levels[place + 1] == 0 or level < levels[place + 1])
        listed = place > 0 and levels[place - 1] == level and not isinstance(found[-1], Heading)
        if isinstance(block, Line) and level and short and has_text and not listed:
            found.append(Heading(block.text, level, block.place, asks=bool(_ENDS_ASKING.search(block.text))))
        else:
            found.append(block)
    return found


def _alone(blocks: list[Block]) -> list[Block]:
    """Paragraphs that are one short question each, when a text has several with an answer below."""
    alone = [place for place, block in enumerate(blocks[:-1]) if _stands_alone(block) and _can_answer(blocks[place + 1])]
    if len(alone) < 2:
        return blocks
    level = _question_level(blocks, alone[0])
    found = list(blocks)
    for place in alone:
        block = found[place]
        if isinstance(block, Line):
            found[place] = Heading(block.text, level, block.place, asks=True)
    return found


def _stands_alone(block: Block) -> bool:
    if not isinstance(block, Line) or not block.gap or len(block.text) > ALONE_CHARACTERS:
        return False
    text = block.text
    if _STORY.search(text) or _SPEAKER.match(text) or _MARKED.match(text) or _level(text):
        return False
    return bool(_ENDS_ASKING.search(text))


def _can_answer(block: Block) -> bool:
    if isinstance(block, Heading):
        return False
    return not isinstance(block, Line) or not (_ENDS_ASKING.search(block.text) or _ASK.match(block.text) or _MARKED.match(block.text))


def _question_level(blocks: Sequence[Block], first: int) -> int:
    """Questions sorted under typed headings stand below them; otherwise such headings belong to the answers."""
    for block in reversed(blocks[:first]):
        if isinstance(block, Heading):
            return INNER_QUESTION if block.level > QUESTION else QUESTION
    return QUESTION


def _marked(blocks: list[Block], scraped: bool) -> list[Block]:
    """❶ … and the question whose mark is missing between two others."""
    marks = {place: match for place, block in enumerate(blocks) if not isinstance(block, Table) and (match := _MARKED.fullmatch(block.text))}
    questions = [place for place, match in marks.items() if scraped or asks(match["text"])]
    if not questions:
        return blocks
    level = _question_level(blocks, questions[0])
    asked = {place: marks[place]["text"] for place in questions}
    for before, after in pairwise(questions):
        missing = _CIRCLED.index(marks[after]["mark"]) - _CIRCLED.index(marks[before]["mark"]) - 1
        asked |= dict(_unmarked(blocks, before, after)[:max(0, missing)])
    found: list[Block] = []
    for place, block in enumerate(blocks):
        if place in asked and isinstance(block, Heading):
            found.append(replace(block, text=asked[place], asks=True))
        else:
            found += _asked(asked[place], level, block) if place in asked and isinstance(block, Line) else [block]
    return found


def _unmarked(blocks: Sequence[Block], before: int, after: int) -> list[tuple[int, str]]:
    """Between two marked questions: headings, or paragraphs of one line with text below, that read like questions."""
    found: list[tuple[int, str]] = []
    for place in range(before + 1, after - 1):
        line, below = blocks[place], blocks[place + 1]
        if isinstance(line, Table) or len(line.text) > UNMARKED_CHARACTERS or not asks(line.text) or _level(line.text):
            continue
        alone = isinstance(line, Line) and line.gap and isinstance(below, Line) and below.gap and not asks(below.text)
        if isinstance(line, Heading) or alone:
            found.append((place, line.text))
    return found


def _told(blocks: list[Block]) -> list[Block]:
    """「问：…」 and 「答：…」, in lines of their own or in one line."""
    asked = [place for place, block in enumerate(blocks) if isinstance(block, Line) and _ASK.fullmatch(block.text)]
    if not asked:
        return blocks
    level = _question_level(blocks, asked[0])
    found: list[Block] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        match = _ASK.fullmatch(block.text) if isinstance(block, Line) else None
        if match is None or not isinstance(block, Line):
            found.append(block)
            place += 1
            continue
        place += 1
        inside = _TELL_INSIDE.search(match["text"])
        if inside:
            found.append(Heading(match["text"][:inside.start()].strip(), level, block.place, asks=True))
            if answer := match["text"][inside.end():].strip():
                found.append(Line(answer, block.place))
            continue
        more, told = _until_told(blocks, place)
        question = match["text"].strip()
        if told is not None and len(question) + sum(len(line.text) for line in more) <= QUESTION_CHARACTERS:
            question, place, more = "".join([question, *(line.text for line in more)]), told, []
        found += _asked(question, level, block)
        found += more
        if more:
            place += len(more)
        if told is not None:
            line = blocks[told]
            telling = _TELL.fullmatch(line.text) if isinstance(line, Line) else None
            if telling and telling["text"] and isinstance(line, Line):
                found.append(Line(telling["text"], line.place))
            place = told + 1
    return found


def _asked(question: str, level: int, line: Line) -> list[Block]:
    """A question as a heading; of a long one the first sentence, and all of it once more as text."""
    if len(question) <= QUESTION_CHARACTERS:
        return [Heading(question, level, line.place, asks=True)]
    first = re.match(r".+?[？?。！!]", question)
    head = first[0] if first and len(first[0]) <= QUESTION_CHARACTERS else question[:QUESTION_CHARACTERS]
    return [Heading(head, level, line.place, asks=True), Line(question, line.place)]


def _until_told(blocks: Sequence[Block], start: int) -> tuple[list[Line], int | None]:
    """The lines before the next 「答：」, and where it stands; None when another question or heading comes first."""
    lines: list[Line] = []
    for place in range(start, len(blocks)):
        block = blocks[place]
        if not isinstance(block, Line) or _ASK.fullmatch(block.text):
            return [], None
        if _TELL.fullmatch(block.text):
            return lines, place
        lines.append(block)
    return [], None


def _answered(blocks: Sequence[Block]) -> list[Block]:
    """「答：」 is left out wherever it follows a question."""
    found: list[Block] = []
    for block in blocks:
        above = found[-1] if found else None
        telling = _TELL.fullmatch(block.text) if isinstance(block, Line) and isinstance(above, Heading) and above.asks else None
        if telling is None or not isinstance(block, Line):
            found.append(block)
        elif telling["text"]:
            found.append(replace(block, text=telling["text"]))
    return found
