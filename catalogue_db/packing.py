"""Packs documents that are kept by the hundred thousand and only ever read by this room (Zstandard)."""

from __future__ import annotations

import threading

import zstandard

_local = threading.local()
_LARGEST_DOCUMENT = 1 << 30


def compress(document: bytes) -> bytes:
    """Pack a document. (A compressor must not be shared between threads.)"""
    if not hasattr(_local, "compressor"):
        _local.compressor = zstandard.ZstdCompressor(level=3)
    return bytes(_local.compressor.compress(document))


def decompress(packed: bytes) -> bytes:
    """Unpack a document."""
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=_LARGEST_DOCUMENT)
