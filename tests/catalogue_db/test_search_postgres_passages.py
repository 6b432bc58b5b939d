"""PostgreSQL marks what was found, and cuts passages out of texts, as Python does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue_db.search import words
from catalogue_db.search.snippets import Marker
from tests.postgres import Server

Session = psycopg.Connection[tuple[Any, ...]]

_MARKS = "ROW(%s::jsonb, %s::text[], %s::text[], 2, '{de,en,fr}')::catalogue.search_marks"


@pytest.fixture(scope="module")
def session(postgres_server: Server) -> Iterator[Session]:
    address = postgres_server.catalogue()
    with psycopg.connect(address, autocommit=True) as opened:
        opened.execute("INSERT INTO catalogue.search_language (lang, words) VALUES ('de', 1), ('en', 1), ('fr', 1)")
        yield opened
    postgres_server.drop(address)


def same(session: Session, text: str, tag: str | None, found: set[str], begun: list[str], *more: str) -> str:
    """Check that both mark a text, and take a passage from it (and from more texts), alike; return the passage."""
    language = words.stemming_language(tag)
    marker = Marker({language: found}, begun, 2)
    marks = (
        json.dumps({f"{language} {word}": True for word in found}),
        begun,
        list({*found, *begun}),
    )
    marked = session.execute(f"SELECT catalogue.search_marked(%s, %s, {_MARKS})", (text, tag or "und", *marks))
    assert marked.fetchall() == [(marker.mark(text, tag),)]
    several = [text, *more]
    tags = [tag if number % 2 == 0 else "en" for number in range(len(several))]
    passage = session.execute(f"SELECT catalogue.search_snippet(%s, %s, {_MARKS})", (several, tags, *marks))
    snippet = marker.snippet(list(zip(tags, several, strict=True)))
    assert passage.fetchall() == [(snippet,)]
    return snippet or ""


letters = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
tricky = st.sampled_from("ab Zé-'’\"ßæ._@&<>%\\-‐‑«»„“ﬁ½İıΣςàЙ̈\u00ad\u200d\t\n\x1c\u00a0\u2003ñ0٣اَ한글ǅŉ")
texts = st.text(letters, max_size=80) | st.text(tricky, max_size=200)
typed = [
    "data",
    "Data,",
    "été",
    "(Zürich)",
    "œuvre",
    "ﬁlm",
    "½",
    "a-b",
    "l’eau",
    "x",
    "&amp;",
    '"quot"',
    "<b>",
    "n.",
    "%",
]
lines = st.lists(st.sampled_from(typed) | st.text(tricky, min_size=1, max_size=5), max_size=90).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), text=texts | lines, tag=st.sampled_from(["de", "fr-CH", "und", "xx", None]))
def test_passages_are_cut_and_marked_alike(session: Session, data: st.DataObject, text: str, tag: str | None) -> None:
    known = sorted({part for word in words.split(text) for part in words.folded(word)} | {"data", "quot"})
    found = data.draw(st.sets(st.sampled_from(known), max_size=4))
    begun = data.draw(st.lists(st.sampled_from(known).map(lambda word: word[:2]), max_size=2))
    same(session, text, tag, found, begun, *data.draw(st.lists(texts | lines, max_size=3)))


def test_the_passage_with_most_words_is_shown(session: Session) -> None:
    text = f"Soil {'and more of it ' * 20}then soil again, and (Soil) too. {'The end is far. ' * 20}"
    passage = same(session, text, "en", {"soil"}, [])
    assert passage.startswith("… more of it then <mark>soil</mark> again, and (<mark>Soil</mark>) too. The end")
    assert passage.endswith(" …")
    assert passage.count(" ") == 33


def test_a_very_long_piece_is_cut(session: Session) -> None:
    for text in ("x" * 500, f"soil {'y' * 500}/soil z", f"soil/{'y' * 500}"):
        assert len(same(session, text, "en", {"soil"}, [])) < 440


def test_without_anything_found_the_beginning_is_shown(session: Session) -> None:
    assert same(session, "One\n two\u00a0three", "en", {"four"}, []) == "One two three"
    assert same(session, "word " * 40, "en", {"four"}, []) == f"{'word ' * 32}…"
    assert same(session, " \n", "en", {"four"}, []) == ""
