"""The catalogue of codes: its files, and that code and catalogue know the same codes."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from expectations.codes import CODE_FORM, CODES_FOLDER, catalogue, read_codes
from expectations.keyed_yaml import FilesNotUsable
from expectations.suites import MISSING
from tests.expectations.records import REPOSITORY

ROOMS = ("standard", "connectors", "expectations", "catalogue_db", "pipelines")
GOOD = """MC06-WORKLOAD-ODD:
  meaning: A workload is odd.
  message: "The workload '{value}' is odd: {note}."
  remedy: Publish an even one.
  consequence: None.
"""


def _written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def _problems(folder: Path) -> list[str]:
    with pytest.raises(FilesNotUsable) as caught:
        read_codes(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_entry_is_read_with_and_without_a_severity(tmp_path: Path) -> None:
    (code,) = read_codes(_written(tmp_path, a=GOOD)).values()
    assert (code.code, code.element, code.severity, code.reason) == ("MC06-WORKLOAD-ODD", 6, None, None)
    (code,) = read_codes(_written(tmp_path, a=GOOD + "  severity: lowers\n  reason: So.\n")).values()
    assert (code.severity, code.reason) == ("lowers", "So.")


def test_codes_are_sorted_over_files_and_an_empty_file_has_none(tmp_path: Path) -> None:
    other = GOOD.replace("MC06-WORKLOAD-ODD", "MC02-TITLE-ODD")
    assert list(read_codes(_written(tmp_path, a=GOOD, b=other, c="# nothing yet\n"))) == [
        "MC02-TITLE-ODD", "MC06-WORKLOAD-ODD"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("MC06-WORKLOAD-ODD", "MC6-ODD"), "a.yaml, line 2: 'MC6-ODD' is not a code."),
        (GOOD.replace("MC06", "MC18"), "is not a code"),
        (GOOD.replace("  remedy: Publish an even one.\n", ""), "has no remedy. Add a line 'remedy: ...'"),
        (GOOD + "  sevrity: lowers\n", "'sevrity' is not known. Did you mean severity?"),
        (GOOD + "  severity: lower\n", "'lower' is not a severity. Write one of blocks, lowers, informs. Did you mean"),
        (GOOD.replace("{note}", "{}"), "not a plain name"),
        (GOOD.replace("{note}", "{note:>3}"), "not a plain name"),
        (GOOD.replace("{note}", "{note.x}"), "not a plain name"),
        (GOOD.replace("{note}", "{note"), "the message cannot be filled"),
        (GOOD + GOOD, "a.yaml, line 6: MC06-WORKLOAD-ODD stands here a second time"),
        (GOOD + "  remedy: Again.\n", "a.yaml, line 6: remedy stands here a second time"),
        (GOOD + "  reason: [a]\n", "a.yaml, line 6: a text is expected here"),
        (GOOD + "  reason:\n", "a text is expected here"),
        ("MC06-WORKLOAD-ODD: text\n", "a mapping is expected here"),
        ("- a\n", "a mapping is expected here"),
        ("a: b: c\n", "a.yaml, line 1: this is not YAML"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line_and_a_remedy(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in problem for problem in _problems(_written(tmp_path, a=text)))


def test_a_code_in_two_files_is_refused_and_all_problems_are_told_at_once(tmp_path: Path) -> None:
    problems = _problems(_written(tmp_path, a=GOOD, b=GOOD, c="- a\n", d="x: {}\n"))
    assert any("b.yaml, line 2: MC06-WORKLOAD-ODD is also in a.yaml, line 2." in problem for problem in problems)
    assert any(problem.startswith("c.yaml") for problem in problems)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00")
    assert "a.yaml" in _problems(tmp_path)[0]
    assert "cannot be read" in _problems(tmp_path)[0]


def test_every_code_of_the_project_has_a_message_that_speaks_of_facts_by_plain_names() -> None:
    for code in catalogue().values():
        for _, name, spec, conversion in Formatter().parse(code.message):
            assert name is None or (name.isidentifier() and not spec and not conversion), code.code


def test_every_element_that_may_be_missing_has_its_code() -> None:
    assert set(MISSING.values()) <= set(catalogue())


# Code and catalogue know the same codes. Some modules put codes together from a stem and an ending
# (f"{STEM}-UNREADABLE"), so an ending that stands anywhere in the code counts for every stem.

_LITERAL = re.compile(r"""["'](MC[01][0-9](?:-[A-Z][A-Z0-9]*)+)["'{-]""")
_ENDING = re.compile(r"""["'}-]?-?([A-Z][A-Z0-9]*(?:-[A-Z][A-Z0-9]*)*)["']""")


def _sources() -> str:
    files = (path for room in ROOMS for path in (REPOSITORY / room).rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _literals() -> set[str]:
    return set(_LITERAL.findall(_sources()))


def test_every_code_that_the_code_raises_is_in_the_catalogue() -> None:
    known = catalogue()
    unknown = [
        literal
        for literal in _literals()
        if literal not in known and not any(code.startswith(f"{literal}-") for code in known)
    ]
    assert unknown == []


def test_every_code_of_the_catalogue_is_raised_somewhere() -> None:
    literals, endings = _literals(), set(_ENDING.findall(_sources()))

    def is_raised(code: str) -> bool:
        stem, _, ending = code.rpartition("-")
        heads = [(stem, ending)]
        while "-" in stem:
            stem, _, last = stem.rpartition("-")
            heads.append((stem, f"{last}-{heads[-1][1]}"))
        return code in literals or any(head in literals and is_put_together(rest) for head, rest in heads)

    def is_put_together(rest: str) -> bool:
        cuts = (place for place, sign in enumerate(rest) if sign == "-")
        return rest in endings or any(rest[:cut] in endings and is_put_together(rest[cut + 1 :]) for cut in cuts)

    assert [code for code in catalogue() if not is_raised(code)] == []


def test_every_literal_has_the_form_of_a_code_or_of_its_beginning() -> None:
    assert all(CODE_FORM.fullmatch(f"{literal}-X") for literal in _literals())
    assert CODES_FOLDER.is_dir()
