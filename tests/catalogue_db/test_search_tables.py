"""Whatever is loaded, changed, withdrawn or returned: the search tables are what making them anew gives."""

from __future__ import annotations

import unicodedata
from array import array
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from catalogue_db import dialects, migrations
from catalogue_db.load import load_candidate
from catalogue_db.search import bitmaps, indexing, rebuilding, store_postgres, store_sqlite, vocabulary
from catalogue_db.tables import search_bitmap, search_part, search_term, search_word
from catalogue_db.trust.recompute import recompute
from standard.offering import LearningOutcome, Level, Offering, Organisation, Stackability, Workload
from tests.catalogue_db.asking import rows
from tests.catalogue_db.search_tables import assert_as_made_anew, bits, search_rows
from tests.catalogue_db.test_properties import a_catalogue
from tests.offerings import a_candidate, an_instance, an_offering
from tests.postgres import FreshCatalogue

TITLES = [
    {"en": "Data protection law"},
    {"de": "Datenschutz"},
    {"de": "Datenschutzrecht für Unternehmen"},
    {"de": "Das Recht der Daten", "en": "The law of data"},
    {"de": "Schutz", "nl": "Gegevensbescherming"},
    {"nl": "Bescherming van gegevens"},
    {"fi": "Tietosuoja ja koulutus"},
    {"sv": "Hållbar utveckling"},
    {"sv": "Utvecklingsarbete", "fi": "tieto"},
    {"pt": "Educações abertas"},
    {"und": "½ ℌ x1y2"},
    {"en": "data data data"},
]
PROVIDERS = [Organisation(name={"en": "North"}), Organisation(name={"de": "Hochschule Süd"}, country="DE")]


def offerings(number: int, which: tuple[int, int, int, int]) -> Offering:
    """One of many quite different offerings."""
    title, text, facts, people = which
    return an_offering(
        f"c{number}",
        title=TITLES[title],
        description=TITLES[text],
        keywords=["data", "Recht"][: facts % 3],
        workload=Workload(ects=[1, 2.5, 30][facts % 3]) if facts % 4 else None,
        level=Level(eqf=5 + facts % 3),
        region=[None, "FI1B1", "DE21"][facts % 3],
        stackability=[None, Stackability(stackable=True), Stackability(stackable=False)][facts % 3],
        fields=["0611", "0421"][: facts % 3],
        modes=["online", "onsite"][: people + 1],
        languages=["en-GB", "de"][: people + 1],
        providers=PROVIDERS[: people + 1],
        instances=[
            an_instance(1, amount=float(facts % 2), start=f"2026-0{1 + facts}-15", enrolment_closes="2026-03-01"),
        ][: facts % 2],
    )


numbers = st.integers(0, 5)
kinds = st.tuples(st.integers(0, len(TITLES) - 1), st.integers(0, len(TITLES) - 1), numbers, st.integers(0, 1))
batches = st.dictionaries(numbers, kinds, max_size=6)


def test_a_load_a_change_a_withdrawal_and_a_return_leave_what_making_anew_gives(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    thresholds(monkeypatch, common=1, rare=1)
    first = [offerings(number, (number, number + 1, number % 6, number % 2)) for number in range(8)]
    changed = [offerings(number, (number + 3, number, 5 - number % 6, number % 2)) for number in range(4)]
    for batch in (first, changed, first[2:], [], first):
        load_candidate(engine, a_candidate(batch))
        assert_as_made_anew(engine)


def test_the_bits_of_a_value_are_the_offerings_that_have_it(engine: Engine) -> None:
    load_candidate(engine, a_candidate([offerings(number, (number, 0, number, number % 2)) for number in range(6)]))
    keys = {row["source_id"]: row["key"] for row in rows(engine, "SELECT source_id, key FROM offering")}
    assert bits(engine, "live", "") == set(keys.values())
    assert bits(engine, "feed", "north") == set(keys.values())
    assert bits(engine, "mode", "onsite") == {keys["c1"], keys["c3"], keys["c5"]}
    assert bits(engine, "language", "en") == bits(engine, "language", "en-GB") == set(keys.values())
    assert bits(engine, "field", "06") == bits(engine, "field", "0611") == {keys[f"c{n}"] for n in (1, 2, 4, 5)}
    assert bits(engine, "field", "042") == {keys["c2"], keys["c5"]}
    assert bits(engine, "region", "FI1") == {keys["c1"], keys["c4"]}
    assert bits(engine, "stackable", "false") == {keys["c2"], keys["c5"]}
    assert bits(engine, "credits", "2.5") == {keys["c1"]}
    assert bits(engine, "level", "5") == {keys["c0"], keys["c3"]}
    assert bits(engine, "start", "2026-04") == {keys["c3"]}
    assert bits(engine, "mode", "nowhere") == set()


def test_keys_beyond_one_chunk_have_bits_in_their_own(engine: Engine) -> None:
    with engine.connect() as connection, dialects.write_transaction(connection):
        writer = bitmaps.BitmapWriter(connection)
        for key in (0, 7, 65_535, 65_536, 200_000):
            writer.on(key, [("live", "")])
        writer.flush()
        writer.off(65_536, [("live", "")])
        writer.off(7, [("live", "")])
        writer.on(8, [("live", "")])
        writer.flush()
    assert bits(engine, "live", "") == {0, 8, 65_535, 200_000}
    assert [row["chunk"] for row in rows(engine, "SELECT chunk FROM search_bitmap ORDER BY chunk")] == [0, 3]


@given(st.sets(st.integers(0, bitmaps.BITS - 1), max_size=3000))
@settings(max_examples=20, deadline=None)
def test_packed_bits_are_in_the_order_of_get_bit(lows: set[int]) -> None:
    given_bits = bitmaps.packed(array("H", lows))
    assert {low for low in range(bitmaps.BITS) if given_bits[low >> 3] & (0x80 >> (low & 7))} == lows


def test_many_bits_are_packed_as_few_are() -> None:
    lows = array("H", range(0, bitmaps.BITS, 3))
    assert len(lows) > 2_000
    assert int.from_bytes(bitmaps.packed(lows), "big") == sum(1 << (bitmaps.BITS - 1 - low) for low in lows)


@pytest.mark.parametrize("asking", [0, 1_000_000], ids=["all read", "asked"])
def test_a_term_is_common_from_a_number_of_offerings_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, asking: int
) -> None:
    thresholds(monkeypatch, common=3, rare=2)
    for store in (store_postgres, store_sqlite):
        monkeypatch.setattr(store, "HITS_PER_DOCUMENT", asking)
    law = [an_offering(f"l{number}", title="Law", description={"en": "soil"}) for number in range(4)]
    soil = [an_offering(f"s{number}", title="Soil", description={}) for number in range(2)]
    load_candidate(engine, a_candidate([*law[:3], *soil]))
    assert term(engine, "law") == (3, 3, False)
    assert bits(engine, "word", "law") == set()
    load_candidate(engine, a_candidate([*law, *soil]))
    assert term(engine, "law") == (4, 4, True)
    assert term(engine, "soil") == (6, 2, True)
    keys = {row["title"]: row["number"] for row in rows(engine, COUNTED)}
    assert len(bits(engine, "title", "law")) == keys["Law"] == 4
    assert len(bits(engine, "word", "soil")) == 6
    assert len(bits(engine, "title", "soil")) == 2
    load_candidate(engine, a_candidate([*law[:2], *soil]))
    assert term(engine, "law") == (2, 2, True)
    assert len(bits(engine, "word", "law")) == 2
    load_candidate(engine, a_candidate([law[0], *soil]))
    assert term(engine, "law") == (1, 1, False)
    assert bits(engine, "word", "law") == set()
    assert_as_made_anew(engine)
    load_candidate(engine, a_candidate([]))
    assert term(engine, "law") is None
    assert [name for name, found in search_rows(engine).items() if found] == []


COUNTED = "SELECT title, count(*) AS number FROM offering WHERE status = 'live' GROUP BY title"


def term(engine: Engine, name: str) -> tuple[int, int, bool] | None:
    """Offerings that have a term, those that have it in the title, and whether it is common."""
    with engine.connect() as connection:
        row = connection.execute(select(search_term).where(search_term.c.term == name)).first()
    return None if row is None else (row.documents, row.titles, row.common)


def test_words_are_kept_with_language_term_and_weight_and_backwards(engine: Engine) -> None:
    courses = [an_offering(f"p{n}", title={"en": "Programming", "de": "Programme"}) for n in range(9)]
    load_candidate(engine, a_candidate(courses))
    with engine.connect() as connection:
        query = select(search_word).where(search_word.c.word.startswith("program"))
        found = {tuple(row) for row in connection.execute(query)}
        english = ("programming", "en", "program", 3, 9, "gnimmargorp")
        german = ("programme", "de", "programm", 3, 9, "emmargorp")
        assert found == {english, german}
    load_candidate(engine, a_candidate([*courses[:3], an_offering("q", title={"en": "Programs"})]))
    with engine.connect() as connection:
        found = {tuple(row) for row in connection.execute(query)}
    assert found == {
        ("programming", "en", "program", 2, 3, "gnimmargorp"),
        ("programs", "en", "program", 2, 1, "smargorp"),
        ("programme", "de", "programm", 1, 3, "emmargorp"),
    }


def test_trust_is_shown_by_bits_as_it_changes(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering(f"c{number}") for number in range(3)]))
    keys = {row["key"] for row in rows(engine, "SELECT key FROM offering")}
    recompute(engine, today=date(2026, 3, 1), now=datetime(2026, 3, 1, 12, tzinfo=UTC))
    status = rows(engine, "SELECT DISTINCT trust_status FROM search_offering")[0]["trust_status"]
    assert bits(engine, "trust", status) == keys
    assert_as_made_anew(engine)
    assert bits(engine, "trust", status) == keys
    changed = [an_offering("c0", title="Changed"), *(an_offering(f"c{number}") for number in range(1, 3))]
    load_candidate(engine, a_candidate(changed))
    assert bits(engine, "trust", status) == keys
    load_candidate(engine, a_candidate(changed[:1]))
    assert len(bits(engine, "trust", status)) == 1
    assert_as_made_anew(engine)
    load_candidate(engine, a_candidate(changed))
    assert_as_made_anew(engine)


def test_an_index_made_by_other_rules_is_made_anew_by_the_next_upgrade(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_candidate(engine, a_candidate([an_offering("a", title="Law")]))
    before = search_rows(engine)
    with engine.connect() as connection, dialects.write_transaction(connection):
        connection.execute(delete(search_word))
        connection.execute(delete(search_bitmap))
    monkeypatch.setattr(rebuilding, "INDEX_VERSION", 0)
    migrations.shape.cache_clear()
    migrations.upgrade(engine)
    assert search_rows(engine) == before
    migrations.shape.cache_clear()


def test_another_python_with_a_newer_unicode_leaves_the_index_as_it_is(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unicodedata, "unidata_version", "99.0.0")
    migrations.shape.cache_clear()
    try:
        assert migrations.status(engine).up_to_date
    finally:
        migrations.shape.cache_clear()


COMPOUNDS = [
    ({"de": "Datenschutzgrundverordnung"}, {"de": "Daten Schutz Grund Verordnung"}),
    ({"nl": "Gegevensbescherming"}, {"nl": "gegevens bescherming"}),
    ({"fi": "Tietosuojakoulutus"}, {"fi": "tieto suoja koulutus"}),
    ({"sv": "Utvecklingsarbete"}, {"sv": "utveckling arbete"}),
]


@pytest.mark.parametrize("compound_first", [True, False])
def test_a_compound_is_found_by_its_words_in_whatever_order_they_came(engine: Engine, compound_first: bool) -> None:
    whole = [an_offering(f"w{n}", title=title, description={}) for n, (title, _parts) in enumerate(COMPOUNDS)]
    apart = [an_offering(f"p{n}", title=title, description={}) for n, (_whole, title) in enumerate(COMPOUNDS)]
    load_candidate(engine, a_candidate(whole if compound_first else apart))
    assert found_parts(engine) == {}
    load_candidate(engine, a_candidate([*whole, *apart]))
    assert found_parts(engine) == {
        "datenschutzgrundverordn": {"dat", "schutz", "grund", "verordn"},
        "gegevensbescherm": {"gegeven", "bescherm"},
        "tietosuojakoulutus": {"tieto", "suoja", "koulutus"},
        "utvecklingsarbet": {"utveckling", "arbet"},
    }
    load_candidate(engine, a_candidate(whole))
    assert found_parts(engine) == {}


def found_parts(engine: Engine) -> dict[str, set[str]]:
    """Compound → parts, as terms."""
    with engine.connect() as connection:
        found: dict[str, set[str]] = {}
        for row in connection.execute(select(search_part)):
            found.setdefault(row.term, set()).add(row.part)
    return found


@given(st.lists(batches, min_size=1, max_size=5), st.integers(1, 3), st.integers(0, 2))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_candidates_leaves_what_making_anew_gives(
    fresh_catalogue: FreshCatalogue, sequence: list[dict[int, Any]], common: int, hysteresis: int
) -> None:
    with a_catalogue(fresh_catalogue) as engine, pytest.MonkeyPatch.context() as patch:
        thresholds(patch, common, max(0, common - hysteresis))
        for batch in sequence:
            load_candidate(engine, a_candidate([offerings(*item) for item in batch.items()]))
        assert_as_made_anew(engine)


def thresholds(patch: pytest.MonkeyPatch, common: int, rare: int) -> None:
    """Let terms be common that occur in few offerings."""
    for module in (vocabulary, indexing):
        patch.setattr(module, "COMMON", common)
        patch.setattr(module, "RARE", rare)


@pytest.mark.parametrize(
    "news",
    [
        {"title": {"en": "Soil law"}},
        {"title": {"de": "Soil science"}},
        {"description": {"en": "Peat"}},
        {"prerequisites": {"en": "Chemistry"}},
        {"assessment": {"en": "Oral examination"}},
        {"learning_outcomes": [LearningOutcome(text={"en": "digs"})]},
        {"keywords": ["mud"]},
        {"languages": ["de"]},
        {"providers": [Organisation(name={"en": "South"})]},
        {"awarding_body": Organisation(name={"en": "West"})},
        {"instances": [an_instance(1, amount=7.0)]},
    ],
    ids=lambda news: next(iter(news)),
)
def test_a_change_in_one_place_leaves_what_making_anew_gives(engine: Engine, news: dict[str, Any]) -> None:
    said: dict[str, Any] = {"title": {"en": "Soil science", "de": "Bodenkunde"}, "keywords": ["ground"]}
    load_candidate(engine, a_candidate([an_offering("a", **said)]))
    load_candidate(engine, a_candidate([an_offering("a", **said | news)]))
    assert_as_made_anew(engine)
