"""A PostgreSQL server of the benchmarks' own, made from installed binaries, set up as a small production server is.

It is started where no address of another server is given, keeps its data under `benchmarks/work/`, and stops with the
process that started it.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

HERE = Path(__file__).parent
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
_MADE_AS = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
_MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": f"{_MEMORY * 2 // 5}MB",  # the most that PostgreSQL's manual finds of use
    "effective_cache_size": f"{_MEMORY // 2}MB",
    "maintenance_work_mem": "512MB",
    "work_mem": "32MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "max_connections": "60",
}


def database(server: str | None, name: str, fill: Callable[[str], None], *, fresh: bool = False) -> str:
    """Return the address of a database on a server (none: our own), made and filled if it is not there yet."""
    address = make_url(server or own_server())
    made = address.set(database=name).render_as_string(hide_password=False)
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        part = f"{name}_part"
        if fresh:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        if connection.execute(known, {"name": name}).first() is None:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{part}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{part}" {_MADE_AS}'))
            fill(address.set(database=part).render_as_string(hide_password=False))
            connection.execute(text(f'ALTER DATABASE "{part}" RENAME TO "{name}"'))
    engine.dispose()
    return made


_READ = """
SELECT pg_prewarm(oid, 'buffer') FROM (
    SELECT unnest(
        ARRAY[c.oid, nullif(c.reltoastrelid, 0)] || ARRAY(SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = c.oid)
    ) AS oid
    FROM pg_class c WHERE c.relnamespace = 'catalogue'::regnamespace AND c.relkind = 'r'
        AND (c.relname LIKE 'search%' OR c.relname IN ('offering', 'offering_text', 'learning_outcome', 'instance'))
) AS every WHERE oid IS NOT NULL ORDER BY pg_relation_size(oid) DESC
"""
"""The largest first: of what does not fit, the largest is let go first."""


def read_into_memory(address: str) -> None:
    """Read what searches need of a database once, as a server has it in memory that has been in use for a while."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_prewarm"))
        connection.execute(text(_READ))
    engine.dispose()


@cache
def own_server() -> str:
    """Start our own server and return its address. Raises `FileNotFoundError` where PostgreSQL is not installed."""
    binaries, data = _binaries(), HERE / "work" / "postgres"
    sockets = Path(f"/tmp/catalogue-bench-{os.getuid()}")
    user, port = _user(), str(_free_port())
    for folder in (data.parent, data, sockets):
        folder.mkdir(parents=True, exist_ok=True)
    if user:
        for folder in (data, sockets):
            shutil.chown(folder, user)
            folder.chmod(0o700 if folder == data else 0o755)
    if not (data / "PG_VERSION").exists():
        _run(
            user,
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "bench",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
    options = " ".join(
        f"-c {name}={value!r}"
        for name, value in (_SETTINGS | {"unix_socket_directories": str(sockets), "port": port}).items()
    )
    _run(
        user,
        str(binaries / "pg_ctl"),
        "-D",
        str(data),
        "-l",
        str(data / "log"),
        "-w",
        "-t",
        "120",
        "-o",
        options,
        "start",
    )
    atexit.register(_run, user, str(binaries / "pg_ctl"), "-D", str(data), "-m", "fast", "-w", "stop")
    return f"postgresql+psycopg://bench:bench@127.0.0.1:{port}/postgres"


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _binaries() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted((path for each in _FOLDERS for path in Path("/").glob(each.lstrip("/"))), reverse=True)
    for folder in folders:
        if (folder / "pg_ctl").exists():
            return folder
    raise FileNotFoundError("PostgreSQL's programs were not found: install them, or give --postgres.")


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made, or as nobody."""
    if os.getuid() != 0:
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str | None, *command: str) -> None:
    subprocess.run([*(("runuser", "-u", user, "--") if user else ()), *command], check=True, stdout=subprocess.DEVNULL)
