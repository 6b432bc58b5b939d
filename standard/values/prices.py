"""Prices: amount, currency and note.

Unknown is never zero. Zero is free only where the source says so: in words ("free", "gratis", "kostenlos") or by
naming a currency beside it (0 EUR); a bare "0.0000", which real feeds write for "not entered", is ambiguous. One
text with several different amounts (three currencies in a sentence, with and without tax) is ambiguous too: its
text is then kept as the price's note, so nothing is lost. Where each amount has a label of its own ("UK fee: GBP155;
Ireland fee: GBP340") nothing is ambiguous: `by_label` gives one price each, with the label as note. "[Precio]" and
its like are placeholders. "$" alone is the dollar of the feed's default currency where that is a dollar, else the US
dollar (derived).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from price_parser import Price

from standard.folding import fold
from standard.observation import Scalar
from standard.values import Problem, Understood
from standard.values.numbers import number, of_scalar
from standard.values.plain import is_placeholder
from standard.values.text import clean_line
from standard.vocabularies import vocabulary

_LABELLED = re.compile(r"\s*(?P<label>[^\W\d_][^:;\d]{1,60}):(?P<amount>[^:;]+)")
HIGHEST = 1_000_000.0
_LONGEST_NOTE = 500

_FREE = frozenset(
    fold(word)
    for word in (
        *("free", "free of charge", "no fee", "no cost", "for free", "at no cost", "no charge", "without charge"),
        *("kostenlos", "kostenfrei", "gebührenfrei", "gratis", "unentgeltlich", "gratuit", "gratuite", "gratuitement"),
        *(
            "kosteloos",
            "ilmainen",
            "maksuton",
            "maksutta",
            "kostnadsfri",
            "kostnadsfritt",
            "avgiftsfri",
            "avgiftsfritt",
        ),
        *("gratuito", "gratuita", "sin coste", "sin costo", "grátis", "bezpłatny", "zdarma", "brezplačno", "besplatno"),
    )
)
_FREE_INSIDE = re.compile(
    r"\b(?:free|gratis|gratuit[aeo]?|kostenlos|kostenfrei|kosteloos|ilmainen|maksuton)\b", re.IGNORECASE
)
_SIGNS = {"€": "EUR", "£": "GBP", "₺": "TRY", "zł": "PLN", "kč": "CZK", "ft": "HUF", "₴": "UAH", "лв": "BGN"}
_SIGNS |= {"us$": "USD", "a$": "AUD", "c$": "CAD", "ca$": "CAD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "fr": "CHF"}
_WORDS = {
    "euro": "EUR",
    "euros": "EUR",
    "eur": "EUR",
    "pound": "GBP",
    "pounds": "GBP",
    "dollar": "USD",
    "dollars": "USD",
}
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "HKD", "SGD"})
_CROWNS = frozenset({"SEK", "DKK", "NOK", "ISK"})
_AMOUNT = re.compile(
    r"(?<![\w.,])(?P<before>[€£$₺₴]|[A-Za-z]{1,2}\$|[A-Z]{3}(?=[\s\d]))?\s?"
    r"(?P<amount>\d(?:[\d.,'’]|[ \u00a0\u202f](?=\d{3}(?!\d)))*)"
    r"(?:,-|\.-|,–)?\s?(?P<after>[€£$₺₴]|(?:[A-Z]{3}|zł|kč|euros?|eur|kr|ft|fr|pounds?|dollars?)\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PriceParts:
    """A price: `amount` (0 is free), `currency` (ISO 4217), `note` (the source's own words where they say more)."""

    amount: float | None = None
    currency: str | None = None
    note: str | None = None


def price(
    amount: Scalar | None, currency: str | None = None, default_currency: str | None = None
) -> Understood[PriceParts]:
    """Return the price that an amount (or a text) and a currency state.

    `default_currency` comes from the feed's contract and counts only for amounts above zero (derived). With
    problem ``ambiguous`` or ``unreadable`` a text is returned as a price that holds nothing but its note.
    """
    if amount is None:
        return Understood(problem="placeholder")
    code = _currency(currency) if currency else None
    if currency and code is None and not is_placeholder(currency):
        return Understood(problem="unknown_code", note=f"'{currency[:20]}' is no currency of ISO 4217")
    if isinstance(amount, str):
        return _of_text(amount[: 2 * _LONGEST_NOTE].strip(), code, default_currency)
    return _of_number(of_scalar(amount), code, default_currency)


def by_label(amount: str) -> list[PriceParts] | None:
    """Return the prices of a text that gives each a label ("UK fee: GBP155.00; Ireland fee: not yet known").

    A label whose amount is a placeholder is left out. None where the text is not such a list, or one of its amounts
    is not certain (no currency beside it): then the text must be read as a whole.
    """
    matches = [_LABELLED.fullmatch(part) for part in amount[: 2 * _LONGEST_NOTE].split(";") if part.strip()]
    found = [(match["label"].strip(), match["amount"].strip()) for match in matches if match]
    if len(found) < len(matches) or not found:
        return None
    told = [(label, price(text).value) for label, text in found if not is_placeholder(text)]
    if not all(one and not one.note and (one.amount == 0 or one.currency) for _, one in told):
        return None
    return [replace(one, note=_note(label)) for label, one in told if one]


@lru_cache(maxsize=8192)
def _of_text(text: str, code: str | None, default: str | None) -> Understood[PriceParts]:
    if is_placeholder(text):
        return Understood(problem="placeholder")
    if fold(text) in _FREE:
        return Understood(PriceParts(0.0, code))
    bare = number(text)
    if bare is not None:
        return _of_number(bare, code, default)
    found = list(_AMOUNT.finditer(text))
    if not found:
        return _note_only(text, "unreadable", "no amount in the text")
    return _of_amounts(text, found, code, default)


def _of_amounts(text: str, found: list[re.Match[str]], code: str | None, default: str | None) -> Understood[PriceParts]:
    if _FREE_INSIDE.search(text):
        return _note_only(text, "ambiguous", "free for some, not for others")
    signed = [match for match in found if _sign(match)]
    meant = signed if signed else found
    values = {(_amount(match["amount"]), _currency_of(match, default)) for match in meant}
    if len(values) > 1 or any(value is None for value, _ in values):
        return _note_only(text, "ambiguous", "several amounts or currencies in one text")
    if not signed and code is None and len(found[0][0]) < len(text) // 2:
        return _note_only(text, "unreadable", "a number without a currency in a sentence")
    value, stated = values.pop()
    assumed = "$" in text and stated is not None and code is None and stated not in text.upper()
    understood = _of_number(value, code or stated, default)
    return _with_note(understood, text, meant[0], assumed)


def _with_note(
    understood: Understood[PriceParts], text: str, match: re.Match[str], assumed: bool
) -> Understood[PriceParts]:
    """Return a price with the rest of its text as note, where there is more than amount and currency."""
    if understood.value is None:
        return understood
    rest = (text[: match.start()] + text[match.end() :]).strip(" .,;:()")
    note = _note(text) if re.search(r"[^\W\d_]{2,}", rest) else None
    parts = PriceParts(understood.value.amount, understood.value.currency, note)
    hint = f"the sign $ was read as {parts.currency}" if assumed else understood.note
    return Understood(parts, understood.problem, hint, understood.derived or assumed)


def _of_number(amount: float | None, code: str | None, default: str | None) -> Understood[PriceParts]:
    if amount is None:
        return Understood(problem="unreadable", note="expected an amount such as 250.00")
    if amount < 0 or amount > HIGHEST:
        return Understood(problem="out_of_bounds", note=f"expected 0 to {HIGHEST:,.0f}")
    if round(amount, 2) == 0 and code is None:
        note = "0 without a currency may mean free or not entered; write 'free' or give the currency"
        return Understood(problem="ambiguous", note=note)
    default_code = _currency(default) if default else None
    return Understood(
        PriceParts(round(amount, 2), code or default_code), derived=code is None and default_code is not None
    )


def _note_only(text: str, problem: Problem, note: str) -> Understood[PriceParts]:
    return Understood(PriceParts(note=_note(text)), problem, note)


def _note(text: str) -> str:
    return clean_line(text).text[:_LONGEST_NOTE]


def _amount(raw: str) -> float | None:
    """Return an amount as people write it: "1,870" and "1.870" are thousands, since no price has three decimals."""
    parsed = Price.fromstring(raw.strip(" .,")).amount
    return float(parsed) if parsed is not None else None


def _sign(match: re.Match[str]) -> str:
    """Return the sign, code or word of a currency before or behind an amount; empty where there is none."""
    for sign in (match["before"] or "", match["after"] or ""):
        if sign == "$" or sign.casefold() == "kr" or (sign and _currency(sign)):
            return sign.casefold()
    return ""


def _currency_of(match: re.Match[str], default: str | None) -> str | None:
    sign = _sign(match)
    if sign == "$":
        return default if default in _DOLLARS else "USD"
    if sign == "kr":
        return default if default in _CROWNS else None
    return _currency(sign) if sign else None


@lru_cache(maxsize=1024)
def _currency(raw: str) -> str | None:
    """Return an ISO 4217 code for a code, a sign, a word or an EU address."""
    text = raw.strip()
    word = text.casefold().strip(". ")
    known = _SIGNS.get(word) or _WORDS.get(word)
    if known:
        return known
    if "://" in text:
        return vocabulary("currencies").code_for(text)
    return text.upper() if text.upper() in vocabulary("currencies") else None
