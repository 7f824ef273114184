"""Numbered sources: which documents an answer relies on, and `[^S11]` in prose turned into `[2]`."""

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.answer import Citation
from assistant.library import Document, Library
from assistant.rules import Dated, Rule

_MARK = re.compile(r"\s*\[\^([^\]\s]+)\]")
_NUMBERED = re.compile(r"\[\d+\]")
_DIGITS = re.compile(r"(?:(?<![0-9A-Za-z)%-])[-−])?\d[\d,.]*")
_SENTENCE = re.compile(r"[^。！？\n]*[。！？]?[”’」』）]*")
CONFIDENCE_WORD = {"high": "规则原文", "medium": "单一来源", "low": "待核实", "conflict": "说法不一", "calc": "推算", "own": "自有资料"}


class Citations:
    """Collects the sources of one answer in the order they are first relied on."""

    def __init__(self, library: Library, documents: dict[str, Document]) -> None:
        """`documents` are all documents as they read on the day of the answer."""
        self.library, self.documents = library, documents
        self.cited: list[Citation] = []
        self._by_source: dict[str, int] = {}

    def document(self, id: str) -> int:
        """Cite a document by id; its number."""
        for number, citation in enumerate(self.cited, 1):
            if citation.id == id:
                return number
        document = self.documents[id]
        first = self.library.sources[document.sources[0]]
        self.cited.append(
            Citation(
                id, document.title, self.library.source_line(document.sources), document.quote(),
                first.address, document.period, document.confidence,
            )
        )
        for source in document.sources:
            self._by_source.setdefault(source, len(self.cited))
        return len(self.cited)

    def rules_of(self, document: Document) -> None:
        """Cite the rules whose numbers stand in a topic; a topic that borrows none is cited itself."""
        for rule in document.borrowed:
            self.document(f"rule/{rule}")
        if not document.borrowed:
            self.document(document.id)

    def timeline(self, rule: Rule, shown: Iterable[tuple[Dated, str]]) -> int:
        """Cite a rule with the sentences of all the versions a time line shows, each with its period as shown there."""
        number = self.document(f"rule/{rule.id}")
        held = self.cited[number - 1]
        quote = " ".join(dict.fromkeys((*(f"{period}：{rule.render(dated)}" for dated, period in shown), held.quote)))
        self.cited[number - 1] = replace(held, quote=quote)
        return number

    def widen(self, number: int, quote: str) -> None:
        """Add to the sentences relied on of a citation."""
        held = self.cited[number - 1]
        if quote not in held.quote:
            self.cited[number - 1] = replace(held, quote=f"{held.quote} {quote}")

    def cover(self, document: Document, shown: str) -> None:
        """Cite a topic for its sentences that hold digits no citation holds yet (a hotline, a name)."""
        quoted = "".join(citation.quote for citation in self.cited)
        known = set(_DIGITS.findall(quoted))
        prose = _NUMBERED.sub("", _MARK.sub("", shown)).replace("**", "")
        open_ = [part.strip("| #").removeprefix("- ") for part in _SENTENCE.findall(prose) if set(_DIGITS.findall(part)) - known]
        if not open_:
            return
        number = self.document(document.id)
        held = self.cited[number - 1]
        self.cited[number - 1] = replace(held, quote=" ".join(dict.fromkeys((held.quote, *open_))))

    def number(self, markdown: str) -> str:
        """`…要≥4.2。[^S11]` → `…要≥4.2。[1]`, citing the source with the sentence it stands behind."""
        placed = 0
        pieces: list[str] = []
        for found in _MARK.finditer(markdown):
            pieces.append(markdown[placed : found.start()])
            number = self._source(found.group(1), markdown[: found.start()])
            placed = found.end()
            mark = f"[{number}]"
            if not "".join(pieces).endswith(mark):
                pieces.append(mark)
        return "".join([*pieces, markdown[placed:]])

    def _source(self, id: str, before: str) -> int:
        if id in self._by_source:
            return self._by_source[id]
        source = self.library.sources[id]
        sentence = [part for part in _SENTENCE.findall(before.rsplit("\n", 1)[-1]) if part.strip()][-1:]
        quote = _MARK.sub("", "".join(sentence)).replace("**", "").lstrip("-|# ").strip() or source.named
        self.cited.append(
            Citation(f"source/{id}", source.title or source.about, source.named, quote, source.address, "", source.confidence)
        )
        self._by_source[id] = len(self.cited)
        return len(self.cited)
