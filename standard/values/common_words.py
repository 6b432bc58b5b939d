"""Common words by which a text shows its language at a glance, without a detector.

A course text of 200 letters has some thirty words, a third of them the small words of its grammar. Finding a handful
that belong to one language alone takes microseconds; a detector walks through tables of many megabytes, a hundred
times as slow, and slower still on a busy machine. So this only ever *confirms* what a source states: a text that
does not show its stated language here shows nothing, and the detector is asked (`standard.values.languages.detect`).

Each list has words that are common in its language and in none of the languages feeds are written in beside it:
"die" is German and Dutch, "des" German and French, "para" Spanish and Portuguese, "av" Swedish and Norwegian, so they
tell nothing.
"""

from __future__ import annotations

import re
from collections import Counter

COMMON_WORDS = {
    "en": "the and with this that you from their how are your which they these into such been",
    "de": "und mit für auf ist eine einer einen werden sich zur zum nicht oder sie wird über bei sind durch",
    "fr": "une dans pour par avec vous aux au qui est sont cette leur leurs sur votre être ainsi ces",
    "nl": "het een voor zijn wordt naar niet ook bij deze worden aan jij uit hun binnen kunnen hoe van",
    "es": "los las y sus también según estos",
    "it": "della che gli sono nel delle nella degli anche",
    "sv": "och att är ett för inte från eller kunna även hur",
}
"""Language → its words, lower case; no word is in two lists."""

LEAST_WORDS = 4
"""Words of the stated language a text must have, and as many for each one of another language it has."""

_WORD = re.compile(r"[^\W\d_]+")
_LANGUAGE_OF = {word: language for language, words in COMMON_WORDS.items() for word in words.split()}


def shows(tag: str, text: str) -> bool:
    """Whether a text plainly shows the language of a BCP 47 tag. False says nothing: not known, too few, or mixed."""
    language = tag.partition("-")[0].lower()
    if language not in COMMON_WORDS:
        return False
    found = Counter(map(_LANGUAGE_OF.get, _WORD.findall(text.lower())))
    others = sum(number for name, number in found.items() if name not in (None, language))
    return found[language] >= LEAST_WORDS * max(1, others)
