"""E-mail addresses of offices. Light on purpose: the form is checked, not whether anybody answers."""

from __future__ import annotations

import re

from standard.values import Understood
from standard.values.plain import is_placeholder, plain

_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}",
    re.IGNORECASE | re.ASCII,
)


def email(raw: str) -> Understood[str]:
    """Return an address, its domain in lower case, from "info@example.org", "mailto:…" or "Office <info@…>"."""
    text = plain(raw)
    if is_placeholder(text):
        return Understood(problem="placeholder")
    bare = text.removeprefix("mailto:").split("?", 1)[0]
    found = _ADDRESS.findall(bare)
    if len(found) > 1:
        return Understood(problem="ambiguous", note="more than one address")
    if not found or ".." in found[0] or (found[0] != bare.strip() and "<" not in bare):
        return Understood(problem="unreadable", note="expected an address such as info@example.org")
    name, domain = found[0].rsplit("@", 1)
    return Understood(f"{name}@{domain.lower()}")
