"""A list of which every item is asked for by itself, and the sum besides: 第一次50小时，第二次75小时，各算几天，加起来几天."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.understanding import Reading

LEAST = 2
_EACH = re.compile(r"各(?:自|次|项)?(?:算|折|是|要|得|按)?(?:多少|几)|分别(?:算|折|是|要|得|按)?(?:多少|几)")
_AVERAGE = re.compile(r"平均|均")
_ALL = re.compile(r"加起来|合起来|一共|总共|合计|累计|总计")
_ORDINAL = re.compile(r"第[一二三四五六](?P<of>[次回趟个件项])")
_ORDER = "一二三四五六"


def each_and_all(text: str, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, where the first is of such a list one for each item and, when asked for, one for all of them."""
    first = next(iter(readings), None)
    if first is None or not first.complete or first.goal is not None or first.before or first.where:
        return list(readings)
    if not _EACH.search(text) or _AVERAGE.search(text) or _AVERAGE.search(first.metric.label):
        return list(readings)
    lists = [name for name, value in first.inputs.items() if isinstance(value, tuple) and len(value) >= LEAST]
    rest = {one.name for one in first.metric.fields if one.spec.default is None} - set(lists)
    if len(lists) != 1 or rest or set(first.typed) != set(lists) or first.metric.unit == "ratio":
        return list(readings)
    values = first.inputs[lists[0]]
    assert isinstance(values, tuple)
    if len(values) > len(_ORDER):
        return list(readings)
    ordinal = _ORDINAL.search(text)
    of = ordinal["of"] if ordinal else "项"
    alone = [
        replace(first, inputs={**first.inputs, lists[0]: (value,)}, where=f"第{order}{of}") for value, order in zip(values, _ORDER, strict=False)
    ]
    return [*alone, replace(first, where="合计")] if _ALL.search(text) else alone
