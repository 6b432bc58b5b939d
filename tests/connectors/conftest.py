"""The toy format is the only one known in the tests of contracts and pulls."""

from __future__ import annotations

import pytest

from connectors import formats, pull
from connectors.formats import Format
from tests.connectors.support import toy


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, Format]:
    """Make the toy format the only known one; more may be added to the answer."""
    table = {"toy": toy()}
    monkeypatch.setattr(formats, "formats", lambda: table)
    monkeypatch.setattr(pull, "formats", lambda: table)
    return table
