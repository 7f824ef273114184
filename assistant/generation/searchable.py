"""What of a document is found on its own, and under which id: its questions, its title, its text."""

import re
from collections.abc import Iterator
from typing import Protocol

from assistant.numerals import fold

QUESTION = "question"
FIELD_OF = {"q": QUESTION, "t": "title", "b": "text"}
_MARKUP = re.compile(r"\[\^[^\]\s]+\]|[*#|`]+|-{3,}")


class Searchable(Protocol):
    """What of a document is searched. `library.Document` is one; benches bring their own."""

    @property
    def id(self) -> str:
        """Unique, without `#`."""
    @property
    def title(self) -> str:
        """Its heading."""
    @property
    def questions(self) -> tuple[str, ...]:
        """How people ask for it."""
    @property
    def text(self) -> str:
        """Everything else that can be found in it."""


def folded(text: str) -> str:
    """What is embedded and tokenised: one spelling, no markup."""
    return fold(_MARKUP.sub("", text)).strip()


def units(document: Searchable) -> Iterator[tuple[str, str]]:
    """(vector id, raw text) of everything of a document that is found on its own."""
    for number, question in enumerate(document.questions):
        yield f"{document.id}#q{number}", question
    if document.title:
        yield f"{document.id}#t", document.title
    if document.text:
        yield f"{document.id}#b", document.text


def field_of(id: str) -> str:
    """The field of a vector by its id: `rule/x#q3` is a question."""
    return FIELD_OF[id.rpartition("#")[2][0]]
