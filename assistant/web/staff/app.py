"""The staff's pages as one application, to be mounted at /staff."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from assistant.errors import AssistantError
from assistant.handoff.accounts import Accounts
from assistant.handoff.desk import SiteSettings
from assistant.handoff.office import Office
from assistant.handoff.reception import Reception
from assistant.settings import Settings
from assistant.web.front import STATIC as SHARED
from assistant.web.staff.entry import Entry
from assistant.web.staff.guard import Guard
from assistant.web.staff.live import Live
from assistant.web.staff.looks import STATIC, Looks
from assistant.web.staff.rooms import Rooms


def staff_app(
    office: Office, accounts: Accounts, site_settings: SiteSettings, *, public_url: str = "", limits_url: str = "memory://"
) -> Starlette:
    """Pages for whoever has an account. `public_url`: our own origin, when it is not what requests say."""
    looks = Looks(site_settings, office.now)
    entry = Entry(accounts, looks, public_url, limits_url)
    rooms, live = Rooms(office, entry, looks), Live(office, entry, looks)
    return Starlette(
        routes=[
            Route("/login", entry.page),
            Route("/login", entry.enter, methods=["POST"]),
            Route("/logout", entry.leave, methods=["POST"]),
            Route("/", rooms.inside(rooms.queue)),
            Route("/live", live.stream),
            Route("/handoffs/{id}", rooms.inside(rooms.handoff)),
            Route("/handoffs/{id}/reply", rooms.inside(rooms.reply), methods=["POST"]),
            Route("/handoffs/{id}/typing", rooms.inside(rooms.typing), methods=["POST"]),
            Route("/handoffs/{id}/{act}", rooms.inside(rooms.act), methods=["POST"]),
            Route("/deliveries/{id}/again", rooms.inside(rooms.again), methods=["POST"]),
            Mount("/look", StaticFiles(directory=SHARED)),
            Mount("/own", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(Guard, public_url=public_url)],
        exception_handlers={AssistantError: _told},
    )


def pages(reception: Reception, settings: Settings) -> Starlette:
    """The same, from what a service is built of."""
    return staff_app(
        reception.office, reception.accounts, reception.site_settings, public_url=settings.public_url, limits_url=settings.limits_url
    )


async def _told(request: Request, error: Exception) -> Response:
    """A sentence instead of a traceback, where no page of ours is there to hold it."""
    return PlainTextResponse(str(error), status_code=400)
