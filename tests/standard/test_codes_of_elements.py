"""Every code that an element can raise has its entry, also those that no example happens to raise."""

from __future__ import annotations

from importlib import import_module

import pytest

from standard.elements import ORDER
from standard.elements.common.texts import TextRule
from tests.standard.test_mapping import ENTRIES

MODULES = [*(f"standard.elements.{name}" for name in ORDER), "standard.elements.common.organisations"]
RULES = sorted(
    {rule.stem for name in MODULES for rule in vars(import_module(name)).values() if isinstance(rule, TextRule)}
)
CODED = [
    *("MC02-TITLE", "MC03-COUNTRY", "MC03-REGION", "MC04-ORGANISATION-IDENTIFIER", "MC04-ORGANISATION-HOMEPAGE"),
    *("MC06-WORKLOAD", "MC07-LEVEL", "MC09-MODE", "MC11-ASSESSMENT", "MC12-SUPERVISION", "MC13-QUALITY-ASSURANCE"),
    *("MC15-STACKABILITY", "MC16-HOMEPAGE", "MC17-FIELD", "MC17-LANGUAGE", "MC17-IMAGE", "MC17-MODIFIED"),
    *("MC17-PRICE", "MC17-CONTACT"),
]


@pytest.mark.parametrize("ending", ["ACTIVE-CONTENT", "TOO-LONG", "LANGUAGE-UNREADABLE", "LANGUAGE-CONTRADICTED"])
@pytest.mark.parametrize("stem", RULES)
def test_what_can_be_noticed_of_a_text(stem: str, ending: str) -> None:
    assert f"{stem}-{ending}" in ENTRIES


@pytest.mark.parametrize("ending", ["UNREADABLE", "SKIPPED", "ADJUSTED"])
@pytest.mark.parametrize("stem", CODED)
def test_what_can_be_noticed_of_a_code(stem: str, ending: str) -> None:
    assert f"{stem}-{ending}" in ENTRIES
