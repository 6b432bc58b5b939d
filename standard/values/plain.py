"""What a scalar says when it is read as text, and which texts stand for nothing.

Formats publish the same thing as text, number or boolean (JSON writes 6, XML "6", a spreadsheet 6.0); the
normalisers read all of them through `plain`.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from standard.folding import fold
from standard.observation import Scalar

_STANDS_FOR_NOTHING = frozenset(
    fold(word)
    for word in """
    n/a|n.a.|n. a.|na|not applicable|not available|none given|not specified|not stated|unspecified|unknown|undefined
    null|nil|nan|tbd|t.b.d.|tba|t.b.a.|tbc|to be determined|to be decided|to be announced|to be confirmed|to follow
    not yet known|not known
    to do|todo|placeholder|dummy|test|testing|test test|asdf|qwerty|string|text|value|sample|example|no data|no value
    keine angabe|keine angaben|k.a.|k. a.|k.a|ohne angabe|nicht angegeben|unbekannt|folgt|wird noch bekannt gegeben
    n.n.|n. n.|nn
    non renseigné|non précisé|non communiqué|non spécifié|inconnu|à définir|à compléter|à préciser|s/o|sans objet
    n.v.t.|nvt|n.n.b.|nnb|nog niet bekend|onbekend|volgt|niet opgegeven|geen opgave
    ei tietoa|ei tiedossa|ei määritelty|ei ilmoitettu|tuntematon|täydennetään|ei saatavilla
    uppgift saknas|okänd|okänt|ej angivet|ej angett|saknas|kommer senare|ej tillämpligt
    sin datos|sin especificar|no especificado|no consta|desconocido|por determinar|no aplica|pendiente
    n/d|n.d.|non disponibile|non specificato|sconosciuto|da definire|não especificado|não aplicável|a definir
    op_datpro|[precio]|[fecha]|lorem|lorem ipsum|xxx
    """.replace("\n", "|").split("|")
    if word.strip()
)
_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]*")
_ONE_LETTER_REPEATED = re.compile(r"([^\W\d])\1{2,}", re.IGNORECASE)
_FILLER_START = re.compile(
    r"\s*(?:lorem ipsum\b|\[delete\]|\[deleted\]|\[placeholder\]|<insert\b|\[insert\b)", re.IGNORECASE
)
_LONGEST_FILLER = 60


LONGEST_VALUE = 1_000
"""Letters looked at: no code, number, date or price is longer, and a text of 50 MB must not be kept in a cache."""


def plain(value: Scalar) -> str:
    """Return a scalar as text without surrounding blanks, cut to `LONGEST_VALUE`: 6.0 is "6", True is "true"."""
    if isinstance(value, str):
        return value[:LONGEST_VALUE].strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if abs(value) < 10**30 else "a number beyond all bounds"


def last_part(text: str) -> str:
    """Return what stands behind the last slash of an address ("…/language/ENG" is "ENG"); other texts as they are."""
    return text.rstrip("/#").rsplit("/", 1)[-1] if "://" in text else text


def is_placeholder(raw: str) -> bool:
    """Tell whether a text stands for nothing: empty, only signs, "n/a", "tbd", "keine Angabe", lorem ipsum, ...

    "none" and its translations are no placeholders: under prerequisites they are an answer. Sources of the
    list: the texts met in the sample feeds (Finnish, German, Dutch, French, Swedish, Spanish, Italian, English).
    """
    if len(raw) > _LONGEST_FILLER:
        return _FILLER_START.match(raw) is not None or raw.isspace()
    return _is_short_placeholder(raw)


@lru_cache(maxsize=16384)
def _is_short_placeholder(raw: str) -> bool:
    if _NO_LETTER_OR_DIGIT.fullmatch(raw) or _FILLER_START.match(raw):
        return True
    return fold(raw.strip()) in _STANDS_FOR_NOTHING or _ONE_LETTER_REPEATED.fullmatch(raw.strip()) is not None
