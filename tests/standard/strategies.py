"""Source offerings as no sane source would publish them, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from standard.source_offering import (
    SourceInstance,
    SourceOffering,
    SourceOrganisation,
    SourceOutcome,
    SourcePrice,
    SourceQualityAssurance,
    SourceRelation,
    SourceValue,
)

_MET = st.sampled_from(
    [
        *(
            "",
            " ",
            "-",
            "n/a",
            "tbd",
            "0",
            "1",
            "true",
            "nein",
            "3 ECTS",
            "12,5",
            "1e400",
            "P6W",
            "PT60H",
            "6",
            "NLQF 6",
        ),
        *("bachelor", "online", "full-time", "Mehrsprachig", "eng", "FI", "Finland", "0613", "9999", "2026-09-01"),
        *("1-5 May 2024", "2025-09", "€ 450", "free", "450.00", "EUR", "https://example.org/x", "javascript:x", "//a"),
        *("eva.muster@example.org", "info@example.org", "+358 9 1234567", "<p>a</p>", "<ul><li>a</li><li>b</li></ul>"),
        *(
            "- a\n- b",
            "You can:\n1. a\n2. b",
            "<script>x</script>",
            "&amp;amp;",
            "Written examination",
            "4711",
            "\ud800",
        ),
        *("http://data.europa.eu/esco/skill/12345678-90ab-4cde-8f01-234567890abc", "\x00", "A" * 700, "ä" * 250),
    ]
)
SCALARS = st.one_of(
    _MET,
    st.text(max_size=30),
    st.integers(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.sampled_from([10**400, -(10**5000)]),
)
_LANGUAGES = st.sampled_from([None, "en", "nl-NL", "xx", "", "und", "Mehrsprachig", "\ud800"])
_SCHEMES = st.sampled_from(
    [
        *(None, "ects", "credit", "hour", "contact_hour", "hour_per_week", "duration", "minute", "eqf", "nqf", "word"),
        *(
            "reason",
            "isced-f",
            "jacs",
            "email",
            "phone",
            "url",
            "schac",
            "deqar",
            "micro_credential",
            "learner",
            "\ud800",
        ),
    ]
)
VALUES: st.SearchStrategy[SourceValue] = st.builds(
    SourceValue,
    value=SCALARS,
    path=st.sampled_from(["file#/x", "file#/\ud800"]),
    lang=_LANGUAGES,
    scheme=_SCHEMES,
    markup=st.sampled_from([None, "html", "text"]),
)


def _some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=3)


def _built(struct: type, plain: list[str], /, **others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    slots = {name: _some(VALUES) for name in plain}
    return st.builds(struct, path=st.sampled_from(["file#/y", "file#/\ud800"]), **slots, **others)


PRICES = _built(SourcePrice, ["notes"], amount=st.none() | VALUES, currency=st.none() | VALUES)
ORGANISATIONS = _built(SourceOrganisation, ["names", "identifiers", "countries", "homepages"])
INSTANCES = _built(
    SourceInstance,
    [
        *("titles", "start", "end", "enrolment_opens", "enrolment_closes", "modes", "locations", "languages"),
        *("workload", "capacity", "urls", "status"),
    ],
    source_id=st.none() | st.sampled_from(["r1", "r1#2", "", "\ud800"]),
    prices=_some(PRICES),
)
OFFERINGS: st.SearchStrategy[SourceOffering] = _built(
    SourceOffering,
    [
        *("identifiers", "markers", "titles", "descriptions", "countries", "regions", "workload", "levels", "modes"),
        *("prerequisites", "assessment_types", "assessment_texts", "supervision", "grading_schemes", "stackable"),
        *("stackability_texts", "fields", "languages", "homepages", "images", "contacts", "keywords", "licences"),
        *("modified", "refused"),
    ],
    source_id=st.none() | st.text(max_size=5) | st.just("\ud800"),
    awarding_bodies=_some(ORGANISATIONS),
    providers=_some(ORGANISATIONS),
    learning_outcomes=_some(_built(SourceOutcome, ["texts", "skills"])),
    quality_assurance=_some(
        _built(SourceQualityAssurance, ["types", "agencies", "reports", "valid_from", "valid_until", "texts"])
    ),
    relations=_some(_built(SourceRelation, ["identifiers", "titles"], kind=st.sampled_from(["part_of", "has_part"]))),
    prices=_some(PRICES),
    instances=_some(INSTANCES),
)
