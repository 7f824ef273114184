"""Commas between digits: of 92,88,95,101 they part the figures of a list, of 1,250 they group the digits of one."""

import re

LONG = 3  # groups from which a row of them may be a list
ALIKE = 10.0  # times: figures of one list seldom lie further apart
_ROW = re.compile(r"(?<![\d.,])\d+(?:\.\d+)?(?:,\d+(?:\.\d+)?)++(?![\d.])")


def commas_apart(text: str) -> str:
    """The text with the commas of lists written as 、, so that they group no digits; every character keeps its place."""
    return _ROW.sub(lambda found: found[0].replace(",", "、") if _is_list(found[0].split(",")) else found[0], text)


def _is_list(groups: list[str]) -> bool:
    """Whether the groups are figures of their own: some cannot be grouped digits, or they would make a number nobody types."""
    if len(groups) < LONG or any(group[0] == "0" and "." not in group for group in groups[1:]):
        return False
    sizes = [float(group) for group in groups]
    if not min(sizes) or max(sizes) / min(sizes) > ALIKE:
        return False  # 1,250,98 may be 1250 and 98
    return len(groups[0]) >= LONG or any(len(group) != LONG for group in groups[1:])
