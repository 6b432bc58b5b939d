"""An observation: something a reader or an element noticed about one record or a whole source.

Readers (`connectors`) and elements (`standard`) notice; judges (`expectations`) decide. An observation
therefore carries a stable code and the facts, but neither severity nor words for people: those stand in the
catalogue of finding codes, so that one code says the same thing wherever it is raised. When it is judged,
an observation becomes a *finding*.
"""

from __future__ import annotations

import msgspec

Scalar = str | int | float | bool
"""A single value as formats publish it: JSON scalar, XML text, spreadsheet cell."""


class Observation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing noticed.

    `code` begins with ``MC`` and the element's two digits (``00`` identity and structure, ``17`` what lies
    beyond the sixteen). `path` says where in the snapshot (``document#pointer``), `value` what stood there,
    cut to a length a person can read, and `facts` fill the message of the finding (all plain text).
    """

    code: str
    path: str | None = None
    value: Scalar | None = None
    facts: dict[str, str] = {}

    @property
    def element(self) -> int:
        """Number of the element this is about, read from the code (``MC06-...`` is 6)."""
        return int(self.code[2:4])
