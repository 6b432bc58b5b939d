"""Synonyms from a small reviewed file, kept as terms beside the vocabulary, so that both databases use the same ones.

The file: a list of groups; a group gives, per language, words and phrases that mean the same; with ``across`` its
languages stand for each other too. It is read strictly: what is not understood is said with file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import yaml
from sqlalchemy import Connection, delete, select

from catalogue_db.candidate import CatalogueError
from catalogue_db.dialects import bulk_insert
from catalogue_db.search.words import index_terms, split, stemming_language, stems
from catalogue_db.tables import search_synonym

FILE = Path(__file__).with_name("synonyms.yaml")


class Synonym(msgspec.Struct, frozen=True):
    """One way from a term to another that means the same: each one term, or several with blanks between.

    `lang`: the language of `term`.
    """

    lang: str
    term: str
    other: str


class SynonymGroup(msgspec.Struct, frozen=True):
    """Words and phrases that mean the same, by language. `line`: where the group begins in its file."""

    texts: dict[str, list[str]]
    across: bool = False
    line: int = 0


def standard_synonyms() -> list[Synonym]:
    """The synonyms of the project's own file."""
    return synonyms(read_groups(FILE))


def read_groups(path: Path) -> list[SynonymGroup]:
    """Read a file of synonyms. Raises `CatalogueError` that says file and line, and what to do."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _problem(path, mark.line + 1 if mark else 1, f"this is not YAML ({error})") from error
    if not isinstance(root, yaml.SequenceNode):
        raise _problem(path, 1, "the file must be a list of groups")
    return [_group(path, node) for node in root.value]


def _problem(path: Path, line: int, what: str) -> CatalogueError:
    return CatalogueError(f"{path.name}, line {line}: {what}. Mend the file; nothing was changed.")


def _group(path: Path, node: yaml.Node) -> SynonymGroup:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise _problem(path, line, "a group must say its words by language, for example 'en: [maths, mathematics]'")
    texts: dict[str, list[str]] = {}
    across = False
    for key, value in node.value:
        name, at = str(key.value), key.start_mark.line + 1
        if name == "across":
            across = _is_true(path, value)
        elif stemming_language(name) != name:
            raise _problem(path, at, f"{name!r} is no language that the index stems (two letters, such as 'en')")
        elif name in texts:
            raise _problem(path, at, f"the language {name!r} stands twice in this group")
        else:
            texts[name] = _texts(path, value)
    if sum(map(len, texts.values())) < 2 or (not across and any(len(several) < 2 for several in texts.values())):
        raise _problem(
            path, line, "a group needs two words at least, and so does each language unless 'across' is true"
        )
    return SynonymGroup(texts, across, line)


def _is_true(path: Path, node: yaml.Node) -> bool:
    if node.value not in ("true", "false"):
        raise _problem(path, node.start_mark.line + 1, "'across' must be true or false")
    return bool(node.value == "true")


def _texts(path: Path, node: Any) -> list[str]:
    """Words and phrases; each must have a word in it, and stand once."""
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.SequenceNode) or not all(isinstance(each, yaml.ScalarNode) for each in node.value):
        raise _problem(path, line, "the words of a language must be a list")
    found = [str(each.value) for each in node.value]
    for text in found:
        if sum(map(len, split(text))) < 2:
            raise _problem(path, line, f"{text!r} is too short for a synonym: two letters or more")
    if len({text.casefold() for text in found}) < len(found):
        raise _problem(path, line, "a word stands twice in this list")
    return found


def synonyms(groups: Iterable[SynonymGroup]) -> list[Synonym]:
    """All ways from one term to another that groups give, in order."""
    return sorted(set(_ways(groups)), key=lambda each: (each.lang, each.term, each.other))


def _ways(groups: Iterable[SynonymGroup]) -> Iterator[Synonym]:
    for group in groups:
        texts = [(lang, text) for lang, several in group.texts.items() for text in several]
        for (lang, text), (other_lang, other) in product(texts, texts):
            if group.across or lang == other_lang:
                term = _terms(text, lang)
                yield from (Synonym(lang, term, each) for each in _found_as(other, other_lang) if each != term)


def _found_as(text: str, lang: str) -> tuple[str, str]:
    """What a word or phrase is in the index: in texts of its language, and in those of unknown language."""
    return index_terms(text, lang), index_terms(text, "")


def _terms(text: str, lang: str) -> str:
    """A word or phrase as it is looked up: each word's stem."""
    return " ".join(stems(word, lang)[0] for word in split(text))


def write_synonyms(connection: Connection, wanted: list[Synonym]) -> int:
    """Replace all synonyms by these, if they differ; returns how many there are."""
    kept = {Synonym(row.lang, row.term, row.other) for row in connection.execute(select(search_synonym))}
    if kept != set(wanted):
        connection.execute(delete(search_synonym))
        bulk_insert(connection, search_synonym, [msgspec.structs.asdict(each) for each in wanted])
    return len(wanted)
