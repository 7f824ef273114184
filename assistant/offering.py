"""Which paper is asked for, and which one an answer offers."""

import re
from collections.abc import Sequence

from assistant import phrases
from assistant.guides import Guide
from assistant.library import Document, Library
from assistant.understanding import Understood
from assistant.wanted import paper_wanted

NEAR = 3  # findings among which a guide counts as found
TIED = 2  # findings whose own guide counts when none was found itself
_NO_SUBJECT = re.compile(
    r"(?:帮|替|给|为|我们?|咱|请|麻烦|再|那|就|也|直接|顺便|可以|能|不能|要|想|写|拟|出|做|弄|来|有没有|生成|整理|导出|下载|打印|发|成|把|它|这个|这些|上面|刚才"
    r"|一|个|份|张|封|套|下|模板|范本|范文|样本|清单|表格?|文档|文书|材料|文件|话术|word|docx|版|的|了|吗|吧|呢|呗|[?？。,，!！ ])+"
)


def asked_for(
    library: Library, text: str, documents: Sequence[Document], sure: bool, last: Understood | None
) -> Guide | None:
    """The guide a folded text asks for. `documents` are the findings, guides among them; `sure`: they are evidence."""
    if not paper_wanted(text):
        return None
    before = _of_last(library, last)
    if _NO_SUBJECT.fullmatch(text):
        return before
    if sure:
        near = [document for document in documents[:NEAR] if document.kind == "guide"]
        if near:
            return library.guides[near[0].id.removeprefix("guide/")]
        topics = [document for document in documents if document.kind == "topic"][:TIED]
        if tied := next((guide for topic in topics if (guide := offered(library, topic))), None):
            return tied
    return before


def which_paper(text: str) -> bool:
    """Whether a folded text asks for a paper without saying which."""
    return paper_wanted(text) and bool(_NO_SUBJECT.fullmatch(text))


def filled_on(text: str) -> bool:
    """Whether a folded text that follows a paper only tells figures for it: it asks for nothing."""
    return not (phrases.ASKS.search(text) or phrases.COMPUTE.search(text))


def offered(library: Library, document: Document | None, metric: str | None = None) -> Guide | None:
    """The guide that names the topic quoted or the metric computed; a rule stands for the topic that tells it."""
    kind, _, id = document.id.partition("/") if document is not None else ("", "", "")
    rule = library.rules.get(id) if kind == "rule" else None
    topic = rule.topic if rule else id if kind == "topic" else ""
    metric = metric or (rule.defines if rule else None)
    by_topic = next((guide for guide in library.guides.values() if topic in guide.topics), None)
    return by_topic or next((guide for guide in library.guides.values() if metric in guide.metrics), None)


def _of_last(library: Library, last: Understood | None) -> Guide | None:
    """The guide of the turn before: its own, or that of the metric or topic it was about."""
    if last is None:
        return None
    if last.guide:
        return library.guides.get(last.guide)
    by_subject = (
        guide for guide in library.guides.values()
        if any(library.topics[topic].title == last.subject for topic in guide.topics)
    )
    return next(by_subject, None) or offered(library, None, last.metric)
