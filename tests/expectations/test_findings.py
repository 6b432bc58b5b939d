"""Findings: words filled with facts, whatever is missing; verdicts; the page that documents the codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.codes import catalogue
from expectations.findings import LONGEST_VALUE, fill, finding_from, verdict
from expectations.findings_page import PAGE, main, page
from expectations.policy import load_policy
from standard.observation import Observation
from standard.verdict import Finding, Severity

POLICY = load_policy()
_scalars = st.text() | st.integers() | st.floats() | st.booleans()


def test_a_finding_carries_words_weight_place_and_value() -> None:
    seen = Observation("MC00-ID-DUPLICATE", "f#/1", "c-1", {"first": "f#/0"})
    finding = finding_from(seen, POLICY, "c-1", "f#/9")
    code = catalogue()["MC00-ID-DUPLICATE"]
    assert finding.message == "The identifier 'c-1' is used a second time; the first record with it is at f#/0."
    assert (finding.remedy, finding.consequence) == (code.remedy, code.consequence)
    assert (finding.severity, finding.element) == ("blocks", 0)
    assert (finding.source_id, finding.path, finding.value) == ("c-1", "f#/1", "c-1")


def test_without_a_path_of_its_own_an_observation_is_about_the_whole_record() -> None:
    assert finding_from(Observation("MC00-ID-MISSING"), POLICY, None, "f#/9").path == "f#/9"


def test_a_missing_fact_is_shown_as_missing() -> None:
    finding = finding_from(Observation("MC00-ID-DUPLICATE", facts={"first": "  "}), POLICY, None, None)
    assert finding.message.count("(not stated)") == 2


def test_braces_and_lines_in_a_value_stay_what_they_are() -> None:
    assert fill("a {value} b {{c}}", {"value": "{x}\n {0!r}"}) == "a {x} {0!r} b {c}"


def test_a_long_value_is_cut_in_the_finding_and_in_the_message() -> None:
    finding = finding_from(Observation("MC00-ID-DUPLICATE", value="x" * 5000), POLICY, None, None)
    assert isinstance(finding.value, str)
    assert len(finding.value) == LONGEST_VALUE
    assert len(finding.message) < LONGEST_VALUE + 200


def test_a_code_that_nobody_knows_is_still_told() -> None:
    finding = finding_from(Observation("MC06-SOMETHING-NEW", "f#/1", 3, {"note": "n"}), POLICY, "a", "f")
    assert (finding.code, finding.element, finding.severity, finding.path) == (
        "MC06-SOMETHING-NEW",
        6,
        "informs",
        "f#/1",
    )
    assert "note: n" in finding.message


@given(
    st.sampled_from([*catalogue(), "MC99-NEVER-HEARD", "nonsense", ""]),
    st.dictionaries(st.sampled_from(["note", "value", "path", "first", "least", "x"]), st.text(), max_size=4),
    st.none() | _scalars,
    st.none() | st.text(),
)
def test_no_observation_whatsoever_makes_it_fail(
    code: str, facts: dict[str, str], value: str | int | float | bool | None, path: str | None
) -> None:
    finding = finding_from(Observation(code, path, value, facts), POLICY, None, None)
    assert finding.code == code
    assert finding.message.strip()
    assert finding.severity in ("blocks", "lowers", "informs")


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ([], "accepted"),
        (["informs"], "accepted_with_findings"),
        (["lowers", "informs"], "accepted_with_findings"),
        (["informs", "blocks", "lowers"], "rejected"),
    ],
)
def test_the_verdict_follows_from_the_weightiest_finding(severities: list[Severity], expected: str) -> None:
    findings = [Finding("MC00-ID-MISSING", 0, severity, "m", "r", "c") for severity in severities]
    assert verdict(findings) == expected


# The page.


def test_the_committed_page_is_in_step_with_codes_and_policy() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(POLICY), "run python -m expectations.findings_page"


def test_the_page_tells_every_code_in_full() -> None:
    text = page(POLICY)
    for code in catalogue().values():
        line = POLICY.lines[code.code]
        for words in (f"### {code.code}\n", code.meaning, code.message, code.remedy, code.consequence, line.reason):
            assert words in text


def test_the_command_writes_the_page_and_notices_when_it_is_out_of_step(tmp_path: Path) -> None:
    place = tmp_path / "findings.md"
    assert main(["--check", "--page", str(place)]) == 1
    assert main(["--page", str(place)]) == 0
    assert main(["--check", "--page", str(place)]) == 0
    place.write_text(place.read_text(encoding="utf-8") + "x", encoding="utf-8")
    assert main(["--check", "--page", str(place)]) == 1
