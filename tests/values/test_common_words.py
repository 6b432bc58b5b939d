"""Common words show the language of a text at a glance, and never another one than its own."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standard.values.common_words import COMMON_WORDS, LEAST_WORDS, shows
from standard.values.languages import detect
from tests.shared_data import shared

TEXTS = {
    "en": "This course introduces you to the ethical questions of work with data, and shows how they are discussed.",
    "de": "Der Kurs führt in die Pflege ein und wird mit einer Prüfung beendet; er ist auf Deutsch und für alle offen.",
    "fr": "Ce cours est une introduction pour les équipes qui travaillent avec vous dans une école, et leurs outils.",
    "nl": "Het vak wordt gegeven voor een groep die niet in het Engels werkt; bij deze lessen wordt ook geoefend.",
    "es": "El curso presenta los métodos y las herramientas que usan los equipos y sus retos, también los nuevos.",
    "it": "Il corso presenta gli strumenti della ricerca che sono usati nelle imprese e anche nel lavoro della scuola.",
    "sv": "Kursen är för alla och ger ett sätt att arbeta från början; du ska inte läsa eller skriva hur som helst.",
}
NEIGHBOURS = {
    "pt": "O curso apresenta os métodos para o trabalho com dados e como usar estes métodos, por exemplo.",
    "no": "Kurset er for alle som vil lære av andre, og du har ikke bruk for mer enn det du kan fra før av det.",
    "da": "Kurset er for alle, der vil lære at arbejde med data, og som har lyst til at bruge det i deres arbejde.",
    "ca": "El curs presenta els mètodes i les eines que fan servir els equips per a la recerca, amb exemples del dia.",
    "lb": "De Cours ass fir all déi, déi mat Daten schaffen, an e weist wéi een domat ëmgeet an der Schoul.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_shows_its_own_language_and_no_other(language: str) -> None:
    assert [tag for tag in COMMON_WORDS if shows(tag, TEXTS[language])] == [language]
    assert shows(f"{language}-XX", TEXTS[language].upper())


@pytest.mark.parametrize("language", NEIGHBOURS)
def test_a_neighbour_is_not_taken_for_one_of_them(language: str) -> None:
    assert [tag for tag in COMMON_WORDS if shows(tag, NEIGHBOURS[language])] == []


def test_no_word_is_common_in_two_of_the_languages() -> None:
    words = [word for words in COMMON_WORDS.values() for word in words.split()]
    assert len(words) == len(set(words))


def test_two_languages_in_one_text_show_neither() -> None:
    assert not any(shows(tag, f"{TEXTS['en']} {TEXTS['fr']}") for tag in ("en", "fr"))


@given(st.text(), st.sampled_from([*COMMON_WORDS, "fi", "und", ""]))
def test_it_takes_words_to_show_a_language(text: str, tag: str) -> None:
    assert not shows(tag, text) or sum(map(str.isalpha, text)) >= LEAST_WORDS


@pytest.mark.real
def test_real_texts_read_to_the_detector_as_what_they_show() -> None:
    file = shared("data", "feeds", "html-texts", "wur-course-texts.json")
    if not file.is_file():
        pytest.skip("the real sample files are not beside the project")
    texts = [text for record in json.loads(file.read_text("utf-8")) for text in record.values() if len(str(text)) > 200]
    shown = [(tag, text) for text in texts for tag in COMMON_WORDS if shows(tag, text[:200])]
    assert len(shown) > len(texts) / 2
    assert [(tag, text) for tag, text in shown if (found := detect(text)) is None or found[0] != tag] == []
