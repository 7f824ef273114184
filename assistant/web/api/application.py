"""The API as an application of its own, to be mounted under /api/v1."""

from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp

from assistant.web.api import calculations, docs, feedback, handoff, sessions, turns, uploads, visitor
from assistant.web.api.context import Context
from assistant.web.api.refusals import TOO_LARGE, install
from assistant.web.guarding.crashes import CrashLog
from assistant.web.guarding.sizes import BodyLimit

BASE = "/api/v1"
LARGEST_BODY = 64 * 1024
FORM_OVERHEAD = 16 * 1024  # what multipart adds around a file
ABOUT = (
    "挂件和自己的网页用这套接口。先 POST /sessions 换 token，之后放在 Authorization: Bearer 里。每个请求都要带 Origin，"
    "且是本站或这个站点名单里的网址。没办成的都是 {\"error\": {\"code\", \"message\"}}，message 是给人看的一句话。"
)


def create(kit: Context) -> ASGIApp:
    """The application, its bodies limited."""
    app = FastAPI(title="售后参谋 API", version="1", description=ABOUT, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.context = kit
    for module in (sessions, turns, feedback, handoff, calculations, uploads, visitor):
        app.include_router(module.router)
    install(app)

    @app.get("/docs", include_in_schema=False)
    async def description() -> HTMLResponse:
        return HTMLResponse(docs.page(app.openapi(), BASE))

    return BodyLimit(CrashLog(app), TOO_LARGE, LARGEST_BODY, {"/uploads": kit.settings.max_upload_bytes + FORM_OVERHEAD})
