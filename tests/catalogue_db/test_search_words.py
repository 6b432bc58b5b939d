"""What a word finds: inflections, compounds, synonyms, slips; what is told of it; and what is suggested."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from catalogue_db.load import load_candidate
from catalogue_db.search import SearchQuery, search, suggest
from standard.offering import LearningOutcome, Organisation
from tests.catalogue_db.asking import found
from tests.catalogue_db.test_search import ask, load
from tests.offerings import a_candidate, an_instance, an_offering


@pytest.fixture
def catalogue_url(sqlite_url: str) -> str:
    """The search that runs in Python."""
    return sqlite_url


def titled(lang: str, *titles: str, **more: Any) -> dict[str, dict[str, Any]]:
    return {f"{lang}{n}": {"title": {lang: title}, "languages": [lang], **more} for n, title in enumerate(titles)}


# --- levels -------------------------------------------------------------------------------------------------------


def test_the_levels_of_a_match_in_their_order(engine: Engine) -> None:
    outcome = LearningOutcome(text={"en": "explains soil and water"})
    load(
        engine,
        title_is_it="Soil water",
        in_title="Soil, water and more of them",
        begun_in_title="Soil and waterways",
        anywhere={"title": "One", "learning_outcomes": [outcome]},
        begun_anywhere={"title": "Two", "description": {"en": "Soil. Watercolours."}},
        slip={"title": "Soil and wafer"},
        some={"title": "Soil"},
        **{f"other{n}": "Poetry" for n in range(30)},
    )
    assert found(engine, "soil water") == [
        "Soil water", "Soil, water and more of them", "Soil and waterways", "One", "Two", "Soil and wafer", "Soil",
    ]  # fmt: skip


def test_a_short_title_is_no_better_than_a_long_one_unless_it_is_just_the_words(engine: Engine) -> None:
    load(engine, a="Law of the sea", b="Law", c="Roman law")
    assert found(engine, "law")[0] == "Law"
    assert ask(engine, "law").results[0].score > ask(engine, "law").results[1].score + 500


def test_what_is_open_for_enrolment_comes_before_what_is_not(engine: Engine) -> None:
    closed = an_instance(1, enrolment_closes="2026-01-01")
    opened = an_instance(1, enrolment_opens="2026-01-01", enrolment_closes="2026-12-31")
    load(
        engine,
        a={"title": "Law one", "instances": [closed]},
        z={"title": "Law two", "instances": [opened]},
        m={"title": "Law six"},
    )
    page = ask(engine, "law")
    assert page.results[0].title == "Law two"
    assert {each.title: each.enrolment_open for each in page.results} == {
        "Law one": False,
        "Law two": True,
        "Law six": None,
    }


def test_what_changed_last_comes_before_what_did_not(engine: Engine) -> None:
    from datetime import UTC, datetime

    first = [an_offering("a", title="Law one"), an_offering("b", title="Law two")]
    load_candidate(engine, a_candidate(first), now=datetime(2026, 1, 1, tzinfo=UTC))
    assert found(engine, "law") == ["Law one", "Law two"]
    second = [first[0], an_offering("b", title="Law two", description={"en": "All about b, again."})]
    load_candidate(engine, a_candidate(second), now=datetime(2026, 2, 1, tzinfo=UTC))
    assert found(engine, "law") == ["Law two", "Law one"]


# --- compounds and synonyms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "compound", "words"),
    [
        ("de", "Datenschutzrecht", ["Datenschutz", "Recht"]),
        ("nl", "Gezondheidszorg", ["Gezondheid", "Zorg"]),
        ("sv", "Hälsovård", ["Hälso", "Vård"]),
        ("fi", "Tietosuoja", ["Tieto", "Suoja"]),
    ],
)
def test_a_compound_is_found_by_its_words_and_finds_them(
    engine: Engine, lang: str, compound: str, words: list[str]
) -> None:
    load(engine, **titled(lang, compound, *words, f"{words[0]} {words[1]} x"))
    for word in words:
        hits = found(engine, f"{word} ")
        assert compound in hits
        assert hits.index(word) < hits.index(compound)


def test_a_compound_that_occurs_nowhere_asks_for_its_words(engine: Engine) -> None:
    load(engine, **titled("de", "Recht und Wasser", "Poesie", "Wasser", "Recht"))
    assert found(engine, "Wasserrecht")[0] == "Recht und Wasser"
    assert "Poesie" not in found(engine, "Wasserrecht")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("AI", "Artificial intelligence in care"),
        ("artificial intelligence", "AI in care"),
        ("künstliche Intelligenz", "AI in care"),
        ("ai in care", "Artificial intelligence in care"),
    ],
)
def test_synonyms_find_each_other(engine: Engine, typed: str, title: str) -> None:
    load(engine, a=title, b="Poetry", c="Intelligence services", d="Artificial limbs")
    assert found(engine, typed)[0] == title


def test_the_word_itself_comes_before_its_synonym(engine: Engine) -> None:
    load(engine, a="Artificial intelligence", b="AI for all", c="Poetry")
    assert found(engine, "ai ") == ["AI for all", "Artificial intelligence"]
    assert found(engine, "artificial intelligence") == ["Artificial intelligence", "AI for all"]


# --- slips --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["statstics", "statisticcs", "statiztics", "statitsics", "Statsitics"])
def test_a_slip_of_one_letter_finds_and_is_told(engine: Engine, typed: str) -> None:
    load(engine, a="Statistics for nurses", b="Poetry")
    page = ask(engine, typed)
    assert [each.title for each in page.results] == ["Statistics for nurses"]
    assert page.did_you_mean == ("Statistics" if typed[0] == "S" else "statistics")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("künstlche", "künstliche"), ("Kunstlche", "Künstliche"), ("inteligenz", "intelligenz"), ("Ökologe", "Ökologie")],
)
def test_what_is_meant_is_spelt_as_it_stands(engine: Engine, typed: str, meant: str) -> None:
    titles = {"a": "KÜNSTLICHE INTELLIGENZ", "b": "Künstliche Intelligenz für alle", "c": "Ökologie"}
    load(engine, **{key: {"title": {"de": title}} for key, title in titles.items()})
    assert ask(engine, f"{typed} ", lang="de").did_you_mean == f"{meant} "


def test_only_the_word_with_the_slip_is_corrected(engine: Engine) -> None:
    load(engine, a="Statistics for nurses", b="Poetry")
    assert ask(engine, "Nurses,  statstics!").did_you_mean == "Nurses,  statistics!"


def test_what_is_spelt_so_comes_first(engine: Engine) -> None:
    load(
        engine,
        a="Causal inference",
        b={"title": "Dining", "description": {"en": "A casual one."}},
        **{f"c{n}": f"Causal models {n}" for n in range(9)},
    )
    assert found(engine, "casual")[0] == "Dining"
    assert len(found(engine, "casual")) == 11
    assert ask(engine, "casual").did_you_mean == "causal"


def test_with_enough_hits_nothing_is_corrected(engine: Engine) -> None:
    load(engine, a="Causal inference", **{f"c{n}": f"Casual dining {n}" for n in range(10)})
    page = ask(engine, "casual")
    assert page.total == 10
    assert page.did_you_mean is None


@pytest.mark.parametrize("typed", ["lwa", "laww", "1985"])
def test_short_words_and_codes_have_no_slips(engine: Engine, typed: str) -> None:
    load(engine, a="Law of 1984", b="Poetry")
    assert ask(engine, typed).total == 0


def test_two_slips_are_one_too_many(engine: Engine) -> None:
    load(engine, a="Statistics")
    assert ask(engine, "sttstics").total == 0


def test_whether_too_little_is_found_does_not_depend_on_filters(engine: Engine) -> None:
    load(engine, a="Causal inference", **{f"c{n}": f"Casual dining {n}" for n in range(10)})
    assert ask(engine, "casual", levels=[7]).total == 0


# --- totals and suggestions ---------------------------------------------------------------------------------------


def test_a_total_is_exact_up_to_a_bound(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    load(engine, **{f"n{n}": "The same title" for n in range(5)})
    assert (ask(engine, "same").total, ask(engine, "same").total_is_exact) == (5, True)
    monkeypatch.setattr("catalogue_db.search.searching.MOST_COUNTED", 4)
    assert (ask(engine, "same").total, ask(engine, "same").total_is_exact) == (4, False)


def test_no_more_than_so_many_are_ranked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    load(engine, a="Law", **{f"n{n}": f"Of the law and of many things more, number {n}" for n in range(20)})
    monkeypatch.setattr("catalogue_db.search.ladder.MOST_RANKED", 8)
    monkeypatch.setattr("catalogue_db.search.ranking.MOST_RANKED", 8)
    page = search(engine, SearchQuery(text="law", limit=5))
    assert page.total == 21
    assert page.results[0].title == "Law"
    rest = search(engine, SearchQuery(text="law", limit=5, cursor=page.next_cursor))
    assert len(rest.results) == 3
    assert rest.next_cursor is None


@pytest.fixture
def suggesting(engine: Engine) -> Engine:
    care = Organisation(
        name={"de": "Hochschule für Pflege", "en": "School of Nursing"}, identifiers={"schac": "care.example"}
    )
    load(
        engine,
        a="Nursing ethics",
        b="Nursing ethics",
        c="Introduction to nursing",
        d={"title": {"de": "Pflegeethik", "en": "Ethics in care"}, "providers": [care], "fields": ["0913"]},
        e="Poetry",
    )
    return engine


def test_suggestions_while_typing(suggesting: Engine) -> None:
    given = [(each.kind, each.text, each.documents) for each in suggest(suggesting, "nurs")]
    assert given == [
        ("title", "Nursing ethics", 2),
        ("title", "Introduction to nursing", 1),
        ("provider", "School of Nursing", 1),
        ("field", "Nursing and midwifery", 1),
        ("word", "nursing", 4),
    ]


def test_suggestions_speak_the_language_of_who_asks(suggesting: Engine) -> None:
    texts = {each.kind: each.text for each in suggest(suggesting, "pflege", lang="de")}
    assert texts["title"] == "Pflegeethik"
    assert texts["provider"] == "Hochschule für Pflege"


def test_a_word_that_goes_on_keeps_what_stands_before_it(suggesting: Engine) -> None:
    assert "ethics nursing" in [each.text for each in suggest(suggesting, "ethics nurs")]
    assert [each.text for each in suggest(suggesting, "nursing eth") if each.kind == "title"] == ["Nursing ethics"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("künstl", "künstliche"),
        ("Kunstl", "Künstliche"),
        ("Intelligenz für künstl", "Intelligenz für künstliche"),
        ("künstliche-int", "künstliche-intelligenz"),
    ],
)
def test_a_word_is_suggested_as_it_is_spelt(engine: Engine, typed: str, text: str) -> None:
    load(engine, a={"title": {"de": "KÜNSTLICHE INTELLIGENZ"}}, b={"title": {"de": "Künstliche Intelligenz für alle"}})
    assert text in [each.text for each in suggest(engine, typed, "de") if each.kind == "word"]


def test_what_is_suggested_leads_to_it(suggesting: Engine) -> None:
    for each in suggest(suggesting, "nurs"):
        by_kind: dict[str, dict[str, Any]] = {
            "title": {"text": each.text},
            "provider": {"providers": [each.value]},
            "field": {"fields": [each.value]},
            "word": {"text": each.value},
        }
        page = search(suggesting, SearchQuery(today=date(2026, 6, 15), **by_kind[each.kind]))
        assert page.total >= 1
        assert each.kind != "title" or each.value in [result.offering_id for result in page.results]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("nurs", [("nursing", 4)]),
        ("ethics nurs", [("ethics nursing", 3)]),
        ("ethics, nurs", [("ethics, nursing", 3)]),
        ("-introduction nurs", [("-introduction nursing", 3)]),
        ("poetry nurs", []),
        ("ethics -nurs", []),
        ('"ethics nurs', []),
        ("nurs ", []),
    ],
)
def test_words_are_suggested_so_far_as_offerings_have_them_together(
    suggesting: Engine, typed: str, words: list[tuple[str, int]]
) -> None:
    assert [(each.text, each.documents) for each in suggest(suggesting, typed) if each.kind == "word"] == words


def test_titles_in_ones_own_language_are_suggested_first(engine: Engine) -> None:
    load(
        engine,
        **{f"d{n}": {"title": {"de": f"Management {n}"}} for n in range(9)},
        z={"title": {"fr": "Management en pratique"}},
    )
    given = [each.text for each in suggest(engine, "manag", "fr", limit=3) if each.kind == "title"]
    assert given[0] == "Management en pratique"


@pytest.mark.parametrize("typed", ["", " ", "-", "zzz"])
def test_nothing_to_suggest(suggesting: Engine, typed: str) -> None:
    assert suggest(suggesting, typed) == []


def test_kinds_take_turns(engine: Engine) -> None:
    load(engine, **{f"n{n}": f"Nursing, part {n}" for n in range(20)}, x={"title": "X", "fields": ["0913"]})
    kinds = [each.kind for each in suggest(engine, "nurs", limit=5)]
    assert kinds == ["title", "title", "title", "field", "word"]
