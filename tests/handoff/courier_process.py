"""A process of its own that delivers until it is killed: python -m tests.handoff.courier_process DATABASE_URL"""

import asyncio
import os
import sys
from datetime import UTC, datetime

from assistant.handoff.bell import Bell
from assistant.handoff.delivery import Courier
from assistant.handoff.hours import HandoffSettings
from assistant.handoff.sending import PostOffice, Sender
from assistant.store import Store

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def main(url: str) -> None:
    """The time stands still at noon, so that the lease of this process can be outlived without waiting."""
    settings = HandoffSettings.model_validate({"channels": [{"kind": "webhook", "url_env": "HOOK"}]})
    courier = Courier(Store(url), lambda _: settings, Sender(os.environ, PostOffice()), Bell(), now=lambda: NOON)
    asyncio.run(courier.run())


if __name__ == "__main__":
    main(sys.argv[1])
