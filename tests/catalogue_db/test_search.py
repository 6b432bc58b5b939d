"""Search: what is found, in which order, how it is filtered, counted, marked and paged."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from catalogue_db import dialects
from catalogue_db.candidate import Candidate
from catalogue_db.load import load_candidate
from catalogue_db.search import SearchPage, SearchQuery, rebuild_search, search
from catalogue_db.search.query import parse
from catalogue_db.tables import search_vector
from standard.offering import LearningOutcome, Level, Organisation, Stackability, Workload
from tests.catalogue_db.asking import everything, found, rows
from tests.offerings import a_candidate, an_instance, an_offering

SOUTH = Organisation(name={"en": "Southern College"}, identifiers={"schac": "south.example"}, country="SE")
TODAY = date(2026, 6, 15)


def load(engine: Engine, **titles: str | dict[str, Any]) -> None:
    """Load offerings: source_id = title, or all that differs."""
    offerings = [
        an_offering(source_id, **({"title": given} if isinstance(given, str) else given))
        for source_id, given in titles.items()
    ]
    load_candidate(engine, a_candidate(offerings))


def ask(engine: Engine, text: str = "", **filters: Any) -> SearchPage:
    return search(engine, SearchQuery(text=text, today=TODAY, **filters))


def facet(page: SearchPage, name: str) -> dict[str, int]:
    return {each.value: each.count for each in page.facets[name]}


# --- words --------------------------------------------------------------------------------------------------------


def test_words_in_any_order_all_required(engine: Engine) -> None:
    load(
        engine, a="Statistics for nurses", b="Nurses and law", **{f"s{n}": "Statistics with nurses" for n in range(10)}
    )
    assert "Statistics for nurses" in found(engine, "nurses statistics")
    assert "Nurses and law" not in found(engine, "nurses statistics", limit=50)


def test_with_too_few_hits_any_of_the_words_will_do_the_fullest_first(engine: Engine) -> None:
    load(engine, a="Soil", b="Soil and water law", c="Water", d="Poetry")
    page = ask(engine, "water soil")
    assert page.matched == "any_words"
    assert page.total == 3
    assert page.results[0].title == "Soil and water law"


def test_words_that_nearly_all_have_do_not_fill_the_page(engine: Engine) -> None:
    load(engine, **{f"n{n}": f"Introduction to topic{n}" for n in range(40)}, x="Introduction to glaciers")
    page = ask(engine, "introduction glaciers nowhere")
    assert [result.title for result in page.results] == ["Introduction to glaciers"]


def test_a_phrase_is_found_in_its_order_only(engine: Engine) -> None:
    load(engine, a="Machine learning", b="Learning about a machine")
    assert found(engine, '"machine learning"') == ["Machine learning"]
    assert found(engine, '"machines learned"') == ["Machine learning"]


def test_a_phrase_does_not_span_two_outcomes(engine: Engine) -> None:
    outcomes = [LearningOutcome(text={"en": "explains soil"}), LearningOutcome(text={"en": "water is measured"})]
    load(engine, a={"title": "T", "learning_outcomes": outcomes})
    assert found(engine, '"water is measured"') == ["T"]
    assert found(engine, '"soil water"') == []


def test_what_must_not_occur(engine: Engine) -> None:
    load(engine, a="Data science", b="Data law", c="Poetry")
    assert found(engine, "data -law") == ["Data science"]
    assert sorted(found(engine, "-data")) == ["Poetry"]
    assert sorted(found(engine, '-"data law"')) == ["Data science", "Poetry"]


def test_a_hyphen_inside_or_alone_excludes_nothing(engine: Engine) -> None:
    load(engine, a="E-learning", b="Data - driven")
    assert found(engine, "e-learning") == ["E-learning"]
    assert found(engine, "data - driven") == ["Data - driven"]


@pytest.mark.parametrize("typed", ["pr", "prog", "program", "programmi", "programming"])
def test_the_last_word_may_be_only_begun(engine: Engine, typed: str) -> None:
    load(engine, a="Introduction to Programming", b="Law")
    assert found(engine, typed) == ["Introduction to Programming"]
    assert found(engine, f"introduction {typed}") == ["Introduction to Programming"]


def test_a_finished_or_quoted_word_is_not_a_beginning(engine: Engine) -> None:
    load(engine, a="Programming")
    assert found(engine, "prog ") == []
    assert found(engine, '"prog"') == []
    assert found(engine, "prog", last_word_begun=False) == []


@pytest.mark.parametrize(
    "typed", ["künstliche", "KUNSTLICHE", "kuenstliche", "künstlicher Intelligenzen", '"kunstliche intelligenz"']
)
def test_german_as_people_type_it(engine: Engine, typed: str) -> None:
    load(engine, a={"title": {"de": "Künstliche Intelligenz"}, "languages": ["de"]}, b="Law")
    assert found(engine, typed) == ["Künstliche Intelligenz"]


def test_every_language_is_searched_whatever_the_user_speaks(engine: Engine) -> None:
    load(
        engine,
        a={"title": {"fi": "Tekoälyn perusteet"}, "languages": ["fi"]},
        b={"title": {"sv": "Hållbarhet"}, "languages": ["sv"]},
    )
    assert found(engine, "tekoäly", lang="en") == ["Tekoälyn perusteet"]
    assert found(engine, "hallbarheten", lang="en") == ["Hållbarhet"]


def test_titles_count_more_than_descriptions(engine: Engine) -> None:
    load(
        engine,
        a={"title": "Gardens", "description": {"en": "Soil soil soil and more soil."}},
        b={"title": "Soil", "description": {"en": "About gardens and a good many other things besides."}},
        c="Law",
        d="Poetry",
    )
    assert found(engine, "soil") == ["Soil", "Gardens"]


@pytest.mark.parametrize(
    "where",
    [
        {"learning_outcomes": [LearningOutcome(text={"en": "handles zebras"})]},
        {"keywords": ["zebra"]},
        {"description": {"en": "On zebras."}},
        {"prerequisites": {"en": "A zebra."}},
        {"providers": [Organisation(name={"en": "Zebra University"})]},
    ],
)
def test_other_parts_are_searched_too(engine: Engine, where: dict[str, Any]) -> None:
    load(engine, a={"title": "Found", **where}, b="Not")
    assert found(engine, "zebra") == ["Found"]


@pytest.mark.parametrize("typed", ["", "   ", "***", '"', "-", "()", "\0", "\ud800", "- - -"])
def test_a_text_without_a_word_asks_for_everything(engine: Engine, typed: str) -> None:
    load(engine, a="Beta", b="alpha")
    assert found(engine, typed) == ["alpha", "Beta"]
    assert ask(engine, typed).matched == "everything"


@pytest.mark.parametrize(
    "typed",
    [
        'x" OR "y',
        "title:law",
        "law*",
        "NEAR(law, 2)",
        "law AND NOT",
        "{title}: law",
        "^law",
        "'; DROP TABLE feed--",
    ],
)
def test_the_index_own_syntax_means_nothing(engine: Engine, typed: str) -> None:
    load(engine, a="Law")
    assert ask(engine, typed).total <= 1
    assert found(engine, "law") == ["Law"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60) | st.text(alphabet="ab\"-*^:(){}+,. NEARORDT'\\%_\0", max_size=40),
    lang=st.text(max_size=5),
)
def test_no_text_of_a_stranger_is_an_error(engine: Engine, text: str, lang: str) -> None:
    if not rows(engine, "SELECT 1 FROM offering"):
        load(engine, a="Ab ba", b={"title": {"de": "Er ODER ab"}})
    page = ask(engine, text, lang=lang, limit=5)
    assert 0 <= page.total <= 2
    assert len(page.results) == page.total


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.text(max_size=8), max_size=3),
    number=st.floats() | st.none(),
    level=st.integers(),
    limit=st.integers(),
    offset=st.integers(),
)
def test_no_filter_of_a_stranger_is_an_error(
    engine: Engine, values: list[str], number: float | None, level: int, limit: int, offset: int
) -> None:
    filters: dict[str, Any] = dict.fromkeys(("modes", "fields", "providers", "trust", "languages", "feeds"), values)
    page = ask(
        engine,
        "a",
        min_ects=number,
        max_ects=number,
        levels=[level],
        limit=limit,
        offset=offset,
        countries=values,
        **filters,
    )
    assert page.total == 0


def test_a_very_long_query_is_cut_not_refused(engine: Engine) -> None:
    load(engine, a="Law")
    assert found(engine, "law " * 5000) == ["Law"]
    assert len(parse("word " * 5000).wanted) <= 24


# --- filters and facets -------------------------------------------------------------------------------------------


@pytest.fixture
def varied(engine: Engine) -> Engine:
    load(
        engine,
        low={
            "title": "Law basics", "level": Level(eqf=4), "workload": Workload(ects=1), "modes": ["onsite"],
            "fields": ["0421"], "languages": ["fi"], "stackability": Stackability(stackable=False),
            "instances": [an_instance(1, amount=0, start="2026-09-01")],
        },
        mid={
            "title": "Law advanced", "level": Level(eqf=6), "workload": Workload(ects=5), "modes": ["online", "onsite"],
            "fields": ["0611"], "languages": ["en"], "providers": [SOUTH], "country": "SE",
            "stackability": Stackability(stackable=True),
            "instances": [an_instance(1, amount=90, start="2026-10-01"), an_instance(2, start="2025-10-01")],
        },
        high={
            "title": "Law of data", "level": Level(eqf=7), "workload": Workload(ects=12), "modes": ["online"],
            "fields": ["0613"], "languages": ["en-GB"],
            "instances": [an_instance(1, start="2026-08-01", status="cancelled")],
        },
        none={"title": "Law, unknown", "level": None, "workload": None, "modes": [], "fields": [], "languages": []},
    )  # fmt: skip
    return engine


def ids(engine: Engine, **filters: Any) -> set[str]:
    known = {
        row["offering_id"]: row["source_id"] for row in rows(engine, "SELECT offering_id, source_id FROM offering")
    }
    return {known[result.offering_id] for result in ask(engine, "law", **filters).results}


def provider_id(engine: Engine, name: str) -> str:
    query = "SELECT provider_id FROM v1_providers WHERE name = :name"
    return str(rows(engine, query, name=name)[0]["provider_id"])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"levels": [6, 7]}, {"mid", "high"}),
        ({"modes": ["onsite"]}, {"low", "mid"}),
        ({"fields": ["06"]}, {"mid", "high"}),
        ({"fields": ["061"]}, {"mid", "high"}),
        ({"fields": ["0611"]}, {"mid"}),
        ({"fields": ["0421", "0613"]}, {"low", "high"}),
        ({"languages": ["en"]}, {"mid", "high"}),
        ({"languages": ["en-GB"]}, {"high"}),
        ({"countries": ["SE"]}, {"mid"}),
        ({"min_ects": 5}, {"mid", "high"}),
        ({"max_ects": 5}, {"low", "mid"}),
        ({"min_ects": 2, "max_ects": 5}, {"mid"}),
        ({"stackable": True}, {"mid"}),
        ({"stackable": False}, {"low"}),
        ({"free": True}, {"low"}),
        ({"free": False}, {"mid", "high", "none"}),
        ({"start_from": date(2026, 8, 1)}, {"low", "mid"}),
        ({"start_from": date(2026, 8, 1), "start_to": date(2026, 9, 30)}, {"low"}),
        ({"trust": ["not_listed"]}, set()),
        ({"feeds": ["north"]}, {"low", "mid", "high", "none"}),
        ({"feeds": ["south"]}, set()),
        ({"fields": ["%"]}, set()),
        ({"levels": [6], "modes": ["onsite"], "languages": ["en"]}, {"mid"}),
    ],
)
def test_filters(varied: Engine, filters: dict[str, Any], expected: set[str]) -> None:
    assert ids(varied, **filters) == expected
    assert ask(varied, "law", **filters).total == len(expected)


def test_filter_by_provider(varied: Engine) -> None:
    assert ids(varied, providers=[provider_id(varied, "Southern College")]) == {"mid"}


def test_facets_count_what_is_found(varied: Engine) -> None:
    page = ask(varied, "law")
    assert facet(page, "level") == {"4": 1, "6": 1, "7": 1}
    assert facet(page, "ects") == {"under 2": 1, "5 to 10": 1, "10 to 30": 1}
    assert facet(page, "mode") == {"online": 2, "onsite": 2}
    assert facet(page, "field") == {"04": 1, "042": 1, "0421": 1, "06": 2, "061": 2, "0611": 1, "0613": 1}
    assert facet(page, "language") == {"en": 2, "en-GB": 1, "fi": 1}
    assert facet(page, "trust") == {}
    assert [(each.label, each.count) for each in page.facets["provider"]] == [
        ("Northern University", 3),
        ("Southern College", 1),
    ]


def test_facets_name_codes_in_the_language_of_who_asks(varied: Engine) -> None:
    def labels(name: str, lang: str) -> dict[str, str | None]:
        return {each.value: each.label for each in ask(varied, "law", lang=lang).facets[name]}

    assert labels("level", "fr") == {"4": "CEC niveau 4", "6": "CEC niveau 6", "7": "CEC niveau 7"}
    assert labels("mode", "fi-FI") == {"online": "Verkossa", "onsite": "Lähiopetus"}
    assert labels("language", "de") == {"en": "Englisch", "en-GB": None, "fi": "Finnisch"}
    assert labels("language", "xx") == {"en": "English", "en-GB": None, "fi": "Finnish"}
    assert labels("field", "en")["0421"] == "Law"
    assert set(labels("ects", "en").values()) == {None}


def test_the_start_facet_shows_coming_months(varied: Engine) -> None:
    assert facet(ask(varied, "law"), "start") == {"2026-09": 1, "2026-10": 1}


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("level", {"levels": [6]}),
        ("mode", {"modes": ["onsite"]}),
        ("field", {"fields": ["0421"]}),
        ("language", {"languages": ["fi"]}),
        ("ects", {"min_ects": 5}),
        ("start", {"start_from": date(2026, 10, 1)}),
    ],
)
def test_a_facet_ignores_its_own_filter_and_no_other(varied: Engine, name: str, filters: dict[str, Any]) -> None:
    open_page, page = ask(varied, "law"), ask(varied, "law", **filters)
    assert facet(page, name) == facet(open_page, name)
    other = "mode" if name != "mode" else "level"
    assert facet(page, other) != facet(open_page, other)


def test_a_facet_says_what_choosing_it_would_find(varied: Engine) -> None:
    for value, count in facet(ask(varied, "law", modes=["online"]), "level").items():
        assert ask(varied, "law", modes=["online"], levels=[int(value)]).total == count


def test_facets_can_be_left_out(varied: Engine) -> None:
    page = ask(varied, "law", facets=False)
    assert page.facets == {}
    assert page.total == 4


# --- what a result shows ------------------------------------------------------------------------------------------


def test_a_result_has_what_a_list_shows(varied: Engine) -> None:
    (result,) = ask(varied, "advanced").results
    assert result.title == "Law advanced"
    assert (result.provider, result.country, result.feed) == ("Southern College", "SE", "north")
    assert (result.ects, result.eqf_level, result.next_start) == (5, 6, "2026-10-01")
    assert (result.modes, result.languages, result.fields) == (["online", "onsite"], ["en"], ["0611"])
    assert result.homepage == "https://north.example/mid"
    assert result.score > 0


def test_the_title_is_in_the_users_language_where_there_is_one(engine: Engine) -> None:
    load(engine, a={"title": {"en": "Law", "fi": "Oikeus"}, "languages": ["fi"]})
    assert [ask(engine, "", lang=lang).results[0].title for lang in ("en", "fi", "sv")] == ["Law", "Oikeus", "Oikeus"]


def test_marks_show_the_true_words(engine: Engine) -> None:
    load(engine, a={"title": {"de": "Künstliche Intelligenz & <Ethik>"}, "languages": ["de"]})
    (result,) = ask(engine, "kunstlicher ethik", lang="de").results
    assert result.title_marked == "<mark>Künstliche</mark> Intelligenz &amp; &lt;<mark>Ethik</mark>&gt;"


def test_a_snippet_shows_the_passage_that_was_found(engine: Engine) -> None:
    text = (
        "Filler words stand here. " * 60
        + "At last <b>glaciers</b> and their melting are explained. "
        + "More filler. " * 60
    )
    load(engine, a={"title": "Ice", "description": {"en": text}})
    snippet = ask(engine, "melting glacier").results[0].snippet or ""
    assert "&lt;b&gt;<mark>glaciers</mark>&lt;/b&gt; and their <mark>melting</mark>" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert len(snippet) < 500


def test_without_a_hit_in_the_text_a_snippet_is_its_beginning(engine: Engine) -> None:
    load(engine, a={"title": "Glaciers", "description": {"en": "First words."}})
    assert ask(engine, "glaciers").results[0].snippet == "First words."


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200), typed=st.text(max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_snippet_never_carries_markup_of_the_text(engine: Engine, text: str, typed: str) -> None:
    load(engine, a={"title": f"T {text[:20]}", "description": {"en": text}})
    for asked in (typed, text[:40], ""):
        for result in ask(engine, asked).results:
            for html in (result.snippet or "", result.title_marked or ""):
                assert not re.search(r"<(?!/?mark>)", html)


# --- pages --------------------------------------------------------------------------------------------------------


def test_pages_never_overlap_and_miss_nothing(engine: Engine) -> None:
    load(engine, **{f"n{n}": "The same title" for n in range(23)})
    pages = [[each.offering_id for each in ask(engine, "same", limit=5, offset=at).results] for at in range(0, 30, 5)]
    together = [each for page in pages for each in page]
    assert len(together) == len(set(together)) == 23
    assert ask(engine, "same", limit=5).total == 23


def test_nothing_beyond_the_end_and_no_more_than_allowed(engine: Engine) -> None:
    load(engine, **{f"n{n}": "The same title" for n in range(3)})
    assert ask(engine, "same", offset=50).results == []
    assert ask(engine, "same", limit=0).results == []
    assert len(ask(engine, "same", limit=10**30, offset=-5).results) == 3


# --- in step with the load ----------------------------------------------------------------------------------------


def test_the_index_follows_every_change(engine: Engine) -> None:
    def candidate(*titles: str) -> Candidate:
        return a_candidate([an_offering(f"n{n}", title=title) for n, title in enumerate(titles)])

    load_candidate(engine, candidate("Glaciers", "Volcanoes"))
    load_candidate(engine, candidate("Rivers", "Volcanoes"))
    assert (found(engine, "glaciers"), found(engine, "rivers"), found(engine, "volcano")) == (
        [],
        ["Rivers"],
        ["Volcanoes"],
    )
    load_candidate(engine, candidate("Rivers"))
    assert found(engine, "volcano") == []


def test_the_index_made_anew_is_the_same(varied: Engine) -> None:
    load_candidate(varied, a_candidate([an_offering("z", feed="south", title={"fi": "Tekoälyn"})], feed="south"))
    before = everything(varied)
    assert rebuild_search(varied) == 5
    assert everything(varied) == before
    assert found(varied, "tekoäly") == ["Tekoälyn"]
    with varied.connect() as connection, dialects.write_transaction(connection):
        assert dialects.check_index(connection)


def test_an_index_out_of_step_is_noticed_and_mended(varied: Engine) -> None:
    with varied.connect() as connection, dialects.write_transaction(connection):
        if dialects.is_postgres(connection):
            connection.execute(delete(search_vector))
        else:
            dialects.empty_index(connection)
        assert not dialects.check_index(connection)
    assert found(varied, "law") == []
    rebuild_search(varied)
    assert len(found(varied, "law")) == 4
