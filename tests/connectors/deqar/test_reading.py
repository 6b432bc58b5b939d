"""Reading DEQAR: every shape, every notation, every order; and what is said about what cannot be read."""

from __future__ import annotations

import io
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.deqar import RegisterReading, read_register
from connectors.deqar.routes import role_of
from connectors.documents import Document
from connectors.reading import NotReadable
from pipelines.demo.deqar.door import DEMO_TOKEN, Door, Request
from standard.register import HistoricalRelationship, ReportInstitution, provider_id_of
from tests.connectors.deqar.support import codes, document, page, world
from tests.demo.deqar_upstream import NEEDS_RECORDS, recorded

BASE = "http://backend.deqar.eu"

# -- the recorded answers ----------------------------------------------------------------------------------------------


def _recorded_documents() -> list[Document]:
    found = []
    for file in recorded():
        record = json.loads(file.read_text(encoding="utf-8"))
        if not file.name.startswith(("error", "token")):
            body = json.dumps(record["response"]["body"]).encode()
            found.append(_on_disk(file, BASE + record["request"]["path"], body))
    return found


def _on_disk(file: Path, url: str, body: bytes) -> Document:
    return Document(file.name, "", url, "", len(body), "", lambda: io.BytesIO(body))


@pytest.fixture(scope="module")
def from_records() -> RegisterReading:
    return read_register(_recorded_documents())


@NEEDS_RECORDS
@pytest.mark.real
@pytest.mark.parametrize("file", recorded(), ids=lambda one: one.stem)
def test_every_recorded_answer_is_read_alone(file: Path) -> None:
    record = json.loads(file.read_text(encoding="utf-8"))
    if file.name.startswith(("error", "token")):
        assert record["response"]["status"] != 200 or file.name.startswith("token")
        return
    body = record["response"]["body"]
    reading = read_register([_on_disk(file, BASE + record["request"]["path"], json.dumps(body).encode())])
    told = {code for code in codes(reading) if code != "MC00-DEQAR-IDENTIFIER-UNREADABLE"}
    assert told == set()
    rows = body.get("results", []) if isinstance(body, dict) else []
    expected = {row.get("report", row)["id"] for row in rows} if "/reports/" in record["request"]["path"] else set()
    assert expected <= {one.report_id for one in reading.reports}


@NEEDS_RECORDS
@pytest.mark.real
class TestRecordedEntities:
    def test_counts(self, from_records: RegisterReading) -> None:
        assert len(from_records.reports) == 22
        assert {one.report_id for one in from_records.reports} >= {*range(1, 5), 8, 9, *range(90001, 90011)}
        assert [one.agency_id for one in from_records.agencies] == [2, 5]
        assert from_records.stubs == {9002}

    def test_the_report_that_names_a_micro_credential(self, from_records: RegisterReading) -> None:
        report = next(one for one in from_records.reports if one.report_id == 90002)
        first = report.programmes[0]
        assert (first.name, first.ects, first.full_degree, first.type) == (
            "Applied Data Stewardship",
            15.0,
            False,
            "Micro-credential",
        )
        assert (first.eqf, first.identifiers, first.field) == (
            7,
            ["op-0021b"],
            "http://data.europa.eu/esco/isced-f/0612",
        )
        assert [one.name for one in first.names] == ["Applied Data Stewardship", "Angewandte Datenkuratierung"]
        assert len(first.outcomes) == 2
        assert report.institutions == [ReportInstitution(9003), ReportInstitution(9004, "platform")]
        assert (report.decision, report.status, report.flag) == (
            "positive with conditions or restrictions",
            "voluntary",
            "none",
        )
        assert (report.created, report.updated) == (date(2024, 12, 2), date(2025, 3, 26))
        assert report.local_identifier == "SYN-90002"

    def test_the_traps(self, from_records: RegisterReading) -> None:
        reports = {one.report_id: one for one in from_records.reports}
        assert reports[90003].validity.valid_to is None
        assert reports[90003].validity.valid_to_calculated == date(2027, 5, 1)
        assert reports[90004].decision == "negative"
        assert reports[90006].flag == "high level"
        assert reports[90008].validity.valid_from == date(2027, 1, 1)
        assert reports[1].files[0].url is None  # the list gave the address of its own request
        assert reports[1].contributing_agencies == [2]

    def test_a_provider_out_of_all_its_shapes(self, from_records: RegisterReading) -> None:
        one = next(held for held in from_records.providers if held.provider_id == 9001)
        assert (one.deqar_id, one.name, one.eter_id) == ("DEQARINST9001", "Synthetic University", "AT9001")
        assert one.historical == [HistoricalRelationship(9001, "succeeded", 9006, date(2023, 1, 1))]
        assert {(held.parent_id, held.child_id) for held in one.hierarchical} == {(9001, 9002), (9005, 9001)}
        assert {held.kind: held.normalised for held in one.identifiers}["erasmus"] == "A WIEN99"
        assert one.countries() == ["AT"]
        assert one.has_report is True
        alliance = next(held for held in from_records.providers if held.provider_id == 9005)
        assert alliance.hierarchical[0].valid_from == date(2019, 1, 1)  # Unix seconds in the Connect API's "includes"
        assert alliance.countries() == []

    def test_an_agency(self, from_records: RegisterReading) -> None:
        acquin = from_records.agencies[1]
        assert (acquin.register_number, acquin.acronym, acquin.country) == (21, "ACQUIN", "DE")
        assert acquin.registered_on(date(2021, 6, 30)) is True
        assert acquin.registered_on(date(2021, 7, 1)) is False
        assert len(acquin.activities) == 6

    def test_order_and_repetition_do_not_matter(self, from_records: RegisterReading) -> None:
        documents = _recorded_documents()
        for seed in range(5):
            random.Random(seed).shuffle(documents)
            again = read_register([*documents, *documents[:7]])
            assert (again.agencies, again.providers, again.reports) == (
                from_records.agencies,
                from_records.providers,
                from_records.reports,
            )


# -- any order of any pages --------------------------------------------------------------------------------------------

_PATHS = [
    "/connectapi/v1/providers/",
    "/webapi/v2/browse/institutions/",
    "/webapi/v2/browse/reports/",
    "/webapi/v2/browse/agencies/?registered=All",
    "/static/daily-csv/deqar-institutions.csv",
    "/static/daily-csv/deqar-reports.csv",
    "/static/daily-csv/deqar-agencies.csv",
    *(f"/connectapi/v1/providers/{number}" for number in (71001, 71003, 71007, 71090)),
    *(f"/webapi/v2/browse/reports/{number}/" for number in (990001, 990002, 990006)),
    *(f"/webapi/v2/browse/reports/{kind}/by-institution/71001/" for kind in ("institutional", "programme")),
]


def _document(door: Door, path: str, limit: int) -> list[Document]:
    answers = []
    is_list = "/static/" not in path and not path.rstrip("/")[-1].isdigit()
    for offset in range(0, 12, limit) if is_list or "by-institution" in path else [0]:
        query = f"{'&' if '?' in path else '?'}limit={limit}&offset={offset}"
        request = Request("GET", path + query, {"authorization": f"Bearer {DEMO_TOKEN}"})
        reply = door.answer(request, BASE)
        assert reply.status == 200
        answers.append(document(role_of(BASE + path) or "", reply.body, f"{path}-{offset}", BASE + path))
    return answers


@given(st.permutations(_PATHS), st.sampled_from([2, 3, 20]), st.randoms())
@settings(max_examples=25, deadline=None)
def test_pages_may_come_in_any_order_and_size(paths: list[str], limit: int, chance: random.Random) -> None:
    door = Door(world())
    expected = read_register([one for path in _PATHS for one in _document(door, path, 20)])
    documents = [one for path in paths for one in _document(door, path, limit)]
    chance.shuffle(documents)
    found = read_register([*documents, *chance.sample(documents, 3)])
    assert found.fingerprint == expected.fingerprint
    assert found.reports == expected.reports


@given(st.sets(st.sampled_from(_PATHS), min_size=1))
@settings(max_examples=25, deadline=None)
def test_fewer_pages_never_tell_something_else(paths: set[str]) -> None:
    """What is missing is missing: no decision, date or institution appears because a page was not read."""
    door = Door(world())
    whole = read_register([one for path in _PATHS for one in _document(door, path, 20)])
    part = read_register([one for path in sorted(paths) for one in _document(door, path, 20)])
    known = {one.report_id: one for one in whole.reports}
    for one in part.reports:
        full = known[one.report_id]
        assert one.decision == full.decision
        assert one.validity == full.validity
        assert {held.provider_id for held in one.institutions} <= {held.provider_id for held in full.institutions}


# -- notations ---------------------------------------------------------------------------------------------------------


def _report(**changes: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "agency": {"id": 5, "acronym_primary": "AAA"},
        "institutions": [{"id": 1, "deqar_id": "DEQARINST0001", "name_primary": "One"}],
        "decision": "positive",
        "status": "voluntary",
        "flag_level": "none",
        "valid_from": "2024-01-01T00:00:00Z",
        **changes,
    }


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-11-27", date(2024, 11, 27)),
        ("2024-11-27T00:00:00Z", date(2024, 11, 27)),
        (1732665600, date(2024, 11, 27)),
        ("", None),
        (None, None),
        ("N/A", None),
    ],
)
def test_a_day_in_every_notation(written: Any, day: date | None) -> None:
    reading = read_register([document("web-reports", page(_report(valid_to=written)))])
    assert reading.reports[0].validity.valid_to == day
    assert reading.observations == []


@pytest.mark.parametrize("written", ["2024-13-40", "soon", 10**18, "27.11.2024"])
def test_a_day_that_is_none_is_missing_and_said(written: Any) -> None:
    reading = read_register([document("web-reports", page(_report(valid_from=written)))])
    assert reading.reports[0].validity.valid_from is None
    assert not reading.reports[0].validity.holds_on(date(2024, 1, 1))
    assert codes(reading) == ["MC00-DEQAR-VALUE-UNREADABLE"]


@pytest.mark.parametrize(
    ("written", "full"),
    [(True, True), (False, False), (1, True), (2, False), ({"id": 1}, True), ({"id": 2}, False), (None, None)],
)
def test_a_degree_outcome_in_every_notation(written: Any, full: bool | None) -> None:
    row = _report(programmes=[{"id": 1, "name_primary": "P", "degree_outcome": written}])
    assert read_register([document("web-reports", page(row))]).reports[0].programmes[0].full_degree is full


def test_a_word_that_nobody_knows_is_kept_and_said_once() -> None:
    rows = [_report(id=number, decision="provisionally positive") for number in range(1, 20)]
    reading = read_register([document("web-reports", page(*rows))])
    assert {one.decision for one in reading.reports} == {"provisionally positive"}
    assert [(one.code, one.facts) for one in reading.observations] == [
        ("MC00-DEQAR-WORD-UNKNOWN", {"kind": "decision"})
    ]


def test_a_calculated_end_that_breaks_the_rule_is_said() -> None:
    row = _report(valid_from="2020-02-29T00:00:00Z", valid_to=None, valid_to_calculated="2026-02-28T00:00:00Z")
    reading = read_register([document("web-reports", page(row))])
    assert reading.reports[0].validity.valid_to_calculated == date(2026, 3, 1)
    assert codes(reading) == ["MC00-DEQAR-VALIDITY-DIFFERS"]


def test_a_report_that_hangs_in_the_air_is_said() -> None:
    reading = read_register([document("web-reports", page(_report(agency=None, institutions=[])))])
    assert sorted(codes(reading)) == ["MC00-DEQAR-REPORT-WITHOUT-AGENCY", "MC00-DEQAR-REPORT-WITHOUT-PROVIDER"]


@pytest.mark.parametrize("row", [{"local_identifier": "x"}, "text", {"id": True}, {"id": "seven"}])
def test_a_row_without_an_id_is_said_and_the_rest_goes_on(row: Any) -> None:
    reading = read_register([document("web-reports", page(row, _report()))])
    assert [one.report_id for one in reading.reports] == [7]
    assert "MC00-DEQAR-RECORD-UNREADABLE" in codes(reading)


def test_identifiers_are_normalised_and_kept_as_published() -> None:
    written = [
        ("EU-VAT", "DE-147794299", "vat", "DE147794299"),
        ("ROR", "https://ror.org/048tbm396", "ror", "048tbm396"),
        ("Erasmus", "E  TARRAGO01", "erasmus", "E TARRAGO01"),
        ("SCHAC", "URV.cat", "schac", "urv.cat"),
        ("EU-PIC", "999 849 434", "pic", "999849434"),
    ]
    held = [{"resource": resource, "identifier": value, "agency": None} for resource, value, _, _ in written]
    row = {"id": 1, "deqar_id": "DEQARINST0001", "identifiers": held}
    found = read_register([document("connect-providers", page(row))]).providers[0].identifiers
    assert [(one.resource, one.value, one.kind, one.normalised) for one in found] == written


def test_two_programmes_that_look_the_same_are_told_apart() -> None:
    same = {"name_primary": "P", "degree_outcome": False, "workload_ects": 5}
    row = _report(programmes=[{**same, "id": 1}, {**same, "id": 2}])
    keys = [one.key for one in read_register([document("web-reports", page(row))]).reports[0].programmes]
    assert len(set(keys)) == 2


@given(st.dictionaries(st.sampled_from(sorted(_report())), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "institution"]), inner),
    max_leaves=6,
)))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_no_row_whatever_it_holds_breaks_the_reading(changes: dict[str, Any]) -> None:
    row = {**_report(), **changes}
    for role in ("web-reports", "institutional-reports", "programmes", "connect-providers", "web-institutions"):
        assert read_register([document(role, page(row, {**row, "report": row}))]) is not None
    assert read_register([document("web-agencies", page(row))]) is not None


# -- documents ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "content"),
    [
        ("web-reports", b"<html>Server Error (500)</html>"),
        ("web-reports", {"detail": "Invalid token."}),
        ("report", {"detail": "No Report matches the given query."}),
        ("report", [1, 2]),
        ("csv-reports", b"a,b\r\n1,2\r\n"),
        ("csv-institutions", b""),
        ("something-else", {"id": 1}),
    ],
)
def test_a_document_that_is_not_what_it_should_be_makes_the_whole_unreadable(role: str, content: Any) -> None:
    with pytest.raises(NotReadable) as problem:
        read_register([document("web-reports", page(_report())), document(role, content)])
    assert problem.value.observation.code in ("MC00-DEQAR-DOCUMENT-UNREADABLE", "MC00-DEQAR-COLUMN-MISSING")


def test_many_things_in_one_cell() -> None:
    text = (
        "\ufeffdeqar_id,identifiers_all,country,city,name_primary,name_official,name_versions,website_link,"
        "parent_institution,historic_relationships,report_count\r\n"
        'DEQARINST0010,"SCHAC: ten.example, ROR: https://ror.org/048tbm396, DID-EBSI: did:ebsi:zTen",Belgium (Flemish '
        'Community),Gent,Ten,Tien,"Dix, Zehn",www.ten.example,"DEQARINST0015 Fifteen, with a comma, DEQARINST10016 X",'
        '"2004-07-01: spun off DEQARINST0014 Name, 2010-01-01: succeeded DEQARINST0013 Old, Name",3\r\n'
        "DEQARINST0010,,Austria,Wien,Ten,Tien,,www.ten.example,,,3\r\n"
        "DEQARINST0099,,,,Alliance,,,N/A,,,\r\n"
    )
    reading = read_register([document("csv-institutions", text.encode())])
    ten, alliance = reading.providers
    assert {one.kind: one.normalised for one in ten.identifiers} == {
        "schac": "ten.example",
        "ror": "048tbm396",
        "did": "did:ebsi:zTen",
    }
    assert ten.countries() == ["AT", "BE"]
    assert {one.parent_id for one in ten.hierarchical} == {15, 10016}
    assert {(one.source_id, one.type, one.target_id) for one in ten.historical} == {
        (14, "was spun off from", 10),
        (10, "succeeded", 13),
    }
    assert ten.all_names() == ["Ten", "Tien", "Dix", "Zehn"]
    assert (alliance.countries(), alliance.homepage, alliance.has_report) == ([], None, None)


@given(st.integers(min_value=1, max_value=999_999))
def test_the_id_is_found_in_a_deqar_id(number: int) -> None:
    assert provider_id_of(f"DEQARINST{number:04d}") == number
    assert provider_id_of(str(number)) == number
