"""Pages scraped from Q&A sites: told by their furniture or by an injected pair, then cleared of both."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.intake import injections
from assistant.intake.blocks import Block, Table, reworded, texts

KINDS_ENOUGH = 3  # kinds of furniture that make a page a scraped one
VIEWS_ENOUGH = 3  # lines ending in a count of views that count as one kind

_DAY = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}"
FURNITURE = {
    "navigation": re.compile(r"(?:导航|当前位置|您的位置|您现在的位置)\s*[::：].*[>›»].*|(?:首页|主页)\s*[>›»].*"),
    "published": re.compile(rf"(?:发布时间|发布日期|更新时间)\s*[::：]\s*{_DAY}.*"),
    "consulted": re.compile(rf"咨询记录.{{0,6}}回答于\s*{_DAY}.*"),
    "further": re.compile(r"(?:扩展阅读|延伸阅读|相关阅读)(?:\s*[::：].*)?"),
    "more": re.compile(r"(?:阅读全文|展开全文|查看全文)\s*[>›»]*"),
    "related": re.compile(r"与.{1,40}相关的(?:资料|内容|问题|文章)"),
    "popular": re.compile(r"(?:热点内容|热门内容|猜你喜欢|热点资讯)[::：]?"),
    "views": re.compile(r".{0,80}浏览\s*[::：]\s*\d+"),
}


@dataclass(frozen=True)
class Cleaned:
    """The blocks of a file after cleaning, and what that took."""

    blocks: tuple[Block, ...]
    scraped: bool = False
    repairs: int = 0
    """characters taken out of words"""
    dropped: int = 0
    """lines of furniture left out"""


def clean(blocks: Sequence[Block]) -> Cleaned:
    """The blocks as they are, or a scraped page without furniture and injected characters."""
    if not looks_scraped(blocks):
        return Cleaned(tuple(blocks))
    kept, repairs, dropped = list(blocks), 0, 0
    while True:
        before = repairs, dropped
        removed = 0

        def repair(text: str) -> str:
            nonlocal removed
            text, gone = injections.repaired(text)
            removed += len(gone)
            return text

        remaining = [block for block in kept if _kind(block) is None]
        kept, dropped = [reworded(block, repair) for block in remaining], dropped + len(kept) - len(remaining)
        repairs += removed
        if (repairs, dropped) == before:
            return Cleaned(tuple(kept), True, repairs, dropped)


def looks_scraped(blocks: Sequence[Block]) -> bool:
    """Whether the page carries the furniture of such sites, or a certain injection."""
    found = [kind for block in blocks if (kind := _kind(block))]
    kinds = set(found) - ({"views"} if found.count("views") < VIEWS_ENOUGH else set())
    return len(kinds) >= KINDS_ENOUGH or any(map(injections.sure, texts(blocks)))


def _kind(block: Block) -> str | None:
    if isinstance(block, Table):
        return None
    return next((kind for kind, pattern in FURNITURE.items() if pattern.fullmatch(block.text)), None)
