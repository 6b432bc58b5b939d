"""What may have been meant: the text of a query with other words in place of those that hardly anything has."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue_db.search import words
from catalogue_db.search.query import MOST_CHARACTERS


def corrected(text: str, meant: Mapping[str, str]) -> str | None:
    """A text with other words (folded word → word) in place of those it has; None if there are none."""
    pieces, at = [], 0
    for start, end, word in words.positions(text[:MOST_CHARACTERS]):
        if (other := meant.get("".join(words.folded(word)))) is not None:
            pieces += [text[at:start], other]
            at = end
    return "".join([*pieces, text[at:]]) if pieces else None
