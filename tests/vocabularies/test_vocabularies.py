"""The code lists: complete, labelled, addressed; and every word points at a code."""

from __future__ import annotations

import pytest

from standard.vocabularies import NAMES, names_in_languages, vocabulary
from standard.vocabularies.vocabulary import read

SHORT_LISTS = (
    *("modes", "assessment_types", "supervision", "accreditation_types", "eqf", "credit_systems", "opportunity_types"),
    *("learning_schedules", "qf_ehea"),
)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        *(("modes", 7), ("assessment_types", 14), ("supervision", 4), ("accreditation_types", 4), ("eqf", 8)),
        *(
            ("credit_systems", 2),
            ("opportunity_types", 12),
            ("learning_schedules", 3),
            ("qf_ehea", 4),
            ("isced_f", 220),
        ),
    ],
)
def test_the_lists_are_complete(name: str, count: int) -> None:
    assert len(vocabulary(name).codes) == count


@pytest.mark.parametrize("name", SHORT_LISTS)
def test_short_lists_are_labelled_in_seven_languages(name: str) -> None:
    codes = vocabulary(name)
    for language in ("en", "de", "fr", "nl", "fi", "sv", "es"):
        assert all(codes.rows[code][language].strip() for code in codes)


@pytest.mark.parametrize("name", NAMES)
def test_addresses_lead_back_to_their_code(name: str) -> None:
    codes = vocabulary(name)
    addressed = {code: address for code in codes if (address := codes.address(code))}
    assert {code: codes.code_for(address) for code, address in addressed.items()} == {code: code for code in addressed}
    assert {codes.code_for(address.replace("http://", "https://").lower()) for address in addressed.values()} == set(
        addressed
    )


@pytest.mark.parametrize("name", NAMES)
def test_codes_stand_for_themselves(name: str) -> None:
    codes = vocabulary(name)
    assert [code for code in codes if codes.code_for(code) != code] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_word_points_at_a_code(name: str) -> None:
    codes = vocabulary(name)
    assert {word.code for word in codes.words.values()} <= set(codes)


def test_addresses_of_the_eu() -> None:
    assert vocabulary("modes").address("hybrid") == "http://data.europa.eu/snb/learning-assessment/c_3a90b26d"
    assert vocabulary("isced_f").address("0611") == "http://data.europa.eu/snb/isced-f/0611"
    assert vocabulary("languages").address("nl") == "http://publications.europa.eu/resource/authority/language/NLD"
    assert vocabulary("countries").address("XK") == "http://publications.europa.eu/resource/authority/country/1A0"
    assert vocabulary("nqf").address("NLQF 6") == "http://data.europa.eu/snb/qdr/c_1711a061"
    assert vocabulary("nqf").address("RNCP 6") is None
    assert vocabulary("qf_ehea").address("first") is None


def test_labels_in_other_languages_and_the_english_one_where_there_is_none() -> None:
    assert vocabulary("modes").label("online", "fi") == "Verkossa"
    assert vocabulary("modes").label("online", "xx") == "Online"
    assert vocabulary("languages").label("fi", "de") == "Finnisch"
    assert vocabulary("countries").label("NL", "fr") == "Pays-Bas"
    assert vocabulary("isced_f").label("0611", "fi") == "Computer use"


def test_unknown_names_and_codes_are_errors() -> None:
    with pytest.raises(KeyError):
        vocabulary("zodiac")
    with pytest.raises(KeyError):
        vocabulary("modes").label("teleport")
    assert vocabulary("modes").code_for("teleport") is None
    assert vocabulary("modes").code_for("http://data.europa.eu/snb/eqf/6") is None


def test_national_levels_belong_to_a_framework_and_an_eqf_level() -> None:
    frameworks = vocabulary("nqf_frameworks")
    for code, row in vocabulary("nqf").rows.items():
        assert any(code.startswith(f"{framework} ") for framework in frameworks)
        assert row["eqf"] in ("", "1", "2", "3", "4", "5", "6", "7", "8")
    assert {row["framework"] for row in read("nqf_aliases.csv")} <= set(frameworks)


def test_names_that_mean_two_things_are_left_out() -> None:
    assert names_in_languages("languages")["espanhol"] == "es"
    assert names_in_languages("countries")["suomi"] == "FI"
    assert set(names_in_languages("countries").values()) <= set(vocabulary("countries"))
