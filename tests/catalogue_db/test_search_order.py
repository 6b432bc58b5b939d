"""What a person expects of the first lines of a result: titles, whole words, their own language, readable passages."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from catalogue_db.search import SearchPage
from standard.offering import LearningOutcome, Organisation
from tests.catalogue_db.test_search import ask, load

CARE = Organisation(
    name={"de": "Gesundheitshochschule", "fr": "Haute École de Santé", "en-GB": "College of Health"},
    identifiers={"schac": "care.example"},
    country="LU",
)


def titles(page: SearchPage) -> list[str | None]:
    return [result.title for result in page.results]


def outcome(text: str, lang: str = "en") -> dict[str, Any]:
    return {"learning_outcomes": [LearningOutcome(text={lang: text})]}


# --- order --------------------------------------------------------------------------------------------------------


def test_a_word_in_the_title_comes_before_a_rare_inflection_elsewhere(engine: Engine) -> None:
    """A rare word weighs more than a common one, but not more than a title."""
    load(
        engine,
        a={"title": {"de": "Statistik"}, **outcome("Das datas der Statistik", "de")},
        b={"title": {"fr": "Bases de données"}},
        **{f"d{n}": {"title": f"Data engineering, part {n}"} for n in range(9)},
    )
    assert titles(ask(engine, "datas"))[-1] == "Statistik"


def test_a_whole_word_comes_before_words_that_only_begin_so(engine: Engine) -> None:
    load(
        engine,
        a="Understanding undertakings",
        b={"title": {"de": "Haus und Hof"}},
        **{f"s{n}": {"title": {"de": f"Wald und Wiese {n}"}} for n in range(5)},
    )
    found = titles(ask(engine, "und", limit=50))
    assert found[-1] == "Understanding undertakings"
    assert len(found) == 7


def test_a_whole_word_anywhere_comes_before_a_beginning_anywhere(engine: Engine) -> None:
    load(
        engine,
        a={"title": "One", **outcome("Name the aims, and aim well")},
        b={"title": "Two", **outcome("Govern projects that use AI")},
        **{f"s{n}": {"title": f"More {n}", **outcome("Use AI with care")} for n in range(4)},
    )
    assert titles(ask(engine, "ai", limit=50))[-1] == "One"


def test_scores_fall_from_the_first_result_to_the_last(engine: Engine) -> None:
    load(engine, a="Soil", b="Soil and water law", c="Water", d={"title": "Poetry", **outcome("Watercolours, soil")})
    scores = [result.score for result in ask(engine, "water soil").results]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 4


def test_without_words_titles_are_in_the_order_of_the_alphabet_whatever_their_accents(engine: Engine) -> None:
    load(engine, a={"title": {"fr": "Éducation"}}, b="zoology", c={"title": {"de": "Übungen"}}, d="Fauna", e="Anatomy")
    assert titles(ask(engine)) == ["Anatomy", "Éducation", "Fauna", "Übungen", "zoology"]


# --- what is typed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["l'hygiène", "l’hygiène", "L'HYGIENE", "d'hygiène", "qu'hygiène"])
def test_an_elided_article_is_not_part_of_the_word(engine: Engine, typed: str) -> None:
    load(engine, a={"title": {"fr": "Hygiène hospitalière"}}, b={"title": {"fr": "Autre chose"}})
    assert titles(ask(engine, typed)) == ["Hygiène hospitalière"]


def test_an_elided_article_in_quotes_is(engine: Engine) -> None:
    load(engine, a={"title": {"fr": "Le métier de l'hygiène"}}, b={"title": {"fr": "Hygiène hospitalière"}})
    assert titles(ask(engine, '"l\'hygiène"')) == ["Le métier de l'hygiène"]


def test_a_name_with_an_apostrophe_is_found(engine: Engine) -> None:
    load(engine, a="The O'Neill method", b="Methods")
    assert titles(ask(engine, "O'Neill")) == ["The O'Neill method"]


@pytest.mark.parametrize(
    "typed", ["python/sql", "python,sql", "python;sql", "sql:python", "(sql|python)", "sql+python"]
)
def test_signs_between_words_part_them(engine: Engine, typed: str) -> None:
    load(engine, a="Python for those who know SQL", b="Poetry")
    assert titles(ask(engine, typed)) == ["Python for those who know SQL"]


def test_a_hyphen_keeps_words_together(engine: Engine) -> None:
    load(engine, a="E-learning design", b="Learning from e-mail", **{f"s{n}": f"E-learning {n}" for n in range(10)})
    assert "Learning from e-mail" not in titles(ask(engine, "e-learning", limit=50))


def test_what_is_not_wanted_is_parted_too(engine: Engine) -> None:
    load(engine, a="Python and SQL", b="Python", c="SQL")
    assert titles(ask(engine, "-python/sql")) == []


# --- in the language of who asks ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "name"),
    [
        ("fr", "Haute École de Santé"),
        ("de-AT", "Gesundheitshochschule"),
        ("en", "College of Health"),
        ("pt", "College of Health"),
    ],
)
def test_providers_are_named_in_the_language_of_who_asks(engine: Engine, lang: str, name: str) -> None:
    load(engine, a={"title": "Care", "providers": [CARE]})
    page = ask(engine, "care", lang=lang)
    assert page.results[0].provider == name
    assert [value.label for value in page.facets["provider"]] == [name]


def test_passages_are_taken_from_regional_forms_of_the_language_too(engine: Engine) -> None:
    load(engine, a={"title": {"en-GB": "Care"}, "description": {"de": "Auf Deutsch.", "en-GB": "In English."}})
    assert ask(engine, "care", lang="en").results[0].snippet == "In English."


def test_without_the_language_asked_for_the_passage_is_in_that_of_the_title(engine: Engine) -> None:
    load(
        engine,
        a={
            "title": {"fr": "Soins"},
            "description": {"de": "Auf Deutsch.", "fr": "En français."},
            "learning_outcomes": [],
            "languages": ["fr"],
        },
    )
    assert ask(engine, "soins", lang="en").results[0].snippet == "En français."


def test_a_passage_is_one_line(engine: Engine) -> None:
    load(engine, a={"title": "Print", "description": {"en": "Print parts.\n\n- Methods\n-  Materials"}})
    assert ask(engine, "print").results[0].snippet == "<mark>Print</mark> parts. - Methods - Materials"
