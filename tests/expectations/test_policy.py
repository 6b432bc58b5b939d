"""The publication policy: one line per code, a country's own file over it, and the command that keeps it whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from expectations import codes as codes_room
from expectations import policy as policy_room
from expectations.codes import Code, catalogue, read_codes
from expectations.keyed_yaml import FilesNotUsable, read_entries
from expectations.policy import load_policy, main
from expectations.policy_sync import sync, with_lines, without_weights
from tests.expectations.records import codes, judged, mapped

LINE = "MC16-HOMEPAGE-MISSING:\n  severity: informs\n  reason: Our offers are listed at the national portal.\n"


def _own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "country.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _said(path: Path) -> str:
    with pytest.raises(FilesNotUsable) as caught:
        load_policy(path)
    return str(caught.value)


def test_every_code_has_exactly_one_line_with_a_reason() -> None:
    policy = load_policy()
    assert set(policy.lines) == set(catalogue())
    assert all(line.reason for line in policy.lines.values())


def test_the_default_blocks_little() -> None:
    """Identity, title, awarding body, country, a usable address, what is personal; and what is broken as a whole."""
    policy = load_policy()
    blocking = {code for code in policy.codes if policy.blocks(code) and policy.codes[code].element > 0}
    assert {code.rsplit("-", 1)[0] for code in blocking} == {
        "MC01-LEARNER", "MC02-TITLE", "MC03-COUNTRY", "MC04-AWARDING-BODY", "MC05-DATE-OF-ISSUING", "MC14-GRADE",
        "MC16-HOMEPAGE",
    }  # fmt: skip


def test_a_country_changes_only_what_it_names(tmp_path: Path) -> None:
    default, own = load_policy(), load_policy(_own(tmp_path, LINE))
    assert (default.severity("MC16-HOMEPAGE-MISSING"), own.severity("MC16-HOMEPAGE-MISSING")) == ("blocks", "informs")
    assert own.lines["MC16-HOMEPAGE-MISSING"].said_in == "country.yaml"
    changed = {code for code in default.lines if default.lines[code] != own.lines[code]}
    assert changed == {"MC16-HOMEPAGE-MISSING"}


def test_the_verdict_follows_the_policy(tmp_path: Path) -> None:
    from tests.expectations.records import judge, source

    record = mapped(missing=("homepage",))
    assert judged(record).verdict == "rejected"
    own = judge(policy=_own(tmp_path, LINE)).offerings([(source(), record, [])])[0]
    assert (own.verdict, codes(own.findings)) == ("accepted_with_findings", ["MC16-HOMEPAGE-MISSING"])


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert load_policy(_own(tmp_path, "# as Europe has it\n")) == load_policy()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LINE.replace("HOMEPAGE-MISSING", "HOMPAGE-MISSING"),
         "line 2: the code MC16-HOMPAGE-MISSING does not exist. Did you mean MC16-HOMEPAGE-MISSING?"),
        ("ZZZZ:\n  severity: informs\n  reason: x\n", "the code ZZZZ does not exist. docs/findings.md lists all"),
        (LINE.replace("informs", "inform"), "'inform' is not a severity. Write one of blocks, lowers, informs."),
        ("MC16-HOMEPAGE-MISSING:\n  severity: informs\n", "MC16-HOMEPAGE-MISSING has no reason."),
        (LINE + "  message: x\n", "'message' is not known. A line has a severity and a reason."),
        (LINE + LINE, "line 4: MC16-HOMEPAGE-MISSING stands here a second time."),
        ("MC16-HOMEPAGE-MISSING: informs\n", "a mapping is expected here"),
    ],
)  # fmt: skip
def test_errors_name_file_line_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    message = _said(_own(tmp_path, text))
    assert message.startswith("country.yaml, line ")
    assert said in message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "nowhere.yaml" in _said(tmp_path / "nowhere.yaml")


def test_the_fingerprint_changes_with_a_severity_and_not_by_itself(tmp_path: Path) -> None:
    assert load_policy().fingerprint() == load_policy().fingerprint()
    assert load_policy(_own(tmp_path, LINE)).fingerprint() != load_policy().fingerprint()


# The command that moves proposals into the policy.

CODES = """# a comment that stays
MC06-WORKLOAD-ODD:
  meaning: A workload is odd.
  message: "Odd."
  severity: lowers   # proposed
  reason: >-
    A reason over
    two lines: with a colon.
  remedy: Publish an even one.
  consequence: None.

MC02-TITLE-ODD:
  meaning: A title is odd.
  message: "Odd."
  remedy: Publish another.
  consequence: None.
  severity: blocks
  reason: So.
"""
POLICY = """# The policy. This head stays.

# ---- 2 title ----
# Why titles matter.
MC02-TITLE-ODD:
  severity: informs
  reason: "Settled: by the ministry."  # and this comment stays
MC02-TITLE-ZAP:
  severity: informs
  reason: Old.
"""


def test_sync_moves_new_proposals_and_keeps_what_is_settled(tmp_path: Path) -> None:
    codes_file, policy_file = tmp_path / "codes" / "a.yaml", tmp_path / "policy.yaml"
    codes_file.parent.mkdir()
    codes_file.write_text(CODES)
    policy_file.write_text(POLICY)
    assert sync(policy_file, codes_file.parent) == ["MC06-WORKLOAD-ODD"]
    assert policy_file.read_text() == POLICY + (
        "\n# ---- 6 workload ----\nMC06-WORKLOAD-ODD:\n  severity: lowers\n"
        "  reason: 'A reason over two lines: with a colon.'\n"
    )
    assert all(code.severity is None for code in read_codes(codes_file.parent).values())
    assert "# a comment that stays" in codes_file.read_text()
    assert "Publish an even one." in codes_file.read_text()
    before = policy_file.read_text(), codes_file.read_text()
    assert sync(policy_file, codes_file.parent) == []
    assert (policy_file.read_text(), codes_file.read_text()) == before


def _code(name: str) -> Code:
    return Code(name, "m", "m", "r", "c", "lowers", "Because.")


def test_a_new_line_goes_to_its_place_in_its_group(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(with_lines(POLICY, [_code("MC02-TITLE-PINK"), _code("MC00-ID-PINK"), _code("MC02-TITLE-ANT")]))
    entries = list(read_entries(path))
    assert entries == ["MC00-ID-PINK", "MC02-TITLE-ANT", "MC02-TITLE-ODD", "MC02-TITLE-PINK", "MC02-TITLE-ZAP"]
    text = path.read_text()
    assert "# Why titles matter.\nMC02-TITLE-ODD:" in text
    assert "# and this comment stays" in text


def test_a_policy_can_begin_empty(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(with_lines("", [_code("MC17-PRICE-ODD")]))
    assert path.read_text().startswith("# ---- 17 beyond the sixteen ----\nMC17-PRICE-ODD:\n")


def test_a_proposal_that_nobody_took_over_stays_where_it_is() -> None:
    assert without_weights(CODES, kept={"MC06-WORKLOAD-ODD"}).count("severity:") == 1
    assert without_weights(CODES, kept=set()) == CODES


def test_the_real_files_can_be_synced_and_then_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, file = tmp_path / "codes", tmp_path / "policy.yaml"
    shutil.copytree(codes_room.CODES_FOLDER, folder)
    shutil.copy(policy_room.POLICY_FILE, file)
    before = {code: (line.severity, line.reason) for code, line in load_policy().lines.items()}
    sync(file, folder)
    after = {code: (e.texts["severity"], e.texts["reason"]) for code, e in read_entries(file).items()}
    assert after == before
    assert all(code.severity is None for code in read_codes(folder).values())


def test_the_command_says_how_many_codes_have_their_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert f"{len(catalogue())} codes have their line" in capsys.readouterr().out


def test_the_command_fails_on_a_file_it_cannot_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(policy_room, "POLICY_FILE", _own(tmp_path, "- a\n"))
    assert main([]) == 1
    assert "country.yaml, line 1" in capsys.readouterr().err
