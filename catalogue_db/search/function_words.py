"""Words that hold sentences together, from a reviewed file: terms of their own, which no other word's stem is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from catalogue_db.reviewed_yaml import read_yaml

FILE = Path(__file__).with_name("function_words.yaml")

MARK = "\ue001"
"""Stands behind such a word where it is indexed; nobody can type it."""


@cache
def function_words() -> dict[str, tuple[str, ...]]:
    """Language → its words, as they are written."""
    return {str(lang): tuple(map(str, several)) for lang, several in read_yaml(FILE.read_text("utf-8")).items()}
