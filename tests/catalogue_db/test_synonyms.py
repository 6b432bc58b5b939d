"""The reviewed file of synonyms: what it gives, and what is said where it cannot be understood."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from catalogue_db import dialects
from catalogue_db.candidate import CatalogueError
from catalogue_db.search.synonyms import Synonym, read_groups, standard_synonyms, synonyms, write_synonyms
from catalogue_db.tables import search_synonym


def given(tmp_path: Path, text: str) -> list[Synonym]:
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return synonyms(read_groups(file))


def test_words_and_phrases_stand_for_each_other_as_terms(tmp_path: Path) -> None:
    """As texts of the language have them, and those of unknown language, whose words are not stemmed."""
    assert given(tmp_path, "- en: [maths, Mathematics]\n") == [
        Synonym("en", "math", "mathemat"),
        Synonym("en", "math", "mathematics"),
        Synonym("en", "math", "maths"),
        Synonym("en", "mathemat", "math"),
        Synonym("en", "mathemat", "mathematics"),
        Synonym("en", "mathemat", "maths"),
    ]
    assert given(tmp_path, "- de: [KI, künstliche Intelligenz]\n") == [
        Synonym("de", "ki", "kunstlich intelligenz"),
        Synonym("de", "ki", "kunstliche intelligenz"),
        Synonym("de", "kunstlich intelligenz", "ki"),
        Synonym("de", "kunstlich intelligenz", "kunstliche intelligenz"),
    ]


def test_languages_stand_for_each_other_only_where_it_is_said(tmp_path: Path) -> None:
    apart = given(tmp_path, "- en: [maths, mathematics]\n  fi: [matikka, matematiikka]\n")
    assert {(each.lang, each.other) for each in apart} == {
        ("en", "math"),
        ("en", "maths"),
        ("en", "mathemat"),
        ("en", "mathematics"),
        ("fi", "matik"),
        ("fi", "matikka"),
        ("fi", "matematiik"),
        ("fi", "matematiikka"),
    }
    across = given(tmp_path, "- across: true\n  en: [AI]\n  fi: [tekoäly]\n")
    assert across == [Synonym("en", "ai", "tekoaly"), Synonym("fi", "tekoaly", "ai")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("en: [a, b]", "line 1: the file must be a list of groups"),
        ("- en: [maths, mathematics]\n- maths", "line 2: a group must say its words by language"),
        ("- en: [maths, mathematics]\n\n- xx: [one, two]", "line 3: 'xx' is no language"),
        ("- en-GB: [one, two]", "line 1: 'en-GB' is no language"),
        ("- en: [maths]", "line 1: a group needs two words"),
        ("- en: [maths, mathematics]\n  de: [Mathe]", "line 1: a group needs two words"),
        ("- en: maths", "line 1: the words of a language must be a list"),
        ("- en:\n  - [maths]\n  - mathematics", "line 2: the words of a language must be a list"),
        ("- en: [maths, Maths]", "line 1: a word stands twice"),
        ("- en: [maths, '!']", "line 1: '!' is too short"),
        ("- across: maybe\n  en: [maths, mathematics]", "line 1: 'across' must be true or false"),
        ("- en: [maths, mathematics]\n  en: [one, two]", "line 2: the language 'en' stands twice"),
        ("- en: [maths, mathematics\n- x", "own.yaml, line 2: this is not YAML"),
    ],
)
def test_what_is_not_understood_is_said_with_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CatalogueError) as raised:
        given(tmp_path, text)
    assert told in str(raised.value)
    assert "own.yaml" in str(raised.value)


def test_an_upgraded_catalogue_has_the_synonyms_of_the_file(engine: Engine) -> None:
    with engine.connect() as connection:
        kept = {Synonym(row.lang, row.term, row.other) for row in connection.execute(select(search_synonym))}
    assert kept == set(standard_synonyms())
    assert Synonym("en", "ai", "kunstlich intelligenz") in kept
    assert Synonym("de", "dsgvo", "gdpr") in kept


def test_synonyms_are_replaced_when_the_file_changes(engine: Engine) -> None:
    with engine.connect() as connection, dialects.write_transaction(connection):
        assert write_synonyms(connection, [Synonym("en", "a", "b")]) == 1
        assert [tuple(row) for row in connection.execute(select(search_synonym))] == [("en", "a", "b")]
