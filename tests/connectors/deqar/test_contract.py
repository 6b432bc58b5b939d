"""The contract with DEQAR: the file that is shipped, its schema, its mistakes; and the codes of the connector."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from connectors.deqar import load_deqar_contract, parse_deqar_contract
from connectors.deqar.contract import schema_text
from connectors.feeds import ContractError, load_register

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "feeds" / "deqar" / "deqar.yaml"
GOOD = """
title: DEQAR
transport: {url: "${DEQAR_BASE_URL:-https://backend.deqar.eu}"}
expectations: {least_providers: 1, least_reports: 1}
"""


def test_the_shipped_contract_holds_and_its_schema_is_in_step() -> None:
    contract = load_deqar_contract(SHIPPED)
    assert contract.transport.address({}) == "https://backend.deqar.eu"
    assert contract.transport.address({"DEQAR_BASE_URL": "http://127.0.0.1:8971"}) == "http://127.0.0.1:8971"
    assert (contract.providers.way, contract.reports.way, contract.without_token) == ("connect_api", "web_api", "csv")
    assert SHIPPED.with_name("contract.schema.json").read_text(encoding="utf-8") == schema_text()


def test_it_is_not_taken_for_a_feed() -> None:
    register = load_register(ROOT / "feeds")
    assert "deqar" not in register.contracts
    assert register.problems == []


def test_defaults_are_the_anonymous_ways_where_they_suffice() -> None:
    contract = parse_deqar_contract(GOOD)
    assert contract.providers.way == "connect_api"
    assert contract.countries == []
    assert contract.fingerprint() == parse_deqar_contract(GOOD).fingerprint()
    assert contract.fingerprint() != parse_deqar_contract(GOOD + "countries: [LU]\n").fingerprint()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (GOOD + "countries: [lu]\n", 5, "country code"),
        (GOOD + "providers: {way: telepathy}\n", 5, "connect_api"),
        (GOOD + "schedule: daily\n", 5, "cron"),
        (GOOD + "tokn: x\n", 5, "Extra inputs"),
        (GOOD + "title: again\n", 5, "twice"),
        (GOOD.replace('eu}"}', 'eu}", authentication: {type: bearer, token_env: X}}'), 1, "DEQAR_TOKEN"),
        ("title: [", 1, "YAML"),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ContractError) as error:
        parse_deqar_contract(text, "deqar.yaml")
    assert any(said in problem.message for problem in error.value.problems)
    assert error.value.problems[0].line >= line


def test_a_file_that_is_not_there_is_a_problem_with_words(tmp_path: Path) -> None:
    with pytest.raises(ContractError):
        load_deqar_contract(tmp_path / "none.yaml")


def test_every_code_that_is_raised_is_explained() -> None:
    explained = yaml.safe_load((ROOT / "expectations" / "codes" / "00-deqar.yaml").read_text(encoding="utf-8"))
    modules = (ROOT / "connectors" / "deqar").glob("*.py")
    raised = {code for one in modules for code in re.findall(r'"(MC00-DEQAR-[A-Z-]+)"', one.read_text("utf-8"))}
    assert raised == set(explained)
