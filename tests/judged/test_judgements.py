"""The judgements themselves: enough of them, well-formed, and told apart from those that are not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.judged.judgements import CATALOGUES, KINDS, NotUsable, judgements

LANGUAGES = ("en", "de", "fr", "nl", "fi", "es", "sv")
_HEAD = "language: en\ncatalogue: fictional\nqueries:\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_asked_in_every_kind(language: str) -> None:
    kinds = Counter(each.kind for each in judgements("fictional") if each.language == language)
    assert set(kinds) >= set(KINDS) - ({"compound"} if language in ("fr", "es") else set())
    assert sum(kinds.values()) >= 40


def test_there_are_judgements_over_every_catalogue() -> None:
    numbers = {catalogue: len(judgements(catalogue)) for catalogue in CATALOGUES}
    assert numbers["fictional"] >= 350
    assert numbers["real"] >= 70


def test_misspelt_queries_are_the_share_that_people_make() -> None:
    """About one query in ten to six is misspelt; a set with hardly any would not notice that they find nothing."""
    judged = judgements("fictional")
    assert 0.08 < sum(each.kind == "misspelt" for each in judged) / len(judged) < 0.17


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- {ask: a, kind: known, find: {}}", "nothing should be found"),
        ("- {ask: a, kind: known, find: {f/T: 4}}", "Invalid enum value 4"),
        ("- {ask: a, kind: odd, find: {f/T: 3}}", "Invalid enum value 'odd'"),
        ("- {ask: a, kind: known, find: {f/T: 3}, filters: {colour: red}}", "no such filter: colour"),
        ("- {ask: a, kind: known, find: {f/T: 3}, filters: {text: b}}", "no such filter: text"),
        ("- {ask: a, kind: known, find: {f/T: 3}, filters: {levels: six}}", "Expected `array`"),
        ("- {ask: a, kind: known, find: {f/T: 3}, unwanted: [f/T]}", "to be found and unwanted at once: f/T"),
        ("- {ask: a, kind: known, find: {f/T: 3}, note: x}", "unknown field `note`"),
        ("- {ask: a, kind: known, find: {f/T: 3}}\n- {ask: a, kind: known, find: {f/U: 3}}", "asked more than once"),
        ("- {ask: a", "expected ',' or '}'"),
    ],
)
def test_a_judgement_that_cannot_be_used_is_told_with_its_file(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "xx.yaml").write_text(f"{_HEAD}{line}\n", encoding="utf-8")
    with pytest.raises(NotUsable, match=r"^xx\.yaml: ") as raised:
        judgements("fictional", tmp_path)
    assert told in str(raised.value)


def test_the_same_words_with_another_filter_are_another_query(tmp_path: Path) -> None:
    lines = (
        "- {ask: a, kind: filtered, find: {f/T: 3}, filters: {levels: [6]}}\n- {ask: a, kind: filtered, find: {f/T: 3}}"
    )
    (tmp_path / "xx.yaml").write_text(f"{_HEAD}{lines}\n", encoding="utf-8")
    told = [str(each) for each in judgements("fictional", tmp_path)]
    assert told == ["en filtered: a levels=[6]", "en filtered: a"]
