"""Judging what is not one record: a source against its contract, and the catalogue after a load.

The same kind of expectation as for records, over small frames: a row of counts, a row per demanded element, a
row per sum that must close, the rows that a portal would see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from expectations import suites
from expectations.checking import Checker, Rule
from expectations.demands import Demands, LoadedCatalogue, SourceSummary
from expectations.facts import Row
from expectations.findings import finding_from
from expectations.keyed_yaml import nearest
from expectations.policy import Policy
from standard.verdict import Counts, Finding

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

REQUIRED_COLUMNS = {"title": "title", "awarding_body": "awarding_body", "country": "country", "homepage": "homepage"}
"""Column of ``v1_offerings`` → field of the offering; required where the policy blocks the field's absence."""


def checked(demands: Demands, feed: str) -> Demands:
    """Return the demands if they speak of known elements. Raises `ValueError` naming the nearest one."""
    known = list(suites.MISSING)
    for element in demands.least_fill:
        if element not in known:
            hint = nearest(element, known) or f"Known: {', '.join(known)}."
            raise ValueError(f"feed {feed}: least_fill names '{element}', which is not an element. {hint}")
    return demands


def judge_source(policy: Policy, demands: Demands, summary: SourceSummary, fill: Mapping[str, float]) -> list[Finding]:
    """Return the findings about a whole source. `fill`: field → share of the records in scope that have it."""
    counts = summary.counts
    return [
        *_judge(policy, "counts of the source", suites.source_count_rules(), [_count_row(demands, summary)]),
        *_judge(policy, "fill of the source", suites.fill_rules(), _fill_rows(demands, counts, fill)),
        *_judge(policy, "sums of the source", suites.sum_rules(), _sum_rows(counts)),
    ]


def judge_catalogue(policy: Policy, loaded: LoadedCatalogue) -> list[Finding]:
    """Return what does not hold together in the catalogue for one feed."""
    live = _live(loaded)
    required = [column for column, field in REQUIRED_COLUMNS.items() if policy.blocks(suites.MISSING[field])]
    counts = {"live": len(live), "accepted": loaded.accepted, "indexed": loaded.indexed}
    return [
        *_judge_frame(policy, "live offerings", suites.live_rules(required), live),
        *_judge_frame(policy, "instances", suites.catalogue_instance_rules(), _instances(loaded)),
        *_judge(policy, "counts of the catalogue", suites.catalogue_count_rules(), [counts]),
    ]


def _count_row(demands: Demands, summary: SourceSummary) -> Row:
    counts = summary.counts
    told = any(observation.code == "MC00-SOURCE-TOTAL-DIFFERS" for observation in summary.observations)
    unreadable = counts.unreadable / counts.fetched if counts.fetched else None
    return {
        "fetched": counts.fetched,
        "announced": None if told else summary.announced,
        "unreadable": counts.unreadable,
        "out_of_scope": counts.out_of_scope,
        "selected": counts.selected,
        "least_unless_allowed": None if demands.may_be_empty else 1,
        "selected_if_any": counts.selected or None,
        "least_offerings": demands.least_offerings,
        "unreadable_share": unreadable,
        "most_unreadable": demands.most_unreadable,
    }


def _fill_rows(demands: Demands, counts: Counts, fill: Mapping[str, float]) -> list[Row]:
    if not counts.selected:
        return []
    return [
        {"element_name": element, "fill": fill.get(element, 0.0), "least_fill": least}
        for element, least in sorted(demands.least_fill.items())
    ]


def _sum_rows(counts: Counts) -> list[Row]:
    sums = {
        "fetched = parsed + unreadable": (counts.fetched, counts.parsed, counts.unreadable),
        "parsed = selected + out of scope": (counts.parsed, counts.selected, counts.out_of_scope),
        "selected = accepted + rejected": (counts.selected, counts.accepted, counts.rejected),
    }
    return [
        {"sum": f"{name} ({whole} = {one} + {other})", "whole": whole, "parts": one + other}
        for name, (whole, one, other) in sums.items()
    ]


def _live(loaded: LoadedCatalogue) -> pd.DataFrame:
    """Return the rows that portals see, empty texts as nulls, each with the number of its open versions."""
    offerings = loaded.offerings
    live = offerings[offerings["status"] != "withdrawn"].replace("", None).reset_index(drop=True)
    is_open = loaded.versions[loaded.versions["valid_until"].isna()]
    open_versions = is_open.groupby("offering_id").size()
    return live.assign(open_versions=live["offering_id"].map(open_versions).fillna(0).astype("int64"))


def _instances(loaded: LoadedCatalogue) -> pd.DataFrame:
    """Return the instances, each with whether its offering is there; one that left keeps its own, as a tombstone."""
    instances = loaded.instances.reset_index(drop=True)
    owner = instances["offering_id"].isin(loaded.offerings["offering_id"]).map({True: "known", False: "unknown"})
    return instances.assign(owner=owner)


def _judge(policy: Policy, name: str, rules: Sequence[Rule[Row]], rows: Sequence[Row]) -> list[Finding]:
    import pandas as pd

    return _judge_frame(policy, name, rules, pd.DataFrame(list(rows))) if rows else []


def _judge_frame(policy: Policy, name: str, rules: Sequence[Rule[Row]], frame: pd.DataFrame) -> list[Finding]:
    findings: list[Finding] = []
    for failure in Checker(name, rules, policy.severity).failures(frame):
        for row in failure.rows:
            shown = {str(name): value for name, value in frame.iloc[row].items()}
            findings.append(finding_from(failure.rule.observation(shown), policy, None, None))
    return findings
