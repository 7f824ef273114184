"""Inputs that are a row or a column of a table: which one a sentence points at."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from assistant.figures import Figure, figures
from assistant.library import Library
from assistant.metrics import Field
from assistant.tables import Cell, Match, Table
from assistant.vocabulary import Measure

_PARTING = re.compile(r"万一|要是|如果|假如|换成|改成|[，,。；;]?(?:乙|另一|第二)|[，,。；;、比跟和与]|还是|变成")
LEAST_KIND = 2  # 家用, 企业非营业; A1 and A2 are no kinds
_KIND = re.compile(r"\d")
MEASURED_BY_UNIT = {"座": "seats", "吨": "tons", "cc": "cc", "升": "liters"}
_NUMERAL = r"(?P<n>[0-9]+(?:\.[0-9]+)?|[零一二两三四五六七八九十百]+)"


def measures(text: str, numbers: Sequence[Figure], vocabulary: Mapping[str, Sequence[Measure]]) -> dict[str, float]:
    """What a sentence says of seats, tons, years without a claim … by measure name."""
    found = {MEASURED_BY_UNIT[f.unit]: f.value for f in numbers if f.unit in MEASURED_BY_UNIT}
    for name, ways in vocabulary.items():
        for way in ways:
            hit = _pattern(way.find).search(text)
            if hit is None:
                continue
            value = way.equals if way.equals is not None else _numeral(hit.group("n"))
            if value is not None:
                found[name] = value
                break
    return found


def choose(
    field: Field, library: Library, day: date, text: str, said: Mapping[str, float]
) -> tuple[str | None, tuple[str, ...]]:
    """(the key meant, or None when it cannot be told; the keys it could be)."""
    table = library.tables[str(field.spec.choice)]
    keys = possible(field, library, day)
    rows = (table.on(day) or (None, {}))[1]
    scores = {key: _score(table, key, rows.get(key), text, said) for key in keys}
    best = max(scores.values(), default=0.0)
    if best <= 0:
        return None, keys
    top = tuple(key for key, score in scores.items() if score == best)
    return (top[0], top) if len(top) == 1 else (None, top)


def alternatives(
    field: Field, library: Library, day: date, text: str, numerals: Sequence[str], vocabulary: Mapping[str, Sequence[Measure]]
) -> tuple[str, str] | None:
    """The two keys of a sentence that compares two cases (吉林比辽宁, 三年没出险、万一出一次), in order; None when there are not two."""
    for parting in _PARTING.finditer(text):
        sides = text[: parting.start()], text[parting.start() :]
        keys = [choose(field, library, day, side, measures(side, figures(side, numerals), vocabulary))[0] for side in sides]
        if keys[0] is not None and keys[1] is not None and keys[0] != keys[1]:
            return keys[0], keys[1]
    return None


def alike(held: str, keys: Sequence[str]) -> str | None:
    """Of several keys the one that begins like the one held: 企业非营业6座以下 for 企业非营业6至10座; None when it is not one."""
    kind = held.partition("_")[0] if "_" in held else _KIND.split(held)[0]
    if len(kind) < LEAST_KIND:
        return None
    found = [key for key in keys if key != held and (key.partition("_")[0] if "_" in key else _KIND.split(key)[0]) == kind]
    return found[0] if len(found) == 1 else None


def kind(key: str) -> str:
    """The word before the first number of a key: 企业非营业 of 企业非营业6座以下; empty when it is none."""
    word = _KIND.split(key)[0]
    return word if len(word) >= LEAST_KIND else ""


def possible(field: Field, library: Library, day: date) -> tuple[str, ...]:
    """All keys the input may take on `day`."""
    found = library.tables[str(field.spec.choice)].on(day)
    if found is None:
        return ()
    rows = found[1]
    if not field.spec.column:
        return tuple(rows)
    return tuple(dict.fromkeys(key for cell in rows.values() if isinstance(cell, dict) for key in cell))


def _score(table: Table, key: str, cell: Cell, text: str, said: Mapping[str, float]) -> float:
    scores = [_matched(match, text, said) for match in table.match.get(key, ())]
    if isinstance(cell, tuple):
        scores += [float(len(word)) for word in cell if isinstance(word, str) and word in text]
    name = table.name(key)
    if name.lstrip("-").isdigit():  # a level is no count: 出险2次 is not 2级
        if re.search(rf"(?:等级|级别)[是为:]?{name}(?!\d)|(?<![\d-]){name}级", text):
            scores.append(float(len(key)))
    elif name in text:
        scores.append(float(len(key)))
    return max(scores, default=0.0)


def _matched(match: Match, text: str, said: Mapping[str, float]) -> float:
    """How specifically an alternative is met; 0 when a condition fails."""
    score = 0.0
    if match.words:
        longest = max((len(word) for word in match.words if word in text), default=0)
        if not longest:
            return 0.0
        score += longest
    for name, (low, below) in match.measures.items():
        value = said.get(name)
        if value is None or (low is not None and value < low) or (below is not None and value >= below):
            return 0.0
        score += 2.0
    return score


@cache
def _pattern(find: str) -> re.Pattern[str]:
    return re.compile(find.replace("{n}", _NUMERAL))


@cache
def _numeral(written: str) -> float | None:
    """A number as written; of 五六 the smaller, which is certain; None when it is none (三六九)."""
    read = figures(written + "个")
    if read:
        return read[0].value
    return _numeral(written[0]) if len(written) == 2 else None
