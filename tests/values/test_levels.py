"""Levels: EQF, national frameworks, QF-EHEA, words; and what is not guessed."""

from __future__ import annotations

import pytest
from hypothesis import given

from standard.observation import Scalar
from standard.values.levels import LevelParts, level
from standard.vocabularies import vocabulary
from tests.values.strategies import is_honest, quick, scalars, schemes


@pytest.mark.parametrize(
    ("value", "scheme"),
    [
        *(
            ("6", "eqf"),
            (6, "eqf"),
            (6.0, "EQF"),
            ("eqf_6", None),
            ("EQF level 6", None),
            ("EQF6", None),
            ("Level 6", "eqf"),
        ),
        *(("http://data.europa.eu/snb/eqf/6", None), ("niveau 6 du CEC", None), ("EQR-Niveau 6", None)),
    ],
)
def test_eqf_as_stated(value: Scalar, scheme: str | None) -> None:
    understood = level(value, scheme, None)
    assert (understood.value, understood.problem, understood.derived) == (LevelParts(eqf=6), None, False)


@pytest.mark.parametrize(
    ("value", "scheme", "country", "nqf", "eqf"),
    [
        ("NLQF 6", None, None, "NLQF 6", 6),
        ("6", "nlqf", None, "NLQF 6", 6),
        ("6", "nqf", "NL", "NLQF 6", 6),
        ("nlqf_4plus", None, None, "NLQF 4+", 4),
        ("4+", None, None, "NLQF 4+", 4),
        ("DQR-Niveau 5", None, None, "DQR 5", 5),
        ("NQF-Finland 7", None, None, "FiNQF 7", 7),
        ("NQF level 6", None, "FI", "FiNQF 6", 6),
        ("RNCP niveau 6", None, None, "RNCP 6", 6),
        ("RNCP II", None, None, "RNCP II", 6),
        ("RQF Level 3", None, "GB", "RQF 3", 4),
        ("Entry Level 3", "rqf", "GB", "RQF Entry 3", 1),
        ("SCQF Level 7", None, "GB", "SCQF 7", 5),
        ("11", "SCQF", "GB", "SCQF 11", 7),
        ("CQFW Level 4", None, "GB", "CQFW 4", 5),
        ("NFQ 8", None, "IE", "NFQ 8", 6),
        ("NFQ Level 9", None, "IE", "NFQ 9", 7),
        ("SeQF 6", None, "SE", "SeQF 6", 6),
        ("MECU 2", None, "ES", "MECU 2", 2),
        ("CROQF 7.1", None, None, "CROQF 7.1", 7),
        ("CyQF 5a", None, None, "CyQF 5a", 5),
        ("ISQF 5.1", None, None, "ISQF 5.1", 6),
        ("http://data.europa.eu/snb/qdr/c_1711a061", None, None, "NLQF 6", 6),
    ],
)
def test_national_levels_carry_their_eqf(
    value: str, scheme: str | None, country: str | None, nqf: str, eqf: int
) -> None:
    understood = level(value, scheme, country)
    assert (understood.value, understood.problem, understood.derived) == (LevelParts(eqf=eqf, nqf=nqf), None, True)
    assert understood.facts == {"from": nqf}


def test_a_national_level_below_eqf_has_none() -> None:
    assert level("SCQF 1", None, None).value == LevelParts(nqf="SCQF 1")
    assert level("SCQF 1", None, None).derived is False


def test_both_levels_stated_is_not_derived() -> None:
    for text in ("EQF 6 / NLQF 6", "EQF Level 6 (NLQF 6)"):
        understood = level(text, None, None)
        assert (understood.value, understood.derived) == (LevelParts(eqf=6, nqf="NLQF 6"), False)


@pytest.mark.parametrize(
    ("word", "eqf", "cycle"),
    [
        ("secondary vocational education 1", 1, None),
        ("secondary vocational education 4", 4, None),
        ("associate degree", 5, "short"),
        ("undergraduate short cycle", 5, "short"),
        ("bachelor", 6, "first"),
        ("BA", 6, "first"),
        ("BSc (Hons)", 6, "first"),
        ("Undergraduate", 6, "first"),
        ("master", 7, "second"),
        ("graduate", 7, "second"),
        ("Postgraduate", 7, "second"),
        ("doctoral", 8, "third"),
        ("Avancerad nivå", 7, "second"),
    ],
)
def test_words_are_derived(word: str, eqf: int, cycle: str | None) -> None:
    understood = level(word, "word", None)
    assert (understood.value, understood.derived) == (LevelParts(eqf=eqf, qf_ehea=cycle), True)  # type: ignore[arg-type]


def test_cycles() -> None:
    assert level("second cycle", "qf_ehea", None).value == LevelParts(eqf=7, qf_ehea="second")
    assert level("2", "qf_ehea", None).value == LevelParts(eqf=7, qf_ehea="second")
    assert level("17th cycle", "qf_ehea", None).problem == "unknown_code"


@pytest.mark.parametrize(
    ("value", "scheme", "country", "problem"),
    [
        ("HNC", None, "GB", "unknown_code"),
        ("Access", None, "GB", "unknown_code"),
        ("Higher", None, "GB", "unknown_code"),
        ("Intermediate 2", None, "GB", "unknown_code"),
        ("M", None, "GB", "unknown_code"),
        ("Beginner", None, None, "unknown_code"),
        ("Foundation Degree", None, "GB", "unknown_code"),
        ("RNCP36123", None, "FR", "unknown_code"),
        ("NLQF 9", None, "NL", "unknown_code"),
        ("Level 3", None, "GB", "ambiguous"),
        ("6", "nqf", "GB", "ambiguous"),
        ("6", "nqf", None, "ambiguous"),
        ("6", None, None, "ambiguous"),
        ("6", "word", None, "ambiguous"),
        ("EQF 5-6", None, None, "ambiguous"),
        ("1/2/3", "eqf", None, "ambiguous"),
        ("9", "eqf", None, "out_of_bounds"),
        ("eqf_0", None, None, "out_of_bounds"),
        ("undefined", None, None, "placeholder"),
        ("undivided", None, None, "placeholder"),
        ("nt2-2", None, None, "placeholder"),
        ("", None, None, "placeholder"),
    ],
)
def test_what_is_not_guessed(value: str, scheme: str | None, country: str | None, problem: str) -> None:
    understood = level(value, scheme, country)
    assert (understood.value, understood.problem) == (None, problem)


@pytest.mark.parametrize("code", vocabulary("nqf").codes)
def test_every_national_level_is_its_own_meaning(code: str) -> None:
    understood = level(code, None, None)
    assert understood.value is not None
    assert understood.value.nqf == code
    assert str(understood.value.eqf or "") == vocabulary("nqf").rows[code]["eqf"]


@quick
@given(scalars, schemes)
def test_levels_never_raise_and_are_always_real(value: Scalar, scheme: str | None) -> None:
    understood = level(value, scheme, "NL")
    assert is_honest(understood)
    if understood.value is not None:
        assert understood.value != LevelParts()
        assert understood.value.eqf in (None, 1, 2, 3, 4, 5, 6, 7, 8)
        assert understood.value.nqf is None or understood.value.nqf in vocabulary("nqf")
