"""What an export says of itself: which state of the catalogue it shows, how fresh that was, what each file holds."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, text

from catalogue_db.changes import last_cursor
from catalogue_db.contract import VERSION
from catalogue_db.dialects import view_name
from catalogue_db.migrations import revision_of
from catalogue_db.texts import moment

MANIFEST, CHECKSUMS = "manifest.json", "SHA256SUMS"


class ExportedFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file. `unreadable`: column → values that are not of the column's type, and were left empty in the file."""

    name: str
    view: str
    rows: int
    bytes: int
    sha256: str
    unreadable: dict[str, int] = {}


class ExportedFeed(msgspec.Struct, frozen=True, omit_defaults=True):
    """How fresh a feed was. Times are UTC ISO 8601; `data_as_of` is absent where the source was never read."""

    feed: str
    status: str
    data_as_of: str | None = None
    last_confirmed: str | None = None


class Manifest(msgspec.Struct, frozen=True):
    """What was exported. `cursor`: the last change in it; `contract`: the views' version; `revision`: the tables'."""

    contract: str
    revision: str
    format: str
    written_at: str
    cursor: int
    feeds: list[ExportedFeed]
    files: list[ExportedFile] = []


def describe(connection: Connection, export_format: str, at: datetime) -> Manifest:
    """Return the manifest of the state that this transaction sees, without files yet."""
    feeds = view_name(connection.dialect.name, "v1_feeds")
    query = text(f"SELECT feed, status, data_as_of, last_confirmed FROM {feeds} ORDER BY feed")
    return Manifest(
        contract=VERSION,
        revision=revision_of(connection) or "",
        format=export_format,
        written_at=moment(at),
        cursor=last_cursor(connection),
        feeds=[ExportedFeed(**row._mapping) for row in connection.execute(query)],
    )


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, and the checksums of all files, the manifest's too, as ``sha256sum -c`` reads them."""
    path = folder / MANIFEST
    path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    sums = {file.name: file.sha256 for file in manifest.files} | {MANIFEST: checksum(path)}
    lines = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    (folder / CHECKSUMS).write_text(lines, encoding="ascii")
