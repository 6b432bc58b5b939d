"""Countries (ISO 3166-1 alpha-2) and regions (NUTS).

Accepted are alpha-2 and alpha-3 codes, EU addresses, and names in some forty languages. ``UK`` and ``EL``, which EU
bodies use, are GB and GR; the parts of the United Kingdom are GB (derived).
"""

from __future__ import annotations

from functools import lru_cache

from standard.folding import fold
from standard.values import Understood
from standard.values.plain import is_placeholder, last_part, plain
from standard.vocabularies import names_in_languages, vocabulary

_ALIASES = {
    alias: code
    for code, aliases in {
        "GB": "uk|great britain|the united kingdom|u.k",
        "GR": "el",
        "XK": "xkx",
        "NL": "holland|the netherlands",
        "TR": "turkiye",
        "DE": "brd",
        "CZ": "czech republic",
        "MK": "macedonia",
        "IE": "republic of ireland",
        "KR": "republic of korea",
        "RU": "russian federation",
        "US": "usa|u.s.a|u.s|united states of america",
        "VN": "viet nam",
        "GM": "the gambia",
    }.items()
    for alias in aliases.split("|")
}
_PARTS = {"england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB", "alba": "GB", "cymru": "GB"}
_NUTS_COUNTRIES = {"GR": "EL", "GB": "UK"}


def country_code(raw: str) -> Understood[str]:
    """Return the ISO 3166-1 alpha-2 code of a country, or why there is none. Kosovo is ``XK``."""
    return _country_code(plain(raw))


@lru_cache(maxsize=4096)
def _country_code(text: str) -> Understood[str]:
    name = last_part(text)
    code = vocabulary("countries").code_for(name) if len(name) <= 3 else None
    code = code or _ALIASES.get(fold(name)) or names_in_languages("countries").get(fold(name))
    if code:
        return Understood(code)
    if fold(name) in _PARTS:
        return Understood(_PARTS[fold(name)], derived=True, facts={"part": name})
    if is_placeholder(name):
        return Understood(problem="placeholder")
    return Understood(problem="unknown_code", note=f"'{name[:60]}' is no country code or name")


def region_code(raw: str) -> Understood[str]:
    """Return a NUTS code (two to five signs) from a code or an EU address.

    A code that is no longer in the list climbs to the region above it (``adjusted``); a mere country says no region.
    """
    text = plain(raw)
    code = last_part(text).replace(" ", "").upper()
    code = _NUTS_COUNTRIES.get(code[:2], code[:2]) + code[2:]
    if is_placeholder(text):
        return Understood(problem="placeholder")
    return _climbed(code) if code.isascii() and code.isalnum() and 3 <= len(code) <= 5 else _no_region(text)


def _climbed(code: str) -> Understood[str]:
    for length in range(len(code), 2, -1):
        if code[:length] in vocabulary("nuts"):
            if length == len(code):
                return Understood(code)
            note = f"'{code}' is not in NUTS; the region above it, {code[:length]}, is"
            return Understood(code[:length], "adjusted", note)
    return _no_region(code)


def _no_region(text: str) -> Understood[str]:
    return Understood(problem="unknown_code", note=f"'{text[:40]}' is no NUTS code of a region")
