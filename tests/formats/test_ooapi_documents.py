"""OOAPI 5, whole documents: envelopes, lists, everything that is no answer; and the real answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.formats import formats
from tests.formats.json_support import coded, document, plain, read, refused, sample, tagged
from tests.formats.ooapi_makers import FORMAT, SPEC, a_course, one, text

# -- whole documents --------------------------------------------------------------------------------------------------


def envelope(answers: dict[str, Any], status: int = 200) -> dict[str, Any]:
    endpoints = {name: {"responseCode": status, "url": "https://in.example"} for name in answers or {"a.example": 1}}
    return {"gateway": {"request": "/courses", "endpoints": endpoints}, "responses": answers}


def test_a_gateways_envelope_is_opened_for_each_endpoint() -> None:
    body = envelope({"a.example": {"items": [a_course()]}, "b/b.example": a_course(courseId="c-2")})
    found = read(FORMAT, document(body))
    assert [(one.source_id, one.path) for one in found.offerings] == [
        ("c-1", "doc.json#/responses/a.example/items/0"),
        ("c-2", "doc.json#/responses/b~1b.example"),
    ]


def test_the_inner_status_of_the_gateway_counts() -> None:
    assert refused(FORMAT, document(envelope({"a.example": {"items": []}}, 502))).facts == {
        "endpoint": "a.example",
        "status": "502",
    }


def test_an_envelope_without_answers_is_no_empty_catalogue() -> None:
    assert refused(FORMAT, document(envelope({}))).code == "MC00-SOURCE-GATEWAY-EMPTY"


def test_an_empty_list_is_read_as_an_empty_list() -> None:
    for empty in ([], {"items": []}, envelope({"a.example": {"items": []}})):
        found = read(FORMAT, document(empty))
        assert (found.offerings, found.unreadable, found.codes) == ([], [], [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"status": "404", "title": "Resource not found"}, "MC00-SOURCE-ERROR"),
        ({"error": {"code": 500, "message": "broken"}}, "MC00-SOURCE-ERROR"),
        ({"message": "Unauthorised"}, "MC00-SOURCE-ERROR"),
        ({"some": "thing"}, "MC00-SOURCE-NOT-OOAPI"),
        ({"items": "none"}, "MC00-SOURCE-NOT-OOAPI"),
        ("text", "MC00-SOURCE-NOT-OOAPI"),
        (b"", "MC00-SOURCE-NO-CONTENT"),
        (b" \n ", "MC00-SOURCE-NO-CONTENT"),
        (b"<!DOCTYPE html><title>Log in</title>", "MC00-SOURCE-HTML"),
        (b"courses: none", "MC00-SOURCE-NOT-JSON"),
        (b'[{"courseId": 1},]', "MC00-SOURCE-NOT-JSON"),
        (b"[" * 100_000, "MC00-SOURCE-NOT-JSON"),
    ],
)
def test_what_is_no_answer_of_the_format_is_refused_with_a_reason(body: Any, code: str) -> None:
    assert refused(FORMAT, document(body)).code == code


@pytest.mark.parametrize("cut", [10, 200, 380, 395])
def test_a_document_cut_off_anywhere_is_told_apart_from_bad_syntax(cut: int) -> None:
    whole = json.dumps({"items": [a_course(courseId=str(at)) for at in range(3)], "done": True}).encode()
    observation = refused(FORMAT, document(whole[:cut]))
    assert observation.code == "MC00-SOURCE-TRUNCATED"
    assert observation.facts["size"] == str(cut)


@pytest.mark.parametrize(
    ("broken", "title"),
    [(b"Soil\nlife", "Soil\nlife"), (b"Soil \\ud800life", "Soil \ufffdlife"), (b"Soil\x0blife", "Soil\x0blife")],
)
def test_small_sins_against_json_are_repaired_once_and_said(broken: bytes, title: str) -> None:
    body = json.dumps([a_course(name="TITLE")]).encode().replace(b"TITLE", broken)
    found = read(FORMAT, document(body))
    assert plain(found.offerings[0].titles) == [title]
    assert found.codes == ["MC00-SOURCE-JSON-REPAIRED"]


def test_charsets_other_than_utf8_are_read_and_said() -> None:
    body = json.dumps([a_course(name=[text("Größe für Anfänger in Köln")])], ensure_ascii=False)
    assert read(FORMAT, document(body.encode("utf-8-sig"))).codes == []
    for charset in ("cp1252", "utf-16"):
        found = read(FORMAT, document(body.encode(charset)))
        assert plain(found.offerings[0].titles) == ["Größe für Anfänger in Köln"]
    damaged = body.encode().replace("Köln".encode(), b"K\xc3")
    found = read(FORMAT, document(damaged))
    assert plain(found.offerings[0].titles) == ["Größe für Anfänger in K\ufffd"]
    assert found.codes == ["MC00-SOURCE-CHARSET-DAMAGED"]


def test_one_broken_record_does_not_touch_the_others() -> None:
    items = [a_course(), "not an object", None, a_course(courseId="c-2"), {"colour": "red"}]
    body = json.dumps({"items": items}).encode().replace(b'"red"', b'"red", "size": 1e999')
    found = read(FORMAT, document(body, role="courses"))
    assert [record.source_id for record in found.offerings] == ["c-1", "c-2"]
    assert [(one.observation.code, one.path[-2:]) for one in found.unreadable] == [
        ("MC00-RECORD-UNREADABLE", "/1"),
        ("MC00-RECORD-UNREADABLE", "/2"),
        ("MC00-RECORD-UNREADABLE", "/4"),
    ]


def test_an_item_of_no_known_kind_is_unreadable() -> None:
    found = read(FORMAT, document([a_course(), {"colour": "red"}]))
    assert [one.observation.code for one in found.unreadable] == ["MC00-RECORD-UNKNOWN-KIND"]


def test_a_record_without_id_is_a_record() -> None:
    course = a_course()
    del course["courseId"]
    record = one({"items": [course]})
    assert (record.source_id, plain(record.titles)) == (None, ["Soil life", "Bodemleven"])


def test_a_broken_list_of_one_records_runs_costs_that_record_only() -> None:
    runs = document(b"<html><body>Error</body></html>", "runs.json", "courses/c-1/offerings")
    found = read(FORMAT, document([a_course()]), runs)
    assert len(found.offerings) == 1
    assert [(note.code, note.facts["reason"]) for note in found.reading.observations] == [
        ("MC00-SOURCE-PART-UNREADABLE", "MC00-SOURCE-HTML")
    ]


def test_specifications_alone_are_no_offers() -> None:
    assert read(FORMAT, document([SPEC])).codes == ["MC00-SOURCE-NO-OFFERS"]


def test_a_single_page_that_announces_more_is_noted() -> None:
    page = {"items": [a_course()], "hasNextPage": True, "totalPages": 8}
    found = read(FORMAT, document(page))
    assert [(note.code, note.facts["total"]) for note in found.reading.observations] == [
        ("MC00-SOURCE-PAGES-MISSING", "8")
    ]


def test_version_4_is_read_and_noted() -> None:
    old = {
        "courseId": "v4",
        "name": "Writing",
        "ects": 7.5,
        "learningOutcomes": ["Write", "Read"],
        "requirements": "None",
    }
    found = read(FORMAT, document({"pageSize": 0, "items": [old]}))
    course = found.offerings[0]
    assert (tagged(course.titles), coded(course.workload)) == ([(None, "Writing")], [(7.5, "ects")])
    assert [plain(outcome.texts) for outcome in course.learning_outcomes] == [["Write"], ["Read"]]
    assert plain(course.prerequisites) == ["None"]
    assert found.codes == ["MC00-SOURCE-OLDER-VERSION"]


def test_sniffing_knows_its_own() -> None:
    sniff = formats()[FORMAT].sniff
    assert sniff("x.json", json.dumps({"items": [a_course()]}).encode()) > 0.8
    assert sniff("x.json", json.dumps(envelope({"a": {"items": []}})).encode()) > 0.8
    assert sniff("x.xml", b"<catalog courseId='1'/>") == 0
    assert sniff("x.json", b'{"data": []}') == 0


# -- real answers -----------------------------------------------------------------------------------------------------


def test_ten_real_courses_of_tu_eindhoven() -> None:
    found = read(FORMAT, sample("ooapi-v5", "real", "tue-courses-items.json"))
    assert len(found.offerings) == 10
    assert not found.unreadable
    assert not found.reading.unread
    assert {coded(one.workload)[0] for one in found.offerings} == {(5, "ects")}
    assert [coded(one.levels)[0][0] for one in found.offerings].count("master") == 7
    assert {tuple(len(outcome.texts) for outcome in one.learning_outcomes) for one in found.offerings} == {(2,)}
    assert tagged(found.offerings[5].titles)[1] == ("en-GB", "Advanced research methods and research ethics")
    assert ("0HV110", "abbreviation") in coded(found.offerings[5].identifiers)
    assert not any(one.modes or one.fields for one in found.offerings)
    assert plain(found.offerings[9].keywords) == ["Engineering, Manufacturing and Construction"]


def test_a_real_run_and_test_meet_their_real_course() -> None:
    owner = "courses/2b0e22fb-3c19-48a0-a48c-046c7211e9e9/offerings"
    found = read(
        FORMAT,
        sample("ooapi-v5", "real", "tue-courses-items.json"),
        sample("ooapi-v5", "real", "tue-course-offering.json", role=owner),
        sample("ooapi-v5", "real", "tue-course-component.json"),
    )
    course = found.offerings[0]
    assert tagged(course.instances[0].titles) == [("nl-NL", "Kwartiel 2"), ("en-GB", "Quartile 2")]
    assert plain(course.instances[0].start) == ["2025-11-10"]
    assert plain(course.instances[0].locations) == ["Eindhoven"]
    assert plain(course.assessment_texts) == ["Eindtoets", "Final examination"]
    assert plain(course.countries) == ["NL"]
    assert not found.reading.unread


def test_real_recordings_of_the_gateway_join() -> None:
    found = read(
        FORMAT,
        sample("ooapi-v5", "gateway", "education-specification-200.json"),
        sample("ooapi-v5", "gateway", "program-200.json"),
    )
    programme = found.offerings[0]
    assert programme.source_id == "49ca7998-74b1-f44a-1ec1-000000000002"
    assert coded(programme.levels) == [("2", "eqf"), ("nt2-2", "word")]
    assert ("diploma", "formalDocument") in coded(programme.markers)
    assert coded(programme.workload) == [(155, "ects"), ("P1DT30H4S", "duration")]
    assert len(programme.learning_outcomes) == 4


@pytest.mark.parametrize("name", ["course.json", "program.json", "program-invalid.json"])
def test_every_quick_start_document_is_one_record(name: str) -> None:
    found = read(FORMAT, sample("ooapi-v5", "quickstart", name))
    assert len(found.offerings) == 1
    assert plain(found.offerings[0].learning_outcomes[0].texts) == ["<p>Description of the learning outcomes</p>"]
    assert not found.reading.unread


@pytest.mark.parametrize("name", ["test-course", "riomapper-course", "remote-course", "test-program-demo04"])
def test_every_fixture_of_the_mapper_is_one_record_without_left_overs(name: str) -> None:
    found = read(FORMAT, sample("ooapi-v5", "fixtures", f"{name}.json"))
    assert len(found.offerings) == 1
    assert not found.reading.unread


def test_version_4_answers_still_met_are_read() -> None:
    found = read(FORMAT, sample("ooapi-v4-legacy", "courses.json"))
    assert plain(found.offerings[0].titles) == ["Academic and Professional Writing"]
    assert len(found.offerings[0].learning_outcomes) == 2
    assert found.codes == ["MC00-SOURCE-OLDER-VERSION"]
