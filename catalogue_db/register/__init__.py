"""The register of quality assurance in the catalogue: loaded whole or not at all, with the history of what changed.

A pull of DEQAR is a candidate like a feed's: one that has shrunk or is broken waits for a person, and what was loaded
last stays. Change is seen by content, because DEQAR's own dates of update are not reliable and deletions leave no
trace in it; what is no longer there keeps its row with the moment it left.
"""

from catalogue_db.register.candidate import Approval, RegisterCandidate, RegisterReport, RegisterThresholds
from catalogue_db.register.load import load_register
from catalogue_db.register.state import RegisterState, mark_register_stale, read_state, refuse_register

__all__ = [
    "Approval",
    "RegisterCandidate",
    "RegisterReport",
    "RegisterState",
    "RegisterThresholds",
    "load_register",
    "mark_register_stale",
    "read_state",
    "refuse_register",
]
