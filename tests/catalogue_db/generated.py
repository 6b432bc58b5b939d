"""Offerings that hypothesis makes: every field there or not, in many languages, with runs, prices and skills."""

from __future__ import annotations

from hypothesis import strategies as st

from standard.offering import (
    Completeness,
    Instance,
    LearningOutcome,
    Level,
    Offering,
    Organisation,
    Price,
    Stackability,
    Workload,
)
from standard.verdict import JudgedRecord
from tests.offerings import accepted, an_offering, rejected

_NAMES = ("North", "South", "Kolmas korkeakoulu", "École d'été", "Ω")
words = st.text(st.characters(codec="utf-8", categories=["L", "Nd", "P", "Zs"]), min_size=1, max_size=20)
titles = words.map(lambda title: title.translate({ord("-"): "–", ord('"'): "”"})).filter(str.strip)
"""Without the two signs that mean something to a search (exclusion and phrase)."""

tags = st.sampled_from(["en", "de", "fi", "sv-FI", "und", "ja"])
texts = st.dictionaries(tags, words, max_size=3)
days = st.dates().map(str)
moments = st.one_of(days, st.datetimes().map(lambda at: at.isoformat(timespec="seconds") + "+02:00"))
identifiers = st.dictionaries(st.sampled_from(["ror", "schac", "pic"]), st.sampled_from(["1", "2", "3"]), max_size=2)
organisations = st.builds(
    Organisation,
    name=st.fixed_dictionaries({}, optional=dict.fromkeys(["en", "fi"], st.sampled_from(_NAMES))).filter(bool),
    identifiers=identifiers,
    country=st.sampled_from([None, "FI", "SE"]),
)
skills = st.lists(st.integers(1, 4).map("http://data.europa.eu/esco/skill/{}".format), max_size=3)
prices = st.builds(
    Price,
    amount=st.none() | st.floats(0, 1e6),
    currency=st.sampled_from([None, "EUR", "SEK"]),
    note=st.none() | texts,
)
instances = st.builds(
    Instance,
    instance_id=st.sampled_from(["i1", "i2"]),
    start=st.none() | moments,
    end=st.none() | moments,
    enrolment_opens=st.none() | days,
    enrolment_closes=st.none() | days,
    title=texts,
    mode=st.sampled_from([None, "online"]),
    location=texts,
    languages=st.lists(tags, max_size=2),
    price=st.lists(prices, max_size=2),
    capacity=st.none() | st.integers(1, 500),
    url=st.none() | st.just("https://north.example/run"),
    status=st.sampled_from([None, "open", "closed", "cancelled"]),
)
_fields = st.fixed_dictionaries(
    {
        "title": st.dictionaries(tags, titles, min_size=1, max_size=3),
        "description": texts,
        "prerequisites": texts,
        "country": st.sampled_from([None, "FI", "SE"]),
        "awarding_body": st.none() | organisations,
        "providers": st.lists(organisations, max_size=2),
        "workload": st.none()
        | st.builds(Workload, ects=st.none() | st.floats(0.5, 60), hours=st.none() | st.just(27.0)),
        "level": st.none() | st.builds(Level, eqf=st.none() | st.integers(1, 8), nqf=st.sampled_from([None, "FQF 6"])),
        "learning_outcomes": st.lists(st.builds(LearningOutcome, text=texts, esco=skills), max_size=3),
        "modes": st.lists(st.sampled_from(["online", "onsite", "blended"]), max_size=3),
        "fields": st.lists(st.sampled_from(["06", "061", "0611", "0532"]), max_size=3),
        "languages": st.lists(tags, max_size=3),
        "keywords": st.lists(words, max_size=2),
        "stackability": st.none() | st.builds(Stackability, stackable=st.sampled_from([None, True, False]), text=texts),
        "homepage": st.none() | st.just("https://north.example/x"),
        "instances": st.lists(instances, max_size=3),
        "completeness": st.none() | st.builds(Completeness, score=st.floats(0, 1), elements=st.just({})),
        "micro_credential": st.sampled_from([True, False, "unknown"]),
        "council_conformant": st.booleans(),
        "elm_conformant": st.booleans(),
    }
)


@st.composite
def offerings(draw: st.DrawFn, feed: str = "north") -> Offering:
    """An offering of one of a few identities, so that candidates meet what was there before."""
    return an_offering(f"c{draw(st.integers(0, 4))}", feed=feed, **draw(_fields))


def batches(feed: str = "north", most: int = 5) -> st.SearchStrategy[list[JudgedRecord]]:
    """A feed's whole batch: accepted records and now and then a rejected one."""
    records = st.one_of(
        offerings(feed).map(accepted), offerings(feed).map(accepted), st.integers(0, 4).map(lambda n: rejected(f"c{n}"))
    )
    return st.lists(records, max_size=most, unique_by=lambda judged: judged.source_id)
