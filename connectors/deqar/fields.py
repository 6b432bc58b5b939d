"""Reading one record of DEQAR value by value: the same thing is written in different ways at different places.

Dates come as ``2024-11-27``, as ``2024-11-27T00:00:00Z``, or as Unix seconds at midnight; nothing as null, as an empty
text, or as ``N/A``; truth as true, or as the texts of a CSV file. What cannot be read is noted with its path, and is
missing from then on: it is never replaced by something else.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from standard.observation import Observation
from standard.values.harmless import harmless, harmless_identifier

_NOTHING = frozenset({"", "n/a", "-"})
_TRUE = frozenset({"true", "yes", "1", "t", "y"})
_FALSE = frozenset({"false", "no", "0", "f", "n"})
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_SHORT = 200
_LARGEST = 10**15
MOST_OF_A_CODE = 1000
"""Cases of one code that are kept; the others are counted."""


class Notes:
    """What is to be said about a whole reading. A word that we do not know is said once, not for each record.

    `observations`: of each code the first cases, so that a register in which one thing is wrong everywhere does not
    fill the memory; `counted`: how often each code was met.
    """

    def __init__(self) -> None:
        self.observations: list[Observation] = []
        self.counted: Counter[str] = Counter()
        self._said: set[tuple[str, str]] = set()

    def say(self, code: str, path: str, value: Any = None, **facts: str) -> None:
        """Note one thing about the record or value at `path`."""
        self.counted[code] += 1
        if self.counted[code] > MOST_OF_A_CODE:
            return
        shown = harmless(value[:_SHORT]) if isinstance(value, str) else value
        told = {name: harmless(fact) for name, fact in facts.items()}
        self.observations.append(Observation(code, path, shown if isinstance(shown, str | int) else None, told))

    def unknown_word(self, path: str, word: str, kind: str) -> None:
        """Note a word that is in none of DEQAR's lists as we know them."""
        if self._first(kind, word):
            self.say("MC00-DEQAR-WORD-UNKNOWN", path, word, kind=kind)

    def unreadable_identifier(self, path: str, resource: str, value: str) -> None:
        """Note an identifier without the form of its kind; the same one stands in several documents."""
        if self._first(resource, value):
            self.say("MC00-DEQAR-IDENTIFIER-UNREADABLE", path, value, resource=resource)

    def _first(self, kind: str, text: str) -> bool:
        new = (kind, text) not in self._said
        self._said.add((kind, text))
        return new


@dataclass(frozen=True, slots=True)
class Row:
    """One record, or a record inside a record. `path`: where it stands (``reports-0001.json#/results/3``)."""

    data: dict[str, Any]
    path: str
    notes: Notes

    def text(self, name: str) -> str | None:
        """Return a text without outer blanks, None for the ways in which DEQAR writes nothing.

        What a browser or a terminal would run is shown instead: others write into DEQAR, and its texts are served on.
        """
        text = self.as_published(name)
        return text and harmless(text)

    def address(self, name: str) -> str | None:
        """Return what should be a web address, with nothing in it that runs when it is followed."""
        text = self.as_published(name)
        return text and harmless_identifier(text)

    def as_published(self, name: str) -> str | None:
        """Return a text as `text` does, untouched: to take it to pieces, not to keep it."""
        raw = self.data.get(name)
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            return None
        text = str(raw).strip()
        return None if text.casefold() in _NOTHING else text

    def shared(self, name: str) -> str | None:
        """Return a text that many records have in common, so that memory holds it once."""
        text = self.text(name)
        return None if text is None else sys.intern(text)

    def number(self, name: str) -> int | None:
        """Return a whole number."""
        raw = self.data.get(name)
        if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < _LARGEST:
            return raw
        text = self.text(name)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,15}(\.0+)?", text):
            self._unreadable(name, raw)
            return None
        return int(float(text))

    def decimal(self, name: str) -> float | None:
        """Return a finite number."""
        text = self.text(name)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?(e-?\d{1,2})?", text):
            self._unreadable(name, text)
            return None
        return float(text)

    def flag(self, name: str) -> bool | None:
        """Return a truth value."""
        raw = self.data.get(name)
        if isinstance(raw, bool):
            return raw
        text = self.text(name)
        if text is None:
            return None
        folded = text.casefold()
        if folded not in _TRUE and folded not in _FALSE:
            self._unreadable(name, raw)
            return None
        return folded in _TRUE

    def day(self, name: str) -> date | None:
        """Return a day from any of DEQAR's ways of writing one."""
        raw = self.data.get(name)
        if raw is None or isinstance(raw, bool):
            return None
        if isinstance(raw, str) and self.text(name) is None:
            return None
        try:
            return _day(raw)
        except (ValueError, OverflowError, OSError):
            self._unreadable(name, raw)
            return None

    def word(self, name: str, known: Collection[str], kind: str) -> str | None:
        """Return a word of one of DEQAR's lists; one that we do not know is kept and noted.

        The same few words stand in every record: each is kept in memory once.
        """
        text = self.shared(name)
        if text is not None and text not in known:
            self.notes.unknown_word(f"{self.path}/{name}", text, kind)
        return text

    def inner(self, name: str) -> Row | None:
        """Return the record inside this one, None where there is none."""
        raw = self.data.get(name)
        return Row(raw, f"{self.path}/{name}", self.notes) if isinstance(raw, dict) else None

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the records of a list inside this one."""
        raw = self.data.get(name)
        for number, one in enumerate(raw if isinstance(raw, list) else []):
            if isinstance(one, dict):
                yield Row(one, f"{self.path}/{name}/{number}", self.notes)

    def texts(self, name: str) -> list[str]:
        """Return a list of texts; empty ones are left out."""
        raw = self.data.get(name)
        items = raw if isinstance(raw, list) else []
        return [harmless(one.strip()) for one in items if isinstance(one, str) and one.strip()]

    def numbers(self, name: str) -> list[int]:
        """Return a list of whole numbers."""
        raw = self.data.get(name)
        items = raw if isinstance(raw, list) else []
        return [one for one in items if isinstance(one, int) and not isinstance(one, bool) and abs(one) < _LARGEST]

    def _unreadable(self, name: str, raw: Any) -> None:
        self.notes.say("MC00-DEQAR-VALUE-UNREADABLE", f"{self.path}/{name}", str(raw), field=name)


def _day(raw: Any) -> date:
    """Return the day. Raises `ValueError`, and for Unix seconds beyond all time `OverflowError` or `OSError`."""
    if isinstance(raw, int | float):
        return datetime.fromtimestamp(raw, UTC).date()
    found = _DAY.fullmatch(str(raw).strip())
    if found is None:
        raise ValueError(f"{raw!r} is no day")
    return date.fromisoformat(found.group(1))
