"""Form of participation: online, onsite, blended, hybrid, work-based, project-based, research-lab based.

Codes are ours, each tied to the EU list of modes of learning. Words of OOAPI, OEAPI, MOOChub, XCRI-CAP (two
letters), Edu-API, LHEO, EMG and of catalogues in several languages are in ``modes_words.csv``. "MOOC",
"asynchronous" and distance without attendance are read as online, and marked as derived. "blended" and
"hybrid" stay apart, as in the EU list (some harvesters merge them). Words that mode fields also hold but
that are no form of participation (a lecture, self-study, full-time, coaching, synchronous) are unknown codes.
"""

from __future__ import annotations

from standard.folding import fold
from standard.observation import Scalar
from standard.values import Understood
from standard.values.coded import coded_list
from standard.values.plain import plain

NOT_MODES: frozenset[str] = frozenset(
    fold(word)
    for word in (
        *(
            "lecture",
            "lectures",
            "seminar",
            "workshop",
            "tutorial",
            "excursion",
            "internship",
            "self-study",
            "coaching",
        ),
        *("full-time", "part-time", "evening", "weekend", "synchronous", "self-paced", "instructor-paced", "coil"),
        *(
            "joint delivery",
            "vorlesung",
            "seminar",
            "selbststudium",
            "vollzeit",
            "teilzeit",
            "hoorcollege",
            "zelfstudie",
        ),
        *("voltijd", "deeltijd", "cours magistral", "travaux dirigés", "temps plein", "itseopiskelu", "luento"),
    )
)
"""Words that mode fields hold although they are not modes: forms of teaching, schedules, pace."""


def modes(raw: Scalar, scheme: str | None = None) -> Understood[list[str]]:  # noqa: ARG001 - words do not clash
    """Return the codes of the forms of participation that a value names (see `standard.vocabularies`, "modes").

    `scheme` is the vocabulary if the source names one; the words of the sources do not clash, so it is not
    needed to understand them.
    """
    understood = coded_list("modes", raw)
    if understood.problem == "unknown_code" and fold(plain(raw)) in NOT_MODES:
        note = f"'{plain(raw)}' is a form of teaching, a schedule or a pace, not a form of participation"
        return Understood(problem="unknown_code", note=note)
    return understood
