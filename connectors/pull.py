"""Pulling a feed into the store, and getting at the documents of a file, a folder or an address without one."""

from __future__ import annotations

import hashlib
import mimetypes
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from connectors.addresses import Resolver, system_resolver
from connectors.documents import Document, Fetched
from connectors.failures import PullFailure
from connectors.feeds.model import FeedContract, Transport
from connectors.formats import Format, Options, formats
from connectors.http import Fetcher, Kept
from connectors.snapshots import Snapshot, SnapshotProblem, SnapshotStore


def pull_feed(
    contract: FeedContract,
    store: SnapshotStore,
    *,
    allow_private_addresses: bool = False,
    now: Callable[[], datetime] | datetime | None = None,
    environment: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    resolve: Resolver = system_resolver,
) -> Snapshot:
    """Pull a feed as its format does and keep what comes; return the snapshot (with a known id if nothing changed).

    `now`: the time of the pull (with zone), or a clock. `environment`: where secrets are read. Raises `PullFailure`;
    then nothing is kept and the latest snapshot is what it was.
    """
    form = formats()[contract.format]
    fetcher = Fetcher(
        contract.transport,
        allow_private_addresses=allow_private_addresses,
        feed=contract.name,
        previous=kept_answers(store, contract.name),
        environment=environment,
        sleep=sleep,
        resolve=resolve,
    )
    with fetcher:
        documents = _never_none(form.pull(fetcher, fetcher.url, contract.format_options), fetcher)
        noted = fetcher.scrubbed_notes
        return store.keep(contract.name, documents, moment_of(now), format_name=form.name, notes=noted)


def kept_answers(store: SnapshotStore, feed: str) -> dict[str, Kept]:
    """Return the answers of a feed's latest snapshot that carry a validator, by the key of their request."""
    try:
        latest = store.latest(feed)
    except SnapshotProblem:
        return {}  # a damaged manifest only costs us the conditional requests; the pull writes a new one
    if latest is None:
        return {}
    pairs = zip(latest.manifest["documents"], latest.documents, strict=True)
    return {
        entry["request"]: Kept(entry["headers"], document.open)
        for entry, document in pairs
        if entry.get("request") and {"etag", "last-modified"} & set(entry["headers"])
    }


def documents_of(
    source: str,
    form: Format | None = None,
    *,
    options: Options | None = None,
    transport: Transport | None = None,
    allow_private_addresses: bool = False,
    environment: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Document]:
    """Return the documents of a file, a folder (all its files, sorted) or a web address, without keeping anything.

    `form`: how an address is walked; without it the address alone is fetched (enough to guess the format).
    `transport`: of a contract, for headers and credentials; its address is replaced by `source`. What an address gives
    lies in a temporary folder as long as one of the documents is in use. Raises `PullFailure`.
    """
    if source.startswith(("http://", "https://")):
        way = transport.model_copy(update={"url": source}) if transport else Transport(url=source)
        fetcher = Fetcher(
            way, allow_private_addresses=allow_private_addresses, feed="check", environment=environment, sleep=sleep
        )
        return _fetched_documents(fetcher, form, options or {})
    path = Path(source)
    if path.is_file():
        return [_file_document(path, path.name)]
    if path.is_dir():
        found = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
        if found:
            return [_file_document(one, one.relative_to(path).as_posix()) for one in found]
    raise _no_such_source(source, empty=path.is_dir())


def _fetched_documents(fetcher: Fetcher, form: Format | None, options: Options) -> list[Document]:
    folder = Path(tempfile.mkdtemp(prefix="catalogue-check-"))
    found: list[Document] = []
    try:
        with fetcher:
            answers = form.pull(fetcher, fetcher.url, options) if form else iter([fetcher.get(fetcher.url)])
            for number, fetched in enumerate(_never_none(answers, fetcher)):
                found.append(_spilled(fetched, folder / f"{number:06d}"))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    holder = _Folder(folder)
    return [_held(document, holder) for document in found]


class _Folder:
    """A temporary folder that goes when nobody holds this any more."""

    def __init__(self, path: Path) -> None:
        self._finalizer = weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)


def _held(document: Document, holder: _Folder) -> Document:
    opened = document.open

    def open_held(_: Any = holder) -> BinaryIO:
        return opened()

    return Document(
        document.name, document.role, document.url, document.media_type, document.size, document.sha256, open_held
    )


def _spilled(fetched: Fetched, path: Path) -> Document:
    with closing(fetched.body), path.open("wb") as target:
        shutil.copyfileobj(fetched.body, target)
    media_type = fetched.headers.get("content-type", "").partition(";")[0].strip().lower()
    return _document(path, fetched.name, fetched.role, fetched.url, media_type)


def _file_document(path: Path, name: str) -> Document:
    return _document(path, name, "", path.resolve().as_uri(), mimetypes.guess_type(path.name)[0] or "")


def _document(path: Path, name: str, role: str, url: str, media_type: str) -> Document:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Document(name, role, url, media_type, path.stat().st_size, digest, lambda: path.open("rb"))


def _never_none(answers: Iterator[Fetched], fetcher: Fetcher) -> Iterator[Fetched]:
    """Pass on the answers of a pull; a pull without any is a failure and never an empty feed."""
    count = 0
    for count, answer in enumerate(answers, start=1):  # noqa: B007 (counted for the check below)
        yield answer
    if count == 0:
        raise PullFailure(
            "source",
            "MC00-PULL-EMPTY",
            url=fetcher.shown(fetcher.url),
            message="The pull ended without a single document.",
            remedy="Check transport.url and format_options in the contract; an empty answer is not an empty list.",
        )


def _no_such_source(source: str, *, empty: bool) -> PullFailure:
    return PullFailure(
        "permanent",
        "MC00-PULL-NOT-FOUND",
        url=source,
        message="The folder holds no files." if empty else "There is no such file or folder.",
        remedy="Give the path of a file, of a folder with files, or an address that begins with https://.",
    )


def moment_of(now: Callable[[], datetime] | datetime | None) -> datetime:
    """Return the moment of a pull: the one given, the one a clock says, or that of now (UTC)."""
    if now is None:
        return datetime.now(UTC)
    return now if isinstance(now, datetime) else now()
