"""Every prompt stands once, in `prompts/NAME.md`: what never changes, a line `---`, and the message that is filled in for each turn."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.errors import KnowledgeError

FOLDER = Path(__file__).resolve().parent.parent / "prompts"
_SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_PARTS = "\n---\n"


@dataclass(frozen=True)
class Prompt:
    """What the model is, and what it is told now. `system` is the same in every turn, so that servers can keep it."""

    system: str
    message: str


def load(name: str, /, **slots: str) -> Prompt:
    """The prompt of that name with every {{slot}} filled, see `fill`."""
    return fill(FOLDER / f"{name}.md", slots)


def fill(path: Path, slots: Mapping[str, str]) -> Prompt:
    """A prompt file with every {{slot}} filled. Raises KnowledgeError for a slot that is unknown or not given.

    What is filled in is never read for slots itself: it may come from a person.
    """
    system, message = _read(path)
    wanted = set(_SLOT.findall(message))
    if odd := sorted(wanted ^ set(slots)):
        raise KnowledgeError(f"提示词 {path.name} 的空位对不上：{'、'.join(odd)}。")
    return Prompt(system, _SLOT.sub(lambda slot: slots[slot[1]], message))


@cache
def _read(path: Path) -> tuple[str, str]:
    try:
        system, parted, message = path.read_text(encoding="utf-8").partition(_PARTS)
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"提示词 {path.name} 读不出来：要有读的权限，且是 UTF-8 文本。") from error
    if not parted or _SLOT.search(system):
        raise KnowledgeError(f"提示词 {path.name} 要有一行 ---，空位只能写在它下面。")
    return system.strip(), message.strip()
