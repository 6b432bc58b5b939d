"""Beyond the sixteen: the price.

**Read.** The slot `prices` of the record for the offering as a whole; the prices of an instance are read by the
same rules. An instance without a price of its own has the offering's.
**Normalise.** Amount, ISO 4217 currency and a note; see `standard.values.prices`. An amount of 0 means free
because the source says so; nothing published is not free, and no currency is guessed: one that is not published is
the contract's (``defaults.currency``), for amounts above 0 only. A text that gives several amounts a label each
("UK fee: GBP155; Ireland fee: GBP340") is one price for each, with the label as note.
**Check.** A text in which no single amount can be read stays as a note and is observed (MC17-PRICE-TEXT), once for
all runs that repeat it. What is no price is observed (MC17-PRICE-SKIPPED or -UNREADABLE), a repair too (-ADJUSTED).
**Complete?** Present with a price of the offering or of an instance; asked for gently.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Seen, Understanding, shown, words
from standard.elements.common.codes import Tried
from standard.elements.common.parts import Part, provenance_of_parts
from standard.elements.common.texts import UNDETERMINED, TextRule
from standard.offering import Price, Texts
from standard.source_offering import SourcePrice
from standard.values import Understood, prices
from standard.values.prices import PriceParts

STEM = "MC17-PRICE"
_NOTE = TextRule(STEM, longest=2000)


def understand(case: Case) -> Understanding:
    """Return the prices of the offering as a whole."""
    found = Understanding()
    part = Part(case, found, "prices", case.source.prices[0].path if case.source.prices else case.source.path)
    read = read_prices(part, case.source.prices)
    if read:
        found.put("price", read, provenance_of_parts([part]))
    else:
        found.lack("price", unreadable=part.failed)
    part.report(STEM, left=bool(read))
    return found


def read_prices(part: Part, sources: list[SourcePrice]) -> list[Price]:
    """Return the prices that mean something, each once."""
    found: list[Price] = []
    for source in sources:
        for price in _labelled(part, source) or [_price(part, source)]:
            if price != Price() and price not in found:
                found.append(price)
    return found


def _labelled(part: Part, source: SourcePrice) -> list[Price]:
    """Return the prices of a text in which each amount has its label; none where it is not such a text."""
    amount = next(iter(part.see("prices", [source.amount] if source.amount else [])), None)
    if amount is None or source.notes or not isinstance(amount.value, str):
        return []
    told = prices.by_label(amount.value)
    if told is None:
        return []
    if not told:
        return [Price()]
    part.note("price", Tried([(amount, Understood(told))], []))
    alike = {(one.amount, one.currency) for one in told}
    if len(alike) == 1:
        told = [PriceParts(told[0].amount, told[0].currency, ", ".join(one.note for one in told if one.note))]
    return [_with_note(part, amount, one, {}) for one in told]


def _price(part: Part, source: SourcePrice) -> Price:
    note: Texts = part.texts("prices", source.notes, _NOTE)
    amount = next(iter(part.see("prices", [source.amount] if source.amount else [])), None)
    if amount is None:
        return Price(note=note or None)
    currency = next(iter(part.see("prices", [source.currency] if source.currency else [])), None)
    stated, default = words(currency.value) if currency else None, part.case.context.default_currency
    result: Understood[PriceParts] = prices.price(amount.value, stated, default)
    if result.value is None:
        part.note("price", Tried([], [] if result.problem == "placeholder" else [(amount, result)]))
        return Price(note=note or None)
    if result.problem in ("ambiguous", "unreadable"):
        _tell_of_text(part, amount, result.note)
        return _with_note(part, amount, PriceParts(note=result.value.note), note)
    part.note("price", Tried([(amount, result)], []))
    if result.derived and default and not stated:
        part.assumed()
    return _with_note(part, amount, result.value, note)


def _tell_of_text(part: Part, amount: Seen, note: str) -> None:
    """Observe a text without one amount, unless an earlier run of the record had the same."""
    code, text = f"{STEM}-TEXT", shown(amount.published)
    if not any(known.code == code and known.value == text for known in part.into.observations):
        part.into.observe(code, amount, note=note)


def _with_note(part: Part, amount: Seen, parts: PriceParts, note: Texts) -> Price:
    if parts.note and not note:
        language = amount.lang or part.case.context.default_language or UNDETERMINED
        note = {language: parts.note}
    return Price(amount=parts.amount, currency=parts.currency, note=note or None)
