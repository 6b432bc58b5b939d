"""OOAPI 5, one record and what stands around it: what a person would write down of it, whatever form it comes in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formats.json_support import coded, document, plain, read, tagged
from tests.formats.ooapi_makers import FACULTY, FORMAT, ROOT, SPEC, a_course, a_run, one, text

# -- one record -------------------------------------------------------------------------------------------------------


def test_a_course_says_who_it_is_with_paths_and_languages() -> None:
    course = one({"items": [a_course(abbreviation="SL", otherCodes=[{"codeType": "old", "code": "B1"}])]})
    assert (course.source_id, course.kind, course.path) == ("c-1", "course", "d0.json#/items/0")
    assert tagged(course.titles) == [("en-GB", "Soil life"), ("nl-NL", "Bodemleven")]
    assert course.titles[1].path == "d0.json#/items/0/name/1/value"
    assert coded(course.identifiers) == [
        ("c-1", "courseId"),
        ("BIO-101", "courseCode"),
        ("B1", "old"),
        ("SL", "abbreviation"),
    ]


@pytest.mark.parametrize(
    ("unit", "scheme"),
    [
        ("ects", "ects"),
        ("contacttime", "contact_hour"),
        ("hour", "hour"),
        ("sbu", "study_hour"),
        ("sp", "sp"),
        ("moons", "moons"),
    ],
)
def test_the_unit_of_the_load_is_its_scheme(unit: str, scheme: str) -> None:
    assert coded(one(a_course(studyLoad={"studyLoadUnit": unit, "value": 28})).workload) == [(28, scheme)]


def test_a_load_without_unit_has_no_scheme_and_a_duration_is_no_work() -> None:
    course = one(a_course(studyLoad={"value": 3}, duration="P1DT30H4S"))
    assert coded(course.workload) == [(3, None), ("P1DT30H4S", "duration")]


def test_levels_come_number_first_and_4_plus_is_dutch() -> None:
    assert coded(one(a_course(levelOfQualification="6")).levels) == [("6", "eqf"), ("bachelor", "word")]
    assert coded(one(a_course(levelOfQualification="4+", level="")).levels) == [("4+", "nlqf")]


def test_each_inner_list_is_one_outcome_in_several_languages() -> None:
    outcomes = [[text("Dig"), text("Graven", "nl-NL")], [], [text("Count")]]
    found = one(a_course(learningOutcomes=outcomes)).learning_outcomes
    assert [tagged(outcome.texts) for outcome in found] == [
        [("en-GB", "Dig"), ("nl-NL", "Graven")],
        [("en-GB", "Count")],
    ]
    assert found[1].path == "d0.json#/learningOutcomes/2"


def test_a_flat_list_of_outcomes_is_cut_where_a_language_comes_again() -> None:
    flat = [text("Dig"), text("Graven", "nl-NL"), text("Count"), text("Tellen", "nl-NL")]
    found = one(a_course(learningOutcomes=flat)).learning_outcomes
    assert [plain(outcome.texts) for outcome in found] == [["Dig", "Graven"], ["Count", "Tellen"]]


@pytest.mark.parametrize("nothing", ["", "  ", None, [], [[]], {}])
def test_empty_strings_and_empty_lists_are_nothing(nothing: Any) -> None:
    names = (
        "level",
        "duration",
        "fieldsOfStudy",
        "learningOutcomes",
        "modeOfDelivery",
        "link",
        "addresses",
        "programs",
    )
    found = read(FORMAT, document(a_course(**dict.fromkeys(names, nothing))))
    course = found.offerings[0]
    assert coded(course.workload) == [(5, "ects")]
    assert not any([course.levels, course.fields, course.learning_outcomes, course.modes, course.homepages])
    assert not found.reading.unread


def test_a_language_without_text_says_nothing() -> None:
    found = read(FORMAT, document(a_course(assessment=[text("")], learningOutcomes=[[text(" ")]])))
    assert (found.offerings[0].assessment_texts, found.offerings[0].learning_outcomes) == ([], [])
    assert not found.reading.unread


def test_forms_drift_and_are_read_all_the_same() -> None:
    course = one(
        a_course(
            admissionRequirements="Curiosity",
            modeOfDelivery="online",
            name={"en": "Soil life", "nl": "Bodemleven"},
            addresses={
                "city": "Delft",
                "countryCode": "NL",
                "additional": "",
                "streetNumber": 4,
                "geoLocation ": {"x": 1},
            },
            courseId=17,
            learningOutcomes="Dig",
        )
    )
    assert course.source_id == "17"
    assert tagged(course.titles) == [("en", "Soil life"), ("nl", "Bodemleven")]
    assert plain(course.prerequisites) == ["Curiosity"]
    assert plain(course.modes) == ["online"]
    assert plain(course.countries) == ["NL"]
    assert [plain(outcome.texts) for outcome in course.learning_outcomes] == [["Dig"]]


def test_keys_in_other_case_or_with_blanks_are_found_and_keep_their_path() -> None:
    course = one(a_course(**{"FieldsOfStudy ": "0511"}))
    assert coded(course.fields) == [("0511", "isced-f")]
    assert course.fields[0].path == "d0.json#/FieldsOfStudy "


def test_persons_are_ignored_and_strangers_are_unread() -> None:
    found = read(FORMAT, document(a_course(coordinators=["p-1"], resources=["A book"], ext={"colour": "red"})))
    assert dict(found.reading.ignored) == {"course/coordinators": 1, "course/resources": 1}
    assert dict(found.reading.unread) == {"course/ext": 1}
    assert found.offerings[0].contacts == []


def test_fields_of_a_credential_are_refused_by_name_only() -> None:
    course = one(a_course(ext={"studentName": "Somebody", "finalGrade": 8}))
    assert coded(course.refused) == [("studentName", "learner"), ("finalGrade", "grade_achieved")]


def test_a_text_beyond_all_measure_is_cut_and_noted() -> None:
    course = one(a_course(description=[text("x" * 300_000)]))
    assert len(str(course.descriptions[0].value)) == 200_000
    assert [note.code for note in course.observations] == ["MC00-TEXT-TOO-LONG"]
    assert course.observations[0].path == "d0.json#/description/0/value"


# -- consumers --------------------------------------------------------------------------------------------------------


def test_an_alliance_gives_themes_a_marker_and_hours() -> None:
    alliance = {
        "name": "EuroTeQ",
        "theme": "",
        "themes": ["Data", "13"],
        "contactHours": 20,
        "instructorNames": ["N. N."],
    }
    course = one(a_course(consumers=[{"consumerKey": "eduxchange", "alliances": [alliance]}]))
    assert plain(course.keywords) == ["Data"]
    assert ("EuroTeQ", "alliance") in coded(course.markers)
    assert ("13", "theme") in coded(course.markers)
    assert coded(course.workload) == [(5, "ects"), (20, "contact_hour")]


def test_times_of_day_do_not_open_an_enrolment_but_whole_moments_do() -> None:
    alliance = {
        "enrollStartTime": "13:00",
        "enrollEndTime": "2026-08-20T12:00:00Z",
        "enrollmentUrl": "https://x.example/e",
    }
    run = a_run(consumers=[{"consumerKey": "eduxchange", "alliances": [alliance]}], enrollStartDate="2026-06-01")
    found = read(FORMAT, document([a_course()]), document([run], "runs.json"))
    instance = found.offerings[0].instances[0]
    assert plain(instance.enrolment_opens) == ["2026-06-01"]
    assert plain(instance.enrolment_closes) == ["2026-08-20T12:00:00Z"]
    assert plain(instance.urls) == ["https://x.example/e"]
    assert found.reading.ignored["offering/consumers/alliances/enrollStartTime"] == 1


def test_rio_says_whether_enrolment_is_open() -> None:
    run = a_run(consumers=[{"consumerKey": "rio", "registrationStatus": "closed", "modeOfDelivery": "situated"}])
    instance = one([a_course()], [run]).instances[0]
    assert (plain(instance.status), plain(instance.modes)) == (["closed"], ["situated"])


# -- runs -------------------------------------------------------------------------------------------------------------


def test_the_name_of_a_run_is_the_session_and_never_the_title() -> None:
    course = one([a_course()], {"items": [a_run()]})
    assert plain(course.titles) == ["Soil life", "Bodemleven"]
    instance = course.instances[0]
    assert (instance.source_id, plain(instance.titles)) == ("r-1", ["Autumn term"])
    assert (plain(instance.start), plain(instance.end)) == (["2026-09-01"], ["2026-11-01"])
    assert instance.start[0].path == "d1.json#/items/0/startDate"


def test_a_run_without_dates_and_name_has_those_of_its_session() -> None:
    session = {"academicSessionId": "s-1", "name": [text("Term 2")], "startDate": "2026-11-10", "endDate": "2027-01-20"}
    bare = a_run(name=[], startDate="", endDate="", academicSession="s-1")
    instance = one([a_course()], [bare], [session]).instances[0]
    assert (plain(instance.titles), plain(instance.start), plain(instance.end)) == (
        ["Term 2"],
        ["2026-11-10"],
        ["2027-01-20"],
    )
    expanded = one([a_course()], [{**bare, "academicSession": session}]).instances[0]
    assert plain(expanded.start) == ["2026-11-10"]


@pytest.mark.parametrize(
    "where",
    [
        {"role": "courses/c-1/offerings"},
        {"url": "https://x.example/ooapi/v5/courses/c-1/offerings?pageNumber=1"},
        {"name": "courses/c-1/offerings.json"},
    ],
)
def test_a_run_that_does_not_name_its_course_is_known_by_its_address(where: dict[str, str]) -> None:
    run = a_run()
    del run["course"]
    found = read(FORMAT, document([a_course()]), document([run], **{"name": "runs.json", **where}))
    assert len(found.offerings[0].instances) == 1
    assert found.codes == []


def test_prices_come_with_total_costs_first() -> None:
    costs = [
        {"costType": "book costs", "amount": "20.00", "currency": "EUR"},
        {
            "costType": "total costs",
            "amount": "340.84",
            "vatAmount": "40",
            "currency": "EUR",
            "displayAmount": [text("€340")],
        },
    ]
    prices = one([a_course()], [a_run(priceInformation=costs)]).instances[0].prices
    assert [price.amount.value for price in prices if price.amount] == ["340.84", "20.00"]
    assert plain(prices[0].notes) == ["€340", "total costs"]


def test_runs_give_the_grading_scheme_once() -> None:
    runs = [a_run(offeringId=str(at), resultValueType="1-10") for at in range(3)]
    assert plain(one([a_course()], runs).grading_schemes) == ["1-10"]


def test_runs_of_components_are_no_runs_and_tests_tell_how_is_assessed() -> None:
    component = {"componentId": "t-1", "componentType": "test", "course": "c-1", "assessment": [text("Written")]}
    lecture = {"componentId": "l-1", "componentType": "lecture", "course": "c-1", "name": [text("Lecture")]}
    found = read(
        FORMAT, document([a_course()]), document([a_run(offeringType="component"), component, lecture], "x.json")
    )
    course = found.offerings[0]
    assert course.instances == []
    assert plain(course.assessment_texts) == ["Written"]
    assert found.reading.ignored["offering of a component"] == 1


def test_a_run_of_an_unknown_course_is_an_orphan() -> None:
    found = read(FORMAT, document([a_course()]), document([a_run(course="c-9"), a_run(course="c-8")], "runs.json"))
    assert found.offerings[0].instances == []
    assert [(note.code, note.facts["count"]) for note in found.reading.observations] == [
        ("MC00-OFFERINGS-ORPHANED", "2")
    ]


def test_a_course_that_stands_only_inside_its_run_is_read() -> None:
    found = read(FORMAT, document([a_run(course=a_course(courseId="c-5"))]))
    assert [(record.source_id, len(record.instances)) for record in found.offerings] == [("c-5", 1)]


def test_runs_inside_the_course_are_read() -> None:
    assert len(one(a_course(offerings=[a_run()])).instances) == 1


# -- references -------------------------------------------------------------------------------------------------------


def test_the_root_organisation_awards_and_the_faculty_provides() -> None:
    course = one([a_course(organization="o-fac")], [ROOT, FACULTY])
    assert [plain(body.names) for body in course.awarding_bodies] == [["University of Examples"]]
    assert [plain(body.names) for body in course.providers] == [["Faculty"]]
    assert coded(course.awarding_bodies[0].identifiers) == [("o-root", "organizationId"), ("21XX", "brin")]
    assert plain(course.countries) == ["NL"]


def test_the_organisation_of_the_specification_awards_before_the_root() -> None:
    other = {**FACULTY, "organizationId": "o-2", "name": [text("Partner university")], "parent": None}
    spec = {**SPEC, "organization": "o-2"}
    course = one([a_course(organization="o-fac", educationSpecification="e-1")], [ROOT, FACULTY, other], [spec])
    assert [plain(body.names) for body in course.awarding_bodies] == [["Partner university"]]


def test_where_a_course_names_nobody_its_runs_or_the_only_root_provide() -> None:
    assert [plain(body.names) for body in one([a_course()], [ROOT, FACULTY]).providers] == [["University of Examples"]]
    by_run = one([a_course()], [ROOT, FACULTY], [a_run(organization="o-fac")])
    assert [plain(body.names) for body in by_run.providers] == [["Faculty"]]


def test_organisations_that_point_in_a_circle_end() -> None:
    a = {**FACULTY, "organizationId": "a", "parent": "b"}
    b = {**FACULTY, "organizationId": "b", "parent": "a"}
    assert one([a_course(organization="a")], [a, b]).awarding_bodies == []


@pytest.mark.parametrize("expanded", [True, False])
def test_the_specification_adds_what_the_course_does_not_say(expanded: bool) -> None:
    if expanded:
        course = one([a_course(educationSpecification=SPEC)])
    else:
        course = one([a_course(educationSpecification="e-1")], [SPEC])
    assert ("certificate", "formalDocument") in coded(course.markers)
    assert ("course", "educationSpecificationType") in coded(course.markers)
    assert coded(course.levels) == [("7", "eqf"), ("bachelor", "word")]
    assert coded(course.workload) == [(5, "ects")]
    assert plain(course.learning_outcomes[0].texts) == ["From the specification"]
    assert plain(course.titles) == ["Soil life", "Bodemleven"]
    assert [(relation.kind, coded(relation.identifiers)) for relation in course.relations] == [
        ("part_of", [("e-0", "educationSpecificationId")])
    ]


def test_the_load_of_the_specification_stands_in_and_is_never_mixed_in() -> None:
    bare = a_course(educationSpecification="e-1", studyLoad=None, level="")
    course = one([bare], [{**SPEC, "level": "master"}])
    assert coded(course.workload) == [(140, "study_hour")]
    assert coded(course.levels) == [("7", "eqf"), ("master", "word")]


def test_programmes_give_their_titles_to_the_courses_in_them() -> None:
    programme = {"programId": "p-1", "programType": "minor", "name": [text("Minor soil")], "children": ["p-2"]}
    found = read(
        FORMAT, document([a_course(programs=["p-1"])]), document([programme, {**programme, "programId": "p-2"}])
    )
    course, minor, _ = found.offerings
    assert [(one.kind, plain(one.titles)) for one in course.relations] == [("part_of", ["Minor soil"])]
    assert [(one.kind, plain(one.identifiers)) for one in minor.relations] == [("has_part", ["p-2"])]
    assert (minor.kind, coded(minor.markers)) == ("program", [("minor", "programType")])


def test_a_reference_into_nothing_is_noted_on_the_record() -> None:
    found = read(FORMAT, document([a_course(organization="o-9")]), document([ROOT]))
    assert [(note.code, note.value) for note in found.offerings[0].observations] == [("MC00-REFERENCE-DANGLING", "o-9")]
    assert found.offerings[0].providers == []


def test_references_to_a_list_that_is_not_there_are_noted_once() -> None:
    courses = [a_course(courseId=str(at), organization="o-1", educationSpecification="e-1") for at in range(4)]
    found = read(FORMAT, document(courses))
    assert [(note.code, note.facts["kind"], note.facts["count"]) for note in found.reading.observations] == [
        ("MC00-REFERENCES-NOT-DELIVERED", "educationSpecification", "4"),
        ("MC00-REFERENCES-NOT-DELIVERED", "organization", "4"),
    ]
    assert not any(record.observations for record in found.offerings)
