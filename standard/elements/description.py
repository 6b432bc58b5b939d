"""Beyond the sixteen: the description.

**Read.** The slot `descriptions`, in the order of the source (formats list the full text before abstracts). The
first text per language wins.
**Normalise.** To plain text with paragraphs kept; see `standard.elements.common.texts`.
**Check.** Languages, active content and length as for every text. A description that only repeats the title is
observed (MC17-DESCRIPTION-REPEATS-TITLE) and kept.
**Complete?** Present with a text in any language.
"""

from __future__ import annotations

from standard.elements.common.case import Case, Understanding
from standard.elements.common.texts import TextRule, put_texts, read_texts
from standard.offering import Texts

STEM = "MC17-DESCRIPTION"
_RULE = TextRule(STEM)


def understand(case: Case) -> Understanding:
    """Return the description by language. The title must have been understood before."""
    found = Understanding()
    read = read_texts(case, found, "descriptions", case.source.descriptions, _RULE)
    put_texts(found, "description", read)
    title: Texts = case.known.get("title", {})
    titles = {text.casefold() for text in title.values()}
    if read.texts and all(text.casefold() in titles for text in read.texts.values()):
        found.observe(f"{STEM}-REPEATS-TITLE", read.used[0])
    return found
