"""Nearest names, for suggestions in errors."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to `name`, or None if none is near. Case does not count."""
    best = process.extractOne(name.casefold(), sorted(known), scorer=fuzz.ratio, score_cutoff=60)
    return str(best[0]) if best else None


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` for the nearest known name, or an empty text if none is near."""
    found = nearest_name(name, known)
    return f"; did you mean {found!r}?" if found else ""
