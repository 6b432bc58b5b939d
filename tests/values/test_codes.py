"""Values of code lists: modes, assessment types, supervision, accreditation, flags, fields of education."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standard.observation import Scalar
from standard.values.accreditation import accreditation_type
from standard.values.assessments import assessment_types
from standard.values.flags import flag
from standard.values.iscedf import field_code
from standard.values.modes import modes
from standard.values.supervision import supervision
from standard.vocabularies import vocabulary
from tests.values.strategies import is_honest, quick, scalars

EU_MODE = "http://data.europa.eu/snb/learning-assessment/"


@pytest.mark.parametrize(
    ("raw", "expected", "derived"),
    [
        ("online", ["online"], False),
        ("distance-learning", ["online"], True),
        ("DS", ["online"], True),
        ("ON", ["online"], False),
        ("MOOC", ["online"], True),
        ("asynchronous", ["online"], True),
        ("Distance without attendance", ["online"], True),
        ("on campus", ["onsite"], False),
        ("situated", ["onsite"], False),
        ("presential", ["onsite"], False),
        ("onGround", ["onsite"], False),
        ("CM", ["onsite"], False),
        ("NC", ["onsite"], True),
        ("Presencial", ["onsite"], False),
        ("Face to face", ["onsite"], False),
        ("“onsite”", ["onsite"], False),
        ("DA", ["blended"], True),
        ("blended", ["blended"], False),
        ("Monimuoto-opetus", ["blended"], False),
        ("MM", ["hybrid"], False),
        ("hybrid", ["hybrid"], False),
        ("WB", ["work_based"], False),
        ("work_based", ["work_based"], False),
        ("project_based", ["project_based"], False),
        ("research_lab_based", ["research_lab_based"], False),
        (EU_MODE + "e92d221e4d", ["blended"], False),
        ("c_3a90b26d", ["hybrid"], False),
        ("Online, on campus", ["online", "onsite"], False),
        ("online and blended", ["online", "blended"], False),
    ],
)
def test_forms_of_participation(raw: str, expected: list[str], derived: bool) -> None:
    understood = modes(raw, None)
    assert (understood.value, understood.problem, understood.derived) == (expected, None, derived)


@pytest.mark.parametrize(
    "raw", ["lecture", "self-study", "coaching", "full-time", "synchronous", "Part Time Day", "coil", "zoomish"]
)
def test_words_that_are_no_form_of_participation(raw: str) -> None:
    understood = modes(raw, None)
    assert (understood.value, understood.problem) == (None, "unknown_code")
    assert raw in understood.note


def test_a_list_with_a_strange_part_keeps_the_rest_and_names_it() -> None:
    understood = modes("online, full-time", None)
    assert (understood.value, understood.problem) == (["online"], "adjusted")
    assert "full-time" in understood.note


def test_prose_is_not_taken_apart() -> None:
    prose = "You work online, and you are expected on the campus twice a year, where there are sessions with your tutor"
    assert len(prose) <= 120
    prose += " and, if you like, with others"
    assert modes(prose, None).problem == "unknown_code"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("written examination", ["written_examination"]),
        ("Klausur", ["written_examination"]),
        ("Examen écrit", ["written_examination"]),
        ("Kirjallinen tentti", ["written_examination"]),
        ("mündliche Prüfung", ["oral_examination"]),
        ("viva", ["oral_examination"]),
        ("Portfolio", ["portfolio"]),
        ("inlämningsuppgift", ["marked_assignment"]),
        ("essay; presentation", ["marked_assignment", "oral_examination"]),
        ("http://data.europa.eu/snb/assessment/7331eb4762", ["level_of_attendance"]),
        ("b1b68f6735", ["quiz"]),
    ],
)
def test_assessment_types(raw: str, expected: list[str]) -> None:
    assert assessment_types(raw, None).value == expected


@pytest.mark.parametrize("raw", ["exam", "recognition of prior learning", "will be announced in class"])
def test_assessments_that_are_not_guessed(raw: str) -> None:
    assert assessment_types(raw, None).value is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Supervised with ID Verification", "supervised_verified"),
        ("Unsupervised without ID Verification", "unsupervised_unverified"),
        ("Unsupervised with no identity verification", "unsupervised_unverified"),
        ("http://data.europa.eu/snb/supervision-verification/df2880c5cb", "unsupervised_verified"),
        ("44314532f9", "supervised_unverified"),
        ("supervised_verified", "supervised_verified"),
    ],
)
def test_supervision(raw: str, expected: str) -> None:
    assert supervision(raw, None).value == expected


def test_half_a_statement_on_supervision_is_none() -> None:
    assert supervision("supervised", None).problem == "unknown_code"


def test_accreditation_types() -> None:
    assert accreditation_type("Program Quality Assurance", None).value == "programme_quality_assurance"
    assert accreditation_type("Systemakkreditierung", None).value == "institutional_quality_assurance"
    assert accreditation_type("ISO 9001", None).problem == "unknown_code"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *(
            (True, True),
            (1, True),
            ("yes", True),
            ("Ja", True),
            ("oui", True),
            ("kyllä", True),
            ("sí", True),
            ("TRUE", True),
        ),
        *((False, False), (0, False), ("no", False), ("Nein", False), ("nee", False), ("ei", False), ("nej", False)),
    ],
)
def test_flags(raw: Scalar, expected: bool) -> None:
    assert flag(raw).value is expected


def test_an_empty_flag_is_not_no() -> None:
    assert (flag("").value, flag("").problem) == (None, "placeholder")
    assert flag("perhaps").problem == "unreadable"


@pytest.mark.parametrize(
    ("raw", "expected", "problem"),
    [
        ("0611", "0611", None),
        ("061", "061", None),
        ("06", "06", None),
        ("http://data.europa.eu/snb/isced-f/0611", "0611", None),
        ("0611 Computer use", "0611", None),
        ("Computer use", "0611", None),
        (611, "0611", "adjusted"),
        (6, "06", "adjusted"),
        ("061101", "0611", "adjusted"),
        ("0618", "061", "adjusted"),
        ("0820", "082", "adjusted"),
        ("0099", None, "placeholder"),
        ("9999", None, "placeholder"),
        ("", None, "placeholder"),
        ("481", None, "unknown_code"),
        ("2704", None, "unknown_code"),
        ("Informatics", None, "unknown_code"),
        ("0611, 0612", None, "ambiguous"),
    ],
)
def test_fields_of_education(raw: Scalar, expected: str | None, problem: str | None) -> None:
    understood = field_code(raw, "isced-f")
    assert (understood.value, understood.problem) == (expected, problem)


def test_another_classification_is_not_translated() -> None:
    assert field_code("G400", "JACS").problem == "unknown_code"
    assert field_code("0611", "JACS").value is None


@quick
@given(scalars)
def test_results_are_always_in_their_list(raw: Scalar) -> None:
    for understood, name in (
        (modes(raw, None), "modes"),
        (assessment_types(raw, None), "assessment_types"),
    ):
        assert is_honest(understood)
        assert all(code in vocabulary(name) for code in understood.value or [])
    for single, name in (
        (supervision(raw, None), "supervision"),
        (accreditation_type(raw, None), "accreditation_types"),
        (field_code(raw, None), "isced_f"),
    ):
        assert is_honest(single)
        assert single.value is None or single.value in vocabulary(name)
    assert is_honest(flag(raw))


@quick
@given(st.sampled_from(["modes", "assessment_types"]), st.data())
def test_a_code_is_its_own_meaning(name: str, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(vocabulary(name).codes))
    normalise = modes if name == "modes" else assessment_types
    assert normalise(code, None).value == [code]


@pytest.mark.parametrize(
    "code", [code for code in vocabulary("isced_f").codes if code.strip("0") not in ("9", "99", "999", "9999")]
)
def test_every_field_is_its_own_meaning(code: str) -> None:
    assert field_code(code, "isced-f").value == code
