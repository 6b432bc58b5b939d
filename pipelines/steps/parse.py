"""Parse: from a snapshot's documents to source offerings, as published.

`items_of` is the reading itself, streaming and without a place to write to (`catalogue check` uses it as it is);
`parse_snapshot` stages what it yields.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from connectors.formats import Format, formats
from connectors.reading import NotReadable, Reading
from pipelines.collector import looking_seldom
from pipelines.failures import FeedFailure
from pipelines.reports import ParseReport, StagedItem
from pipelines.staging import StagedFile, Staging, staged_file
from pipelines.steps.pull import damaged
from pipelines.versions import reader_version, step_version
from standard.observation import Observation
from standard.source_offering import SourceOffering
from standard.values.harmless import harmless, harmless_identifier
from standard.verdict import Counts

if TYPE_CHECKING:
    from connectors.documents import Document
    from connectors.feeds import FeedContract
    from connectors.snapshots import Snapshot


def format_named(name: str) -> Format:
    """Return the format called `name`; raise a permanent `FeedFailure` that lists the known names."""
    known = formats()
    if name not in known:
        raise FeedFailure(
            "FORMAT", f"No format is called {name!r}.", f"Use one of: {', '.join(sorted(known)) or 'none installed'}."
        )
    return known[name]


def items_of(
    documents: Sequence[Document], reader: Format, options: dict[str, Any], reading: Reading, counts: Counts
) -> Iterator[StagedItem]:
    """Yield each item of the source in its order and count it; `reading` takes what concerns the whole.

    Raises `connectors.reading.NotReadable` where the source as a whole cannot be read.
    """
    for item in reader.read(documents, reading, options):
        counts.fetched += 1
        if isinstance(item, SourceOffering):
            counts.parsed += 1
            yield StagedItem(offering=_named_harmlessly(item))
        else:
            counts.unreadable += 1
            yield StagedItem(unreadable=item)


def _named_harmlessly(item: SourceOffering) -> SourceOffering:
    """What names a record is shown wherever the record is spoken of. Its values stay as published: only the mapping
    repeats them."""
    item.path = harmless(item.path)
    if item.source_id is not None:
        item.source_id = harmless_identifier(item.source_id)
    return item


def parsed_file(contract: FeedContract, snapshot_id: str) -> StagedFile:
    """Name the staged source offerings of a snapshot: by its content, how it is to be read, and the readers' code."""
    options = msgspec.json.encode(contract.format_options, order="deterministic").decode()
    made_by = (snapshot_id, contract.format, options, reader_version(), step_version())
    return staged_file(contract.name, "source-offerings", *made_by)


def parse_snapshot(contract: FeedContract, snapshot: Snapshot, staging: Staging) -> ParseReport:
    """Stage the source offerings of `snapshot`, or read the report of an earlier run that did.

    Raises a permanent `FeedFailure` where the source as a whole cannot be read; nothing is staged then.
    """
    file = parsed_file(contract, snapshot.snapshot_id)
    if staging.has(file):
        return msgspec.structs.replace(staging.report(file, ParseReport), reused=True)
    from connectors.snapshots import SnapshotProblem

    reading, counts = Reading(), Counts()
    reading.observations.extend(snapshot.notes)
    items = items_of(snapshot.documents, format_named(contract.format), contract.format_options, reading, counts)
    try:
        with looking_seldom():
            return staging.write(
                file, items, lambda: parse_report(contract.name, snapshot.snapshot_id, reading, counts)
            )
    except NotReadable as error:
        raise unreadable_source(error) from error
    except SnapshotProblem as problem:
        raise damaged(problem) from problem


def parse_report(feed: str, snapshot_id: str, reading: Reading, counts: Counts) -> ParseReport:
    """Return what one pass over a snapshot came to; what it repeats of the source is harmless."""
    unread = {harmless(name): times for name, times in reading.unread.most_common()}
    about = [_harmless_observation(observation) for observation in reading.observations]
    return ParseReport(feed, snapshot_id, counts, reading.announced, unread, about)


def _harmless_observation(observation: Observation) -> Observation:
    path, value = observation.path, observation.value
    return msgspec.structs.replace(
        observation,
        path=path and harmless(path),
        value=harmless(value) if isinstance(value, str) else value,
        facts={name: harmless(fact) for name, fact in observation.facts.items()},
    )


def unreadable_source(error: NotReadable) -> FeedFailure:
    """Say in the words of the catalogue of codes why a source as a whole cannot be read."""
    from pipelines.steps.map_and_judge import finding_of

    finding = finding_of(error.observation)
    where = f" (in {finding.path})" if finding.path else ""
    return FeedFailure(finding.code, f"{finding.message}{where}", finding.remedy)
