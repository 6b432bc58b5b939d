"""What the SQL functions have to know of Unicode, taken from Python, so that both databases part and fold words alike.

A database's own idea of a letter depends on its locale (in ``C`` only ASCII has letters), so the functions carry their
own: classes for regular expressions, and what each letter becomes when it is folded (`catalogue_db.search.words`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from catalogue_db.search import words
from catalogue_db.search.function_words import MARK
from catalogue_db.search.query import JOINING
from catalogue_db.search.slips import alphabets

_FIRST, _LAST = 0x80, 0x323AF
"""Beyond ASCII, and up to the last letter (an ideograph) of Unicode 15."""
_SURROGATES = range(0xD800, 0xE000)
_WESTERN = range(0xC0, 0x100)
_NORTHERN = "äöüåéøÄÖÜÅÉØ"
"""With ß and æ the letters of which most texts beyond English have no others; few, because each costs in every text."""
_LAST_LATIN = 0x24F
_COMBINING = range(0x300, 0x370)


def _characters() -> Iterator[str]:
    """All characters beyond ASCII that a database can have."""
    for code in range(_FIRST, _LAST + 1):
        if code not in _SURROGATES:
            yield chr(code)


def _class(holds: Callable[[str], object]) -> str:
    """The inside of a bracket expression of PostgreSQL for the characters that something holds for."""
    ranges: list[list[str]] = []
    begun = False
    for character in _characters():
        if holds(character):
            if begun:
                ranges[-1][1] = character
            else:
                ranges.append([character, character])
        begun = bool(holds(character))
    return "".join(_escaped(first) + ("" if first == last else "-" + _escaped(last)) for first, last in ranges)


def _escaped(character: str) -> str:
    return f"\\U{ord(character):08X}"


def _quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _translated(name: str, changed: dict[str, str]) -> dict[str, str]:
    """What ``translate()`` and ``replace()`` need: letters that become one or none, and letters that become several."""
    single = {letter: other for letter, other in changed.items() if len(other) == 1}
    none = [letter for letter, other in changed.items() if not other]
    many = {letter: other for letter, other in changed.items() if len(other) > 1}
    return {
        f"{name} from": "".join([*single, *none]),
        f"{name} to": "".join(single.values()),
        f"{name} several": f"[{''.join(map(_escaped, many))}]",
        f"{name} several from": "\n".join(many),
        f"{name} several to": "\n".join(many.values()),
    }


_ACCENTS = sorted({accent for code in _WESTERN for accent in unicodedata.normalize("NFD", chr(code))[1:]})
"""The accents of western letters."""


def _is_taken_apart(letter: str, folded: str) -> bool:
    """Whether a letter is folded by taking it apart and leaving its accents out, so that no table has to have it."""
    base, *accents = tuple(unicodedata.normalize("NFD", letter))
    return bool(accents) and base.isascii() and base.lower() == folded


@cache
def letters() -> dict[str, str]:
    """Patterns and tables of letters by name, as `search_letters` gives them to the other functions."""
    word = "0-9A-Za-z" + _class(re.compile(r"[^\W_]").match)
    accent = r"\u0300-\u036F\u064B-\u065F"
    part = rf"(?:{words.SIGNED}|[{word}_\u0300-\u036F\u064B-\u065F\-‐‑'’.@&])+"
    blank = r"\x09-\x0D\x1C-\x20" + _class(str.isspace)
    latin = [chr(code) for code in (*range(_FIRST, _LAST_LATIN + 1), *_COMBINING)]
    folded = {each: other for each in latin if (other := words.bare(each)) != each and not _is_taken_apart(each, other)}
    cases = {each: other for each in _characters() if (other := each.casefold().translate(words.LETTERS)) != each}
    return {
        "word": f"{words.SIGNED}|[{word}]+",
        "no word": f"[^{word}]+",
        "accent": f"[{accent}]",
        "word with accents": f"{words.SIGNED}|[{word}][{word}{accent}]*",
        "word and before": f"([^{word}]*)({words.SIGNED}|[{word}][{word}{accent}]*)",
        "mark": f"[{_class(lambda each: unicodedata.category(each) == 'Mn')}]",
        "beyond northern": rf"[^\x01-\x7FßæÆ{_NORTHERN}]",
        "not plainly northern": rf"[^\x20-\x7EßæÆ{_NORTHERN}]",
        "beyond northern words": rf"[^\x01-\x7FßæÆ{_NORTHERN}]|[+#]",
        "beyond accents": rf"[^\x01-\x7F{_class(lambda each: ord(each) in _WESTERN and each not in folded)}]",
        "western": rf"^[\x01-\x7F\u{_WESTERN[0]:04X}-\u{_WESTERN[-1]:04X}]*$",
        "latin": rf"^[\x01-\u{_LAST_LATIN:04X}\u0300-\u036F]*$",
        "chunk": rf"""((?<![^{blank}])-(?=[{word}_"]))?(?:"([^"]*)"?|([^"{blank}]+))""",
        "other blank": f"[{blank.replace('-' + chr(92) + 'x20', '-' + chr(92) + 'x1F')}]",
        "ends blank": f"[{blank}]$",
        "part": part,
        "ends part": f"{part}$",
        "alphabets": " ".join(alphabets()),
        "joining": "\n".join(sorted(JOINING)),
        "function word": MARK,
        "elided": rf"^(?:[cdjlmnst]|(?:jus|lors|puis)?qu|un|quell|(?:d?a|de|ne|su)ll)['’](?=[{word}_]{{2}})",
        **_translated("western", {each: folded[each] for each in (*map(chr, _WESTERN), *_ACCENTS) if each in folded}),
        **_translated("latin", folded),
        **_translated("case", cases),
    }


def letters_function() -> str:
    """The statement that makes ``search_letters``."""
    cases = "\n".join(f"    WHEN {_quoted(name)} THEN {_quoted(value)}" for name, value in letters().items())
    return (
        "CREATE FUNCTION catalogue.search_letters(name text) RETURNS text\n"
        f"LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$\nSELECT CASE name\n{cases}\nEND\n$function$"
    )
