"""Opens a database: how SQLite is set up, and the tables brought up to date under a lock."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from assistant.errors import SetupError
from assistant.store.migrations import NEWEST
from assistant.store.schema import metadata, storable

BUSY_SECONDS = 20  # how long a write waits for another process's write
LOG_SECONDS = 0.5
PRIVATE = 0o600
_UPGRADE_LOCK = 0x5E12_AF7E  # any number; the same in every process of ours
_WRITING = "assistant_writing"


def connect(url: str) -> sa.Engine:
    """An engine whose tables are the newest. Raises SetupError with a sentence that names the setting to look at."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise SetupError("数据库只能是 SQLite 或 PostgreSQL，请改 ASSISTANT_DATABASE_URL。")
        engine = _engine(parsed)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
        raise SetupError("ASSISTANT_DATABASE_URL 写得不对，应像 postgresql+psycopg://用户:密码@主机/库名。") from error
    try:
        _prepare(engine, parsed)
    except (OSError, sa.exc.SQLAlchemyError) as error:
        engine.dispose()
        raise SetupError(_trouble(parsed)) from error
    except SetupError:
        engine.dispose()
        raise
    return engine


def writing(engine: sa.Engine) -> sa.Engine:
    """The same database, for transactions that write: SQLite takes its lock at their beginning, not at the first write."""
    return engine.execution_options(**{_WRITING: True})


def in_memory(engine: sa.Engine) -> bool:
    """Whether the database is gone when it is closed; all threads share its one connection."""
    return isinstance(engine.pool, sa.StaticPool)


def overwrite_log(engine: sa.Engine) -> None:
    """Empty SQLite's write-ahead log, which still holds what was erased. Left for the next time while others are reading."""
    if engine.dialect.name == "sqlite" and not in_memory(engine):
        with closing(sqlite3.connect(str(engine.url.database), timeout=LOG_SECONDS)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(url, pool_pre_ping=True, json_serializer=_json)
    if url.database in (None, "", ":memory:"):
        made = sa.create_engine(
            url, poolclass=sa.StaticPool, connect_args={"check_same_thread": False}, json_serializer=_json,
        )
    else:
        made = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS}, json_serializer=_json)

    # Python's own handling of SQLite's transactions leaves out BEGIN before savepoints and changes of tables
    @sa.event.listens_for(made, "connect")
    def _set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten, not only let go
        connection.execute("PRAGMA synchronous=FULL")  # a committed write outlives a power cut

    @sa.event.listens_for(made, "begin")
    def _begin(connection: sa.Connection) -> None:
        wanted = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if wanted else "BEGIN")

    return made


def _json(value: Any) -> str:
    return storable(json.dumps(value, ensure_ascii=False))


def _prepare(engine: sa.Engine, url: sa.URL) -> None:
    if in_memory(engine):
        with engine.begin() as connection:
            metadata.create_all(connection)
        return
    if engine.dialect.name == "sqlite":
        _make_file(Path(str(url.database)))
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("ROLLBACK") if driver.in_transaction else None
            driver.execute("PRAGMA journal_mode=WAL")
    with engine.connect() as connection:
        if _version(connection) == NEWEST:
            return
    with _locked(engine) as connection:
        _upgrade(connection)


def _make_file(path: Path) -> None:
    """Nobody else on the machine may read it; SQLite gives its side files the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _locked(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction no other process of ours is in at the same time."""
    with writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
        yield connection


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # costs a tenth of a second, and most starts have nothing to upgrade
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SetupError("这个数据库是更新的版本写的，请升级程序后再打开。") from error


def _trouble(url: sa.URL) -> str:
    if url.get_backend_name() == "sqlite":
        return f"数据文件 {url.database} 打不开或写不进去，请检查它的文件夹和写权限，或改 ASSISTANT_DATA_DIR。"
    return f"连不上数据库 {url.host or '本机'}/{url.database}，请检查它是否在运行，或改 ASSISTANT_DATABASE_URL。"
