"""How a step's failure becomes a run's failure: retried when it may pass by itself, final when a person must act.

A permanent failure also marks its run with ``dagster/max_retries: 0``: an instance that retries failed runs looks at
the run's tags, not at ``allow_retries`` of the step's failure, and would otherwise start it again and again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from dagster import AssetExecutionContext, Failure, MetadataValue, RetryRequested

from pipelines.failures import FailureAccount, FeedFailure
from pipelines.workplace import CannotStart, Workplace

FAILURE = "failure"
"""Metadata key under which a failure's account is kept, for the command line to read back."""

MAX_RETRIES_TAG = "dagster/max_retries"


@contextmanager
def told(context: AssetExecutionContext, workplace: Workplace, *, stale: bool = True) -> Iterator[None]:
    """Turn what stops a feed inside the block into what Dagster understands; defects of ours pass as they are.

    `stale`: whether a failure means that what is live is behind its source.
    """
    try:
        yield
    except CannotStart as error:
        raise _final(context, FeedFailure("DATABASE", str(error), "")) from error
    except FeedFailure as failure:
        if failure.transient and context.retry_number < workplace.step_retries:
            context.log.warning("Will be tried again: %s", failure)
            wait = workplace.retry_seconds * 2**context.retry_number
            raise RetryRequested(max_retries=workplace.step_retries, seconds_to_wait=wait) from failure
        if stale:
            _label_stale(context, workplace, str(failure))
        raise _final(context, failure) from failure


def hold(context: AssetExecutionContext, workplace: Workplace, why: str) -> None:
    """Say that a blocking check ends the feed's run here: no retry can help, and what is live is behind its source."""
    _stop_retries(context)
    _label_stale(context, workplace, why)


def _stop_retries(context: AssetExecutionContext) -> None:
    """Mark the run so that no daemon starts it again: only a person can change the outcome."""
    context.instance.add_run_tags(context.run.run_id, {MAX_RETRIES_TAG: "0"})


def _label_stale(context: AssetExecutionContext, workplace: Workplace, why: str) -> None:
    """What is live of the feed (or of the register) stays, and says that it is behind its source."""
    from sqlalchemy.exc import SQLAlchemyError

    from catalogue_db.candidate import CatalogueError
    from catalogue_db.feeds import mark_stale
    from catalogue_db.register import mark_register_stale

    try:
        if context.has_partition_key:
            mark_stale(workplace.engine, context.partition_key, why)
        else:
            mark_register_stale(workplace.engine, why)
    except (CannotStart, CatalogueError, SQLAlchemyError) as error:
        context.log.warning("The feed could not be labelled as stale: %s", error)


def _final(context: AssetExecutionContext, failure: FeedFailure) -> Failure:
    account = failure.account()
    if not account.transient:
        _stop_retries(context)
    return Failure(description=str(failure), metadata=_metadata(account), allow_retries=False)


def _metadata(account: FailureAccount) -> dict[str, MetadataValue]:
    return {
        FAILURE: MetadataValue.json(msgspec.to_builtins(account)),
        "code": MetadataValue.text(account.code),
        "what happened": MetadataValue.text(account.message),
        "what to do": MetadataValue.text(account.remedy),
        "may pass by itself": MetadataValue.bool(account.transient),
    }
