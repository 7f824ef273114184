"""Databases are made, brought up to date and taken over; what cannot be used is told in a sentence."""

import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from assistant.errors import SetupError
from assistant.store import IN_MEMORY, Store, migrations
from assistant.store.schema import metadata

from ..databases import Databases
from .conftest import Open

WHEN = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def counted(store: Store, table: str) -> int:
    return int(store.read(lambda connection: connection.scalar(sa.text(f"SELECT count(*) FROM {table}"))) or 0)


def test_the_steps_lead_to_the_tables_the_program_speaks_of(fresh: Databases, opened: Open) -> None:
    def differences(connection: sa.Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_server_default": True}), metadata)

    assert opened(fresh.empty()).read(differences) == []


def test_the_newest_step_is_the_one_that_is_looked_for() -> None:
    folder = ScriptDirectory.from_config(Config(attributes={}, config_args={"script_location": str(Path(migrations.__file__).parent)}))
    assert folder.get_current_head() == migrations.NEWEST


def test_many_processes_may_start_at_once(fresh: Databases) -> None:
    url, failures = fresh.empty(), []

    def start() -> None:
        try:
            Store(url).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_what_an_earlier_version_kept_is_taken_over(fresh: Databases, opened: Open) -> None:
    url = fresh.empty()
    engine = sa.create_engine(url)
    before = sa.MetaData()

    def table(name: str, *texts: str) -> sa.Table:
        id, at = sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", sa.DateTime(timezone=True), nullable=False)
        return sa.Table(name, before, id, at, *[sa.Column(text, sa.Text, nullable=False) for text in texts])

    feedback, unanswered = table("feedback", "conversation", "question", "thumb", "reason"), table("unanswered", "question", "reason")
    before.create_all(engine)
    with engine.begin() as connection:
        connection.execute(feedback.insert(), [
            {"at": WHEN, "conversation": "c", "question": f"问{number}", "thumb": "down", "reason": "打13812345678"} for number in range(12)
        ])
        connection.execute(unanswered.insert(), [{"at": WHEN, "question": f"京A12345年检{number}", "reason": "weak"} for number in range(12)])
    engine.dispose()
    store = opened(url)
    assert store.thumbs() == [(f"问{number}", "down", "打138****5678") for number in range(12)]
    assert store.gaps() == [(f"京A·***45年检{number}", "weak") for number in range(12)]
    store.feedback("c", "问新", "up", "")
    assert store.thumbs()[-1] == ("问新", "up", "")
    assert sum(store.purge(WHEN).values()) == 0, "the times are still known"
    gone = store.purge(datetime(2026, 3, 1, 8, 31, tzinfo=UTC))
    assert (gone["feedback"], gone["unanswered"]) == (12, 12)


def test_a_step_that_fails_leaves_everything_as_it_was(fresh: Databases, opened: Open) -> None:
    url = fresh.empty()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE uploads (id integer)"))  # in the way of one of ours
    with pytest.raises(SetupError):
        Store(url)
    assert sa.inspect(engine).get_table_names() == ["uploads"]
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE uploads"))
    engine.dispose()
    opened(url).unanswered("问", "weak")


def test_a_database_of_a_newer_program_is_left_alone(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(SetupError, match="更新的版本"):
        Store(url)


def test_the_file_is_for_nobody_else(tmp_path: Path, opened: Open) -> None:
    opened(f"sqlite:///{tmp_path / 'new' / 'data.sqlite3'}").unanswered("问", "weak")
    files = list((tmp_path / "new").iterdir())
    assert len(files) == 3, "the database, its log and the index of that"
    assert {stat.S_IMODE(os.stat(file).st_mode) for file in files} == {0o600}


def test_a_commit_is_on_the_disk_and_references_hold(store: Store, kind: str) -> None:
    if kind == "sqlite":
        asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        set_up = store.read(lambda connection: [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked])
        assert set_up == ["wal", 2, 1, 1]
    with pytest.raises(sa.exc.IntegrityError):
        store.write(lambda connection: connection.execute(
            metadata.tables["uploads"].insert().values(
                id="u", conversation="nowhere", name="", type="", size=1, sha256="", path="", at=WHEN,
            )
        ))
    assert counted(store, "uploads") == 0


def test_a_store_in_memory_serves_all_threads_and_keeps_nothing(opened: Open) -> None:
    store = opened(IN_MEMORY)
    threads = [threading.Thread(target=store.unanswered, args=("问", "weak")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.gaps()) == 8
    assert opened(IN_MEMORY).gaps() == []


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SetupError, match=r"ASSISTANT_DATA_DIR.*。$"):
        Store(f"sqlite:///{tmp_path / 'file' / 'assistant.sqlite3'}")


def test_a_data_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "assistant.sqlite3").write_bytes(b"this is not a database, only some text" * 50)
    with pytest.raises(SetupError, match="ASSISTANT_DATA_DIR"):
        Store(f"sqlite:///{tmp_path / 'assistant.sqlite3'}")


@pytest.mark.parametrize("address", [
    "no address", "oracle://u@h/d", "nothing://u@h/d", "mysql+pymysql://u@h/d", "postgresql+psycopg://u:secret@127.0.0.1:1/d",
])
def test_an_address_that_leads_nowhere_is_a_sentence_without_the_password(address: str) -> None:
    with pytest.raises(SetupError, match=r"ASSISTANT_DATABASE_URL") as told:
        Store(address)
    assert "secret" not in str(told.value)


def test_a_time_without_its_zone_is_not_kept(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError, match="zone"):
        store.purge(datetime(2026, 3, 1))
