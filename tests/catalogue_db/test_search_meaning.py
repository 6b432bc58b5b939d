"""What a person means by words: own language first, compounds, words written apart, slips, synonyms. Both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from catalogue_db.search import SearchPage, ladder
from tests.catalogue_db.test_search import ask, load


def titles(page: SearchPage) -> list[str | None]:
    return [result.title for result in page.results]


def titled(lang: str, title: str, text: str = "") -> dict[str, Any]:
    """An offering in one language."""
    return {"title": {lang: title}, "description": {lang: text}, "learning_outcomes": []}


# --- one's own language -------------------------------------------------------------------------------------------


def python_courses() -> dict[str, dict[str, Any]]:
    """Courses with the word in the title, those in the language of most people the more relevant ones."""
    return {
        "a": titled("en", "Python, more Python", "Python"),
        "b": titled("de-AT", "Daten mit Python"),
        "c": titled("fr", "Python en pratique", "Python"),
        "d": {"title": {"en": "Python all day", "de": "Python für jeden Tag"}},
        "e": titled("de", "Werkstatt", "Ein Kurs in Python"),
    }


def test_titles_in_ones_own_language_come_first_on_each_level(engine: Engine) -> None:
    load(engine, **python_courses())
    assert {*titles(ask(engine, "python", lang="de"))[:2]} == {"Daten mit Python", "Python für jeden Tag"}
    assert titles(ask(engine, "python", lang="de"))[-1] == "Werkstatt"
    assert titles(ask(engine, "python", lang="fr-LU"))[0] == "Python en pratique"


def test_pages_in_any_language_follow_each_other(engine: Engine) -> None:
    load(engine, **python_courses())
    whole, paged, cursor = titles(ask(engine, "python", lang="de")), [], None
    for _each in whole:
        page = ask(engine, "python", lang="de", limit=1, cursor=cursor)
        paged += titles(page)
        cursor = page.next_cursor
    assert paged == whole
    assert cursor is None


def test_where_not_all_can_be_ranked_ones_own_language_is(engine: Engine) -> None:
    """The newest of all would be those in English."""
    several = {f"de{n}": titled("de", f"Etwas {n}", "Alles über Origami") for n in range(3)}
    load(engine, **several, **{f"en{n}": titled("en", f"Thing {n}", "All about origami") for n in range(400)})
    found = titles(ask(engine, "origami", lang="de", limit=5))
    assert {*found[:3]} == {"Etwas 0", "Etwas 1", "Etwas 2"}
    assert ladder.MOST_RANKED < 400


# --- any of the words ---------------------------------------------------------------------------------------------


def test_what_has_more_of_the_words_comes_first(engine: Engine) -> None:
    """One word of a title is worth less than three words of the text."""
    load(
        engine,
        a=titled("en", "Glaciers", "Glaciers"),
        b=titled("en", "Outdoors", "Rivers, glaciers and avalanches"),
        c=titled("de", "Draußen", "Rivers and avalanches"),
    )
    assert titles(ask(engine, "avalanches glaciers rivers tundra")) == ["Outdoors", "Draußen", "Glaciers"]


def test_pages_of_some_words_follow_each_other(engine: Engine) -> None:
    load(engine, a="Soil", b="Soil and water", c="Water", d="Soil, water, air", e="Air")
    whole, paged, cursor = titles(ask(engine, "air soil water fire")), [], None
    for _each in whole:
        page = ask(engine, "air soil water fire", limit=1, cursor=cursor)
        paged += titles(page)
        cursor = page.next_cursor
    assert paged == whole
    assert whole[:2] == ["Soil, water, air", "Soil and water"]


def test_a_small_word_of_ones_own_language_tells_nothing(engine: Engine) -> None:
    """It is in every Swedish text, though in few of all."""
    swedish = {f"s{n}": titled("sv", f"Kurs i ämne {n}") for n in range(20)}
    load(engine, **swedish, **{f"e{n}": f"Course {n}" for n in range(90)}, x=titled("sv", "Energi och klimat"))
    assert titles(ask(engine, "energi i hus", lang="sv")) == ["Energi och klimat"]


# --- words that hold sentences together -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "title", "other_lang", "text"),
    [
        ("de", "Sicherheit am Bau", "de", "Die Teilnehmenden bereiten sich auf die Prüfung vor"),
        ("de", "Daten verstehen", "nl", "Je leert dat alles beweegt"),
        ("nl", "Dansen met kinderen", "fr", "Travailler dans une équipe"),
        ("fi", "Sosiaalinen media", "sv", "Arbeta med människor"),
        ("sv", "Bemötande vid demens", "de", "Arbeiten auf dem Dach"),
    ],
)
def test_a_word_is_not_found_in_one_that_only_looks_like_its_stem(
    engine: Engine, lang: str, title: str, other_lang: str, text: str
) -> None:
    load(engine, a=titled(lang, title), b=titled(other_lang, "Etwas", text))
    word = max(title.split(), key=len) if lang in ("de", "nl", "sv") else "media"
    for asked in (word, "Daten", "demens") if lang in ("de", "sv") else (word,):
        page = ask(engine, f"{asked} ", lang=lang)
        assert "Etwas" not in titles(page)
    assert titles(ask(engine, title, lang=lang))[0] == title


def test_a_function_word_is_found_as_it_stands_in_titles_and_phrases(engine: Engine) -> None:
    load(
        engine,
        a=titled("de", "Sich bewerben", "Wie man auftritt"),
        b=titled("de", "Sicher bewerben", "Ohne Aufregung"),
        c=titled("en", "To be or not to be"),
    )
    assert titles(ask(engine, "sich", lang="de"))[0] == "Sich bewerben"
    assert titles(ask(engine, '"sich bewerben"', lang="de")) == ["Sich bewerben"]
    assert titles(ask(engine, '"sicher bewerben"', lang="de")) == ["Sicher bewerben"]
    assert titles(ask(engine, "to be or not to be ")) == ["To be or not to be"]
    assert (
        ask(engine, '"sich bewerben"', lang="de").results[0].title_marked == "<mark>Sich</mark> <mark>bewerben</mark>"
    )


def test_a_synonym_is_found_in_a_language_that_no_offering_has(engine: Engine) -> None:
    load(engine, a=titled("en", "Artificial intelligence at work"), b=titled("en", "Poetry"))
    assert titles(ask(engine, "tekoäly", lang="fi")) == ["Artificial intelligence at work"]
    assert titles(ask(engine, "künstliche Intelligenz", lang="de")) == ["Artificial intelligence at work"]


# --- a hyphen before a word ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("de", "Personalführung und -entwicklung"),
        ("de", "Projektplanung, -steuerung und -kontrolle"),
        ("nl", "Taalontwikkeling en -stimulering"),
        ("fi", "Hankesuunnittelu ja -hallinto"),
        ("en", "Data -driven design"),
        ("en", "The -ing form"),
    ],
)
def test_a_title_with_a_hyphen_before_a_word_finds_itself(engine: Engine, lang: str, title: str) -> None:
    load(engine, a=titled(lang, title), b=titled(lang, "Anderes"))
    page = ask(engine, title, lang=lang)
    assert titles(page) == [title]
    assert page.total == 1


def test_a_hyphen_behind_a_joining_word_or_a_comma_excludes_nothing(engine: Engine) -> None:
    load(engine, a=titled("de", "Personalführung im Betrieb", "Mit Entwicklung"), b=titled("de", "Personalführung"))
    assert len(titles(ask(engine, "Personalführung und -entwicklung ", lang="de"))) == 2
    assert len(titles(ask(engine, "personalführung, -entwicklung ", lang="de"))) == 2
    assert titles(ask(engine, "personalführung -entwicklung ", lang="de")) == ["Personalführung"]


def test_letters_with_accents_apart_are_the_same_letters(engine: Engine) -> None:
    load(engine, a=titled("de", "Zürich entdecken"), b=titled("de", "Anderes"))
    for typed in ("Zu\u0308rich", "zu\u0308ri", '"Zu\u0308rich entdecken"', "zu\u0308rihc"):
        assert titles(ask(engine, typed, lang="de")) == ["Zürich entdecken"]


# --- compounds ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "title", "typed"),
    [
        ("de", "Wildbienen schützen", "bienen"),
        ("de", "Lebensmittelsicherheit", "sicherheit"),
        ("de", "Gebäudeenergieberatung", "beratung gebäude"),
        ("de", "Softwareentwicklung", "software entwicklung"),
        ("nl", "Privacyrecht", "privacy recht"),
        ("nl", "Zorgmedewerkers", "zorg"),
        ("nl", "Glastuinbouw", "tuinbouw"),
        ("sv", "Sårvård", "vård"),
        ("sv", "Trähusbyggnad", "byggnad"),
        ("fi", "Kirjanpito-opas ja veronmaksu: tilinpäätösanalyysi", "analyysi"),
    ],
)
def test_a_compound_is_found_by_how_it_begins_or_ends(engine: Engine, lang: str, title: str, typed: str) -> None:
    """Whether or not its parts stand anywhere as words of their own."""
    load(engine, a=titled(lang, title), b=titled(lang, "Anderes"))
    assert titles(ask(engine, typed, lang=lang)) == [title]


def test_the_word_itself_comes_before_its_compounds(engine: Engine) -> None:
    load(engine, a=titled("sv", "Fiskevård, sårvård, vårdpersonal"), b=titled("sv", "God vård i det lilla"))
    assert titles(ask(engine, "vård", lang="sv")) == ["God vård i det lilla", "Fiskevård, sårvård, vårdpersonal"]


@pytest.mark.parametrize(
    ("lang", "title", "typed"),
    [
        ("de", "Gesuche", "suche"),  # too few letters before it
        ("de", "Projektor", "projekt"),  # too few behind it
        ("en", "Performance", "form"),  # a language without compounds
        ("fr", "Portefeuille", "feuille"),
        ("de", "Hausbau", "bau"),  # too short to be told from a part of any word
    ],
)
def test_what_only_looks_like_a_compound_is_none(engine: Engine, lang: str, title: str, typed: str) -> None:
    load(engine, a=titled(lang, title), b=titled("de", "Anderes"))
    assert titles(ask(engine, f"{typed} ", lang=lang)) == []


def test_a_word_of_another_language_in_a_text_is_no_compound(engine: Engine) -> None:
    load(
        engine,
        a=titled("nl", "Workshop", "We perform in a workshop"),
        b=titled("en", "To perform"),
        c=titled("en", "Performing well"),
    )
    assert titles(ask(engine, "form ", lang="nl")) == []


# --- words written apart ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ({"en": "Spreadsheets for daily work"}, "spread sheets"),
        ({"en": "Relational databases"}, "data base"),
        ({"en": "Introduction to childcare"}, "child care"),
        ({"de": "Arbeitsrecht"}, "arbeit recht"),
    ],
)
def test_words_written_apart_find_what_is_written_as_one(engine: Engine, title: dict[str, str], typed: str) -> None:
    load(engine, a={"title": title}, b="Something else")
    assert titles(ask(engine, f"{typed} ")) == [*title.values()]


def test_short_words_are_not_joined(engine: Engine) -> None:
    load(engine, a="Open forum", b="Poetry")
    assert titles(ask(engine, "for um ")) == []


# --- slips ----------------------------------------------------------------------------------------------------------


def test_a_word_that_occurs_is_no_slip_of_one_that_is_hardly_more_frequent(engine: Engine) -> None:
    load(engine, a="Learn to sail", b="Lean production", c="Lean management")
    assert titles(ask(engine, "learn ")) == ["Learn to sail"]
    assert ask(engine, "learn ").did_you_mean is None


def managers(number: int) -> dict[str, str]:
    return {f"m{n}": f"Manager {n}" for n in range(number)}


def test_a_word_that_occurs_may_be_a_slip_of_a_much_more_frequent_one(engine: Engine) -> None:
    load(engine, a={"title": {"en": "Oats"}, "description": {"en": "For every manger."}}, **managers(9))
    page = ask(engine, "manger ", limit=50)
    assert page.total == 10
    assert titles(page)[0] == "Oats"
    assert page.did_you_mean == "manager "


@pytest.mark.parametrize(
    ("lang", "typed"),
    [("en", '"manger"'), ("en", '"manager" "manger" '), ("fr", "manger ")],
    ids=["quoted", "quoted among others", "of another language"],
)
def test_what_was_meant_as_it_was_typed_is_no_slip(engine: Engine, lang: str, typed: str) -> None:
    load(engine, a={"title": {lang: "Oats"}, "description": {lang: "manger"}}, **managers(9))
    page = ask(engine, typed, lang=lang, limit=50)
    assert page.did_you_mean is None


def test_a_word_of_a_title_is_no_slip(engine: Engine) -> None:
    load(engine, a="Manger", **managers(9))
    page = ask(engine, "manger ")
    assert titles(page) == ["Manger"]
    assert page.did_you_mean is None


def test_a_word_that_holds_sentences_together_is_no_slip(engine: Engine) -> None:
    load(engine, a=titled("en", "Oats", "about"), **{f"b{n}": titled("en", f"Abort {n}") for n in range(9)})
    assert titles(ask(engine, "about ")) == ["Oats"]


@pytest.mark.parametrize("typed", ["brea", "bred", "breda", "braed", "brzad", "breead"])
def test_one_slip_in_a_word_of_five_letters_finds_it(engine: Engine, typed: str) -> None:
    load(engine, a="Bread and butter", b="Poetry")
    page = ask(engine, f"{typed} ")
    assert titles(page) == ["Bread and butter"]
    assert page.did_you_mean == "bread "


def test_words_of_four_letters_are_no_slips_of_one_another(engine: Engine) -> None:
    load(engine, a="Wood carving", b="Poetry")
    assert titles(ask(engine, "woof ")) == []


def test_a_word_that_stands_nowhere_is_a_slip_although_its_stem_stands_somewhere(engine: Engine) -> None:
    """Without its ending it is *programme* without its own."""
    load(engine, a="Programming for beginners", **{f"n{n}": f"Programme {n}" for n in range(12)})
    page = ask(engine, "programmming ", limit=50)
    assert titles(page)[-1] == "Programming for beginners"
    assert page.total == 13
    assert page.did_you_mean is None
    assert ask(engine, "programmming ", lang="nl").did_you_mean == "programming "


def test_titles_with_a_slip_come_before_what_only_says_the_word(engine: Engine) -> None:
    says = {f"s{n}": {"title": {"en": f"Poetry {n}"}, "description": {"en": "with management"}} for n in range(12)}
    load(engine, a="Management", **says)
    assert titles(ask(engine, "mangaement "))[0] == "Management"


@pytest.mark.parametrize("typed", ["management", "mangaement"])
def test_a_title_is_found_among_very_many_that_have_its_words(engine: Engine, typed: str) -> None:
    """More than can be ranked have the word in a short title, all of them newer."""
    load(engine, first="Management")
    load(engine, first="Management", **{f"n{n}": f"Management {n}" for n in range(310)})
    assert titles(ask(engine, f"{typed} "))[0] == "Management"


# --- hyphens --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "title", "typed"),
    [
        ("de", "Energieberatung", "Energie-Beratung"),
        ("de", "Softwareentwicklung", "software-entwicklung"),
        ("de", "Arbeitsrecht", "Arbeit-Recht"),
        ("nl", "Zonnepanelen", "zonne-panelen"),
        ("en", "Elearning", "e-learning"),
        ("de", "Energie-Beratung", "Energie-Beratung"),
        ("de", "Beratung zur Energie", "Energie-Beratung"),
    ],
)
def test_what_is_typed_with_a_hyphen_is_found_as_one_word_and_apart(
    engine: Engine, lang: str, title: str, typed: str
) -> None:
    load(engine, a=titled(lang, title), b=titled(lang, "Poesie"))
    assert titles(ask(engine, f"{typed} ", lang=lang)) == [title]


def test_what_is_quoted_is_found_only_so(engine: Engine) -> None:
    load(engine, a=titled("de", "Energieberatung"), b=titled("de", "Beratung zur Energie"))
    assert titles(ask(engine, '"Energie-Beratung"', lang="de")) == []


# --- inflections, synonyms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Turvallisuuden alkeet", "turvallisuus"),
        ("Turvallisuus työssä", "turvallisuutta"),
        ("Ihmisten oikeuksia", "oikeus"),
        ("Koulutuksen perusteet", "koulutus"),
        ("Oppimisen taito", "oppiminen"),
        ("Oppiminen", "oppimiseen"),
    ],
)
def test_finnish_nouns_are_found_in_all_cases(engine: Engine, title: str, typed: str) -> None:
    load(engine, a=titled("fi", title), b=titled("fi", "Muuta"))
    assert titles(ask(engine, f"{typed} ", lang="fi")) == [title]


def test_a_word_that_occurs_has_the_stem_that_the_index_gave_it(engine: Engine) -> None:
    """A server's own stemmer may be older, and take these for the same word."""
    load(engine, a="Emergency nursing", b="Emerging markets", c="Universal design", d="University life")
    assert titles(ask(engine, "emergency ")) == ["Emergency nursing"]
    assert titles(ask(engine, "universal ")) == ["Universal design"]


def test_dutch_plurals_with_a_vowel_less_are_found(engine: Engine) -> None:
    load(engine, a=titled("nl", "Zonnepanelen op het dak"), b=titled("nl", "Anders"))
    assert titles(ask(engine, "zonnepaneel ", lang="nl")) == ["Zonnepanelen op het dak"]


@pytest.mark.parametrize(
    ("lang", "title", "typed"),
    [
        ("de", "Buchführung", "buchhaltung"),
        ("es", "Protección de datos", "RGPD"),
        ("fi", "Tietosuoja", "GDPR"),
        ("fi", "Kyberturvallisuuden alkeet", "tietoturva"),
        ("sv", "Cybersäkerhet", "IT-säkerhet"),
        ("fr", "Démence : comprendre", "alzheimer"),
        ("und", "Maschinelles Lernen", "machine learning"),
    ],
)
def test_what_means_the_same_is_found(engine: Engine, lang: str, title: str, typed: str) -> None:
    """Also in a text of unknown language, whose words are not stemmed."""
    load(engine, a=titled(lang, title), b="Something else")
    assert titles(ask(engine, f"{typed} ", lang=lang)) == [title]
