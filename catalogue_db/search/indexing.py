"""Keeps the search tables in step with the offerings, inside the load's own transaction.

What an offering had in the index is known by reading its old document and its old row once more. Only differences
go further: into counts of words and terms, and into bitmaps. Everything else follows at the end of a load: compounds
of words that came or went, and the bitmaps of terms that became common.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, func, select, update

from catalogue_db import dialects
from catalogue_db.search import bitmaps, parts, stores
from catalogue_db.search.bitmaps import BitmapWriter
from catalogue_db.search.facts import fact_row, values_of
from catalogue_db.search.reading import NOTHING, Indexed, borrowed_reader, give_back, says_the_same
from catalogue_db.search.vocabulary import COMMON, RARE, News, VocabularyWriter
from catalogue_db.tables import feed, offering_document, search_offering, search_term, trust_evidence, trust_statement
from standard.offering import Offering, from_json

Row = dict[str, Any]
T = TypeVar("T")

TERM_KINDS = ("word", "title")
"""Kinds of the bitmaps of a common term: anywhere, in the title."""


class SearchWriter:
    """Collects what is to be indexed, writes it in batches, and at the end of the load what follows from all of it."""

    def __init__(self, connection: Connection, *, stay_common: Collection[str] = ()) -> None:
        """`stay_common`: terms that were common when all was made anew, and stay it unless they became rare."""
        self._connection = connection
        self._stay_common = stay_common
        self._store = stores.store(connection)
        self._reader = borrowed_reader()
        self._vocabulary = VocabularyWriter(connection)
        self._bitmaps = BitmapWriter(connection)
        self._common = _common_terms(connection)
        self._entries: set[Any] = set()
        self._crossed: set[str] = set()
        self._feeds: dict[int, str] = {}
        self._begin()

    def _begin(self) -> None:
        self._leaving: list[int] = []
        self._before: dict[int, tuple[Row, Offering]] = {}
        self._after: dict[int, tuple[Row, Offering]] = {}

    def forget(self, keys: list[int]) -> None:
        """Take offerings out of the index; those that changed are added again.

        Must be called while their old documents are still there.
        """
        if not keys:
            return
        mine = dialects.is_among(self._connection, search_offering.c.key, keys)
        facts = self._connection.execute(select(search_offering).where(mine))
        rows = {row.key: dict(row._mapping) for row in facts}
        documented = dialects.is_among(self._connection, offering_document.c.offering_key, list(rows))
        for row in self._connection.execute(select(offering_document).where(documented)):
            self._before[row.offering_key] = (rows[row.offering_key], from_json(row.document))
        self._leaving += keys
        self._connection.execute(delete(search_offering).where(mine))

    def add(self, key: int, feed_key: int, offering: Offering, row: Row, providers: list[str]) -> None:
        """Index an offering. `row`: its row of ``offering``; `providers`: their organisation_ids."""
        facts = fact_row(key, feed_key, offering, row, providers)
        self._after[key] = (facts, offering)

    def flush(self) -> None:
        """Write the batch."""
        for key, (facts, _indexed) in self._before.items():
            if key in self._after:
                self._after[key][0]["trust_status"] = facts["trust_status"]
        self._flush_texts()
        dialects.bulk_insert(self._connection, search_offering, [facts for facts, _new in self._after.values()])
        for key in self._before.keys() | self._after.keys():
            self._note_values(key)
        _show_trust(self._connection, self._bitmaps, list(self._after))
        self._begin()
        self._bitmaps.flush(only_if_many=True)
        if self._reader.is_full():
            self._flush_words()

    def _flush_texts(self) -> None:
        """Most changes are of dates, prices and places: an offering that says the same stays in the index, unread."""
        both = self._before.keys() & self._after.keys()
        same = {key for key in both if says_the_same(self._before[key][1], self._after[key][1])}
        if gone := [key for key in self._leaving if key not in same]:
            self._store.remove_texts(self._connection, gone)
        for key in self._before.keys() - self._after.keys():
            self._note_texts(key, self._reader.read(self._before[key][1]), NOTHING)
        self._store.add_texts(self._connection, self._lines(key for key in self._after if key not in same))

    def _lines(self, keys: Iterable[int]) -> Iterator[Row]:
        """What is to be indexed of some offerings, read while the database writes; what it means is noted."""
        for key in keys:
            new = self._reader.read(self._after[key][1])
            old = self._reader.read(self._before[key][1]) if key in self._before else NOTHING
            self._note_texts(key, old, new)
            yield {"key": key} | new.lines

    def _note_texts(self, key: int, old: Indexed, new: Indexed) -> None:
        """Note the words an offering has now and did not have before, and the reverse."""
        self._gains(key, new.numbers - old.numbers, new.terms - old.terms, new.titles - old.titles)
        self._loses(key, old.numbers - new.numbers, old.terms - new.terms, old.titles - new.titles)

    def _note_values(self, key: int) -> None:
        """The same for values; the trust status of an offering that stays is looked at apart."""
        was, is_now = (self._values(both[key][0]) if key in both else set() for both in (self._before, self._after))
        if key not in self._after:
            was |= _trust_value(self._before[key][0])
        self._bitmaps.on(key, is_now - was)
        self._bitmaps.off(key, was - is_now)

    def _gains(self, key: int, numbers: set[int], terms: set[str], titles: set[str]) -> None:
        self._vocabulary.note(numbers, terms, titles, gained=True)
        self._bitmaps.on(key, self._term_values(terms, titles))

    def _loses(self, key: int, numbers: set[int], terms: set[str], titles: set[str]) -> None:
        self._vocabulary.note(numbers, terms, titles, gained=False)
        self._bitmaps.off(key, self._term_values(terms, titles))

    def _term_values(self, terms: set[str], titles: set[str]) -> list[tuple[str, str]]:
        if not self._common:
            return []
        found = [("word", term) for term in self._common.intersection(terms)]
        return found + [("title", term) for term in self._common.intersection(titles)]

    def _values(self, facts: Row) -> set[tuple[str, str]]:
        key = facts["feed_key"]
        if key not in self._feeds:
            self._feeds[key] = self._connection.execute(select(feed.c.name).where(feed.c.key == key)).scalar_one()
        return values_of(facts, self._feeds[key])

    def _flush_words(self) -> None:
        news: News = self._vocabulary.flush(self._reader.lexicon.entries)
        if self._reader.is_full():
            self._reader.forget()
        self._entries |= news.entries
        self._crossed |= news.crossed

    def finish(self) -> None:
        """Write what follows from the load as a whole. Nothing may be added afterwards."""
        self._flush_words()
        give_back(self._reader)
        parts.write(self._connection, self._entries)
        self._bitmaps.flush()
        self._demote()
        self._promote()
        self._store.tidy(self._connection)

    def _demote(self) -> None:
        """Common terms that became rare lose their bitmaps."""
        gone = self._common - _common_terms(self._connection)  # no offering has them any more
        gone |= {row.term for row in self._counted(self._crossed) if row.common and row.documents < RARE}
        bitmaps.forget(self._connection, TERM_KINDS, gone)
        self._mark(gone, False)

    def _promote(self) -> None:
        """Terms that became common get their bitmaps: asked of the index one by one, or made in one pass over all."""
        found = {
            row.term: int(row.documents)
            for row in self._counted(self._crossed.union(self._stay_common))
            if not row.common and row.documents > (RARE - 1 if row.term in self._stay_common else COMMON)
        }
        if found:
            self._give_bitmaps(found)
            self._mark(found, True)

    def _give_bitmaps(self, found: dict[str, int]) -> None:
        """Make the bitmaps of terms from the index. `found`: in how many offerings each is."""
        everything = self._connection.execute(select(func.count()).select_from(search_offering)).scalar_one()
        if sum(found.values()) < self._store.HITS_PER_DOCUMENT * int(everything):
            self._ask(found)
        else:
            self._read_all(set(found))
        self._bitmaps.flush()

    def _counted(self, terms: Iterable[str]) -> Iterator[Any]:
        for some in _pieces(terms):
            yield from self._connection.execute(select(search_term).where(search_term.c.term.in_(some)))

    def _ask(self, terms: Iterable[str]) -> None:
        for term in sorted(terms):
            for kind in TERM_KINDS:
                for key in self._store.keys_with(self._connection, term, in_title=kind == "title"):
                    self._bitmaps.on(key, [(kind, term)])
            self._bitmaps.flush(only_if_many=True)

    def _read_all(self, terms: set[str]) -> None:
        chunk = 0
        for key, titles, all_terms in self._store.terms_in_order(self._connection):
            if key >> bitmaps.CHUNK_BITS != chunk:
                self._bitmaps.flush()
                chunk = key >> bitmaps.CHUNK_BITS
            self._bitmaps.on(key, [("word", term) for term in terms.intersection(all_terms)])
            self._bitmaps.on(key, [("title", term) for term in terms.intersection(titles)])

    def _mark(self, terms: Iterable[str], common: bool) -> None:
        for some in _pieces(terms):
            self._connection.execute(update(search_term).where(search_term.c.term.in_(some)).values(common=common))


def _pieces(several: Iterable[T]) -> Iterator[list[T]]:
    """Values in pieces that fit into a condition."""
    stream = iter(several)
    while piece := list(islice(stream, 1000)):
        yield piece


def _common_terms(connection: Connection) -> set[str]:
    return set(connection.execute(select(search_term.c.term).where(search_term.c.common.is_(True))).scalars())


def _trust_value(facts: Row) -> set[tuple[str, str]]:
    return {("trust", facts["trust_status"])} if facts["trust_status"] else set()


def show_trust(connection: Connection) -> None:
    """Bring the trust status of all offerings in step with who signs them."""
    writer = BitmapWriter(connection)
    _show_trust(connection, writer, None)
    writer.flush()


def _show_trust(connection: Connection, writer: BitmapWriter, keys: list[int] | None) -> None:
    """The same for some offerings (None: all): only what differs is written."""
    current = (
        select(trust_evidence.c.status)
        .join(trust_statement, trust_statement.c.evidence_key == trust_evidence.c.key)
        .where(
            trust_statement.c.offering_key == search_offering.c.key,
            trust_statement.c.role == "awarding_body",
            trust_statement.c.said_to.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    differs = search_offering.c.trust_status.is_distinct_from(current)
    if keys is not None:
        differs = dialects.is_among(connection, search_offering.c.key, keys) & differs
    query = select(search_offering.c.key, search_offering.c.trust_status, current.label("status")).where(differs)
    news: dict[str | None, list[int]] = {}
    for key, before, status in connection.execute(query):
        writer.off(key, [("trust", before)] if before else [])
        writer.on(key, [("trust", status)] if status else [])
        news.setdefault(status, []).append(key)
    for status, several in news.items():
        for some in _pieces(several):
            change = update(search_offering).where(dialects.is_among(connection, search_offering.c.key, some))
            connection.execute(change.values(trust_status=status))
