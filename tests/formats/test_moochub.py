"""MOOChub 2 and 3: both versions, their mixtures, and what platforms really send."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.failures import PullFailure
from connectors.formats import formats
from standard.source_offering import SourceOffering
from tests.formats.json_support import coded, document, kept, plain, pull, read, refused, sample, tagged
from tests.http_server import Answer, Request, as_json, serving

V2, V3 = "moochub-2", "moochub-3"


def old(**changes: Any) -> dict[str, Any]:
    """The attributes of a course in version 2."""
    attributes = {
        "name": "Gartenbau",
        "courseCode": "GB1",
        "courseMode": "MOOC",
        "abstract": "Kurz",
        "description": "<p>Lang</p>",
        "languages": ["de"],
        "startDate": "2026-10-01T12:00:00+02:00",
        "endDate": None,
        "instructors": [{"name": "N. N."}],
        "learningObjectives": ["<p>Graben</p>", "Jäten"],
        "duration": "P4W",
        "partnerInstitutes": [
            {"name": "Universität Beispiel", "url": "https://uni.example", "logo": "https://x.example/l"}
        ],
        "moocProvider": {"name": "Plattform", "url": "https://p.example", "logo": "https://p.example/logo"},
        "url": "https://p.example/gb1",
        "workload": 3,
        "courseLicenses": [{"id": "CC-BY-4.0", "url": "https://cc.example"}],
        "access": ["free"],
    }
    return {**attributes, **changes}


def new(**changes: Any) -> dict[str, Any]:
    """The attributes of a course in version 3."""
    attributes = {
        "name": "Gardening",
        "inLanguage": ["en"],
        "publisher": {"name": "Platform", "type": "Organization", "url": "https://p.example"},
        "creator": [{"name": "N. N.", "type": "Person"}],
        "license": [{"identifier": "CC-BY-4.0", "url": "https://cc.example"}],
        "url": "https://p.example/g1",
        "learningResourceType": {"identifier": "https://w3id.example/course", "type": "Concept", "inScheme": "x"},
    }
    return {**attributes, **changes}


def item(attributes: dict[str, Any], own_id: Any = "1", **more: Any) -> dict[str, Any]:
    return {"id": own_id, "type": "courses", "attributes": attributes, **more}


def page(*items: Any, **links: Any) -> dict[str, Any]:
    return {"links": {"self": "", "first": "", "last": "", **links}, "data": list(items)}


def one(attributes: dict[str, Any], name: str = V3) -> SourceOffering:
    found = read(name, document(page(item(attributes))))
    assert not found.unreadable
    return found.offerings[0]


# -- version 2


def test_a_course_of_version_2() -> None:
    found = read(V2, document(page(item(old(), "abc"))))
    course = found.offerings[0]
    assert (course.source_id, course.kind, course.path) == ("abc", "course", "doc.json#/data/0")
    assert coded(course.identifiers) == [("abc", "id"), ("GB1", "courseCode"), ("https://p.example/gb1", "url")]
    assert [(text.value, text.markup) for text in course.descriptions] == [("<p>Lang</p>", "html"), ("Kurz", "html")]
    assert course.descriptions[0].path == "doc.json#/data/0/attributes/description"
    assert [plain(outcome.texts) for outcome in course.learning_outcomes] == [["<p>Graben</p>"], ["Jäten"]]
    assert coded(course.workload) == [(3, "hour_per_week"), ("P4W", "duration")]
    assert [plain(body.names) for body in course.awarding_bodies] == [["Universität Beispiel"]]
    assert [plain(body.names) for body in course.providers] == [["Plattform"]]
    assert coded(course.licences) == [("CC-BY-4.0", "spdx")]
    assert [price.amount.value for price in course.prices if price.amount] == ["free"]
    assert plain(course.instances[0].start) == ["2026-10-01T12:00:00+02:00"]
    assert course.instances[0].end == []
    assert not found.reading.unread
    assert found.reading.ignored["course/attributes/instructors"] == 1


def test_enrolment_closes_when_the_course_leaves_the_platform() -> None:
    assert plain(one(old(availableUntil="2027-01-01T00:00:00Z")).instances[0].enrolment_closes) == [
        "2027-01-01T00:00:00Z"
    ]


@pytest.mark.parametrize(
    ("workload", "expected"),
    [
        (3, (3, "hour_per_week")),
        ("3", ("3", "hour_per_week")),
        ("2,5", ("2,5", "hour_per_week")),
        ("5 Stunden", ("5 Stunden", None)),
        ({"timeValue": 3, "timeUnit": "h/week"}, (3, "hour_per_week")),
        ({"timeValue": 90, "timeUnit": "min/week"}, (90, "minute_per_week")),
        ({"timeValue": 90, "timeUnit": "Minutes"}, (90, "minute")),
        ({"timeValue": 9, "timeUnit": "h/month"}, (9, "hour_per_month")),
        ({"timeValue": 9}, (9, None)),
    ],
)
def test_the_unit_of_the_workload(workload: Any, expected: tuple[Any, Any]) -> None:
    assert coded(one(old(workload=workload)).workload)[0] == expected


def test_what_platforms_really_send_in_version_2() -> None:
    strange = old(
        learningobjectives=["Graben"],
        partnerInstitute=[{"name": "Universit&auml;t"}],
        image="https://x.example/i.png",
        languages="Mehrsprachig",
        startDate="1970-01-01T00:00:00Z",
        access="free",
        moocProvider="Plattform",
    )
    for name in ("learningObjectives", "partnerInstitutes"):
        del strange[name]
    course = one(strange)
    assert [plain(outcome.texts) for outcome in course.learning_outcomes] == [["Graben"]]
    assert course.learning_outcomes[0].path == "doc.json#/data/0/attributes/learningobjectives/0"
    assert [plain(body.names) for body in course.awarding_bodies] == [["Universit&auml;t"]]
    assert [plain(body.names) for body in course.providers] == [["Plattform"]]
    assert plain(course.images) == ["https://x.example/i.png"]
    assert plain(course.languages) == ["Mehrsprachig"]
    assert plain(course.instances[0].start) == ["1970-01-01T00:00:00Z"]


def test_plain_strings_where_lists_are_due() -> None:
    course = one(old(learningObjectives="<ul><li>Graben</li></ul>", languages="de", workload="5 Stunden"))
    assert [[(text.value, text.markup) for text in o.texts] for o in course.learning_outcomes] == [
        [("<ul><li>Graben</li></ul>", "html")]
    ]


# -- version 3


def test_a_course_of_version_3() -> None:
    found = read(V3, document(page(item(new(), type="Course"))))
    course = found.offerings[0]
    assert course.kind == "course"
    assert [plain(body.names) for body in course.providers] == [["Platform"]]
    assert [plain(body.names) for body in course.awarding_bodies] == [["Platform"]]
    assert coded(course.contacts) == [("https://p.example", "url")]
    assert ("https://w3id.example/course", "learningResourceType") in coded(course.markers)
    assert course.instances == []
    assert course.prices == []
    assert not found.reading.unread
    assert found.reading.ignored["course/attributes/creator"] == 1


def test_starts_and_ends_are_paired_by_position() -> None:
    dates = {"startDate": ["2026-01-01", "2026-06-01", "2026-09-01"], "endDate": ["2026-02-01", "2026-07-01"]}
    instances = one(new(**dates, applicationDeadline="2025-12-01")).instances
    assert [(plain(run.start), plain(run.end)) for run in instances] == [
        (["2026-01-01"], ["2026-02-01"]),
        (["2026-06-01"], ["2026-07-01"]),
        (["2026-09-01"], []),
    ]
    assert {tuple(plain(run.enrolment_closes)) for run in instances} == {("2025-12-01",)}
    assert instances[1].path == "doc.json#/data/0/attributes/startDate/1"


def test_skills_become_outcomes_with_their_framework() -> None:
    skill = {
        "name": [{"inLanguage": "en", "name": "dig"}, {"inLanguage": "de", "name": "graben"}],
        "educationalFramework": "ESCO",
        "targetUrl": "http://data.europa.eu/esco/skill/1",
        "description": "To dig.",
    }
    nameless = {"description": "To weed.", "educationalFramework": "GRETA"}
    outcomes = one(new(teaches=[skill, nameless])).learning_outcomes
    assert [tagged(outcome.texts) for outcome in outcomes] == [[("en", "dig"), ("de", "graben")], [(None, "To weed.")]]
    assert coded(outcomes[0].skills) == [("http://data.europa.eu/esco/skill/1", "esco")]
    assert [plain(outcome.texts) for outcome in one(new(teaches=["dig", "weed"])).learning_outcomes] == [
        ["dig"],
        ["weed"],
    ]


def test_credits_fields_levels_and_relations() -> None:
    course = one(
        new(
            numberOfCredits=2,
            educationalAlignment=[
                {"educationalFramework": "ISCED-F", "shortCode": "0812"},
                {"educationalFramework": "OEFOS", "targetUrl": "https://o.example/1"},
            ],
            educationalLevel=[
                {"educationalFramework": "DigComp 2.2", "shortCode": "4"},
                {"educationalFramework": "EQR", "shortCode": "5"},
                {"educationalFramework": "DQR", "name": [{"inLanguage": "de", "name": "Stufe 5"}]},
            ],
            isPartOf=[{"url": "https://p.example/prog", "title": "Programme", "type": "Program"}],
            competencyRequired=[{"name": [{"inLanguage": "en", "name": "Patience"}]}],
            educationalCredentialsAwarded=["certificate"],
            dateModified="2026-01-01T00:00:00Z",
        )
    )
    assert coded(course.workload) == [(2, "ects")]
    assert coded(course.fields) == [("0812", "isced-f"), ("https://o.example/1", "oefos")]
    assert coded(course.levels) == [("5", "eqf"), ("Stufe 5", "dqr")]
    assert [(one.kind, plain(one.titles)) for one in course.relations] == [("part_of", ["Programme"])]
    assert tagged(course.prerequisites) == [("en", "Patience")]
    assert ("certificate", "educationalCredentialsAwarded") in coded(course.markers)
    assert plain(course.modified) == ["2026-01-01T00:00:00Z"]
    assert coded(one(new(educationalLevel="Bachelor")).levels) == [("Bachelor", "word")]


def test_offers_are_prices_and_free_access_is_one_only_without_them() -> None:
    offer = {"price": 50, "priceCurrency": "EUR", "category": "certificate", "paymentFrequency": "one-time"}
    price = one(new(offer=[offer], access=["free"])).prices[0]
    assert (price.amount and price.amount.value, price.currency and price.currency.value) == (50, "EUR")
    assert plain(price.notes) == ["certificate", "one-time"]
    assert len(one(new(offer=[offer], access=["free"])).prices) == 1
    assert one(new(access=["paid"])).prices == []


def test_version_3_with_the_names_of_version_2() -> None:
    mixed = new(
        instructors=[{"name": "N. N."}],
        availableUntil="2027-01-01",
        offers=[{"price": 1, "price_currency": "EUR"}],
        startDate=["2026-01-01"],
    )
    course = one(mixed)
    assert plain(course.instances[0].enrolment_closes) == ["2027-01-01"]
    assert [price.currency.value for price in course.prices if price.currency] == ["EUR"]


def test_the_creator_signs_where_nobody_publishes() -> None:
    attributes = new(creator=[{"name": "Universität", "type": "Organization", "identifier": "https://ror.org/1"}])
    del attributes["publisher"]
    course = one(attributes)
    assert [plain(body.names) for body in course.awarding_bodies] == [["Universität"]]
    assert coded(course.awarding_bodies[0].identifiers) == [("https://ror.org/1", "url")]


# -- documents


@pytest.mark.parametrize("form", ["page", "object", "list", "alone", "flat"])
def test_every_form_of_a_list_is_read(form: str) -> None:
    record = item(new())
    body: Any = {
        "page": page(record),
        "object": {"links": {}, "data": record},
        "list": [record],
        "alone": record,
        "flat": [{"id": "1", **new()}],
    }[form]
    assert [plain(course.titles) for course in read(V3, document(body)).offerings] == [["Gardening"]]


def test_either_format_reads_either_version_and_says_so() -> None:
    found = read(V3, document(page(item(old(), "1"), item(new(), "2"))))
    assert len(found.offerings) == 2
    assert [(note.code, note.facts["count"]) for note in found.reading.observations] == [
        ("MC00-SOURCE-OTHER-VERSION", "1")
    ]
    assert read(V2, document(page(item(old())))).codes == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"errors": [{"status": 406, "title": "Not acceptable"}]}, "MC00-SOURCE-ERROR"),
        (
            {"exception": "dml_exception", "errorcode": "x", "message": "Error reading database"},
            "MC00-SOURCE-ERROR",
        ),
        ({"error": "validation failed"}, "MC00-SOURCE-ERROR"),
        ({"courses": []}, "MC00-SOURCE-NOT-MOOCHUB"),
        (7, "MC00-SOURCE-NOT-MOOCHUB"),
        (b'{"data": [{"id": "1"', "MC00-SOURCE-TRUNCATED"),
        (b"<html><body>Maintenance</body></html>", "MC00-SOURCE-HTML"),
        (b"\n", "MC00-SOURCE-NO-CONTENT"),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(body: Any, code: str) -> None:
    assert refused(V3, document(body)).code == code


def test_an_empty_list_is_an_empty_list() -> None:
    found = read(V3, document(page()))
    assert (found.offerings, found.codes) == ([], [])


def test_one_broken_item_does_not_touch_the_others() -> None:
    found = read(V3, document(page("nonsense", item(new(), 7), [1], item(new(name={"a": [1]}), None))))
    assert [course.source_id for course in found.offerings] == ["7", None]
    assert [entry.path for entry in found.unreadable] == ["doc.json#/data/0", "doc.json#/data/2"]
    assert found.reading.unread["course/attributes/name"] == 1


def test_sniffing_tells_the_versions_apart() -> None:
    for name, attributes in ((V2, old()), (V3, new())):
        head = json.dumps(page(item(attributes))).encode()
        sure = {known: formats()[known].sniff("x.json", head) for known in (V2, V3)}
        assert max(sure, key=lambda known: sure[known]) == name
    assert formats()[V3].sniff("x.json", b'{"items": []}') == 0


# -- real samples


def test_the_real_course_of_imoox() -> None:
    found = read(V2, sample("moochub", "real", "imoox-v2-page.json"))
    course = found.offerings[0]
    assert plain(course.titles) == ["“Making” - Kreatives digitales Gestalten mit Kindern"]
    assert [plain(body.names) for body in course.awarding_bodies] == [["Technische Universität Graz"]]
    assert [plain(body.names) for body in course.providers] == [["iMooX"]]
    assert coded(course.workload) == [(1, "hour_per_week"), ("P7W", "duration")]
    assert len(course.learning_outcomes) == 1
    assert coded(course.licences) == [("https://creativecommons.org/licenses/by-sa/4.0/", "url")]
    assert (found.codes, dict(found.reading.unread)) == ([], {})


def test_the_complete_example_of_version_3() -> None:
    found = read(V3, sample("moochub", "v3-api-example.json"))
    course = found.offerings[0]
    assert course.source_id == "8978f51e-770c-4d0a-a2e3-23fae8f6aa79"
    assert coded(course.fields) == [("0611", "isced-f")]
    assert [price.amount.value for price in course.prices if price.amount] == [0, 50]
    assert plain(course.learning_outcomes[0].texts) == ["PROTECTING PERSONAL DATA AND PRIVACY"]
    assert course.levels == []
    assert plain(course.instances[0].locations) == ["Potsdam", "Hasso-Plattner-Institut"]
    assert plain(course.instances[0].enrolment_closes)[0] == "2022-01-31T23:59:59Z"
    assert (found.codes, dict(found.reading.unread)) == ([], {})


# -- pulling


def linked(*pages: list[Any], last: Any = None) -> Any:
    """A route that serves pages with links to the next one; the last links to `last`."""

    def route(request: Request) -> Answer:
        number = int(request.query.get("page", "1"))
        following = f"?page={number + 1}" if number < len(pages) else last
        return as_json(page(*pages[number - 1], next=following), content_type="application/vnd.api+json")

    return route


@pytest.mark.parametrize("last", [None, "", {"href": ""}, "?page=2"])
def test_pages_are_followed_to_the_last(last: Any) -> None:
    with serving({"/courses": linked([item(new(), "1")], [item(new(), "2")], last=last)}) as server:
        fetched, _ = pull(V3, server.url("/courses"))
        assert "moochub-version=3" in server.requests[0].headers["accept"]
    assert [course.source_id for course in read(V3, *kept(fetched)).offerings] == ["1", "2"]


def test_pages_that_repeat_themselves_for_ever_end() -> None:
    def route(request: Request) -> Answer:
        return as_json(page(item(new()), next=f"?page={int(request.query.get('page', '1')) + 1}"))

    with serving({"/courses": route}) as server:
        fetched, notes = pull(V3, server.url("/courses"))
    assert len(fetched) == 1
    assert [note.code for note in notes] == ["MC00-SOURCE-PAGES-CONTRADICT"]


def test_a_refused_version_is_asked_again_without_version() -> None:
    def route(request: Request) -> Answer:
        if "version=2" in request.headers["accept"]:
            return as_json({"errors": [{"status": 406}]}, 406)
        return as_json(page(item(new())))

    with serving({"/courses": route}) as server:
        fetched, notes = pull(V2, server.url("/courses"))
    assert len(read(V2, *kept(fetched)).offerings) == 1
    assert [note.code for note in notes] == ["MC00-PULL-VERSION-REFUSED"]


def test_an_exporter_that_answers_500_for_the_whole_list_fails_the_pull() -> None:
    body = {"errors": [{"status": 500, "title": "The data is not valid"}]}
    with serving({"/courses": lambda _: as_json(body, 500)}) as server, pytest.raises(PullFailure) as caught:
        pull(V3, server.url("/courses"))
    assert caught.value.status == 500
    with serving({"/courses": lambda _: as_json(body)}) as server, pytest.raises(PullFailure) as caught:
        pull(V3, server.url("/courses"))
    assert (caught.value.kind, caught.value.code) == ("source", "MC00-SOURCE-ERROR")
