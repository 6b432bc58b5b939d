"""Telephone numbers of offices. Light on purpose: digits and a leading plus are kept, no number is completed."""

from __future__ import annotations

import re

from standard.values import Understood
from standard.values.plain import is_placeholder, plain

_SIGNS = re.compile(r"[\s()./\-–‑·]+")
_NUMBER = re.compile(r"\+?\d{5,15}(?:(?:x|ext)\d{1,6})?", re.IGNORECASE | re.ASCII)


def phone(raw: str) -> Understood[str]:
    """Return a number as digits with a leading ``+`` if it has one ("+49 (0)89 123-456" is "+4989123456")."""
    text = plain(raw)
    if is_placeholder(text):
        return Understood(problem="placeholder")
    bare = re.sub(r"^(?:tel\.?:?|phone:?|telefon:?)\s*", "", text, flags=re.IGNORECASE).replace("(0)", "")
    compact = _SIGNS.sub("", bare)
    if compact.startswith("00"):
        compact = f"+{compact[2:]}"
    if not _NUMBER.fullmatch(compact) or set(compact) <= set("+0"):
        return Understood(problem="unreadable", note="expected a telephone number such as +31 40 247 9111")
    return Understood(compact.lower())
