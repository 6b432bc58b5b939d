"""Compounds that occur nowhere are taken apart into words that do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue_db.search.parts import LINKS
from catalogue_db.search.splitting import pieces, taken_apart

GERMAN = {"wasser", "recht", "daten", "schutz", "datenschutz", "verordnung", "grund", "arbeit", "bildung"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("wasserrecht", ("wasser", "recht")),
        ("arbeitsrecht", ("arbeit", "recht")),
        ("datenschutzrecht", ("datenschutz", "recht")),
        ("datenschutzgrundverordnung", ("datenschutz", "grund", "verordnung")),
        ("wasserball", ()),
        ("wasser", ()),
        ("arbeits", ()),
        ("", ()),
    ],
)
def test_into_the_fewest_words(word: str, expected: tuple[str, ...]) -> None:
    occurring = {"de": GERMAN & pieces(word)}
    assert taken_apart(word, occurring) == expected


def test_all_words_are_of_one_language_that_makes_compounds() -> None:
    assert taken_apart("waterrecht", {"nl": {"water"}, "de": {"recht"}}) == ()
    assert taken_apart("waterlaws", {"en": {"water", "laws"}}) == ()
    assert taken_apart("waterrecht", {"nl": {"water", "recht"}}) == ("water", "recht")


@given(st.sampled_from(sorted(LINKS)), st.lists(st.sampled_from(sorted(GERMAN)), min_size=2, max_size=3), st.data())
def test_what_was_put_together_is_taken_apart(lang: str, several: list[str], data: st.DataObject) -> None:
    links = [data.draw(st.sampled_from(("", *LINKS[lang]))) for _each in several[1:]]
    word = several[0] + "".join(link + each for link, each in zip(links, several[1:], strict=True))
    found = taken_apart(word, {lang: GERMAN & pieces(word)})
    assert found
    assert len(found) <= len(several)


@given(st.text("abc", max_size=60), st.sets(st.text("abc", min_size=4, max_size=6)))
def test_no_word_is_an_error(word: str, occurring: set[str]) -> None:
    for each in taken_apart(word, {"de": occurring}):
        assert each in occurring
