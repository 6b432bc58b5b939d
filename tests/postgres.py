"""A PostgreSQL server for tests, and a fresh catalogue on each kind of database.

The server is the one at ``CATALOGUE_TEST_POSTGRES_URL`` (a role that may make databases and roles), or one of our own,
started once per test process from installed binaries, in a temporary folder, reachable through its socket only. A
small guardian process holds the other end of a pipe: when the test process ends, in whatever way, the guardian stops
the server and takes the folder away. Where there is neither, these tests are skipped and say so.
"""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL
from sqlalchemy.engine import make_url

from catalogue_db import migrations
from catalogue_db.engine import open_catalogue

ADDRESS = "CATALOGUE_TEST_POSTGRES_URL"
NEITHER = f"needs PostgreSQL 15 or newer: install its server, or give one in {ADDRESS}"

GUARDIAN = """
import shutil, subprocess, sys
pg_ctl, folder, user = sys.argv[1:]
print("ready", flush=True)
sys.stdin.read()
command = [pg_ctl, "-D", folder + "/data", "-m", "immediate", "-w", "stop"]
subprocess.run(command, capture_output=True, cwd="/", **({"user": user} if user else {}))
shutil.rmtree(folder, ignore_errors=True)
"""

SETTINGS = {
    "listen_addresses": "",  # nobody but this machine's owner of the folder reaches it
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "timezone": "Pacific/Auckland",  # nothing may depend on where the server stands
}


def binaries() -> Path | None:
    """The folder of the newest installed server, 15 at least."""
    found = [Path(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)]
    if pg_config := shutil.which("pg_config"):
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        found.append(Path(told))
    if postgres := shutil.which("postgres"):
        found.append(Path(postgres).resolve().parent)
    return next((folder for folder in found if (folder / "initdb").exists() and _server_version(folder) >= 15), None)


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _server_version(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return int((re.search(r"\d+", told) or ["0"])[0])


def _other_user() -> str | None:
    """The server refuses to run as root: then another user runs it."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _memory() -> str | None:
    """A folder in memory with room for a few databases: a database is thousands of small files, and making and deleting
    them by the hundred keeps a disk's file system busier than the tests."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2**31 else None


@contextmanager
def own_server(bindir: Path) -> Iterator[URL]:
    """A server of our own for as long as the block lasts."""
    user = _other_user()
    folder = tempfile.mkdtemp(prefix="catalogue-pg-", dir=_memory())
    if user is not None:
        shutil.chown(folder, user)
    guardian = subprocess.Popen(
        [sys.executable, "-c", GUARDIAN, str(bindir / "pg_ctl"), folder, user or ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert guardian.stdout is not None
        guardian.stdout.readline()
        _start(bindir, folder, user)
        yield URL.create("postgresql", username="postgres", database="postgres", query={"host": folder})
    finally:
        guardian.communicate()


def _start(bindir: Path, folder: str, user: str | None) -> None:
    options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
    data = ["-D", f"{folder}/data"]
    init = [bindir / "initdb", *data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
    start = [bindir / "pg_ctl", *data, "-l", f"{folder}/log", "-w", "-o", f"-k {folder} {options}", "start"]
    for command in (init, start):
        # the working folder may be closed to the other user, so it runs elsewhere
        done = subprocess.run(command, capture_output=True, cwd="/", check=False, user=user)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr.decode()}")


class Server:
    """A server on which databases are made and dropped."""

    def __init__(self, address: URL) -> None:
        self._address = address.set(drivername="postgresql")
        self._template: str | None = None
        self._mine: list[str] = []

    def run(self, *statements: str, database: str | None = None) -> None:
        """Run statements as the one who may do everything, each on its own."""
        address = self._address if database is None else self._address.set(database=database)
        with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def blank(self) -> str:
        """The address of a new, empty database, whose own language is not bytewise where the server knows one."""
        name = self._named()
        try:
            self.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en'")
        except psycopg.Error:
            self.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return self.url(name)

    def catalogue(self) -> str:
        """The address of a new database with an empty catalogue: copied, which is faster than making it."""
        if self._template is None:
            url = self.blank()
            engine = open_catalogue(url)
            migrations.upgrade(engine)
            engine.dispose()
            self._template = make_url(url).database
        name = self._named()
        self.run(f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY file_copy")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Take a database away, whoever is still there."""
        self.run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        """Take all databases away that are left."""
        for name in self._mine:
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def url(self, database: str, user: str | None = None) -> str:
        """The address of a database, for another user if given."""
        address = self._address.set(database=database, **({"username": user} if user else {}))
        return address.render_as_string(hide_password=False)

    def _named(self) -> str:
        self._mine.append(f"catalogue_test_{secrets.token_hex(6)}")
        return self._mine[-1]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server, started when the first test asks for it."""
    given, bindir = os.environ.get(ADDRESS), binaries()
    if given:
        server = Server(make_url(given))
        yield server
        server.close()
    elif bindir is None:
        pytest.skip(NEITHER)
    else:
        with own_server(bindir) as address:
            yield Server(address)


@pytest.fixture
def blank_postgres_url(postgres_server: Server) -> Iterator[str]:
    """The address of a new database without any tables."""
    url = postgres_server.blank()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The address of a new database with an empty catalogue."""
    url = postgres_server.catalogue()
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with an empty catalogue, to copy."""
    file = tmp_path_factory.mktemp("template") / "catalogue.db"
    engine = open_catalogue(f"sqlite:///{file}")
    migrations.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of a new file with an empty catalogue."""
    shutil.copy(sqlite_template, tmp_path / "catalogue.db")
    return f"sqlite:///{tmp_path}/catalogue.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def catalogue_url(request: pytest.FixtureRequest) -> str:
    """The address of a new, empty catalogue: each test that asks for it runs on both kinds of database."""
    return str(request.getfixturevalue("postgres_url" if request.param == "postgresql" else "sqlite_url"))


FreshCatalogue = Callable[[], AbstractContextManager[str]]
"""Makes a new, empty catalogue for the length of a block and gives its address: as many as a property test wants."""


@pytest.fixture(scope="session")
def fresh_sqlite(sqlite_template: Path) -> FreshCatalogue:
    """Makes catalogues in files."""

    @contextmanager
    def fresh() -> Iterator[str]:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(sqlite_template, f"{folder}/catalogue.db")
            yield f"sqlite:///{folder}/catalogue.db"

    return fresh


@pytest.fixture(scope="session")
def fresh_postgres(postgres_server: Server) -> FreshCatalogue:
    """Makes catalogues on the server."""

    @contextmanager
    def fresh() -> Iterator[str]:
        url = postgres_server.catalogue()
        try:
            yield url
        finally:
            postgres_server.drop(url)

    return fresh


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fresh_catalogue(request: pytest.FixtureRequest) -> FreshCatalogue:
    """Makes catalogues on each kind of database."""
    name = "fresh_postgres" if request.param == "postgresql" else "fresh_sqlite"
    fresh: FreshCatalogue = request.getfixturevalue(name)
    return fresh
