"""Small helpers for texts by language, JSON columns and moments, shared by the room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec


def preferred(texts: Mapping[str, str], languages: Iterable[str]) -> tuple[str | None, str | None]:
    """Pick a text: the first of `languages` that is there, else English, else the first by tag, ``und`` last.

    A language also stands for its regional forms (``de`` takes ``de-AT``). Returns (tag, text) or (None, None).
    """
    for wanted in (*languages, "en"):
        if wanted in texts:
            return wanted, texts[wanted]
        for tag in sorted(texts):
            if language_of(tag) == language_of(wanted):
                return tag, texts[tag]
    for tag in sorted(texts, key=lambda each: (each == "und", each)):
        return tag, texts[tag]
    return None, None


def language_of(tag: str | None) -> str:
    """The language of a BCP 47 tag without region or script; empty for none."""
    return (tag or "").split("-")[0].lower()


def as_texts(column: str | None) -> dict[str, str]:
    """The texts by language of a JSON column."""
    return msgspec.json.decode(column, type=dict[str, str]) if column else {}


def to_json_text(value: Any) -> str:
    """JSON for a text column, keys sorted, so that the same value is the same text."""
    return msgspec.json.encode(value, order="deterministic").decode()


def moment(at: datetime) -> str:
    """A moment as the tables keep it: UTC, ISO 8601, microseconds. Raises `ValueError` without an offset."""
    if at.tzinfo is None:
        raise ValueError(f"The moment {at.isoformat()} does not say its offset from UTC.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def end_of(day: date) -> str:
    """The last moment of a day (UTC): what the catalogue said on a day is what it said at its end."""
    return moment(datetime.combine(day, time.max, tzinfo=UTC))


def day_of(published: str | None) -> str | None:
    """The day of an ISO date or date-time, as it was written (its own offset)."""
    return published[:10] if published else None
