"""Fields of education: ISCED-F 2013, two to four digits.

Codes are validated against the list. National codes of five or six digits, or of four that are not in the list
(Finland's …18), climb to the nearest code above that is (``adjusted``). ``0099``, ``9999`` and their like stand for
"unknown" (Finland's exporter writes 0099 by default). A leading zero lost on the way (611, 6) is put back.
"""

from __future__ import annotations

import re
from functools import lru_cache

from standard.folding import fold
from standard.observation import Scalar
from standard.values import Understood
from standard.values.plain import is_placeholder, last_part, plain
from standard.vocabularies import vocabulary

_UNKNOWN = frozenset({"0", "0099", "009", "99", "999", "9999"})
_OURS = frozenset({"", "isced f", "iscedf", "isced", "isced f 2013", "isced 2013", "isced code", "isced f code"})
_DIGITS = re.compile(
    r"(?:isced(?:-?f)?(?:[ -]?2013)?[ :]*)?(\d{1,6})(?:\s*[-–:.]?\s*[^\W\d].*)?", re.IGNORECASE | re.DOTALL
)


CLASSIFICATION = "classification"
"""Name of the fact that says which other classification a code belongs to."""


def field_code(raw: Scalar, scheme: str | None = None) -> Understood[str]:
    """Return an ISCED-F code (two to four digits), from a code, "0611 Computer use" or an EU address.

    `scheme`: ``isced-f`` or None; any other classification (JACS, KLDB, national) is not translated.
    """
    if not _is_ours(scheme):
        note = f"'{scheme}' is another classification than ISCED-F"
        return Understood(problem="unknown_code", note=note, facts={CLASSIFICATION: scheme or ""})
    return _field_code(plain(raw))


@lru_cache(maxsize=256)
def _is_ours(scheme: str | None) -> bool:
    return fold(scheme or "") in _OURS or "isced-f" in (scheme or "").casefold()


@lru_cache(maxsize=4096)
def _field_code(text: str) -> Understood[str]:
    bare = last_part(text)
    if is_placeholder(bare):
        return Understood(problem="placeholder")
    match = _DIGITS.fullmatch(bare)
    if match is None or not match[1].isascii():
        return _by_label(bare)
    if match[1] in _UNKNOWN:
        return Understood(problem="placeholder", note=f"{match[1]} stands for an unknown field")
    return _validated(match[1])


def _by_label(text: str) -> Understood[str]:
    code = vocabulary("isced_f").code_for(text)
    if code and code not in _UNKNOWN:
        return Understood(code)
    if len(re.findall(r"\d{2,6}", text)) > 1:
        return Understood(problem="ambiguous", note="several codes in one value")
    return Understood(problem="unknown_code", note=f"'{text[:60]}' is no ISCED-F code of two to four digits")


def _validated(digits: str) -> Understood[str]:
    codes = vocabulary("isced_f")
    if digits in codes:
        return Understood(digits)
    for candidate in _candidates(digits):
        if candidate in codes and candidate not in _UNKNOWN:
            return Understood(candidate, "adjusted", f"{digits} is not in ISCED-F; {candidate} was taken instead")
    return Understood(problem="unknown_code", note=f"{digits} is not in ISCED-F")


def _candidates(digits: str) -> list[str]:
    """Return what a code that is not in the list may stand for: with its lost zero, else the codes above it."""
    if len(digits) == 1 or (len(digits) == 3 and digits[0] != "0"):
        return [f"0{digits}"]
    return [digits[:length] for length in range(min(len(digits) - 1, 4), 1, -1)]
