"""Marks what was found in the true text, and cuts out the passage that shows most of it.

A text is taken in pieces, which is what stands between blanks; only pieces that may have a word that was found are
looked at word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import lru_cache
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


@lru_cache(maxsize=20_000)
def _plain(piece: str) -> str:
    """A piece with letters beyond ASCII as its words are folded."""
    return "".join(part for word in words.split(piece) for part in words.folded(word))


_BEYOND_ASCII = re.compile("[^\0-\x7f]")


def _plain_line(pieces: list[str]) -> str:
    """Pieces as their words are folded, with a blank between: letter by letter if that can be, which is faster."""
    line = " ".join(pieces)
    for letter in set(_BEYOND_ASCII.findall(line)) if not line.isascii() else ():
        plain = words.LATIN.get(ord(letter))
        if plain is None:
            return " ".join([piece.lower() if piece.isascii() else _plain(piece) for piece in pieces])
        line = line.replace(letter, plain)
    return line.lower()


class _Marked(dict[str, tuple[str, int]]):
    """Pieces of texts in one language as HTML with what was found in ``<mark>``, and how many words of them were found;
    made once for each piece.
    """

    def __init__(self, surfaces: Set[str], begun: tuple[str, ...]) -> None:
        super().__init__()
        self._surfaces = surfaces
        self._begun = begun
        self._needles = _shortest({*surfaces, *begun})

    def candidates(self, pieces: list[str]) -> list[int]:
        """The places of the pieces that may have a word that was found: quick, and never wrongly none."""
        line = _plain_line(pieces)
        return sorted({line.count(" ", 0, start) for needle in self._needles for start in _all(needle, line)})

    def __missing__(self, piece: str) -> tuple[str, int]:
        """Look at a new piece."""
        html, at, found = "", 0, 0
        for start, end, word in words.positions(piece):
            if any(part in self._surfaces or part.startswith(self._begun) for part in words.folded(word)):
                html += f"{escape(piece[at:start])}<mark>{escape(piece[start:end])}</mark>"
                at, found = end, found + 1
        self[piece] = made = (html + escape(piece[at:]), found)
        return made

    def html(self, pieces: list[str], candidates: Iterable[int]) -> str:
        """Some pieces as HTML, one blank between; of which some, by their places, may have something to mark."""
        html = escape(" ".join(pieces)).split(" ")
        for place in candidates:
            html[place] = self[pieces[place]][0]
        return " ".join(html)


def _all(needle: str, line: str) -> Iterator[int]:
    """Where something begins in a line."""
    start = line.find(needle)
    while start >= 0:
        yield start
        start = line.find(needle, start + 1)


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
        marked, pieces = self._by_language(tag), text.split(" ")
        return marked.html(pieces, marked.candidates(pieces))

    def snippet(self, texts: list[tuple[str | None, str]]) -> str | None:
        """The best passage of some texts (language tag, text): the first with as many hits as words were asked for, or
        else the one with most; of texts without any, the beginning of the first. None where there is no text.
        """
        most, snippet = 0, None
        for tag, text in texts:
            marked, pieces = self._by_language(tag), _pieces(text)
            hits = [(place, found) for place in marked.candidates(pieces) if (found := marked[pieces[place]][1])]
            within, start = _densest(hits)
            if within > most:
                most, snippet = within, _passage(marked, pieces, start, hits)
            if most >= self._asked:
                break
        return _passage(_Marked(frozenset(), ()), _pieces(texts[0][1]), 0, []) if texts and snippet is None else snippet


def _pieces(text: str) -> list[str]:
    pieces = text[:_LONGEST_TEXT].split()
    if len(max(pieces, key=len, default="")) <= _LONGEST_PIECE:
        return pieces
    return [each if len(each) <= _LONGEST_PIECE else f"{each[:_LONGEST_PIECE]}…" for each in pieces]


def _passage(marked: _Marked, pieces: list[str], start: int, hits: list[tuple[int, int]]) -> str:
    """The passage that begins with a piece. `hits`: places with something to mark, and how much."""
    end = start + _LENGTH
    html = marked.html(pieces[start:end], [place - start for place, _found in hits if start <= place < end])
    return f"{'… ' if start else ''}{html}{' …' if end < len(pieces) else ''}"


def _densest(hits: list[tuple[int, int]]) -> tuple[int, int]:
    """How many hits (place, how many there) the best passage has, and where it begins: a little before its first."""
    best, start = 0, 0
    for number, (place, _found) in enumerate(hits):
        last = place + _LENGTH - _BEFORE
        within = sum(found for other, found in hits[number : number + _LENGTH] if other < last)
        if within > best:
            best, start = within, max(0, place - _BEFORE)
    return best, start
