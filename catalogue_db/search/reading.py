"""What the index has of an offering: its lines of terms, its words, the terms of its titles.

Reading the public document again gives what was indexed before, so a load can tell what a change takes away without
anything else being kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from catalogue_db.search import words
from catalogue_db.texts import preferred
from standard.offering import Offering, Texts

MOST_ENTRIES = 600_000
"""Words that are remembered; beyond, everything is forgotten and met anew."""

_MOST_KEPT = 100_000
"""Words that are remembered from one load of a process to the next: some thirty megabytes."""

_MOST_LINES = 20_000
"""Texts that are remembered: what an offering says today is mostly what it said before, and what others say."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """`lines`: the terms of each part in order; `numbers`: the words, as the lexicon numbers them; terms as sets."""

    lines: dict[str, str]
    numbers: set[int]
    terms: set[str]
    titles: set[str]


NOTHING = Indexed({}, set(), set(), set())
"""What is indexed of an offering that is not there."""


def says_the_same(one: Offering, other: Offering) -> bool:
    """Whether what is read of two offerings is the same, without reading it. No is not certain."""
    return _told(one) == _told(other)


def _told(offering: Offering) -> tuple[object, ...]:
    return (
        offering.title,
        offering.languages,
        [outcome.text for outcome in offering.learning_outcomes],
        [provider.name for provider in offering.providers],
        offering.awarding_body.name if offering.awarding_body else None,
        offering.keywords,
        offering.description,
        offering.prerequisites,
        offering.assessment,
    )


class TextReader:
    """Reads offerings. Remembers the words it met: most words of a feed come again and again."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Forget all words, and what their numbers mean."""
        self.lexicon = words.Lexicon()
        self._stems: dict[str, words.Stems] = {}
        self._known: dict[tuple[str, str], tuple[str, list[int]]] = {}

    def is_full(self) -> bool:
        """Whether there are so many words that they should be forgotten."""
        return len(self.lexicon.entries) > MOST_ENTRIES

    def read(self, offering: Offering) -> Indexed:
        """What is indexed of an offering."""
        met: set[int] = set()
        main = words.stemming_language(preferred(offering.title, offering.languages)[0])
        outcomes = [outcome.text for outcome in offering.learning_outcomes]
        names = [provider.name for provider in offering.providers]
        names += [offering.awarding_body.name] if offering.awarding_body else []
        lines = {"title": self._lines([offering.title], met)}
        titles = self._terms(self.lexicon.apart(met))
        lines |= {
            "outcomes": self._lines(outcomes, met),
            "provider": self._lines(names, met),
            "keywords": _joined([self._line(keyword, main, met) for keyword in offering.keywords]),
            "description": self._lines([offering.description, offering.prerequisites, offering.assessment], met),
        }
        numbers = self.lexicon.apart(met)
        return Indexed(lines, numbers, self._terms(numbers), titles)

    def _terms(self, numbers: set[int]) -> set[str]:
        return set(map(self.lexicon.lines.__getitem__, numbers))

    def _lines(self, many: list[Texts], met: set[int]) -> str:
        lines = [
            self._line(text, words.stemming_language(tag), met) for texts in many for tag, text in sorted(texts.items())
        ]
        return _joined(lines)

    def _line(self, text: str, language: str, met: set[int]) -> str:
        if (language, text) not in self._known:
            if len(self._known) >= _MOST_LINES:
                self._known.clear()
            if language not in self._stems:
                self._stems[language] = words.Stems(language, self.lexicon)
            self._known[language, text] = self._stems[language].read(text)
        line, numbers = self._known[language, text]
        met.update(numbers)
        return line


_idle: list[TextReader] = []


def borrowed_reader() -> TextReader:
    """A reader for one load: that of the load before in this process, or a new one. Feeds share most of their words."""
    try:
        return _idle.pop()
    except IndexError:
        return TextReader()


def give_back(reader: TextReader) -> None:
    """Keep a reader for the next load; it must not be used afterwards. One that knows very much is let go."""
    if len(reader.lexicon.entries) <= _MOST_KEPT:
        _idle[:] = [reader]


def _joined(lines: list[str]) -> str:
    return f" {words.SEPARATOR} ".join(dict.fromkeys(line for line in lines if line))
