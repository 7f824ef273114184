"""Blocks become parts: cut at headings, an answer under its question, long ones in bounded lengths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.intake import faq
from assistant.intake.asked import CHAPTER, mark, question
from assistant.intake.blocks import Block, Heading, Line, Table
from assistant.intake.cutting import PIECE_CHARACTERS, Unit, pack
from assistant.intake.piece import Part

WRAPPED_CHARACTERS = 20  # a line at least this long without an end goes on in the next one
_ENDS = tuple("。！？!?；;：:…”」）)】.|")
_LISTED = tuple("-•·●○◆■□▪※*（(【[①②③④⑤⑥⑦⑧⑨⑩0123456789❶❷❸❹❺❻❼❽❾❿")


@dataclass
class _Section:
    """A heading and what stands under it, while it is being read."""

    path: tuple[str, ...]
    place: str
    asks: bool = False
    level: int = -1
    body: list[Block] = field(default_factory=list)


def parts(blocks: Sequence[Block], scraped: bool = False) -> list[Part]:
    """The parts of a file in its order."""
    return [part for section in _sections(mark(blocks, scraped)) for part in _parts(section)]


def _sections(blocks: Sequence[Block]) -> Iterator[_Section]:
    above: list[Heading] = []
    section = _Section((), "")
    for place, block in enumerate(blocks):
        typed = isinstance(block, Heading) and block.level >= CHAPTER and not block.asks
        if not isinstance(block, Heading) or (section.asks and typed and block.level > section.level):
            section.body.append(block)  # an answer with headings of its own stays one answer
            continue
        yield section
        above = [heading for heading in above if heading.level < block.level] + [block]
        section = _Section(tuple(heading.text for heading in above), block.place, block.asks, block.level)
        below = blocks[place + 1] if place + 1 < len(blocks) else None
        if not block.asks and (below is None or (isinstance(below, Heading) and below.level <= block.level)):
            section.body.append(Line(block.text, block.place))  # nothing stands under it: it is all it says
    yield section


def _parts(section: _Section) -> Iterator[Part]:
    questions = (question(section.path[-1]),) if section.asks else ()
    if questions and not section.body:
        yield Part(section.path, questions, "", section.place)
        return
    groups = _groups(section.body)
    for heading, units in groups:
        path = (*section.path, heading) if heading and len(groups) > 1 else section.path
        for text, place in pack(units):
            yield Part(path, questions, text, place)
    for block in section.body:
        if isinstance(block, Table):
            above, columns, rows = faq.split_table(block)
            if columns:
                for text, place in pack(faq.units(above)):
                    yield Part(section.path, (), text, place)
                yield from faq.answers(section.path, columns, rows)


def _groups(body: Sequence[Block]) -> list[tuple[str, list[Unit]]]:
    """The body as one group if it fits a piece, else by the headings in it, short neighbours together."""
    groups: list[tuple[str, list[Block]]] = [("", [])]
    for block in body:
        if isinstance(block, Heading):
            groups.append((block.text, [Line(block.text, block.place)]))
        else:
            groups[-1][1].append(block)
    merged: list[tuple[str, list[Unit]]] = []
    for heading, blocks in groups:
        units = list(_units(blocks))
        if merged and _length(merged[-1][1]) + _length(units) <= PIECE_CHARACTERS:
            merged[-1][1].extend(units)
        elif units:
            merged.append((heading, units))
    return merged


def _length(units: Sequence[Unit]) -> int:
    return sum(len(unit.text) + 1 for unit in units)


def _units(blocks: Sequence[Block]) -> Iterator[Unit]:
    """Paragraphs, lines that were only wrapped put together; rows of tables that hold no questions."""
    paragraph: Unit | None = None
    for block in blocks:
        if paragraph and isinstance(block, Line) and not block.gap and _goes_on(paragraph.text, block.text):
            paragraph = Unit(f"{paragraph.text}\n{block.text}", paragraph.place)
            continue
        if paragraph:
            yield paragraph
        paragraph = None
        if isinstance(block, Table):
            rows, columns, _ = faq.split_table(block)
            yield from [] if columns else faq.units(rows)
        else:
            paragraph = Unit(block.text, block.place)
    if paragraph:
        yield paragraph


def _goes_on(text: str, below: str) -> bool:
    last = text.rpartition("\n")[2]
    return len(last) >= WRAPPED_CHARACTERS and not last.endswith(_ENDS) and not below.startswith(_LISTED)
