"""What holds of every search, whatever is typed and chosen, over a catalogue in many languages.

Everything is asked twice: of a catalogue in which no word is common, and of one in which nearly all are. It must not
matter whether a set comes from the full-text index or from bitmaps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from catalogue_db.engine import open_catalogue
from catalogue_db.load import load_candidate
from catalogue_db.search import SearchPage, SearchQuery, search, suggest, vocabulary
from catalogue_db.search.query import JOINING
from catalogue_db.search.words import sorted_as, split
from standard.offering import Completeness, LearningOutcome, Level, Offering, Organisation, Stackability, Workload
from tests.catalogue_db.asking import rows
from tests.offerings import a_candidate, an_instance, an_offering
from tests.postgres import FreshCatalogue

TODAY = date(2026, 6, 15)
PROVIDERS = [
    Organisation(name={"en": name, "de": f"{name} (DE)"}, identifiers={"schac": f"{number}.example"}, country="FI")
    for number, name in enumerate(("Northern University", "College of Care", "Institut für Wasser"))
]
WORDS = {
    "en": "law water soil data learning machine teaching nurses health programming statistics of and the for",
    "de": "Recht Wasser Boden Daten Künstliche Intelligenz Pflege Gesundheit und der Häuser Wasserrecht Datenschutz",
    "fr": "droit eau sols données apprentissage santé infirmières l'hygiène et de la été",
    "fi": "oikeus vesi tekoälyn perusteet tietosuoja hoitotyö ja",
    "sv": "rätt vatten hållbarhet vård och för datorkunskap",
    "und": "1984 C# web3 ½",
}


def _text(chance: Random, lang: str, most: int) -> str:
    return " ".join(chance.choices(WORDS[lang].split(), k=chance.randint(1, most)))


def _offerings() -> list[Offering]:
    chance = Random(5)
    return [_offering(chance, number) for number in range(90)]


def _offering(chance: Random, number: int) -> Offering:
    langs = chance.choice((["en"], ["de"], ["fr"], ["fi"], ["sv"], ["und"], ["en", "fr"], ["de", "en"]))
    ects = chance.choice((None, 1, 2.5, 5, 30))
    opens, closes = chance.choice(
        ((None, None), ("2026-01-01", "2026-12-31"), ("2026-07-01", None), (None, "2026-03-01"))
    )
    start = chance.choice((None, "2026-09-01", "2026-10-15", "2025-01-01"))
    instance = an_instance(
        1,
        amount=chance.choice((None, 0, 90)),
        start=start,
        enrolment_opens=opens,
        enrolment_closes=closes,
        status=chance.choice((None, None, "open", "closed", "cancelled")),
    )
    return an_offering(
        f"c{number}",
        title={lang: _text(chance, lang, 5) for lang in langs},
        description={lang: _text(chance, lang, 12) for lang in langs},
        learning_outcomes=[
            LearningOutcome(text={lang: _text(chance, lang, 6) for lang in langs}) for _each in range(2)
        ],
        providers=chance.sample(PROVIDERS, k=chance.randint(1, 2)),
        country=chance.choice(("FI", "SE", None)),
        region=chance.choice((None, "FI1B", "FI19", "SE110")),
        workload=None if ects is None else Workload(ects=ects),
        level=chance.choice((None, Level(eqf=5), Level(eqf=6))),
        modes=chance.choice(([], ["online"], ["online", "onsite"])),
        fields=chance.choice(([], ["0611"], ["0421", "0613"], ["04"])),
        languages=chance.choice(([], ["en"], ["en-GB", "fi"], ["de"])),
        stackability=chance.choice((None, Stackability(stackable=True), Stackability(stackable=False))),
        completeness=chance.choice((None, Completeness(0.4, {}), Completeness(0.8, {}))),
        instances=[instance] if chance.random() < 0.8 else [],
    )


OFFERINGS = {each.offering_id: each for each in _offerings()}


@pytest.fixture(scope="module", params=["no word is common", "most words are common"])
def catalogue(request: pytest.FixtureRequest, fresh_catalogue: FreshCatalogue) -> Iterator[Engine]:
    with fresh_catalogue() as url, pytest.MonkeyPatch.context() as patch:
        if request.param == "most words are common":
            patch.setattr(vocabulary, "COMMON", 2)
            patch.setattr(vocabulary, "RARE", 1)
        engine = open_catalogue(url)
        load_candidate(engine, a_candidate([*OFFERINGS.values(), an_offering("gone")]))
        load_candidate(engine, a_candidate(list(OFFERINGS.values())))
        yield engine
        engine.dispose()


def ask(engine: Engine, text: str = "", **filters: Any) -> SearchPage:
    return search(engine, SearchQuery(text=text, today=TODAY, limit=200, **filters))


def identities(page: SearchPage) -> list[str]:
    return [each.offering_id for each in page.results]


# --- what is typed ------------------------------------------------------------------------------------------------

_WORDS = sorted({word for line in WORDS.values() for word in line.split()})
some_words = st.sampled_from(_WORDS)
typed_words = st.one_of(
    some_words,
    some_words.map(str.upper),
    some_words.map(lambda word: f"-{word}"),
    some_words.map(lambda word: word[: max(1, len(word) - 2)]),
    some_words.map(lambda word: word[:2] + word[3:]),
    st.tuples(some_words, some_words).map(lambda pair: f'"{pair[0]} {pair[1]}"'),
)
texts = st.lists(typed_words, max_size=4).map(" ".join)
anything = texts | st.text(max_size=30) | st.text(alphabet="ab\"-*^:(){}+,. NEARORDT'\\%_\0\ud800ä½", max_size=30)
languages = st.text(max_size=6) | st.text(alphabet="de-\0\ud800\U000e0001", max_size=6)
"""Of a person who asks, as broken as a query may be."""

filters = st.fixed_dictionaries(
    {},
    optional={
        "levels": st.lists(st.sampled_from([5, 6, 7]), max_size=2),
        "modes": st.lists(st.sampled_from(["online", "onsite", "hybrid"]), max_size=2),
        "fields": st.lists(st.sampled_from(["04", "06", "061", "0613", "99"]), max_size=2),
        "languages": st.lists(st.sampled_from(["en", "en-GB", "fi", "sv"]), max_size=2),
        "countries": st.lists(st.sampled_from(["FI", "SE", "NL"]), max_size=2),
        "regions": st.lists(st.sampled_from(["FI", "FI1", "FI19", "SE110", "NL"]), max_size=2),
        "min_ects": st.sampled_from([0.0, 2.5, 6.0]),
        "max_ects": st.sampled_from([1.0, 5.0]),
        "stackable": st.booleans(),
        "free": st.booleans(),
        "enrolment_open": st.booleans(),
        "start_from": st.sampled_from([date(2026, 9, 1), date(2027, 1, 1)]),
        "start_to": st.sampled_from([date(2026, 9, 1), date(2026, 12, 31)]),
        "completeness": st.lists(st.sampled_from(["under 50", "75 to 90"]), max_size=1),
    },
)


def is_open(offering: Offering) -> bool | None:
    """As the view ``v1_offerings`` says."""
    told = [each for each in offering.instances if each.status or each.enrolment_opens or each.enrolment_closes]
    today = TODAY.isoformat()
    return any(
        (each.status or "open") == "open"
        and (each.enrolment_opens or today) <= today <= (each.enrolment_closes or each.start or today)
        for each in told
    ) if told else None  # fmt: skip


def _begins(values: list[str], wanted: list[str]) -> bool:
    return any(value.startswith(each) for value, each in product(values, wanted))


def _starts(offering: Offering) -> list[str]:
    return [each.start for each in offering.instances if each.start and each.status != "cancelled"]


PASSES: dict[str, Callable[[Offering, Any], bool]] = {
    "levels": lambda offering, wanted: offering.level is not None and offering.level.eqf in wanted,
    "modes": lambda offering, wanted: not {*offering.modes}.isdisjoint(wanted),
    "fields": lambda offering, wanted: _begins(offering.fields, wanted),
    "languages": lambda offering, wanted: _begins(offering.languages, wanted),
    "countries": lambda offering, wanted: offering.country in wanted,
    "regions": lambda offering, wanted: _begins([offering.region or ""], wanted),
    "min_ects": lambda offering, wanted: offering.workload is not None and (offering.workload.ects or 0) >= wanted,
    "max_ects": lambda offering, wanted: offering.workload is not None and (offering.workload.ects or 0) <= wanted,
    "stackable": lambda offering, wanted: (
        offering.stackability is not None and offering.stackability.stackable is wanted
    ),
    "free": lambda offering, wanted: any(
        price.amount == 0 for instance in offering.instances for price in instance.price
    ) is wanted,
    "enrolment_open": lambda offering, wanted: is_open(offering) is wanted,
    "start_from": lambda offering, wanted: any(start[:7] >= wanted.isoformat()[:7] for start in _starts(offering)),
    "start_to": lambda offering, wanted: any(start[:7] <= wanted.isoformat()[:7] for start in _starts(offering)),
    "completeness": lambda offering, wanted: (
        offering.completeness is not None and {0.4: "under 50", 0.8: "75 to 90"}[offering.completeness.score] in wanted
    ),
}  # fmt: skip


def passes(offering: Offering, chosen: dict[str, Any]) -> bool:
    if "start_from" in chosen and "start_to" in chosen:
        first, last = (chosen[name].isoformat()[:7] for name in ("start_from", "start_to"))
        if not any(first <= start[:7] <= last for start in _starts(offering)):
            return False
    return all(PASSES[name](offering, wanted) for name, wanted in chosen.items() if wanted != [])


@given(text=anything, lang=st.sampled_from(["en", "de", "", "xx-Latn", "\0"]), chosen=filters)
@settings(max_examples=100, deadline=None)
def test_nothing_is_an_error_and_hits_pass_the_filters(
    catalogue: Engine, text: str, lang: str, chosen: dict[str, Any]
) -> None:
    page, unfiltered = ask(catalogue, text, lang=lang, **chosen), ask(catalogue, text, lang=lang, facets=False)
    expected = [identity for identity in identities(unfiltered) if passes(OFFERINGS[identity], chosen)]
    assert identities(page) == expected
    assert page.total == len(expected)
    assert page.total_is_exact
    assert page.matched == unfiltered.matched


@given(wanted=st.lists(some_words, min_size=1, max_size=3), unwanted=st.lists(some_words, max_size=1))
@settings(max_examples=100, deadline=None)
def test_what_has_all_the_words_is_found_before_all_else(
    catalogue: Engine, wanted: list[str], unwanted: list[str]
) -> None:
    """Against the texts themselves, word for word; inflections and the like are found besides."""
    assume(wanted[-1] not in JOINING)
    page = ask(catalogue, " ".join([*wanted, *(f"-{word}" for word in unwanted)]), last_word_begun=False)
    shown = identities(page)
    for identity, offering in OFFERINGS.items():
        folded = _folded_words(offering)
        if any(folded >= _folded(word) for word in unwanted):
            assert identity not in shown
        elif all(folded >= _folded(word) for word in wanted):
            assert page.results[shown.index(identity)].score >= 3000


def _folded(text: str) -> set[str]:
    return set(sorted_as(text).split())


def _folded_words(offering: Offering) -> set[str]:
    outcomes = [text for outcome in offering.learning_outcomes for text in outcome.text.values()]
    names = [name for each in offering.providers for name in each.name.values()]
    return _folded(" | ".join([*offering.title.values(), *offering.description.values(), *outcomes, *names]))


@given(text=texts, chosen=filters)
@settings(max_examples=8, deadline=None)
def test_a_facet_counts_what_choosing_its_value_finds(catalogue: Engine, text: str, chosen: dict[str, Any]) -> None:
    chosen = {name: value for name, value in chosen.items() if value != []}
    page = ask(catalogue, text, **chosen)
    for name, parameter in (
        ("level", "levels"), ("mode", "modes"), ("field", "fields"), ("language", "languages"),
        ("country", "countries"), ("region", "regions"), ("provider", "providers"), ("completeness", "completeness"),
        ("free", "free"), ("stackable", "stackable"),
    ):  # fmt: skip
        for each in page.facets[name]:
            value = {"levels": [int(each.value)] if name == "level" else None, "free": each.value == "true"}.get(
                parameter, each.value == "true" if parameter == "stackable" else [each.value]
            )
            assert ask(catalogue, text, facets=False, **(chosen | {parameter: value})).total == each.count > 0


@given(text=texts, chosen=filters, size=st.integers(1, 30))
@settings(max_examples=15, deadline=None)
def test_pages_by_cursor_are_the_whole_in_order(
    catalogue: Engine, text: str, chosen: dict[str, Any], size: int
) -> None:
    whole, pages, cursor = identities(ask(catalogue, text, facets=False, **chosen)), list[str](), None
    while True:
        query = SearchQuery(text=text, today=TODAY, limit=size, cursor=cursor, facets=False, **chosen)
        page = search(catalogue, query)
        pages += identities(page)
        offset = msgspec.structs.replace(query, cursor=None, offset=len(pages) - len(page.results))
        assert identities(search(catalogue, offset)) == identities(page)
        if (cursor := page.next_cursor) is None:
            break
        assert len(page.results) == size
    assert pages == whole


@given(cursor=st.text(max_size=40), text=texts)
@settings(max_examples=30, deadline=None)
def test_a_text_that_is_no_cursor_shows_the_first_page(catalogue: Engine, cursor: str, text: str) -> None:
    assert ask(catalogue, text, cursor=cursor) == ask(catalogue, text)


def test_a_cursor_of_another_search_is_no_error(catalogue: Engine) -> None:
    by_title = search(catalogue, SearchQuery(limit=3)).next_cursor
    by_rank = search(catalogue, SearchQuery(text="law", limit=1)).next_cursor
    assert by_title
    assert by_rank
    assert ask(catalogue, "law", cursor=by_title).total == ask(catalogue, "law").total
    assert ask(catalogue, "", cursor=by_rank).total == len(OFFERINGS)


def test_every_offering_is_found_by_its_own_title(catalogue: Engine) -> None:
    for identity, offering in OFFERINGS.items():
        for title in offering.title.values():
            assert identity in identities(ask(catalogue, title, facets=False))
            if len(split(title)) > 1:
                assert identity in identities(ask(catalogue, f'"{title}"', facets=False))


def test_what_left_is_not_found(catalogue: Engine) -> None:
    assert len(rows(catalogue, "SELECT 1 FROM offering")) == len(OFFERINGS) + 1
    assert ask(catalogue, "gone").total == 0
    assert ask(catalogue).total == len(OFFERINGS)


@given(text=texts)
@settings(max_examples=60, deadline=None)
def test_scores_never_rise(catalogue: Engine, text: str) -> None:
    scores = [each.score for each in ask(catalogue, text, facets=False).results]
    assert scores == sorted(scores, reverse=True)


@given(lang=languages)
@settings(max_examples=40, deadline=None)
def test_no_language_is_an_error(catalogue: Engine, lang: str) -> None:
    assert search(catalogue, SearchQuery(text="daten", lang=lang, today=TODAY)).total > 0


@given(text=anything, lang=languages, limit=st.integers(-5, 100))
@settings(max_examples=60, deadline=None)
def test_suggestions_are_never_an_error_and_never_too_many(catalogue: Engine, text: str, lang: str, limit: int) -> None:
    found = suggest(catalogue, text, lang, limit)
    assert len(found) <= min(max(limit, 0), 50)
    assert all(each.documents > 0 for each in found)
    assert len({(each.kind, each.value) for each in found}) == len(found)
    for each in found:
        if each.kind == "title":
            assert each.value in OFFERINGS
        if each.kind == "word":
            assert ask(catalogue, each.value, facets=False).total >= 1
