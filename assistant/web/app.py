"""The service: health at once, a light shell at once, the Gradio page as soon as it is imported, and the API beside it."""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import anyio
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.handoff.reception import Reception
from assistant.settings import Settings
from assistant.sites import Sites
from assistant.tokens import Tokens, service_secret
from assistant.web import completions
from assistant.web.api import application
from assistant.web.api.context import Context
from assistant.web.contract import Desk, Engine
from assistant.web.front import SHELL, STATIC, Front
from assistant.web.guarding.headers import SecurityHeaders
from assistant.web.guarding.origin import OriginGuard
from assistant.web.guarding.rates import Rates
from assistant.web.measures import TYPE, Measures
from assistant.web.routes import routes
from assistant.web.staff.app import pages
from assistant.web.widget_routes import widget_routes

log = logging.getLogger(__name__)

SMALLEST_TO_SHRINK = 1000


def create_app(
    engine: Engine, settings: Settings, sites: Sites | None = None, desk: Desk | None = None, *, reception: Reception | None = None
) -> FastAPI:
    """The whole web service around one engine. Without a desk nobody can be brought in; a reception has one, and the staff's pages."""
    kit = context(engine, settings, sites or Sites.read(settings.sites_file), reception.desk if reception is not None else desk)
    door = Door(kit)

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
    app.add_middleware(OriginGuard, sites=kit.sites, public_url=settings.public_url)
    app.add_middleware(SecurityHeaders)

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok", "page": door.is_open})

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        ready = engine.ready and door.is_open
        return JSONResponse({"ready": ready}, status_code=200 if ready else 503)

    @app.get("/metrics")
    async def metrics(request: Request) -> Response:
        wanted = settings.metrics_token.get_secret_value()
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if wanted and not hmac.compare_digest(given.encode(), wanted.encode()):
            return PlainTextResponse("需要 ASSISTANT_METRICS_TOKEN", 401, {"WWW-Authenticate": "Bearer"})
        return Response(kit.measures.page(), media_type=TYPE)

    app.mount(application.BASE, application.create(kit))
    app.mount("/v1", completions.create(kit))
    app.include_router(routes(engine))
    app.include_router(widget_routes(kit.sites, settings.public_url))
    if reception is not None:
        app.mount("/staff", pages(reception, settings))
        app.add_route("/staff", lambda _: RedirectResponse("/staff/", 308))  # typed without its slash
    app.mount("/look", StaticFiles(directory=STATIC))
    app.mount("/", door)
    return app


def context(engine: Engine, settings: Settings, sites: Sites, desk: Desk | None) -> Context:
    """What the API's routes work with."""
    measures = Measures()
    secret = service_secret(settings.secret.get_secret_value(), settings.data_dir)
    return Context(
        engine, engine.store, sites, Tokens(secret, settings.session_minutes), Rates(settings.limits_url, measures.limited),
        measures, settings, desk,
    )


class Door:
    """Serves a shell until the page is there. Importing Gradio takes seconds; a visitor should not wait for a blank."""

    def __init__(self, kit: Context) -> None:
        self._kit = kit
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
            inner: FastAPI = page.mount(self._kit)
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
