"""The judgements: queries with the offerings that should be found, read from ``queries/*.yaml`` and checked.

An offering is named ``feed/Beginning of its title``, and ``feed/Beginning of its title [source]`` where several of
a feed have that title; what stands in brackets occurs in the source_id.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
import yaml

from catalogue_db.search import SearchQuery

FOLDER = Path(__file__).with_name("queries")
TODAY = date(2026, 12, 1)
"""The day on which everything is asked, so that "open today" is the same on every day."""

SHOWN = 10
"""How many results a person looks at: the first page on a telephone or half a page elsewhere."""

Catalogue = Literal["fictional", "real"]
CATALOGUES: tuple[Catalogue, ...] = get_args(Catalogue)
Grade = Literal[1, 2, 3]
Kind = Literal[
    "known",
    "topic",
    "inflected",
    "compound",
    "misspelt",
    "phrase",
    "excluding",
    "filtered",
    "synonym",
    "diacritics",
    "prefix",
    "cross",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


class NotUsable(Exception):
    """A file of judgements that cannot be used. Says which, where in it, and what is wrong."""


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One judgement as it stands in a file."""

    ask: str
    kind: Kind
    find: dict[str, Grade]
    unwanted: list[str] = []
    filters: dict[str, Any] = {}
    lang: str | None = None
    why: str | None = None


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of judgements: all of one language, over one catalogue."""

    language: str
    catalogue: Catalogue
    queries: list[_Written]


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A query and what should come of it.

    `language`: of the person who asks, unless the query says another. `find`: reference → grade (3 is what was looked
    for, 2 is a good second choice, 1 is better than nothing). `unwanted`: references that must not be among what is
    shown. `why`: the reason of a grade that is not obvious.
    """

    catalogue: Catalogue
    language: str
    kind: Kind
    query: SearchQuery
    find: dict[str, Grade]
    unwanted: list[str]
    why: str | None

    def __str__(self) -> str:
        """The query as a person sees it, with its filters."""
        plain = SearchQuery()
        names = [name for name in _FILTERS if getattr(self.query, name) != getattr(plain, name)]
        filters = "".join(f" {name}={getattr(self.query, name)}" for name in names)
        return f"{self.language} {self.kind}: {self.query.text}{filters}"


_NO_FILTERS = {"text", "lang", "limit", "offset", "cursor", "facets", "last_word_begun", "today"}
_FILTERS = tuple(name for name in SearchQuery.__struct_fields__ if name not in _NO_FILTERS)


def judgements(catalogue: Catalogue, folder: Path = FOLDER) -> list[Judgement]:
    """Read all judgements over a catalogue, in the order of files and lines. Raises `NotUsable`."""
    found = [each for file in sorted(folder.glob("*.yaml")) for each in _read(file)]
    return [each for each in found if each.catalogue == catalogue]


def _read(file: Path) -> list[Judgement]:
    try:
        content = msgspec.convert(yaml.safe_load(file.read_text(encoding="utf-8")), _File)
        judged = [_judgement(content, written) for written in content.queries]
    except (yaml.YAMLError, msgspec.ValidationError, NotUsable) as error:
        raise NotUsable(f"{file.name}: {error}") from error
    asked = [str(each) for each in judged]
    twice = sorted({each for each in asked if asked.count(each) > 1})
    if twice:
        raise NotUsable(f"{file.name}: asked more than once: {', '.join(twice)}")
    return judged


def _judgement(file: _File, written: _Written) -> Judgement:
    unknown = sorted(written.filters.keys() - set(_FILTERS))
    if unknown:
        raise NotUsable(f"{written.ask!r}: no such filter: {', '.join(unknown)} (there are {', '.join(_FILTERS)})")
    if not written.find:
        raise NotUsable(f"{written.ask!r}: nothing should be found; a judgement needs at least one offering")
    if contradicted := sorted(written.find.keys() & set(written.unwanted)):
        raise NotUsable(f"{written.ask!r}: to be found and unwanted at once: {', '.join(contradicted)}")
    asked = {"text": written.ask, "lang": written.lang or file.language, "limit": SHOWN, "facets": False}
    query = msgspec.convert({**written.filters, **asked, "today": TODAY}, SearchQuery)
    return Judgement(
        catalogue=file.catalogue,
        language=file.language,
        kind=written.kind,
        query=query,
        find=written.find,
        unwanted=written.unwanted,
        why=written.why,
    )
