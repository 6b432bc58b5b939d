"""Staged batches: what a step made, kept as JSON lines (zstd) beside a small report.

A staged file is named by what made it, so "is it already there?" is the whole question of whether a step must
work at all. The report is written last and in one move: a file without its report was never finished and counts
as absent. Staged files hold nothing that cannot be made again from a snapshot; deleting them is always safe.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, TypeVar, cast

import fsspec
import msgspec
import zstandard

T = TypeVar("T")
R = TypeVar("R")

_WRITE_BUFFER = 1 << 20
_PART = ".part"
_LONGEST_RUN = timedelta(days=1)
_SOON_READ = timedelta(hours=1)
_LEVEL = 1
"""Of compression: the fastest. A batch is read within the hour, and deleted after the next one."""


@dataclass(frozen=True, slots=True)
class StagedFile:
    """The name of one staged batch: the feed, the step, and a key over everything that shaped its content."""

    feed: str
    step: str
    key: str

    @property
    def lines(self) -> str:
        """Relative path of the records."""
        return f"{self.feed}/{self.step}-{self.key}.jsonl.zst"

    @property
    def report(self) -> str:
        """Relative path of the report, whose presence says that the records are complete."""
        return f"{self.feed}/{self.step}-{self.key}.json"


def staged_file(feed: str, step: str, *made_by: str) -> StagedFile:
    """Name the batch that `step` makes for `feed` out of `made_by` (snapshot, versions, fingerprints)."""
    digest = hashlib.sha256("\n".join(made_by).encode()).hexdigest()
    return StagedFile(feed, step, digest[:24])


class Staging:
    """A folder (or object-store prefix, by fsspec URL) of staged batches."""

    def __init__(self, url: str) -> None:
        self._fs, root = fsspec.core.url_to_fs(url)
        self._root = root.rstrip("/")

    def has(self, file: StagedFile) -> bool:
        """Say whether the batch is there and complete."""
        return bool(self._fs.exists(self._at(file.report)) and self._fs.exists(self._at(file.lines)))

    def write(self, file: StagedFile, items: Iterable[msgspec.Struct], report: Callable[[], R]) -> R:
        """Stream `items` into the batch, then write what `report` returns; return that.

        Whatever stops the stream leaves nothing behind, and an earlier complete batch of this name untouched.
        """
        with (
            self._new(file.lines) as raw,
            zstandard.ZstdCompressor(level=_LEVEL).stream_writer(raw, closefd=False) as out,
        ):
            _write_lines(out, items)
        made = report()
        with self._new(file.report) as raw:
            raw.write(msgspec.json.encode(made))
        return made

    def read(self, file: StagedFile, kind: type[T]) -> Iterator[T]:
        """Yield the records of a batch, one by one."""
        yield from map(msgspec.json.Decoder(kind).decode, self._lines(file))

    def read_some(self, file: StagedFile, kind: type[T], numbers: Set[int]) -> Iterator[tuple[int, T]]:
        """Yield the records of a batch with some numbers (counted from 0), and these; others are passed over."""
        decoder, last = msgspec.json.Decoder(kind), max(numbers, default=-1)
        for number, line in zip(range(last + 1), self._lines(file), strict=False):
            if number in numbers:
                yield number, decoder.decode(line)

    def _lines(self, file: StagedFile) -> Iterator[bytes]:
        with self._fs.open(self._at(file.lines), "rb") as raw:
            stream = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
            yield from io.BufferedReader(cast("Any", stream), _WRITE_BUFFER)

    def report(self, file: StagedFile, kind: type[R]) -> R:
        """Return the report that was kept with a batch."""
        return msgspec.json.decode(cast("bytes", self._fs.cat_file(self._at(file.report))), type=kind)

    def url(self, file: StagedFile) -> str:
        """Return where the records of a batch are, as a URL or path that fsspec can open."""
        return str(self._fs.unstrip_protocol(self._at(file.lines)))

    def tidy(self, feed: str, keep: Iterable[StagedFile], *, now: datetime | None = None) -> int:
        """Delete the batches of `feed` except those to `keep`; return how many files went.

        What is young may be another run's of the same feed: a file that is being written goes when it is a day old, a
        finished one, which is still to be read, when it is an hour old.
        """
        wanted = {self._at(path) for file in keep for path in (file.lines, file.report)}
        folder = self._at(feed)
        if not self._fs.isdir(folder):
            return 0
        at = now or datetime.now(UTC)
        surplus = [
            path for path in self._fs.ls(folder, detail=False) if path not in wanted and not self._is_young(path, at)
        ]
        for path in surplus:
            self._fs.rm_file(path)
        return len(surplus)

    def _is_young(self, path: str, now: datetime) -> bool:
        young = _LONGEST_RUN if path.endswith(_PART) else _SOON_READ
        return bool(now - self._fs.modified(path) < young)

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"

    @contextmanager
    def _new(self, path: str) -> Iterator[BinaryIO]:
        """Open a new file that appears under its name only when everything in it was written."""
        final = self._at(path)
        part = f"{final}.{uuid.uuid4().hex}{_PART}"
        self._fs.makedirs(final.rpartition("/")[0], exist_ok=True)
        try:
            with self._fs.open(part, "wb") as raw:
                yield raw
            self._fs.mv(part, final)
        except BaseException:
            if self._fs.exists(part):
                self._fs.rm_file(part)
            raise


def _write_lines(out: Any, items: Iterable[msgspec.Struct]) -> None:
    encoder = msgspec.json.Encoder()
    buffer = bytearray()
    for item in items:
        encoder.encode_into(item, buffer, -1)
        buffer += b"\n"
        if len(buffer) >= _WRITE_BUFFER:
            out.write(buffer)
            buffer.clear()
    out.write(buffer)
