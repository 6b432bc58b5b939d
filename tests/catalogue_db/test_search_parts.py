"""The pure parts of search: sets of offerings, relevance, cursors, slips, spellings, days of enrolment."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from catalogue_db.search import cursor, slips
from catalogue_db.search.bits import CHUNK_BYTES, Width, holds
from catalogue_db.search.cursor import ByRank, ByTitle
from catalogue_db.search.openness import enrolment_open
from catalogue_db.search.relevance import group_rank, relevance, telling, term_rank
from catalogue_db.search.searching import corrected
from catalogue_db.search.spelling import respelt, spellings

keys = st.sets(st.integers(0, 3 * 65536 - 1), max_size=60)


# --- sets ---------------------------------------------------------------------------------------------------------


@given(keys, keys)
def test_sets_do_what_sets_do(some: set[int], others: set[int]) -> None:
    width = Width(3)
    first, second = width.of(some), width.of(others)
    for members, expected in (
        (first & second, some & others),
        (first | second, some | others),
        (first & ~second, some - others),
    ):
        assert list(width.newest_first(members)) == sorted(expected, reverse=True)
        assert members.bit_count() == len(expected)


@given(keys)
def test_a_set_is_what_its_chunks_are(some: set[int]) -> None:
    width = Width(3)
    members = width.of(some)
    chunks = [(number, width.chunk(members, number).to_bytes(CHUNK_BYTES, "big")) for number in range(3)]
    assert width.joined(chunks) == members
    assert width.joined((number, bits) for number, bits in chunks if any(bits)) == members
    for number, bits in chunks:
        assert {key for key in some if key >> 16 == number} == {
            number * 65536 + bit for bit in range(65536) if bits[bit >> 3] & (0x80 >> (bit & 7))
        }


@given(keys, st.integers(0, 4 * 65536))
def test_single_offerings_can_be_asked_for(some: set[int], key: int) -> None:
    looked_up = Width(3).lookup(Width(3).of(some))
    assert all(holds(looked_up, each) for each in some)
    assert holds(looked_up, key) == (key in some)


def test_of_a_large_set_only_what_is_taken_is_looked_for() -> None:
    width = Width(2)
    assert list(islice(width.newest_first(width.of(range(131072))), 3)) == [131071, 131070, 131069]


def test_what_lies_beyond_is_left_out() -> None:
    assert list(Width(1).newest_first(Width(1).of([-1, 5, 65536]))) == [5]
    assert Width(0).of([1]) == 0
    assert list(Width(0).newest_first(0)) == []


# --- relevance ----------------------------------------------------------------------------------------------------


def test_a_title_counts_most() -> None:
    ranks = [term_rank(counts) for counts in ((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] == pytest.approx(0.6079271)


@given(st.tuples(*[st.integers(0, 20)] * 4), st.integers(0, 3))
def test_once_more_never_counts_less(counts: tuple[int, int, int, int], part: int) -> None:
    more = tuple(count + (number == part) for number, count in enumerate(counts))
    assert term_rank(more) >= term_rank(counts) - 0.05  # type: ignore[arg-type]


def test_rare_words_tell_more() -> None:
    assert telling(1000, 1) > telling(1000, 10) > telling(1000, 1000) > 0
    assert telling(0, 0) >= 0


def test_a_group_is_the_mean_of_its_terms() -> None:
    assert group_rank([(1, 0, 0, 0)], 2) == term_rank((1, 0, 0, 0)) / 2
    assert group_rank([], 0) == 0
    assert relevance([(1.0, 0.12345), (2.0, 0.1)]) == 0.323


# --- cursors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [ByRank(0, 2, True, 1.234, True, "2026-01-01", "x:y"), ByTitle("a title", "x:y")])
def test_a_cursor_comes_back_as_its_place(place: ByRank | ByTitle) -> None:
    assert cursor.read(cursor.write(place)) == place


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_no_cursor(text: str) -> None:
    assert cursor.read(text) is None


@pytest.mark.parametrize("packed", ["bnVsbA", "W10", "WyJyIl0", "WyJyIiwiNSIsMSx0cnVlLCIiLCJ4Il0"])
def test_json_of_another_kind_is_no_cursor(packed: str) -> None:
    assert cursor.read(packed) is None


# --- slips and spellings ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[(each, "machine") for each in ("machne", "macchine", "mashine", "mahcine", "achine", "amchine", "machien")],
        *[("machinee", "machine"), ("four", "fours"), ("fours", "four"), ("оцнека", "оценка"), ("αναλση", "αναλυση")],
        ("a" * 24, "a" * 25),
    ],
)
def test_one_letter_is_a_slip(typed: str, meant: str) -> None:
    assert meant in slips.near(typed)


@pytest.mark.parametrize("typed", ["machine", "mahcnie", "machi", "mechina", "", "enihcam", "hcamine", "mach1ne"])
def test_none_or_two_are_not(typed: str) -> None:
    assert "machine" not in slips.near(typed)


@pytest.mark.parametrize("typed", ["", "a", "law", "ab12345", "a" * 25])
def test_what_is_too_short_or_too_long_or_a_code_is_near_nothing(typed: str) -> None:
    assert slips.near(typed) == set()


def test_of_two_words_one_has_five_letters() -> None:
    assert {len(each) for each in slips.near("four")} == {5}
    assert {len(each) for each in slips.near("fours")} == {4, 5, 6}


def test_letters_are_those_of_the_script() -> None:
    assert all(each.isascii() for each in slips.near("machine"))
    assert not any(each.isascii() for each in slips.near("оценка"))


short_words = st.text("ab", max_size=7)


@settings(max_examples=500)
@given(short_words, short_words)
def test_near_is_what_one_step_makes_of_it(word: str, other: str) -> None:
    is_one_step = OSA.distance(word, other) == 1 and max(len(word), len(other)) >= 5
    assert (other in slips.near(word)) is (word in slips.near(other)) is is_one_step


def test_letters_as_they_are_typed_on_other_keyboards() -> None:
    assert respelt("kuenstlich") == ("kuenstlich", "kunstlich")
    assert respelt("haallbaar") == ("haallbaar", "hallbar")
    assert respelt("law") == ("law",)


def test_a_word_is_spelt_in_each_language() -> None:
    (spelling,) = spellings("Häuser", ["de", "en"])
    assert spelling.surfaces == ("hauser",)
    assert ("de", "haus") in spelling.stems
    assert len(spellings("½", ["en"])) == 2


def test_only_words_are_corrected() -> None:
    assert corrected('  Machne, "lerning"!', {"machne": "machine", "lerning": "learning"}) == '  Machine, "learning"!'
    assert corrected("machine", {"machne": "machine"}) is None
    assert corrected("etde", {"etde": "etude"}, ["no mark", "<mark>ÉTUDE</mark> <mark>étude</mark>"]) == "étude"
    assert corrected("machne", {}) is None


# --- enrolment ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("enrolment", "expected"),
    [
        (None, None),
        ("[]", False),
        ('[["2026-01-01","2026-12-31"]]', True),
        ('[["2026-06-15","2026-06-15"]]', True),
        ('[["2026-06-16",null]]', False),
        ('[[null,"2026-06-14"]]', False),
        ("[[null,null]]", True),
        ('[[null,"2026-06-14"],["2026-06-15",null]]', True),
    ],
)
def test_enrolment_is_open_within_its_days(enrolment: str | None, expected: bool | None) -> None:
    assert enrolment_open(enrolment, "2026-06-15") is expected
