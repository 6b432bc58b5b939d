"""Names as they are compared: what differs between two spellings of one name is taken away, words are kept.

Case, accents, punctuation and repeated blanks do not tell names apart, nor do legal forms at the end ("asbl",
"gGmbH"). Nothing is translated, abbreviated or reordered here: that is a matter of scores, not of sameness.
"""

from __future__ import annotations

import re
from functools import lru_cache

from standard.folding import fold

_NOT_A_WORD = re.compile(r"[\W_]+")
_LEGAL_FORMS = {
    "asbl", "vzw", "gmbh", "ggmbh", "ag", "sa", "sarl", "sarls", "srl", "bv", "nv", "ry", "oy", "ab", "ev", "ltd",
    "limited", "plc", "inc", "llc", "spa", "sro", "doo", "kft", "zrt",
}  # fmt: skip


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """Return a name as it is compared; empty where no word is left."""
    words = _NOT_A_WORD.sub(" ", fold(name.replace("&", " and "))).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)
