"""Element 9, form of participation: the modes of learning.

**Read.** The slot `modes`, then the modes of the instances. Where only instances give modes, the field is
*derived* from them.
**Normalise.** To our own words (``online``, ``onsite``, ``blended``, ...), each once, in the order of the
source; see `standard.values.modes`.
**Check.** A value that is no mode ("lecture", "full-time") is observed: MC09-MODE-SKIPPED where another value
gave a mode, else MC09-MODE-UNREADABLE.
**Complete?** Present with at least one mode.
"""

from __future__ import annotations

from itertools import chain

from standard.elements.common.case import Case, Seen, Understanding, derived
from standard.elements.common.codes import Tried, attempt, provenance_of_tried, report, unique
from standard.source_offering import SourceInstance
from standard.values import Understood, modes

NUMBER = 9
STEM = "MC09-MODE"


def understand(case: Case) -> Understanding:
    """Return the modes of the offering and of its instances."""
    found = Understanding()
    own = attempt(case.see("modes", case.source.modes), mode_codes)
    of_instances = attempt([seen for run in case.source.instances for seen in see_modes(case, run)], mode_codes)
    both = Tried(own.understood + of_instances.understood, own.failed)
    codes = unique(chain.from_iterable(both.meanings))
    if codes:
        provenance = provenance_of_tried(own if own.understood else of_instances)
        found.put("modes", codes, provenance if own.understood else derived(provenance))
    else:
        found.lack("modes", unreadable=bool(own.failed or of_instances.failed))
    report(found, STEM, own, left=bool(codes))  # what instances give is reported by the instances
    return found


def see_modes(case: Case, run: SourceInstance) -> list[Seen]:
    """Return the modes of one instance after the look-ups."""
    return case.see(("instances", "modes"), run.modes)


def mode_codes(seen: Seen) -> Understood[list[str]]:
    """Return the codes of one published mode (which may name several)."""
    return modes.modes(seen.value, seen.scheme)
