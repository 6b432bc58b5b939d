"""What holds for any sequence of candidates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from catalogue_db import dialects
from catalogue_db.changes import read_changes
from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from catalogue_db.offerings import catalogue_at, document_at, get_offering, live_offerings
from catalogue_db.search.words import split
from standard.offering import Offering, offering_id, to_json
from standard.verdict import JudgedRecord
from tests.catalogue_db.asking import found, rows
from tests.offerings import a_candidate, accepted, an_offering, rejected
from tests.postgres import FreshCatalogue

START = datetime(2026, 1, 1, tzinfo=UTC)
small = settings(max_examples=12, deadline=None)

titles = st.sampled_from(["Law", "Data literacy", "Künstliche Intelligenz", "Hållbarhet", "Soil"])
records = st.one_of(
    st.builds(lambda number, title: accepted(an_offering(f"c{number}", title=title)), st.integers(0, 6), titles),
    st.builds(lambda number: rejected(f"c{number}"), st.integers(0, 6)),
)
batches = st.lists(records, max_size=7, unique_by=lambda judged: judged.source_id)
feeds = st.lists(batches, min_size=1, max_size=5)


@contextmanager
def a_catalogue(fresh: FreshCatalogue) -> Iterator[Engine]:
    with fresh() as url:
        engine = open_catalogue(url)
        yield engine
        engine.dispose()


def accepted_of(batch: list[JudgedRecord]) -> dict[str, Offering]:
    return {each.offering.offering_id: each.offering for each in batch if each.offering is not None}


@given(feeds)
@small
def test_what_is_live_is_what_was_last_accepted(
    fresh_catalogue: FreshCatalogue, sequence: list[list[JudgedRecord]]
) -> None:
    with a_catalogue(fresh_catalogue) as engine:
        for batch in sequence:
            report = load_candidate(engine, a_candidate(batch))
            assert report.new + report.changed + report.unchanged == len(accepted_of(batch))
        expected = accepted_of(sequence[-1])
        assert live_offerings(engine) == sorted(expected)
        for identity, offering in expected.items():
            stored = get_offering(engine, identity)
            assert stored is not None
            assert stored.offering == offering
        with engine.connect() as connection, dialects.write_transaction(connection):
            assert dialects.check_index(connection)
        check_children(engine, expected)


def check_children(engine: Engine, expected: dict[str, Offering]) -> None:
    """Texts and search rows are exactly those of the live offerings."""
    texts = rows(
        engine,
        "SELECT t.offering_id, t.text FROM v1_offering_texts t JOIN v1_offerings o ON o.offering_id = t.offering_id "
        "WHERE t.kind = 'title' AND o.status = 'live'",
    )
    assert {(row["offering_id"], row["text"]) for row in texts} == {
        (identity, offering.title["en"]) for identity, offering in expected.items()
    }
    assert {row["offering_id"] for row in rows(engine, "SELECT offering_id FROM search_offering")} == set(expected)


@given(feeds, st.integers(1, 4))
@small
def test_the_change_log_replayed_from_nothing_gives_the_catalogue(
    fresh_catalogue: FreshCatalogue, sequence: list[list[JudgedRecord]], page: int
) -> None:
    with a_catalogue(fresh_catalogue) as engine:
        for day, batch in enumerate(sequence):
            load_candidate(engine, a_candidate(batch), now=START + timedelta(days=day))
        replayed: dict[str, bytes | None] = {}
        cursor, more = 0, True
        while more:
            part = read_changes(engine, cursor, page)
            assert [change.cursor for change in part.changes] == sorted(change.cursor for change in part.changes)
            for change in part.changes:
                check_kind(change.kind, change.offering_id in replayed, replayed.get(change.offering_id) is not None)
                at = datetime.fromisoformat(change.at)
                replayed[change.offering_id] = document_at(engine, change.offering_id, at)
            cursor, more = part.cursor, part.more
        live = {identity: document for identity, document in replayed.items() if document is not None}
        assert live == {identity: to_json(offering) for identity, offering in accepted_of(sequence[-1]).items()}


def check_kind(kind: str, known: bool, live: bool) -> None:
    """The kind of a change says truly what was before."""
    assert {"inserted": (False, False), "changed": (True, True), "withdrawn": (True, True), "returned": (True, False)}[
        kind
    ] == (known, live)


@given(feeds)
@small
def test_every_past_day_can_be_asked_for(fresh_catalogue: FreshCatalogue, sequence: list[list[JudgedRecord]]) -> None:
    with a_catalogue(fresh_catalogue) as engine:
        for day, batch in enumerate(sequence):
            load_candidate(engine, a_candidate(batch), now=START + timedelta(days=day))
        assert catalogue_at(engine, START - timedelta(seconds=1)) == []
        for day, batch in enumerate(sequence):
            at = START + timedelta(days=day, hours=3)
            expected = accepted_of(batch)
            assert catalogue_at(engine, at) == sorted(expected)
            for number in range(7):
                stored = get_offering(engine, offering_id("north", f"c{number}"), at)
                is_there = stored is not None and stored.status == "live"
                assert is_there == (offering_id("north", f"c{number}") in expected)
                if stored is not None and is_there:
                    assert stored.offering == expected[stored.offering.offering_id]


words = st.text(st.characters(codec="utf-8", categories=["L", "Nd"]), min_size=1, max_size=10)
tags = st.sampled_from(["en", "de", "fi", "fr", "pt", "ru", "el", "hu", "und", "ja", "sv-FI"])
any_titles = st.lists(words, min_size=1, max_size=6).map(" ".join)


@given(st.lists(st.tuples(tags, any_titles), min_size=1, max_size=6))
@small
def test_every_live_offering_is_found_by_its_own_title(
    fresh_sqlite: FreshCatalogue, given_titles: list[tuple[str, str]]
) -> None:
    offerings = [an_offering(f"c{n}", title={tag: title}) for n, (tag, title) in enumerate(given_titles)]
    with a_catalogue(fresh_sqlite) as engine:
        load_candidate(engine, a_candidate(offerings))
        for _tag, title in given_titles:
            assert title in found(engine, title)
            assert title in found(engine, title, last_word_begun=False)
            assert title in found(engine, title.upper()) or title.upper().casefold() != title.casefold()
            quoted = '"' + title + '"'
            assert title in found(engine, quoted) or not split(title)
