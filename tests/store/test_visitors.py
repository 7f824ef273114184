"""Visitors and what is theirs: known by a secret or a name, listed, erased, and gone when kept too long."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistant.store import Store
from assistant.store.schema import conversations, feedback, metadata, staff, staff_logins, visitors
from assistant.understanding import Exchange, Understood

from ..web.fake_engine import DECLINED, MAIN
from .conftest import Open

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD = NOW - timedelta(days=200)


def filled(store: Store, visitor: str, conversation: str, folder: Path) -> Path:
    """A conversation with a row in every table below it, and the file that was sent."""
    path = folder / conversation
    path.write_text("data")
    store.open(conversation, "demo", visitor)
    for events in (MAIN, DECLINED):
        turn = store.accept(conversation, "问")
        store.record(turn, events, Exchange("问", Understood()))
        store.feedback(conversation, "问", "up", "", turn)
    store.feedback(conversation, "没有轮次", "down", "")

    def more(connection: sa.Connection) -> None:
        def add(table: str, **values: object) -> None:
            connection.execute(metadata.tables[table].insert().values(**values))

        add("handoffs", id=f"h{conversation}", conversation=conversation, reason="asked", state="open", packet={}, created_at=NOW)
        here = {"conversation": conversation}
        add("messages", id=f"m{conversation}", **here, handoff=f"h{conversation}", seq=1, sender="staff", author="a", text="t", at=NOW)
        add("deliveries", id=f"d{conversation}", handoff=f"h{conversation}", channel="w", key=conversation, state="due", due_at=NOW)
        add("uploads", id=f"u{conversation}", **here, name="n", type="t", size=4, sha256="", path=str(path), at=NOW)

    store.write(more)
    return path


def counts(store: Store) -> dict[str, int]:
    """Table → rows, without those that are empty."""
    def count(connection: sa.Connection) -> dict[str, int]:
        found = {name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for name, table in metadata.tables.items()}
        return {name: number for name, number in found.items() if number}

    return store.read(count)


def aged(store: Store, *ids: str) -> None:
    """Everything of these conversations was long ago."""
    def age(connection: sa.Connection) -> None:
        connection.execute(conversations.update().where(conversations.c.id.in_(ids)).values(updated_at=OLD))

    store.write(age)


def test_a_visitor_is_known_by_the_secret_and_only_its_hash_is_kept(store: Store) -> None:
    visitor, secret = store.new_visitor("demo")
    assert store.visitor_by_secret("demo", secret) == visitor
    assert store.visitor_by_secret("other", secret) is None
    assert store.visitor_by_secret("demo", secret + "x") is None
    assert store.visitor_by_secret("demo", "\ud800") is None
    assert secret not in str(store.read(lambda connection: connection.execute(sa.select(visitors)).all()))
    assert store.new_visitor("demo")[1] != secret


def test_a_visitor_vouched_for_by_a_site_is_one_and_the_same(store: Store, url: str, opened: Open) -> None:
    visitor = store.visitor_by_subject("demo", "user-7")
    assert opened(url).visitor_by_subject("demo", "user-7") == visitor
    assert store.visitor_by_subject("demo", "user-8") != visitor
    assert store.visitor_by_subject("other", "user-7") != visitor


def test_a_conversation_stays_whose_it_is(store: Store) -> None:
    visitor, _ = store.new_visitor("demo")
    store.open("c", "demo", visitor, "dealer")
    store.open("c", "other", None)
    store.accept("c", "问", audience="owner")
    assert store.owner("c") == ("demo", visitor)
    assert store.owner("nowhere") is None


def test_a_visitor_sees_their_own_conversations_the_latest_first(store: Store) -> None:
    (one, _), (other, _) = store.new_visitor("demo"), store.new_visitor("demo")
    for conversation, visitor in (("a", one), ("b", one), ("empty", one), ("c", other)):
        store.open(conversation, "demo", visitor)
    for conversation in ("a", "b", "c", "a"):
        store.accept(conversation, f"{conversation}的问题")
    listed = store.conversations(one)
    assert [(row.id, row.site, row.title) for row in listed] == [("a", "demo", "a的问题"), ("b", "demo", "b的问题")]
    assert listed[0].started_at <= listed[1].updated_at <= listed[0].updated_at
    assert [row.id for row in store.conversations(one, limit=1)] == ["a"]


def test_a_forgotten_conversation_is_gone_with_all_below_it(store: Store, tmp_path: Path) -> None:
    visitor, _ = store.new_visitor("demo")
    kept = filled(store, visitor, "kept", tmp_path)
    before = counts(store)
    gone = filled(store, visitor, "gone", tmp_path)
    assert store.forget("gone") == {
        "conversations": 1, "turns": 2, "feedback": 3, "unanswered": 1, "handoffs": 1, "messages": 1, "uploads": 1,
    }
    assert counts(store) == before
    assert (kept.exists(), gone.exists()) == (True, False)
    assert not any(store.forget("never there").values())


def test_what_was_erased_is_not_left_in_the_file(tmp_path: Path, opened: Open) -> None:
    """Not in the database's free pages and not in its log, while the service goes on running."""
    store, said = opened(f"sqlite:///{tmp_path / 'data.sqlite3'}"), "绝无仅有的一句话"

    def holding() -> list[str]:
        return [path.name for path in tmp_path.iterdir() if said.encode() in path.read_bytes()]

    for number in range(40):
        turn = store.accept("c", f"{said}{number}")
        store.record(turn, MAIN, Exchange(said, Understood(text=said)))
    assert holding() != []
    store.accept("d", "别的")
    store.forget("c")
    assert holding() == []
    assert [row.question for row in store.turns("d")] == ["别的"]


def test_an_erased_visitor_leaves_nothing(store: Store, tmp_path: Path) -> None:
    (visitor, secret), (other, _) = store.new_visitor("demo"), store.new_visitor("demo")
    filled(store, other, "c", tmp_path)
    before = counts(store)
    files = [filled(store, visitor, name, tmp_path) for name in ("a", "b")]
    before["visitors"] -= 1
    gone = store.erase(visitor)
    assert (gone["visitors"], gone["conversations"], gone["turns"], gone["uploads"]) == (1, 2, 4, 2)
    assert counts(store) == before
    assert not any(path.exists() for path in files)
    assert store.visitor_by_secret("demo", secret) is None
    assert not any(store.erase(visitor).values())


def test_what_is_kept_too_long_goes_and_nothing_else(store: Store, tmp_path: Path) -> None:
    (gone, _), (coming, _), (here, _) = (store.new_visitor("demo") for _ in range(3))
    path = filled(store, gone, "old", tmp_path)
    filled(store, here, "new", tmp_path)
    filled(store, coming, "old too", tmp_path)
    aged(store, "old", "old too")

    def more(connection: sa.Connection) -> None:
        connection.execute(visitors.update().where(visitors.c.id.in_([gone, here])).values(seen_at=OLD))
        connection.execute(feedback.insert().values(id="f", conversation="gone before", question="", thumb="up", reason="", at=OLD))
        connection.execute(staff.insert().values(name="s", password_hash="", created_at=OLD))
        for name, until in (("ended", OLD), ("valid", datetime.now(UTC) + timedelta(days=1))):
            connection.execute(staff_logins.insert().values(token_hash=name, staff="s", created_at=OLD, expires_at=until))

    store.write(more)
    counted = store.purge(NOW - timedelta(days=180))
    assert counted == {
        "conversations": 2, "turns": 4, "feedback": 7, "unanswered": 2, "handoffs": 2, "messages": 2, "uploads": 2, "visitors": 1,
    }
    assert not path.exists()
    assert (store.owner("new"), store.owner("old"), store.owner("old too")) == (("demo", here), None, None)
    assert store.read(lambda connection: set(connection.scalars(sa.select(visitors.c.id)))) == {coming, here}
    assert store.read(lambda connection: list(connection.scalars(sa.select(staff_logins.c.token_hash)))) == ["valid"]
    assert not any(store.purge(NOW - timedelta(days=180)).values())


@pytest.mark.parametrize("number", [0, 1, 1201])
def test_any_number_of_conversations_goes_at_once(store: Store, number: int) -> None:
    visitor, _ = store.new_visitor("demo")
    rows = [
        {"id": f"c{one}", "site": "demo", "visitor": visitor, "created_at": OLD, "updated_at": OLD} for one in range(number)
    ]
    store.write(lambda connection: connection.execute(conversations.insert(), rows) if rows else None)
    assert store.erase(visitor)["conversations"] == number
    assert counts(store) == {}
