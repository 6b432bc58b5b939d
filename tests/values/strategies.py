"""What the sources of this world may send: any text, and texts that look like values but are not."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from standard.values import Understood

quick = settings(max_examples=80, deadline=None)

_PIECES = st.sampled_from(
    [
        *(
            "6",
            "0",
            "-3",
            "1.5",
            "7,5",
            "1.870,00",
            "1e9",
            "٣",
            "２",
            "½",
            "9" * 40,
            "P",
            "T",
            "PT",
            "W",
            "H",
            "M",
            "D",
        ),
        *(
            "ECTS",
            " EC",
            "hours",
            "€",
            "$",
            "EUR",
            "kr",
            " - ",
            "/",
            "-",
            "–",
            ".",
            ":",
            "T10:00",
            "Z",
            "+02:00",
            "2025",
        ),
        *(
            "09",
            "12",
            "Sep",
            "September",
            "http://",
            "//",
            "www.",
            "@",
            "example.org",
            "localhost",
            "<p>",
            "</p>",
            "&amp;",
        ),
        *(
            "&lt;",
            "<script>",
            "\x00",
            "\ud800",
            "\u202e",
            " ",
            "\n",
            "eqf",
            "NLQF",
            "level",
            "4+",
            "nl",
            "NL",
            "Deutsch",
        ),
        *("0611", "0099", "n/a", "tbd", "-", "ß", "İ", "é", "e\u0301", "漢", "🎓"),
    ]
)
texts = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=6).map("".join))
scalars = st.one_of(texts, st.integers(), st.floats(), st.booleans())
schemes = st.one_of(
    st.none(), st.sampled_from(["ects", "cats", "credit", "hour", "volume", "eqf", "nqf", "nlqf"]), texts
)


def is_honest(understood: Understood[Any]) -> bool:
    """A value comes with no problem or with "adjusted"; no value comes with a reason."""
    if understood.value is None:
        return understood.problem is not None and understood.problem != "adjusted"
    return understood.problem in (None, "adjusted")
