"""``catalogue run``: every feed the whole way, through Dagster, each as a run of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.output import (
    ALL_WELL,
    NEEDS_A_PERSON,
    AsJson,
    command,
    console,
    emit,
    escaped,
    moment,
    progress,
    table,
)

if TYPE_CHECKING:
    from pipelines.runs import FeedOutcome
    from pipelines.trust_runs import TrustOutcome
    from pipelines.workplace import Workplace

_STYLE = {"updated": "green", "unchanged": "", "waiting": "yellow", "failed": "red"}
_COUNTS = {
    "fetched": "got",
    "accepted": "accepted",
    "rejected": "rejected",
    "new": "new",
    "changed": "changed",
    "withdrawn": "gone",
}
"""What the table shows of the counts (all of them are in the JSON document): count → short heading."""


@command
def run(
    feed: Annotated[list[str] | None, typer.Option(help="Only this feed (may be given more than once).")] = None,
    feeds_dir: Annotated[Path | None, typer.Option(help="Folder of the contracts.")] = None,
    database: Annotated[str | None, typer.Option(help="SQLAlchemy URL of the catalogue.")] = None,
    as_json: AsJson = False,
) -> int:
    """Pull, parse, judge and load the feeds. Exit code 1 when a feed failed or waits for a decision."""
    from pipelines.quiet import quiet_libraries
    from pipelines.settings import load_settings
    from pipelines.workplace import Workplace

    quiet_libraries()
    workplace = Workplace(load_settings(feeds_dir=feeds_dir, database_url=database))
    names = chosen_feeds(workplace, feed)
    assert_usable(workplace)
    return finish(run_and_report(workplace, names), as_json)


def run_and_report(workplace: Workplace, names: list[str], *, from_snapshots: bool = False) -> dict[str, Any]:
    """Run the feeds on the instance that the UI shows and return the run's JSON document."""
    from pipelines.instance import open_instance
    from pipelines.runs import end_orphans, run_feeds
    from pipelines.trust_runs import run_trust, wants_trust

    outcomes, trust = [], None
    with open_instance(workplace.settings) as instance, progress(len(names), "feeds") as step:
        end_orphans(instance)
        step(names[0], "")
        for number, outcome in enumerate(run_feeds(workplace, instance, names, {}, from_snapshots=from_snapshots), 1):
            outcomes.append(outcome)
            step(outcome.feed, _in_a_line(outcome))
            if number < len(names):
                step(names[number], "")
        if wants_trust(workplace):
            trust = run_trust(workplace, instance, {}, from_snapshots=from_snapshots)
    return {**run_document(workplace, outcomes), "trust": trust}


def finish(document: dict[str, Any], as_json: bool) -> int:
    """Tell what came of a run and return its exit code."""
    if as_json:
        emit(document)
    else:
        _show(document)
    troubled = any(f["status"] in ("failed", "waiting") for f in document["feeds"])
    trust = document.get("trust")
    return NEEDS_A_PERSON if troubled or (trust is not None and trust.error) else ALL_WELL


def chosen_feeds(workplace: Workplace, wanted: list[str] | None) -> list[str]:
    """Return the feeds to work on; raise `CannotStart` for names that no contract has, or an empty register."""
    from difflib import get_close_matches

    from pipelines.workplace import CannotStart

    known = workplace.feed_names()
    folder = workplace.settings.feeds_dir
    if not known:
        raise CannotStart(f"There is no contract in {folder}. Add one (feeds/<name>.yaml): see the README.")
    for name in wanted or []:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"The feeds are: {', '.join(known)}."
            raise CannotStart(f"No feed is called {name!r} in {folder}. {hint}")
    return list(dict.fromkeys(wanted)) if wanted else known


def assert_usable(workplace: Workplace) -> None:
    """Open everything a run needs, and bring the catalogue up to date, before any feed is asked.

    Raises `CannotStart`: what is wrong for every feed is no failure of any of them.
    """
    workplace.engine.dispose()
    _ = workplace.policy, workplace.store


def run_document(workplace: Workplace, outcomes: list[FeedOutcome]) -> dict[str, Any]:
    """Return the JSON document of a run.

    `data_as_of` of a feed is the moment of the snapshot that is live, not of the run; that of the whole is the oldest
    of them, so that no part of the data is older than it says.
    """
    from pipelines.freshness import data_as_of

    fresh = data_as_of(workplace.engine)
    mine = [fresh[o.feed] for o in outcomes if fresh.get(o.feed)]
    return {
        "data_as_of": min(mine, default=None),
        "feeds": [
            {
                "feed": o.feed,
                "status": o.status,
                "snapshot": o.snapshot,
                "data_as_of": fresh.get(o.feed),
                "counts": o.counts,
                "findings": o.findings,
                "error": o.error,
                "run": o.run_id,
            }
            for o in outcomes
        ],
    }


def _in_a_line(outcome: FeedOutcome) -> str:
    c = outcome.counts
    if outcome.status == "failed":
        return f"failed. {outcome.error}"
    told = f"{c.accepted} accepted, {c.rejected} rejected; {c.new} new, {c.changed} changed, {c.withdrawn} withdrawn"
    return f"{outcome.status}: {told}. {outcome.error or ''}".strip()


def _show(document: dict[str, Any]) -> None:
    shown = table()
    shown.padding, shown.pad_edge = (0, 1, 0, 0), False  # so that it fits into 80 columns
    for heading in ("feed", "status", *_COUNTS.values(), "findings"):
        shown.add_column(heading, justify="left" if heading in ("feed", "status") else "right", no_wrap=True)
    for feed in document["feeds"]:
        style = _STYLE[feed["status"]]
        status = f"[{style}]{feed['status']}[/{style}]" if style else feed["status"]
        numbers = [str(getattr(feed["counts"], name)) for name in _COUNTS]
        shown.add_row(escaped(feed["feed"]), status, *numbers, _findings(feed["findings"]))
    out = console()
    out.print(shown)
    for feed in document["feeds"]:
        if feed["error"]:
            out.print(f"[bold]{escaped(feed['feed'])}[/bold]: {escaped(feed['error'])}")
    beyond = sum(feed["counts"].out_of_scope for feed in document["feeds"])
    out.print(
        f"[dim]{beyond} of what was got is out of scope. Findings: how many block, lower, inform; docs/findings.md"
        " explains each.[/dim]"
    )
    as_of = document["data_as_of"]
    out.print(f"Data as of {moment(as_of) if as_of else 'never: nothing is live yet'}.")
    if document.get("trust") is not None:
        _show_trust(document["trust"])


def _show_trust(trust: TrustOutcome) -> None:
    """The mix of statuses, how old the register is, and what waits for a person."""
    out = console()
    shown = table("what stands behind the offerings", "offerings")
    for status, number in sorted(trust.mix.items(), key=lambda each: -each[1]):
        shown.add_row(status.replace("_", " "), str(number))
    out.print(shown)
    size = f"{trust.providers} providers and {trust.reports} reports"
    as_of = moment(trust.data_as_of) if trust.data_as_of else "never"
    out.print(f"DEQAR: {trust.register}; {size} as of {as_of}; checked for {trust.checked_on}.")
    if trust.stale_reason:
        out.print(
            f"[yellow]The register is behind DEQAR[/yellow] since {trust.stale_since}: statements keep their day."
        )
    waiting, lapsing = trust.waiting_for_a_maintainer, trust.lapsing
    out.print(f"{waiting} links wait for a maintainer; {lapsing} offerings lose their evidence within 90 days.")
    if trust.error:
        out.print(f"[bold]DEQAR[/bold]: {escaped(trust.error)}")


def _findings(severities: dict[str, int]) -> str:
    return "/".join(str(severities[severity]) for severity in ("blocks", "lowers", "informs"))
