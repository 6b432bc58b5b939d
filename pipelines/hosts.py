"""One visitor at a time: no two runs read from one host at once.

The run queue keeps queued runs of one host apart by their tag (see `dagster.yaml`). Runs that do not pass the
queue (the command line, a materialisation started by hand from the asset graph) would slip by it, so each pull also
holds a lock file named after the host. The lock lives in the data folder and goes with the process that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from pipelines.failures import FeedFailure

WAIT_SECONDS = 15 * 60


def host_of(url: str) -> str:
    """Return the host a URL is served from (lower case, with a port that is not the usual one), or ``files``."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if not host:
        return "files"
    return f"{host}:{parts.port}" if parts.port not in (None, 80, 443) else host


@contextmanager
def only_visitor(data_dir: Path, host: str, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of `host` for the length of the block; raise a transient `FeedFailure` after `wait` seconds."""
    folder = data_dir / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{re.sub(r'[^a-z0-9.-]', '_', host)}.lock", timeout=wait)
    try:
        lock.acquire()
    except Timeout as error:
        raise FeedFailure(
            "BUSY",
            f"Another run has been reading from {host} for more than {wait / 60:.0f} minutes.",
            "Wait for that run to end, or cancel it, and run the feed again.",
            transient=True,
        ) from error
    try:
        yield
    finally:
        lock.release()
