"""Questions from outside, against which findings are measured: knowledge/calibration.yaml."""

from dataclasses import dataclass

from assistant.schema import Strict

STRANGERS = "outside/questions"


class Questions(Strict):
    """knowledge/calibration.yaml: questions that are none of our business, and some that are in other words than the files'."""

    outside: tuple[str, ...]
    inside: tuple[str, ...]


@dataclass(frozen=True)
class Strangers:
    """The questions outside as one document of the index; it is never told, only measured against."""

    questions: tuple[str, ...]
    id: str = STRANGERS
    title: str = "不归这里管的问题"
    text: str = ""
