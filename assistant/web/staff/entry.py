"""Logging in and out. As slow for a name that does not exist, and slower for whoever tries too often."""

import re
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from assistant.handoff.accounts import LOGIN_HOURS, Accounts
from assistant.web.staff.guard import cookie_name, form, is_secure
from assistant.web.staff.looks import Looks

if TYPE_CHECKING:
    from limits.strategies import MovingWindowRateLimiter

TRIES_OF_A_PAIR, TRIES_OF_AN_ADDRESS, TRIES_OF_A_NAME = "5/5minutes", "30/5minutes", "60/hour"
"""failed logins: one name from one address, all names from one address, one name from anywhere"""
_AT_ONCE = 2  # an Argon2 check takes 64 MB
_INSIDE = re.compile(r"/staff/handoffs/[\w-]{1,64}")
WRONG = "名字或密码不对。"
TOO_OFTEN = "试得太多了，请过几分钟再来。"


class Entry:
    """The door: who is inside, and how one gets in and out."""

    def __init__(self, accounts: Accounts, looks: Looks, public_url: str, limits_url: str) -> None:
        self._accounts, self._looks, self._public, self._limits_url = accounts, looks, public_url, limits_url
        self._limiter: MovingWindowRateLimiter | None = None
        self._checks = anyio.Semaphore(_AT_ONCE)

    def token(self, request: Request) -> str:
        """The token of the request's cookie, '' without one."""
        return request.cookies.get(cookie_name(secure=is_secure(request, self._public)), "")

    async def name(self, request: Request) -> str | None:
        """Whose login it is, None when it is nobody's."""
        token = self.token(request)
        return await anyio.to_thread.run_sync(self._accounts.whose, token) if token else None

    async def page(self, request: Request) -> Response:
        """The form."""
        if await self.name(request):
            return RedirectResponse("/staff/", 303)
        return self._form(request, "", 200)

    async def enter(self, request: Request) -> Response:
        """The form sent."""
        given = await form(request)
        name, password = given.get("name", "")[:100], given.get("password", "")
        if not await anyio.to_thread.run_sync(self._may_try, request, name):
            return self._form(request, TOO_OFTEN, 429, name)
        async with self._checks:
            token = await anyio.to_thread.run_sync(self._accounts.login, name, password)
        if token is None:
            await anyio.to_thread.run_sync(self._note_failure, request, name)
            return self._form(request, WRONG, 403, name)
        answer = RedirectResponse(_inside(given.get("next", "")), 303)
        secure = is_secure(request, self._public)
        answer.set_cookie(
            cookie_name(secure=secure), token, max_age=LOGIN_HOURS * 3600, path="/", secure=secure, httponly=True, samesite="strict",
        )
        return answer

    async def leave(self, request: Request) -> Response:
        """End this login, or with `everywhere` all of this name."""
        name, token = await self.name(request), self.token(request)
        everywhere = "everywhere" in await form(request)
        if name is not None and everywhere:
            await anyio.to_thread.run_sync(self._accounts.logout_everywhere, name)
        if token:
            await anyio.to_thread.run_sync(self._accounts.logout, token)
        answer = RedirectResponse("/staff/login", 303)
        secure = is_secure(request, self._public)
        answer.delete_cookie(cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="strict")
        return answer

    def _form(self, request: Request, problem: str, status: int, name: str = "") -> Response:
        back = _inside(request.query_params.get("next", ""))
        return self._looks.page("login.html", status, problem=problem, name=name, next=back, visitor=None)

    def _keys(self, request: Request, name: str) -> list[tuple[str, tuple[str, ...]]]:
        address = request.client.host if request.client else ""
        folded = name.strip().casefold()
        return [(TRIES_OF_A_PAIR, (address, folded)), (TRIES_OF_AN_ADDRESS, (address,)), (TRIES_OF_A_NAME, ("*", folded))]

    def _may_try(self, request: Request, name: str) -> bool:
        from limits import parse

        return all(self._limits().test(parse(rate), "staff", *key) for rate, key in self._keys(request, name))

    def _note_failure(self, request: Request, name: str) -> None:
        from limits import parse

        for rate, key in self._keys(request, name):
            self._limits().hit(parse(rate), "staff", *key)

    def _limits(self) -> "MovingWindowRateLimiter":
        from limits.storage import storage_from_string
        from limits.strategies import MovingWindowRateLimiter

        if self._limiter is None:
            self._limiter = MovingWindowRateLimiter(storage_from_string(self._limits_url))
        return self._limiter


def _inside(address: str) -> str:
    """Where to go after the login: a page of ours, never another site's."""
    return address if _INSIDE.fullmatch(address) else "/staff/"
