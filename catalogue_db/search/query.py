"""What can be asked of the search, and what it answers.

The text of a query: words in any order, all of them required; ``"words in quotes"`` in just this order; ``-word`` (or
``-"some words"``) must not occur, unless the hyphen stands for a part left out (``Planung und -steuerung``, behind a
comma, or in a text that is a title as a whole); the last word may be only begun. Words joined by a hyphen stay
together, or are one (``Energie-Beratung``), other signs part them; an elided article (``l'hygiène``) is left aside.
Nothing else has a meaning, so no text is an error. A word is found in all its inflections, in any language. The last
word's continuations, compounds that a word is a part of, words written apart that others write as one, and synonyms are
found too. When fewer than ten offerings have all the words, or a word occurs nowhere as it was typed, those follow that
have a word which differs by a slip of one letter; when they are still fewer, those that have any of the words. A word
in quotes, one that a title has, and one that holds sentences together are never taken for a slip.

The order of what is found: the title is just these words; all words in the title; all words, or what else stands for
them, in the title; all words anywhere; all words, or what else stands for them; with a slip, as the title; with a slip,
in the title; with a slip, anywhere; some of the words. Within each: where some of the words will do, what has more of
them; titles in the language of the person who asks; by relevance (how rare the words are and where they stand); what is
open for enrolment; the latest.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import msgspec

from catalogue_db.search.words import SIGNED, bare, split

MOST_CHARACTERS = 500
MOST_TERMS = 24
"""What lies beyond is not read: a query costs by its words."""

_PART = re.compile(rf"(?:{SIGNED}|[\w\u0300-\u036f\u064b-\u065f\-‐‑'’.@&])+")
"""What other signs part. Accents that stand alone as characters belong to their letter."""

_ELIDED = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis)?qu|un|quell|(?:d?a|de|ne|su)ll)['’](?=\w\w)", re.IGNORECASE)
"""Articles and the like that French, Italian and Catalan write onto the next word."""

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")

_CHUNK = re.compile(r'(?P<minus>(?<!\S)-(?=[\w"]))?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]+))')

JOINING = frozenset(re.split(" ", "und oder u bzw sowie en of och eller samt og ja tai seka and or et ou y e o & / +"))
"""Behind these words (folded), and behind a comma, a hyphen stands for a part left out: ``Planung und -steuerung``."""

Matched = Literal["all_words", "any_words", "everything"]


class SearchQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A search. Several values of one filter: any of them; several filters: all of them.

    `text`: what a person typed. `lang`: of that person (BCP 47): what has a title in it comes first on each level, and
    titles and snippets are shown in it where they can be. `levels`: EQF.
    `fields`: ISCED-F codes of two to four digits; a broad one includes the narrower. `providers`: organisation_ids.
    `min_ects`/`max_ects`: included. `languages`: of instruction; one stands for its regional forms too.
    `start_from`/`start_to`: a run begins in these months (a day counts as its month). `regions`: NUTS codes; short ones
    include the longer. `completeness`: bands, as the facet names them. `enrolment_open`: today.
    `limit`: at most 200. `offset`: results to leave out, or `cursor`: what a page before gave as `next_cursor`.
    `last_word_begun`: whether the last word may be the beginning of one. `today`: for next starts (default: UTC).
    """

    text: str = ""
    lang: str = "en"
    levels: list[int] = []
    modes: list[str] = []
    fields: list[str] = []
    providers: list[str] = []
    trust: list[str] = []
    languages: list[str] = []
    countries: list[str] = []
    feeds: list[str] = []
    min_ects: float | None = None
    max_ects: float | None = None
    stackable: bool | None = None
    free: bool | None = None
    start_from: date | None = None
    start_to: date | None = None
    regions: list[str] = []
    completeness: list[str] = []
    enrolment_open: bool | None = None
    limit: int = 20
    offset: int = 0
    cursor: str | None = None
    facets: bool = True
    last_word_begun: bool = True
    today: date | None = None


class SearchResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One offering in a list of results.

    `title_marked` and `snippet` are HTML: everything is escaped but the ``<mark>`` around what was found.
    `score`: larger is better, in the order of the results; only comparable within one query. `provider`: the name in
    the language asked for, if there is one. `next_start`: ISO date, from today on.
    """

    offering_id: str
    feed: str
    score: float
    title: str | None = None
    title_lang: str | None = None
    title_marked: str | None = None
    snippet: str | None = None
    provider: str | None = None
    provider_id: str | None = None
    country: str | None = None
    ects: float | None = None
    eqf_level: int | None = None
    modes: list[str] = []
    languages: list[str] = []
    fields: list[str] = []
    next_start: str | None = None
    homepage: str | None = None
    stale: bool = False
    enrolment_open: bool | None = None
    trust_status: str | None = None


class FacetValue(msgspec.Struct, frozen=True, omit_defaults=True):
    """How many offerings the search would find with this value in place of the facet's own filter.

    `label`: the provider's name, or the code's label, in the language asked for, else in English; None for values that
    are no codes, and for codes without a label (`en-GB`).
    """

    value: str
    count: int
    label: str | None = None


class SearchPage(msgspec.Struct, frozen=True):
    """A page of results.

    `total`: exact up to 10,000; with more than that it is 10,000 and `total_is_exact` is false. The first 300 results
    of a query with words can be paged to. `matched`: whether all words were found, any, or nothing was asked.
    `did_you_mean`: the text without the slip that hardly anything has. `next_cursor`: for the next page, if any.
    """

    total: int
    results: list[SearchResult]
    facets: dict[str, list[FacetValue]] = {}
    matched: Matched = "everything"
    total_is_exact: bool = True
    did_you_mean: str | None = None
    next_cursor: str | None = None


SuggestionKind = Literal["title", "provider", "field", "word"]


class Suggestion(msgspec.Struct, frozen=True):
    """What may be meant by what was typed so far.

    `text`: to show. `value`: what choosing it asks for: of a title its offering_id, of a provider its organisation_id,
    of a field its ISCED-F code, of a word the text to search for. `documents`: in how many offerings.
    """

    kind: SuggestionKind
    text: str
    value: str
    documents: int


class Term(msgspec.Struct, frozen=True):
    """Words that belong together: one, or several in this order. `begun`: the last word may be only a beginning.

    `quoted`: they stood in quotes, and are meant as they were typed.
    """

    words: tuple[str, ...]
    begun: bool = False
    quoted: bool = False


class ParsedText(msgspec.Struct, frozen=True):
    """The text of a query, understood."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def all_wanted(self) -> ParsedText:
        """The same without exclusions: what they name is wanted too."""
        return ParsedText((self.wanted + self.unwanted)[:MOST_TERMS])


def storable(text: str) -> str:
    """A text with a comma, which parts words, for what no database takes: NUL, and half of a surrogate pair."""
    return _NOT_STORABLE.sub(",", text)


def parse(text: str, *, last_word_begun: bool = True) -> ParsedText:
    """Understand what a person typed. Any text is a query; one without a word asks for everything."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    before = ""
    for chunk in _CHUNK.finditer(text[:MOST_CHARACTERS]):
        is_unwanted = chunk["minus"] and not (before.endswith(",") or bare(before) in JOINING)
        quoted, terms = chunk["quoted"], unwanted if is_unwanted else wanted
        before = chunk["bare"] or ""
        parts = [split(quoted)] if quoted is not None else _bare(chunk["bare"])
        terms += [Term(tuple(words), quoted=quoted is not None) for words in parts if words]
        is_last = last_word_begun and quoted is None and chunk.end() >= len(text)
        if is_last and terms is wanted and parts and parts[-1]:
            wanted[-1] = Term(wanted[-1].words, begun=True)
    return ParsedText(tuple(wanted[:MOST_TERMS]), tuple(unwanted[:MOST_TERMS]))


def _bare(chunk: str) -> list[list[str]]:
    """The words of a chunk without blanks, those together that stay together; none where a sign ends it."""
    parts = list(_PART.finditer(chunk))
    words = [split(_ELIDED.sub("", each[0], 1) if _ELIDED.match(each[0]) else each[0]) for each in parts]
    return words if parts and parts[-1].end() == len(chunk) else [*words, []]
