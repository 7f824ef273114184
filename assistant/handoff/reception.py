"""Everything behind the way to a person, built from one store: the visitors' desk, the staff's office, accounts and the courier."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.handoff.accounts import Accounts
from assistant.handoff.bell import Bell
from assistant.handoff.delivery import Courier
from assistant.handoff.desk import Desk, SiteSettings
from assistant.handoff.office import Office
from assistant.handoff.sending import PostOffice, Sender
from assistant.settings import Settings
from assistant.store import Store


@dataclass(frozen=True)
class Reception:
    """One for the process: all parts ring one bell."""

    desk: Desk
    office: Office
    accounts: Accounts
    courier: Courier
    site_settings: SiteSettings


def reception(store: Store, site_settings: SiteSettings, settings: Settings, environ: Mapping[str, str]) -> Reception:
    """`environ` holds the addresses and secrets that channels name."""
    bell = Bell()
    post = PostOffice(
        settings.smtp_host, settings.smtp_port, settings.smtp_user, settings.smtp_password.get_secret_value(), settings.smtp_from
    )

    def link(handoff: str) -> str:
        return f"{settings.public_url}/staff/handoffs/{handoff}" if settings.public_url else ""

    return Reception(
        Desk(store, site_settings, bell=bell), Office(store, bell), Accounts(store),
        Courier(store, site_settings, Sender(environ, post), bell, link=link), site_settings,
    )
