"""Languages: codes, names and EU addresses to BCP 47 tags; and which language a text is really in.

Accepted are ISO 639-1, 639-2 (both kinds) and 639-3 codes, BCP 47 tags, EU addresses, and names in some forty
languages ("German", "Deutsch", "Espanhol", "English - United States"). Not languages: country codes ("cz", "uk" is
Ukrainian), internal pseudo-languages of CDM-fr (``fr-FR-MTP``), "Mehrsprachig", and ``OP_DATPRO``, the EU's
placeholder. Languages known are those of ISO 639-1 and the minority languages of Europe (``languages.csv``).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

import langcodes

from standard.folding import fold
from standard.values import Understood
from standard.values.plain import is_placeholder, last_part, plain
from standard.vocabularies import names_in_languages, vocabulary

LEAST_LETTERS = 200
"""A shorter text is not judged: course titles mix languages, and a detector needs some sentences."""
_LETTERS_READ = 600

DETECTED: tuple[str, ...] = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl"),
    *("pt", "ro", "sk", "sl", "sv", "no", "nb", "nn", "is", "ca", "eu", "gl", "cy", "lb", "tr", "uk", "ru", "sq", "mk"),
    *("sr", "bs", "ar", "zh", "ja"),
)
"""Languages among which `detect` chooses: those that offerings in Europe are written in."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_SEVERAL = frozenset(
    fold(word)
    for word in (
        *("mul", "multilingual", "multiple languages", "several languages", "various", "mehrsprachig", "plurilingue"),
        *("multilingue", "meertalig", "monikielinen", "flerspråkig", "multilingüe", "bilingual", "zweisprachig"),
        *("tweetalig", "kaksikielinen", "tvåspråkig", "bilingue", "bilingüe"),
    )
)
_NAME_AND_COUNTRY = re.compile(r"([^\W\d_]+(?: [^\W\d_]+)?)\s*(?:\(\s*([^()]+?)\s*\)|\s[-–]\s*(.+))")
_LIST_SIGNS = re.compile(r"\s*[,;/|&+\n]\s*|\s+(?:and|und|et|en|ja|och|y|e|or|oder|ou|of)\s+", re.IGNORECASE)
_REGION_ALIASES = {"uk": "GB", "el": "GR"}


def language_tag(raw: str) -> Understood[str]:
    """Return the canonical BCP 47 tag of one language ("en", "nl-NL"), or why there is none."""
    return _language_tag(plain(raw))


def language_tags(raw: str) -> Understood[list[str]]:
    """Return the tags of a value that may name several languages ("English, German", "Englisch und Deutsch").

    Parts that are no language are left out and named (``adjusted``).
    """
    whole = language_tag(raw)
    if whole.value is not None:
        return Understood([whole.value])
    parts = [part for part in _LIST_SIGNS.split(plain(raw)) if part]
    if len(parts) < 2:
        return Understood(problem=whole.problem, note=whole.note)
    return _tags_of_parts(parts)


def _tags_of_parts(parts: list[str]) -> Understood[list[str]]:
    understood = [language_tag(part) for part in parts]
    tags = list(dict.fromkeys(one.value for one in understood if one.value is not None))
    unknown = [part for part, one in zip(parts, understood, strict=True) if one.value is None]
    note = f"not understood as a language: {', '.join(unknown)}" if unknown else ""
    if not tags:
        return Understood(problem="unknown_code", note=note)
    return Understood(tags, "adjusted" if unknown else None, note)


@lru_cache(maxsize=8192)
def _language_tag(text: str) -> Understood[str]:
    text = last_part(text)
    if text.casefold() == "und":
        return Understood(problem="placeholder", note="'und' says that the language is not stated")
    tag = _tag_of_code(text) or _tag_of_name(text)
    if tag:
        return Understood(tag)
    if is_placeholder(text):
        return Understood(problem="placeholder")
    return _not_understood(text)


def _not_understood(text: str) -> Understood[str]:
    if fold(text) in _SEVERAL:
        return Understood(problem="unknown_code", note="says that there are several languages, not which")
    parts = [part for part in _LIST_SIGNS.split(text) if part]
    if len(parts) > 1 and any(_tag_of_code(part) or _tag_of_name(part) for part in parts):
        return Understood(problem="ambiguous", note="several languages in one value")
    if text.upper() in vocabulary("countries"):
        country = vocabulary("countries").label(text.upper())
        return Understood(
            problem="unknown_code", note=f"'{text}' is the code of a country ({country}), not of a language"
        )
    return Understood(problem="unknown_code", note=f"'{text[:40]}' is no language tag, code or name")


def _tag_of_code(text: str) -> str | None:
    """Return the canonical tag of a code or tag whose language is in the list and whose parts are registered."""
    if not _TAG.fullmatch(text):
        return None
    parts = re.split("[-_]", text)
    language = _code(parts[0].lower())
    if language is None or len(parts) == 1:
        return language
    rest = [_REGION_ALIASES.get(part.lower(), part) for part in parts[1:]]
    try:
        tag = langcodes.standardize_tag("-".join([language, *rest]))
    except ValueError:
        return None
    return tag if langcodes.tag_is_valid(tag) and _code(tag.split("-")[0]) else None


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for code, row in vocabulary("languages").rows.items():
        for column in ("code", "iso639_3", "iso639_2b"):
            codes.setdefault(row[column], code)
    codes.pop("", None)
    return codes


def _code(part: str) -> str | None:
    return _codes().get(part) or _codes().get(
        {"iw": "he", "in": "id", "ji": "yi", "mo": "ro", "jw": "jv"}.get(part, "")
    )


def _tag_of_name(text: str) -> str | None:
    if len(text) > 60:
        return None
    name = fold(text)
    found = _names().get(name)
    if found:
        return found
    match = _NAME_AND_COUNTRY.fullmatch(text)
    if match is None or fold(match[1]) not in _names():
        return None
    return _with_country(_names()[fold(match[1])], match[2] or match[3])


def _with_country(tag: str, country: str) -> str | None:
    """Return a tag with the region a name says ("English - United States"); None where it names none."""
    code = names_in_languages("countries").get(fold(country)) or (
        country.upper() if country.upper() in vocabulary("countries") else _REGION_ALIASES.get(country.lower())
    )
    return f"{tag}-{code}" if code and "-" not in tag else None


@cache
def _names() -> dict[str, str]:
    """Return folded names of languages in all languages of the lists, with a few that CLDR does not have."""
    names = dict(names_in_languages("languages"))
    names.update(
        {
            "castellano": "es",
            "castilian": "es",
            "flemish": "nl",
            "vlaams": "nl",
            "mandarin": "zh",
            "mandarin chinese": "zh",
        }
    )
    return names


def detect(text: str) -> tuple[str, float] | None:
    """Return the language of a text and its probability (0-1); None for a text of fewer than 200 letters.

    Only `DETECTED` languages can come out; the first 600 letters are read. Bokmål and Nynorsk are told as ``no``.
    """
    if len(text) < LEAST_LETTERS:
        return None
    language, probability = _identifier().classify(text[:_LETTERS_READ])
    return ("no" if language in ("nb", "nn") else str(language)), min(1.0, float(probability))


@cache
def _identifier() -> Any:
    """Return the detector, loaded on first use: an own instance, so that nobody else's settings change it.

    Choosing languages leaves its table of weights lying column by column; a text needs some hundred whole rows, which
    is twice as fast row by row (numbers of four bytes too: numpy has no product of those of two).
    """
    import numpy
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([language for language in DETECTED if language in set(identifier.labels)])
    identifier.nb_ptc = numpy.ascontiguousarray(identifier.nb_ptc, dtype=numpy.float32)
    return identifier
