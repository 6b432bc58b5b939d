"""The status of an instance: open for enrolment, closed, or cancelled. (Part of the instances, not an element.)

**Read.** The words formats use: OOAPI's RIO consumer says open or closed; OEAPI 6 says concept, cancelled,
active, inactive; MOOChub and platforms say archived or upcoming. **Normalise.** Words that speak of enrolment
to one of the three; words that speak of the record's life ("active", "concept") are known and mean none of
them.
**Check.** Any other word is not understood.
"""

from __future__ import annotations

from typing import Literal

from standard.elements.common.case import Seen, words
from standard.values import Understood, text

Status = Literal["open", "closed", "cancelled"]

_WORDS: dict[str, Status] = {
    **dict.fromkeys(("open", "open for enrolment", "enrolment open", "enrollment open", "available"), "open"),
    **dict.fromkeys(("closed", "full", "sold out", "archived", "enrolment closed", "enrollment closed"), "closed"),
    **dict.fromkeys(("cancelled", "canceled", "withdrawn"), "cancelled"),
}
_OF_THE_RECORD = frozenset(
    {"active", "inactive", "concept", "draft", "published", "scheduled", "upcoming", "starting soon"}
)


def run_status(seen: Seen) -> Understood[Status]:
    """Return the status that a published word names."""
    word = " ".join(words(seen.value).replace("_", " ").replace("-", " ").casefold().split())
    if word in _WORDS:
        return Understood(_WORDS[word])
    if not word or word in _OF_THE_RECORD or text.is_placeholder(word):
        return Understood(problem="placeholder")
    return Understood(problem="unknown_code", note="not a known status of an instance")
