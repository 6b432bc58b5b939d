"""Element 2, title of the micro-credential.

**Read.** The slot `titles`, in the order of the source. The first text per language wins; equal repetitions are
dropped. A record's code or the name of a run is not a title: formats do not put them here.
**Normalise.** Mark-up, entities and superfluous blanks go; a title is one line, so line breaks become blanks. A
value that is a placeholder ("-", "tbd") counts as none.
**Check.** A title of digits without a letter ("4711") is a code: unreadable; signs alone ("???") are nothing. A
title of fewer than 3 letters or more than 250 characters is kept and observed (MC02-TITLE-TOO-SHORT,
MC02-TITLE-TOO-LONG; beyond 1000 it is also cut). Mark-up that had to be taken out is observed
(MC02-TITLE-ADJUSTED), and languages are checked as for every text.
**Complete?** Present with at least one title in any language.

Sources: Council Recommendation 2022/C 243/02, Annex I; ELM dc:title (at least one, one per language).
"""

from __future__ import annotations

from standard.elements.common.case import Case, Seen, Understanding, words
from standard.elements.common.texts import TextRule, TextsRead, put_texts, understand_texts

NUMBER = 2
STEM = "MC02-TITLE"
LEAST_LETTERS = 3
MOST_CHARACTERS = 250
_RULE = TextRule(STEM, longest=1000, line=True)


def understand(case: Case) -> Understanding:
    """Return the title by language."""
    found = Understanding()
    seen = case.see("titles", case.source.titles)
    worded = [one for one in seen if has_letter(words(one.value))]
    read = understand_texts(case, found, worded, _RULE)
    put_texts(found, "title", read)
    _report_wordless(found, [one for one in seen if one not in worded], left=bool(read.texts))
    _check_length(found, read)
    _report_markup(found, read)
    return found


def has_letter(text: str) -> bool:
    """Whether a letter of any script occurs."""
    return any(character.isalpha() for character in text)


def _report_wordless(found: Understanding, wordless: list[Seen], *, left: bool) -> None:
    told = [one for one in wordless if _is_more_than_placeholder(one)]
    for one in told:
        found.observe(f"{STEM}-{'SKIPPED' if left else 'UNREADABLE'}", one, note="there is no letter in it")
    if told and not left:
        found.lack("title", unreadable=True)


def _is_more_than_placeholder(seen: Seen) -> bool:
    return any(character.isdigit() for character in words(seen.value)) and not isinstance(seen.value, bool)


def _check_length(found: Understanding, read: TextsRead) -> None:
    cut_already = any(observation.code == f"{STEM}-TOO-LONG" for observation in found.observations)
    for text in read.texts.values():
        if len(text) > MOST_CHARACTERS and not cut_already:
            found.observe(f"{STEM}-TOO-LONG", read.used[0], length=str(len(text)), limit=str(MOST_CHARACTERS))
        elif sum(map(str.isalpha, text)) < LEAST_LETTERS:
            found.observe(f"{STEM}-TOO-SHORT", read.used[0], length=str(len(text)), limit=str(LEAST_LETTERS))


def _report_markup(found: Understanding, read: TextsRead) -> None:
    for one in read.marked_up:
        found.observe(f"{STEM}-ADJUSTED", one, note="mark-up was taken out")
