"""Languages, countries, regions; and which language a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given

from standard.values.countries import country_code, region_code
from standard.values.languages import LEAST_LETTERS, detect, language_tag, language_tags
from standard.vocabularies import vocabulary
from tests.values.strategies import is_honest, quick, texts

EU = "http://publications.europa.eu/resource/authority/"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *(("en", "en"), ("en-GB", "en-GB"), ("eng", "en"), ("ENG", "en"), (EU + "language/ENG", "en"), ("EN", "en")),
        *(
            ("nl-NL", "nl-NL"),
            ("nl_be", "nl-BE"),
            ("ger", "de"),
            ("deu", "de"),
            ("fre", "fr"),
            ("nor", "no"),
            ("nn", "nn"),
        ),
        *(
            ("German", "de"),
            ("Deutsch", "de"),
            ("Espanhol", "es"),
            ("Suomi", "fi"),
            ("Nederlands", "nl"),
            ("svenska", "sv"),
        ),
        *(("English - United States", "en-US"), ("English (UK)", "en-GB"), ("Português (Brasil)", "pt-BR")),
        *(("en-UK", "en-GB"), ("uk", "uk"), ("iw", "he"), ("zh-Hans-CN", "zh-Hans-CN"), ("sr-Latn", "sr-Latn")),
        *(
            ("smn", "smn"),
            ("Northern Sami", "se"),
            ("Catalan", "ca"),
            ("español", "es"),
            ("Flemish", "nl"),
            (" en ", "en"),
        ),
    ],
)
def test_languages(raw: str, expected: str) -> None:
    understood = language_tag(raw)
    assert (understood.value, understood.problem) == (expected, None)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        *(("fr-FR-MTP", "unknown_code"), ("fr-FR-TRL", "unknown_code"), ("Mehrsprachig", "unknown_code")),
        *(("mul", "unknown_code"), ("zxx", "unknown_code"), ("xx", "unknown_code"), ("tlh", "unknown_code")),
        *(("cz", "unknown_code"), ("Klingon", "unknown_code"), ("://", "placeholder"), ("en-", "unknown_code")),
        *(
            ("", "placeholder"),
            ("-", "placeholder"),
            ("und", "placeholder"),
            (EU + "language/OP_DATPRO", "placeholder"),
        ),
        *(("English, German", "ambiguous"), ("Englisch und Deutsch", "ambiguous")),
    ],
)
def test_what_is_no_language(raw: str, problem: str) -> None:
    understood = language_tag(raw)
    assert (understood.value, understood.problem) == (None, problem)


def test_a_country_code_is_told_from_a_language() -> None:
    assert "Czechia" in language_tag("cz").note


def test_several_languages_in_one_value() -> None:
    assert language_tags("English, German").value == ["en", "de"]
    assert language_tags("Englisch und Deutsch").value == ["en", "de"]
    assert language_tags("en").value == ["en"]
    partly = language_tags("English; Klingon")
    assert (partly.value, partly.problem) == (["en"], "adjusted")
    assert "Klingon" in partly.note
    assert language_tags("Mehrsprachig").value is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "This course introduces the foundations of data science. You will learn how to collect and analyse data. ",
            "en",
        ),
        (
            "Dieser Kurs führt in die Grundlagen der Datenwissenschaft ein. Sie lernen, Daten auszuwerten. ",
            "de",
        ),
        (
            "Deze cursus behandelt de grondslagen van datawetenschap. Je leert gegevens te analyseren. ",
            "nl",
        ),
        (
            "Kurssilla perehdytään datatieteen perusteisiin. Opit keräämään ja analysoimaan aineistoja. ",
            "fi",
        ),
        (
            "Kursen ger en introduktion till datavetenskap. Du lär dig att samla in och analysera data på olika sätt. ",
            "sv",
        ),
    ],
)
def test_detection(text: str, language: str) -> None:
    found = detect(text * 4)
    assert found is not None
    assert found[0] == language
    assert 0.9 < found[1] <= 1


def test_short_texts_are_not_judged() -> None:
    assert detect("Data science for beginners") is None
    assert detect("a" * (LEAST_LETTERS - 1)) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *(
            ("NL", "NL"),
            ("nl", "NL"),
            ("NLD", "NL"),
            ("UK", "GB"),
            ("EL", "GR"),
            ("XK", "XK"),
            ("NA", "NA"),
            ("1A0", "XK"),
        ),
        *((EU + "country/FIN", "FI"), ("Deutschland", "DE"), ("Suomi", "FI"), ("Schweden", "SE"), ("Grèce", "GR")),
        *(
            ("The Netherlands", "NL"),
            ("Czech Republic", "CZ"),
            ("España", "ES"),
            ("Österreich", "AT"),
            ("Italien", "IT"),
        ),
    ],
)
def test_countries(raw: str, expected: str) -> None:
    understood = country_code(raw)
    assert (understood.value, understood.problem, understood.derived) == (expected, None, False)


def test_a_part_of_the_united_kingdom_is_derived() -> None:
    understood = country_code("Scotland")
    assert (understood.value, understood.derived, understood.facts) == ("GB", True, {"part": "Scotland"})


@pytest.mark.parametrize(
    ("raw", "problem"), [("Atlantis", "unknown_code"), ("ZZ", "unknown_code"), ("n/a", "placeholder")]
)
def test_what_is_no_country(raw: str, problem: str) -> None:
    assert (country_code(raw).value, country_code(raw).problem) == (None, problem)


@pytest.mark.parametrize(
    ("raw", "expected", "problem"),
    [
        ("DEA29", "DEA29", None),
        ("http://data.europa.eu/nuts/code/NL33", "NL33", None),
        ("GR30", "EL30", None),
        ("DEA2Z", "DEA2", "adjusted"),
        ("NL", None, "unknown_code"),
        ("Bavaria", None, "unknown_code"),
        ("", None, "placeholder"),
    ],
)
def test_regions(raw: str, expected: str | None, problem: str | None) -> None:
    understood = region_code(raw)
    assert (understood.value, understood.problem) == (expected, problem)


@quick
@given(texts)
def test_places_and_languages_never_raise_and_stay_in_their_lists(raw: str) -> None:
    tag, country, region = language_tag(raw), country_code(raw), region_code(raw)
    assert is_honest(tag)
    assert is_honest(country)
    assert is_honest(region)
    assert is_honest(language_tags(raw))
    assert tag.value is None or tag.value.split("-")[0] in vocabulary("languages")
    assert country.value is None or country.value in vocabulary("countries")
    assert region.value is None or region.value in vocabulary("nuts")
    if tag.value is not None:
        assert language_tag(tag.value).value == tag.value


@pytest.mark.parametrize("name", ["languages", "countries"])
@pytest.mark.parametrize("lang", ["en", "de", "fi"])
def test_every_code_and_address_is_its_own_meaning(name: str, lang: str) -> None:
    normalise = language_tag if name == "languages" else country_code
    codes = vocabulary(name)
    assert [code for code in codes if normalise(code).value != code] == []
    assert [code for code in codes if normalise(codes.address(code) or "").value != code] == []
    common = (
        ("en", "de", "fr", "nl", "fi", "sv", "es", "it")
        if name == "languages"
        else ("DE", "FR", "NL", "FI", "GB", "ES")
    )
    assert [code for code in common if normalise(codes.label(code, lang)).value != code] == []
