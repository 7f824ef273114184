"""Who works at the desk: accounts with passwords, and logins that end. Blocking: a password takes a tenth of a second to check."""

import re
import secrets
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.errors import InvalidInput
from assistant.handoff.desk import now_utc
from assistant.store import Store, staff
from assistant.store.ids import hashed, new_secret
from assistant.store.staff import StaffRow

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LOGIN_HOURS = 12
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
LONGEST_NAME = 30
_NAME = re.compile(r"[\w\u3400-\u9fff·.-]+(?: [\w\u3400-\u9fff·.-]+)*")


class Accounts:
    """Accounts and logins in the store. Of a password only an Argon2 hash is kept, of a login only the hash of its token."""

    def __init__(
        self, store: Store, *, hasher: "PasswordHasher | None" = None, now: Callable[[], datetime] = now_utc,
        hours: float = LOGIN_HOURS,
    ) -> None:
        """`hasher`: other parameters than the library's own; `hours`: how long a login holds."""
        self._store, self._given, self._now, self._holds = store, hasher, now, timedelta(hours=hours)

    def put(self, name: str, password: str) -> bool:
        """Make an account, or give one a new password, which ends its logins. True when it is new. Raises InvalidInput."""
        name = unicodedata.normalize("NFC", name).strip()
        if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            raise InvalidInput(f"名字用汉字、字母、数字，最多{LONGEST_NAME}个字，访客会看到它。")
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise InvalidInput(f"密码至少{SHORTEST_PASSWORD}个字符，最多{LONGEST_PASSWORD}个。")
        kept, now = self._hasher.hash(_spelled(password)), self._now()
        return self._store.write(lambda connection: staff.put(connection, name, kept, now))

    def disable(self, name: str) -> None:
        """Shut an account at once, logins and all. Raises InvalidInput when there is none."""
        if not self._store.write(lambda connection: staff.disable(connection, name)):
            raise InvalidInput(f"没有叫「{name}」的账号，运行 assistant staff list 可以看到全部。")

    def all(self) -> list[StaffRow]:
        """All accounts, oldest first."""
        return self._store.read(staff.accounts)

    def login(self, name: str, password: str) -> str | None:
        """A token for a name and its password, else None. It takes as long for a name that does not exist."""
        from argon2.exceptions import VerificationError

        held = self._store.read(lambda connection: staff.account(connection, unicodedata.normalize("NFC", name).strip()))
        known = held is not None and not held.disabled
        kept = held.password_hash if held is not None and known else self._nobody
        try:
            self._hasher.verify(kept, _spelled(password[:LONGEST_PASSWORD]))
        except VerificationError:
            return None
        if held is None or not known:
            return None
        if self._hasher.check_needs_rehash(kept):
            newer = self._hasher.hash(_spelled(password))
            self._store.write(lambda connection: staff.rehash(connection, held.name, newer))
        token, now = new_secret(), self._now()
        until = now + self._holds
        self._store.write(lambda connection: staff.begin(connection, hashed(token), held.name, now, until))
        return token

    def whose(self, token: str) -> str | None:
        """The name behind a token, None when its login has ended."""
        now = self._now()
        return self._store.read(lambda connection: staff.whose(connection, hashed(token), now))

    def logout(self, token: str) -> None:
        """End one login."""
        self._store.write(lambda connection: staff.end(connection, hashed(token)))

    def logout_everywhere(self, name: str) -> None:
        """End all logins of a name."""
        self._store.write(lambda connection: staff.end_all(connection, name))

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        return self._given or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """A hash no password fits, to be checked where there is no account."""
        return self._hasher.hash(secrets.token_urlsafe(16))


def _spelled(password: str) -> str:
    """The same password typed on another keyboard is the same bytes."""
    return unicodedata.normalize("NFC", password)
