"""Snapshots: what a feed gave us at one moment, kept byte for byte, on a folder or an object store.

Layout below the store's URL (any that fsspec knows):

- ``objects/ab/abcd....zst``: one document, compressed, named by the SHA-256 of its uncompressed bytes. Shared by all
  snapshots of all feeds, never overwritten, verified each time it is read to its end.
- ``feeds/<feed>/snapshots/<id>.json``: the manifest of one snapshot. Its id is computed from role, name and content of
  its documents alone, so that the same content has the same id whenever, and however often, it is pulled.
- ``feeds/<feed>/pulls/<time>-<id>.json``: one small file per pull, also when nothing had changed: when, which snapshot,
  how many documents the source itself said were unchanged. The newest of them names the latest snapshot.

Each file is written under another name and then renamed, documents before the manifest and the manifest before the
pull's line, so that a crash leaves at most files that nobody refers to.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

import fsspec
import fsspec.core
import msgspec
import zstandard

from connectors.documents import Document, Fetched
from standard.observation import Observation

MANIFEST_VERSION = 1
_PIECE = 1024 * 1024
_TIME = "%Y%m%dT%H%M%S.%fZ"


class SnapshotProblem(Exception):
    """A snapshot cannot be used: not there, or damaged. The text says where and what to do."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One kept snapshot.

    `taken_at`: when this content was first pulled; `confirmed_at`: when a pull last brought the same content (equal
    to the time of the pull for what `SnapshotStore.keep` returns). `notes`: observations of the pull. `manifest`:
    the whole manifest as kept.
    """

    snapshot_id: str
    feed: str
    taken_at: datetime
    documents: list[Document]
    manifest: dict[str, Any]
    confirmed_at: datetime
    notes: list[Observation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pull:
    """One line of the pull log. `unchanged_documents`: how many answers were "not modified". `new`: whether the
    snapshot was new to the feed."""

    feed: str
    taken_at: datetime
    snapshot_id: str
    documents: int
    unchanged_documents: int
    new: bool


def snapshot_id(contents: Iterable[tuple[str, str, str]]) -> str:
    """Return the id (16 hex digits) of documents given as (role, name, SHA-256 of content), in order."""
    return hashlib.sha256(msgspec.json.encode([list(one) for one in contents])).hexdigest()[:16]


class SnapshotStore:
    """Keeps and opens snapshots below `url`: a folder, or any URL that fsspec knows (``s3://bucket/path``)."""

    def __init__(self, url: str) -> None:
        self._files, root = fsspec.core.url_to_fs(url)
        self._root = root.rstrip("/")

    def keep(
        self,
        feed: str,
        documents: Iterable[Fetched],
        taken_at: datetime,
        *,
        format_name: str = "",
        notes: Sequence[Observation] | Callable[[], Sequence[Observation]] = (),
    ) -> Snapshot:
        """Keep the documents of one pull and return the snapshot; nothing is kept if the pull raises half-way.

        `documents` may be a generator that fetches as it goes: each body is written away before the next is asked for.
        `notes` are read, or asked for, after the last document: pulling fills them. `taken_at` must carry a zone.
        """
        at = _utc(taken_at)
        entries, unchanged = [], 0
        for document in documents:
            entries.append(self._keep_document(document))
            unchanged += document.status == 304
        found = snapshot_id((one["role"], one["name"], one["sha256"]) for one in entries)
        noted = notes() if callable(notes) else notes
        manifest = _manifest(found, feed, format_name, at, entries, noted)
        new = self._write_manifest(feed, found, msgspec.json.encode(manifest))
        pull = Pull(feed, at, found, len(entries), unchanged, new)
        self._write_once(f"{self._feed(feed)}/pulls/{at.strftime(_TIME)}-{found}.json", msgspec.json.encode(pull))
        return self.open(feed, found)

    def open(self, feed: str, snapshot: str) -> Snapshot:
        """Open a kept snapshot by its id. Raises `SnapshotProblem` if there is none or its manifest is damaged."""
        path = self._manifest_path(feed, snapshot)
        manifest = self._sound_manifest(path, snapshot)
        return Snapshot(
            snapshot,
            feed,
            datetime.fromisoformat(manifest["taken_at"]),
            [self._document(entry) for entry in manifest["documents"]],
            manifest,
            self._confirmed_at(feed, snapshot) or datetime.fromisoformat(manifest["taken_at"]),
            msgspec.convert(manifest.get("notes", []), list[Observation]),
        )

    def latest(self, feed: str) -> Snapshot | None:
        """Return the snapshot of the feed's newest pull, None if the feed was never pulled."""
        newest = max(self._pull_names(feed), default=None)
        return None if newest is None else self.open(feed, _id_of(newest))

    def pulls(self, feed: str) -> list[Pull]:
        """Return the feed's pull log, oldest first."""
        folder = f"{self._feed(feed)}/pulls"
        lines = (self._files.cat_file(f"{folder}/{name}") for name in sorted(self._pull_names(feed)))
        return [msgspec.json.decode(line, type=Pull) for line in lines]

    def open_content(self, sha256: str) -> BinaryIO:
        """Return a stream of a kept document's bytes; reading it to the end verifies them."""
        path = self._object_path(sha256)
        try:
            compressed = self._files.open(path, "rb")
        except FileNotFoundError:
            raise SnapshotProblem(f"The kept document {path} is gone; restore it, or pull the feed again.") from None
        return cast(BinaryIO, io.BufferedReader(_Verified(compressed, sha256, path), _PIECE))

    # -- paths -----------------------------------------------------------------------------------------------------

    def _feed(self, feed: str) -> str:
        return f"{self._root}/feeds/{feed}"

    def _manifest_path(self, feed: str, snapshot: str) -> str:
        return f"{self._feed(feed)}/snapshots/{snapshot}.json"

    def _object_path(self, sha256: str) -> str:
        return f"{self._root}/objects/{sha256[:2]}/{sha256}.zst"

    def _pull_names(self, feed: str) -> list[str]:
        folder = f"{self._feed(feed)}/pulls"
        try:
            found = self._files.ls(folder, detail=False, refresh=True)
        except FileNotFoundError:
            return []
        names = (str(path).rstrip("/").rpartition("/")[2] for path in found)
        return [name for name in names if name.endswith(".json")]

    def _confirmed_at(self, feed: str, snapshot: str) -> datetime | None:
        newest = max((name for name in self._pull_names(feed) if _id_of(name) == snapshot), default=None)
        return None if newest is None else datetime.strptime(newest.partition("-")[0], _TIME).replace(tzinfo=UTC)

    # -- writing and reading ---------------------------------------------------------------------------------------

    def _keep_document(self, document: Fetched) -> dict[str, Any]:
        digest, size = hashlib.sha256(), 0
        with document.body as body, _rewindable(body) as stream:
            for piece in _pieces(stream):
                digest.update(piece)
                size += len(piece)
            path = self._object_path(digest.hexdigest())
            if not self._files.exists(path):
                stream.seek(0)
                self._write_document(path, stream)
        return _entry(document, digest.hexdigest(), size)

    def _write_document(self, path: str, stream: BinaryIO) -> None:
        part = self._part(path)
        with self._files.open(part, "wb") as target:
            zstandard.ZstdCompressor(level=3).copy_stream(stream, target)
        self._files.mv(part, path)

    def _write_once(self, path: str, data: bytes) -> bool:
        """Write a small file unless it is there already; return whether it was written."""
        if self._files.exists(path):
            return False
        part = self._part(path)
        self._files.pipe_file(part, data)
        self._files.mv(part, path)
        return True

    def _write_manifest(self, feed: str, snapshot: str, data: bytes) -> bool:
        """Write a manifest unless a sound one is there; return whether the snapshot was new. A damaged one is replaced:
        we have just pulled what it said."""
        path = self._manifest_path(feed, snapshot)
        if self._write_once(path, data):
            return True
        try:
            self._sound_manifest(path, snapshot)
        except SnapshotProblem:
            self._files.rm_file(path)
            self._write_once(path, data)
        return False

    def _sound_manifest(self, path: str, snapshot: str) -> dict[str, Any]:
        manifest = self._read_json(path)
        contents = ((one["role"], one["name"], one["sha256"]) for one in manifest.get("documents", []))
        if snapshot_id(contents) != snapshot:
            raise SnapshotProblem(f"The manifest {path} does not belong to snapshot {snapshot}; pull the feed again.")
        return manifest

    def _part(self, path: str) -> str:
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        return f"{path}.{uuid.uuid4().hex}.part"

    def _read_json(self, path: str) -> dict[str, Any]:
        try:
            return msgspec.json.decode(self._files.cat_file(path), type=dict[str, Any])
        except FileNotFoundError:
            raise SnapshotProblem(f"There is no snapshot at {path}; pull the feed first.") from None
        except msgspec.DecodeError as error:
            raise SnapshotProblem(f"The manifest {path} is damaged ({error}); pull the feed again.") from None

    def _document(self, entry: dict[str, Any]) -> Document:
        sha256 = str(entry["sha256"])
        return Document(
            name=entry["name"],
            role=entry["role"],
            url=entry["url"],
            media_type=entry.get("media_type", ""),
            size=entry["size"],
            sha256=sha256,
            open=lambda: self.open_content(sha256),
        )


class _Verified(io.RawIOBase):
    """Uncompressed bytes of a kept document; raises at the end if they are not what their name says."""

    def __init__(self, compressed: BinaryIO, sha256: str, path: str) -> None:
        self._compressed = compressed
        self._plain = zstandard.ZstdDecompressor().stream_reader(compressed, read_across_frames=True)
        self._expected, self._path = sha256, path
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._plain.read(len(buffer))
        except zstandard.ZstdError as error:
            raise self._damaged(str(error)) from None
        if not piece and self._digest.hexdigest() != self._expected:
            raise self._damaged("its content does not match its name")
        self._digest.update(piece)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._compressed.close()
        super().close()

    def _damaged(self, why: str) -> SnapshotProblem:
        return SnapshotProblem(
            f"The kept document {self._path} is damaged ({why}). Delete this file and pull the feed again; if "
            "the source still gives the same content, the document is written anew."
        )


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("the time of a pull must carry its zone")
    return moment.astimezone(UTC)


def _id_of(pull_name: str) -> str:
    return pull_name.removesuffix(".json").rpartition("-")[2]


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def _rewindable(stream: BinaryIO) -> BinaryIO:
    """Return the stream itself if it can be read twice, else a temporary copy."""
    if stream.seekable():
        return stream
    copy = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=16 * _PIECE))  # noqa: SIM115 (the caller closes it)
    for piece in _pieces(stream):
        copy.write(piece)
    copy.seek(0)
    return copy


def _entry(document: Fetched, sha256: str, size: int) -> dict[str, Any]:
    return {
        "name": document.name,
        "role": document.role,
        "url": document.url,
        "request": document.request,
        "status": document.status,
        "headers": document.headers,
        "media_type": document.headers.get("content-type", "").partition(";")[0].strip().lower(),
        "size": size,
        "sha256": sha256,
    }


def _manifest(
    found: str, feed: str, format_name: str, at: datetime, entries: list[dict[str, Any]], notes: Sequence[Observation]
) -> dict[str, Any]:
    return {
        "manifest_version": MANIFEST_VERSION,
        "snapshot_id": found,
        "feed": feed,
        "format": format_name,
        "taken_at": at.isoformat(),
        "url": entries[0]["url"] if entries else "",
        "pages": len(entries),
        "bytes": sum(one["size"] for one in entries),
        "documents": entries,
        "notes": msgspec.to_builtins(list(notes)),
        "made_by": "micro-credential-catalogue " + _tool_version(),
    }


def _tool_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("micro-credential-catalogue")
    except PackageNotFoundError:
        return "(not installed)"
