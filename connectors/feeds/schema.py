"""The JSON Schema of a contract, for editors (``# yaml-language-server: $schema=contract.schema.json``).

``python -m connectors.feeds.schema`` writes it to ``feeds/contract.schema.json``; a test keeps the two in step.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from connectors.feeds.model import FeedContract

SCHEMA_FILE = Path("feeds/contract.schema.json")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a feed's contract."""
    schema = FeedContract.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """Return the schema as it stands in the file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
