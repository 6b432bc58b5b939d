"""What one pass over a snapshot collects beside the records themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from standard.observation import Observation


@dataclass(slots=True)
class Reading:
    """The reader's notebook for one snapshot.

    `observations`: about the source as a whole (repaired XML, totals that disagree). `unread`: names of
    fields that were present, with content, and that nobody read, with how often (for example
    ``attributes/instructors`` → 120). `ignored`: the same for fields that the format knows and deliberately does
    not read (the reason stands in the format's own list: persons, literature, ...). `announced`: number of
    records the source itself says it has, if it does.
    """

    observations: list[Observation] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    announced: int | None = None


class NotReadable(Exception):
    """The source as a whole cannot be read (a login page, cut off in the middle, not this format).

    Carries one observation that says what was found and where; the feed fails with it and what was live stays.
    """

    def __init__(self, observation: Observation) -> None:
        super().__init__(observation.code, observation.path, observation.facts)
        self.observation = observation
