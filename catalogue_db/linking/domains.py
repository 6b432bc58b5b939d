"""The part of a web address that its owner registered, which tells whose site it is.

Two lists of our own, reviewed by hand. ``second_level_suffixes.csv``: endings of two parts under which names are
registered (``ac.at``); it holds those of countries whose institutions DEQAR lists or might, from the rules that their
registries publish, and need not be complete: a missing ending makes two sites look like one, so an ending that looks
like one (a short word such as ``ac`` or ``edu`` before a country code) is taken for one. ``shared_platforms.csv``:
sites where many institutions have pages, which therefore tell nothing.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

_FOLDER = Path(__file__).parent
_LOOKS_LIKE_A_SUFFIX = frozenset({"ac", "co", "com", "edu", "gob", "gouv", "gov", "gv", "net", "or", "org", "sch"})


@cache
def _column(file: str, name: str) -> frozenset[str]:
    with (_FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return frozenset(row[name] for row in csv.DictReader(lines))


def registered_domain(address: str | None) -> str | None:
    """Return the registered domain of a web address or host name (``www.uni.ac.at`` is ``uni.ac.at``).

    None where there is none (an IP address, a bare word, nothing), or where the site is shared by many.
    """
    host = _host(address or "")
    parts = host.split(".")
    if len(parts) < 2 or not all(parts) or parts[-1].isdigit():
        return None
    shared = _column("shared_platforms.csv", "domain")
    if host in shared:
        return None
    depth = 3 if _is_suffix(parts[-2], parts[-1]) else 2
    domain = ".".join(parts[-depth:])
    return None if len(parts) < depth or domain in shared else domain


def _is_suffix(second: str, last: str) -> bool:
    known = f"{second}.{last}" in _column("second_level_suffixes.csv", "suffix")
    return known or (len(last) == 2 and second in _LOOKS_LIKE_A_SUFFIX)


def _host(address: str) -> str:
    text = address.strip()
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
        return host.rstrip(".").encode("idna").decode().lower()
    except (ValueError, UnicodeError):
        return ""
