"""What may be meant while somebody types: titles, providers, fields, words, and how many offerings each leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain, islice, zip_longest
from typing import Any, Literal

from sqlalchemy import BindParameter, Connection, Engine, bindparam, func, select

from catalogue_db import dialects
from catalogue_db.search import postgres, words
from catalogue_db.search.attested import Attested
from catalogue_db.search.bits import holds
from catalogue_db.search.correcting import begun_like, spellings
from catalogue_db.search.groups import SHORTEST_BEGINNING, apart, groups
from catalogue_db.search.ladder import all_have, title_rungs
from catalogue_db.search.query import MOST_CHARACTERS, Suggestion, SuggestionKind, parse, storable
from catalogue_db.search.sets import Sets
from catalogue_db.tables import offering_text, organisation, search_bitmap, search_offering, vocabulary_term
from catalogue_db.texts import as_texts, language_of, preferred

MOST_SUGGESTIONS = 50
_TITLES_LOOKED_AT = 100
_LAST_CHARACTER = "\U0010ffff"
_as_typed = lru_cache(maxsize=20_000)(words.sorted_as)
"""The names of providers and fields are compared with every letter that is typed."""
_KINDS: tuple[SuggestionKind, ...] = ("title", "provider", "field", "word")

_PROVIDERS = select(organisation.c.organisation_id, organisation.c.names).where(
    organisation.c.organisation_id.in_(select(search_bitmap.c.value).where(search_bitmap.c.kind == "provider"))
)
"""Those of live offerings."""

_term = vocabulary_term.c
_languages: BindParameter[Any] = bindparam("languages", expanding=True)
_FIELDS = (
    select(_term.code, _term.label)
    .where(_term.vocabulary == "isced_f", _term.lang.in_(_languages))
    .order_by(_term.lang == "en")
)


def suggest(engine: Engine, prefix: str, lang: str = "en", limit: int = 10) -> list[Suggestion]:
    """What may be meant by the beginning of a text. `lang`: BCP 47, for names and labels. Never an error.

    At most `limit` in all. The kinds take turns, so that none keeps another away; they are given one after the other:
    titles (that begin so, then that have the words), providers, fields, then words that go on so.
    """
    prefix, lang, most = storable(prefix), storable(lang), min(max(limit, 0), MOST_SUGGESTIONS)
    typed = words.sorted_as(prefix[:MOST_CHARACTERS])
    if not typed or not most:
        return []
    with engine.connect() as connection:
        if dialects.is_postgres(connection):
            return postgres.suggestions(connection, prefix, lang, most)
        asked = _Suggestions(connection, prefix[:MOST_CHARACTERS], typed, lang, most)
        titles = list(islice(asked.titles(), most))
        found = (titles, asked.providers(), asked.fields(), asked.words([each.text for each in titles]))
        turns = chain.from_iterable(zip_longest(*(islice(each, most) for each in found)))
        taken = list(islice((each for each in turns if each is not None), most))
    return sorted(taken, key=lambda each: _KINDS.index(each.kind))


class _Suggestions:
    """What may be meant, by kind, the best first."""

    def __init__(self, connection: Connection, prefix: str, typed: str, lang: str, most: int) -> None:
        self._connection = connection
        self._prefix = prefix
        self._typed = typed
        self._lang = lang
        self._most = most
        self._attested = Attested(connection)
        self._sets = Sets(connection, self._attested)
        self._parsed = parse(prefix)
        self._asked = groups(self._attested, self._parsed.wanted)

    def _is_meant(self, name: str) -> bool:
        """Whether a name has what was typed, from the beginning of one of its words on."""
        return f" {self._typed}" in f" {_as_typed(name)}"

    # --- titles ---

    def titles(self) -> Iterator[Suggestion]:
        """Titles that begin so; then titles that have the words, short and new ones first."""
        fact = search_offering.c
        keys = list(dict.fromkeys([*self._beginning(), *self._having()]))
        query = select(fact.key, fact.offering_id, fact.title).where(fact.key.in_(keys))
        facts = {row.key: row for row in self._connection.execute(query)}
        same = self._same_titles({row.title for row in facts.values()})
        titles, shown = self._texts(keys), set[str]()
        for key in keys:
            title = self._title(titles.get(key, {}))
            if title is not None and title not in shown:
                shown.add(title)
                yield Suggestion("title", title, facts[key].offering_id, same[facts[key].title])

    def _beginning(self) -> list[int]:
        """Of the first titles that begin so, those in the language of the person who asks before others."""
        fact = search_offering.c
        query = select(func.min(fact.key)).where(fact.title >= self._typed, fact.title < self._typed + _LAST_CHARACTER)
        first = self._connection.execute(query.group_by(fact.title).order_by(fact.title).limit(_TITLES_LOOKED_AT))
        mine = self._sets.width.lookup(self._sets.in_language(self._lang))
        return sorted(first.scalars(), key=lambda key: not holds(mine, key))[: self._most]

    def _having(self) -> list[int]:
        rungs = title_rungs(self._sets, self._asked) if self._asked else ()
        mine = self._sets.in_language(self._lang)
        return list(islice(chain.from_iterable(rung.taken(self._sets, self._most, mine) for rung in rungs), self._most))

    def _same_titles(self, titles: set[str]) -> dict[str, int]:
        fact = search_offering.c
        query = select(fact.title, func.count()).where(fact.title.in_(titles)).group_by(fact.title)
        return dict(iter(self._connection.execute(query)))

    def _texts(self, keys: list[int]) -> dict[int, dict[str, str]]:
        text = offering_text.c
        query = select(text.offering_key, text.lang, text.text).where(text.offering_key.in_(keys), text.kind == "title")
        found: dict[int, dict[str, str]] = {}
        for key, lang, title in self._connection.execute(query):
            found.setdefault(key, {})[lang] = title
        return found

    def _title(self, titles: dict[str, str]) -> str | None:
        """The title in the language asked for, unless another one has what was typed and it has not."""
        wanted = preferred(titles, [self._lang])[1]
        several = [title for _lang, title in sorted(titles.items()) if self._is_meant(title)]
        return wanted if wanted in several or not several else several[0]

    # --- providers, fields, words ---

    def providers(self) -> Iterator[Suggestion]:
        """Providers one of whose names has what was typed, the one with most offerings first."""
        several = {identity: as_texts(names) for identity, names in self._connection.execute(_PROVIDERS)}
        meant = {
            identity: preferred(names, [self._lang])[1] or ""
            for identity, names in several.items()
            if any(map(self._is_meant, names.values()))
        }
        return self._valued("provider", meant)

    def fields(self) -> Iterator[Suggestion]:
        """Fields of study whose label, in the language asked for or English, has what was typed."""
        meant: dict[str, str] = {}
        languages = list(dict.fromkeys((language_of(self._lang), "en")))
        for code, label in self._connection.execute(_FIELDS, {"languages": languages}):
            if self._is_meant(label):
                meant.setdefault(code, label)
        return self._valued("field", meant)

    def _valued(self, kind: Literal["provider", "field"], meant: Mapping[str, str]) -> Iterator[Suggestion]:
        counts = {value: self._sets.value(kind, value).bit_count() for value in meant}
        for value in sorted(meant, key=lambda each: (-counts[each], each)):
            if counts[value]:
                yield Suggestion(kind, meant[value], value, counts[value])

    def words(self, titles: list[str]) -> Iterator[Suggestion]:
        """Words that go on as the last one begins, the most frequent first, behind what was typed before it: so far as
        offerings have them together. They are spelt as in some titles, where they are there.
        """
        beginning = self._typed.rpartition(" ")[2]
        if len(beginning) < SHORTEST_BEGINNING or not any(term.begun for term in self._parsed.wanted):
            return
        *_before, (start, _end, typed) = words.positions(self._prefix)
        spelt = spellings(word for title in titles for word in words.split(title))
        for word, documents in self._going_on(beginning):
            text = self._prefix[:start] + begun_like(typed, spelt.get(word, word))
            yield Suggestion("word", text, text, documents)

    def _going_on(self, beginning: str) -> list[tuple[str, int]]:
        """The most frequent words that begin so, each with how many offerings have it beside all other words."""
        begun = [(word, count) for word, count in self._attested.words_begun(beginning) if word != beginning]
        others = [*self._asked[:-1], *apart(self._attested, self._asked[-1])[:-1]]
        if not others and not self._parsed.unwanted:
            return begun
        members = all_have(self._sets, others, lambda group: group.forms)
        for group in groups(self._attested, self._parsed.unwanted):
            members &= ~self._sets.having(group.own)
        terms = self._attested.terms([word for word, _count in begun])
        together = [(word, (members & self._sets.having(terms[word])).bit_count()) for word, _count in begun]
        return sorted((each for each in together if each[1]), key=lambda each: (-each[1], each[0]))
