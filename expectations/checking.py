"""The way to Great Expectations: rules in, failing rows out.

Great Expectations is imported here and nowhere else, and only when something is judged, because the import
alone takes seconds. Measured choices (see the README of this room): one ephemeral context and one suite per
judge, a frame per batch, result format COMPLETE *without* key columns. The index of our frames is the row's
number, so the library's own index list is the key; asking it for a key column costs fifteen times as much
when many rows fail, because it builds a dictionary per failing row.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from standard.observation import Observation, Scalar
from standard.verdict import Severity

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Facts = Mapping[str, Scalar | None]

_log = logging.getLogger(__name__)
_SEVERITY = {"blocks": "critical", "lowers": "warning", "informs": "info"}
_RESULT_FORMAT = {"result_format": "COMPLETE", "include_unexpected_rows": False, "partial_unexpected_count": 0}


def _no_facts(_: object) -> Facts:
    return {}


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """One expectation over a column (or two), and what to say of a row that does not meet it.

    `code`: code of the finding. `expectation`: name of the class in `great_expectations.expectations`, with
    its `arguments`. `tell`: called with what the failing row stands for (a record, an instance, ...), gives the
    facts of the message, `value` among them. `field`: field of the offering whose provenance says where it stood.
    """

    code: str
    expectation: str
    arguments: Mapping[str, Any]
    tell: Callable[[T], Facts] = _no_facts
    field: str | None = None

    def observation(self, what: T) -> Observation:
        """Return what there is to note about something that does not meet the rule."""
        facts = dict(self.tell(what))
        value = facts.pop("value", None)
        return Observation(
            self.code, None, value, {name: str(fact) for name, fact in facts.items() if fact is not None}
        )


@dataclass(frozen=True, slots=True)
class Failure(Generic[T]):
    """A rule that some rows of a frame do not meet; `rows` are the numbers of those rows, ascending."""

    rule: Rule[T]
    rows: list[int] = field(default_factory=list)


class NotJudged(Exception):
    """Great Expectations could not evaluate a rule; nothing may be published on the strength of half a judgement."""


class Checker(Generic[T]):
    """A suite of rules, built once, and used for frame after frame by one thread."""

    def __init__(self, name: str, rules: Sequence[Rule[T]], severity_of: Callable[[str], Severity]) -> None:
        """`name`: of the suite, for people. `severity_of`: what the policy says about a code."""
        self._rules = list(rules)
        self._name = name
        self._severity_of = severity_of
        self._suite: Any = None
        self._batches: Any = None

    def failures(self, frame: pd.DataFrame) -> list[Failure[T]]:
        """Return the rules that rows of the frame do not meet, in the order of the rules.

        The frame's index must be 0, 1, 2, ... Raises `NotJudged` if a rule could not be evaluated.
        """
        if not self._rules or frame.empty:
            return []
        if self._suite is None:
            self._batches, self._suite = self._built()
        batch = self._batches.get_batch(batch_parameters={"dataframe": frame})
        results = batch.validate(self._suite, result_format=_RESULT_FORMAT).results
        return [found for result in results if (found := self._failure(result))]

    def _built(self) -> tuple[Any, Any]:
        gx, expectations = _great_expectations()
        context = gx.get_context(mode="ephemeral", project_config=_quiet())
        asset = context.data_sources.add_pandas("judge").add_dataframe_asset(self._name)
        suite = gx.ExpectationSuite(name=self._name)
        suite.expectations = [self._expectation(expectations, number) for number in range(len(self._rules))]
        return asset.add_batch_definition_whole_dataframe("batch"), suite

    def _expectation(self, expectations: Any, number: int) -> Any:
        rule = self._rules[number]
        build = getattr(expectations, rule.expectation)
        severity = _SEVERITY[self._severity_of(rule.code)]
        return build(**rule.arguments, severity=severity, meta={"code": rule.code, "rule": number})

    def _failure(self, result: Any) -> Failure[T] | None:
        rule = self._rules[result.expectation_config.meta["rule"]]
        if _raised(result.exception_info):
            raise NotJudged(f"{self._name}: {rule.code} could not be evaluated: {result.exception_info}")
        if result.success:
            return None
        return Failure(rule, sorted(result.result["unexpected_index_list"]))


def _great_expectations() -> tuple[Any, Any]:
    """Import the library, with its telemetry off (it reads the environment while it is imported)."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations
    import great_expectations.expectations

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    return great_expectations, great_expectations.expectations


def _quiet() -> Any:
    """Return the configuration of a context in memory that sends nothing, draws nothing and writes no pages."""
    from great_expectations.data_context.types import base

    return base.DataContextConfig(
        store_backend_defaults=base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=base.ProgressBarsConfig(globally=False, metric_calculations=False),
        analytics_enabled=False,
    )


def _raised(exception_info: Mapping[str, Any]) -> bool:
    """Say whether an evaluation raised: the library gives one mapping, or one per metric."""
    if "raised_exception" in exception_info:
        return bool(exception_info["raised_exception"])
    return any(info.get("raised_exception") for info in exception_info.values() if isinstance(info, Mapping))
