"""Tantivy, a search engine of its own, fed with the same documents: what search could cost outside the database.

It gets texts already folded and stemmed by our own code, and is told the language of each query, so that nothing but
the engine is compared. Field weights, filters, facets and the number of results are those of our search.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tantivy

from benchmarks.queries import Query
from catalogue_db.search import words
from catalogue_db.search.facts import ects_band
from catalogue_db.search.query import parse
from standard.offering import Offering

_WEIGHTS = {"title": 10.0, "outcomes": 4.0, "provider": 3.0, "keywords": 3.0, "description": 1.0}
_FACETS = ("mode", "field", "language", "taught_by", "ects", "month")
_SHOWN = 20


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in _WEIGHTS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in _FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("level", fast=True, indexed=True)
    builder.add_float_field("credits", fast=True, indexed=True)
    builder.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def build(folder: Path, stream: Iterable[Offering]) -> None:
    """Index offerings into a folder, made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    _know_words(index)
    writer = index.writer(heap_size=512_000_000, num_threads=1)
    for one in stream:
        writer.add_document(_document(one))
    writer.commit()
    writer.wait_merging_threads()


def _know_words(index: tantivy.Index) -> None:
    index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def _document(one: Offering) -> tantivy.Document:
    lines = dict(_lines(one))
    month = (one.instances[0].start or "")[:7]
    facets = {"mode": one.modes, "field": one.fields, "language": one.languages, "month": [month]}
    credit = (one.workload and one.workload.ects) or 0.0
    facets |= {"taught_by": [one.providers[0].name["en"]], "ects": [ects_band(credit) or ""]}
    title = next(iter(one.title.values()))
    return tantivy.Document(
        **lines,
        **facets,
        level=[(one.level and one.level.eqf) or 0],
        credits=[credit],
        shown=[f"{one.offering_id}\t{title}"],
    )


def _lines(one: Offering) -> Iterator[tuple[str, list[str]]]:
    language = words.stemming_language(next(iter(one.title)))
    made = _STEMS.setdefault(language, words.Stems(language))
    yield "title", [made.line(text) for text in one.title.values()]
    yield "outcomes", [made.line(text) for each in one.learning_outcomes for text in each.text.values()]
    yield "provider", [_STEMS.setdefault("en", words.Stems("en")).line(each.name["en"]) for each in one.providers]
    yield "keywords", [made.line(keyword) for keyword in one.keywords]
    yield "description", [made.line(text) for text in one.description.values()]


_STEMS: dict[str, words.Stems] = {}


class TantivySearch:
    """Searches an index made by `build`."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        _know_words(self._index)
        self._index.reload()
        self._searcher = self._index.searcher()
        self._schema = self._index.schema

    def __call__(self, query: Query) -> int:
        """Run a query and read what a page shows; return how many offerings it found."""
        asked = self._query(query)
        found = self._searcher.search(asked, limit=_SHOWN, count=True)
        for _score, address in found.hits:
            self._searcher.doc(address)
        if query.facets:
            self._searcher.aggregate(asked, {name: {"terms": {"field": name, "size": 100}} for name in _FACETS})
        return int(getattr(found, "count", 0) or 0)  # its type stub does not know the attribute

    def _query(self, query: Query) -> tantivy.Query:
        language = words.stemming_language(query.lang)
        terms = parse(query.text).wanted
        parts = [(tantivy.Occur.Must, self._term(term.words, term.begun, language)) for term in terms]
        parts += [(tantivy.Occur.Must, each) for each in self._filters(query.filters)]
        return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.all_query()

    def _filters(self, filters: dict[str, Any]) -> Iterator[tantivy.Query]:
        if "levels" in filters:
            yield tantivy.Query.term_set_query(self._schema, "level", filters["levels"])
        if "modes" in filters:
            yield tantivy.Query.term_set_query(self._schema, "mode", filters["modes"])
        if "max_ects" in filters:
            most = float(filters["max_ects"])
            yield tantivy.Query.range_query(self._schema, "credits", tantivy.FieldType.Float, None, most)

    def _term(self, several: tuple[str, ...], begun: bool, language: str) -> tantivy.Query:
        """One word or phrase in any field; the last word also as a beginning; an unknown one with a slip."""
        stemmed: list[str | tuple[int, str]] = [words.stems(word, language)[0] for word in several]
        whole = [
            (name, tantivy.Query.phrase_query(self._schema, name, stemmed))
            if len(stemmed) > 1
            else (name, tantivy.Query.term_query(self._schema, name, stemmed[0]))
            for name in _WEIGHTS
        ]
        if len(stemmed) == 1:
            known = any(self._searcher.doc_freq(name, stemmed[0]) for name in _WEIGHTS)
            surface = " ".join(words.folded(several[0]))
            if begun:
                whole += [(name, tantivy.Query.regex_query(self._schema, name, surface + ".*")) for name in _WEIGHTS]
            if not known and len(surface) >= 5:
                whole += [
                    (name, tantivy.Query.fuzzy_term_query(self._schema, name, str(stemmed[0]))) for name in _WEIGHTS
                ]
        either = [(tantivy.Occur.Should, tantivy.Query.boost_query(one, _WEIGHTS[name])) for name, one in whole]
        return tantivy.Query.boolean_query(either)
