"""Prices: free, unknown, decimal commas, several currencies in one sentence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standard.observation import Scalar
from standard.values.prices import HIGHEST, PriceParts, price
from standard.vocabularies import vocabulary
from tests.values.strategies import quick, scalars, texts


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("250", "EUR", PriceParts(250.0, "EUR")),
        (340.84, "EUR", PriceParts(340.84, "EUR")),
        ("250", "€", PriceParts(250.0, "EUR")),
        ("EUR 250", None, PriceParts(250.0, "EUR")),
        ("€ 250,-", None, PriceParts(250.0, "EUR")),
        ("1.870,00 €", None, PriceParts(1870.0, "EUR")),
        ("1.000", "EUR", PriceParts(1000.0, "EUR")),
        ("1 200 EUR", None, PriceParts(1200.0, "EUR")),
        ("GBP1250.00", None, PriceParts(1250.0, "GBP")),
        ("100 EUR (100 €)", None, PriceParts(100.0, "EUR")),
        ("0", "EUR", PriceParts(0.0, "EUR")),
        ("0 €", None, PriceParts(0.0, "EUR")),
        ("free", None, PriceParts(0.0)),
        ("Gratis", None, PriceParts(0.0)),
        ("kostenlos", "EUR", PriceParts(0.0, "EUR")),
        ("Maksuton", None, PriceParts(0.0)),
        ("250 euro incl. VAT", None, PriceParts(250.0, "EUR", "250 euro incl. VAT")),
        ("11.0000", None, PriceParts(11.0)),
    ],
)
def test_prices_as_stated(amount: Scalar, currency: str | None, expected: PriceParts) -> None:
    understood = price(amount, currency)
    assert (understood.value, understood.problem, understood.derived) == (expected, None, False)


@pytest.mark.parametrize(
    ("amount", "default", "expected"),
    [
        ("$1,870", None, PriceParts(1870.0, "USD")),
        ("$1,870", "EUR", PriceParts(1870.0, "USD")),
        ("$100", "CAD", PriceParts(100.0, "CAD")),
        ("84.0000", "GBP", PriceParts(84.0, "GBP")),
    ],
)
def test_an_assumed_currency_is_derived(amount: Scalar, default: str | None, expected: PriceParts) -> None:
    understood = price(amount, None, default)
    assert (understood.value, understood.derived) == (expected, True)


def test_the_crown_is_the_one_of_the_feed() -> None:
    assert price("1 200 kr", None, "SEK").value == PriceParts(1200.0, "SEK")
    assert price("1 200 kr").value == PriceParts(1200.0)


@pytest.mark.parametrize("amount", ["0.0000", "0", 0, 0.0, "0,00"])
def test_zero_without_a_currency_is_not_free(amount: Scalar) -> None:
    understood = price(amount, None, "EUR")
    assert (understood.value, understood.problem) == (None, "ambiguous")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("£500, €600 or $700", "ambiguous"),
        ("Ireland fee: GBP1785.00; Continental Europe fee: GBP1895.00", "ambiguous"),
        ("€ 400 excl. VAT, € 484 incl. VAT", "ambiguous"),
        ("Free for students, otherwise £500", "ambiguous"),
        ("on request", "unreadable"),
        ("Costs are paid per unit not per qualification.", "unreadable"),
        ("see the 2025 price list on our pages", "unreadable"),
    ],
)
def test_what_is_not_one_price_is_kept_as_its_note(text: str, problem: str) -> None:
    understood = price(text)
    assert (understood.value, understood.problem) == (PriceParts(note=text), problem)


@pytest.mark.parametrize(
    ("amount", "currency", "problem"),
    [
        *(
            (None, "EUR", "placeholder"),
            ("", None, "placeholder"),
            ("[Precio]", None, "placeholder"),
            ("tbd", "EUR", "placeholder"),
        ),
        *((-5, "EUR", "out_of_bounds"), ("5000000", "EUR", "out_of_bounds"), (math.inf, "EUR", "unreadable")),
        *((True, "EUR", "unreadable"), ("250", "XYZ", "unknown_code")),
    ],
)
def test_no_price(amount: Scalar | None, currency: str | None, problem: str) -> None:
    understood = price(amount, currency)
    assert (understood.value, understood.problem) == (None, problem)


@quick
@given(st.one_of(st.none(), scalars), st.one_of(st.none(), texts), st.sampled_from([None, "EUR", "SEK", "nonsense"]))
def test_never_raises_and_stays_in_bounds(amount: Scalar | None, currency: str | None, default: str | None) -> None:
    understood = price(amount, currency, default)
    if understood.value is None:
        assert understood.problem is not None
        return
    assert understood.value != PriceParts()
    assert understood.value.amount is None or 0 <= understood.value.amount <= HIGHEST
    assert understood.value.currency is None or understood.value.currency in vocabulary("currencies")
    assert understood.problem is None or understood.value == PriceParts(note=understood.value.note)


@quick
@given(st.floats(min_value=0.01, max_value=HIGHEST))
def test_a_price_is_its_own_meaning(amount: float) -> None:
    once = price(amount, "EUR").value
    assert once is not None
    assert once.amount is not None
    assert price(once.amount, once.currency).value == once
