"""The judge over the catalogue after a load: what portals see must be whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from expectations.demands import LoadedCatalogue
from expectations.suites import MISSING
from expectations.whole import REQUIRED_COLUMNS
from tests.expectations.records import codes, judge


def _catalogue(**changed: Any) -> LoadedCatalogue:
    rows = {
        "offering_id": ["n-1", "n-2", "n-3"],
        "title": ["One", "Two", "Three"],
        "awarding_body": ["North", "North", "North"],
        "country": ["NL", "NL", "NL"],
        "homepage": ["https://n/1", "https://n/2", "https://n/3"],
        "status": ["live", "stale", "withdrawn"],
    }
    whole: dict[str, Any] = {
        "offerings": pd.DataFrame(rows),
        "instances": pd.DataFrame({"offering_id": ["n-1", "n-2"], "instance_id": ["a", "b"]}),
        "versions": pd.DataFrame(
            {"offering_id": ["n-1", "n-1", "n-2", "n-3"], "valid_until": ["2026-01-01", None, None, "2026-01-01"]}
        ),
        "accepted": 2,
        "indexed": 2,
    }
    return LoadedCatalogue(**(whole | changed))


def _with_row(column: str, values: list[str | None]) -> LoadedCatalogue:
    return _catalogue(offerings=_catalogue().offerings.assign(**{column: values}))


def test_a_whole_catalogue_has_no_finding() -> None:
    assert judge().catalogue(_catalogue()) == []


def test_a_feed_without_offerings_has_no_finding() -> None:
    empty = _catalogue()
    nothing = _catalogue(
        offerings=empty.offerings[:0], instances=empty.instances[:0], versions=empty.versions[:0], accepted=0, indexed=0
    )
    assert judge().catalogue(nothing) == []


def test_an_identifier_twice() -> None:
    doubled = _catalogue(offerings=pd.concat([_catalogue().offerings] * 2), accepted=4, indexed=4)
    found = judge().catalogue(doubled)
    assert set(codes(found)) == {"MC00-CATALOGUE-ID-DUPLICATE"}
    assert {finding.value for finding in found} == {"n-1", "n-2"}


@pytest.mark.parametrize("column", REQUIRED_COLUMNS)
@pytest.mark.parametrize("nothing", ["", None])
def test_a_live_row_without_what_the_policy_requires(column: str, nothing: str | None) -> None:
    (finding,) = judge().catalogue(_with_row(column, ["x", nothing, nothing]))
    assert (finding.code, finding.value) == ("MC00-CATALOGUE-ROW-INCOMPLETE", "n-2")
    assert column in finding.message


def test_what_the_policy_does_not_require_may_be_absent(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"{MISSING['homepage']}:\n  severity: lowers\n  reason: Some offers have no page.\n")
    assert judge(policy=policy).catalogue(_with_row("homepage", [None, None, None])) == []


def test_an_instance_of_an_offering_that_is_not_there() -> None:
    """n-3 is withdrawn: it keeps its instances."""
    orphan = pd.DataFrame({"offering_id": ["n-1", "n-3", "n-9"], "instance_id": ["a", "b", "c"]})
    (found,) = judge().catalogue(_catalogue(instances=orphan))
    assert found.code == "MC00-CATALOGUE-INSTANCE-ORPHAN"
    assert "The instance c belongs to the offering n-9" in found.message


def test_counts_that_differ_from_the_candidate_and_the_index() -> None:
    found = judge().catalogue(_catalogue(accepted=3, indexed=1))
    assert codes(found) == ["MC00-CATALOGUE-COUNT-DIFFERS", "MC00-CATALOGUE-INDEX-DIFFERS"]
    assert "holds 2 live offerings of this feed; 3 were accepted" in found[0].message


@pytest.mark.parametrize(("ends", "count"), [(["x", "x"], "0"), ([None, None], "2")])
def test_a_live_offering_has_exactly_one_open_version(ends: list[str | None], count: str) -> None:
    versions = pd.DataFrame({"offering_id": ["n-1", "n-1", "n-2"], "valid_until": [*ends, None]})
    (finding,) = judge().catalogue(_catalogue(versions=versions))
    assert (finding.code, finding.value) == ("MC00-CATALOGUE-VERSIONS-OPEN", "n-1")
    assert f"has {count} open versions" in finding.message
