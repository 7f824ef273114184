"""Databases for tests: each asked for is fresh, its tables made already. SQLite files, or a PostgreSQL cluster of our own."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
import sqlalchemy as sa

from assistant.store import Store
from assistant.store.migrations import NEWEST
from assistant.store.schema import metadata

KINDS = ("sqlite", "postgresql")
START_SECONDS = 60
LESS_WORK = (
    "fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=200", "autovacuum=off", "listen_addresses=",
    "log_min_messages=fatal",
)


class Databases(Protocol):
    """Where fresh databases come from."""

    def new(self) -> str:
        """The URL of a database whose tables are there and empty."""
        ...

    def empty(self) -> str:
        """The URL of a database without any table."""
        ...


class SqliteDatabases:
    """Files copied from one that was made once."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count()
        self._template = folder / "template.sqlite3"
        Store(f"sqlite:///{self._template}").close()

    def new(self) -> str:
        path = self._path()
        shutil.copy(self._template, path)
        return f"sqlite:///{path}"

    def empty(self) -> str:
        return f"sqlite:///{self._path()}"

    def _path(self) -> Path:
        return self._folder / f"{next(self._numbers)}.sqlite3"


class PostgresqlDatabases:
    """Schemas of a running cluster: a database of its own for every test would be 8 MB each."""

    def __init__(self, sockets: Path) -> None:
        self._sockets, self._numbers = sockets, count()

    def new(self) -> str:
        url = self.empty()
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            metadata.create_all(connection, checkfirst=False)  # what the migrations come to, a test compares them
            connection.execute(sa.text("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"))
            connection.execute(sa.text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": NEWEST})
        return url

    def empty(self) -> str:
        name = f"t{next(self._numbers)}"
        with closing(_connect(self._sockets)) as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        # the name of the application tells the connections of one test from those of another
        return (
            f"postgresql+psycopg://postgres@/postgres?host={self._sockets}"
            f"&options=-csearch_path%3D{name}&application_name={name}"
        )


@contextmanager
def cluster() -> Iterator[Path]:
    """A PostgreSQL of its own, reached by a socket in the folder yielded; gone afterwards, also when the tests are killed."""
    programs = _programs()
    if programs is None:
        missing = "没有找到 PostgreSQL：请安装 postgresql（例如 apt install postgresql）"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="assistant-pg-"))  # a socket's path has to be short
    run_as = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        run_as += ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    data, log = folder / "data", folder / "log"
    try:
        made = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run([*run_as, *made], check=True, capture_output=True, cwd=folder)
        options = [part for option in (*LESS_WORK, f"unix_socket_directories={folder}") for part in ("-c", option)]
        with log.open("w") as said:
            process = subprocess.Popen([*run_as, str(programs / "postgres"), "-D", str(data), *options], stdout=said, stderr=said, cwd=folder)
        try:
            _wait(folder, process, log)
            yield folder
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
            process.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Where the server's programs lie; Debian does not put them on the path."""
    on_path = shutil.which("pg_ctl")
    if on_path is not None:
        return Path(on_path).resolve().parent
    return max((path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")), default=None)


def _connect(sockets: Path) -> "psycopg.Connection[Any]":
    return psycopg.connect(host=str(sockets), user="postgres", dbname="postgres", autocommit=True)


def _wait(sockets: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            _connect(sockets).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise AssertionError(f"PostgreSQL did not start: {log.read_text()}")
