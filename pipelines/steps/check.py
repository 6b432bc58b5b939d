"""Check: the pipeline's own verdict on a file, a folder or an address, without a database and without writing anything.

The same readers, the same mapping, the same judge as in a run: an institution that checks its feed here knows what the
catalogue will say of it. Without a contract every record counts as in scope and nothing is demanded of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from connectors.documents import Document
from connectors.reading import NotReadable, Reading
from expectations.findings import finding_from
from pipelines.failures import FeedFailure
from pipelines.reports import UNNAMED, JudgeReport
from pipelines.steps.map_and_judge import judge_for, judged, report_of
from pipelines.steps.parse import format_named, items_of, parse_report
from pipelines.steps.pull import told_failure
from pipelines.tally import Tally
from pipelines.terms import mapping_context
from standard.mapping import MappingContext
from standard.verdict import Counts, Finding, JudgedRecord

if TYPE_CHECKING:
    from connectors.feeds import FeedContract
    from expectations.policy import Policy
    from pipelines.workplace import Workplace


class Checked(msgspec.Struct):
    """What a check found. `guessed`: how sure (0-1) the format was guessed, None when it was given."""

    source: str
    format: str
    counts: Counts
    records: list[JudgedRecord]
    findings: list[Finding]
    guessed: float | None = None
    unread: dict[str, int] = {}
    report: JudgeReport | None = None

    @property
    def clean(self) -> bool:
        """Whether nothing was rejected, nothing was unreadable and nothing blocks the source as a whole."""
        lost = self.counts.rejected or self.counts.unreadable
        return not lost and not any(finding.severity == "blocks" for finding in self.findings)


def check_source(source: str, format_name: str, contract: FeedContract | None, workplace: Workplace) -> Checked:
    """Check a file, a folder or a web address; an address is walked as a feed of its format is.

    What cannot be fetched from an address is a finding. Raises `FeedFailure` where nothing could be begun: no such
    file, no such format.
    """
    from connectors.failures import PullFailure
    from connectors.pull import documents_of

    if not source.startswith(("http://", "https://")) and not Path(source).exists():
        raise FeedFailure("SOURCE", f"There is no such file or folder: {source}.", "Check it, or give a web address.")
    policy, is_address = workplace.policy, source.startswith(("http://", "https://"))
    allowed = workplace.settings.allow_private_addresses or (
        contract is not None and contract.transport.allow_private_addresses
    )
    fetch = partial(
        documents_of,
        source,
        options=contract.format_options if contract else None,
        transport=contract.transport if contract else None,
        allow_private_addresses=allowed,
    )
    try:
        name, guessed = _format(fetch, format_name)
        documents = fetch(format_named(name))
    except PullFailure as failure:
        if not is_address:
            raise told_failure(failure, policy) from failure
        finding = finding_from(failure.observation(), policy, None, None)
        return Checked(source, format_name, Counts(), [], [finding], None)
    return check_documents(source, documents, name, contract, policy, guessed)


def check_documents(
    source: str,
    documents: Sequence[Document],
    name: str,
    contract: FeedContract | None,
    policy: Policy,
    guessed: float | None = None,
) -> Checked:
    """Read, map and judge `documents` as format `name`. Everything is held in memory, nothing is written."""
    reading, counts, tally = Reading(), Counts(), Tally()
    feed, today = (contract.name if contract else UNNAMED), datetime.now(UTC).date()
    judge = judge_for(contract, policy, today, feed)
    options: dict[str, Any] = contract.format_options if contract else {}
    items = items_of(documents, format_named(name), options, reading, counts)
    try:
        records = list(judged(items, judge, _context(contract, today), policy, tally))
    except NotReadable as error:
        return Checked(source, name, Counts(), [], [finding_from(error.observation, policy, None, None)], guessed)
    parsed = parse_report(feed, "", reading, counts)
    report = report_of(feed, "", judge, tally, parsed)
    findings = [*report.whole, *report.unreadable]
    return Checked(source, name, report.counts, records, findings, guessed, parsed.unread, report)


def _context(contract: FeedContract | None, today: date) -> MappingContext:
    return mapping_context(contract, today) if contract else MappingContext(feed=UNNAMED, today=today)


def _format(fetch: Callable[[], list[Document]], name: str) -> tuple[str, float | None]:
    """Return the format's name, and how sure it was guessed where it was not given."""
    if name != "auto":
        return format_named(name).name, None
    from connectors.formats import formats
    from connectors.sniffing import guess_format

    guess, sure = guess_format(fetch())
    if not guess:
        raise FeedFailure(
            "FORMAT",
            "The format could not be guessed from the content.",
            f"Name it with --format; known are: {', '.join(sorted(formats()))}.",
        )
    return guess, sure


def contract_of(path: Path | None) -> FeedContract | None:
    """Load the contract to check against, if one is given; raise a permanent `FeedFailure` when it is not valid."""
    if path is None:
        return None
    from connectors.feeds import ContractError, load_contract

    try:
        return load_contract(path)
    except ContractError as error:
        told = "\n".join(str(problem) for problem in error.problems)
        raise FeedFailure(
            "CONTRACT", f"The contract {path} is not valid:\n{told}", "Mend it, then check again."
        ) from error
