"""Every code that the transport can raise is explained, and its words ask only for facts that are given."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

from connectors import bodies, charsets, credentials, exchange, failures, http, paging, pull, sniffing

ROOT = Path(__file__).resolve().parents[2]
CODES = yaml.safe_load((ROOT / "expectations" / "codes" / "00-transport.yaml").read_text(encoding="utf-8"))
MODULES = [bodies, charsets, credentials, exchange, failures, http, paging, pull, sniffing]
RAISED = {
    code for module in MODULES for code in re.findall(r'"(MC\d\d-[A-Z-]+)"', Path(module.__file__).read_text("utf-8"))
}
FACTS = {
    "MC00-SOURCE-HTML": {"kind", "title"},
    "MC00-SOURCE-MOVED": {"old", "new"},
    "MC00-SOURCE-PAGES-CONTRADICT": {"pages"},
    "MC00-SOURCE-TOTAL-DIFFERS": {"announced", "found"},
    "MC00-SOURCE-CHARSET-WRONG": {"declared", "charset"},
    "MC00-SOURCE-CHARSET-GUESSED": {"charset", "declared"},
    "MC00-SOURCE-CHARSET-DAMAGED": {"charset", "count"},
}


def test_raised_and_explained_are_the_same() -> None:
    assert set(CODES) == RAISED


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_code_says_what_it_must(code: str) -> None:
    entry = CODES[code]
    assert set(entry) == {"meaning", "message", "remedy", "consequence"}
    wanted = {name for _, name, _, _ in Formatter().parse(entry["message"]) if name}
    assert wanted <= FACTS.get(code, {"message"})
