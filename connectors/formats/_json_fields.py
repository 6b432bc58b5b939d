"""The forms in which JSON publishers write one thing, read into values with their paths.

Records are read through `connectors.leftovers.Fields`, which knows what was taken and what was left over. This module
adds what JSON feeds of course offers share: texts by language, lists of texts by language, references to other
objects by id or expanded in place, and the split of what was left over into *ignored* (the format says that and why it
does not read the field) and *unread*.

All forms are accepted that are met for the same thing (reference facts on feeds, section 7, row 18): one text or a
list, an object or a list of objects, a list by language or a map from language to text. Nothing is normalised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from connectors.leftovers import Fields, has_content, pointer
from connectors.reading import Reading
from standard.observation import Scalar
from standard.source_offering import SourceValue

Markup = Literal["html", "text"] | None
Group = tuple[str, list[SourceValue]]
"""A path and the texts that stand there, by language."""

_LANGUAGE_KEYS = ("language", "inLanguage", "lang", "@language")
_VALUE_KEYS = ("value", "name", "string", "@value")
_MOST_NAMES = 1000
_LONGEST_NAME = 80
_DEEPEST = 4


class Reference(NamedTuple):
    """A reference to another object: by id, or expanded in place (then `fields` is the object)."""

    path: str
    id: str | None
    fields: Fields | None


def scalar(value: Any) -> Scalar | None:
    """Return a scalar with content as it stands, None for everything else."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    return value if isinstance(value, (bool, int, float)) else None


def identifier(value: Any) -> str | None:
    """Return an identifier as text without surrounding blanks (publishers send numbers, too), or None."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value).strip() or None


def texts(fields: Fields, *names: str, markup: Markup = None) -> list[SourceValue]:
    """Take a text: plain, a list, a list by language (``{language, value}``), or a map from language to text."""
    value = fields.peek(*names)
    found = [] if value is None else _texts(fields.path_of(*names), value, markup)
    if found or not _has_text(value):
        fields.take(*names)
    return found


def groups(fields: Fields, *names: str, markup: Markup = None) -> list[Group]:
    """Take a list of texts, each a list by language: the path and the texts of each group with content.

    A flat list by language is cut where a language comes again, because ``[en, nl, en, nl]`` are two texts in two
    languages each; a plain text is a group of its own.
    """
    value = fields.peek(*names)
    if value is None:
        return []
    path = fields.path_of(*names)
    found = _groups(path, value, markup) if isinstance(value, list) else _one_group(path, value, markup)
    if found or not _has_text(value):
        fields.take(*names)
    return found


def references(fields: Fields, *names: str) -> list[Reference]:
    """Take a list of identifiers and objects (or a single one): what this object refers to."""
    value = fields.peek(*names)
    if not value:
        return []
    path = fields.path_of(*names)
    parts = [(pointer(path, at), part) for at, part in enumerate(value)] if isinstance(value, list) else [(path, value)]
    expanded = {child.path: child for child in fields.children(*names)}
    found = [Reference(place, identifier(part), expanded.get(place)) for place, part in parts]
    found = [reference for reference in found if reference.id or reference.fields]
    if found or not has_content(value):
        fields.take(*names)
    return found


def count_left_over(reading: Reading, record: Fields, kind: str, ignored: Mapping[str, str]) -> None:
    """Count what was left over of a record, under names that begin with `kind` (``course``).

    Names that `ignored` lists are counted apart: as the object and its field (``organization/logo``), or as the field
    wherever it stands (``*/logo``).
    """
    for left in record.unread():
        name = f"{kind}/{left}"
        holder, _, key = name.rpartition("/")
        known = f"*/{key}" in ignored or f"{holder.rpartition('/')[2]}/{key}" in ignored
        tally(reading.ignored if known else reading.unread, name)


def tally(counter: Counter[str], name: str) -> None:
    """Count `name`, cut to a readable length; a source with endless different names cannot fill the memory."""
    name = name[:_LONGEST_NAME]
    counter[name if name in counter or len(counter) < _MOST_NAMES else "(other fields)"] += 1


def with_scheme(values: list[SourceValue], scheme: str) -> list[SourceValue]:
    """Return the values with their scheme named."""
    return [SourceValue(value.value, value.path, value.lang, scheme, value.markup) for value in values]


def distinct(values: list[SourceValue]) -> list[SourceValue]:
    """Return the values without those that repeat an earlier one (their paths differ; what they say does not)."""
    seen: set[tuple[Scalar, str | None, str | None]] = set()
    found = []
    for value in values:
        key = (value.value, value.lang, value.scheme)
        if key not in seen:
            seen.add(key)
            found.append(value)
    return found


def _texts(path: str, value: Any, markup: Markup, depth: int = 0) -> list[SourceValue]:
    if (single := scalar(value)) is not None:
        return [SourceValue(single, path, None, None, markup)]
    if isinstance(value, list) and depth < _DEEPEST:
        return [text for at, part in enumerate(value) for text in _texts(f"{path}/{at}", part, markup, depth + 1)]
    return _by_language(path, value, markup) if isinstance(value, dict) else []


def _has_text(value: Any) -> bool:
    """Say whether there is content beside the labels: ``{language: "nl", value: ""}`` says nothing."""
    if isinstance(value, list):
        return any(_has_text(part) for part in value)
    if isinstance(value, dict):
        return has_content({key: part for key, part in value.items() if key not in _LANGUAGE_KEYS})
    return has_content(value)


def _by_language(path: str, value: dict[str, Any], markup: Markup) -> list[SourceValue]:
    text_key = next((key for key in _VALUE_KEYS if key in value), None)
    if text_key is None:
        return [
            SourceValue(text, pointer(path, lang), lang, None, markup)
            for lang, part in value.items()
            if (text := scalar(part)) is not None and _looks_like_language(lang)
        ]
    if (text := scalar(value[text_key])) is None:
        return []
    lang = next((scalar(value[key]) for key in _LANGUAGE_KEYS if key in value), None)
    return [SourceValue(text, f"{path}/{text_key}", None if lang is None else str(lang), None, markup)]


def _one_group(path: str, value: Any, markup: Markup) -> list[Group]:
    found = _texts(path, value, markup)
    return [(path, found)] if found else []


def _groups(path: str, value: list[Any], markup: Markup) -> list[Group]:
    found: list[Group] = []
    open_languages: set[str] = set()
    for at, part in enumerate(value):
        place = f"{path}/{at}"
        read = _texts(place, part, markup)
        lang = read[0].lang if read and isinstance(part, dict) else None
        if lang is not None and open_languages and lang not in open_languages:
            found[-1][1].extend(read)
            open_languages.add(lang)
        elif read:
            found.append((place, read))
            open_languages = set() if lang is None else {lang}
    return found


def _looks_like_language(key: str) -> bool:
    main = key.replace("_", "-").split("-")[0]
    return 2 <= len(main) <= 3 and main.isalpha()
