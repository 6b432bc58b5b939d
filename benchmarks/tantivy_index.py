"""Tantivy, a search engine of its own, fed with the same documents: what search could cost outside the database.

Set up as one would for this catalogue: fields of each language with a stemmer of its own, the texts stored, so that a
page has what ours has: titles with the words marked, a passage of each offering, and for queries with facets the same
facets, each without its own filter. It looks in the fields of the query's language only (ours looks in all), marks no
words that were only begun, and knows no synonyms, compounds, or second attempts with fewer of the words.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import tantivy

from benchmarks.corpus import LANGUAGES
from benchmarks.queries import Query
from catalogue_db.search.facts import completeness_band, ects_band
from catalogue_db.search.query import parse
from standard.offering import Offering

_WEIGHTS = {"title": 10.0, "outcomes": 4.0, "provider": 3.0, "keywords": 3.0, "description": 1.0}
_FACETS = ("mode", "field", "language", "taught_by", "ects", "month", "level", "country", "free", "completeness")
_FILTERED = {"levels": "level", "modes": "mode", "max_ects": "ects"}
"""The facet of each filter that the queries have."""
_SHOWN = 20
_PASSAGE = 300
_STEMMERS = {"en": "english", "de": "german", "fr": "french", "nl": "dutch", "fi": "finnish", "es": "spanish"}


@cache
def _analyzer(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    return builder.filter(tantivy.Filter.stemmer(_STEMMERS[language])).filter(tantivy.Filter.ascii_fold()).build()


@cache
def _letters() -> tantivy.TextAnalyzer:
    """Words in lower case without accents."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    return builder.filter(tantivy.Filter.ascii_fold()).build()


def _know_words(index: tantivy.Index) -> None:
    for language in LANGUAGES:
        index.register_tokenizer(language, _analyzer(language))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for language in LANGUAGES:
        for part in _WEIGHTS:
            builder.add_text_field(f"{part}_{language}", stored=True, tokenizer_name=language)
    for name in _FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_float_field("credits", fast=True, indexed=True)
    builder.add_text_field("offering_id", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def build(folder: Path, stream: Iterable[Offering]) -> None:
    """Index offerings into a folder, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    _know_words(index)
    writer = index.writer(heap_size=512_000_000, num_threads=1)
    for one in stream:
        writer.add_document(tantivy.Document(**_texts(one), **_facts(one)))
    writer.commit()
    writer.wait_merging_threads()


def _texts(one: Offering) -> dict[str, list[str]]:
    language = next(iter(one.title))
    parts = {
        "title": [one.title[language]],
        "outcomes": [each.text[language] for each in one.learning_outcomes],
        "provider": [each.name["en"] for each in one.providers],
        "keywords": list(one.keywords),
        "description": [one.description[language]],
    }
    return {f"{part}_{language}": texts for part, texts in parts.items()}


def _facts(one: Offering) -> dict[str, list[Any]]:
    credit = (one.workload and one.workload.ects) or 0.0
    price = one.instances[0].price[0].amount
    return {
        "offering_id": [one.offering_id],
        "credits": [credit],
        "mode": one.modes,
        "field": [field[:depth] for field in one.fields for depth in (2, 3, 4)],
        "language": one.languages,
        "taught_by": [one.providers[0].name["en"]],
        "ects": [ects_band(credit) or ""],
        "month": [(one.instances[0].start or "")[:7]],
        "level": [str((one.level and one.level.eqf) or "")],
        "country": [one.country or ""],
        "free": [str(price == 0)],
        "completeness": [completeness_band(one.completeness.score if one.completeness else None) or ""],
    }


class TantivySearch:
    """Searches an index made by `build`. `everywhere`: in all languages, not in the query's alone."""

    def __init__(self, folder: Path, *, everywhere: bool = False) -> None:
        self._everywhere = everywhere
        self._index = tantivy.Index.open(str(folder))
        _know_words(self._index)
        self._index.reload()
        self._searcher = self._index.searcher()
        self._schema = self._index.schema

    def __call__(self, query: Query) -> int:
        """Run a query and make what a page shows; return how many offerings it found."""
        words = list(self._words(query))
        asked = self._all_of([*words, *self._filters(query.filters)])
        found = self._searcher.search(asked, limit=_SHOWN, count=True)
        self._page(found, asked, self._languages(query) if words else ())
        if query.facets:
            self._count_facets(words, query.filters)
        return int(getattr(found, "count", 0) or 0)  # its type stub does not know the attribute

    def _languages(self, query: Query) -> tuple[str, ...]:
        return tuple(LANGUAGES) if self._everywhere else (query.lang,)

    def _all_of(self, parts: list[tantivy.Query]) -> tantivy.Query:
        if not parts:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in parts])

    def _page(
        self, found: tantivy.SearchResult, asked: tantivy.Query, languages: tuple[str, ...]
    ) -> list[tuple[str, ...]]:
        """What is shown of each hit: its identifier, its title and a passage, with the words marked."""
        documents = [self._searcher.doc(address) for _score, address in found.hits]
        makers: dict[str, list[tantivy.SnippetGenerator]] = {}
        page = []
        for document in documents:
            shown = next((lang for lang in languages if document.get_first(f"title_{lang}")), None)
            if shown and shown not in makers:
                makers[shown] = self._makers(asked, shown)
            page.append((document["offering_id"][0], *(self._shown(document, makers[shown]) if shown else ())))
        return page

    def _makers(self, asked: tantivy.Query, lang: str) -> list[tantivy.SnippetGenerator]:
        """What marks words in the parts of a document that are shown, in one language."""
        parts = ("title", "description", "outcomes")
        makers = [
            tantivy.SnippetGenerator.create(self._searcher, asked, self._schema, f"{part}_{lang}") for part in parts
        ]
        for maker in makers:
            maker.set_max_num_chars(_PASSAGE)
        return makers

    def _shown(self, document: tantivy.Document, makers: list[tantivy.SnippetGenerator]) -> Iterator[str]:
        title, *texts = makers
        yield title.snippet_from_doc(document).to_html()
        for maker in texts:
            passage = maker.snippet_from_doc(document)
            if passage.highlighted():
                yield passage.to_html()
                return

    def _count_facets(self, words: list[tantivy.Query], filters: dict[str, Any]) -> None:
        """All facets; those that are filtered by without their own filter."""
        filtered = {_FILTERED[name]: name for name in filters}
        unfiltered = [name for name in _FACETS if name not in filtered]
        self._aggregate([*words, *self._filters(filters)], unfiltered)
        for facet, name in filtered.items():
            others = {other: value for other, value in filters.items() if other != name}
            self._aggregate([*words, *self._filters(others)], [facet])

    def _aggregate(self, parts: list[tantivy.Query], names: list[str]) -> None:
        asked = {name: {"terms": {"field": name, "size": 100}} for name in names}
        self._searcher.aggregate(self._all_of(parts), asked)

    def _filters(self, filters: dict[str, Any]) -> Iterator[tantivy.Query]:
        if "levels" in filters:
            yield tantivy.Query.term_set_query(self._schema, "level", [str(level) for level in filters["levels"]])
        if "modes" in filters:
            yield tantivy.Query.term_set_query(self._schema, "mode", filters["modes"])
        if "max_ects" in filters:
            most = float(filters["max_ects"])
            yield tantivy.Query.range_query(self._schema, "credits", tantivy.FieldType.Float, None, most)

    def _words(self, query: Query) -> Iterator[tantivy.Query]:
        for term in parse(query.text).wanted:
            stems = {lang: self._stems(term.words, lang) for lang in self._languages(query)}
            either = [each for lang in stems for each in self._whole(stems[lang], lang)]
            if len(term.words) == 1:
                surface = "".join(_letters().analyze(term.words[0]))
                if term.begun:
                    either += [each for lang in stems for each in self._begun(surface, lang)]
                if len(surface) >= 5 and not any(self._is_known(stems[lang][0], lang) for lang in stems):
                    either += [each for lang in stems for each in self._slips(stems[lang][0], lang)]
            yield tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in either])

    def _stems(self, words: tuple[str, ...], lang: str) -> list[str]:
        return [stem for word in words for stem in _analyzer(lang).analyze(word)]

    def _is_known(self, stem: str, lang: str) -> bool:
        return any(self._searcher.doc_freq(f"{part}_{lang}", stem) for part in _WEIGHTS)

    def _whole(self, stems: list[str], lang: str) -> Iterator[tantivy.Query]:
        """A word or phrase in any part."""
        for name, weight in _fields(lang):
            if len(stems) > 1:
                found = tantivy.Query.phrase_query(self._schema, name, list[str | tuple[int, str]](stems))
            else:
                found = tantivy.Query.term_query(self._schema, name, stems[0])
            yield tantivy.Query.boost_query(found, weight)

    def _begun(self, surface: str, lang: str) -> Iterator[tantivy.Query]:
        """The last word as a beginning."""
        for name, weight in _fields(lang):
            yield tantivy.Query.boost_query(tantivy.Query.regex_query(self._schema, name, surface + ".*"), weight)

    def _slips(self, stem: str, lang: str) -> Iterator[tantivy.Query]:
        """A word that stands nowhere, with a slip."""
        for name, weight in _fields(lang):
            yield tantivy.Query.boost_query(tantivy.Query.fuzzy_term_query(self._schema, name, stem), weight)


def _fields(lang: str) -> list[tuple[str, float]]:
    return [(f"{part}_{lang}", weight) for part, weight in _WEIGHTS.items()]
