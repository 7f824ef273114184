"""The service: health at once, a light shell at once, the Gradio page as soon as it is imported."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import anyio
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.handoff.reception import Reception
from assistant.settings import Settings
from assistant.web.contract import Engine
from assistant.web.front import SHELL, STATIC, Front
from assistant.web.routes import routes
from assistant.web.staff.app import pages

log = logging.getLogger(__name__)

SMALLEST_TO_SHRINK = 1000
HEADERS = {
    # Gradio starts from inline scripts and builds templates at run time, hence the two unsafe words; nothing may
    # come from or go to another origin, and no other site may frame the page
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(engine: Engine, settings: Settings, reception: Reception | None = None) -> FastAPI:
    """The whole web service around one engine. Without a reception there is nobody behind it."""
    door = Door(engine, settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opening = asyncio.create_task(door.open())
        delivering = asyncio.create_task(reception.courier.run()) if reception is not None else None
        yield
        if delivering is not None:
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
        door.closing.set()
        await opening

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(SecurityHeaders)

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok", "page": door.is_open})

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        ready = engine.ready and door.is_open
        return JSONResponse({"ready": ready}, status_code=200 if ready else 503)

    app.include_router(routes(engine))
    if reception is not None:
        app.mount("/staff", pages(reception, settings))
    app.mount("/look", StaticFiles(directory=STATIC))
    app.mount("/", door)
    return app


class Door:
    """Serves a shell until the page is there. Importing Gradio takes seconds; a visitor should not wait for a blank."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self._page: ASGIApp | None = None
        self.closing = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether the page itself is served."""
        return self._page is not None

    async def open(self) -> None:
        """Import the page aside, run it until closing. A page that cannot be built is logged, health stays up."""
        try:
            page = await anyio.to_thread.run_sync(import_module, "assistant.web.page")
            inner: FastAPI = page.mount(self._engine, self._settings)
            async with inner.router.lifespan_context(inner):
                self._page = GZipMiddleware(Front(inner), minimum_size=SMALLEST_TO_SHRINK)
                await self.closing.wait()
        except Exception:
            log.exception("the page could not be built")
        finally:
            self._page = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over to the page, or show the shell."""
        if self._page is not None:
            await self._page(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/":
            await HTMLResponse(SHELL, headers={"Cache-Control": "no-store"})(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse("正在打开", status_code=503, headers={"Retry-After": "1"})(scope, receive, send)


class SecurityHeaders:
    """Adds the headers to every answer without buffering streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through; add headers when the answer starts."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
