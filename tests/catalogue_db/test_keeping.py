"""What is kept around the offerings: history, organisations, findings, vocabularies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from catalogue_db.candidates import read_candidates
from catalogue_db.feeds import feed_states, mark_stale
from catalogue_db.findings import read_records, source_findings
from catalogue_db.history import versions
from catalogue_db.load import load_candidate
from catalogue_db.offerings import document_at, get_offering
from catalogue_db.vocabulary import VocabularyTerm, write_vocabularies
from standard.offering import Organisation, offering_id, to_json
from standard.vocabularies import vocabulary
from tests.catalogue_db.asking import rows
from tests.offerings import a_candidate, a_finding, accepted, an_offering, rejected

MARCH = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
A = offering_id("north", "a")


# --- history ------------------------------------------------------------------------------------------------------


@pytest.fixture
def storied(engine: Engine) -> Engine:
    """Inserted on 1 March, changed on 11 March, withdrawn on 21 March, back on 31 March (all at noon, UTC)."""
    for day, title in ((0, "First"), (10, "Second"), (20, None), (30, "Third")):
        offerings = [an_offering("b")] + ([an_offering("a", title=title)] if title else [])
        load_candidate(engine, a_candidate(offerings, run_id=f"run {day}"), now=MARCH + timedelta(days=day))
    return engine


@pytest.mark.parametrize(
    ("as_of", "title", "status"),
    [
        (date(2026, 3, 1), "First", "live"),
        (date(2026, 3, 10), "First", "live"),
        (MARCH + timedelta(days=10, seconds=-1), "First", "live"),
        (MARCH + timedelta(days=10), "Second", "live"),
        (date(2026, 3, 11), "Second", "live"),
        (date(2026, 3, 25), "Second", "withdrawn"),
        (date(2026, 4, 1), "Third", "live"),
        (None, "Third", "live"),
    ],
)
def test_what_the_catalogue_said_on_a_day(storied: Engine, as_of: date | None, title: str, status: str) -> None:
    stored = get_offering(storied, A, as_of)
    assert stored is not None
    assert (stored.offering.title["en"], stored.status) == (title, status)


def test_before_it_was_there_nothing_was_said(storied: Engine) -> None:
    assert get_offering(storied, A, date(2026, 2, 28)) is None
    assert get_offering(storied, A, MARCH - timedelta(seconds=1)) is None
    assert get_offering(storied, "north-unknown") is None
    assert document_at(storied, "north-unknown", MARCH) is None


def test_a_past_withdrawal_keeps_its_time_and_reason(storied: Engine) -> None:
    stored = get_offering(storied, A, date(2026, 3, 25))
    assert stored is not None
    assert (stored.withdrawn_at, stored.withdrawn_reason) == ("2026-03-21T12:00:00.000000Z", "left the feed")


def test_every_version_says_what_made_it(storied: Engine) -> None:
    kept = versions(storied, A)
    assert [(each.number, each.run_id) for each in kept] == [(1, "run 0"), (2, "run 10"), (3, "run 30")]
    assert [each.valid_to for each in kept] == ["2026-03-11T12:00:00.000000Z", "2026-03-21T12:00:00.000000Z", None]
    assert kept[2].valid_from == "2026-03-31T12:00:00.000000Z"


def test_a_past_document_is_the_same_to_the_byte(storied: Engine) -> None:
    assert document_at(storied, A, date(2026, 3, 5)) == to_json(an_offering("a", title="First"))
    assert document_at(storied, A, date(2026, 3, 25)) is None


def test_a_moment_must_say_its_offset(storied: Engine) -> None:
    with pytest.raises(ValueError, match="offset"):
        get_offering(storied, A, datetime(2026, 3, 1))  # noqa: DTZ001 - that is the point


# --- organisations ------------------------------------------------------------------------------------------------


def organisation(name: str, country: str | None = "FI", **identifiers: str) -> Organisation:
    return Organisation(name={"en": name}, identifiers=identifiers, country=country)


def load_providers(engine: Engine, *providers: Organisation) -> list[str]:
    """Load one offering per provider; return the provider_id of each."""
    offerings = [an_offering(f"o{n}", providers=[each], awarding_body=None) for n, each in enumerate(providers)]
    load_candidate(engine, a_candidate(offerings))
    found = rows(engine, "SELECT source_id, provider_id FROM v1_offerings ORDER BY source_id")
    return [str(row["provider_id"]) for row in found]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (organisation("North", ror="1"), organisation("Other name", ror="1"), True),
        (organisation("North", ror="1", schac="n"), organisation("North U", schac="n"), True),
        (organisation("North University"), organisation("NORTH  university"), True),
        (organisation("North-University"), organisation("North University"), True),
        (organisation("North", ror="1"), organisation("North"), True),
        (organisation("North", ror="1"), organisation("North", pic="9"), True),
        (organisation("North", ror="1"), organisation("North", ror="2"), False),
        (organisation("North", "FI"), organisation("North", "SE"), False),
        (organisation("North"), organisation("South"), False),
        (organisation("École"), organisation("Ecole"), False),
    ],
)
def test_when_two_are_the_same(engine: Engine, first: Organisation, second: Organisation, same: bool) -> None:
    one, other = load_providers(engine, first, second)
    assert (one == other) == same


def test_what_is_known_of_an_organisation_grows(engine: Engine) -> None:
    load_providers(engine, organisation("North", ror="1"))
    finnish = Organisation(
        name={"fi": "Pohjoinen"}, identifiers={"ror": "1", "pic": "9"}, country="FI", homepage="https://n.example"
    )
    load_providers(engine, finnish)
    assert rows(engine, "SELECT name, names, homepage FROM v1_providers") == [
        {"name": "North", "names": '{"en":"North","fi":"Pohjoinen"}', "homepage": "https://n.example"}
    ]
    kinds = rows(engine, "SELECT scheme, identifier FROM v1_provider_identifiers ORDER BY scheme")
    assert kinds == [{"scheme": "pic", "identifier": "9"}, {"scheme": "ror", "identifier": "1"}]


def test_an_organisation_keeps_its_identifier_over_loads_and_feeds(engine: Engine) -> None:
    (first,) = load_providers(engine, organisation("North", ror="1"))
    south = [an_offering("z", feed="south", providers=[organisation("N", ror="1")], awarding_body=None)]
    load_candidate(engine, a_candidate(south, feed="south"))
    ids = rows(engine, "SELECT DISTINCT provider_id FROM v1_offerings")
    assert ids == [{"provider_id": first}]


# --- findings -----------------------------------------------------------------------------------------------------


def test_the_latest_judgement_of_every_record_is_kept(engine: Engine) -> None:
    missing = a_finding("MC06-WORKLOAD-MISSING", value=0, path="list#/a/ects", source_id="a")
    load_candidate(engine, a_candidate([accepted(an_offering("a"), missing), rejected("b")]))
    kept = {each.source_id: each for each in read_records(engine, "north")}
    assert kept["a"].findings == [missing]
    assert kept["b"].verdict == "rejected"
    assert [finding.code for finding in kept["b"].findings] == ["MC02-TITLE-MISSING"]
    assert [each.source_id for each in read_records(engine, "north", verdict="rejected")] == ["b"]
    assert [each.source_id for each in read_records(engine, "north", code="MC06-WORKLOAD-MISSING")] == ["a"]


def test_findings_that_were_mended_are_gone_though_the_offering_is_unchanged(engine: Engine) -> None:
    load_candidate(engine, a_candidate([accepted(an_offering("a"), a_finding()), rejected("b")]))
    report = load_candidate(engine, a_candidate([an_offering("a")]))
    assert report.status == "unchanged"
    assert [(each.source_id, each.findings) for each in read_records(engine, "north")] == [("a", [])]
    assert rows(engine, "SELECT * FROM finding") == []


def test_a_record_without_identifier_is_known_by_its_path(engine: Engine) -> None:
    nameless = rejected("x")
    nameless = type(nameless)(path="list#/7", verdict="rejected", findings=[a_finding("MC00-ID-MISSING", "blocks")])
    load_candidate(engine, a_candidate([an_offering("a"), nameless, nameless]))
    paths = [(each.path, each.source_id) for each in read_records(engine, "north", verdict="rejected")]
    assert paths == [("list#/7", None), ("list#/7", None)]


def test_an_offering_shows_its_findings(engine: Engine) -> None:
    finding = a_finding(source_id="a")
    load_candidate(engine, a_candidate([accepted(an_offering("a"), finding)]))
    stored = get_offering(engine, A)
    assert stored is not None
    assert stored.findings == [finding]


def test_findings_of_the_whole_source(engine: Engine) -> None:
    finding = a_finding("MC00-SOURCE-TRUNCATED", "informs")
    load_candidate(engine, a_candidate([an_offering("a")], source_findings=[finding]))
    assert source_findings(engine, "north") == [finding]
    load_candidate(engine, a_candidate([an_offering("a")]))
    assert source_findings(engine, "north") == []
    assert source_findings(engine, "unknown") == []


def test_a_candidate_counts_its_findings_by_code(engine: Engine) -> None:
    twice = accepted(an_offering("a"), a_finding(), a_finding())
    source = [a_finding("MC00-SOURCE-TRUNCATED", "informs")]
    load_candidate(engine, a_candidate([twice, accepted(an_offering("b"), a_finding())], source_findings=source))
    counted = [(each.code, each.records, each.findings) for each in read_candidates(engine, "north")[0].findings]
    assert counted == [("MC00-SOURCE-TRUNCATED", 0, 1), ("MC06-WORKLOAD-MISSING", 2, 3)]


# --- feeds and vocabularies ---------------------------------------------------------------------------------------


def test_feeds_say_how_fresh_they_are(engine: Engine) -> None:
    load_candidate(engine, a_candidate([an_offering("a"), an_offering("b")]), now=MARCH)
    load_candidate(engine, a_candidate([an_offering("a")]), now=MARCH)
    (state,) = feed_states(engine)
    assert (state.name, state.live, state.withdrawn, state.stale_since) == ("north", 1, 1, None)
    assert state.last_confirmed == "2026-03-01T12:00:00.000000Z"


def test_the_beginning_of_staleness_is_kept_and_a_load_ends_it(engine: Engine) -> None:
    candidate = a_candidate([an_offering("a")])
    load_candidate(engine, candidate)
    mark_stale(engine, "north", "Time-out.", now=MARCH)
    mark_stale(engine, "north", "Server error.", now=MARCH + timedelta(days=1))
    (state,) = feed_states(engine)
    assert (state.stale_since, state.stale_reason) == ("2026-03-01T12:00:00.000000Z", "Server error.")
    load_candidate(engine, candidate)
    assert feed_states(engine)[0].stale_since is None


def test_a_feed_nobody_knows_cannot_become_stale(engine: Engine) -> None:
    assert not mark_stale(engine, "nowhere", "Time-out.")
    assert feed_states(engine) == []


def test_the_code_lists_of_the_standard_are_there_from_the_beginning(engine: Engine) -> None:
    shown = rows(engine, "SELECT label, address FROM v1_vocabulary WHERE vocabulary = 'modes' AND code = 'online'")
    assert any(row["address"] == vocabulary("modes").address("online") for row in shown)
    lists = {row["vocabulary"] for row in rows(engine, "SELECT DISTINCT vocabulary FROM v1_vocabulary")}
    assert lists >= {"modes", "isced_f", "languages", "countries", "supervision", "assessment_types"}


def test_vocabularies_are_replaced_whole(engine: Engine) -> None:
    with engine.begin() as connection:
        write_vocabularies(
            connection, [VocabularyTerm("modes", "online", "en", "online"), VocabularyTerm("old", "x", "en", "X")]
        )
    with engine.begin() as connection:
        finnish = VocabularyTerm("modes", "online", "fi", "verkossa", "http://e.example/1")
        assert write_vocabularies(connection, [finnish]) == 1
    assert rows(engine, "SELECT * FROM v1_vocabulary") == [
        {"vocabulary": "modes", "code": "online", "lang": "fi", "label": "verkossa", "address": "http://e.example/1"}
    ]
