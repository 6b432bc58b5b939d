"""Identifiers of organisations: normalised kind and value, so that two spellings of one identifier are equal.

Kinds known: ``deqar``, ``eter``, ``schac``, ``ror``, ``erasmus``, ``eche``, ``pic``, ``vat``, ``brin``, ``ukprn``,
``uai``, ``isni``, ``wikidata``, ``lei``, ``url``, ``did``. Forms: DEQAR writes ``DEQARINST`` and at least four digits;
ETER (OrgReg) two letters or ``INT`` and four digits; SCHAC is a domain; an Erasmus code is country, blanks, place and
number ("E  TARRAGO01": sources differ in the blanks, single ones are kept here). An Erasmus Charter (ECHE) is known by
the institution's OID ("E10208977", as DEQAR has it), by the number of its project ("101012345"), or by the older
reference ("29853-EPP-1-2014-1-LU-EPPKA3-ECHE"). Other kinds keep the source's word.
"""

from __future__ import annotations

import re

from standard.folding import fold
from standard.values import Understood
from standard.values.harmless import harmless_identifier
from standard.values.plain import is_placeholder, last_part, plain
from standard.values.urls import web_address

_KINDS = {
    "deqar": "deqar", "deqarinst": "deqar", "deqar id": "deqar", "deqarid": "deqar",
    "eter": "eter", "eter id": "eter", "eterid": "eter", "orgreg": "eter", "eter.bas.id": "eter",
    "schac": "schac", "schachome": "schac", "schac home": "schac", "heiid": "schac", "hei id": "schac",
    "ror": "ror", "ror id": "ror",
    "erasmus": "erasmus", "erasmus code": "erasmus", "erasmus institution code": "erasmus",
    "eche": "eche", "erasmus charter": "eche", "erasmus charter code": "eche", "eche code": "eche", "echecode": "eche",
    "pic": "pic", "eu pic": "pic",
    "vat": "vat", "eu vat": "vat", "vat identifier": "vat",
    "brin": "brin", "ukprn": "ukprn", "uk ukprn": "ukprn", "uai": "uai", "rne": "uai", "isni": "isni",
    "wikidata": "wikidata", "lei": "lei", "url": "url", "uri": "url", "homepage": "url", "did": "did",
}  # fmt: skip
_FORMS = {
    "deqar": re.compile(r"DEQARINST(\d{4,6})"),
    "eter": re.compile(r"(?:[A-Z]{2}|INT)\d{4}"),
    "schac": re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}"),
    "ror": re.compile(r"0[a-z0-9]{6}\d{2}"),
    "erasmus": re.compile(r"[A-Z]{1,3} [A-Z-]+\d{2,3}"),
    "eche": re.compile(r"E1\d{7}|\d{9}|\d{4,6}-[A-Z0-9]+-1-\d{4}-1-[A-Z]{2}-[A-Z0-9]+-ECHE"),
    "pic": re.compile(r"\d{9}"),
    "vat": re.compile(r"[A-Z]{2}[A-Z0-9]{2,13}"),
    "brin": re.compile(r"\d{2}[A-Z]{2}(?:\d{2})?"),
    "ukprn": re.compile(r"1\d{7}"),
    "uai": re.compile(r"\d{7}[A-Z]"),
    "isni": re.compile(r"\d{15}[\dX]"),
    "wikidata": re.compile(r"Q\d{1,10}"),
    "lei": re.compile(r"[A-Z0-9]{18}\d{2}"),
    "did": re.compile(r"did:[a-z0-9]+:.+"),
}


def organisation_identifier(kind: str, raw: str) -> Understood[tuple[str, str]]:
    """Return (kind, value), both normalised. A known kind whose form the value has not is ``unreadable``.

    Addresses of ROR, Wikidata and ISNI are cut to the identifier; ``url`` becomes a web address.
    """
    name = _kind(kind)
    text = plain(raw)
    if is_placeholder(text):
        return Understood(problem="placeholder")
    if name == "url":
        address = web_address(text)
        return Understood((name, address.value) if address.value else None, address.problem, address.note)
    form = _FORMS.get(name)
    if form is None:
        return Understood((name, harmless_identifier(" ".join(text.split()))))
    value = _normalised(name, text)
    if not form.fullmatch(value):
        return Understood(problem="unreadable", note=f"'{text[:60]}' has not the form of an identifier of kind {name}")
    return Understood((name, harmless_identifier(value)))


def _kind(kind: str) -> str:
    folded = fold(last_part(kind))
    return _KINDS.get(folded) or harmless_identifier(folded.replace(" ", "_")).lower() or "other"


def _normalised(kind: str, text: str) -> str:
    """Return a value in the letters, blanks and length its kind is written in."""
    last = last_part(text)
    if kind == "did":
        return text
    if kind == "erasmus":
        return re.sub(r"\s*([A-Z-]+\d{2,3})\Z", r" \1", " ".join(last.upper().split()))
    compact = re.sub(r"[\s.\-]+" if kind in ("vat", "isni", "lei", "pic") else r"\s+", "", last)
    if kind == "deqar":
        digits = compact.upper().removeprefix("DEQARINST")
        return f"DEQARINST{digits.zfill(4)}"
    return compact.lower() if kind in ("schac", "ror") else compact.upper()
