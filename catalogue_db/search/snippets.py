"""Marks what was found in the true text, and cuts out the passage that shows most of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from html import escape
from itertools import islice

from catalogue_db.search import words

_LENGTH = 32
"""Words of a snippet."""

_LONGEST_TEXT = 20_000
"""Characters of a text that are looked at."""


_OTHERS = re.compile(r"\S*[^\x00-\x7F]\S*")
"""What has letters beyond ASCII between blanks."""


def _shortest(several: Set[str]) -> list[str]:
    """Of *data*, *database* and *databases* the first tells enough: some of the texts are in all others."""
    taken: list[str] = []
    for each in sorted(several, key=len):
        if not any(other in each for other in taken):
            taken.append(each)
    return taken


class _Known(dict[str, bool]):
    """Whether a word of a text in one language is one that was found; looked up once for each word."""

    def __init__(self, surfaces: Set[str], begun: tuple[str, ...]) -> None:
        super().__init__()
        self._surfaces = surfaces
        self._begun = begun
        self._needles = _shortest({*surfaces, *begun})

    def may_be_in(self, text: str) -> bool:
        """Whether a text may have such a word: quick, and never wrongly no."""
        plain = text.lower()
        if not text.isascii():
            others = words.split(" ".join(_OTHERS.findall(text)))
            plain = f"{plain} {' '.join(part for word in others for part in words.folded(word))}"
        return any(needle in plain for needle in self._needles)

    def __missing__(self, word: str) -> bool:
        """Look a new word up."""
        found = False
        for part in words.folded(word):
            found = found or part in self._surfaces or part.startswith(self._begun)
        self[word] = found
        return found


class Marker:
    """Knows what a query found, word by word."""

    def __init__(self, surfaces: Mapping[str, Set[str]], begun: Iterable[str] = (), asked: int = 1) -> None:
        """`surfaces`: language that texts are stemmed in → the folded words that were found. `begun`: beginnings.

        `asked`: how many words were asked for.
        """
        self._asked = asked
        self._surfaces = surfaces
        self._begun = tuple(begun)
        self._known: dict[str, _Known] = {}

    def _found(self, tag: str | None) -> _Known:
        language = words.stemming_language(tag)
        if language not in self._known:
            self._known[language] = _Known(self._surfaces.get(language, frozenset()), self._begun)
        return self._known[language]

    def mark(self, text: str, tag: str | None) -> str:
        """The whole text as HTML, what was found in ``<mark>``."""
        return self._html(text, self._places(text, tag), 0, len(text))

    def _places(self, text: str, tag: str | None, most: int | None = None) -> list[tuple[int, int, bool]]:
        """Where the words of a text begin and end, at most so many, and which of them are marked."""
        found = self._found(tag)
        places = islice(words.positions(text[:_LONGEST_TEXT]), most)
        return [(start, end, found[word]) for start, end, word in places]

    @staticmethod
    def _html(text: str, places: list[tuple[int, int, bool]], first: int, last: int) -> str:
        pieces, at = [], first
        for start, end, found in places:
            if found and start >= first and end <= last:
                pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
                at = end
        return "".join([*pieces, escape(text[at:last])])

    def snippet(self, texts: list[tuple[str | None, str]]) -> str | None:
        """The best passage of some texts (language tag, text): the first with as many hits as words were asked for, or
        else the one with most. None where there is no text.
        """
        best: tuple[int, str, str | None, int] | None = None
        for tag, text in texts:
            hits, start = self._best_place(text[:_LONGEST_TEXT], tag)
            if best is None or hits > best[0]:
                best = (hits, text, tag, start)
            if hits >= self._asked:
                break
        return self._passage(*best[1:]) if best else None

    def _best_place(self, text: str, tag: str | None) -> tuple[int, int]:
        """How many hits the best window of a text has, and the word it begins with."""
        found = self._found(tag)
        if not found.may_be_in(text):
            return 0, 0
        marked = list(map(found.__getitem__, words.split(text)))
        return _densest(marked) if True in marked else (0, 0)

    def _passage(self, text: str, tag: str | None, start: int) -> str:
        places = self._places(text, tag, start + _LENGTH + 1)
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
