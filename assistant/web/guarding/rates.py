"""How many requests are too many: per visitor, per site, per address, in memory or in Redis for several processes."""

import ipaddress
import logging
import math
import time
from collections.abc import Callable
from functools import partial
from typing import Literal

import anyio.to_thread
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from starlette.types import Scope

from assistant.errors import SetupError
from assistant.sites import Site
from assistant.web.problems import Problem

log = logging.getLogger(__name__)

Kind = Literal["visitor_minute", "visitor_day", "site_minute", "sessions", "address"]
_SAID: dict[Kind, str] = {
    "visitor_minute": "问得太快了，请{wait}后再试。",
    "visitor_day": "今天问得太多了，请{wait}后再来。",
    "site_minute": "现在问的人太多了，请{wait}后再试。",
    "sessions": "打开得太频繁了，请{wait}后再试。",
    "address": "请求太频繁了，请{wait}后再试。",
}
_SECONDS_A_MINUTE, _SECONDS_AN_HOUR = 60, 3600
_IPV6_HOUSEHOLD = 64  # one customer holds at least so many bits of the address, and can change all of them


class Rates:
    """Counts and refuses. A store of counts that cannot be reached lets everything through: people come first.

    A window begins with its first request and ends by itself, so that nothing is left of who came once.
    """

    def __init__(self, url: str, told: Callable[[Kind], None] = lambda kind: None) -> None:
        """`told` hears of every refusal. Raises SetupError when the address of the counts cannot be used."""
        try:
            storage = storage_from_string(url, wrap_exceptions=True)
        except (ConfigurationError, ValueError, AssertionError) as error:
            raise SetupError("ASSISTANT_LIMITS_URL 用不了，请写成 memory:// 或 redis://主机:端口/库号。") from error
        self._limiter = FixedWindowRateLimiter(storage)
        self._here = isinstance(storage, MemoryStorage)
        self._told = told

    async def session(self, site: Site, address: str) -> None:
        """Count a new session. Raises Problem 429."""
        await self._hit("sessions", RateLimitItemPerMinute(site.limits.sessions_per_minute), site.key, address)

    async def request(self, site: Site, address: str) -> None:
        """Count a request of any kind. Raises Problem 429."""
        await self._hit("address", RateLimitItemPerMinute(site.limits.address_requests_per_minute), site.key, address)

    async def question(self, site: Site, visitor: str) -> None:
        """Count something a visitor says, or asks a program to answer. Raises Problem 429."""
        await self._hit("visitor_minute", RateLimitItemPerMinute(site.limits.questions_per_minute), site.key, visitor)
        await self.program(site)
        await self._hit("visitor_day", RateLimitItemPerDay(site.limits.questions_per_day), site.key, visitor)

    async def program(self, site: Site) -> None:
        """Count a question towards the whole site's. Raises Problem 429."""
        await self._hit("site_minute", RateLimitItemPerMinute(site.limits.site_questions_per_minute), site.key)

    async def _hit(self, kind: Kind, item: RateLimitItem, *who: str) -> None:
        count = partial(self._count, item, kind, *who)
        wait = count() if self._here else await anyio.to_thread.run_sync(count)
        if not wait:
            return
        self._told(kind)
        raise Problem(429, "limit", _SAID[kind].format(wait=_words(wait)), {"Retry-After": str(wait)})

    def _count(self, item: RateLimitItem, *who: str) -> int:
        """Seconds to wait, 0 when it may pass."""
        try:
            if self._limiter.hit(item, *who):
                return 0
            return max(1, math.ceil(self._limiter.get_window_stats(item, *who).reset_time - time.time()))
        except StorageError:
            log.exception("the counts of the limits cannot be reached; nothing is limited")
            return 0


def address_of(scope: Scope) -> str:
    """Who is counted as one address; of IPv6 the household."""
    client = scope.get("client")
    host = client[0] if client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address, _IPV6_HOUSEHOLD), strict=False).network_address)


def _words(seconds: int) -> str:
    if seconds <= _SECONDS_A_MINUTE:
        return f"{seconds}秒"
    if seconds <= _SECONDS_AN_HOUR:
        return f"{math.ceil(seconds / _SECONDS_A_MINUTE)}分钟"
    return f"{math.ceil(seconds / _SECONDS_AN_HOUR)}小时"
