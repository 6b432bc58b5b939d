"""Contracts: what they may say, and errors that name file, line, place and remedy."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from connectors.feeds import ContractError, ContractProblem, FeedContract, load_contract, load_register, parse_contract
from connectors.feeds.schema import SCHEMA_FILE, json_schema, schema_text
from connectors.formats import Format
from connectors.variables import MissingVariable
from tests.connectors.support import contract_data, toy

pytestmark = pytest.mark.usefixtures("known")

GOOD = """\
# Why this feed is here.
name: test-feed
title: A feed
institution:
  name: {en: Test University, nl: Testuniversiteit}
  country: NO
  identifiers: {schac: test.example}
owner: {name: Registry, email: registry@test.example}
licence: CC-BY-4.0
format: toy
transport:
  url: https://test.example/list
schedule: "30 4 * * *"
expectations:
  least_offerings: 5
  least_fill: {workload: 0.8}
exceptions:
- {what: transport.rate, reason: their server is old, until: 2027-01-01}
"""


def problems(text: str, stem: str | None = None) -> list[ContractProblem]:
    with pytest.raises(ContractError) as raised:
        parse_contract(text, "x.yaml", stem=stem)
    return raised.value.problems


def problem(text: str, stem: str | None = None) -> ContractProblem:
    found = problems(text, stem)
    assert len(found) == 1, found
    assert found[0].remedy
    return found[0]


def test_a_contract_is_loaded_as_it_stands() -> None:
    contract = parse_contract(GOOD)
    assert contract.institution.country == "NO"  # Norway, not "no"
    assert contract.institution.name == {"en": "Test University", "nl": "Testuniversiteit"}
    assert str(contract.exceptions[0].until) == "2027-01-01"
    assert contract.expectations.least_fill == {"workload": 0.8}


@pytest.mark.parametrize(
    ("old", "new", "line", "where", "words"),
    [
        ("title: A feed", "titel: A feed", 3, "titel", "did you mean 'title'?"),
        ("expectations:\n  least_offerings: 5\n  least_fill: {workload: 0.8}\n", "", 2, "expectations", "is missing"),
        ("least_offerings: 5", "leastOfferings: 5", 15, "expectations.leastOfferings", "'least_offerings'?"),
        ("url: https", "rat: 2\n  url: https", 12, "transport.rat", "did you mean 'rate'?"),
        ("format: toy", "format: tox", 10, "format", "did you mean 'toy'?"),
        ("country: NO", "country: Norway", 6, "institution.country", "two-letter"),
        ("nl: Test", "dutch: Test", 5, "institution.name.dutch", "language tag"),
        ("https://test.example/list", "ftp://test.example", 12, "transport.url", "http:// and https://"),
        ("https://test.example/list", "file:///etc/passwd", 12, "transport.url", "http:// and https://"),
        ("https://test.example/list", "https://me:pw@test.example", 12, "transport.url", "transport.authentication"),
        ("https://test.example/list", "https://x/${not closed", 12, "transport.url", "not of the form ${NAME}"),
        ("30 4 * * *", "30 4 * *", 13, "schedule", "five fields"),
        ("30 4 * * *", "61 4 * * *", 13, "schedule", "cron"),
        ("workload: 0.8", "workload: 80", 16, "expectations.least_fill.workload", "less than or equal to 1"),
        ("workload: 0.8", "workloads: 0.8", 16, "expectations.least_fill", "did you mean 'workload'?"),
        ("reason: their server is old, ", "", 18, "exceptions.0.reason", "is missing"),
        ("their server is old", "''", 18, "exceptions.0.reason", "at least 1 character"),
        ("registry@test.example", "registry", 8, "owner.email", "mail address"),
        ("name: test-feed", "name: Test_Feed", 2, "name", "lower-case"),
        ("licence: CC-BY-4.0", "lookups: {level: {a: b}}", 9, "lookups", "did you mean 'levels'?"),
        (
            "licence: CC-BY-4.0",
            "licence: CC-BY-4.0\nlicence: CC0",
            10,
            "licence",
            "stands twice; it already stands in line 9",
        ),
        ("licence: CC-BY-4.0", "licence: [", 11, "", "not YAML"),
        ("licence: CC-BY-4.0", "defaults: {language: english}", 9, "defaults.language", "language tag"),
        ("licence: CC-BY-4.0", "select: {ects: {min: 9, max: 3}}", 9, "select.ects", "greater than max"),
    ],
)
def test_each_mistake_is_named_with_its_line_and_place(old: str, new: str, line: int, where: str, words: str) -> None:
    assert old in GOOD
    found = problem(GOOD.replace(old, new))
    assert (found.file, found.line, found.where) == ("x.yaml", line, where)
    assert words in found.message + found.remedy


@pytest.mark.parametrize(
    ("authentication", "where", "words"),
    [
        ("{type: header, header: k}", "value_env", "is missing"),
        ("{type: header, header: k, value_env: A, heder: x}", "heder", "did you mean 'header'?"),
        ("{type: header, header: k, value_env: my secret!}", "value_env", "never write the secret itself"),
        ("{type: digest}", "", "'digest' is not known"),
        ("{value_env: A}", "", "oauth2_client_credentials"),
    ],
)
def test_mistakes_in_authentication(authentication: str, where: str, words: str) -> None:
    found = problem(GOOD.replace("  url: https", f"  authentication: {authentication}\n  url: https"))
    assert found.line == 12
    assert found.where == ".".join(["transport.authentication", *([where] if where else [])])
    assert words in found.message + found.remedy
    assert "my secret!" not in found.message or "never write" in found.message


def test_all_mistakes_are_listed_in_the_order_of_the_file() -> None:
    found = problems(GOOD.replace("title: A feed", "titel: A feed").replace("email: reg", "email: 5, x: reg"))
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert {one.where for one in found} == {"titel", "owner.x", "owner.email"}
    assert str(found[0]).startswith("x.yaml, line ")


@pytest.mark.parametrize("text", ["", "- a\n- b", "just text", "a: *b", "&a [*a]", "\x00", "? [a]\n: b", "{a: b}: c"])
def test_what_is_no_contract_at_all(text: str) -> None:
    assert all(one.remedy for one in problems(text))


def test_options_are_checked_by_the_format(known: dict[str, Format]) -> None:
    class ToyOptions(BaseModel):
        model_config = ConfigDict(extra="forbid")
        pages: bool = False

    known["toy"] = toy(options=ToyOptions)
    text = GOOD.replace("format: toy", "format: toy\nformat_options: {pages: true}")
    assert parse_contract(text).format_options == {"pages": True}
    found = problem(text.replace("pages", "pgs"))
    assert (found.line, found.where) == (11, "format_options.pgs")


def test_the_file_is_called_like_the_feed(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(GOOD)
    with pytest.raises(ContractError, match=r"other\.yaml, line 2 \[name\]: The file is called 'other'"):
        load_contract(tmp_path / "other.yaml")


@pytest.mark.parametrize("data", [None, b"\xff\xfe\xfa"])
def test_files_that_cannot_be_read(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "x.yaml").write_bytes(data)
    with pytest.raises(ContractError) as raised:
        load_contract(tmp_path / "x.yaml")
    assert pickle.loads(pickle.dumps(raised.value)).problems == raised.value.problems


def test_a_register_holds_the_good_ones_and_says_what_is_wrong_with_the_others(tmp_path: Path) -> None:
    (tmp_path / "test-feed.yaml").write_text(GOOD)
    (tmp_path / "broken.yaml").write_text("name: broken")
    (tmp_path / "contract.schema.json").write_text("{}")
    register = load_register(tmp_path)
    assert list(register.contracts) == ["test-feed"]
    assert {Path(one.file).name for one in register.problems} == {"broken.yaml"}


def test_two_contracts_with_one_name_are_both_left_out(tmp_path: Path) -> None:
    (tmp_path / "test-feed.yaml").write_text(GOOD)
    (tmp_path / "test-feed.yml").write_text(GOOD)
    register = load_register(tmp_path)
    assert register.contracts == {}
    assert "already used by test-feed.yaml" in register.problems[0].message


def test_a_register_that_is_not_there(tmp_path: Path) -> None:
    assert load_register(tmp_path / "none").problems[0].message == "There is no such folder."


def test_variables_are_filled_when_they_are_needed_and_never_kept() -> None:
    text = GOOD.replace("https://test.example/list", "${BASE:-http://127.0.0.1:8000}/${LIST}")
    contract = parse_contract(text)
    assert contract.transport.address({"LIST": "l"}) == "http://127.0.0.1:8000/l"
    assert contract.transport.address({"LIST": "l", "BASE": "https://x.example"}) == "https://x.example/l"
    with pytest.raises(MissingVariable, match="LIST"):
        contract.transport.address({})
    with pytest.raises(ValueError, match="not a web address"):
        contract.transport.address({"LIST": "l", "BASE": "ftp://x"})
    assert "127.0.0.1" in contract.model_dump_json()


def test_exceptions_come_up_again_on_their_day() -> None:
    contract = parse_contract(GOOD)
    assert contract.overdue(date(2026, 12, 31)) == []
    assert [one.what for one in contract.overdue(date(2027, 1, 1))] == ["transport.rate"]


def test_the_fingerprint_follows_the_content() -> None:
    contract = parse_contract(GOOD)
    assert contract.fingerprint() == parse_contract("# other comment\n" + GOOD).fingerprint()
    assert len(contract.fingerprint()) == 16
    assert (
        contract.fingerprint() != parse_contract(GOOD.replace("least_offerings: 5", "least_offerings: 6")).fingerprint()
    )


def test_the_schema_for_editors_is_in_step() -> None:
    """If this fails: python -m connectors.feeds.schema"""
    root = Path(__file__).resolve().parents[2]
    assert (root / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text()
    assert json.loads(schema_text()) == json_schema()
    assert "expectations" in json_schema()["required"]


shares = st.none() | st.floats(0, 1)
texts = st.text("abc é:#'\"{}-", min_size=1, max_size=9).filter(str.strip)
contracts = st.fixed_dictionaries(
    {
        "name": st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?", fullmatch=True),
        "title": texts,
        "institution": st.fixed_dictionaries(
            {"name": texts | st.dictionaries(st.sampled_from(["en", "nl-BE"]), texts)}
        ),
        "lookups": st.dictionaries(st.sampled_from(["levels", "modes"]), st.dictionaries(texts, texts, max_size=2)),
        "expectations": st.fixed_dictionaries(
            {"least_offerings": st.integers(0, 10**6), "greatest_drop": shares, "may_be_empty": st.booleans()}
        ),
        "select": st.none() | st.fixed_dictionaries({"kinds": st.lists(texts, max_size=2)}),
    }
)


@given(contracts)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_contract_survives_the_way_through_yaml(changes: dict[str, Any]) -> None:
    contract = FeedContract.model_validate(contract_data(**changes))
    text = yaml.safe_dump(contract.model_dump(mode="json"), allow_unicode=True)
    again = parse_contract(text)
    assert again == contract
    assert again.fingerprint() == contract.fingerprint()
