"""Plain text as blocks: one line each, with its number."""

from assistant.intake.blocks import Block, Line, tidy
from assistant.intake.decoding import decode


def blocks(data: bytes) -> list[Block]:
    """The lines of a text file."""
    found: list[Block] = []
    gap = True
    for number, line in enumerate(decode(data).replace("\f", "\n\n").split("\n"), 1):
        text = tidy(line)
        if text:
            found.append(Line(text, f"第{number}行", gap))
        gap = not text
    return found
