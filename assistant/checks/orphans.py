"""What stands without a source, and sources and rules that nothing leads to."""

import re
from collections.abc import Iterator

from assistant.checks.places import everything, place
from assistant.guides import Guide
from assistant.library import Library
from assistant.rules import Rule
from assistant.topics import Topic
from assistant.wording import slots

_MARK = re.compile(r"\[\^([^\]\s]+)\]")


def orphans(library: Library) -> Iterator[str]:
    """Statements no source stands behind, rules nobody can find, sources nobody uses."""
    for topic in library.topics.values():
        yield from _unsupported(topic)
    for guide in library.guides.values():
        yield from _unsupported(guide)
    yield from _own_numbers(library)
    yield from _unreachable(library)
    used = _used_sources(library)
    for id in library.sources:
        if id not in used:
            yield f"sources.yaml 的 {id} 没有文件用到：请删去，或写进依据它的文件的 sources"


def _unsupported(kept: Topic | Guide) -> Iterator[str]:
    marks = list(dict.fromkeys(_MARK.findall(kept.prose)))
    for mark in marks:
        if mark not in kept.sources:
            yield f"{place(kept)} 的正文引了 [^{mark}]，但 sources 里没有它：请补进 sources，或换成列出的来源"
    unknown = isinstance(kept, Topic) and kept.unknown  # that nothing was found is said by no source
    if not marks and not unknown:
        sources = "、".join(kept.sources)
        yield f"{place(kept)} 的正文没有一处标来源：请在来源支持的那一句后面写 [^来源编号]（sources 里有 {sources}）"


def _own_numbers(library: Library) -> Iterator[str]:
    """Numbers may follow from others by arithmetic, but then nobody can look them up: they are no more than fairly sure."""
    for rule in library.rules.values():
        for since, version in rule.versions.items():
            cited = version.sources or rule.sources
            kinds = {library.sources[id].kind for id in cited if id in library.sources}
            if version.numbers and kinds == {"derived"} and (version.confidence or rule.confidence) == "high":
                yield (
                    f"{place(rule)} 的 versions.{since.written} 里的数只有自己整理的来源（{'、'.join(cited)}），confidence 却是 high："
                    "请补上能查到的来源，或降到 medium"
                )


def _unreachable(library: Library) -> Iterator[str]:
    led_to: set[str] = {name for metric in library.metrics.values() for name in metric.borrowed}
    for topic in library.topics.values():
        led_to |= {*topic.rules, *topic.timeline, *_borrowed(f"{topic.title}\n{topic.prose}")}
    for guide in library.guides.values():
        led_to |= _borrowed(guide.prose)
    for rule in library.rules.values():
        if not (rule.questions or rule.topic or rule.defines or rule.metric or rule.id in led_to):
            yield f"{place(rule)} 没有文件用到，也没有人问得到：请写 questions，或在讲它的主题的 rules 里写上 {rule.id}"


def _borrowed(prose: str) -> set[str]:
    return {name.partition(".")[0] for name in slots(prose)}


def _used_sources(library: Library) -> set[str]:
    used = {id for boundary in library.boundaries for id in _MARK.findall(boundary.say)}
    for kept in everything(library):
        used |= set(kept.sources)
        if isinstance(kept, Rule):
            used |= {id for version in kept.versions.values() for id in version.sources or ()}
        elif isinstance(kept, Topic | Guide):
            used |= set(_MARK.findall(kept.prose))
    return used
