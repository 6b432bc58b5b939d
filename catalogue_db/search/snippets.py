"""Marks what was found in the true text, and cuts out the passage that shows most of it.

A text is taken in pieces, which is what stands between blanks; only pieces that may have a word that was found are
looked at word by word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from html import escape

from catalogue_db.search import words

_LENGTH, _BEFORE = 32, 4
"""Pieces of a passage, and how many of them stand before the first that was found."""

_LONGEST_TEXT, _LONGEST_PIECE = 20_000, 400
"""Characters of a text that are looked at, and of a piece."""


def _shortest(several: Set[str]) -> list[str]:
    """Of *data*, *database* and *databases* the first tells enough: some of the texts are in all others."""
    taken: list[str] = []
    for each in sorted(several, key=len):
        if not any(other in each for other in taken):
            taken.append(each)
    return taken


class _Marked(dict[str, tuple[str, int]]):
    """Pieces of texts in one language as HTML with what was found in ``<mark>``, and how many words of them were found;
    made once for each piece.
    """

    def __init__(self, surfaces: Set[str], begun: tuple[str, ...]) -> None:
        super().__init__()
        self._surfaces = surfaces
        self._begun = begun
        self._needles = _shortest({*surfaces, *begun})

    def may_have(self, text: str) -> bool:
        """Whether a text may have a word that was found: quick, and never wrongly no."""
        if text.isascii():
            return self._has_needle(text.lower())
        others = words.split(" ".join(piece for piece in text.split() if not piece.isascii()))
        return self._has_needle(f"{text.lower()} {' '.join(part for word in others for part in words.folded(word))}")

    def _has_needle(self, plain: str) -> bool:
        return any(needle in plain for needle in self._needles)

    def __missing__(self, piece: str) -> tuple[str, int]:
        """Look at a new piece."""
        shown = piece if len(piece) <= _LONGEST_PIECE else f"{piece[:_LONGEST_PIECE]}…"
        self[piece] = made = self.mark(shown)
        return made

    def mark(self, text: str) -> tuple[str, int]:
        """A text with its words marked, and how many of them are."""
        if not self.may_have(text):
            return escape(text), 0
        html, at, found = "", 0, 0
        for start, end, word in words.positions(text):
            if any(part in self._surfaces or part.startswith(self._begun) for part in words.folded(word)):
                html += f"{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>"
                at, found = end, found + 1
        return html + escape(text[at:]), found


class Marker:
    """Knows what a query found, word by word."""

    def __init__(self, surfaces: Mapping[str, Set[str]], begun: Iterable[str] = (), asked: int = 1) -> None:
        """`surfaces`: language that texts are stemmed in → the folded words that were found. `begun`: beginnings.

        `asked`: how many words were asked for.
        """
        self._asked = asked
        self._surfaces = surfaces
        self._begun = tuple(begun)
        self._marked: dict[str, _Marked] = {}

    def _by_language(self, tag: str | None) -> _Marked:
        language = words.stemming_language(tag)
        if language not in self._marked:
            self._marked[language] = _Marked(self._surfaces.get(language, frozenset()), self._begun)
        return self._marked[language]

    def mark(self, text: str, tag: str | None) -> str:
        """The whole text as HTML, what was found in ``<mark>``."""
        return self._by_language(tag).mark(text)[0]

    def snippet(self, texts: list[tuple[str | None, str]]) -> str | None:
        """The best passage of some texts (language tag, text): the first with as many hits as words were asked for, or
        else the one with most. None where there is no text.
        """
        best: tuple[int, str, str | None, int] | None = None
        for tag, text in texts:
            hits, start = self._best_place(text[:_LONGEST_TEXT], tag)
            if best is None or hits > best[0]:
                best = (hits, text[:_LONGEST_TEXT], tag, start)
            if hits >= self._asked:
                break
        return self._passage(*best[1:]) if best else None

    def _best_place(self, text: str, tag: str | None) -> tuple[int, int]:
        """How many hits the best passage of a text has, and the piece it begins with."""
        marked = self._by_language(tag)
        if not marked.may_have(text):
            return 0, 0
        return _densest([(place, found) for place, piece in enumerate(text.split()) if (found := marked[piece][1])])

    def _passage(self, text: str, tag: str | None, start: int) -> str:
        pieces = text.split()
        marked = self._by_language(tag)
        shown = " ".join(marked[piece][0] for piece in pieces[start : start + _LENGTH])
        return f"{'… ' if start else ''}{shown}{' …' if start + _LENGTH < len(pieces) else ''}"


def _densest(hits: list[tuple[int, int]]) -> tuple[int, int]:
    """How many hits (place, how many there) the best passage has, and where it begins: a little before its first."""
    best, start = 0, 0
    for number, (place, _found) in enumerate(hits):
        last = place + _LENGTH - _BEFORE
        within = sum(found for other, found in hits[number : number + _LENGTH] if other < last)
        if within > best:
            best, start = within, max(0, place - _BEFORE)
    return best, start
