"""Every way a request of the API can fail, in one shape: told in the description, and worded where it happens."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from assistant.errors import AssistantError, IndexBusy, IndexUnavailable, SetupError
from assistant.web.api.models import Refusal
from assistant.web.problems import Problem, answer, body

FAILED = "这次没有办成，问题已经记下，请稍后再试。"
_TOLD = {
    401: "没有会话凭证，或者过期了", 403: "来自不允许的网址（Origin），或凭证属于别的站点",
    404: "没有这一项，或者不是这位访客的", 409: "现在的状态下办不了", 413: "内容太大", 422: "填得不对，message 说明哪里不对",
    429: "太频繁了，Retry-After 是要等的秒数", 503: "检索还没有准备好",
}
_PLAIN: dict[int, tuple[int, str, str]] = {
    # what cannot be read at all is no other case for a program than what is wrongly filled
    400: (422, "invalid", "请求读不懂，请检查格式。"), 404: (404, "path", "没有这个地址，请看 /api/v1/docs。"),
    405: (405, "method", "这个地址不支持这种请求方法。"), 413: (413, "size", "内容太大，请删减后再试。"),
}
TOO_LARGE = answer(Problem(413, *_PLAIN[413][1:]))
ALWAYS = (401, 403, 413, 422, 429)


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The failures of a route for its description."""
    return {status: {"model": Refusal, "description": _TOLD[status]} for status in statuses}


def install(app: FastAPI) -> None:
    """Word every failure of the application."""

    @app.exception_handler(AssistantError)
    async def refused(request: Request, error: AssistantError) -> JSONResponse:
        if isinstance(error, Problem):
            return answer(error)
        late = isinstance(error, IndexBusy | IndexUnavailable | SetupError)
        return JSONResponse(body("unavailable" if late else "refused", str(error)), 503 if late else 422)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse(body("invalid", sentence(error)), 422)

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> JSONResponse:
        status, code, said = _PLAIN.get(error.status_code, (error.status_code, "refused", "请求没有被接受。"))
        return JSONResponse(body(code, said), status, error.headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse(body("failed", FAILED), 500)


def sentence(error: RequestValidationError) -> str:
    """Which field is wrong, and how far: nothing of what was sent is repeated."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:2])
    kind, limits = first["type"], first.get("ctx", {})
    if kind == "json_invalid" or not field:
        return "请求应为 JSON，按 /api/v1/docs 里的字段写。"
    if kind == "missing":
        return f"还差 {field} 这一项。"
    if kind == "extra_forbidden":
        return "有不认识的字段，请看 /api/v1/docs。"
    if kind == "string_too_long":
        return f"{field} 太长了，最多{limits.get('max_length')}字。"
    if kind == "string_too_short":
        return f"{field} 不能空着。"
    return f"{field} 填得不对，请看 /api/v1/docs。"
