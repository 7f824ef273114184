"""Figures of somebody of whom nothing was told yet: 隔壁店9笔，8千笔成交. Nothing told of another one is taken over for them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.figures import Figure, figures, fold
from assistant.labelled import PARTY, Case, as_told
from assistant.mentions import Mention
from assistant.understanding import Exchange, Reading

SEVERAL = 2  # figures that are a case of their own; one beside 同行 may be what is said of the trade
_OWN = re.compile(r"(?:我|咱|咱们|我们|本)店")
_PLACE = re.compile(r".*(?:店|家|点|站)")
_OTHERS = re.compile(r"(?:另外?(?:一|那)|旁边那?|对面那?|别的?|[他她])家店?|同行|对手|人家")
_SUPPOSED = re.compile(r"要是|如果|假如|假设|换成|改成|万一|若是|[再又多少]")


def somebody_else(text: str, found: Sequence[Figure], history: Sequence[Exchange]) -> str:
    """The name of whom a text tells figures, when no earlier turn told anything of them; else ''."""
    told = [figure for figure in found if figure.kind not in ("window", "range", "ratio", "ppm")]
    if not told or not history or not history[-1].understood.inputs or _SUPPOSED.search(text):
        return ""
    before = "".join(fold(one.question) for one in history)
    parties = [one[0] for one in PARTY.finditer(text) if not _OWN.fullmatch(one[0])]
    if len(set(parties)) > 1 or any(name in before for name in parties):
        return ""
    others = [one[0] for one in _OTHERS.finditer(text) if one[0] not in before]
    if parties and (len(told) >= SEVERAL or _PLACE.fullmatch(parties[0])):
        return parties[0]
    return others[0] if others and len(told) >= SEVERAL else ""


def in_the_words_before(text: str, name: str, found: Sequence[Figure], last: Exchange, known: Callable[[str], list[Mention]]) -> str:
    """The question before with the figures of this one, where they come in the same order: 判责6笔，成交4000; '' where they do not."""
    asked = fold(last.question)
    told = [figure for figure in figures(asked) if figure.value in last.understood.inputs.values()]
    model = Case("", asked, tuple(told), tuple(figure.start for figure in told))
    start = text.find(name) + len(name)
    own = [figure for figure in found if figure.start >= start]
    return as_told(model, Case(name, text[start:], tuple(own), tuple(figure.start - start for figure in own)), known)


def forgotten(history: Sequence[Exchange]) -> Sequence[Exchange]:
    """The earlier turns without the figures of the last one: only what was asked is still meant."""
    last = history[-1]
    return [*history[:-1], replace(last, understood=replace(last.understood, inputs={}, previous={}, also={}, target=None, text=""))]


def lacking(reading: Reading, name: str) -> Reading:
    """An incomplete reading as the case of `name`; figures that no word gives to an input are none of it."""
    if not reading.loose:
        return replace(reading, where=name.upper())
    missing = tuple(one for one in reading.metric.fields if one.spec.default is None)
    return replace(reading, where=name.upper(), inputs={}, missing=missing, typed=frozenset(), before={})
