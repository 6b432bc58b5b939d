"""One shape for everything that can stop a feed, so that each door (Dagster, command line) tells it the same way.

A feed that stops is *failed*; what was live stays live. Permanent or transient was already decided where the
failure happened (`connectors.failures`); here it is only carried on.
"""

from __future__ import annotations

import msgspec


class FeedFailure(Exception):
    """A feed that cannot go on: what happened, and what the person who must act should do.

    `code` is a finding code, or a word for failures that no source can cause (``CONTRACT``, ``DATABASE``).
    `transient`: the same work may succeed later without anybody doing anything.
    """

    def __init__(self, code: str, message: str, remedy: str, *, transient: bool = False) -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.code = code
        self.message = message
        self.remedy = remedy
        self.transient = transient

    def account(self) -> FailureAccount:
        """Return the failure as plain data."""
        return FailureAccount(self.code, self.message, self.remedy, self.transient)


class FailureAccount(msgspec.Struct, frozen=True):
    """A failure as it is printed and kept."""

    code: str
    message: str
    remedy: str
    transient: bool = False
