"""One code list and its loader: codes, labels in several languages, EU addresses, and the words sources use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Literal

from babel import Locale, UnknownLocaleError

from standard.folding import fold

_SNB = "http://data.europa.eu/snb/"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"

_BASES: Mapping[str, str | None] = MappingProxyType(
    {
        "modes": _SNB + "learning-assessment/",
        "assessment_types": _SNB + "assessment/",
        "supervision": _SNB + "supervision-verification/",
        "accreditation_types": _SNB + "accreditation/",
        "eqf": _SNB + "eqf/",
        "nqf": _SNB + "qdr/",
        "nqf_frameworks": _SNB + "qdr/",
        "qf_ehea": None,
        "isced_f": _SNB + "isced-f/",
        "languages": _AUTHORITY + "language/",
        "countries": _AUTHORITY + "country/",
        "currencies": _AUTHORITY + "currency/",
        "nuts": "http://data.europa.eu/nuts/code/",
        "credit_systems": _SNB + "education-credit/",
        "opportunity_types": _SNB + "learning-opportunity/",
        "learning_schedules": _SNB + "learning-schedule/",
        "units": None,
    }
)
NAMES: tuple[str, ...] = tuple(_BASES)
"""The lists there are."""

NAME_LOCALES: tuple[str, ...] = (
    *("en", "de", "fr", "nl", "fi", "sv", "es", "it", "pt", "da", "nb", "nn", "pl", "cs", "sk", "sl", "hr", "hu"),
    *("ro", "bg", "el", "et", "lv", "lt", "ga", "mt", "is", "ca", "eu", "gl", "cy", "lb", "tr", "uk", "ru", "sq"),
    *("mk", "sr", "bs"),
)
"""Languages in which names of languages and countries are understood."""

_CLDR: Mapping[str, Literal["languages", "territories", "currencies"]] = MappingProxyType(
    {"languages": "languages", "countries": "territories", "currencies": "currencies"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that sources use for a code. `derived`: our rule reads it so; the source does not say the code."""

    code: str
    derived: bool
    met_in: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """A code list.

    `codes`: our codes in the order of the file. `rows`: every column of the file by code. `words`: folded
    word → what it stands for (see `standard.folding.fold`).
    """

    name: str
    base: str | None
    rows: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Word]
    codes: tuple[str, ...] = ()
    _by_address: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __contains__(self, code: object) -> bool:
        return code in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def label(self, code: str, lang: str = "en") -> str:
        """Return the label of a code in a language, in English where the list has none in that language.

        Raises `KeyError` for a code that is not in the list.
        """
        return self.own_label(code, lang) or self.rows[code].get("en") or code

    def own_label(self, code: str, lang: str) -> str | None:
        """Return the label of a code in just this language: the list's own, or CLDR's for countries and languages.

        Raises `KeyError` for a code that is not in the list.
        """
        return self.rows[code].get(lang) or _cldr_label(self.name, code, lang)

    def address(self, code: str) -> str | None:
        """Return the EU address of a code, or None where the EU list has no such value. Raises `KeyError`."""
        notation = self.rows[code].get("notation", code)
        return f"{self.base}{notation}" if self.base and notation else None

    def word(self, raw: str) -> Word | None:
        """Return what a published word, code, label or EU address stands for; None when it is not known."""
        text = raw.strip()
        if text in self.rows:
            return Word(text, derived=False)
        if "://" in text:
            code = self._by_address.get(_address_key(text))
            return Word(code, derived=False) if code else None
        return self.words.get(fold(text))

    def code_for(self, raw: str) -> str | None:
        """Return the code for an EU address, a code, a label in any of the list's languages, or a known word."""
        known = self.word(raw)
        return known.code if known else None


@cache
def vocabulary(name: str) -> Vocabulary:
    """Return a list by its name (see `NAMES`), read once. Raises `KeyError` for any other name."""
    base = _BASES[name]
    rows = {row["code"]: row for row in read(f"{name}.csv")}
    words = _words_of_rows(rows)
    words.update(_words_of_file(name))
    bare = Vocabulary(name, base, MappingProxyType(rows), MappingProxyType(words), tuple(rows))
    addresses = {_address_key(address): code for code in rows if (address := bare.address(code))}
    return Vocabulary(name, base, bare.rows, bare.words, bare.codes, MappingProxyType(addresses))


def names_in_languages(name: str) -> Mapping[str, str]:
    """Return folded names → code for ``languages`` or ``countries``, in all of `NAME_LOCALES`.

    A name that means two things in two languages is left out, unless it is an English name: that one stands.
    Read from CLDR on first use (some 5,000 names each, 0.2 s).
    """
    return _names_in_languages(name)


@cache
def _names_in_languages(name: str) -> Mapping[str, str]:
    rows = vocabulary(name).rows
    names: dict[str, str] = {fold(row["en"]): code for code, row in rows.items() if row.get("en")}
    fixed = frozenset(names)
    clashing: set[str] = set()
    for locale in NAME_LOCALES:
        for code, label in getattr(Locale.parse(locale), _CLDR[name]).items():
            key = fold(label)
            if code not in rows or key in fixed:
                continue
            if names.setdefault(key, code) != code:
                clashing.add(key)
    return MappingProxyType({key: code for key, code in names.items() if key not in clashing})


def _words_of_rows(rows: Mapping[str, Mapping[str, str]]) -> dict[str, Word]:
    """Return the words that a list's own codes, notations and labels are."""
    words: dict[str, Word] = {}
    for code, row in rows.items():
        for column, text in row.items():
            if text and (column in ("code", "notation") or len(column) == 2):
                words.setdefault(fold(text), Word(code, derived=False, met_in="the list itself"))
    return words


def _words_of_file(name: str) -> dict[str, Word]:
    """Return the words of ``<name>_words.csv``; none where the list has no such file."""
    if not _folder().joinpath(f"{name}_words.csv").is_file():
        return {}
    return {
        fold(row["word"]): Word(row["code"], row["how"] == "derived", row["met_in"])
        for row in read(f"{name}_words.csv")
    }


def read(file: str) -> list[dict[str, str]]:
    """Return the rows of one of the room's CSV files. Raises `FileNotFoundError` for any other name."""
    return list(csv.DictReader(io.StringIO(_folder().joinpath(file).read_text(encoding="utf-8"))))


def _folder() -> Traversable:
    return resources.files("standard.vocabularies")


def _address_key(address: str) -> str:
    """Return an address without scheme, host and letter case: services write ``https``, ``/ENG`` or ``/eng``."""
    return address.split("://", 1)[1].rstrip("/#").casefold()


@lru_cache(maxsize=4096)
def _cldr_label(name: str, code: str, lang: str) -> str | None:
    if name not in _CLDR:
        return None
    try:
        names = getattr(Locale.parse(lang, sep="-"), _CLDR[name])
    except (UnknownLocaleError, ValueError):
        return None
    return _text(names.get(code))


def _text(label: object) -> str | None:
    return label if isinstance(label, str) else None
