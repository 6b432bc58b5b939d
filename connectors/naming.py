"""Names of documents: short, unique within a pull, safe in any file system, the same on every pull."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_BY_MEDIA_TYPE = {
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/turtle": "ttl",
}
_KNOWN_ENDINGS = frozenset({"json", "xml", "csv", "tsv", "xlsx", "html", "ttl", "rdf", "jsonld", "zip", "gz", "txt"})


def ending(head: bytes, media_type: str, url: str) -> str:
    """Return the file ending that fits a document: by content where that is plain, else by address, else by label."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return "json"
    by_address = urlsplit(url).path.rpartition("/")[2].rpartition(".")[2].lower()
    if by_address in _KNOWN_ENDINGS:
        return by_address
    if start == b"<":
        return "xml"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    return _BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower(), "txt")


class Names:
    """Gives each document of one pull its name."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._counts: dict[str, int] = {}

    def name(self, wanted: str | None, role: str, suffix: str) -> str:
        """Return `wanted` made safe and unique, or ``<role>-<number>.<suffix>`` where nothing is wanted."""
        if wanted:
            return self._unique(_UNSAFE.sub("-", wanted).strip("-.") or "document")
        stem = _UNSAFE.sub("-", role).strip("-.") or "document"
        self._counts[stem] = self._counts.get(stem, 0) + 1
        return self._unique(f"{stem}-{self._counts[stem]}.{suffix}")

    def _unique(self, name: str) -> str:
        stem, dot, suffix = name.rpartition(".")
        if not dot:
            stem, suffix = name, ""
        candidate, number = name, 1
        while candidate.casefold() in self._given:
            number += 1
            candidate = f"{stem}-{number}{dot}{suffix}"
        self._given.add(candidate.casefold())
        return candidate
