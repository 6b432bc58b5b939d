"""PostgreSQL understands words, queries and sets as Python does, whatever the database's locale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue_db.search import words
from catalogue_db.search.parts import LINKS
from catalogue_db.search.query import parse
from catalogue_db.search.slips import near
from catalogue_db.search.spelling import respelt
from catalogue_db.search.splitting import taken_apart
from catalogue_db.search.store_postgres import vector
from tests.postgres import Server

Session = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def session(postgres_server: Server) -> Iterator[Session]:
    address = postgres_server.catalogue()
    with psycopg.connect(address, autocommit=True) as opened:
        yield opened
    postgres_server.drop(address)


def one(session: Session, expression: str, *given: Any) -> Any:
    row = session.execute(f"SELECT {expression}", given).fetchone()
    assert row is not None
    return row[0]


letters = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
"""All that a database can have."""

tricky = st.sampled_from("ab CC++##Zé-'’\"ßæ._@&-‐‑L'dqu«»ﬁ½İıΣςàЙ̈\u00ad\u200d\t\n\x1c\u00a0\u2003ñ0٣اَ한글ǅŉ")
texts = st.text(letters, max_size=60) | st.text(tricky, max_size=30)


@settings(max_examples=100, deadline=None)
@given(text=texts)
def test_texts_are_parted_and_folded_alike(session: Session, text: str) -> None:
    assert one(session, "catalogue.search_split(%s)", text) == words.split(text)
    assert one(session, "catalogue.search_folded_line(%s)", text) == words.sorted_as(text)


@settings(max_examples=100, deadline=None)
@given(text=texts, begun=st.booleans())
def test_queries_are_understood_alike(session: Session, text: str, begun: bool) -> None:
    same_query(session, text, begun)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 600,
        "a b " * 200,
        '"a b',
        "L'hygiène d'eau -\"x y\" data-driven -z",
        "a ",
        "a!",
        "-",
        '""',
        "w " * 30,
        "- a",
        "a-b -c-d",
    ],
)
def test_odd_queries_are_understood_alike(session: Session, text: str) -> None:
    same_query(session, text, True)


def same_query(session: Session, text: str, begun: bool) -> None:
    query = "SELECT words, begun, unwanted FROM unnest(catalogue.search_parsed(%s, %s))"
    rows = session.execute(query, (text, begun)).fetchall()
    parsed = parse(text, last_word_begun=begun)
    assert [(tuple(several), is_begun) for several, is_begun, unwanted in rows if not unwanted] == [
        (each.words, each.begun) for each in parsed.wanted
    ]
    assert [tuple(several) for several, _begun, unwanted in rows if unwanted] == [
        each.words for each in parsed.unwanted
    ]


@settings(max_examples=60, deadline=None)
@given(word=st.text("aeouxyå", min_size=1, max_size=12))
def test_spellings_are_the_same(session: Session, word: str) -> None:
    assert one(session, "catalogue.search_respelt(%s)", word) == list(respelt(word))


@settings(max_examples=60, deadline=None)
@given(word=st.text("abxy1αβдё한ǿ", max_size=8) | st.text("ab", min_size=22, max_size=26))
def test_what_may_be_meant_by_a_slip_is_the_same(session: Session, word: str) -> None:
    assert set(one(session, "catalogue.search_near(%s)", word)) == near(word)


@settings(max_examples=60, deadline=None)
@given(word=st.lists(st.sampled_from(["aaaa", "abab", "babab", "s", "es"]), max_size=5).map("".join))
def test_compounds_are_taken_apart_alike(session: Session, word: str) -> None:
    known = {"aaaa", "abab", "babab", "aaaas", "ababes"} - {word}
    found = one(session, "catalogue.search_apart(%s, %s, %s)", word, sorted(known), list(LINKS["de"]))
    assert found == list(taken_apart(word, {"de": known}))


sets = st.sets(st.integers(0, 3 * 65536 - 1), max_size=60) | st.integers(0, 2**16).map(lambda n: set(range(n, n + 200)))


@settings(max_examples=60, deadline=None)
@given(keys=sets, most=st.integers(0, 250))
def test_sets_are_what_is_put_in_them_and_give_the_newest_first(session: Session, keys: set[int], most: int) -> None:
    made = "catalogue.search_of(%s::bigint[], 3)"
    assert one(session, f"length({made})", list(keys)) == 3 * 65536
    assert one(session, f"bit_count({made})", list(keys)) == len(keys)
    found = one(session, f"catalogue.search_newest({made}, %s)", list(keys), most)
    assert found == sorted(keys, reverse=True)[:most]
    assert one(session, f"catalogue.search_keys({made})", list(keys)) == sorted(keys)


def test_a_set_has_no_room_for_what_lies_beyond(session: Session) -> None:
    assert one(session, "bit_count(catalogue.search_of(ARRAY[-1, 0, 65535, 65536, 10000000000], 1))") == 2
    assert one(session, "length(catalogue.search_of('{}', 0))") == 0
    assert one(session, "catalogue.search_newest(B'', 5)") == one(session, "catalogue.search_keys(B'')") == []


@settings(max_examples=60, deadline=None)
@given(
    forms=st.lists(
        st.lists(st.text("ab'\\&|!:*()é ", min_size=1, max_size=5).filter(str.strip), min_size=1, max_size=2),
        min_size=1,
        max_size=3,
    )
)
def test_no_term_is_ever_syntax(session: Session, forms: list[list[str]]) -> None:
    """Terms are letters and digits; but even others would be looked for as they stand."""
    several = [[term.replace(" ", "_") for term in form] for form in forms]
    text = " ".join(term for form in several for term in form)
    found = one(
        session,
        "array_to_tsvector(string_to_array(%s, ' ')) @@ catalogue.search_tsquery(%s)",
        text,
        [term for form in several for term in form],
    )
    assert found is True


def test_phrases_are_found_within_a_part_only(session: Session) -> None:
    line = vector([("soil water", "A"), ("law data", "B")])
    query = "%s::tsvector @@ catalogue.search_tsquery(%s)"
    assert one(session, query, line, ["soil water"]) is True
    assert one(session, query, line, ["water law"]) is False
    assert one(session, query, line, ["water soil", "law data"]) is True
