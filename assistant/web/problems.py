"""What is said when a request cannot be served: a status, a code for programs and one Chinese sentence for people."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

from assistant.errors import AssistantError


class Problem(AssistantError):
    """A request refused. `str(problem)` is the sentence."""

    def __init__(self, status: int, code: str, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.code, self.headers = status, code, dict(headers or {})


def body(code: str, sentence: str) -> dict[str, Any]:
    """The shape of every refusal of the API."""
    return {"error": {"code": code, "message": sentence}}


def answer(problem: Problem) -> JSONResponse:
    """A refusal as a response."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    return JSONResponse(body(problem.code, str(problem)), problem.status, headers)
