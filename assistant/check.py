"""What an editor should do about the knowledge: mistakes to mend, and reminders that come with time."""

from datetime import date

from assistant.checks.contradictions import contradictions
from assistant.checks.examples import broken_examples
from assistant.checks.orphans import orphans
from assistant.checks.overdue import overdue
from assistant.checks.prose import bare_numbers
from assistant.checks.questions import doubled_questions, stopped_questions
from assistant.checks.references import references
from assistant.library import Library


def problems(library: Library, today: date | None = None) -> list[str]:
    """One sentence per mistake, empty when all is well. What was no mistake yesterday is none today either.

    `today` is the day whose versions are set side by side; the real one when not given.
    """
    day = today or date.today()
    found = [
        *references(library, day), *bare_numbers(library), *broken_examples(library), *contradictions(library, day),
        *orphans(library), *doubled_questions(library, day), *stopped_questions(library),
    ]
    return list(dict.fromkeys(found))


def reminders(library: Library, today: date | None = None) -> list[str]:
    """One sentence per file that is due for review on `today`; the knowledge is not wrong for it."""
    return list(overdue(library, today or date.today()))
