"""Yes or no, as booleans, numbers and words of several languages."""

from __future__ import annotations

from standard.folding import fold
from standard.observation import Scalar
from standard.values import Understood
from standard.values.plain import is_placeholder, plain

_YES = frozenset(
    {"1", "true", "yes", "y", "x", "ja", "j", "oui", "o", "kylla", "k", "si", "s", "sim", "wahr", "vrai", "waar", "on"}
)
_NO = frozenset(
    {"0", "false", "no", "n", "nein", "nee", "non", "ei", "e", "nej", "nao", "falsch", "faux", "onwaar", "off"}
)


def flag(raw: Scalar) -> Understood[bool]:
    """Return True or False for yes or no in English, German, French, Dutch, Finnish, Swedish, Spanish; 1/0; true/false.

    An empty value is a placeholder and not a no: absence says nothing.
    """
    word = fold(plain(raw))
    if word in _YES or word in _NO:
        return Understood(word in _YES)
    if is_placeholder(word):
        return Understood(problem="placeholder")
    return Understood(problem="unreadable", note="expected yes or no")
