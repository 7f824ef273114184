"""What the figures of a text count: one of a thing as a manner of speaking, none at all, a number times a price."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import phrases
from assistant.figures import Figure
from assistant.roles import per_one
from assistant.rows import runs

_TIMES = re.compile(
    r"[，, ]?(?:每|各|单价|一)(?:个|件|片|条|只|台|套|桶|瓶|对|根|块|升|斤|公斤)?(?:要|是|的|单价|卖|收)? ?"
    r"|[，, ]?(?:数量|件数|换了?|用了?|要了?|买了?)[是为:]? ?| ?[×x*乘]以? ?"
)

_EACH = re.compile(r"的|(?:元|块钱?)?[一每](?:个|件|片|条|只|台|套|桶|瓶|对|根|块|升|斤)")  # 两个150块的配件, 4条480一条
_NOUN = re.compile(r"[一-龥]{1,6}[，, ]?")


def counted(text: str, stated: list[Figure], named: bool) -> list[Figure]:
    """The figures given, without 一笔 or 一个同事 where they are a manner of speaking, and with 0 for 一笔都没有.

    Where nothing but single things stands in the text they count after all, if the metric is `named`; else only zeros do.
    """
    stated = [figure for place, figure in enumerate(stated) if not _price_of_one(text, figure, stated[place + 1 : place + 2])]
    stated = [figure for figure in stated if not _counts_the_list(text, figure, stated)]
    stated = [replace(figure, value=0.0) if _none_at_all(text, figure) else figure for figure in stated]
    left = [figure for figure in stated if not (phrases.A_SINGLE.match(figure.raw) and _manner(text, figure))]
    if not all(phrases.A_SINGLE.match(figure.raw) for figure in left):
        return left
    return [figure for figure in left if named or not figure.value]


def multiplied(text: str, stated: Sequence[Figure]) -> list[Figure]:
    """'2个每个155元', '155元×2' and '两个155块的' are one amount where amounts are listed."""
    merged: list[Figure] = []
    for figure in _without_one_each(text, stated):
        last = merged[-1] if merged else None
        between = text[last.end : figure.start] if last is not None else "?"
        beside = last is not None and last.kind == "count" and not between.strip()
        follows = beside and (not figure.unit or bool(_EACH.match(text[figure.end :])))
        each = last is not None and last.kind == "count" and bool(re.fullmatch(rf"{_NOUN.pattern}[每一]{last.unit}", between))
        if last is not None and (follows or each or _TIMES.fullmatch(between)):
            count, price = (last, figure) if last.unit != "元" else (figure, last)
            if price.unit in ("元", "") and count.unit != "元" and count.value == int(count.value) and price is not count:
                raw = text[last.start : figure.end]
                merged[-1] = replace(price, value=count.value * price.value, unit="元", start=last.start, end=figure.end, raw=raw)
                continue
        merged.append(figure)
    return merged


def _without_one_each(text: str, stated: Sequence[Figure]) -> list[Figure]:
    """Without the 一根 of 2根雨刮一根60: it says that the price is for each."""
    return [
        figure for before, figure in zip((None, *stated), stated, strict=False)
        if before is None or before.kind not in ("count", "size") or figure.unit != before.unit or not phrases.A_SINGLE.match(figure.raw)
        or not (_NOUN.fullmatch(between := text[before.end : figure.start]) or not between.strip())
    ]


def _manner(text: str, figure: Figure) -> bool:
    """一天收多少, 返修一台扣三百, 合多少天一次: one of a thing stands for each of them."""
    after, before = text[figure.end :], text[: figure.start]
    return per_one(text, figure) or bool(phrases.ONE_EACH.match(after) or phrases.PER_WHAT.search(before))


def _price_of_one(text: str, figure: Figure, after: Sequence[Figure]) -> bool:
    """1个工时38块 tells a price: nothing is counted by the one."""
    follows = bool(after) and after[0].kind == "money" and len(text[figure.end : after[0].start].strip("要收是 ")) == 0
    return follows and figure.value == 1 and figure.kind == "count"


def _counts_the_list(text: str, figure: Figure, stated: Sequence[Figure]) -> bool:
    """五个维度：接待90、设施85… says how many follow."""
    return bool(
        figure.kind == "count" and phrases.ITEMS.match(text[figure.end :])
        and any(len(run) == figure.value for run in runs(text, [one for one in stated if one.start > figure.end], ()))
    )


def _none_at_all(text: str, figure: Figure) -> bool:
    """一笔判责都没有 counts none."""
    return bool(phrases.A_SINGLE.match(figure.raw) and phrases.NOT_EVEN_ONE.match(text[figure.end :]))
