"""``catalogue db check`` and ``rebuild-search``: what a maintainer reads, and that the remedy that is told helps."""

from __future__ import annotations

import sqlite3

from pipelines.settings import Settings
from tests.pipelines.conftest import Catalogue


def test_what_is_wrong_is_told_with_a_remedy_that_helps(settings: Settings, filled: Catalogue) -> None:
    catalogue = filled
    assert catalogue("db", "check", "--json").json["well"]
    with sqlite3.connect(settings.data_dir / "catalogue.db") as connection:
        connection.execute("DELETE FROM search_offering")
    told = catalogue("db", "check", "--json")
    (found,) = (each for each in told.json["checks"] if not each["well"])
    assert (told.code, told.json["well"]) == (1, False)
    assert "3 live offerings are not in it" in found["found"]
    in_words = catalogue("db", "check")
    assert in_words.code == 1
    assert "catalogue db rebuild-search" in " ".join(in_words.out.split())
    assert catalogue("db", "rebuild-search", "--json").json == {"offerings": 3}
    assert "3 offerings" in catalogue("db", "rebuild-search").out
    assert catalogue("db", "check").code == 0
    assert catalogue("search", "nurses", "--json").json["total"] == 1


def test_a_database_of_another_version_is_checked_but_not_indexed(catalogue: Catalogue, settings: Settings) -> None:
    catalogue("db", "upgrade")
    with sqlite3.connect(settings.data_dir / "catalogue.db") as connection:
        connection.execute("DROP VIEW v1_changes")
    told = catalogue("db", "check", "--json")
    assert (told.code, len(told.json["checks"])) == (1, 1)
    assert "v1_changes" in told.json["checks"][0]["found"]
    refused = catalogue("db", "rebuild-search", "--json")
    assert refused.code == 2
    assert "catalogue db upgrade" in refused.json["error"]
    catalogue("db", "upgrade")
    assert catalogue("db", "check").code == 0


def test_there_must_be_a_database(catalogue: Catalogue) -> None:
    for name in ("check", "rebuild-search"):
        assert "no catalogue" in catalogue("db", name, "--json").json["error"]
