"""Every error a person may meet. `str(error)` is one Chinese sentence fit to show; nothing here is a traceback."""


class AssistantError(Exception):
    """Base of the family. Catch it where a person can be told; let anything else crash and be logged."""


class KnowledgeError(AssistantError):
    """A knowledge file is wrong: the sentence names the file and the field."""


class NotInForce(KnowledgeError):
    """A rule or table a value hangs on says nothing for the day: not begun, or ended. `document` is its id."""

    def __init__(self, sentence: str, document: str) -> None:
        super().__init__(sentence)
        self.document = document


class InvalidInput(AssistantError):
    """A figure cannot be right (zero denominator, part above whole, negative count)."""


class SetupError(AssistantError):
    """Something outside the code is missing or unusable: the model, a folder, a port."""


class StoreUnavailable(AssistantError):
    """The database cannot be reached or written just now."""


class IndexUnavailable(AssistantError):
    """The search index cannot be read."""


class IndexBusy(AssistantError):
    """Another process is writing the index."""


class QuestionRefused(AssistantError):
    """The question itself cannot be taken: empty or too long."""


class UnreadableDocument(AssistantError):
    """A person's own file cannot be taken in: the sentence names the file and what to do."""


class ModelFailed(AssistantError):
    """The chat model gave no usable answer.

    `reason` is for traces and counts: timeout, connection, status, quota, key, loop, broken, resting, unknown.
    """

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason
