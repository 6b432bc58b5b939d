"""Receiving a body: streamed, decoded here, counted, and stopped at the limits.

The content encoding is undone by ourselves, piece by piece with a bound on each piece's output, so that a
compression bomb costs at most the limit and not the memory of the machine. Only gzip and deflate are asked for and
understood; a server that sends something else unasked is told so.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

from connectors.failures import PullFailure

ACCEPTED = "gzip, deflate"
PIECE = 64 * 1024
IN_MEMORY = 4 * 1024 * 1024
_RATIO = 200
"""JSON and XML compress 5 to 40 times; beyond this a body (of some size) is a bomb."""
_RATIO_FROM = 32 * 1024 * 1024


class RawBody(Protocol):
    """The part of urllib3's response that is used: `read1` gives what has arrived, empty at the end."""

    def read1(self, amt: int | None = None, decode_content: bool | None = None) -> bytes: ...


@dataclass(slots=True)
class Allowance:
    """What is left of a pull's limits on bytes; shared by all its requests."""

    received: int
    decompressed: int
    most_received: int = 0
    most_decompressed: int = 0

    def __post_init__(self) -> None:
        """Remember the whole, for messages."""
        self.most_received, self.most_decompressed = self.received, self.decompressed


def receive(raw: RawBody, encoding: str, allowance: Allowance, url: str, check_time: Callable[[], None]) -> BinaryIO:
    """Return the decoded body of an answer, in memory while it is small and in a temporary file otherwise.

    `encoding`: the Content-Encoding header. `check_time` is called for each piece and raises when time is up.
    Raises `PullFailure` for limits and damage, and whatever urllib3 raises for a broken connection.
    """
    body = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 (handed on open)
    try:
        for piece in _decoded(raw, encoding, allowance, url, check_time):
            allowance.decompressed -= len(piece)
            if allowance.decompressed < 0:
                raise _too_large(url, "decompressed_bytes", allowance.most_decompressed)
            body.write(piece)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


def _decoded(
    raw: RawBody, encoding: str, allowance: Allowance, url: str, check_time: Callable[[], None]
) -> Iterator[bytes]:
    decoders = [_Decoder(name, url) for name in reversed(_encodings(encoding, url))]
    if len(decoders) > 1:
        raise _damaged(url, "it is compressed more than once")
    received = _received(raw, allowance, url, check_time)
    return decoders[0].decode(received) if decoders else received


def _encodings(encoding: str, url: str) -> list[str]:
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    for name in names:
        if name not in ("gzip", "x-gzip", "deflate"):
            raise _damaged(url, f"it is compressed with {name!r}, which was not asked for")
    return names


def _received(raw: RawBody, allowance: Allowance, url: str, check_time: Callable[[], None]) -> Iterator[bytes]:
    while piece := raw.read1(PIECE, decode_content=False):
        check_time()
        allowance.received -= len(piece)
        if allowance.received < 0:
            raise _too_large(url, "bytes", allowance.most_received)
        yield piece
    check_time()


class _Decoder:
    """Undoes gzip (with several members, RFC 1952) or deflate (with or without zlib's wrapping: servers differ)."""

    def __init__(self, name: str, url: str) -> None:
        self._gzip = name != "deflate"
        self._url = url
        self._taken = 0
        self._given = 0
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16 if self._gzip else zlib.MAX_WBITS)

    def decode(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        held = b""
        for piece in pieces:
            held += piece
            if not self._taken and len(held) < 2:
                continue  # the wrapping is told by the first two bytes
            self._choose_wrapping(held)
            self._taken += len(held)
            yield from self._inflated(held)
            held = b""
        yield from self._pending()
        if held or (self._taken and not self._inflate.eof):
            raise PullFailure(
                "transient",
                "MC00-PULL-CUT-OFF",
                url=self._url,
                message="The compressed answer ends before it is complete.",
                remedy="Nothing to do if it goes away; if it stays, tell the source's owner that answers are cut off.",
            )

    def _choose_wrapping(self, first: bytes) -> None:
        if self._gzip or self._taken:
            return
        header = int.from_bytes(first[:2], "big")
        if header % 31 or first[0] & 0x0F != 8:
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def _inflated(self, piece: bytes) -> Iterator[bytes]:
        rest = piece
        while rest:
            if self._inflate.eof:
                if not self._gzip or not rest.startswith(b"\x1f\x8b"):
                    return  # padding after the end, as gzip itself ignores it
                self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                out = self._inflate.decompress(rest, PIECE * 4)
            except zlib.error:
                raise _damaged(self._url, "its compression is damaged") from None
            self._given += len(out)
            self._check_ratio()
            if out:
                yield out
            rest = self._inflate.unconsumed_tail or self._inflate.unused_data

    def _pending(self) -> Iterator[bytes]:
        """Yield what the decompressor holds back because its last output was full."""
        while not self._inflate.eof and (out := self._inflate.decompress(b"", PIECE * 4)):
            self._given += len(out)
            yield out

    def _check_ratio(self) -> None:
        if self._given > _RATIO_FROM and self._given > _RATIO * self._taken:
            raise PullFailure(
                "source",
                "MC00-PULL-BOMB",
                url=self._url,
                message=f"The answer is a compression bomb: more than {_RATIO} times its size when decompressed.",
                remedy="Tell the source's owner; nothing of this answer was kept.",
            )


def _too_large(url: str, limit: str, most: int) -> PullFailure:
    return PullFailure(
        "source",
        "MC00-PULL-TOO-LARGE",
        url=url,
        message=f"The pull went over its limit of {most:,} {limit.replace('_', ' ')}.",
        remedy=f"If the feed is truly that large, raise transport.limits.{limit} in the contract; else tell the owner.",
    )


def _damaged(url: str, why: str) -> PullFailure:
    return PullFailure(
        "source",
        "MC00-PULL-DAMAGED",
        url=url,
        message=f"The answer cannot be unpacked: {why}.",
        remedy="Tell the source's owner that the server's compression is at fault.",
    )
