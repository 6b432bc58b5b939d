"""Whether enrolment is open on a day, as the view ``v1_offerings`` says it, from what the search tables keep of it."""

from __future__ import annotations

from functools import lru_cache

import msgspec

_SPANS = msgspec.json.Decoder(list[tuple[str | None, str | None]])


@lru_cache(maxsize=10_000)
def enrolment_open(enrolment: str | None, today: str) -> bool | None:
    """Whether one of some spans of days (JSON list of [first, last], each may be null) holds a day (ISO date).

    None where nothing is said about enrolment; no span means that it is closed.
    """
    if enrolment is None:
        return None
    return any((first or today) <= today <= (last or today) for first, last in _SPANS.decode(enrolment))
