"""Words: folded and stemmed, the same for texts and queries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue_db.search import words
from catalogue_db.search.function_words import MARK, function_words
from catalogue_db.search.spelling import spellings


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Ångström", ("angstrom",)),
        ("Straße", ("strasse",)),
        ("STRASSE", ("strasse",)),
        ("Œuvre", ("oeuvre",)),
        ("Łódź", ("lodz",)),
        ("Ærø", ("aero",)),
        ("e\u0301cole", ("ecole",)),
        ("½", ("1", "2")),
        ("ﬁnance", ("finance",)),
        ("ΣΊΣΥΦΟΣ", ("σισυφοσ",)),
        ("Київ", ("киів",)),
        ("İstanbul", ("istanbul",)),
    ],
)
def test_folding(word: str, expected: tuple[str, ...]) -> None:
    assert words.folded(word) == expected


@pytest.mark.parametrize(
    ("language", "several"),
    [
        ("en", ["programs", "programming", "Programmed"]),
        ("de", ["künstliche", "kuenstliche", "kunstlichen", "KÜNSTLICHER"]),
        ("de", ["Häuser", "Haeuser", "Hauses"]),
        ("fi", ["tekoäly", "tekoälyn", "tekoälyssä"]),
        ("sv", ["säkerhet", "säkerheten"]),
        ("fr", ["qualité", "qualités", "qualite"]),
        ("es", ["educación", "educaciones", "educacion"]),
        ("nl", ["studenten", "student"]),
    ],
)
def test_inflections_meet_in_the_index(language: str, several: list[str]) -> None:
    assert len({words.stems(word, language)[0] for word in several}) == 1


def variants(word: str, language: str) -> set[str]:
    """Everything that a query for a word looks for in texts of a language, or of an unknown one."""
    spelt = spellings(word, [language])
    return {stem for each in spelt for _language, stem in each.stems} | {each.surfaces[0] for each in spelt}


def test_endings_with_diacritics_are_indexed_too() -> None:
    line = words.Stems("pt").line("educações abertas")
    wanted = set(variants("educação", "pt"))
    assert wanted & set(line.split())
    assert set(variants("educacoes", "pt")) & set(line.split())


@pytest.mark.parametrize(("tag", "language"), [("de-AT", "de"), ("EN", "en"), ("und", ""), (None, ""), ("zh", "")])
def test_the_stemmer_of_a_language_tag(tag: str | None, language: str) -> None:
    assert words.stemming_language(tag) == language


def test_a_text_of_unknown_language_keeps_its_words() -> None:
    assert words.Stems("").line("Learning Outcomes") == "learning outcomes"


def entries(lexicon: words.Lexicon, numbers: list[int]) -> set[words.Entry]:
    return {lexicon.entries[each] for each in lexicon.apart(set(numbers))}


def test_words_are_numbered_once_with_their_term_in_their_language() -> None:
    lexicon = words.Lexicon()
    stems = words.Stems("en", lexicon)
    line, numbers = stems.read("Programming law programming LAW")
    assert line == "program law program law"
    assert numbers[0] == numbers[2]
    assert entries(lexicon, numbers) == {("programming", "en", "program"), ("law", "en", "law")}


@given(st.text(), st.sampled_from(["", "en", "de", "pt", "fi", "ru", "el", "ar", "hy"]))
def test_the_words_of_a_text_have_just_the_terms_of_its_line(text: str, language: str) -> None:
    lexicon = words.Lexicon()
    line, numbers = words.Stems(language, lexicon).read(text)
    found = entries(lexicon, numbers)
    assert {entry.term for entry in found} == set(line.split()) - {words.SEPARATOR}
    again = entries(lexicon, words.Stems(language, lexicon).read(text)[1])
    assert again == found
    assert all(entry.word and entry.lang == language for entry in found)


def test_a_word_with_two_stems_is_kept_with_both() -> None:
    lexicon = words.Lexicon()
    _line, numbers = words.Stems("pt", lexicon).read("educações")
    assert [entry.word for entry in entries(lexicon, numbers)] == ["educacoes", "educacoes"]
    assert len({entry.term for entry in entries(lexicon, numbers)}) == 2


def test_places_of_words() -> None:
    assert list(words.positions("An e-course!")) == [(0, 2, "An"), (3, 4, "e"), (5, 11, "course")]


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    for word in words.split(text):
        for folded in words.folded(word):
            assert words.folded(folded) == (folded,)


@given(st.text(), st.sampled_from(["", *words.ALGORITHMS]))
def test_a_word_of_a_text_is_always_among_its_own_variants(text: str, tag: str) -> None:
    """Or it is found as it was met, since it is no other word's stem."""
    language = words.stemming_language(tag)
    indexed = words.Stems(language).line(text)
    for word in words.split(text):
        several = [*variants(word, language), *(folded + MARK for folded in words.folded(word))]
        assert not several or any(f" {variant} " in f" {indexed} " for variant in several)


@given(st.text(), st.sampled_from(["", *words.ALGORITHMS]))
def test_what_is_indexed_is_letters_digits_and_separators(text: str, tag: str) -> None:
    line = words.Stems(words.stemming_language(tag)).line(text)
    assert all(word == words.SEPARATOR or word.removesuffix(MARK).isalnum() for word in line.split())


@pytest.mark.parametrize(
    ("language", "function_word", "other"),
    [("de", "sich", "Sicherheit"), ("fr", "son", "sons"), ("nl", "voor", "voren"), ("es", "como", "comer")],
)
def test_a_function_word_is_no_other_words_stem(language: str, function_word: str, other: str) -> None:
    line = words.Stems(language)
    assert words.stems(function_word, language)[0] == words.stems(other, language)[0]
    assert line.line(function_word) == function_word + MARK
    assert line.line(other) == words.stems(other, language)[0]
    assert line.line(function_word.upper()) == line.line(function_word)


def test_function_words_with_accents_are_told_by_their_folded_form() -> None:
    assert words.Stems("de").line("Für die Zukunft") == f"fur{MARK} die{MARK} zukunft"
    assert words.Stems("pt").line("até você") == f"ate{MARK} voce{MARK}"


def test_the_file_of_function_words_has_words_of_stemmed_languages_each_once() -> None:
    for language, several in function_words().items():
        assert words.stemming_language(language) == language
        assert len({*several}) == len(several)
        assert all(len(words.folded(word)) == 1 and words.split(word) == [word] for word in several)
