"""The contract with a source: its shape, how it is loaded from ``feeds/<name>.yaml``, and what is wrong with it."""

from connectors.feeds.load import (
    ContractError,
    ContractProblem,
    Register,
    load_contract,
    load_register,
    parse_contract,
)
from connectors.feeds.model import (
    Authentication,
    Expectations,
    FeedContract,
    Institution,
    Limits,
    Retries,
    Select,
    Transport,
)

__all__ = [
    "Authentication",
    "ContractError",
    "ContractProblem",
    "Expectations",
    "FeedContract",
    "Institution",
    "Limits",
    "Register",
    "Retries",
    "Select",
    "Transport",
    "json_schema",
    "load_contract",
    "load_register",
    "parse_contract",
]


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of a contract, for editors."""
    from connectors.feeds.schema import json_schema as schema

    return schema()
