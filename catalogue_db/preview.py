"""What a load would do, without doing it: the load itself, in a transaction that is taken back.

No second implementation can drift away from the first one, and the price is the same as that of the load.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from catalogue_db.candidate import Candidate, LoadReport
from catalogue_db.dialects import write_transaction
from catalogue_db.load import _Load
from catalogue_db.staging import staging
from catalogue_db.storable import storable_candidate
from catalogue_db.texts import moment


class _TakenBack(Exception):
    """Ends the transaction of a preview."""


def preview_candidate(engine: Engine, candidate: Candidate, *, now: datetime | None = None) -> LoadReport:
    """Return what `load_candidate` would report for `candidate`; nothing in the catalogue changes.

    Raises `CandidateError` where the candidate contradicts itself, `CatalogueError` where the database cannot be used.
    """
    at, candidate = moment(now or datetime.now(UTC)), storable_candidate(candidate)
    report: LoadReport | None = None
    with engine.connect() as connection, staging(connection, candidate) as tally:
        try:
            with write_transaction(connection):
                report = _Load(connection, candidate, tally, at).run()
                raise _TakenBack
        except _TakenBack:
            pass
    assert report is not None  # the block above either reports or raises something else
    return report
