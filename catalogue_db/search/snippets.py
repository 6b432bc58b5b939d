"""Marks what was found in the true text, and cuts out the passage that shows most of it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from catalogue_db.search import words

_LENGTH = 32
"""Words of a snippet."""

_LONGEST_TEXT = 20_000
"""Characters of a text that are looked at."""


class Marker:
    """Knows what a query looks for, word by word."""

    def __init__(self, terms: Iterable[str], begun: Iterable[str] = ()) -> None:
        """`terms`: as the index has them. `begun`: folded beginnings of words."""
        self._whole = frozenset(terms)
        self._begun = tuple(begun)
        self._known: dict[tuple[str, str], bool] = {}

    def is_found(self, word: str, language: str) -> bool:
        """Whether a word of a text is one that the query found."""
        if (word, language) not in self._known:
            self._known[word, language] = self._look(word, language)
        return self._known[word, language]

    def _look(self, word: str, language: str) -> bool:
        surface = " ".join(words.folded(word))
        if self._begun and surface.startswith(self._begun):
            return True
        return any(form in self._whole for form in (surface, *words.stems(word, language)))

    def mark(self, text: str, tag: str | None) -> str:
        """The whole text as HTML, what was found in ``<mark>``."""
        return self._html(text, self._places(text, tag), 0, len(text))

    def _places(self, text: str, tag: str | None) -> list[tuple[int, int, bool]]:
        language = words.stemming_language(tag)
        return [
            (start, end, self.is_found(word, language)) for start, end, word in words.positions(text[:_LONGEST_TEXT])
        ]

    @staticmethod
    def _html(text: str, places: list[tuple[int, int, bool]], first: int, last: int) -> str:
        pieces, at = [], first
        for start, end, found in places:
            if found and start >= first and end <= last:
                pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
                at = end
        return "".join([*pieces, escape(text[at:last])])

    def snippet(self, texts: list[tuple[str | None, str]]) -> str | None:
        """The best passage of some texts (language tag, text), the first of equals. None where there is no text."""
        best: tuple[int, str] | None = None
        for tag, text in texts:
            places = self._places(text, tag)
            hits, start = _densest([found for _start, _end, found in places])
            if best is None or hits > best[0]:
                best = (hits, self._passage(text, places, start))
        return best[1] if best else None

    def _passage(self, text: str, places: list[tuple[int, int, bool]], start: int) -> str:
        shown = places[start : start + _LENGTH]
        if not shown:
            return _one_line(escape(text[:200]))
        first = 0 if start == 0 else shown[0][0]
        last = len(text) if start + _LENGTH >= len(places) else shown[-1][1]
        before, after = "… " if first > 0 else "", " …" if last < len(text) else ""
        return before + _one_line(self._html(text, shown, first, min(last, first + 2000))) + after


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _densest(found: list[bool]) -> tuple[int, int]:
    """How many hits the best window has, and where it begins (a few words before its first hit)."""
    hits = [place for place, is_hit in enumerate(found) if is_hit]
    best, start = 0, 0
    for number, place in enumerate(hits):
        within = sum(other < place + _LENGTH - 4 for other in hits[number : number + _LENGTH])
        if within > best:
            best, start = within, max(0, place - 4)
    return best, start
