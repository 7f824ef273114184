"""Empties the outbox: leases due rows, sends them, marks them. At least once, however often a process dies.

A row is written in the transaction of its hand-off, so it is never missing. Its lease outlasts the longest message, so two processes never
send it at the same time. A process that dies between sending and marking leaves a row that is sent once more, with the same key.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import anyio
import anyio.to_thread

from assistant.errors import AssistantError
from assistant.handoff.bell import Bell
from assistant.handoff.channels import NotDelivered
from assistant.handoff.desk import OUTBOX, STAFF, SiteSettings, now_utc
from assistant.handoff.hours import HandoffSettings
from assistant.handoff.letters import Letter
from assistant.handoff.sending import LONGEST_SECONDS, Sender
from assistant.store import Store, deliveries, handoffs
from assistant.store.deliveries import DeliveryRow

log = logging.getLogger(__name__)

AT_ONCE = 8
LEASE_SECONDS = LONGEST_SECONDS + 40
IDLE_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 3600.0
MOST_ATTEMPTS = 36
"""most of a day; then it waits for somebody to try again"""


class Courier:
    """One for the process. `link` makes the address of a hand-off's page for the staff, or ''."""

    def __init__(
        self, store: Store, site_settings: SiteSettings, sender: Sender, bell: Bell, *, link: Callable[[str], str] = lambda id: "",
        now: Callable[[], datetime] = now_utc, lease: float = LEASE_SECONDS, first_pause: float = FIRST_PAUSE,
    ) -> None:
        """`lease` and `first_pause` are seconds."""
        self._store, self._site_settings, self._sender, self._bell = store, site_settings, sender, bell
        self._link, self._now, self._lease, self._first = link, now, timedelta(seconds=lease), first_pause

    async def run(self) -> None:
        """Deliver until cancelled. Whatever goes wrong with one row or one round, the next one is tried."""
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it writes addresses to the log, and a robot's holds its key
        with self._bell.listen(OUTBOX) as ear:
            while True:
                try:
                    busy = await self.round() == AT_ONCE
                except Exception:
                    log.exception("the outbox could not be read")
                    busy = False
                if not busy:
                    await ear.wait(IDLE_SECONDS)

    async def round(self) -> int:
        """Send what is due now, at most AT_ONCE; how many were tried."""
        now = self._now()
        rows = await anyio.to_thread.run_sync(
            self._store.write, lambda connection: deliveries.lease(connection, now, now + self._lease, AT_ONCE)
        )
        async with anyio.create_task_group() as group:
            for row in rows:
                group.start_soon(self._deliver, row)
        if rows:
            self._bell.ring(STAFF)
        return len(rows)

    async def _deliver(self, row: DeliveryRow) -> None:
        try:
            await self._send(row)
        except NotDelivered as failure:
            await self._missed(row, str(failure), failure.wait)
        except Exception:
            log.exception("a delivery failed")
            await self._missed(row, "发送时出错，详情见日志。", 0.0)
        else:
            at = self._now()
            with anyio.CancelScope(shield=True):  # it has gone out: that must be on disk before the process ends
                await anyio.to_thread.run_sync(
                    self._store.write, lambda connection: deliveries.sent(connection, row, at)
                )

    async def _send(self, row: DeliveryRow) -> None:
        handoff = await anyio.to_thread.run_sync(
            self._store.read, lambda connection: handoffs.find(connection, row.handoff)
        )
        if handoff is None:
            return  # erased meanwhile, and the row with it
        settings = self._settings(handoff.site)
        channel = next((one for one in settings.channels if one.name == row.channel), None)
        if channel is None:
            raise NotDelivered("站点配置里已经没有这个渠道。")
        packet: Any = handoff.packet
        await self._sender.send(channel, Letter(row.key, handoff.id, packet, self._link(handoff.id), settings.timezone))

    def _settings(self, site: str) -> HandoffSettings:
        try:
            return self._site_settings(site)
        except (LookupError, AssistantError):
            raise NotDelivered(f"站点配置里已经没有「{site}」。") from None

    async def _missed(self, row: DeliveryRow, sentence: str, wait: float) -> None:
        again = self._again(row.attempts, wait)
        log.warning("a delivery through %s was not taken (attempt %d): %s", row.channel.partition(":")[0], row.attempts, sentence)
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(
                self._store.write, lambda connection: deliveries.missed(connection, row, sentence, again)
            )

    def _again(self, attempts: int, wait: float) -> datetime | None:
        """When to try again: later every time, not all at the same moment; None after the last attempt."""
        if attempts % MOST_ATTEMPTS == 0:
            return None
        pause = min(self._first * 2 ** ((attempts - 1) % MOST_ATTEMPTS), LONGEST_PAUSE)
        return self._now() + timedelta(seconds=max(pause * random.uniform(0.6, 1.0), wait))
