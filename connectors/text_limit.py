"""The longest text a record may carry, and the cut that keeps a hostile or broken one from filling the catalogue.

A description of 50 MB is a mistake (a whole page pasted in, a file encoded as text) or an attack. The record is
still worth having: the text is cut, and an observation says where and how long it was.
"""

from __future__ import annotations

from standard.observation import Observation

LONGEST_TEXT = 200_000
"""Characters, mark-up included: some thirty times the longest real course description met so far."""

_SHOWN = 200


def shown(text: str) -> str:
    """Return the beginning of a text, short enough for a finding."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def within_limit(text: str, path: str, notes: list[Observation]) -> str:
    """Return `text`, cut to `LONGEST_TEXT` characters where it is longer; the cut is noted in `notes`."""
    if len(text) <= LONGEST_TEXT:
        return text
    facts = {"length": str(len(text)), "limit": str(LONGEST_TEXT)}
    notes.append(Observation("MC00-TEXT-TOO-LONG", path=path, value=shown(text), facts=facts))
    return text[:LONGEST_TEXT]
