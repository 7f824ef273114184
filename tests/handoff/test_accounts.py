"""Accounts of the staff and their logins."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from assistant.errors import InvalidInput
from assistant.handoff.accounts import Accounts
from assistant.store import Store, schema

from .conftest import Clock

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"


class CountingHasher(PasswordHasher):
    """Remembers how often a password was checked."""

    checks = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.checks += 1
        return super().verify(hash, password)


@pytest.fixture
def accounts(store: Store, clock: Clock) -> Accounts:
    made = Accounts(store, hasher=QUICK, now=clock)
    assert made.put("周敏", PASSWORD)
    return made


def test_a_login_holds_until_it_ends(accounts: Accounts, clock: Clock) -> None:
    token = accounts.login("周敏", PASSWORD)
    other = accounts.login("周敏", PASSWORD)
    assert token is not None
    assert other not in (None, token)
    assert accounts.whose(token) == "周敏"
    accounts.logout(token)
    assert accounts.whose(token) is None
    assert accounts.whose(str(other)) == "周敏"
    clock.moment += timedelta(hours=12)
    assert accounts.whose(str(other)) is None


def test_what_lets_nobody_in(accounts: Accounts) -> None:
    assert accounts.login("周敏", "wrong horse battery") is None
    assert accounts.login("李雷", PASSWORD) is None
    assert accounts.login("周敏", PASSWORD * 99) is None
    assert accounts.whose("no such token") is None


def test_only_hashes_are_kept(accounts: Accounts, store: Store) -> None:
    token = accounts.login("周敏", PASSWORD)
    kept = store.read(lambda connection: [
        str(row) for table in (schema.staff, schema.staff_logins) for row in connection.execute(sa.select(table))
    ])
    assert "$argon2id$" in kept[0]
    assert not any(PASSWORD in row or str(token) in row for row in kept)


def test_a_name_that_does_not_exist_is_checked_as_well(store: Store) -> None:
    counting = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts(store, hasher=counting)
    accounts.put("周敏", PASSWORD)
    accounts.put("李雷", PASSWORD)
    accounts.disable("李雷")
    for name in ("周敏", "李雷", "nobody"):
        assert accounts.login(name, "wrong horse battery") is None
    assert counting.checks == 3


def test_disabling_ends_everything_and_a_new_password_as_well(accounts: Accounts) -> None:
    token = str(accounts.login("周敏", PASSWORD))
    assert not accounts.put("周敏", "another password")
    assert accounts.whose(token) is None
    token = str(accounts.login("周敏", "another password"))
    accounts.disable("周敏")
    assert accounts.whose(token) is None
    assert accounts.login("周敏", "another password") is None
    assert [(one.name, one.disabled) for one in accounts.all()] == [("周敏", True)]
    with pytest.raises(InvalidInput, match="没有叫「李雷」的账号"):
        accounts.disable("李雷")


@pytest.mark.parametrize(("name", "password"), [
    ("", PASSWORD), ("a\nb", PASSWORD), ("<b>", PASSWORD), ("字" * 31, PASSWORD), ("李雷", "short"), ("李雷", "x" * 201),
])
def test_names_and_passwords_that_are_refused(accounts: Accounts, name: str, password: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.put(name, password)


def test_older_parameters_are_renewed_at_the_next_login(accounts: Accounts, store: Store, clock: Clock) -> None:
    stronger = Accounts(store, hasher=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1), now=clock)
    before = accounts.all()[0].password_hash
    assert stronger.login("周敏", PASSWORD)
    assert stronger.all()[0].password_hash != before
    assert stronger.login("周敏", PASSWORD)
